"""Q, K and V that another program saved, as an example."""

from __future__ import annotations

import os
import zipfile
from typing import IO

import numpy as np

from .. import __version__
from ..engine.arrays import BoolArray, FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.example import STANDARD_SCALE, Example, Scale, Settings
from ..files.npy import AnyArray, UnfitError, read_member, shape_of
from ..files.phrases import did_you_mean, quoted
from ..files.source import MAX_BYTES, TOO_LARGE, note_read, why_unreadable
from . import texts
from .capture import named_scale
from .sentence import query_index
from .texts import filled

NAMES = ("Q", "K", "V", "mask", "scale", "tokens", "context")
_LONGEST_TEXT = 1 << 20
_FORBIDDEN = -1e30
"""Frameworks write "may not look" as the lowest number of their type."""


def capture_arrays(path: str, tokens: str | None, head: int | None, query: str | None) -> Example:
    """The arrays Q, K and V of the .npz file, with `mask`, `scale`, `tokens` and `context` where it has them.

    Q is (t, k), K (s, k), V (s, v), or with heads in front (h, t, k), or with a batch of one sentence before that.
    `tokens` are words with blanks between them; without any, tokens are called by their numbers. `head` keeps one
    head. Raises UsageError.
    """
    members = _Members(path)
    q, k, v = (members.matrix(name) for name in "QKV")
    if head is not None:
        q, k, v = _of_head(q, k, v, head)
    rows, columns, d_k = q.shape[-2], k.shape[-2], q.shape[-1]
    asking = tuple(tokens.split()) if tokens is not None else members.words("tokens")
    names = asking or _numbered(rows)
    if len(names) != rows:
        raise UsageError(f"{members.shown}: Q has {rows} rows, but there are {len(names)} tokens")
    context = members.words("context") or (None if rows == columns else _numbered(columns))
    mask = members.mask()
    causal = mask is not None and rows == columns and _is_causal(mask)
    return Example(
        name="capture",
        file="capture",
        title=filled(texts.DUMPED_TITLE, file=members.name),
        tokens=names,
        query=rows - 1 if query is None else query_index(query, names),
        inputs={"Q": q, "K": k, "V": v},
        attention=Settings(scale=members.scale(d_k), causal=causal, mask=None if causal else mask),
        context=context,
        source=filled(texts.DUMPED_SOURCE, file=members.name, version=__version__),
    )


def _of_head(q: FloatArray, k: FloatArray, v: FloatArray, head: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    heads = q.shape[0] if q.ndim == 3 else 1
    if not 0 <= head < heads:
        there = f"heads 0 to {heads - 1}" if heads > 1 else "only head 0"
        raise UsageError(f"--head {head}: Q holds {there}")

    def one(array: FloatArray) -> FloatArray:
        if array.ndim == 2:
            return array
        groups = array.shape[0]  # with fewer key/value heads, neighbours share one
        chosen: FloatArray = array[min(head * groups // heads, groups - 1)]
        return chosen

    return one(q), one(k), one(v)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _is_causal(mask: BoolArray | FloatArray) -> bool:
    rows = mask.shape[0]
    allowed = mask if mask.dtype == np.bool_ else mask == 0
    plain = mask.dtype == np.bool_ or bool((np.isneginf(mask) | (mask == 0)).all())
    return rows > 1 and plain and mask.shape == (rows, rows) and bool((allowed == np.tri(rows, dtype=bool)).all())


class _Members:
    """The arrays in an .npz file; a name is found in small letters too."""

    def __init__(self, path: str) -> None:
        self.shown = clean_line(path)
        self.name = clean_line(os.path.basename(path))
        try:
            if os.path.getsize(path) > 4 * MAX_BYTES:
                raise UsageError(f"{self.shown}: {TOO_LARGE}")
            note_read(path)
            self._archive = zipfile.ZipFile(path)
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.shown}: {why_unreadable(error)[0]}") from None
        except (zipfile.BadZipFile, NotImplementedError):
            raise UsageError(f"{self.shown}: is not a sound .npz file; numpy.savez writes one") from None
        self._members = {one.filename.removesuffix(".npy"): one for one in self._archive.infolist()}

    def matrix(self, name: str) -> FloatArray:
        array = self._array(name)
        if array is None:
            raise UsageError(f"{self.shown}: holds no array {quoted(name)}; {did_you_mean(name, tuple(self._members))}")
        whole = array.shape
        while array.ndim > 3 and array.shape[0] == 1:
            array = array[0]
        if array.ndim not in (2, 3) or array.dtype == np.bool_:
            wanted = "(t, k), (h, t, k) or (1, h, t, k): tokens and columns, heads before them, one sentence"
            raise UsageError(f"{self.shown}: {name} is {shape_of(whole)}; it has to be {wanted}")
        return array

    def mask(self) -> BoolArray | FloatArray | None:
        array = self._array("mask")
        if array is None:
            return None
        whole = array.shape
        while array.ndim > 2 and array.shape[0] == 1:
            array = array[0]
        if array.ndim != 2:
            raise UsageError(f"{self.shown}: mask is {shape_of(whole)}; it has to be (t, s), the same for all heads")
        if array.dtype == np.bool_:
            return array
        numbers: FloatArray = np.where(array <= _FORBIDDEN, -np.inf, array).astype(array.dtype)
        return numbers

    def scale(self, d_k: int) -> Scale:
        array = self._array("scale")
        if array is None:
            return STANDARD_SCALE
        if array.size != 1 or array.dtype == np.bool_ or not np.isfinite(array).all() or not array.all():
            raise UsageError(f"{self.shown}: scale has to be one number other than 0")
        return named_scale(float(array.reshape(())), d_k)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where there is none."""
        member = self._members.get(name)
        if member is None:
            return ()
        try:
            with self._archive.open(member) as stream:
                return tuple(_texts(stream))
        except Exception:  # zipfile, zlib and NumPy have a dozen types for it
            raise UsageError(f"{self.shown}: {name} has to be a list of texts, as in {name}=['a', 'b']") from None

    def _array(self, name: str) -> AnyArray | None:
        member = self._members.get(name) or self._members.get(name.lower())
        if member is None:
            return None
        try:
            return read_member(self._archive, member)
        except UnfitError as error:
            raise UsageError(f"{self.shown}: {name} {error.problem}; {error.expected}") from None


def _texts(stream: IO[bytes]) -> list[str]:
    """The entries of an array of texts, however much its header claims."""
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    data = stream.read(_LONGEST_TEXT)
    array = np.frombuffer(data, dtype)
    if dtype.kind != "U" or len(shape) != 1 or shape != array.shape:
        raise ValueError(name_of(dtype))
    return [str(entry) for entry in array]


def name_of(dtype: np.dtype[np.generic]) -> str:
    """What an array holds, for an error."""
    return dtype.name
