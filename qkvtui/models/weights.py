"""The tensors of a model, read one at a time, each with the shape that it must have."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError, reason_of
from ..files.npy import shape_of
from ..files.phrases import counted, quoted, with_commas
from ..said import say
from .folder import ModelFolder, safetensors_package

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
_FLOATS = ("F64", "F32", "F16")


class Weights:
    """The tensors of model.safetensors, or of the files that its index names; as float32."""

    def __init__(self, folder: ModelFolder) -> None:
        """Raises UsageError where they cannot be read."""
        self._folder = folder
        self._package = safetensors_package()
        self._open: dict[str, Any] = {}
        self._file_of = self._from_index() if self._is_in_parts() else self._from_one_file()

    def prefix_of(self, name: str) -> str:
        """What stands before all names: "" or `bert.`, as told by the tensor whose name ends in `name`."""
        found = sorted((one for one in self._file_of if one == name or one.endswith(f".{name}")), key=len)
        if not found:
            raise UsageError(
                say(
                    "{file}: holds no tensor {name}; is it another model?",
                    file=self._folder.shown(self._main),
                    name=quoted(name),
                )
            )
        return found[0].removesuffix(name)

    def array(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """A whole tensor. Raises UsageError where it is missing or of another shape."""
        part = self._slice(name, shape)
        return self._numbers(name, part[:])

    def rows(self, name: str, indices: Sequence[int], width: int) -> FloatArray:
        """Some rows of a table of vectors, (rows, width), without reading the others."""
        part = self._slice(name, (None, width))
        count = part.get_shape()[0]
        beyond = max(indices) >= count
        if beyond:
            raise self._refusal(
                name, say("has {rows}, too few for row {last}", rows=counted(count, "row"), last=max(indices))
            )
        read = {index: part[index : index + 1] for index in set(indices)}
        return self._numbers(name, np.concatenate([read[index] for index in indices]))

    def has(self, name: str) -> bool:
        """Whether there is such a tensor."""
        return name in self._file_of

    def _slice(self, name: str, shape: tuple[int | None, ...]) -> Any:
        if name not in self._file_of:
            raise UsageError(
                say("{file}: holds no tensor {name}", file=self._folder.shown(self._main), name=quoted(name))
            )
        part = self._file(self._file_of[name]).get_slice(name)
        found, kind = tuple(part.get_shape()), part.get_dtype()
        if kind not in _FLOATS:
            raise self._refusal(
                name, say("holds {kind} numbers; capture reads {names}", kind=kind, names=with_commas(_FLOATS))
            )
        fits = len(found) == len(shape) and all(want in (None, got) for want, got in zip(shape, found, strict=True))
        if not fits:
            wanted = " × ".join("any" if length is None else str(length) for length in shape)
            raise self._refusal(
                name, say("is {shape}; by config.json it is {wanted}", shape=shape_of(found), wanted=wanted)
            )
        return part

    def _numbers(self, name: str, array: Any) -> FloatArray:
        numbers: FloatArray = np.asarray(array).astype(np.float32, copy=False)
        if not np.isfinite(numbers).all():
            raise self._refusal(name, say("holds numbers that are not finite"))
        return numbers

    def _refusal(self, name: str, problem: str) -> UsageError:
        return UsageError(
            say(
                "{file}: the tensor {name} {problem}",
                file=self._folder.shown(self._file_of[name]),
                name=quoted(name),
                problem=problem,
            )
        )

    @property
    def _main(self) -> str:
        return INDEX if self._is_in_parts() else WEIGHTS

    def _is_in_parts(self) -> bool:
        return not self._folder.has(WEIGHTS) and self._folder.has(INDEX)

    def _from_one_file(self) -> dict[str, str]:
        self._folder.require(WEIGHTS)
        return dict.fromkeys(self._file(WEIGHTS).keys(), WEIGHTS)

    def _from_index(self) -> dict[str, str]:
        shown = self._folder.shown(INDEX)
        listed = self._folder.read_json(INDEX).get("weight_map")
        if not isinstance(listed, dict) or not all(isinstance(file, str) for file in listed.values()):
            raise UsageError(say("{file}: has no weight_map that names a file for each tensor", file=shown))
        for file in set(listed.values()):
            if os.path.basename(file) != file or not file.endswith(".safetensors"):
                raise UsageError(
                    say(
                        "{file}: {name} is not the name of a .safetensors file beside it",
                        file=shown,
                        name=quoted(file),
                    )
                )
        there = {file: set(self._file(file).keys()) for file in sorted(set(listed.values()))}
        return {name: file for name, file in listed.items() if name in there[file]}

    def _file(self, name: str) -> Any:
        if name not in self._open:
            path = self._folder.require(name)
            try:
                self._open[name] = self._package.safe_open(path, framework="numpy")
            except self._package.SafetensorError:
                raise UsageError(
                    say("{file}: is not a sound .safetensors file", file=self._folder.shown(name))
                ) from None
            except OSError as error:
                why = reason_of(error)
                raise UsageError(
                    say("{file}: cannot be read ({reason})", file=self._folder.shown(name), reason=why)
                ) from None
        return self._open[name]
