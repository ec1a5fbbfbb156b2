"""The arrays of an .npz file that another program saved, each as attention needs it."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.masks import SAVE_MASK, ZEROS_AND_ONES, is_zeros_and_ones
from ..files.npy import AnyArray, UnfitError, read_member, shape_of
from ..files.phrases import did_you_mean, listed, nearest, quoted
from ..files.source import MAX_BYTES, TOO_LARGE, note_read, why_unreadable
from ..files.zipped import texts_of
from ..said import say

_NAMES = ("Q", "K", "V", "mask", "bias", "scale", "softcap", "sink", "tokens", "context")
_FORBIDDEN = -1e30
"""Frameworks write "may not look" as the lowest number of their type."""


class DumpedArrays:
    """The arrays in an .npz file; a name is found in small letters too. Raises UsageError where one does not fit."""

    def __init__(self, path: str) -> None:
        self.shown = clean_line(path)
        self.name = clean_line(os.path.basename(path))
        try:
            if os.path.getsize(path) > 4 * MAX_BYTES:
                raise UsageError(say("{file}: {problem}", file=self.shown, problem=TOO_LARGE))
            note_read(path)
            self._path = path
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
        except (OSError, ValueError) as error:
            raise UsageError(say("{file}: {problem}", file=self.shown, problem=why_unreadable(error)[0])) from None
        except (zipfile.BadZipFile, NotImplementedError):
            raise UsageError(say("{file}: is not a sound .npz file; numpy.savez writes one", file=self.shown)) from None
        self._members = {one.filename.removesuffix(".npy"): one for one in members}

    def matrix(self, name: str) -> FloatArray:
        """Q, K or V: (t, k), or with heads in front."""
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
        taken = {name if name in self._members else name.lower() for name in _NAMES}
        free = [name for name in _NAMES if name not in self._members and name.lower() not in self._members]
        others = [_with_hint(name, free) for name in self._members if name not in taken]
        if others:
            said = say("{file}: holds {names}, which would be left out", file=self.shown, names=listed(others))
            takes = say("--from takes {names}: save only those", names=listed(_NAMES))
            more = say("'qkvtui new --from FILE' takes whatever an example can have")
            problem = say("{problem}; {expected}", problem=said, expected=takes)
            raise UsageError(say("{problem}; {expected}", problem=problem, expected=more))

    def mask(self, heads: int) -> BoolArray | FloatArray | None:
        """(t, s), or (h, t, s) where heads differ; what forbids to look is −∞."""
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
        found = self._scores("mask", array, heads)
        if found.dtype == np.bool_:
            return found
        numbers: FloatArray = np.where(found <= _FORBIDDEN, -np.inf, found).astype(found.dtype)
        return numbers

    def bias(self, heads: int) -> FloatArray | None:
        """(t, s), or (h, t, s) where heads differ."""
        array = self._array("bias")
        if array is None:
            return None
        if array.dtype == np.bool_:
            raise UsageError(say("{file}: bias holds truth values; it is added to the scores", file=self.shown))
        return self._scores("bias", array, heads)

    def _scores(self, name: str, array: AnyArray, heads: int) -> AnyArray:
        """What belongs to the scores, without a batch of one or heads that are all alike."""
        whole = array.shape
        while array.ndim > 2 and array.shape[0] == 1:
            array = array[0]
        if array.ndim not in (2, 3) or (array.ndim == 3 and len(array) != heads):
            raise UsageError(
                say(
                    "{file}: {name} is {shape}; it has to be (t, s), or (h, t, s) where heads differ",
                    file=self.shown,
                    name=name,
                    shape=shape_of(whole),
                )
            )
        is_alike = array.ndim == 3 and bool((array == array[:1]).all())
        return array[0] if is_alike else array

    def number(self, name: str) -> float | None:
        """A single number other than 0."""
        array = self._array(name)
        if array is None:
            return None
        if array.size != 1 or array.dtype == np.bool_ or not np.isfinite(array).all() or not array.all():
            raise UsageError(say("{file}: {name} has to be one number other than 0", file=self.shown, name=name))
        return float(array.reshape(()))

    def sink(self, heads: int) -> tuple[float, ...]:
        """A number a head; empty where there is none."""
        array = self._array("sink")
        if array is None:
            return ()
        if array.size != heads or array.dtype == np.bool_:
            raise UsageError(
                say("{file}: sink is {shape}; it has a number a head", file=self.shown, shape=shape_of(array.shape))
            )
        return tuple(map(float, array.reshape(-1)))

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where there is none."""
        member = self._members.get(name)
        if member is None:
            return ()
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open(member) as stream:
                return tuple(str(entry) for entry in texts_of(stream))
        except Exception:  # zipfile, zlib and NumPy have a dozen types for it
            raise UsageError(
                say("{file}: {name} has to be a list of texts, as in {name}=['a', 'b']", file=self.shown, name=name)
            ) from None

    def _array(self, name: str) -> AnyArray | None:
        member = self._members.get(name) or self._members.get(name.lower())
        if member is None:
            return None
        try:
            with zipfile.ZipFile(self._path) as archive:
                return read_member(archive, member)
        except UnfitError as error:
            raise UsageError(say("{file}: {name} {problem}", file=self.shown, name=name, problem=str(error))) from None


def _with_hint(name: str, free: Sequence[str]) -> str:
    meant = nearest(name, free)
    return (
        quoted(name) if meant is None else say("{name} (did you mean {meant}?)", name=quoted(name), meant=quoted(meant))
    )
