"""What one can do in a lesson, in one table: bindings, footer, help page and command palette are made from it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from ..files.restricted import is_restricted
from ..narration.language import LanguageTexts
from . import asking, copying, moves, patching, pictures, predicting, questioning, searching, studying, what_if
from .bound import Action, Need, Offer, offered
from .messages import TeacherAsked, WriteAsked
from .moves import Move
from .state import LessonState


def _to_teacher(state: LessonState) -> LessonState:
    return state.telling(TeacherAsked()) if state.follows else state.saying("no_teacher")


def _write(state: LessonState) -> LessonState:
    return state.saying("read_only") if is_restricted() else state.telling(WriteAsked())


ACTIONS: tuple[Action[Move], ...] = (
    Action(
        "next_step",
        ("right", "n", "space"),
        "→ n space",
        moves.next_step,
        group="walk",
        footer="next_step",
        footer_keys="→",
        apart=("right",),
    ),
    Action(
        "previous_step",
        ("left", "p"),
        "← p",
        moves.previous_step,
        footer="previous_step",
        footer_keys="←",
        apart=("left",),
    ),
    Action("first_step", ("home",), "Home", moves.first_step),
    Action("last_step", ("end",), "End", moves.last_step),
    Action("jump", tuple("123456789"), "1 … 9", is_numbered=True),
    Action("line_up", ("up",), "↑", moves.line(-1), footer="query", footer_keys="↑↓", group="place"),
    Action("line_down", ("down",), "↓", moves.line(1)),
    Action("next_cell", ("full_stop",), ".", moves.cell(1), footer="cell", footer_keys=". ,"),
    Action("previous_cell", ("comma",), ",", moves.cell(-1)),
    Action("open_cell", ("enter",), "Enter", moves.open_cell, footer="open_cell"),
    Action("close_cell", ("backspace", "escape"), "Backspace", moves.close_cell),
    Action("why", ("y",), "y", questioning.ask, footer="why"),
    Action("next_head", ("right_square_bracket",), "]", moves.head(1), footer="head", footer_keys="[ ]", needs="heads"),
    Action("previous_head", ("left_square_bracket",), "[", moves.head(-1), needs="heads"),
    Action(
        "next_layer", ("right_parenthesis",), ")", moves.layer(1), footer="layer", footer_keys="( )", needs="layers"
    ),
    Action("previous_layer", ("left_parenthesis",), "(", moves.layer(-1), needs="layers"),
    Action("flow", ("0",), "0", pictures.show("flow"), footer="flow", group="pictures"),
    Action("matrix", ("M",), "M", pictures.show("matrix"), footer="matrix"),
    Action("arrows", ("G",), "G", pictures.show("arrows"), footer="arrows"),
    Action("heads", ("H",), "H", pictures.show_heads, footer="heads", needs="several"),
    Action("patches", ("P",), "P", patching.show, footer="patches", needs="run"),
    Action("go_to", ("g",), "g", moves.go_to, group="find"),
    Action("teacher", ("f",), "f", _to_teacher, footer="teacher", needs="teacher"),
    Action("search", ("slash",), "/", searching.ask),
    Action("search_back", ("N",), "N", searching.back),
    Action("copy", ("Y",), "Y", copying.number, footer="copy_short"),
    Action("copy_table", ("C",), "C", copying.table),
    Action("learn", ("L",), "L", studying.learn, footer="learn", needs="task", group="change"),
    Action("edit", ("e",), "e", what_if.edit, footer="edit"),
    Action("move_earlier", ("left_curly_bracket",), "{", what_if.move_token(-1)),
    Action("move_later", ("right_curly_bracket",), "}", what_if.move_token(1)),
    Action("append", ("A",), "A", what_if.append),
    Action("undo", ("u",), "u", what_if.undo),
    Action("redo", ("ctrl+r",), "Ctrl+R", what_if.redo),
    Action("write", ("w",), "w", _write, needs="rights"),
    Action("scale", ("s",), "s", what_if.toggle_scale),
    Action("causal", ("m",), "m", what_if.toggle_causal),
    Action("softmax", ("x",), "x", what_if.toggle_softmax),
    Action("round", ("d",), "d", what_if.toggle_rounding),
    Action("colder", ("less_than_sign",), "<", what_if.colder),
    Action("warmer", ("greater_than_sign",), ">", what_if.warmer),
    Action("compare", ("c",), "c", pictures.closing(moves.compare), group="practise"),
    Action("predict", ("t",), "t", pictures.closing(predicting.predict)),
    Action("blanks", ("b",), "b", predicting.fade),
    Action("tour", ("l",), "l", moves.toggle_tour),
    Action("play", ("a",), "a", moves.play),
    Action("faster", ("plus", "equals_sign"), "+", moves.tempo(0.5)),
    Action("slower", ("minus",), "-", moves.tempo(2.0)),
    Action("read_on", ("pagedown",), "PgDn", moves.read(1), group="looks"),
    Action("read_back", ("pageup",), "PgUp", moves.read(-1)),
    Action("tokens_as", ("v",), "v", is_look=True),
    Action("digits", ("D",), "D", is_look=True),
    Action("theme", ("T",), "T", is_look=True),
    Action("language", ("z",), "z", footer="language", is_look=True),
    Action("open", ("o",), "o", footer="open_short", footer_gives_way=True, group="program"),
    Action("reload", ("r",), "r", moves.reload),
    Action("commands", ("ctrl+p",), "Ctrl+P"),
    Action("help", ("question_mark",), "?", footer="help"),
    Action("suspend", ("ctrl+z",), "Ctrl+Z", needs="rights"),
    Action("quit", ("q",), "q", footer="quit"),
)

_APART: dict[str, Move] = {
    f"{action.name}_{key}": action.act for action in ACTIONS if action.act is not None for key in action.apart
}
ACTS: dict[str, Move] = {
    name: pictures.in_pictures(name, act)
    for name, act in (
        *((action.name, action.act) for action in ACTIONS if action.act is not None),
        *_APART.items(),
        *((f"jump_{number}", moves.jump(number)) for number in range(1, 10)),
    )
}
"""What the screen's one method for all actions is called with → the act."""


def acted(state: LessonState, name: str) -> LessonState:
    """After an action of the table, as it is meant while the lesson asks, or something stands in the step's place."""
    if state.patched is not None:
        return patching.ACTS_ON_PATCHES.get(name, pictures.closing(ACTS[name]))(state)
    if state.questioned is None:
        return (asking.acts_on(state, name) or ACTS[name])(state)
    if name in questioning.ACTS_ON_QUESTIONS:
        return questioning.ACTS_ON_QUESTIONS[name](state)
    after = ACTS[name](state)
    return replace(after, instead=state.questioned if name in questioning.KEPT else after.picture)


def has(state: LessonState) -> Set[Need]:
    """What the lesson has that actions need."""
    example = state.trace.example
    heads, layers = state.trace.shape.heads > 1, len(example.layers) > 1
    there: dict[Need, bool] = {
        "heads": heads,
        "layers": layers,
        "several": heads or layers,
        "run": bool(example.others),
        "task": example.learn is not None,
        "teacher": state.follows,
        "rights": not is_restricted(),
    }
    return {need for need, is_there in there.items() if is_there}


def offers(texts: LanguageTexts, state: LessonState) -> tuple[Offer, ...]:
    """Those that there are for a lesson, in a language's words."""
    return offered(ACTIONS, texts.actions, texts.action_help, texts.action_groups, has(state))
