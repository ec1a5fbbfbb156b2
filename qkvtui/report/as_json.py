"""A trace as JSON, format 1: every number in full precision, −∞ as null."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .. import __version__
from ..engine.arrays import FloatArray
from ..trace.attends import attends
from ..trace.published import comparisons
from ..trace.steps import is_masked
from ..trace.trace import Step, Trace
from .request import Lesson, Request

FORMAT = 1
Json = dict[str, Any]


def lessons_as_json(request: Request) -> str:
    """One object for one example, an array for several."""
    objects = [_lesson(lesson, request) for lesson in request.lessons]
    return json.dumps(objects[0] if len(objects) == 1 else objects, ensure_ascii=False, allow_nan=False) + "\n"


def finite(value: float) -> float | None:
    """The number, or None for an infinity, which JSON has no word for."""
    return float(value) if np.isfinite(value) else None


def _lesson(lesson: Lesson, request: Request) -> Json:
    trace, place = lesson.trace, lesson.place
    steps = [step for step in request.steps_of(trace) if step.id != "summary"]
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
        "settings": _settings(trace),
    }
    if request.all_heads:
        found["heads_detail"] = [
            {
                "head": head,
                "steps": [_step(trace, step, head) for step in steps if step.type.per_head],
                "attends": _attends(trace, place.query, head),
            }
            for head in range(trace.shape.heads)
        ]
        steps = [step for step in steps if not step.type.per_head]
    found["steps"] = [_step(trace, step, place.head) for step in steps]
    found["attends"] = _attends(trace, place.query, place.head)
    found["published"] = _published(trace, request)
    return found


def _settings(trace: Trace) -> Json:
    shape = trace.shape
    return {
        "d_model": shape.d_model,
        "d_k": shape.d_k,
        "d_v": shape.d_v,
        "scale": 1.0 if trace.scale is None else trace.scale,
        "causal": trace.example.attention.causal,
        "masked": is_masked(trace.example),
    }


def _step(trace: Trace, step: Step, head: int) -> Json:
    found = {
        "id": step.id,
        "symbol": step.symbol,
        "formula": step.formula,
        **_table(step.row_labels, step.column_labels, trace.matrix(step.id, head)),
    }
    if step.id == "embeddings" and "Y" in trace.example.inputs:
        found["context"] = {
            "symbol": "Y",
            **_table(trace.example.keys, step.column_labels, trace.example.inputs["Y"]),
        }
    return found


def _table(rows: tuple[str, ...], columns: tuple[str, ...], values: FloatArray) -> Json:
    return {
        "shape": list(values.shape),
        "rows": list(rows),
        "columns": list(columns),
        "values": [[finite(value) for value in row] for row in values.tolist()],
    }


def _attends(trace: Trace, query: int, head: int) -> list[Json]:
    ranked = attends(trace, query, head).ranked
    return [{"index": one.index, "token": one.token, "weight": one.weight} for one in ranked]


def _published(trace: Trace, request: Request) -> list[Json]:
    chosen = {step.id for step in request.steps_of(trace)}
    return [
        {
            "step": one.step,
            **({"head": one.head} if trace.shape.heads > 1 else {}),
            "row": one.row,
            "column": one.column,
            "published": finite(one.published),
            "computed": finite(one.computed),
            "agrees": one.agrees,
        }
        for one in comparisons(trace)
        if one.step in chosen
    ]
