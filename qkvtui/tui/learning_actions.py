"""What one can do on the learning screen, in one table: bindings, footer, help page and palette are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ..engine.optimisers import OPTIMISERS
from ..errors import UsageError
from ..files.learning import MOST_SEED, MOST_STEPS
from ..files.numerals import plain_signs
from ..graph.example import Learn
from ..trace.changes import parse_number
from ..trace.objectives import objectives_of
from . import gradients, writing
from .bound import Action
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .learning import LearningScreen

LearningAct = Callable[["LearningScreen"], None]
Choice = TypeVar("Choice")


def _go(by: int) -> LearningAct:
    return lambda screen: screen.trainer.run_to(screen.study.at + by)


def _to_end(screen: LearningScreen) -> None:
    screen.trainer.run_to(screen.study.learn.steps)


def _play(screen: LearningScreen) -> None:
    screen.trainer.toggle()


def _cell(by: int) -> LearningAct:
    return lambda screen: screen.study.cursor.move(by)


def _matrix(by: int) -> LearningAct:
    return lambda screen: screen.study.cursor.move_matrix(by)


def _go_on(screen: LearningScreen, **settings: object) -> None:
    """The run goes on from here with another rate or optimizer."""
    screen.trainer.stop()
    screen.study.change(**settings)
    screen.show("from_here")


def _rate(times: float) -> LearningAct:
    return lambda screen: _go_on(screen, rate=screen.study.learn.rate * times)


def _next_optimizer(screen: LearningScreen) -> None:
    _go_on(screen, optimizer=_following(tuple(OPTIMISERS), screen.study.learn.optimizer))


def _next_objective(screen: LearningScreen) -> None:
    choices = objectives_of(screen.study.example)
    if len(choices) == 1:
        screen.say("one_objective")
        return
    screen.trainer.stop()
    screen.study.start_again(objective=_following(choices, screen.study.learn.objective))
    screen.divide()
    screen.show("from_start")


def _following(choices: tuple[Choice, ...], one: Choice) -> Choice:
    return choices[(choices.index(one) + 1) % len(choices)]


def _ask(purpose: str, hint: str, now: Callable[[Learn], str]) -> LearningAct:
    """Ask for another value of what is `now` so."""
    return lambda screen: screen.query_one(LinePrompt).ask(purpose, "", hint, **{purpose: now(screen.study.learn)})


def _ask_seed(screen: LearningScreen) -> None:
    hint = "seed_hint" if screen.study.learn.start == "random" else "first_seed_hint"
    _ask("seed", hint, lambda learn: str(learn.seed))(screen)


def _reset(screen: LearningScreen) -> None:
    screen.trainer.stop()
    screen.study.reset()
    screen.divide()
    screen.show("as_in_lesson" if screen.study.changed else "as_in_file")


def _write(screen: LearningScreen) -> None:
    """A moment without a loss has numbers that no file may have."""
    if not screen.study.moment.finite:
        screen.say("no_loss_to_write")
    else:
        writing.write(screen)


def _leave(screen: LearningScreen) -> None:
    """What moves stands still first; then back to the lesson."""
    if screen.trainer.moves:
        screen.trainer.stop()
    else:
        screen.dismiss()


LEARNING_ACTIONS: tuple[Action[LearningScreen], ...] = (
    Action("next_update", ("right", "n"), "→ n", act=_go(1), footer="next_update", footer_keys="→"),
    Action("update_before", ("left", "p"), "← p", act=_go(-1), footer="update_before", footer_keys="←"),
    Action("ten_on", ("pagedown", "right_curly_bracket"), "PgDn }", act=_go(10)),
    Action("ten_back", ("pageup", "left_curly_bracket"), "PgUp {", act=_go(-10)),
    Action(
        "play",
        ("space", "a"),
        "space a",
        act=_play,
        footer="play",
        footer_keys="space",
    ),
    Action("faster", ("plus", "equals_sign"), "+", act=lambda screen: screen.trainer.change_pace(1)),
    Action("slower", ("minus",), "-", act=lambda screen: screen.trainer.change_pace(-1)),
    Action("to_start", ("home",), "Home", act=lambda screen: screen.trainer.run_to(0)),
    Action(
        "to_end",
        ("end", "E"),
        "End E",
        act=_to_end,
        footer="run",
        footer_keys="End",
    ),
    Action("open_gradient", ("enter",), "Enter", act=gradients.open_gradient, footer="open_gradient"),
    Action(
        "next_cell",
        ("full_stop",),
        ".",
        act=_cell(1),
        footer="cell",
        footer_keys=". ,",
    ),
    Action("cell_before", ("comma",), ",", act=_cell(-1)),
    Action("next_matrix", ("right_square_bracket", "tab"), "] Tab", act=_matrix(1)),
    Action(
        "matrix_before",
        ("left_square_bracket", "shift+tab"),
        "[",
        act=_matrix(-1),
    ),
    Action("query_before", ("up",), "↑", act=lambda screen: screen.study.ask(screen.study.query - 1)),
    Action("next_query", ("down",), "↓", act=lambda screen: screen.study.ask(screen.study.query + 1)),
    Action("next_head", ("h",), "h", act=lambda screen: screen.study.ask_head(screen.study.head + 1)),
    Action("rate", ("r",), "r", act=_ask("rate", "rate_hint", lambda learn: f"{learn.rate:g}"), footer="rate"),
    Action("rate_halved", ("less_than_sign",), "<", act=_rate(0.5)),
    Action("rate_doubled", ("greater_than_sign",), ">", act=_rate(2.0)),
    Action("optimizer", ("o",), "o", act=_next_optimizer, footer="optimizer"),
    Action("objective", ("j",), "j", act=_next_objective, footer="objective"),
    Action("seed", ("d",), "d", act=_ask_seed, footer="seed"),
    Action("steps", ("s",), "s", act=_ask("steps", "steps_hint", lambda learn: str(learn.steps))),
    Action("reset", ("R",), "R", act=_reset, footer="reset"),
    Action("write", ("w",), "w", act=_write),
    Action("leave", ("escape", "L", "backspace"), "Esc L Backspace", act=_leave, footer="leave", footer_keys="L"),
    Action("language", ("z",), "z", of_app=True),
    Action("commands", ("ctrl+p",), "Ctrl+P", of_app=True),
    Action("help", ("question_mark",), "?", of_app=True, footer="help"),
    Action("suspend", ("ctrl+z",), "Ctrl+Z", of_app=True),
    Action("quit", ("q",), "q", of_app=True, footer="quit"),
)

LEARNING_ACTS: dict[str, LearningAct] = {a.name: a.act for a in LEARNING_ACTIONS if a.act is not None}


def rate_typed(screen: LearningScreen, text: str) -> None:
    """Another rate. Raises UsageError for one that is not above 0."""
    rate = parse_number(text)
    if rate <= 0:
        raise UsageError(f"a rate of {text.strip()} is not above 0")
    _go_on(screen, rate=rate)


def seed_typed(screen: LearningScreen, text: str) -> None:
    """Random numbers with another seed. Raises UsageError for what is no whole number from 0."""
    screen.trainer.stop()
    screen.study.start_again(seed=_whole(text, 0, MOST_SEED))
    screen.show("from_start")


def steps_typed(screen: LearningScreen, text: str) -> None:
    """Another length of the run. Raises UsageError for what is no whole number from 1, or more than can be kept."""
    screen.trainer.stop()
    screen.study.set_steps(_whole(text, 1, MOST_STEPS))
    screen.show()


def _whole(text: str, least: int, most: int) -> int:
    typed = plain_signs(text).strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 10 and least <= int(typed) <= most):
        raise UsageError(f"{text.strip()!r} is not a whole number from {least} to {most}")
    return int(typed)
