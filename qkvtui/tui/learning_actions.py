"""What one can do on the learning screen, in one table: bindings, footer, help page and palette are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from ..engine.optimisers import OPTIMISERS
from ..errors import UsageError
from ..files.learning import MOST_SEED, MOST_STEPS
from ..files.numerals import plain_signs
from ..narration.language import LanguageTexts
from ..trace.changes import parse_number
from . import gradients, writing
from .bound import Bound, Offer
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .learning import LearningScreen

LearningAct = Callable[["LearningScreen"], None]


@dataclass(frozen=True)
class LearningAction(Bound):
    """One thing that one can do while an example is learned."""

    act: LearningAct | None = None
    """What it does; None: the application does it."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        return super().call if self.act is None else f"act('{self.name}')"


def _go(by: int) -> LearningAct:
    return lambda screen: screen.trainer.run_to(screen.study.at + by)


def _to_start(screen: LearningScreen) -> None:
    screen.trainer.run_to(0)


def _to_end(screen: LearningScreen) -> None:
    screen.trainer.run_to(screen.study.learn.steps)


def _play(screen: LearningScreen) -> None:
    screen.trainer.toggle()


def _pace(by: int) -> LearningAct:
    return lambda screen: screen.trainer.change_pace(by)


def _query(by: int) -> LearningAct:
    return lambda screen: screen.study.ask(screen.study.query + by)


def _next_head(screen: LearningScreen) -> None:
    screen.study.ask_head(screen.study.head + 1)


def _cell(by: int) -> LearningAct:
    return lambda screen: screen.study.move_cell(by)


def _matrix(by: int) -> LearningAct:
    return lambda screen: screen.study.move_matrix(by)


def _change_rate(times: float) -> LearningAct:
    def change(screen: LearningScreen) -> None:
        screen.trainer.stop()
        screen.study.set_rate(screen.study.learn.rate * times)
        screen.say_changed("from_here")

    return change


def _ask_rate(screen: LearningScreen) -> None:
    screen.query_one(LinePrompt).ask("rate", "", "rate_hint", rate=f"{screen.study.learn.rate:g}")


def _next_optimizer(screen: LearningScreen) -> None:
    names = tuple(OPTIMISERS)
    screen.trainer.stop()
    screen.study.set_optimizer(names[(names.index(screen.study.learn.optimizer) + 1) % len(names)])
    screen.say_changed("from_here")


def _next_objective(screen: LearningScreen) -> None:
    choices = screen.study.objectives
    if len(choices) == 1:
        screen.say("one_objective")
        return
    screen.trainer.stop()
    screen.study.set_objective(choices[(choices.index(screen.study.learn.objective) + 1) % len(choices)])
    screen.divide()
    screen.say_changed("from_start")


def _ask_seed(screen: LearningScreen) -> None:
    learn = screen.study.learn
    name = "seed_hint" if learn.start == "random" else "first_seed_hint"
    screen.query_one(LinePrompt).ask("seed", "", name, seed=str(learn.seed))


def _ask_steps(screen: LearningScreen) -> None:
    screen.query_one(LinePrompt).ask("steps", "", "steps_hint", steps=str(screen.study.learn.steps))


def _reset(screen: LearningScreen) -> None:
    screen.trainer.stop()
    screen.study.reset()
    screen.divide()
    screen.say_changed("as_in_lesson" if screen.study.changed else "as_in_file")


def _write(screen: LearningScreen) -> None:
    """A moment without a loss has numbers that no file may have."""
    if screen.study.blown_up:
        screen.say("no_loss_to_write")
    else:
        writing.write(screen)


def _leave(screen: LearningScreen) -> None:
    """What moves stands still first; then back to the lesson."""
    if screen.trainer.moves:
        screen.trainer.stop()
    else:
        screen.dismiss()


LEARNING_ACTIONS: tuple[LearningAction, ...] = (
    LearningAction("next_update", ("right", "n"), "→ n", act=_go(1), footer="next_update", footer_keys="→"),
    LearningAction("update_before", ("left", "p"), "← p", act=_go(-1), footer="update_before", footer_keys="←"),
    LearningAction("ten_on", ("pagedown", "right_curly_bracket"), "PgDn }", act=_go(10)),
    LearningAction("ten_back", ("pageup", "left_curly_bracket"), "PgUp {", act=_go(-10)),
    LearningAction("play", ("space", "a"), "space a", act=_play, footer="play", footer_keys="space"),
    LearningAction("faster", ("plus", "equals_sign"), "+", act=_pace(1)),
    LearningAction("slower", ("minus",), "-", act=_pace(-1)),
    LearningAction("to_start", ("home",), "Home", act=_to_start),
    LearningAction("to_end", ("end", "E"), "End E", act=_to_end, footer="run", footer_keys="End"),
    LearningAction("open_gradient", ("enter",), "Enter", act=gradients.open_gradient, footer="open_gradient"),
    LearningAction("next_cell", ("full_stop",), ".", act=_cell(1), footer="cell", footer_keys=". ,"),
    LearningAction("cell_before", ("comma",), ",", act=_cell(-1)),
    LearningAction("next_matrix", ("right_square_bracket", "tab"), "] Tab", act=_matrix(1)),
    LearningAction("matrix_before", ("left_square_bracket", "shift+tab"), "[", act=_matrix(-1)),
    LearningAction("query_before", ("up",), "↑", act=_query(-1)),
    LearningAction("next_query", ("down",), "↓", act=_query(1)),
    LearningAction("next_head", ("h",), "h", act=_next_head),
    LearningAction("rate", ("r",), "r", act=_ask_rate, footer="rate"),
    LearningAction("rate_halved", ("less_than_sign",), "<", act=_change_rate(0.5)),
    LearningAction("rate_doubled", ("greater_than_sign",), ">", act=_change_rate(2.0)),
    LearningAction("optimizer", ("o",), "o", act=_next_optimizer, footer="optimizer"),
    LearningAction("objective", ("j",), "j", act=_next_objective, footer="objective"),
    LearningAction("seed", ("d",), "d", act=_ask_seed, footer="seed"),
    LearningAction("steps", ("s",), "s", act=_ask_steps),
    LearningAction("reset", ("R",), "R", act=_reset, footer="reset"),
    LearningAction("write", ("w",), "w", act=_write),
    LearningAction(
        "leave", ("escape", "L", "backspace"), "Esc L Backspace", act=_leave, footer="leave", footer_keys="L"
    ),
    LearningAction("language", ("z",), "z", of_app=True),
    LearningAction("commands", ("ctrl+p",), "Ctrl+P", of_app=True),
    LearningAction("help", ("question_mark",), "?", of_app=True, footer="help"),
    LearningAction("suspend", ("ctrl+z",), "Ctrl+Z", of_app=True),
    LearningAction("quit", ("q",), "q", of_app=True, footer="quit"),
)

LEARNING_ACTS: dict[str, LearningAct] = {a.name: a.act for a in LEARNING_ACTIONS if a.act is not None}


def offers(texts: LanguageTexts) -> tuple[Offer, ...]:
    """All of them in a language's words."""
    labels, about = texts.learning_actions, texts.learning_help
    return tuple(Offer(action, labels[action.name], about[action.name]) for action in LEARNING_ACTIONS)


def bindings() -> list[Binding]:
    """The bindings of the learning screen; with priority, as those of a lesson."""
    return [
        Binding(key, action.bound_call(key), show=False, priority=True)
        for action in LEARNING_ACTIONS
        for key in action.bindings
    ]


def rate_typed(screen: LearningScreen, text: str) -> None:
    """Another rate. Raises UsageError for one that is not above 0."""
    rate = parse_number(text)
    if rate <= 0:
        raise UsageError(f"a rate of {text.strip()} is not above 0")
    screen.trainer.stop()
    screen.study.set_rate(rate)
    screen.say_changed("from_here")


def seed_typed(screen: LearningScreen, text: str) -> None:
    """Random numbers with another seed. Raises UsageError for what is no whole number from 0."""
    screen.trainer.stop()
    screen.study.set_seed(_whole(text, 0, MOST_SEED))
    screen.say_changed("from_start")


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
