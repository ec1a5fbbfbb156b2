"""A .safetensors file, from who knows where: its tensors by name, read one at a time.

The package `safetensors`, an extra, checks the header when the file is opened: that the offsets neither overlap nor
leave the file, and that each tensor is as large as its shape says.
"""

from __future__ import annotations

import json
from math import prod
from typing import Any

import numpy as np

from ..said import say
from .npy import READABLE, AnyArray, UnfitError, too_large, usable
from .source import MAX_BYTES

_SAVED = say("safetensors.numpy.save_file writes such files")
_INSTALL = say("pip install 'qkvtui[models]', or: pip install safetensors; an .npz file needs no package")
_BYTES = {
    **{"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "BOOL": 1},
    **{f"{sign}{8 * size}": size for sign in "IU" for size in (1, 2, 4, 8)},
}
"""The types that can be read; numbers of 16 bits become float32, which holds each of them exactly."""


class TensorFile:
    """The tensors of a .safetensors file.

    Raises UnfitError where it is none, or where the package is missing, and OSError where it cannot be read.
    """

    def __init__(self, path: str) -> None:
        try:
            import safetensors
        except ImportError:
            raise UnfitError(say("needs the package safetensors, which is not installed"), _INSTALL) from None
        self._path = path
        self._package: Any = safetensors
        with self._open() as tensors:
            self.names = tuple(tensors.keys())

    def _open(self) -> Any:
        try:
            return self._package.safe_open(self._path, framework="numpy")
        except self._package.SafetensorError:
            raise UnfitError(say("is not a sound .safetensors file"), _SAVED) from None

    def read(self, name: str) -> AnyArray:
        """The tensor called `name`: float32, float64 or bool. Raises UnfitError where it cannot be used."""
        try:
            return self._read(name)
        except self._package.SafetensorError:
            raise UnfitError(say("is damaged"), _SAVED) from None

    def _read(self, name: str) -> AnyArray:
        with self._open() as tensors:
            claim = tensors.get_slice(name)
            shape, kind = tuple(claim.get_shape()), claim.get_dtype()
            if kind not in _BYTES:
                raise UnfitError(say("holds {kind} numbers", kind=kind), READABLE)
            if prod(shape) * _BYTES[kind] > MAX_BYTES:
                raise too_large()
            if kind == "BF16":
                return self._brain_floats(name, shape)
            loaded: AnyArray = tensors.get_tensor(name)
        return loaded.astype(np.float32 if kind == "F16" else usable(loaded.dtype), order="C")

    def _brain_floats(self, name: str, shape: tuple[int, ...]) -> AnyArray:
        """NumPy has no bfloat16: its 16 bits are the upper half of a float32."""
        with open(self._path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            start, end = json.loads(file.read(length))[name]["data_offsets"]
            file.seek(8 + length + start)
            data = file.read(end - start)
        upper = np.frombuffer(data, "<u2").astype(np.uint32) << 16
        return upper.view(np.float32).reshape(shape)
