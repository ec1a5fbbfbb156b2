"""The layers of one model, each worked when it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Generic, Protocol, TypeVar

from ..engine.arrays import FloatArray
from ..engine.stopping import go_on_if_wanted
from ..graph.block import end_of
from ..graph.example import Example
from ..graph.rows import Graph

T = TypeVar("T")


class Layers(Generic[T]):
    """All layers of the model that a trace is a layer of; several threads may look at them."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count = count
        self._make = make
        self._known: dict[int, T] = {}
        self._lock = RLock()

    def __len__(self) -> int:
        return self._count

    def trace(self, layer: int) -> T:
        """The trace of one layer, worked as the others are."""
        for below in range(layer + 1):  # from below, so that a deep model needs no deep stack
            if below not in self._known:
                go_on_if_wanted()
                with self._lock:
                    if below not in self._known:
                        self._known[below] = self._make(below)
        return self._known[layer]

    def add(self, layer: int, trace: T) -> None:
        """One more that is known, once it can be looked at."""
        self._known[layer] = trace


class WorkedLayer(Protocol):
    """A layer that is worked."""

    graph: Graph

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        """All rows of a step."""


WorkedT = TypeVar("WorkedT", bound=WorkedLayer)


def coming_in(example: Example, layers: Layers[WorkedT]) -> dict[str, FloatArray]:
    """X (t, m), which the layer before left, and Y (s, m), where a decoder looks at what the encoder left."""
    found = {}
    if not example.is_first:
        found["X"] = layers.trace(example.layer - 1).matrix("left")
    if example.context_layer is not None:
        encoder = layers.trace(example.context_layer)
        found["Y"] = encoder.matrix(end_of(encoder.graph.example.readout))
    return found
