"""The command palette: everything that one can do here, found by a word of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from ..views.look import Look
from .bound import Offer, in_groups
from .choosing import Choice, ChoiceScreen, fits
from .drawn import DrawnScreen


class CommandsScreen(ChoiceScreen):
    """The actions of the screen below, one line each with the keyboard keys, and what the highlighted one does.

    Textual's own palette searches in the background: keys typed at once would find nothing laid out, or choose from
    the list of what was typed before.
    """

    NAME = "commands"

    def __init__(self, below: DrawnScreen) -> None:
        super().__init__(below.look)
        self._below = below

    @property
    def _offers(self) -> Sequence[Offer]:
        return commands_of(self._below)

    def choices(self, width: int) -> list[Choice]:
        """The commands in their groups; of those that fit what was typed, first those with it in their name."""
        look = self.look
        keys_width = max(cell_len(look.keys(offer.action.shown)) for offer in self._offers) + 2
        fitting = [
            offer
            for offer in self._offers
            if fits(f"{offer.label} {offer.about} {look.keys(offer.action.shown)}", self.filter)
        ]
        if self.filter is not None:
            fitting.sort(key=lambda offer: not fits(offer.label, self.filter))
            return [_choice(offer, keys_width, look) for offer in fitting]
        found = []
        for group, members in in_groups(fitting):
            found.append(Choice(None, Text(look.signs(group), look.palette.title)))
            found += [_choice(offer, keys_width, look) for offer in members]
        return found

    def note(self, name: str) -> str:
        """What a command does."""
        return self._named(name).about

    def chosen(self, name: str) -> None:
        """Back to the screen below, which does it before any other keyboard key is looked at."""
        call = self._named(name).action.call
        self.app.pop_screen()
        self.app.call_next(self._below.run_action, call)

    def _named(self, name: str) -> Offer:
        return next(offer for offer in self._offers if offer.action.name == name)


def _choice(offer: Offer, keys_width: int, look: Look) -> Choice:
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(set_cell_size(look.keys(offer.action.shown), keys_width), look.palette.marked)
    return Choice(offer.action.name, line.append(look.signs(offer.label)))


def commands_of(screen: DrawnScreen) -> list[Offer]:
    """What a screen can do and the palette offers: all but the palette, and `1 … 9`, which needs a digit."""
    return [offer for offer in screen.offers(screen.look.texts) if offer.action.name not in ("jump", "commands")]
