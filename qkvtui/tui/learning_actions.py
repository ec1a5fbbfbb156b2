"""What one can do on the learning screen, in one table: bindings, footer, help page and palette are made from it."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TypeVar

from ..engine.optimisers import OPTIMISERS
from ..errors import UsageError
from ..files.learnrun import MOST_SEED, MOST_STEPS
from ..files.numerals import plain_signs
from ..files.restricted import is_restricted
from ..graph.layers import last_layer
from ..graph.task import Learn
from ..narration.language import LanguageTexts
from ..said import say, typed
from ..trace.changes import parse_number
from ..trace.objectives import objectives_of
from . import copying
from .bound import Action, Need, Offer, offered
from .messages import Asked, GradientAsked, Left, Message, RunChanged, Said, SentencesAsked, WriteAsked
from .trainer import Trainer

LearningAct = Callable[[Trainer], Message | None]
"""Does something to the run that a trainer has; what is left to the screen."""
Choice = TypeVar("Choice")


def _go(by: int) -> LearningAct:
    return lambda trainer: trainer.run_to(trainer.study.at + by)


def _to_end(trainer: Trainer) -> None:
    trainer.run_to(trainer.study.learn.steps)


def _to_steepest(trainer: Trainer) -> None:
    trainer.run_to(trainer.study.run.steepest)


def _cell(by: int) -> LearningAct:
    return lambda trainer: trainer.study.cursor.move(by)


def _matrix(by: int) -> LearningAct:
    return lambda trainer: trainer.study.cursor.move_matrix(by)


def _layer(by: int) -> LearningAct:
    """Another layer's attention."""

    def act(trainer: Trainer) -> Message | None:
        study = trainer.study
        if study.ask_layer(study.layer + by):
            return None
        return Said("one_layer" if not last_layer(study.example) else "no_more_layers")

    return act


def _open_gradient(trainer: Trainer) -> Message:
    trainer.stop()
    return GradientAsked()


def _sentences(trainer: Trainer) -> Message:
    """What is read from each sentence, where there are some."""
    if not trainer.study.learn.sentences:
        return Said("no_sentences")
    trainer.stop()
    return SentencesAsked()


def _go_on(trainer: Trainer, **settings: object) -> Message:
    """The run goes on from here with another rate or optimizer."""
    trainer.stop()
    trainer.study.change(**settings)
    return RunChanged("from_here")


def _rate(times: float) -> LearningAct:
    return lambda trainer: _go_on(trainer, rate=trainer.study.learn.rate * times)


def _next_optimizer(trainer: Trainer) -> Message:
    return _go_on(trainer, optimizer=_following(tuple(OPTIMISERS), trainer.study.learn.optimizer))


def _next_objective(trainer: Trainer) -> Message:
    choices = objectives_of(trainer.study.example)
    if len(choices) == 1:
        return Said("one_objective")
    trainer.stop()
    trainer.study.start_again(objective=_following(choices, trainer.study.learn.objective))
    return RunChanged("from_start")


def _following(choices: tuple[Choice, ...], one: Choice) -> Choice:
    return choices[(choices.index(one) + 1) % len(choices)]


def _ask(purpose: str, hint: str, now: Callable[[Learn], str]) -> LearningAct:
    """Ask for another value of what is `now` so."""
    return lambda trainer: Asked(purpose, "", hint, {purpose: now(trainer.study.learn)})


def _ask_seed(trainer: Trainer) -> Message | None:
    hint = "seed_hint" if trainer.study.learn.start == "random" else "first_seed_hint"
    return _ask("seed", hint, lambda learn: str(learn.seed))(trainer)


def _reset(trainer: Trainer) -> Message:
    trainer.stop()
    trainer.study.reset()
    return RunChanged("as_in_lesson" if trainer.study.changed else "as_in_file")


def _write(trainer: Trainer) -> Message:
    """A moment without a loss has numbers that no file may have."""
    if is_restricted():
        return Said("read_only")
    return Said("no_loss_to_write") if not trainer.study.moment.finite else WriteAsked()


def _leave(trainer: Trainer) -> Message | None:
    """What moves stands still first; then back to the lesson."""
    if not trainer.moves:
        return Left()
    trainer.stop()
    return None


LEARNING_ACTIONS: tuple[Action[LearningAct], ...] = (
    Action("next_update", ("right", "n"), "→ n", _go(1), footer="next_update", footer_keys="→", group="walk"),
    Action("update_before", ("left", "p"), "← p", _go(-1), footer="update_before", footer_keys="←"),
    Action("ten_on", ("pagedown", "right_curly_bracket"), "PgDn }", _go(10)),
    Action("ten_back", ("pageup", "left_curly_bracket"), "PgUp {", _go(-10)),
    Action("play", ("space", "a"), "space a", Trainer.toggle, footer="play", footer_keys="space"),
    Action("faster", ("plus", "equals_sign"), "+", lambda trainer: trainer.change_pace(1)),
    Action("slower", ("minus",), "-", lambda trainer: trainer.change_pace(-1)),
    Action("to_start", ("home",), "Home", lambda trainer: trainer.run_to(0)),
    Action("to_end", ("end", "E"), "End E", _to_end, footer="run", footer_keys="End"),
    Action("steepest", ("m",), "m", _to_steepest),
    Action("open_gradient", ("enter",), "Enter", _open_gradient, footer="open_gradient", group="place"),
    Action("sentences", ("x",), "x", _sentences),
    Action("next_cell", ("full_stop",), ".", _cell(1), footer="cell", footer_keys=". ,"),
    Action("cell_before", ("comma",), ",", _cell(-1)),
    Action("next_matrix", ("right_square_bracket", "tab"), "] Tab", _matrix(1)),
    Action("matrix_before", ("left_square_bracket", "shift+tab"), "[", _matrix(-1)),
    Action("query_before", ("up",), "↑", lambda trainer: trainer.study.ask(trainer.study.query - 1)),
    Action("next_query", ("down",), "↓", lambda trainer: trainer.study.ask(trainer.study.query + 1)),
    Action("next_layer", ("right_parenthesis",), ")", _layer(1)),
    Action("layer_before", ("left_parenthesis",), "(", _layer(-1)),
    Action("next_head", ("h",), "h", lambda trainer: trainer.study.ask_head(trainer.study.head + 1)),
    Action("rate", ("r",), "r", _ask("rate", "rate_hint", lambda learn: f"{learn.rate:g}"), footer="rate", group="run"),
    Action("rate_halved", ("less_than_sign",), "<", _rate(0.5)),
    Action("rate_doubled", ("greater_than_sign",), ">", _rate(2.0)),
    Action("optimizer", ("o",), "o", _next_optimizer, footer="optimizer"),
    Action("objective", ("j",), "j", _next_objective, footer="objective"),
    Action("seed", ("d",), "d", _ask_seed, footer="seed"),
    Action("steps", ("s",), "s", _ask("steps", "steps_hint", lambda learn: str(learn.steps))),
    Action("reset", ("R",), "R", _reset, footer="reset"),
    Action("copy", ("Y",), "Y", lambda trainer: copying.learned_number(trainer.study), group="find"),
    Action("copy_table", ("C",), "C", lambda trainer: copying.learned_table(trainer.study)),
    Action("write", ("w",), "w", _write, needs="rights"),
    Action(
        "leave",
        ("escape", "L", "backspace"),
        "Esc L Backspace",
        _leave,
        footer="leave",
        footer_keys="L",
        group="program",
    ),
    Action("digits", ("D",), "D", is_look=True),
    Action("theme", ("T",), "T", is_look=True),
    Action("language", ("z",), "z", is_look=True),
    Action("commands", ("ctrl+p",), "Ctrl+P"),
    Action("help", ("question_mark",), "?", footer="help"),
    Action("suspend", ("ctrl+z",), "Ctrl+Z", needs="rights"),
    Action("quit", ("q",), "q", footer="quit"),
)

LEARNING_ACTS: dict[str, LearningAct] = {
    action.name: action.act for action in LEARNING_ACTIONS if action.act is not None
}


def offers(texts: LanguageTexts) -> tuple[Offer, ...]:
    """All of them in a language's words; without rights those that need none."""
    has: Set[Need] = frozenset() if is_restricted() else {"rights"}
    return offered(LEARNING_ACTIONS, texts.learning_actions, texts.learning_help, texts.action_groups, has)


def _rate_typed(trainer: Trainer, text: str) -> Message:
    """Another rate. Raises UsageError for one that is not above 0."""
    rate = parse_number(text)
    if rate <= 0:
        raise UsageError(say("a rate of {rate} is not above 0", rate=text.strip()))
    return _go_on(trainer, rate=rate)


def _seed_typed(trainer: Trainer, text: str) -> Message:
    """Random numbers with another seed. Raises UsageError for what is no whole number from 0."""
    trainer.stop()
    trainer.study.start_again(seed=_whole(text, 0, MOST_SEED))
    return RunChanged("from_start")


def _steps_typed(trainer: Trainer, text: str) -> None:
    """Another length of the run. Raises UsageError for what is no whole number from 1, or more than can be kept."""
    trainer.stop()
    trainer.study.set_steps(_whole(text, 1, MOST_STEPS))
    trainer.show()


def _whole(text: str, least: int, most: int) -> int:
    plain = plain_signs(text).strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 10 and least <= int(plain) <= most):
        raise UsageError(
            say("{text} is not a whole number from {least} to {most}", text=typed(text.strip()), least=least, most=most)
        )
    return int(plain)


LEARNING_ANSWERS: dict[str, Callable[[Trainer, str], Message | None]] = {
    "rate": _rate_typed,
    "seed": _seed_typed,
    "steps": _steps_typed,
}
"""What is done with a typed line, by what it was asked for. May raise QkvtuiError."""
