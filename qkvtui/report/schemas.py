"""What the JSON of the commands looks like, as JSON Schema 2020-12: for programs that read it, and who write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .as_json import FORMAT

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": ["number", "null"], "description": "in full precision; null: -infinity, or a blank"}


def schema_text(command: str) -> str:
    """The schema of the JSON of a command."""
    schema = {"$schema": _DIALECT, "title": f"qkvtui {command} --format json", **_SCHEMAS[command]()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _list_of(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(required: Schema, optional: Schema | None = None, **more: Any) -> Schema:
    """An object that has all of `required`, may have what is `optional`, and nothing else."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _by_name(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _rows_of(numbers: Schema) -> Schema:
    """Numbers in lists, as deep as the array has axes."""
    return {"anyOf": [numbers, _list_of(numbers), _list_of(_list_of(numbers)), _list_of(_list_of(_list_of(numbers)))]}


_EXAMPLE = _object({"name": _TEXT, "title": _TEXT}, {"source": {"type": ["string", "null"]}})
_QUERY = _object({"index": _COUNT, "token": _TEXT}, description="the token that asks")
_HEADER: Schema = {
    "format": {"const": FORMAT},
    "program": _TEXT,
    "example": _EXAMPLE,
    "tokens": _list_of(_TEXT),
    "context": _list_of(_TEXT, description="the tokens that are attended to"),
    "query": _QUERY,
}
_ATTENDS = _list_of(
    _object({"index": _COUNT, "token": _TEXT, "weight": {"type": "number"}}),
    description="whom the query attends to, the largest weight first; empty where a blank would be told",
)
_CELL: Schema = {"step": _TEXT, "row": _COUNT, "column": _COUNT}
_OF_HEAD: Schema = {name: {**_COUNT, "description": "where there are several"} for name in ("head", "layer")}


def _table(**more: Schema) -> Schema:
    return {
        "symbol": _TEXT,
        **more,
        "shape": _list_of(_COUNT, minItems=2, maxItems=2),
        "rows": _list_of(_TEXT, description="what the rows are called"),
        "columns": _list_of(_TEXT, description="what the columns are called"),
        "values": _list_of(_list_of(_NUMBER), description="row by row"),
    }


_OF_WORDS: Schema = {
    "indices": _list_of(_COUNT, description="of many words only the most probable ones are written: which columns"),
    "of_columns": {**_COUNT, "description": "how many columns there are, where not all are written"},
}


def _of_print() -> Schema:
    steps = _list_of(_object({"id": _TEXT, **_table(formula=_TEXT)}, {"context": _object(_table()), **_OF_WORDS}))
    settings = _object(
        {
            "d_model": {"type": ["integer", "null"], "description": "null where there is no X"},
            **dict.fromkeys(("d_k", "d_v"), _COUNT),
            "scale": {"type": "number", "description": "what scores are multiplied by"},
            "causal": {"enum": [True, False, "first", "last"]},
            "masked": _FLAG,
        },
        additionalProperties={"description": "a variant of attention, as it stands in the file"},
    )
    published = _object(
        {**_CELL, "published": _NUMBER, "computed": _NUMBER, "agrees": _FLAG},
        _OF_HEAD,
        description="a number that a source printed",
    )
    lesson = _object(
        {
            **_HEADER,
            "head": _COUNT,
            "heads": {"type": "integer", "minimum": 1},
            "settings": settings,
            "steps": steps,
            "attends": _ATTENDS,
            "published": _list_of(published),
        },
        {
            "layer": {"type": "integer", "minimum": 0, "description": "of an example with several; an object for each"},
            "layers": {"type": "integer", "minimum": 2},
            "heads_detail": _list_of(_object({"head": _COUNT, "steps": steps, "attends": _ATTENDS})),
            "sheet": {**_TEXT, "description": "the command line that makes the same worksheet"},
            "answers": _by_name({"type": ["number", "string", "null"]}),
        },
    )
    return {
        "anyOf": [{"$ref": "#/$defs/lesson"}, _list_of({"$ref": "#/$defs/lesson"})],
        "description": "one lesson; a list where there are several examples or queries",
        "$defs": {"lesson": lesson},
    }


def _of_why() -> Schema:
    number: Schema = {"address": _TEXT, "value": _NUMBER}
    terms = _list_of({"$ref": "#/$defs/number"})
    opened: Schema = {"see": _TEXT, "count": {**_COUNT, "description": "how many terms, where not all are listed"}}
    return {
        "$ref": "#/$defs/number",
        "$defs": {
            "number": {
                "oneOf": [
                    _object({**number, "given": _TEXT}, description="a number of the file, and where it stands there"),
                    _object({**number, "operation": _TEXT, "terms": terms}, opened, description="what it came from"),
                ]
            }
        },
    }


def _of_check() -> Schema:
    numbers = _list_of(_NUMBER)
    explanation = _object(
        {"slips": _list_of(_TEXT), "parts": _list_of(_TEXT), "gives": _NUMBER, "row": _or_null(numbers)}
    )
    finding = _object(
        {
            **_CELL,
            "cells": _COUNT,
            "explanations": _list_of(explanation),
            "printed": _or_null(numbers),
            "right": _or_null(numbers),
        },
        _OF_HEAD,
    )
    first = _object({**_CELL, "published": _NUMBER, "computed": _NUMBER}, _OF_HEAD)
    file = _object(
        {
            "path": _TEXT,
            "valid": _FLAG,
            "errors": _list_of(_TEXT),
            "published": {**_COUNT, "description": "how many numbers a source printed"},
            "disagree": {**_COUNT, "description": "how many of them do not hold"},
            "first_wrong": _or_null(first),
            "slips": _list_of(_TEXT),
            "findings": _list_of(finding),
            "clues": _list_of(_object({"clue": _TEXT, "step": _TEXT}, {"number": _NUMBER})),
        }
    )
    return _object({"files": _list_of(file)})


def _of_learn() -> Schema:
    numbers = _rows_of(_NUMBER)
    weights = _object(dict.fromkeys(("before", "after"), _list_of(_list_of(_NUMBER))))
    answer = _object(
        {
            "tokens": _list_of(_TEXT),
            "query": _QUERY,
            "label": _TEXT,
            "answer": _TEXT,
            "right": _FLAG,
            "probabilities": _by_name(_NUMBER),
        }
    )
    answers = _object(dict.fromkeys(("before", "after"), _list_of(answer)))
    by_head = _object(dict.fromkeys(("before", "after"), _list_of(_list_of(_list_of(_NUMBER)))))
    return _object(
        {
            **_HEADER,
            "objective": {"enum": ["attention", "output", "label", "word"]},
            "train": _list_of(_TEXT, description="what moves"),
            "start": {"enum": ["given", "random"]},
            "seed": {"type": ["integer", "null"]},
            "optimizer": {"enum": ["sgd", "momentum", "adam"]},
            "rate": {"type": "number"},
            "steps": _COUNT,
            "broken": {"type": ["integer", "null"], "description": "the update whose loss is no number; null: none"},
            "losses": _list_of(_NUMBER, description="before the first update, and after each"),
            "least_loss": {"type": ["number", "null"]},
            "gradients": {**_by_name(numbers), "description": "at the start"},
            "parameters": {**_by_name(numbers), "description": "at the end"},
            "head": _COUNT,
            "weights": weights,
        },
        {
            "weights_by_head": by_head,
            "layer": _COUNT,
            "weights_by_layer": _list_of(by_head, description="of a file with several layers: of each, of all heads"),
            "answers": answers,
            "answers_learned_from": answers,
        },
    )


_SCHEMAS: dict[str, Callable[[], Schema]] = {
    "print": _of_print,
    "why": _of_why,
    "check": _of_check,
    "learn": _of_learn,
}
