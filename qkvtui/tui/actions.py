"""What one can do, in one table: bindings, footer, help page and command palette are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.binding import Binding

from ..trace.trace import Trace
from ..trace.walk import Place, move_cell, to_head, to_query, to_step

Move = Callable[[Trace, Place], Place]


@dataclass(frozen=True)
class Action:
    """One thing that one can do in a lesson."""

    name: str
    """Its texts stand in the language files under this name."""
    bindings: tuple[str, ...]
    """Textual's names of the keyboard keys."""
    shown: str
    """The keyboard keys as a reader sees them."""
    move: Move | None = None
    """Where it leads in the lesson; None: the screen or the application has a method `action_NAME`."""
    of_app: bool = False
    """Whether that method is the application's."""
    footer: str = ""
    """The name of its text in the footer; empty: only on the help page."""
    footer_keys: str = ""
    """The keyboard keys in the footer where they differ from `shown`."""
    needs_heads: bool = False
    """Whether it only makes sense with several heads."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        if self.move is not None:
            return f"move('{self.name}')"
        return f"app.{self.name}" if self.of_app else self.name


ACTIONS: tuple[Action, ...] = (
    Action(
        "next_step",
        ("right", "n", "space"),
        "→ n space",
        lambda trace, place: to_step(trace, place, place.step + 1),
        footer="next_step",
        footer_keys="→",
    ),
    Action(
        "previous_step",
        ("left", "p"),
        "← p",
        lambda trace, place: to_step(trace, place, place.step - 1),
        footer="previous_step",
        footer_keys="←",
    ),
    Action("first_step", ("home",), "Home", lambda trace, place: to_step(trace, place, 0)),
    Action("last_step", ("end",), "End", lambda trace, place: to_step(trace, place, len(trace.steps))),
    Action("jump", tuple("123456789"), "1 … 9"),
    Action(
        "query_up",
        ("up",),
        "↑",
        lambda trace, place: to_query(trace, place, place.query - 1),
        footer="query",
        footer_keys="↑↓",
    ),
    Action("query_down", ("down",), "↓", lambda trace, place: to_query(trace, place, place.query + 1)),
    Action(
        "next_cell",
        ("full_stop",),
        ".",
        lambda trace, place: move_cell(trace, place, 1),
        footer="cell",
        footer_keys=". ,",
    ),
    Action("previous_cell", ("comma",), ",", lambda trace, place: move_cell(trace, place, -1)),
    Action(
        "next_head",
        ("right_square_bracket",),
        "]",
        lambda trace, place: to_head(trace, place, place.head + 1),
        footer="head",
        footer_keys="[ ]",
        needs_heads=True,
    ),
    Action(
        "previous_head",
        ("left_square_bracket",),
        "[",
        lambda trace, place: to_head(trace, place, place.head - 1),
        needs_heads=True,
    ),
    Action("go_to", ("g",), "g", footer="go_to"),
    Action("play", ("a",), "a", footer="play"),
    Action("faster", ("plus", "equals_sign"), "+"),
    Action("slower", ("minus",), "-"),
    Action("read_on", ("pagedown",), "PgDn"),
    Action("read_back", ("pageup",), "PgUp"),
    Action("language", ("z",), "z", of_app=True, footer="language"),
    Action("open", ("o",), "o", of_app=True),
    Action("reload", ("r",), "r"),
    Action("help", ("question_mark",), "?", of_app=True, footer="help"),
    Action("suspend", ("ctrl+z",), "Ctrl+Z", of_app=True),
    Action("quit", ("q",), "q", of_app=True, footer="quit"),
)

MOVES: dict[str, Move] = {action.name: action.move for action in ACTIONS if action.move is not None}


def bindings() -> list[Binding]:
    """The bindings of the lesson screen."""
    return [
        Binding(key, f"jump({key})" if action.name == "jump" else action.call, show=False)
        for action in ACTIONS
        for key in action.bindings
    ]


def chosen_key(trace: Trace, place: Place, key: int) -> Place:
    """A token of the context was chosen."""
    return replace(place, key=max(0, min(key, trace.shape.keys - 1)))
