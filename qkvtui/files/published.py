"""The `[published]` table: numbers that a source printed."""

from __future__ import annotations

import math
import re

from ..graph.example import Example
from ..graph.printed import Published
from ..graph.rows import Graph
from ..graph.steps import PUBLISHED, graph_of
from ..said import say
from .digits import digits_of, step_of
from .draft import Table
from .matrices import ArrayReader
from .names import PRECISION
from .numerals import plain_signs
from .phrases import counted, listed, nearest, quoted
from .plan import PublishedPlan
from .printed import Rows, read_cell, read_rows
from .rounded import read_decimals
from .single import above_0

_CELL = re.compile(r"(?P<step>[^\[［]*)[\[［](?P<inside>.*)[\]］]\s*", re.DOTALL)


def read_published(published: Table, reader: ArrayReader, plan: PublishedPlan) -> Published | None:
    """The published numbers, as far as they are sound; None where the file has none."""
    if not published.values:
        return None
    names = [name for name in published.values if name not in PRECISION]
    if not names:
        published.draft.report(
            "published", say("has no numbers"), say("name a step, as in weights = {{ it = [0.4, 0.6] }}")
        )
    rows: dict[str, Rows] = {}
    for name in (one for one in names if not _CELL.fullmatch(one)):
        step = _step_of(name, name, published, plan)
        if step is None:
            continue
        if step in rows:
            published.report(_shown(name), say("is {step} again", step=step), say("without @, head 0 is meant"))
        rows[step] = read_rows(published.values[name], published.place_of(_shown(name)), step, reader, plan)
    for name, found in ((one, found) for one in names if (found := _CELL.fullmatch(one))):
        step = _step_of(found["step"], name, published, plan)
        if step is not None:
            place, of_step = published.place_of(_shown(name)), rows.setdefault(step, {})
            read_cell(published.values[name], place, step, found["inside"], of_step, plan, published.draft)
    steps = tuple(dict.fromkeys(map(step_of, rows)))
    decimals = read_decimals(published, steps, "weights = 2, output = 1")
    written = digits_of({name: published.values[name] for name in names})
    return Published(_printed_only(rows), decimals, _read_tolerance(published), written)


def _printed_only(rows: dict[str, Rows]) -> dict[str, Rows]:
    """Without rows that a source left out as a whole."""
    return {
        step: {row: numbers for row, numbers in of_step.items() if not all(map(math.isnan, numbers))}
        for step, of_step in rows.items()
    }


def refuse_others(published: Table, example: Example) -> None:
    """Report numbers of steps that a sound example turns out not to have, or of another width than they have."""
    if example.published is None:
        return
    graph = graph_of(example)
    for name, rows in example.published.rows.items():
        step = step_of(name)
        if step not in graph.rows:
            published.report(
                _shown(name), say("is no step of this example"), say("it has {names}", names=listed(list_of(graph)))
            )
            continue
        width = graph.shape(step)[1]
        for values in rows.values():
            if len(values) != width:
                published.report(
                    _shown(name),
                    say("has {numbers} in a row", numbers=counted(len(values), "number")),
                    say("it has {width}", width=width),
                )
                break


def list_of(graph: Graph) -> tuple[str, ...]:
    """The steps of a graph that can be published."""
    return tuple(row.id for row in graph.steps if row.id in PUBLISHED)


def _step_of(of_step: str, name: str, published: Table, plan: PublishedPlan) -> str | None:
    """The step, with its head if not the first, that a name stands for; None after reporting another name.

    `of_step` is the name, without the cell that it may name.
    """
    step, at, head = plain_signs(of_step).strip().partition("@")
    if published.draft.is_full:
        published.draft.report_more(1)
    elif step not in PUBLISHED:
        meant = nearest(step, (*PUBLISHED, *PRECISION))
        expected = (
            say("did you mean {meant}?", meant=quoted(meant))
            if meant
            else say("those are {names}", names=listed(tuple(PUBLISHED)))
        )
        published.report(_shown(name), say("is not a step with numbers"), expected)
    elif step in plan.absent:
        published.report(_shown(name), say("is no step of this example, because {reason}", reason=plan.absent[step]))
    elif not at:
        return step
    elif not PUBLISHED[step].per_head:
        published.report(_shown(name), say("names a head"), say("{step} belongs to all heads together", step=step))
    else:
        return _with_head(name, step, head, published, plan)
    return None


def _with_head(name: str, step: str, head: str, published: Table, plan: PublishedPlan) -> str | None:
    heads = plan.sizes.heads
    if head.isascii() and head.isdigit() and len(head) < len("100000") and (heads is None or int(head) < heads):
        return f"{step}@{int(head)}" if int(head) else step
    there = (
        say("one number after the @")
        if heads is None
        else say("the heads are 0 to {last}, counted from 0", last=heads - 1)
    )
    published.report(
        _shown(name),
        say("there is no head {head}", head=quoted(head)),
        there if heads != 1 else say("there is one head, 0"),
    )
    return None


def _read_tolerance(published: Table) -> float | None:
    """How far computed numbers may be off, where the file says so."""
    if "tolerance" not in published:
        return None
    if "decimals" in published:
        published.report("tolerance", say("is given together with decimals"), say("give one of the two"))
        return None
    return above_0(published, "tolerance", say("it is a number above 0, such as 0.01"))


def _shown(name: str) -> str:
    return quoted(name)[1:-1]
