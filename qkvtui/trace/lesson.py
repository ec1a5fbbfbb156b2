"""An example with a place in it: what a report prints and the application opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..graph.layers import reads_otherwise
from ..records import record
from .stops import StopPlace
from .trace import Trace
from .walk import Place, entered


@record(frozen=True)
class Lesson:
    """An example at a place."""

    trace: Trace
    place: Place
    asked: str
    """The example as it was asked for: a bundled name, a path, or `-`."""
    stops: tuple[StopPlace, ...] = ()
    """The teacher's way through it; empty: the whole walk."""
    others: tuple[int, ...] = ()
    """Queries to be shown beside the place's own."""
    steps: range | None = None
    """Which of the trace's steps it is about, where a layer is left for the next one and met again on the way back."""


def layers_of(lesson: Lesson) -> Iterator[Lesson]:
    """The lesson at each layer from its own on; itself where there is one. A worksheet is about its own only."""
    layers = lesson.trace.layers
    yield lesson
    for layer in range(lesson.trace.example.layer + 1, 0 if layers is None else len(layers)):
        trace = lesson.trace.at_layer(layer)
        place = entered(lesson.trace, trace, lesson.place.query, lesson.place.head)
        others = () if reads_otherwise(lesson.trace.example, trace.example) else lesson.others
        yield replace(lesson, trace=trace, place=place, stops=(), others=others)


def as_walked(lesson: Lesson) -> Iterator[Lesson]:
    """Each layer up to the one that has the loss, and on the way back once more what comes back there."""
    *below, last = layers_of(lesson)
    back = []
    for one in below:
        walk, comes_back = one.trace.walk, one.trace.graph.goes_back
        first = next((at for at, step in enumerate(walk) if step.type.learns), len(walk)) if comes_back else len(walk)
        yield replace(one, steps=range(first)) if comes_back else one
        back += [replace(one, steps=range(first, len(walk)))] if comes_back else []
    yield last
    yield from reversed(back)
