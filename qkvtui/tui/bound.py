"""A row of a screen's table of actions: bindings, footer, help page and command palette are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from itertools import groupby
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from ..records import record

A = TypeVar("A")
Need = Literal["heads", "layers", "several", "run", "task", "teacher", "rights"]
"""Several heads; several layers; several heads, in one layer or in several; another run that the file names; a
learning task; a teacher who is followed; the right to write files and to use the shell."""


@record(frozen=True)
class Action(Generic[A]):
    """One thing that one can do on a screen."""

    name: str
    """Its texts stand in the language files under this name."""
    bindings: tuple[str, ...]
    """Textual's names of the keyboard keys."""
    shown: str
    """The keyboard keys as a reader sees them."""
    act: A | None = None
    """What it does; None: the application does it, with a method `action_NAME` or a row of its table of looks."""
    group: str = field(default="", kw_only=True)
    """The name of the group that it begins; empty: it belongs to that of the action before it."""
    footer: str = field(default="", kw_only=True)
    """The name of its text in the footer; empty: only on the help page."""
    footer_keys: str = field(default="", kw_only=True)
    """The keyboard keys in the footer where they differ from `shown`."""
    footer_gives_way: bool = field(default=False, kw_only=True)
    """Whether it is the first to be left out of a footer that is too narrow."""
    needs: Need | None = field(default=None, kw_only=True)
    """What there has to be for it to be offered; None: it always is."""
    apart: tuple[str, ...] = field(default=(), kw_only=True)
    """Those of its keyboard keys that have an act of their own, `NAME_KEY`: in a picture they do something else."""
    is_look: bool = field(default=False, kw_only=True)
    """Whether it changes how everything looks."""
    is_numbered: bool = field(default=False, kw_only=True)
    """Whether each of its keyboard keys is a digit, and has an act of its own: `NAME_DIGIT`."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        return f"app.{self._named}" if self.of_app else f"act('{self.name}')"

    @property
    def of_app(self) -> bool:
        """Whether the application does it."""
        return self.act is None and not self.is_numbered

    def bound_call(self, key: str) -> str:
        """What one of its keyboard keys calls: of the application through the screen, whose line may want the key."""
        if self.is_numbered or key in self.apart:
            return f"act('{self.name}_{key}')"
        return f'of_app("{self._named}")' if self.of_app else self.call

    @property
    def _named(self) -> str:
        """Textual's name of what the application does."""
        return f"look('{self.name}')" if self.is_look else self.name


class Offer(NamedTuple):
    """Something that one can do, in a language's words."""

    action: Action[Any]
    label: str
    about: str
    group: str = ""
    """What the group is called that it belongs to."""


def is_offered(action: Action[Any], has: Set[Need]) -> bool:
    """Whether there is what it needs."""
    return action.needs is None or action.needs in has


def offered(
    actions: Sequence[Action[Any]],
    labels: Mapping[str, str],
    about: Mapping[str, str],
    groups: Mapping[str, str],
    has: Set[Need],
) -> tuple[Offer, ...]:
    """Actions in a language's words, as far as there is what they need."""
    offers, group = [], ""
    for action in actions:
        group = action.group or group
        if is_offered(action, has):
            offers.append(Offer(action, labels[action.name], about[action.name], groups[group]))
    return tuple(offers)


def in_groups(offers: Iterable[Offer]) -> Iterator[tuple[str, Sequence[Offer]]]:
    """The groups, each with what is offered of it."""
    for group, members in groupby(offers, lambda offer: offer.group):
        yield group, tuple(members)
