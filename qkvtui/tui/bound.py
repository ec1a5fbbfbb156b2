"""What one can do on a screen: bindings, footer, help page and command palette are made from a table of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from textual.binding import Binding

if TYPE_CHECKING:
    from ..trace.trace import Trace
    from ..trace.walk import Place

Screen = TypeVar("Screen", contravariant=True)
Move = Callable[["Trace", "Place"], "Place"]


@dataclass(frozen=True)
class Action(Generic[Screen]):
    """One thing that one can do."""

    name: str
    """Its texts stand in the language files under this name."""
    bindings: tuple[str, ...]
    """Textual's names of the keyboard keys."""
    shown: str
    """The keyboard keys as a reader sees them."""
    move: Move | None = None
    """Where it leads in a lesson."""
    act: Callable[[Screen], None] | None = field(default=None, kw_only=True)
    """What it does to its screen; with neither, the screen or the application has a method `action_NAME`."""
    of_app: bool = field(default=False, kw_only=True)
    """Whether it is the application that has that method."""
    footer: str = field(default="", kw_only=True)
    """The name of its text in the footer; empty: only on the help page."""
    footer_keys: str = field(default="", kw_only=True)
    """The keyboard keys in the footer where they differ from `shown`."""
    needs_heads: bool = field(default=False, kw_only=True)
    """Whether it only makes sense with several heads."""
    needs_task: bool = field(default=False, kw_only=True)
    """Whether it is only offered where the example has a learning task."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        if self.move is not None:
            return f"move('{self.name}')"
        if self.act is not None:
            return f"act('{self.name}')"
        return f"app.{self.name}" if self.of_app else self.name

    def bound_call(self, key: str) -> str:
        """What one of its keyboard keys calls: of the application through the screen, whose line may want the key."""
        if self.of_app:
            return f"of_app('{self.name}')"
        return f"jump({key})" if self.name == "jump" else self.call


class Offer(NamedTuple):
    """Something that one can do, in a language's words."""

    action: Action[Any]
    label: str
    about: str


def offered(actions: Iterable[Action[Any]], labels: Mapping[str, str], about: Mapping[str, str]) -> tuple[Offer, ...]:
    """The actions in a language's words."""
    return tuple(Offer(action, labels[action.name], about[action.name]) for action in actions)


def bindings_of(actions: Iterable[Action[Any]]) -> list[Binding]:
    """The bindings of a screen with these actions.

    They have priority, so that the application obeys them one after the other: whatever is typed quickly after `g`
    is meant for the line that `g` opens, and what follows `?` for the help page.
    """
    return [
        Binding(key, action.bound_call(key), show=False, priority=True) for action in actions for key in action.bindings
    ]
