"""A row of a screen's table of actions: bindings, footer, help page and command palette are made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, NamedTuple, TypeVar

from ..files.restricted import is_restricted
from ..records import record

A = TypeVar("A")


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
    """What it does; None: the application has a method `action_NAME` for it."""
    footer: str = field(default="", kw_only=True)
    """The name of its text in the footer; empty: only on the help page."""
    footer_keys: str = field(default="", kw_only=True)
    """The keyboard keys in the footer where they differ from `shown`."""
    footer_gives_way: bool = field(default=False, kw_only=True)
    """Whether it is the first to be left out of a footer that is too narrow."""
    needs_heads: bool = field(default=False, kw_only=True)
    """Whether it only makes sense with several heads."""
    needs_layers: bool = field(default=False, kw_only=True)
    """Whether it only makes sense with several layers."""
    needs_several: bool = field(default=False, kw_only=True)
    """Whether it only makes sense with several heads, in one layer or in several."""
    needs_rights: bool = field(default=False, kw_only=True)
    """Whether it leads to a file or to the shell, and is not offered in a session that is read-only."""
    needs_run: bool = field(default=False, kw_only=True)
    """Whether it is only offered where the file names another run."""
    needs_task: bool = field(default=False, kw_only=True)
    """Whether it is only offered where the example has a learning task."""
    needs_teacher: bool = field(default=False, kw_only=True)
    """Whether it is only offered where a teacher is followed."""
    apart: tuple[str, ...] = field(default=(), kw_only=True)
    """Those of its keyboard keys that have an act of their own, `NAME_KEY`: in a picture they do something else."""
    is_numbered: bool = field(default=False, kw_only=True)
    """Whether each of its keyboard keys is a digit, and has an act of its own: `NAME_DIGIT`."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        return f"app.{self.name}" if self.of_app else f"act('{self.name}')"

    @property
    def of_app(self) -> bool:
        """Whether the application does it."""
        return self.act is None and not self.is_numbered

    def bound_call(self, key: str) -> str:
        """What one of its keyboard keys calls: of the application through the screen, whose line may want the key."""
        if self.is_numbered or key in self.apart:
            return f"act('{self.name}_{key}')"
        return f"of_app('{self.name}')" if self.of_app else self.call


class Offer(NamedTuple):
    """Something that one can do, in a language's words."""

    action: Action[Any]
    label: str
    about: str


def offered(actions: Sequence[Action[Any]], labels: Mapping[str, str], about: Mapping[str, str]) -> tuple[Offer, ...]:
    """Actions in a language's words, as far as the session has a right to them."""
    return tuple(
        Offer(action, labels[action.name], about[action.name])
        for action in actions
        if not (action.needs_rights and is_restricted())
    )
