"""Only the output of attention, as fast as NumPy gives it, where nobody looks at what comes before."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .attention import default_scale

ROWS, KEYS = 512, 256
"""Scores of a tile: 512 KiB in float32, which stays in a core's cache until it is used up.

Of 128 to 2,048 rows and 256 to 1,024 keys about the fastest: smaller ones read all of v too often.
"""


@quiet
def attend_output(
    q: FloatArray,
    k: FloatArray,
    v: FloatArray,
    *,
    scale: float | None = None,
    threads: int | None = None,
) -> FloatArray:
    """The `output` of `attention` without its record, to rounding: q (..., t, k), k (..., s, k), v (..., s, v).

    Computed tile by tile, a few rows and keys at a time (FlashAttention, Dao et al.
    2022), so that no more than a tile of scores is held for each thread. `threads` None means one for each processor
    where NumPy's BLAS is told to use only one itself (OPENBLAS_NUM_THREADS=1), which is the fastest; else one, because
    they would be in each other's way.
    """
    threads = _usual_threads() if threads is None else threads
    kind = np.result_type(q, k, v)
    factor = kind.type(default_scale(q.shape[-1]) if scale is None else scale)
    leading = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    scaled = np.broadcast_to(q * factor, (*leading, *q.shape[-2:])).astype(kind, copy=False)  # (..., t, k)
    keys = np.broadcast_to(k, (*leading, *k.shape[-2:])).astype(kind, copy=False)  # (..., s, k)
    values = np.broadcast_to(v, (*leading, *v.shape[-2:])).astype(kind, copy=False)  # (..., s, v)
    t, s = q.shape[-2], k.shape[-2]
    output = np.zeros((*leading, t, v.shape[-1]), kind)
    tiles = [slice(start, min(start + KEYS, s)) for start in range(0, s, KEYS)]
    turned = {index: [np.ascontiguousarray(keys[index][tile].T) for tile in tiles] for index in np.ndindex(*leading)}
    blocks = [(index, slice(start, min(start + ROWS, t))) for index in turned for start in range(0, t, ROWS)]
    small = _stay_small(scaled, keys)

    @quiet  # a thread does not inherit it
    def fill(share: list[tuple[tuple[int, ...], slice]]) -> None:
        buffers = _Buffers(max((rows.stop - rows.start for _, rows in share), default=0), v.shape[-1], kind)
        for index, rows in share:
            sums = _Sums(output[index][rows], scaled[index][rows], buffers, shifted=not small)
            for tile, k_tile in zip(tiles, turned[index], strict=True):
                sums.add(k_tile, values[index][tile])
            sums.divide()

    if min(threads, len(blocks)) <= 1:
        fill(blocks)
        return read_only(output)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(fill, share) for share in _shares(blocks, threads)]:
            done.result()
    return read_only(output)


class _Buffers:
    """What every tile of a thread is computed in."""

    def __init__(self, rows: int, width: int, kind: np.dtype[np.floating]) -> None:
        self.scores = np.empty(rows * KEYS, kind)
        self.part = np.empty((rows, width), kind)
        self.ones = np.ones(KEYS, kind)
        """A row times ones is its sum: BLAS adds up faster than `sum`."""


class _Sums:
    """Σ exp(score) v and Σ exp(score) of a block of rows, added up tile by tile; the first of them in `output`."""

    def __init__(self, output: FloatArray, q: FloatArray, buffers: _Buffers, *, shifted: bool) -> None:
        self._output = output  # (r, v), zeros
        self._q = q  # (r, k), already scaled
        self._buffers = buffers
        self._total = np.zeros((len(q), 1), output.dtype)  # (r, 1)
        self._maximum = np.full_like(self._total, -np.inf) if shifted else None  # (r, 1): the largest score so far

    def add(self, k: FloatArray, v: FloatArray) -> None:
        """One tile: k turned (k, c), v (c, v)."""
        rows, keys = len(self._q), len(v)
        weights = self._buffers.scores[: rows * keys].reshape(rows, keys)  # (r, c): scores first, then exponentials
        np.matmul(self._q, k, out=weights)
        if self._maximum is not None:
            self._shift(weights, self._maximum)
        np.exp(weights, out=weights)
        self._total += (weights @ self._buffers.ones[:keys])[:, None]
        self._output += np.matmul(weights, v, out=self._buffers.part[:rows])

    def _shift(self, scores: FloatArray, before: FloatArray) -> None:
        """Take away the largest score so far, and bring what is added up already to the same measure."""
        largest = np.maximum(before, scores.max(axis=-1, keepdims=True))  # (r, 1)
        np.subtract(scores, largest, out=scores)
        factor = np.exp(before - largest)  # 0 where nothing is added up yet
        self._total *= factor
        self._output *= factor
        self._maximum = largest

    def divide(self) -> None:
        """The weighted means."""
        self._output /= self._total


_LARGEST_SAFE = 60.0
"""e to this power, times as many keys as fit into memory, is far from the ends of float32."""


def _stay_small(q: FloatArray, k: FloatArray) -> bool:
    """Whether no score can be so large or so small that it must be shifted by its row's maximum: |q·k| ≤ |q| |k|."""
    bound = float(np.sqrt((q * q).sum(axis=-1).max(initial=0)) * np.sqrt((k * k).sum(axis=-1).max(initial=0)))
    return bound < _LARGEST_SAFE


def _usual_threads() -> int:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shares(blocks: list[tuple[tuple[int, ...], slice]], threads: int) -> Iterator[list[tuple[tuple[int, ...], slice]]]:
    """The blocks of each thread: neighbours, which read the same keys."""
    size = -(-len(blocks) // threads)
    for start in range(0, len(blocks), size):
        yield blocks[start : start + size]
