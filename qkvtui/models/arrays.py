"""Arrays that another program saved, under the names of the file format, as an example."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np

from .. import __version__
from ..errors import UsageError
from ..files.built import built_example
from ..files.clean import clean_line
from ..files.npy import AnyArray, UnfitError
from ..files.source import MAX_BYTES, TOO_LARGE, note_read, why_unreadable
from ..files.zipped import ZippedArrays
from ..graph.example import Example
from ..said import say
from . import texts
from .sentence import query_index
from .texts import filled

_OF_TOKENS = ("X", "Q", "S")
"""Arrays with a row for each token that asks."""


def example_of_arrays(path: str, tokens: str | None, query: str | None, *, causal: bool = False) -> Example:
    """The example with the arrays of the .npz file at `path`: X, W_Q, …, or Q, K, V, and settings, as a file has them.

    `tokens` are words with blanks between them; else the file's own; without any, they are called by their numbers.
    `causal` is for a file that does not say it.
    Raises ExampleError for an array that the format does not know, so that none is left out, and for all else that a
    file is refused for; UsageError where the file cannot be read.
    """
    found = _read(path)
    own = found.pop("tokens", None)
    asking = tokens.split() if tokens is not None else _numbered(found) if own is None else np.ravel(own).tolist()
    name = clean_line(os.path.basename(path))
    values = {
        "title": dict(filled(texts.ARRAYS_TITLE, file=name).texts),
        "source": dict(filled(texts.DUMPED_SOURCE, file=name, version=__version__).texts),
        "query": len(asking) - 1 if query is None else query_index(query, tuple(map(str, asking))),
        "causal": causal or None,
        **found,
    }
    return built_example(asking, values, name=clean_line(path))


def _read(path: str) -> dict[str, AnyArray | int]:
    shown = clean_line(path)
    try:
        if os.path.getsize(path) > 4 * MAX_BYTES:
            raise UsageError(say("{file}: {problem}", file=shown, problem=TOO_LARGE))
        note_read(path)
        stored = ZippedArrays(path)
        return {name: _array(stored, name) for name in stored.names}
    except (OSError, ValueError) as error:
        raise UsageError(say("{file}: {problem}", file=shown, problem=why_unreadable(error)[0])) from None
    except UnfitError as error:
        told = say("{problem}; {expected}", problem=error.problem, expected=error.expected)
        raise UsageError(say("{file}: {problem}", file=shown, problem=told)) from None


def _array(stored: ZippedArrays, name: str) -> AnyArray | int:
    try:
        array = stored.read_any(name)
    except UnfitError as error:
        raise UnfitError(say("{name} {problem}", name=name, problem=error.problem), error.expected) from None
    if array.ndim or array.dtype.kind != "f" or not float(array).is_integer():
        return array
    return int(array)  # a number of heads, say: 2 and not 2.0


def _numbered(found: Mapping[str, AnyArray | int]) -> list[str]:
    """A number for each row of the first array that has one for each token."""
    array = next((found[name] for name in _OF_TOKENS if name in found), None)
    shape: tuple[int, ...] = getattr(array, "shape", ())
    return [str(index) for index in range(shape[-2] if len(shape) > 1 else 1)]
