"""What a slip is: a rewriting of the graph, made in one way or in several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ...graph.steps import STEPS
from ...operations.elementwise import Scaled
from ...operations.operation import Operation
from ...operations.softmax import Softmax
from ...records import record
from .changes import Change, Times
from .exercise import Exercise
from .method import Method
from .mistakes import After, Before


class Way(NamedTuple):
    """One way of committing a slip."""

    method: Method
    parts: tuple[str, ...] = ()
    """What of the example it was done to, or with which number, where that is a choice (`b_Q`, `0.25`)."""
    sure: bool = True
    """False for one that is made to fit: it counts only where nothing else does."""


@record(frozen=True)
class Slip:
    """One row of SLIPS."""

    id: str
    kind: str
    """Slips of one kind exclude each other; those of two kinds can be committed together."""
    ways: Callable[[Exercise, Method], Iterable[Way]]
    """The method with this mistake as well: none where it makes no sense for the example, several where it can be
    made in several places."""
    made_at: frozenset[str]
    """The steps at which somebody makes it, or sees it first."""
    usual: bool = False
    """Whether people make it so often that a few digits are enough to think of it, and another slip beside it."""


def ways(slip: Slip, exercise: Exercise, method: Method) -> Iterator[Way]:
    """The ways of committing a slip that change the method at all."""
    return (way for way in slip.ways(exercise, method) if way.method != method)


LETTERS = {"Q": "queries", "K": "keys", "V": "values", "O": next(kind.id for kind in STEPS if kind.needs == "W_O")}
"""The letter of a matrix and its bias → the step that they make."""
PROJECTING = frozenset(LETTERS.values())
SCALING = frozenset(("scaled", "masked", "weights"))
MASKING = frozenset(("masked", "weights"))
WEIGHTS = frozenset(("weights",))
MIXING = frozenset(("output", "heads", LETTERS["O"]))


def choices(everything: tuple[str, ...], *more: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All of it, then `more`, then one at a time; each choice once."""
    found = [everything, *more, *((one,) for one in everything)]
    return (choice for choice in dict.fromkeys(found) if choice)


def before(exercise: Exercise, method: Method, step: str, source: str, change: Change) -> Method:
    """The method with one source of a step changed for this step only."""
    return method.with_changes({step: Before(method.operation(exercise.graph, step), source, change)})


def after(exercise: Exercise, method: Method, changes: Mapping[str, Change]) -> Method:
    """The method with the numbers of some rows changed, for all that comes after them too."""
    return method.with_changes(
        {row: After(method.operation(exercise.graph, row), change) for row, change in changes.items()}
    )


def with_softmax(exercise: Exercise, method: Method, make: Callable[[Softmax], Operation]) -> Iterator[Method]:
    """The method with something else in place of its softmax; none where there is none any more."""
    operation = with_shares(method.operation(exercise.graph, "weights"), make)
    if operation is not None:
        yield method.with_changes({"weights": operation})


def with_shares(weights: Operation, make: Callable[[Softmax], Operation]) -> Operation | None:
    """What makes the weights, with something else in place of the softmax in it."""
    if isinstance(weights, Softmax):
        return make(weights)
    if isinstance(weights, After | Before):
        made = with_shares(weights.made, make)
        return None if made is None else replace(weights, made=made)
    return None


def scores_taken_by(exercise: Exercise) -> str:
    """The step that takes the scores and goes on with them."""
    rows = exercise.graph.rows
    return next(step for step in exercise.worked if "scores" in rows[step].operation.sources)


def scaled_by(exercise: Exercise, method: Method, factor: float) -> Method:
    """The method with another scale, or with one at all."""
    if "scaled" in exercise.worked:
        scaled = method.operation(exercise.graph, "scaled")
        if isinstance(scaled, Scaled):
            return method.with_changes({"scaled": replace(scaled, other=factor)})
        return method
    return before(exercise, method, scores_taken_by(exercise), "scores", Times(factor))
