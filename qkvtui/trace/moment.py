"""One moment of a run: whom the tokens attend to then, and what is read from the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.optimisers import State
from ..errors import ExampleError
from ..graph.example import Example, LabelledSentence
from .answers import Answer, answers
from .learning import Run, learn_of, trained_at
from .trace import Trace


@dataclass(frozen=True)
class Answers:
    """What is read from the sentences at one moment."""

    walked: Answer
    """Of the sentence that the example walks through."""
    test: tuple[Answer, ...]
    """Of the sentences that are never learned from."""

    @property
    def probability(self) -> float:
        """Of the walked sentence's own label."""
        return float(self.walked.probabilities[self.walked.sentence.label])

    @property
    def right(self) -> int:
        """How many of the test sentences are answered right."""
        return sum(answer.right for answer in self.test)


class Moment:
    """A moment of a run; everything is computed when it is looked at, and kept."""

    def __init__(self, run: Run, number: int) -> None:
        self._run = run
        self.number = number
        """How many updates there were before."""

    @cached_property
    def example(self) -> Example:
        """The example with this moment's numbers, which it starts from when it is learned again."""
        return trained_at(self._run, self.number)

    @property
    def memory(self) -> State | None:
        """What the optimiser of the next update remembers; None: nothing, as where another one made the last."""
        record = self._run.records[self.number]
        return record.state if record.optimiser == self._run.learn.optimizer else None

    def weights(self, query: int, head: int) -> FloatArray:
        """(s,): a query's weights; NaN where they cannot be computed."""
        return self._row("weights", query, head, len(self.example.keys))

    def output(self, query: int) -> FloatArray:
        """(d,): a query's row of the last step; NaN where it cannot be computed."""
        steps = () if self._trace is None else ("projected", "heads", "output")
        last = next((step for step in steps if self._trace is not None and self._trace.has(step)), "output")
        target = learn_of(self.example).target
        return self._row(last, query, 0, 0 if target is None else target.shape[1])

    @cached_property
    def _trace(self) -> Trace | None:
        """The example computed; None where its numbers are too large for that."""
        try:
            return Trace(self.example)
        except ExampleError:
            return None

    def _row(self, step_id: str, query: int, head: int, width: int) -> FloatArray:
        try:
            if self._trace is not None:
                return self._trace.row(step_id, query, head)
        except ExampleError:
            pass  # the numbers of these queries are too large
        return np.full(width, np.nan)

    @cached_property
    def answers(self) -> Answers | None:
        """What is read from the walked sentence and from those of the test; only with labels."""
        learn = learn_of(self.example)
        if learn.objective != "label":
            return None
        found = answers(self.example, (self._walked_sentence(), *learn.test))
        return Answers(found[0], found[1:])

    def _walked_sentence(self) -> LabelledSentence:
        asked = self.example.tokens, self.example.query
        return next(one for one in learn_of(self.example).sentences if (one.tokens, one.query) == asked)
