"""The same example with other numbers where numbers are hidden: whatever shows the same for both does not tell them."""

from __future__ import annotations

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.trace.hidden import Hidden
from qkvtui.trace.parts import SoftmaxRow
from qkvtui.trace.terms import logits_step
from qkvtui.trace.trace import Trace


class Altered(Trace):
    """The same example, but the hidden numbers, and only they, are others."""

    def __init__(self, trace: Trace, hidden: Hidden) -> None:
        super().__init__(trace.example)
        self._plain = trace
        self._hidden = hidden

    def row(self, step_id: str, row: int, head: int = 0) -> FloatArray:
        name = "weights" if step_id == "summary" else step_id
        head = head if self.per_head(step_id) else 0
        found = self._altered(name, row, head, self._plain.row(step_id, row, head))
        weighed = self._hidden.touches("weights", head) or self._hidden.touches("d_weights", head)
        return found + 1 if step_id == "mean" and weighed else found

    def column(self, name: str, column: int, head: int = 0) -> FloatArray:
        return self.matrix(name, head)[:, column]

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        return np.stack([self.row(step_id, row, head) for row in range(self.size_of(step_id)[0])])

    def softmax_row(self, row: int, head: int = 0) -> SoftmaxRow:
        stages = super().softmax_row(row, head)
        sums, maxima = (self._hidden.hides(name, row, 0, head) for name in ("sum", "max"))
        shifts = maxima or self._hidden.touches("exp", head)
        return SoftmaxRow(
            scores=self._altered(logits_step(self), row, head, stages.scores),
            maxima=stages.maxima + maxima,
            shifted=stages.shifted + shifts,
            exponentials=self._altered("exp", row, head, stages.exponentials),
            totals=stages.totals + sums,
            weights=self._altered("weights", row, head, stages.weights),
        )

    def _altered(self, name: str, row: int, head: int, values: FloatArray) -> FloatArray:
        hides = [self._hidden.hides(name, row, column, head) for column in range(len(values))]
        if name == "weights" and all(hides):
            return np.roll(values, 1)  # they still add up to 1
        return np.where(hides, np.where(np.isfinite(values), values + 1, 0.0), values)
