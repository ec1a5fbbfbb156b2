"""The words of the field, in both languages, found by typing a part of one."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from ..localized import LANGUAGES
from ..narration.language import language_texts
from ..pages.lines import shorten
from ..views.look import Look
from .choosing import Choice, ChoiceScreen, fits

_ROOM = 6
_MOST_OF_LINE = 0.55
"""The share of a line that the names in the reader's language may take."""


class GlossaryScreen(ChoiceScreen):
    """Every word with its other names, one line each, and what the highlighted one means."""

    NAME = "glossary"
    NOTE_ROOM = _ROOM
    DEFAULT_CSS = f"""
    GlossaryScreen #note {{ height: {_ROOM}; }}
    """

    def choices(self, width: int) -> list[Choice]:
        """The words that fit; first those with what was typed in their names."""
        names = {name: self._names(name) for name in self.look.texts.glossary}
        fitting = [name for name, found in names.items() if fits(f"{' '.join(found)} {self.note(name)}", self.filter)]
        fitting.sort(key=lambda name: not fits(" ".join(names[name]), self.filter))
        first = min(int(width * _MOST_OF_LINE), max(cell_len(own) for own, _ in names.values()) + 2)
        return [Choice(name, _line(*names[name], first, width, self.look)) for name in fitting]

    def _names(self, name: str) -> tuple[str, str]:
        """Its names in the reader's language, and those in the others."""
        own = self.look.texts.glossary_names[name]
        others = (language_texts(one).glossary_names[name] for one in LANGUAGES if one != self.look.language)
        return own, " ".join(others)

    def note(self, name: str) -> str:
        """What a word means."""
        return self.look.texts.glossary[name]

    def chosen(self, name: str) -> None:
        """There is nothing more to open."""
        self._is_done = False


def _line(own: str, others: str, first: int, width: int, look: Look) -> Text:
    """The names in the reader's language, and those in the others below each other."""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(set_cell_size(shorten(look.signs(own), first - 2, look.signs("…")), first), look.palette.marked)
    line.append(shorten(look.signs(others), max(1, width - first), look.signs("…")), look.palette.dim)
    return line
