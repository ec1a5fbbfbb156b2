"""A gradient tried out: one number is moved a little, and the loss is worked out once more."""

from __future__ import annotations

from typing import Literal

from ..engine.arrays import FloatArray, quiet
from ..engine.training import Descent
from ..records import record

_STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""By how much a number is moved, the next where the loss bends too much within the one before."""
_NEAR = 0.01
"""A change of the loss that is no farther from what the gradient says, as a part of that, is in proportion."""
_SEEN = 1e-13
"""A smaller change of the loss, as a part of it, is lost in its last digits."""

Outcome = Literal["straight", "flat", "bent"]
"""The loss changes as the gradient says; not at all; or otherwise, because it bends more than it slopes."""


@record(frozen=True)
class Nudge:
    """One number moved a little: what the loss does, and what its gradient says that it does."""

    before: float
    """The number."""
    step: float
    """What is added to it."""
    loss: float
    loss_after: float
    """Worked out with the moved number, everything else as it was."""
    gradient: float

    @property
    def after(self) -> float:
        """The number when it is moved."""
        return self.before + self.step

    @property
    def change(self) -> float:
        """What the loss does."""
        return self.loss_after - self.loss

    @property
    def said(self) -> float:
        """What the gradient says that the loss does: gradient × step."""
        return self.gradient * self.step

    @property
    def outcome(self) -> Outcome:
        """How near the two are."""
        least = _SEEN * max(1.0, abs(self.loss))
        if abs(self.said) <= least and abs(self.change) <= least:
            return "flat"
        return "straight" if abs(self.change - self.said) <= _NEAR * abs(self.said) else "bent"


@quiet
def nudged(descent: Descent, vector: FloatArray, index: int) -> Nudge:
    """Move one number of `vector`, which is packed as `descent` wants it, and look at the loss.

    By the largest step within which the loss changes in proportion; where there is none, by the first.
    """
    loss, gradient = descent.at(vector)
    tried = (_moved(descent, vector, index, step, loss, float(gradient[index])) for step in _STEPS)
    first = next(tried)
    if first.outcome != "bent":
        return first
    return next((one for one in tried if one.outcome == "straight"), first)


def _moved(descent: Descent, vector: FloatArray, index: int, step: float, loss: float, gradient: float) -> Nudge:
    moved = vector.copy()
    moved[index] += step
    return Nudge(float(vector[index]), step, loss, float(descent.at(moved)[0]), gradient)
