"""How a GGUF file stores numbers: plainly, or in blocks of 32 or 256 that share a scale."""

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


def _fifth_bits(data: Bytes) -> FloatArray:
    """(blocks, 32): of each number the fifth bit, from 4 bytes that hold one after the other."""
    return np.unpackbits(data, axis=1, bitorder="little").astype(np.float32) * 16


def _q5_0(data: Bytes) -> FloatArray:
    """A scale, then five bits a number, counted from −16."""
    return _scales(data, 0) * (_halves(data[:, 6:]) + _fifth_bits(data[:, 2:6]) - np.float32(16))


def _q5_1(data: Bytes) -> FloatArray:
    """A scale and the least number, then five bits a number."""
    return _scales(data, 0) * (_halves(data[:, 8:]) + _fifth_bits(data[:, 4:8])) + _scales(data, 2)


def _parts(data: Bytes) -> tuple[FloatArray, FloatArray]:
    """(blocks, 8, 1) each: of the eight parts of a block of 256 the scale, and what is taken off.

    Both are six bits: of the first four parts together, of the others the upper two apart from the lower four.
    """
    low, high, rest = data[:, 4:8], data[:, 8:12], data[:, 12:16]
    scales = np.concatenate([low & 63, rest & 15 | low >> 6 << 4], axis=1)  # (blocks, 8)
    least = np.concatenate([high & 63, rest >> 4 | high >> 6 << 4], axis=1)
    found = _scales(data, 0) * scales.astype(np.float32), _scales(data, 2) * least.astype(np.float32)
    return found[0][:, :, None], found[1][:, :, None]


def _fours(data: Bytes) -> Bytes:
    """(blocks, 8, 32): of each 32 bytes the lower four bits are one part, the upper four the next."""
    runs = data.reshape(-1, 4, 1, 32)
    return np.concatenate([runs & 15, runs >> 4], axis=2).reshape(-1, 8, 32)


def _q4_k(data: Bytes) -> FloatArray:
    """Eight parts of 32, each with a scale and a least number of its own; four bits a number."""
    scales, least = _parts(data)
    return (scales * _fours(data[:, 16:]).astype(np.float32) - least).reshape(-1, 256)


def _q5_k(data: Bytes) -> FloatArray:
    """As Q4_K; the fifth bits of part j are the bits j of 32 bytes."""
    scales, least = _parts(data)
    fifth = data[:, None, 16:48] >> np.arange(8, dtype=np.uint8)[:, None] & 1  # (blocks, 8, 32)
    numbers = _fours(data[:, 48:]) | fifth << 4
    return (scales * numbers.astype(np.float32) - least).reshape(-1, 256)


def _q6_k(data: Bytes) -> FloatArray:
    """Sixteen parts of 16, each with a whole number that times the block's is its scale; six bits, from −32."""
    lower = data[:, :128].reshape(-1, 2, 1, 64)
    fours = np.concatenate([lower & 15, lower >> 4], axis=2).reshape(-1, 2, 4, 32)
    upper = data[:, 128:192].reshape(-1, 2, 1, 32) >> np.array([0, 2, 4, 6], np.uint8)[:, None] & 3
    numbers = (fours | upper << 4).reshape(-1, 16, 16).astype(np.float32) - np.float32(32)
    scales = _scales(data, 208) * data[:, 192:208].view(np.int8).astype(np.float32)  # (blocks, 16)
    found: FloatArray = scales[:, :, None] * numbers  # (blocks, 16, 16)
    return found.reshape(-1, 256)


def _q8_0(data: Bytes) -> FloatArray:
    """A scale, then a whole number from −128 to 127 each."""
    return _scales(data, 0) * data[:, 2:].view(np.int8).astype(np.float32)


STORINGS = {
    0: _plain("F32", "<f4"),
    1: Storing("F16", 1, 2, lambda data: data.view("<f2").astype(np.float32)),
    2: Storing("Q4_0", 32, 18, _q4_0),
    3: Storing("Q4_1", 32, 20, _q4_1),
    6: Storing("Q5_0", 32, 22, _q5_0),
    7: Storing("Q5_1", 32, 24, _q5_1),
    8: Storing("Q8_0", 32, 34, _q8_0),
    12: Storing("Q4_K", 256, 144, _q4_k),
    13: Storing("Q5_K", 256, 176, _q5_k),
    14: Storing("Q6_K", 256, 210, _q6_k),
    28: _plain("F64", "<f8"),
    30: Storing("BF16", 1, 2, lambda data: widened(data.view("<u2"))),
}
"""By the numbers that the format has for them (ggml.h, `enum ggml_type`)."""

OTHER_STORINGS = {
    **{9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K"},
    **{16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS"},
    **{24: "I8", 25: "I16", 26: "I32", 27: "I64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4"},
}
"""What cannot be read is at least called by its name."""
