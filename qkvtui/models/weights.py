"""The tensors of a model, read one at a time, each with the shape that it must have."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.npy import AnyArray, UnfitError, shape_of
from ..files.phrases import counted, quoted, with_commas
from ..files.source import why_unreadable
from ..files.tensors import TensorClaim, TensorFile
from ..operations.file_places import column_place, entry
from ..records import record
from ..said import Phrase, say
from .folder import ModelFolder
from .gguf import READABLE_STORINGS, GgufFile

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
_FLOATS = ("F64", "F32", "F16", "BF16")
_LONGEST_NAME = 120


class StoredTensors(Protocol):
    """A file of tensors, of one format or the other."""

    @property
    def tensors(self) -> Mapping[str, TensorClaim]:
        """What the file says of each, by name."""

    def rows(self, name: str, start: int = 0, stop: int | None = None) -> AnyArray:
        """The numbers of a tensor, from entry `start` to `stop` of its first axis."""

    def let_go(self) -> None:
        """Give back the memory of what was looked at of the file."""


@record(frozen=True, eq=False)
class HeldTensor:
    """Where a tensor is to be found."""

    file: StoredTensors
    shown: str
    """What messages call the file."""
    name: str
    """What the file calls it."""
    is_turned: bool = False
    """Whether the file has its rows as columns."""

    @property
    def claim(self) -> TensorClaim:
        """What the file says of it."""
        return self.file.tensors[self.name]

    @property
    def shape(self) -> tuple[int, ...]:
        """What it is once it is read."""
        return self.claim.shape[::-1] if self.is_turned else self.claim.shape


class Weights:
    """The tensors of a model by the names that Hugging Face has for them; as float32."""

    def __init__(self, tensors: Mapping[str, HeldTensor], main: str, kinds: Sequence[str]) -> None:
        """`main` is what messages call the file that tells what there is; `kinds` are those that can be read."""
        self._tensors = tensors
        self._main = main
        self._kinds = kinds

    def prefix_of(self, name: str) -> str:
        """What stands before all names: "" or `bert.`, as told by the tensor whose name ends in `name`."""
        found = sorted((one for one in self._tensors if one == name or one.endswith(f".{name}")), key=len)
        if not found:
            raise UsageError(
                say("{file}: holds no tensor {name}; is it another model?", file=self._main, name=quoted(name))
            )
        return found[0].removesuffix(name)

    def array(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """A whole tensor. Raises UsageError where it is missing or of another shape."""
        held = self._held(name, shape)
        whole = held.file.rows(held.name)
        return self._numbers(held, np.ascontiguousarray(whole.T) if held.is_turned else whole)

    def check_rows(self, name: str, width: int, last: int) -> None:
        """Raises UsageError where a table of vectors, (rows, width), has no row `last`."""
        held = self._held(name, (None, width))
        count = held.shape[0]
        if last >= count:
            raise _refusal(held, say("has {rows}, too few for row {last}", rows=counted(count, "row"), last=last))

    def part(self, name: str, shape: tuple[int | None, ...], start: int, stop: int) -> FloatArray:
        """Entries `start` to `stop` of the first axis of a tensor, without reading the others. Raises UsageError."""
        held = self._held(name, shape)
        if held.is_turned:
            return self._numbers(held, held.file.rows(held.name).T[start:stop])
        return self._numbers(held, held.file.rows(held.name, start, stop))

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor, as Hugging Face has it. Raises UsageError where it is missing."""
        return self._held(name, None).shape

    def place(self, name: str, row: int, column: int) -> Phrase:
        """Where one of its numbers stands: in which file, what that calls the tensor, row and column there.

        A vector has row 0.
        """
        held = self._tensors[name]
        shown = f"{os.path.basename(held.shown)}, {held.name}"
        if len(held.shape) == 1:
            return column_place(shown, column)
        return entry(shown, column, row) if held.is_turned else entry(shown, row, column)

    def has(self, name: str) -> bool:
        """Whether there is such a tensor."""
        return name in self._tensors

    def check(self, name: str, shape: tuple[int | None, ...]) -> None:
        """Raises UsageError where a tensor is missing or of another shape."""
        self._held(name, shape)

    def _held(self, name: str, shape: tuple[int | None, ...] | None) -> HeldTensor:
        if name not in self._tensors:
            raise UsageError(say("{file}: holds no tensor {name}", file=self._main, name=_whole(name)))
        held = self._tensors[name]
        kind = held.claim.kind
        if kind not in self._kinds:
            known = with_commas(self._kinds)
            raise _refusal(held, say("holds {kind} numbers; capture reads {names}", kind=kind, names=known))
        found = held.shape
        if shape is None:
            return held
        fits = len(found) == len(shape) and all(want in (None, got) for want, got in zip(shape, found, strict=True))
        if not fits:
            wanted = " × ".join("any" if length is None else str(length) for length in shape)
            raise _refusal(
                held,
                say("is {shape}; by the model's settings it is {wanted}", shape=shape_of(found), wanted=wanted),
            )
        return held

    def _numbers(self, held: HeldTensor, array: AnyArray) -> FloatArray:
        numbers: FloatArray = np.asarray(array).astype(np.float32, copy=False)
        if not np.isfinite(numbers).all():
            raise _refusal(held, say("holds numbers that are not finite"))
        held.file.let_go()
        return numbers


def folder_weights(folder: ModelFolder) -> Weights:
    """The tensors of model.safetensors, or of the files that its index names. Raises UsageError."""
    is_in_parts = not folder.has(WEIGHTS) and folder.has(INDEX)
    file_of = _listed_files(folder) if is_in_parts else None
    names = [WEIGHTS] if file_of is None else sorted(set(file_of.values()))
    files = {name: _open(folder, name) for name in names}
    if file_of is None:
        file_of = dict.fromkeys(files[WEIGHTS].tensors, WEIGHTS)
    held = {
        name: HeldTensor(files[file], folder.shown(file), name)
        for name, file in file_of.items()
        if name in files[file].tensors
    }
    return Weights(held, folder.shown(INDEX if is_in_parts else WEIGHTS), _FLOATS)


def gguf_weights(file: GgufFile, names: Mapping[str, tuple[str, bool]]) -> Weights:
    """The tensors of a GGUF file; `names` has for each what Hugging Face calls it, and whether it is turned there."""
    held = {
        called: HeldTensor(file, file.shown, name, is_turned)
        for name, (called, is_turned) in names.items()
        if name in file.tensors
    }
    return Weights(held, file.shown, READABLE_STORINGS)


def _listed_files(folder: ModelFolder) -> dict[str, str]:
    """The file of each tensor, as the index has it."""
    shown = folder.shown(INDEX)
    listed = folder.read_json(INDEX).get("weight_map")
    if not isinstance(listed, dict) or not all(isinstance(file, str) for file in listed.values()):
        raise UsageError(say("{file}: has no weight_map that names a file for each tensor", file=shown))
    for file in set(listed.values()):
        if os.path.basename(file) != file or not file.endswith(".safetensors"):
            raise UsageError(
                say("{file}: {name} is not the name of a .safetensors file beside it", file=shown, name=quoted(file))
            )
    return listed


def _open(folder: ModelFolder, name: str) -> TensorFile:
    path = folder.require(name)
    try:
        return TensorFile(path)
    except UnfitError as error:
        problem = error.problem
    except OSError as error:
        problem, _ = why_unreadable(error)
    raise UsageError(say("{file}: {problem}", file=folder.shown(name), problem=problem))


def _refusal(held: HeldTensor, problem: str) -> UsageError:
    named = _whole(held.name)
    return UsageError(say("{file}: the tensor {name} {problem}", file=held.shown, name=named, problem=problem))


def _whole(name: str) -> str:
    """The name between quotation marks, uncut as far as any model has it: whoever looks for it needs all of it."""
    return say('"{text}"', text=clean_line(name[:_LONGEST_NAME]))
