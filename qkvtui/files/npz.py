"""The file of arrays that is written beside a new example file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from ..graph.document import Document
from ..graph.example import Example, arrays_of
from ..graph.layers import with_own_layer
from .npy import AnyArray
from .same import same_array

_IN_BLOCK = re.compile(r"blocks, entry (?P<index>[0-9]+)\.(?P<table>\w+)\.(?P<name>\w+)")
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The same arrays give the same bytes on any day."""


class Archive(NamedTuple):
    """What a new file of arrays holds."""

    names: Mapping[str, str]
    """By place in the example file, the name of the array."""
    arrays: Mapping[str, AnyArray]

    def data(self) -> bytes:
        """The file, compressed."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, array in self.arrays.items():
                member = zipfile.ZipInfo(f"{name}.npy", _NO_TIME)
                archive.writestr(member, _npy(array), zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def archive_of(document: Document, original: Example, changed: Example) -> Archive | None:
    """The arrays that the document names, with the changed numbers; None where it names no file of arrays.

    Where one array stood for several matrices that are no longer the same, the changed ones get names of their own.
    """
    if document.arrays is None:
        return None
    found = {place: _array_at(changed, place) for place in document.arrays}
    unchanged_first = sorted(found, key=lambda place: not same_array(found[place], _array_at(original, place)))
    names: dict[str, str] = {}
    arrays: dict[str, AnyArray] = {}
    for place in unchanged_first:
        array = found[place]
        if array is None:
            continue
        name = document.arrays[place]
        if name in arrays and not same_array(arrays[name], array):
            name = _free_name(place.rpartition(".")[2], {*arrays, *document.arrays.values()})
        names[place] = name
        arrays[name] = array
    return Archive(names, arrays)


def _free_name(wanted: str, taken: Collection[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name


def _array_at(example: Example, place: str) -> AnyArray | None:
    """The array at `inputs.X`, `attention.mask`, `learn.target` or `published.weights@1`; None where there is none."""
    table, _, name = place.partition(".")
    if example.layers:
        return _array_of_layers(with_own_layer(example), place)
    match table:
        case "inputs":
            return example.inputs.get(name)
        case "parameters":
            return example.parameters.get(name)
        case "attention":
            return arrays_of(example.attention).get(name)
        case "learn":
            return None if example.learn is None else example.learn.target
    return _published_array(example, name)


def path_of(place: str) -> tuple[str | int, ...]:
    """Where the name of an array stands: `inputs.X` as a path, and `blocks, entry 1.parameters.W_Q`."""
    found = _IN_BLOCK.fullmatch(place)
    if found is not None:
        return "blocks", int(found["index"]), found["table"], found["name"]
    table, _, last = place.partition(".")
    return table, last


def _array_of_layers(example: Example, place: str) -> AnyArray | None:
    """The same in a file with blocks."""
    match path_of(place):
        case ("inputs", "X"):
            return example.entering
        case ("vocabulary", str(name)):
            return example.layers[0].parameters.get(name)
        case ("readout", str(name)):
            return example.layers[-1].parameters.get(name)
        case ("blocks", int(index), "parameters", str(name)):
            return example.layers[index].parameters.get(name)
        case ("blocks", int(index), "attention", str(name)):
            return arrays_of(example.layers[index].attention).get(name)
    return None


def _published_array(example: Example, name: str) -> AnyArray | None:
    step, _, head = name.partition("@")
    step = f"{step}@{int(head)}" if head and int(head) else step
    rows = None if example.published is None else example.published.rows.get(step)
    return None if rows is None else np.array([rows[index] for index in sorted(rows)])


def _npy(array: AnyArray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
