"""The sentences of a task with labels at one moment of its run: what is read from each, and a walk through any."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.binding import Binding, BindingType

from ..graph.example import Example
from ..narration.numbers import number
from ..pages.lines import shorten
from ..trace.answers import Answer
from ..trace.learning import walking
from ..trace.lesson import Lesson
from ..trace.study import Study
from ..trace.trace import Trace
from ..trace.walk import start
from ..views.answers import sentence_text
from ..views.look import Look
from .choosing import Choice, ChoiceScreen, fits
from .messages import Message, MomentOpened

_LONGEST_LABEL = 12
_ROOMY = 72
"""Columns from which on a line has the label that is read."""


class SentencesScreen(ChoiceScreen):
    """Those that are learned from and those that never are, one line each; Enter walks through one."""

    NAME = "sentences"
    COMMANDS_FIRST = "xqz"
    LEAVING = ("escape", "backspace")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "leave", show=False),
        Binding("q", "app.quit", show=False),
        Binding("z", "app.look('language')", show=False),
    ]

    def __init__(self, study: Study, original: Example, look: Look, tell: Callable[[Message], None]) -> None:
        super().__init__(look)
        self._tell = tell
        self._original = original
        self._moment, self._learn = study.moment, study.learn
        asked = (*self._learn.sentences, *self._learn.test)
        self._before, self._now = (moment.answers(asked) for moment in (study.run.moment(0), study.moment))
        self._learned_from = len(self._learn.sentences)

    def choices(self, width: int) -> list[Choice]:
        """The sentences in which every word that was typed is."""
        return [
            Choice(str(at), self._line(at, width))
            for at, one in enumerate(self._now)
            if fits(" ".join(one.sentence.tokens), self.filter)
        ]

    def whole_title(self) -> str:
        """How many are read rightly."""
        learned, test = self._now[: self._learned_from], self._now[self._learned_from :]
        return self.look.texts.screen["sentences_title" if test else "sentences_title_learned"].format(
            number=self._moment.number,
            right=sum(one.right for one in learned),
            count=len(learned),
            test=sum(one.right for one in test),
            test_count=len(test),
        )

    def note(self, name: str) -> str:
        """What is read from the sentence now and was at the start, and whether it is learned from."""
        texts, at = self.look.texts.screen, int(name)
        before, now = self._before[at], self._now[at]
        learned = "sentence_learned" if at < self._learned_from else "sentence_test"
        return texts["sentence_note"].format(
            label=self._learn.labels[now.sentence.label],
            now=self._read(now),
            before=self._read(before),
            learned=texts[learned],
        )

    def chosen(self, name: str) -> None:
        """Walk through the sentence with the moment's numbers."""
        example = walking(self._moment.example, self._now[int(name)].sentence)
        trace = Trace(example, memory=self._moment.memory)
        self._tell(MomentOpened(Lesson(trace, start(trace), example.file), self._moment.number, self._original))

    def leave(self) -> bool:
        """Back to the run."""
        self.dismiss()
        return True

    def action_leave(self) -> None:
        """The keyboard key that leads here leads back."""
        self.leave()

    def _read(self, answer: Answer) -> str:
        """`street 0.52 ✗`."""
        mark = self.look.signs("✓" if answer.right else "✗")
        return f"{self._learn.labels[answer.label]} {number(answer.confidence, self.look.digits)} {mark}"

    def _line(self, at: int, width: int) -> Text:
        """`✗ street 0.52  test  animal left street because ▸it◂ was dark`; the label only with room."""
        look, answer = self.look, self._now[at]
        style = look.palette.key if answer.right else look.palette.wrong
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(look.signs("✓ " if answer.right else "✗ "), style)
        if width >= _ROOMY:
            longest = min(_LONGEST_LABEL, max(map(cell_len, self._learn.labels)))
            label = shorten(self._learn.labels[answer.label], longest, look.signs("…"))
            line.append(set_cell_size(label, longest) + " ", style)
        line.append(f"{number(answer.confidence, look.digits)}  ", look.palette.marked)
        if self._learn.test:
            test = look.texts.screen["of_the_test"]
            line.append(set_cell_size("" if at < self._learned_from else test, cell_len(test) + 1), look.palette.dim)
        return line.append_text(sentence_text(answer.sentence, look))
