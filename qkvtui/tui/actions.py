"""What one can do, in one table: bindings, footer, help page and command palette are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..narration.language import LanguageTexts
from ..trace.trace import Trace
from ..trace.walk import Place, to_head, to_step
from . import predicting, searching, studying, what_if, writing
from .bound import Action, Move, Offer, offered

if TYPE_CHECKING:
    from .lesson import LessonScreen


def _by_steps(steps: int) -> Move:
    return lambda trace, place: to_step(trace, place, place.step + steps)


def _by_heads(heads: int) -> Move:
    return lambda trace, place: to_head(trace, place, place.head + heads)


def _play(screen: LessonScreen) -> None:
    screen.player.toggle()


def _faster(screen: LessonScreen) -> None:
    screen.player.change_tempo(0.5)


def _slower(screen: LessonScreen) -> None:
    screen.player.change_tempo(2.0)


def _toggle_tour(screen: LessonScreen) -> None:
    screen.tour.toggle()
    screen.walk_to(screen.tour.place if screen.tour.followed else screen.place)


def _read_on(screen: LessonScreen) -> None:
    screen.skipped += 1


def _read_back(screen: LessonScreen) -> None:
    screen.skipped = max(0, screen.skipped - 1)


def _first(trace: Trace, place: Place) -> Place:
    return to_step(trace, place, 0)


def _last(trace: Trace, place: Place) -> Place:
    return to_step(trace, place, len(trace.steps))


ACTIONS: tuple[Action[LessonScreen], ...] = (
    Action("next_step", ("right", "n", "space"), "→ n space", _by_steps(1), footer="next_step", footer_keys="→"),
    Action("previous_step", ("left", "p"), "← p", _by_steps(-1), footer="previous_step", footer_keys="←"),
    Action("first_step", ("home",), "Home", _first),
    Action("last_step", ("end",), "End", _last),
    Action("jump", tuple("123456789"), "1 … 9"),
    Action("line_up", ("up",), "↑", footer="query", footer_keys="↑↓"),
    Action("line_down", ("down",), "↓"),
    Action("next_cell", ("full_stop",), ".", footer="cell", footer_keys=". ,"),
    Action("previous_cell", ("comma",), ","),
    Action("open_cell", ("enter",), "Enter", footer="open_cell"),
    Action("close_cell", ("backspace", "escape"), "Backspace"),
    Action(
        "next_head", ("right_square_bracket",), "]", _by_heads(1), footer="head", footer_keys="[ ]", needs_heads=True
    ),
    Action("previous_head", ("left_square_bracket",), "[", _by_heads(-1), needs_heads=True),
    Action("go_to", ("g",), "g"),
    Action("search", ("slash",), "/", act=searching.ask),
    Action("search_back", ("N",), "N", act=searching.back),
    Action("learn", ("L",), "L", act=studying.learn, footer="learn", needs_task=True),
    Action("edit", ("e",), "e", act=what_if.edit, footer="edit"),
    Action("undo", ("u",), "u", act=what_if.undo),
    Action("redo", ("ctrl+r",), "Ctrl+R", act=what_if.redo),
    Action("write", ("w",), "w", act=writing.write),
    Action("scale", ("s",), "s", act=what_if.toggle_scale),
    Action("causal", ("m",), "m", act=what_if.toggle_causal),
    Action("softmax", ("x",), "x", act=what_if.toggle_softmax),
    Action("round", ("d",), "d", act=what_if.toggle_rounding),
    Action("colder", ("less_than_sign",), "<", act=what_if.colder),
    Action("warmer", ("greater_than_sign",), ">", act=what_if.warmer),
    Action("compare", ("c",), "c"),
    Action("predict", ("t",), "t", act=predicting.predict),
    Action("blanks", ("b",), "b", act=predicting.fade),
    Action("tour", ("l",), "l", act=_toggle_tour),
    Action("play", ("a",), "a", act=_play),
    Action("faster", ("plus", "equals_sign"), "+", act=_faster),
    Action("slower", ("minus",), "-", act=_slower),
    Action("read_on", ("pagedown",), "PgDn", act=_read_on),
    Action("read_back", ("pageup",), "PgUp", act=_read_back),
    Action("tokens_as", ("v",), "v", of_app=True),
    Action("language", ("z",), "z", of_app=True, footer="language"),
    Action("open", ("o",), "o", of_app=True),
    Action("reload", ("r",), "r"),
    Action("commands", ("ctrl+p",), "Ctrl+P", of_app=True),
    Action("help", ("question_mark",), "?", of_app=True, footer="help"),
    Action("suspend", ("ctrl+z",), "Ctrl+Z", of_app=True),
    Action("quit", ("q",), "q", of_app=True, footer="quit"),
)


def offers(texts: LanguageTexts, with_task: bool = True) -> tuple[Offer, ...]:
    """All of them in a language's words; `with_task` tells whether the example has something to learn."""
    shown = (action for action in ACTIONS if with_task or not action.needs_task)
    return offered(shown, texts.actions, texts.action_help)


MOVES: dict[str, Move] = {action.name: action.move for action in ACTIONS if action.move is not None}
ACTS: dict[str, Callable[[LessonScreen], None]] = {one.name: one.act for one in ACTIONS if one.act is not None}
