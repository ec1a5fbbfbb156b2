"""A trace as JSON, format 1: every number in full precision, −∞ as null; of a worksheet, its blanks as null too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import __version__
from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.settingtables import variants
from ..operations.operation import Drawing
from ..said import say
from ..trace.addresses import format_address, value_at
from ..trace.attends import Attended
from ..trace.conditions import is_masked
from ..trace.labels import labels_of, step_labels
from ..trace.parts import Step
from ..trace.published import Comparison, comparisons
from ..trace.trace import Trace
from .request import PrintedLesson, Request

if TYPE_CHECKING:
    from ..pages.scene import Scene


FORMAT = 1
_BEST_WORDS = 10
"""Of many words so many of each row are written, whichever are most probable there."""
LARGEST_STEP = 1 << 20
"""Numbers of one step that are written: 1,024 × 1,024. A matrix of thousands of tokens would take gigabytes."""
Json = dict[str, Any]


def lessons(printed: Sequence[PrintedLesson], request: Request) -> str:
    """One object for one example and query, an array for several."""
    objects = [
        _lesson(replace(one, lesson=replace(one.lesson, place=replace(one.lesson.place, query=query))), request)
        for one in printed
        for query in (one.lesson.place.query, *one.lesson.others)
    ]
    return json_text(objects[0] if len(objects) == 1 else objects)


def json_text(value: object) -> str:
    """JSON on one line, readable where that is safe: what could steer a terminal is written as \\u…."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return (text if clean_line(text) == text else json.dumps(value, allow_nan=False)) + "\n"


def finite(value: float) -> float | None:
    """The number, or None for an infinity, which JSON has no word for."""
    return float(value) if np.isfinite(value) else None


def head_of(one: Comparison, trace: Trace | None) -> Json:
    """Which head a published number belongs to, where there are several, and which layer."""
    if trace is None:
        return {}
    layer = {} if trace.layers is None else {"layer": trace.example.layer}
    return {**layer, "head": one.head} if trace.shape.heads > 1 else layer


def _lesson(printed: PrintedLesson, request: Request) -> Json:
    trace, place, scene = printed.lesson.trace, printed.lesson.place, printed.scene
    steps = [step for step in printed.steps if step.type.has_numbers]
    refuse_too_large(steps, trace, LARGEST_STEP, "json")
    source = trace.example.source
    found: Json = {
        "format": FORMAT,
        "program": f"qkvtui {__version__}",
        "example": {
            "name": trace.example.name,
            "title": trace.example.title.in_language(request.look.language),
            "source": None if source is None else source.in_language(request.look.language),
        },
        "tokens": list(trace.example.tokens),
        "context": list(trace.example.keys),
        "query": {"index": place.query, "token": trace.example.tokens[place.query]},
        "head": place.head,
        "heads": trace.shape.heads,
        **({} if trace.layers is None else {"layer": trace.example.layer, "layers": len(trace.layers)}),
        "settings": _settings(trace),
    }
    if request.all_heads:
        found["heads_detail"] = [
            {
                "head": head,
                "steps": [_step(scene, step, head) for step in steps if step.type.per_head],
                "attends": _attends(scene, head),
            }
            for head in range(trace.shape.heads)
        ]
        steps = [step for step in steps if not step.type.per_head]
    found["steps"] = [_step(scene, step, place.head) for step in steps]
    found["attends"] = _attends(scene, place.head)
    found["published"] = _published(scene, printed)
    if printed.asked is not None:
        found["sheet"] = printed.sheet
        found["answers"] = {
            format_address(trace, cell): _answer(value_at(trace, cell)) if request.key else None
            for cell in printed.asked.cells
        }
    return found


def _answer(value: float) -> float | str:
    """A number as `check --answers` reads it, where null stands for none."""
    return float(value) if np.isfinite(value) else str(value)


def _settings(trace: Trace) -> Json:
    shape = trace.shape
    return {
        "d_model": shape.d_model,
        "d_k": shape.d_k,
        "d_v": shape.d_v,
        "scale": trace.factor,
        "causal": trace.example.attention.causal,
        "masked": is_masked(trace.example),
        **variants(trace.example.attention),
    }


def columns_written(trace: Trace, step: Step) -> Sequence[int]:
    """The columns of a step that programs are told: all, or of many words those that are among the first in a row."""
    if not step.ranks_words:
        return range(step.shape[1])
    best = (np.argsort(-trace.row(step.id, row), kind="stable")[:_BEST_WORDS] for row in range(step.shape[0]))
    return sorted({index for row in best for index in row.tolist()})


def refuse_too_large(steps: Sequence[Step], trace: Trace, most: int, name: str) -> None:
    """Refuse steps of more numbers than a format can write. Raises UsageError that says which steps it can."""
    for step in steps:
        rows, columns = step.shape[0], len(columns_written(trace, step))
        if rows * columns > most:
            smaller = [one.id for one in trace.steps if one.shape[0] * one.shape[1] <= most]
            raise UsageError(
                say(
                    "--format {format}: {step} has {rows} × {columns} numbers, and a step may have {most}; "
                    "--step {steps} leaves it out",
                    format=name,
                    step=step.id,
                    rows=rows,
                    columns=columns,
                    most=most,
                    steps=",".join(one for one in smaller if one != "summary") or "summary",
                )
            )


def _step(scene: Scene, step: Step, head: int) -> Json:
    example, language, chosen = scene.trace.example, scene.room.language, columns_written(scene.trace, step)
    own_head = head if step.type.per_head else 0
    found: Json = {
        "id": step.id,
        "symbol": step.symbol,
        "formula": step.formula,
        **_table(*step_labels(scene.trace, step, language, own_head), scene.matrix(step.id, own_head), chosen),
    }
    if len(chosen) < step.shape[1]:
        found |= {"indices": list(chosen), "of_columns": step.shape[1]}
    if step.type.kind is Drawing.GIVEN and "Y" in example.inputs:
        rows, columns = labels_of(scene.trace, "Y", language)
        found["context"] = {"symbol": "Y", **_table(rows, columns, example.inputs["Y"])}
    return found


def _table(
    rows: Sequence[str], columns: Sequence[str], values: FloatArray, chosen: Sequence[int] | None = None
) -> Json:
    if chosen is not None and len(chosen) < len(columns):
        columns, values = [columns[index] for index in chosen], values[:, list(chosen)]
    return {
        "shape": list(values.shape),
        "rows": list(rows),
        "columns": list(columns),
        "values": [[finite(value) for value in row] for row in values.tolist()],
    }


def _attends(scene: Scene, head: int) -> list[Json]:
    found = scene.attends(scene.place.query, head)
    ranked = () if found is None else found.ranked
    return list(map(share_object, ranked))


def share_object(share: Attended) -> Json:
    """Whom a token looks at, and how much of its attention it gets."""
    return {"index": share.index, "token": share.token, "weight": share.weight}


def _published(scene: Scene, printed: PrintedLesson) -> list[Json]:
    chosen = {step.id for step in printed.steps}
    return [
        {
            "step": one.step,
            **head_of(one, scene.trace),
            "row": one.row,
            "column": one.column,
            "published": finite(one.published),
            "computed": finite(one.computed),
            "agrees": one.agrees,
        }
        for one in comparisons(scene.trace)
        if one.step in chosen and not scene.touches(one.step, one.head)
    ]
