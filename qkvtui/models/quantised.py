"""How a GGUF file stores numbers: plainly, or in blocks of 32 that share a scale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..engine.arrays import FloatArray
from ..files.tensors import widened
from ..records import record

Bytes = NDArray[np.uint8]


@record(frozen=True, eq=False)
class Storing:
    """One way of storing numbers."""

    name: str
    block: int
    """How many numbers a block has; a row is whole blocks."""
    size: int
    """Bytes a block takes."""
    numbers: Callable[[Bytes], FloatArray]
    """(blocks, size) bytes → (blocks, block) numbers, as float32 where they are shorter."""


def _plain(name: str, dtype: str) -> Storing:
    return Storing(name, 1, np.dtype(dtype).itemsize, lambda data: data.view(dtype))


def _scales(data: Bytes, at: int) -> FloatArray:
    """(blocks, 1): the float16 at this byte of each block."""
    return np.ascontiguousarray(data[:, at : at + 2]).view("<f2").astype(np.float32)


def _halves(data: Bytes) -> FloatArray:
    """(blocks, 32): the lower four bits of 16 bytes are numbers 0 to 15, the upper four 16 to 31."""
    return np.concatenate([data & 15, data >> 4], axis=1).astype(np.float32)


def _q4_0(data: Bytes) -> FloatArray:
    """A scale, then four bits a number, counted from −8."""
    return _scales(data, 0) * (_halves(data[:, 2:]) - np.float32(8))


def _q4_1(data: Bytes) -> FloatArray:
    """A scale and the least number, then four bits a number."""
    return _scales(data, 0) * _halves(data[:, 4:]) + _scales(data, 2)


def _q8_0(data: Bytes) -> FloatArray:
    """A scale, then a whole number from −128 to 127 each."""
    return _scales(data, 0) * data[:, 2:].view(np.int8).astype(np.float32)


STORINGS = {
    0: _plain("F32", "<f4"),
    1: Storing("F16", 1, 2, lambda data: data.view("<f2").astype(np.float32)),
    2: Storing("Q4_0", 32, 18, _q4_0),
    3: Storing("Q4_1", 32, 20, _q4_1),
    8: Storing("Q8_0", 32, 34, _q8_0),
    28: _plain("F64", "<f8"),
    30: Storing("BF16", 1, 2, lambda data: widened(data.view("<u2"))),
}
"""By the numbers that the format has for them (ggml.h, `enum ggml_type`)."""

OTHER_STORINGS = {
    **{6: "Q5_0", 7: "Q5_1", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K"},
    **{16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS"},
    **{24: "I8", 25: "I16", 26: "I32", 27: "I64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4"},
}
"""What cannot be read is at least called by its name."""
