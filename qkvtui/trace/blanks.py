"""Fading: which numbers of a lesson are left to the learner, and which others would give them away."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..errors import UsageError
from ..files.phrases import nearest, with_commas
from ..operations.tensors import Address, Axis
from ..records import record
from ..said import say
from .address_names import known_steps
from .hidden import Hidden, Part
from .parts import Step
from .terms import is_computed, logits_step
from .trace import Trace
from .walk import Place

LAST, ALTERNATE, ALL = "last", "alternate", "all"
LEVELS = (LAST, ALTERNATE, ALL)
MOST_ROWS, MOST_COLUMNS = 6, 3
"""Keys and values up to this size are asked for whole; of larger ones only the current key's row."""


@record(frozen=True)
class Blanks:
    """What a worksheet asks for."""

    steps: tuple[str, ...]
    """The ids of the steps with blanks."""
    cells: tuple[Address, ...]
    """The numbers to be filled in, in the order of the steps, head by head."""
    hidden: Hidden
    """These numbers, and all that would give them away."""

    def of_step(self, step_id: str, head: int) -> tuple[Address, ...]:
        """The blanks of one step in one head."""
        return tuple(cell for cell in self.cells if (cell.name, cell.head) == (step_id, head))


def blanks(
    trace: Trace, place: Place, level: str, *, heads: Sequence[int] = (0,), shown: Sequence[str] | None = None
) -> Blanks:
    """The blanks of a level of LEVELS, or of steps named with commas between them.

    Asked for is the query's row; of keys and values every row where they are small, so that no number is needed that
    was not worked out, and else the current key's row, with the others as examples beside it. Raises UsageError for
    steps that there are not, or that nothing is computed at.
    """
    steps = _steps(trace, level, shown)
    cells = tuple(
        cell
        for step in steps
        for head in (heads if step.type.per_head else (0,))
        for row in _rows(step, place)
        for cell in (Address(step.id, row, column, head) for column in range(step.shape[1]))
    )
    return Blanks(tuple(step.id for step in steps), cells, _hidden(trace, place, steps, heads))


def left_blank(trace: Trace, place: Place, steps: Sequence[str]) -> Hidden:
    """What is not shown where these steps are blank, in the head one looks at."""
    return blanks(trace, place, ",".join(steps), heads=(place.head,)).hidden


def neutral_key(trace: Trace, query: int, head: int = 0) -> int:
    """A token for the query to look at that says nothing of its weights: the first other one that it may look at."""
    own = None if trace.example.context is not None else query
    allowed = [
        key for key, added in enumerate(trace.mask_row(query, head).tolist()) if added > -math.inf and key != own
    ]
    return allowed[0] if allowed else own or 0


def computed_steps(trace: Trace) -> tuple[Step, ...]:
    """The steps at which there is something to compute: not those that are given, copied or a summary."""
    return tuple(
        step for step in trace.steps if not step.type.learns and step.type.has_numbers and is_computed(trace, step.id)
    )


def _steps(trace: Trace, level: str, shown: Sequence[str] | None) -> tuple[Step, ...]:
    computed = tuple(step for step in computed_steps(trace) if shown is None or step.id in shown)
    if level in LEVELS:
        if not computed:
            raise UsageError(say("--blank {level}: nothing is computed at these steps", level=level))
        return {LAST: computed[-1:], ALTERNATE: computed[1::2] or computed, ALL: computed}[level]
    asked = tuple(part.strip() for part in level.split(","))
    ids = [step.id for step in computed]
    for name in asked:
        if name not in ids:
            known = name in known_steps()
            what = say("there is nothing to fill in at this step") if known else say("there is no such step")
            meant = None if known else nearest(name, (*LEVELS, *ids))
            expected = (
                say("there are {names}", names=with_commas((*LEVELS, *ids)))
                if meant is None
                else say("did you mean {meant}?", meant=meant)
            )
            raise UsageError(say("--blank {name}: {what}; {expected}", name=name, what=what, expected=expected))
    return tuple(step for step in computed if step.id in asked)


def _rows(step: Step, place: Place) -> range:
    """The rows that are asked for."""
    if step.type.rows is Axis.QUERY:
        return range(place.query, place.query + 1)
    if _is_small(step):
        return range(step.shape[0])
    return range(place.key, place.key + 1)


def _is_small(step: Step) -> bool:
    return step.shape[0] <= MOST_ROWS and step.shape[1] <= MOST_COLUMNS


def _hidden(trace: Trace, place: Place, steps: Sequence[Step], heads: Sequence[int]) -> Hidden:
    """All rows of each step, not only the asked one: another token's row may be the same one."""
    parts: list[Part] = []
    for step in steps:
        rows = None if step.type.rows is Axis.QUERY or _is_small(step) else _rows(step, place)
        parts.extend(Part(step.id, head, rows) for head in (heads if step.type.per_head else (0,)))
    parts.extend(_copies(trace, [part.name for part in parts], heads))
    names = {part.name for part in parts}
    if "weights" in names:
        parts.extend(Part(stage, head) for stage in ("exp", "sum") for head in heads)
    if "weights" in names or logits_step(trace) in names:
        parts.extend(Part("max", head) for head in heads)
    return Hidden(tuple(parts))


def _copies(trace: Trace, names: Sequence[str], heads: Sequence[int]) -> Iterator[Part]:
    """The same numbers in steps that are not asked for: unchanged by the step, or side by side."""
    same = set(names)
    if "scores" in same and trace.has("scaled") and trace.scale == 1 and "scaled" not in same:
        same.add("scaled")
        yield from (Part("scaled", head) for head in heads)
    source = trace.graph.rows["masked"].operation.sources[0] if trace.has("masked") else ""
    if source in same and "masked" not in same:
        yield from (Part("masked", head) for head in heads)
    if "output" in same and trace.has("heads"):
        width = trace.shape.d_v
        yield from (Part("heads", 0, None, range(head * width, (head + 1) * width)) for head in heads)


def rows_of(trace: Trace, cells: Sequence[Address]) -> tuple[Address, ...]:
    """The whole row of each of these cells, in the order of the steps: what the sheet that they come from asks for."""
    rows = {(cell.name, cell.head, cell.row) for cell in cells}
    order = [step.id for step in trace.steps]
    return tuple(
        Address(name, row, column, head)
        for name, head, row in sorted(rows, key=lambda one: (order.index(one[0]), *one[1:]))
        for column in range(trace.step(name).shape[1])
    )
