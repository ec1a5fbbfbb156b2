"""Q, K and V that another program saved, as an example."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from typing import IO

import numpy as np

from .. import __version__
from ..engine.arrays import BoolArray, FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.masks import SAVE_MASK, ZEROS_AND_ONES, is_zeros_and_ones
from ..files.npy import AnyArray, UnfitError, read_member, shape_of
from ..files.phrases import counted, did_you_mean, listed, nearest, quoted
from ..files.source import MAX_BYTES, TOO_LARGE, note_read, why_unreadable
from ..graph.example import STANDARD_SCALE, Example, Scale, Settings
from ..said import say
from . import texts
from .capture import named_scale
from .sentence import query_index
from .texts import filled

NAMES = ("Q", "K", "V", "mask", "scale", "tokens", "context")
_LONGEST_TEXT = 1 << 20
_FORBIDDEN = -1e30
"""Frameworks write "may not look" as the lowest number of their type."""


def capture_arrays(
    path: str, tokens: str | None, head: int | None, query: str | None, *, causal: bool = False
) -> Example:
    """The arrays Q, K and V of the .npz file, with `mask`, `scale`, `tokens` and `context` where it has them.

    Q is (t, k), K (s, k), V (s, v), or with heads in front (h, t, k), or with a batch of one sentence before that.
    `tokens` are words with blanks between them; without any, tokens are called by their numbers. `head` keeps one
    head. `causal` is for a file without a mask. Raises UsageError, also for an array that would be left out.
    """
    members = _Members(path)
    q, k, v = (members.matrix(name) for name in "QKV")
    members.refuse_others()
    if head is not None:
        q, k, v = _of_head(q, k, v, head)
    rows, columns, d_k = q.shape[-2], k.shape[-2], q.shape[-1]
    asking = tuple(tokens.split()) if tokens is not None else members.words("tokens")
    names = asking or _numbered(rows)
    if len(names) != rows:
        raise UsageError(
            say(
                "{file}: Q has {rows} rows, but there are {count} tokens",
                file=members.shown,
                rows=rows,
                count=len(names),
            )
        )
    context = members.words("context") or (None if rows == columns else _numbered(columns))
    mask = members.mask()
    if causal:
        _check_causal(members.shown, q, k, context, mask)
    if mask is not None and _is_causal(mask, rows, columns):
        causal, mask = True, None
    return Example(
        name="capture",
        file="capture",
        title=filled(texts.DUMPED_TITLE, file=members.name),
        tokens=names,
        query=rows - 1 if query is None else query_index(query, names),
        inputs={"Q": q, "K": k, "V": v},
        attention=Settings(scale=members.scale(d_k), causal=causal, mask=mask),
        context=context,
        source=filled(texts.DUMPED_SOURCE, file=members.name, version=__version__),
    )


def _of_head(q: FloatArray, k: FloatArray, v: FloatArray, head: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    heads = q.shape[0] if q.ndim == 3 else 1
    if not 0 <= head < heads:
        there = say("heads 0 to {last}", last=heads - 1) if heads > 1 else say("only head 0")
        raise UsageError(say("--head {head}: Q holds {there}", head=head, there=there))

    def one(array: FloatArray) -> FloatArray:
        if array.ndim == 2:
            return array
        groups = array.shape[0]  # with fewer key/value heads, neighbours share one
        chosen: FloatArray = array[min(head * groups // heads, groups - 1)]
        return chosen

    return one(q), one(k), one(v)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _check_causal(
    file: str, q: FloatArray, k: FloatArray, context: tuple[str, ...] | None, mask: BoolArray | FloatArray | None
) -> None:
    """Raises UsageError where --causal makes no sense, or where the mask in the file says something else."""
    rows, columns = q.shape[-2], k.shape[-2]
    if rows != columns:
        said = say(
            "Q has {rows} and K {columns}, so which keys lie ahead is not known; save the mask too",
            rows=counted(rows, "row"),
            columns=columns,
        )
        raise UsageError(say("{file}: --causal: {problem}", file=file, problem=said))
    if context is not None:
        raise UsageError(
            say("{file}: --causal: the keys are of another sentence (context), where nothing lies ahead", file=file)
        )
    if mask is not None and mask.shape == (rows, rows) and _allowed(mask)[~np.tri(rows, dtype=bool)].any():
        raise UsageError(
            say("{file}: --causal: its own mask lets tokens see those after them; leave --causal out", file=file)
        )


def _is_causal(mask: BoolArray | FloatArray, rows: int, columns: int) -> bool:
    plain = mask.dtype == np.bool_ or bool((np.isneginf(mask) | (mask == 0)).all())
    if not plain or rows < 2 or rows != columns or mask.shape != (rows, columns):
        return False
    return bool((_allowed(mask) == np.tri(rows, dtype=bool)).all())


def _allowed(mask: BoolArray | FloatArray) -> BoolArray:
    return mask.astype(np.bool_) if mask.dtype == np.bool_ else ~np.isneginf(mask)


class _Members:
    """The arrays in an .npz file; a name is found in small letters too."""

    def __init__(self, path: str) -> None:
        self.shown = clean_line(path)
        self.name = clean_line(os.path.basename(path))
        try:
            if os.path.getsize(path) > 4 * MAX_BYTES:
                raise UsageError(say("{file}: {problem}", file=self.shown, problem=TOO_LARGE))
            note_read(path)
            self._archive = zipfile.ZipFile(path)
        except (OSError, ValueError) as error:
            raise UsageError(say("{file}: {problem}", file=self.shown, problem=why_unreadable(error)[0])) from None
        except (zipfile.BadZipFile, NotImplementedError):
            raise UsageError(say("{file}: is not a sound .npz file; numpy.savez writes one", file=self.shown)) from None
        self._members = {one.filename.removesuffix(".npy"): one for one in self._archive.infolist()}

    def matrix(self, name: str) -> FloatArray:
        array = self._array(name)
        if array is None:
            raise UsageError(
                say(
                    "{file}: holds no array {name}; {hint}",
                    file=self.shown,
                    name=quoted(name),
                    hint=did_you_mean(name, tuple(self._members)),
                )
            )
        whole = array.shape
        while array.ndim > 3 and array.shape[0] == 1:
            array = array[0]
        if array.ndim not in (2, 3) or array.dtype == np.bool_:
            wanted = say("(t, k), (h, t, k) or (1, h, t, k): tokens and columns, heads before them, one sentence")
            raise UsageError(
                say(
                    "{file}: {name} is {shape}; it has to be {wanted}",
                    file=self.shown,
                    name=name,
                    shape=shape_of(whole),
                    wanted=wanted,
                )
            )
        return array

    def refuse_others(self) -> None:
        """Raises UsageError that names the arrays which the example would not hold."""
        taken = {name if name in self._members else name.lower() for name in NAMES}
        free = [name for name in NAMES if name not in self._members and name.lower() not in self._members]
        others = [_with_hint(name, free) for name in self._members if name not in taken]
        if others:
            said = say("{file}: holds {names}, which would be left out", file=self.shown, names=listed(others))
            raise UsageError(say("{problem}; --from takes {names}: save only those", problem=said, names=listed(NAMES)))

    def mask(self) -> BoolArray | FloatArray | None:
        array = self._array("mask")
        if array is None:
            return None
        if is_zeros_and_ones(array):
            raise UsageError(
                say(
                    "{file}: mask {problem}; {expected}",
                    file=self.shown,
                    problem=ZEROS_AND_ONES,
                    expected=SAVE_MASK,
                )
            )
        whole = array.shape
        while array.ndim > 2 and array.shape[0] == 1:
            array = array[0]
        if array.ndim != 2:
            raise UsageError(
                say(
                    "{file}: mask is {shape}; it has to be (t, s), the same for all heads",
                    file=self.shown,
                    shape=shape_of(whole),
                )
            )
        if array.dtype == np.bool_:
            return array
        numbers: FloatArray = np.where(array <= _FORBIDDEN, -np.inf, array).astype(array.dtype)
        return numbers

    def scale(self, d_k: int) -> Scale:
        array = self._array("scale")
        if array is None:
            return STANDARD_SCALE
        if array.size != 1 or array.dtype == np.bool_ or not np.isfinite(array).all() or not array.all():
            raise UsageError(say("{file}: scale has to be one number other than 0", file=self.shown))
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
            raise UsageError(
                say("{file}: {name} has to be a list of texts, as in {name}=['a', 'b']", file=self.shown, name=name)
            ) from None

    def _array(self, name: str) -> AnyArray | None:
        member = self._members.get(name) or self._members.get(name.lower())
        if member is None:
            return None
        try:
            return read_member(self._archive, member)
        except UnfitError as error:
            raise UsageError(say("{file}: {name} {problem}", file=self.shown, name=name, problem=str(error))) from None


def _with_hint(name: str, free: Sequence[str]) -> str:
    meant = nearest(name, free)
    return (
        quoted(name) if meant is None else say("{name} (did you mean {meant}?)", name=quoted(name), meant=quoted(meant))
    )


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
