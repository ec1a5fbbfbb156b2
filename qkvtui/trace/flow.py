"""How the steps of a lesson hang together: what they begin with, three lanes, where these meet, and what follows."""

from __future__ import annotations

from ..operations.given import Given
from ..operations.operation import Drawing
from ..records import record
from .parts import Step
from .trace import Trace


@record(frozen=True)
class Lane:
    """What becomes of the queries, the keys or the values, from the projection to where they meet others."""

    role: str
    """`queries`, `keys` or `values`."""
    source: str
    """The input that is projected, `X`, `Y` or `Z`; empty where the file gives the result, or a step comes before."""
    steps: tuple[Step, ...]


@record(frozen=True)
class Flow:
    """All steps of a lesson, each at its place in the computation."""

    root: tuple[Step, ...]
    """What the lanes begin with; none where the file gives what is in them."""
    lanes: tuple[Lane, ...]
    """The last one is that of the values; those before it meet in the first step of the middle."""
    middle: tuple[Step, ...]
    """From the scores to the weights."""
    after: tuple[Step, ...]
    """From where the values join, on to the answer."""
    learning: tuple[Step, ...]
    """The loss and the way back."""

    @property
    def meeting(self) -> tuple[Lane, ...]:
        """The lanes that meet in the scores; none where the file gives these."""
        return self.lanes[:-1]


def flow_of(trace: Trace) -> Flow:
    """The flow of a trace, read off its graph."""
    forward = [step for step in trace.steps if not step.type.learns]
    softmax, mixing = (_first(forward, kind) for kind in (Drawing.SOFTMAX, Drawing.WEIGHTED_SUM))
    middle = _back(trace, softmax.id)
    scores = trace.graph.rows[middle[0].id].operation
    ends = [name for name in scores.sources if trace.has(name)]
    values = next(name for name in mixing.type.operation.sources if trace.has(name) and name != softmax.id)
    ways = [_back(trace, name) for name in (*ends, values)]
    shared = {step.id for way in ways for step in way if _begins(step) or _is_in_others(step, way, ways)}
    roles = ("queries", "keys")[: len(ends)]
    lanes = [
        Lane(role, _source(trace, way, shared), tuple(step for step in way if step.id not in shared))
        for role, way in zip((*roles, "values"), ways, strict=True)
    ]
    placed = {step.id for part in (middle, *(lane.steps for lane in lanes)) for step in part}
    rest = [step for step in forward if step.id not in placed]
    return Flow(
        tuple(step for step in rest if step.number < middle[0].number),
        tuple(lanes),
        tuple(middle),
        tuple(step for step in rest if step.number > middle[0].number),
        tuple(step for step in trace.steps if step.type.learns),
    )


def _first(steps: list[Step], kind: Drawing) -> Step:
    return next(step for step in steps if step.type.kind is kind)


def _back(trace: Trace, name: str) -> list[Step]:
    """The steps that lead to this one, it included, as far back as each has one step before it."""
    found = [trace.step(name)]
    while len(before := [one for one in found[0].type.operation.sources if trace.has(one)]) == 1:
        found.insert(0, trace.step(before[0]))
    return found


def _begins(step: Step) -> bool:
    return step.type.kind is Drawing.GIVEN


def _is_in_others(step: Step, way: list[Step], ways: list[list[Step]]) -> bool:
    return any(step in other for other in ways if other is not way)


def _source(trace: Trace, way: list[Step], shared: set[str]) -> str:
    """The input that a lane begins with, where it does not begin with what the file gives for it."""
    own = [step for step in way if step.id not in shared]
    operation = (own or way)[0].type.operation
    is_input = trace.is_leaf(operation.sources[0]) and not (own and isinstance(operation, Given))
    return operation.sources[0] if is_input else ""
