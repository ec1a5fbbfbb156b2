"""A run of training without a screen: run it, stop at a moment, hear what has changed, walk into a gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import monotonic

from ..graph.example import Example
from ..narration import learning
from ..report.as_transcript import Transcript
from ..report.learned import LearnedHeading, LearnedTable, Part, moment_parts, parts, sentence_parts
from ..report.learned_pages import learned_report
from ..report.request import UNBOUNDED
from ..trace.study import Study
from ..tui import writing
from ..tui.bound import Action
from ..tui.gradients import gradient_opened
from ..tui.learning_actions import LEARNING_ACTS, LEARNING_ANSWERS, LearningAct, offers
from ..tui.messages import Asked, GradientAsked, Message, RunChanged, Said, SentencesAsked, WriteAsked
from ..tui.trainer import Trainer
from ..views.look import Look
from .heard import commands_told

_PATIENCE = 2.0
"""Seconds after which a run that goes on says how far it is."""


class WaitingTrainer(Trainer):
    """Makes the updates that are asked for before it does anything else, and says how far it is where it takes long."""

    def run_to(self, number: int) -> None:
        """On to a moment, or back to it."""
        study = self.study
        study.go_to(number)
        while study.at < number and not study.at_end:
            until = monotonic() + _PATIENCE
            study.forward(number, lambda until=until: monotonic() > until)  # type: ignore[misc]
            if study.at < number and not study.at_end:
                self.show()


class LinearRun:
    """What is typed while something is learned, and what is said: of each moment what the one before has not said.

    `look` is what one reads with, `say` writes, `tell` asks, answers, opens or leaves.
    """

    def __init__(
        self,
        study: Study,
        original: Example,
        look: Callable[[], Look],
        say: Callable[[str], None],
        tell: Callable[[Message], None],
    ) -> None:
        self._study, self._original = study, original
        self._look, self._say, self._tell = look, say, tell
        self._asked: Asked | None = None
        self._told: frozenset[str] = frozenset()
        """What was said of the moment before."""
        self._begun: frozenset[str] = frozenset()
        """What was said of the task."""
        self._told_of: tuple[object, ...] = ()
        """The run of which all was told."""
        self._trainer = WaitingTrainer(study, _never, lambda: say(self.where()))

    def begin(self) -> None:
        """Say what is to be learned, how to go on, and where the run is."""
        self._begun = self._told = frozenset(self._say_all(self._wanted()))
        self._say(self._look().texts.linear["how_to_learn"])
        self.read()

    def read(self) -> None:
        """Say what is new at this moment."""
        told: set[str] = set()
        for part in moment_parts(self._study, self._wide):
            lines = self._lines((part,))
            new = [line for line in lines if line not in self._told]
            for line in lines if new and isinstance(part, LearnedTable) else new:
                self._say(line)
            told.update(lines)
        self._told = frozenset(told)
        if self._study.is_full:
            self._tell(self._said("memory_full"))

    def obey(self, what: Action[LearningAct] | int) -> None:
        """Do what was typed. Raises QkvtuiError where it is impossible."""
        if isinstance(what, int):
            self._trainer.run_to(what)
            self.read()
            return
        message = LEARNING_ACTS[what.name](self._trainer)
        now = (self._study.story, self._study.at, self._look())
        if what.name == "to_end" and self._told_of != now:
            self._told_of = now
            self._say_all(parts(self._study.story, self._wide, None, drawn=False))
        self._do(message)

    def answered(self, asked: Asked, text: str) -> None:
        """Another rate, seed or length of the run; write. Raises QkvtuiError."""
        if asked.purpose in LEARNING_ANSWERS:
            self._do(LEARNING_ANSWERS[asked.purpose](self._trainer, text))
        else:
            self._do(writing.answered(asked, text, self._original, self._study.moment.example))

    def has_asked(self, asked: Asked) -> bool:
        """Whether it is the run that has asked for this, and not the lesson below."""
        return asked is self._asked

    def where(self) -> str:
        """Which moment this is."""
        return self._lines(moment_parts(self._study, self._wide))[0]

    def commands(self) -> Iterator[str]:
        """What there is to type."""
        return commands_told(offers(self._look().texts), self._look())

    def _do(self, message: Message | None) -> None:
        match message:
            case None:
                self.read()
            case Asked():
                self._asked = message
                self._tell(message)
            case Said(name, values):
                self._tell(self._said(name, **values))
            case RunChanged(name):
                self._tell(self._said(name))
                self.read()
            case WriteAsked():
                self._do(writing.write(self._original, f"{self._study.at}-updates"))
            case SentencesAsked():
                self._say_all(sentence_parts(self._study.story, self._wide))
            case GradientAsked():
                self._tell(gradient_opened(self._study, self._original))
            case _:
                self._tell(message)

    def _said(self, name: str, **values: str) -> Said:
        return Said(name, {"number": str(self._study.at)} | values)

    @property
    def _wide(self) -> Look:
        """As one reads, without lines that end."""
        return replace(self._look(), width=UNBOUNDED)

    def _wanted(self) -> Iterator[Part]:
        look = self._wide
        yield LearnedHeading(learning.said(look.texts, "heading_wanted"))
        yield from learning.wanted(self._study.story, look.texts, look.digits)

    def _say_all(self, told: Iterable[Part]) -> list[str]:
        """Say the parts, but for what was said of the task when one came here; all of their lines."""
        lines = self._lines(told)
        for line in lines:
            if line not in self._begun:
                self._say(line)
        return lines

    def _lines(self, told: Iterable[Part]) -> list[str]:
        """The parts as the transcript of `learn` has them, a sentence or a row of a table a line; without a title."""
        _, *pages = Transcript(learned_report(self._study.story, self._wide, lambda _: told)).parts()
        return [line for part in pages for line in part if line.strip()]


class _Never:
    """What is never called."""

    def stop(self) -> None:
        """It has not begun."""


def _never(seconds: float, call: Callable[[], None]) -> _Never:
    """Nothing goes on by itself where there is no screen."""
    return _Never()
