"""An example from values of Python: lists, arrays and tensors, under the names that the file format has for them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..engine.arrays import as_written
from ..errors import ExampleError, Problem
from ..graph.example import Example
from ..said import say
from .clean import clean_line, short_title
from .layout import json_text
from .names import TABLES
from .npy import AnyArray
from .npz import Archive
from .phrases import nearest
from .read import FORMAT, parse_example

MOST_WRITTEN = 4096
"""Numbers of all arrays together that a file still has as lists; more lie in a file of arrays beside it."""
_FILE = "arrays.npz"
_TABLES = ("", "inputs", "parameters", "attention")
_SMALL_FLOATS = ("float16", "bfloat16")
"""Types whose numbers float32 holds exactly, and files do not have."""


def built_example(tokens: Sequence[str] | str, values: Mapping[str, object], *, name: str) -> Example:
    """The example that a file with these values would give.

    `tokens` may be one text, with blanks between them. `values` are by the names of the format, whatever table they
    stand in; what is None is left out. Raises ExampleError, for the file `name`, with all mistakes as for a file.
    """
    plain = {
        each: _plain(value, each, name) for each, value in {"tokens": tokens, **values}.items() if value is not None
    }
    if isinstance(plain["tokens"], str):
        plain["tokens"] = plain["tokens"].split()
    plain.setdefault("title", _title(plain["tokens"]))
    arrays = {each: value for each, value in plain.items() if isinstance(value, np.ndarray)}
    kept = arrays if sum(array.size for array in arrays.values()) > MOST_WRITTEN else {}
    kept = {**kept, **{each: array for each, array in arrays.items() if not _is_written(array)}}
    structure: dict[str, Any] = {"format": FORMAT, **({"arrays": _FILE} if kept else {})}
    places = {}
    for each, value in plain.items():
        table = _table_of(each)
        holder = structure.setdefault(table, {}) if table else structure
        if each in kept:
            places[f"{table}.{each}"] = each
            holder[each] = each
        else:
            holder[each] = as_written(value).tolist() if isinstance(value, np.ndarray) else value
    stored = io.BytesIO(Archive(places, kept).data()) if kept else None
    return parse_example(json_text(structure), name=name, file=name, kind="json", arrays=stored)


def _title(tokens: object) -> str:
    """The sentence."""
    words = " ".join(map(str, tokens)) if isinstance(tokens, list) else ""
    return short_title(clean_line(words) or "…")


def _table_of(name: str) -> str:
    """The table that a name belongs to; for an unknown one that of the nearest name, which refuses it."""
    home = next((table for table in _TABLES if name in TABLES[table]), None)
    if home is not None:
        return home
    meant = nearest(name, [known for table in _TABLES for known in TABLES[table]])
    return "" if meant is None else _table_of(meant)


def _is_written(array: AnyArray) -> bool:
    """Whether JSON has words for all its numbers."""
    return array.dtype.kind not in "fc" or bool((np.isfinite(array) | np.isneginf(array)).all())


def _plain(value: Any, place: str, name: str) -> Any:
    """A value as JSON has it, or an array. Raises ExampleError for what is neither."""
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) or value == -np.inf else str(value)
    if isinstance(value, Mapping):
        return {str(each): _listed(one, f"{place}.{each}", name) for each, one in value.items()}
    if isinstance(value, list | tuple | range):
        return [_listed(one, place, name) for one in value]
    array = _array(value)
    if array is None or array.dtype.kind not in "biufUO":
        kind = "" if array is None else say("{name} numbers", name=array.dtype.name)
        problem = say("holds {what}", what=kind) if kind else say("is {kind}", kind=type(value).__name__)
        known = say("numbers, texts, lists, NumPy arrays and tensors can be read")
        raise ExampleError(name, [Problem(place, problem, known)])
    if array.ndim and array.dtype.kind in "biuf":
        return array
    return _plain(array.tolist(), place, name)


def _listed(value: Any, place: str, name: str) -> Any:
    """The same inside a list or a table, where an array becomes a list."""
    found = _plain(value, place, name)
    return as_written(found).tolist() if isinstance(found, np.ndarray) else found


def _array(value: Any) -> AnyArray | None:
    """What NumPy makes of a value that says how it is an array, a tensor on any device included; else None."""
    if hasattr(value, "detach"):  # torch refuses to hand out what has a gradient, or lies on another device
        value = value.detach().cpu()
        if str(value.dtype).removeprefix("torch.") in _SMALL_FLOATS:
            value = value.float()
    if not hasattr(value, "__array__"):
        return None
    array: AnyArray = np.asarray(value)
    return array.astype(np.float32) if array.dtype.name in _SMALL_FLOATS else array
