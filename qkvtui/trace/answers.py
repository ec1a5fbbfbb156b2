"""What is read from a sentence's output, by the numbers of a file or of a moment of a run."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import Example
from ..graph.layers import last_layer
from ..graph.task import LabelledSentence
from ..records import record
from .learning import walking
from .trace import Trace


@record(frozen=True)
class Answer:
    """What is read from one sentence's output."""

    sentence: LabelledSentence
    probabilities: FloatArray  # (labels,)
    label: int
    """The most probable one."""

    @property
    def right(self) -> bool:
        """Whether it is the sentence's own label."""
        return self.label == self.sentence.label

    @property
    def confidence(self) -> float:
        """The probability of the label that was read."""
        return float(self.probabilities[self.label])

    @property
    def chance(self) -> float:
        """The probability of the sentence's own label."""
        return float(self.probabilities[self.sentence.label])


def answers(example: Example, sentences: tuple[LabelledSentence, ...]) -> tuple[Answer, ...]:
    """What is read from sentences, whether they are learned from or not, with the example's numbers."""
    found = []
    for one in sentences:
        last = Trace(walking(example, one)).at_layer(last_layer(example))
        probabilities = last.row("probabilities", one.query)
        found.append(Answer(one, probabilities, int(np.argmax(probabilities))))
    return tuple(found)
