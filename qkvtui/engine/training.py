"""Learning, one update at a time: forward, loss, back, update, again, and every moment can be returned to."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, sqrt
from types import MappingProxyType
from typing import Protocol

from ..records import record
from .arrays import FloatArray, quiet
from .lean import Lean, Packing
from .optimisers import OPTIMISERS, State
from .tasks import Task


class AnyTask(Protocol):
    """What is learned: of one layer, or of several."""

    @property
    def parameters(self) -> Mapping[str, FloatArray]:
        """Where it starts: everything the task needs, what moves and what does not."""

    @property
    def train(self) -> tuple[str, ...]:
        """The names of what moves."""

    def randomly_started(self, seed: int) -> AnyTask:
        """The same task with what moves drawn, whatever it was before."""


class Descent(Protocol):
    """Gives the loss and the gradient of one task: the fast path, or what looks at more than that knows."""

    @property
    def task(self) -> AnyTask:
        """What is being learned."""

    @property
    def packing(self) -> Packing:
        """What moves, as a vector."""

    def at(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """The loss, and the gradient as a vector, where what moves is `vector`."""


@record(frozen=True, eq=False)
class TrainingRecord:
    """One moment of a training run: everything it takes to look into it, or to go on from it.

    It holds two vectors, an optimiser's memory, and nothing twice: the arrays are read-only views of the
    vectors, what does not move is the task's own array, and a pass with all its intermediates is computed when it
    is asked for.
    """

    lean: Descent
    """The task, ready to be computed; the same for the whole run."""
    number: int
    """How many updates there were before: 0 at the start."""
    loss: float
    """The loss with these parameters; inf or nan where the rate was too large, and the run then ends."""
    vector: FloatArray
    """What moves, packed."""
    gradient: FloatArray
    """The gradient of `loss` by what moves, packed likewise."""
    state: State
    """The optimiser's memory after the updates so far."""
    optimiser: str | None = None
    """Whose memory that is; None at the start."""

    @property
    def task(self) -> AnyTask:
        """What is being learned."""
        return self.lean.task

    @property
    def parameters(self) -> Mapping[str, FloatArray]:
        """Every parameter by name, those that move and those that do not; read-only."""
        return MappingProxyType({**self.task.parameters, **self.lean.packing.unpack(self.vector)})

    @property
    def gradients(self) -> Mapping[str, FloatArray]:
        """The gradient of what moves, by name; read-only."""
        return MappingProxyType(self.lean.packing.unpack(self.gradient))

    @property
    def gradient_norms(self) -> dict[str, float]:
        """The Euclidean length of each of the gradients."""
        return {name: sqrt(float((gradient * gradient).sum())) for name, gradient in self.gradients.items()}

    @property
    def finite(self) -> bool:
        """Whether the run can go on from here."""
        return isfinite(self.loss)


@quiet
def start(task: AnyTask, descent: Descent | None = None) -> TrainingRecord:
    """The moment before the first update; `descent` gives its gradient, or of one layer the fast path."""
    lean = descent
    if lean is None:
        assert isinstance(task, Task)
        lean = Lean(task)
    vector = lean.packing.pack(task.parameters)
    loss, gradient = lean.at(vector)
    return TrainingRecord(lean, 0, loss, vector, gradient, State())


@quiet
def update(record: TrainingRecord, optimiser: str = "sgd", rate: float = 0.1) -> TrainingRecord:
    """One update on. The memory of another optimiser is of no use, so this one then starts with none."""
    lean = record.lean
    state = record.state if record.optimiser == optimiser else State()
    vector, state = OPTIMISERS[optimiser](record.vector, record.gradient, state, rate)
    vector.flags.writeable = False
    loss, gradient = lean.at(vector)
    return TrainingRecord(lean, record.number + 1, loss, vector, gradient, state, optimiser)
