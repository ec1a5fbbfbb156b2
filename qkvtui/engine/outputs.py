"""Only the output of attention, as fast as NumPy gives it, where nobody looks at what comes before."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .attention import default_scale, row_blocks

CELLS_PER_OUTPUT_BLOCK = 1 << 19
"""Scores of a block: 2 MiB in float32.

Of 64 to 1,024 rows of 4,096 keys 128 to 512 are about the fastest: fewer read all of k and v too often, more leave the
cache.
"""


@quiet
def attend_output(
    q: FloatArray,
    k: FloatArray,
    v: FloatArray,
    *,
    scale: float | None = None,
    mask: FloatArray | None = None,
    threads: int | None = None,
) -> FloatArray:
    """The `output` of `attention` without its record, to rounding: q (..., t, k), k (..., s, k), v (..., s, v).

    `mask` broadcasts to (..., t, s). One block of rows is computed after the other, and its scores become its weights
    in one buffer, so that no more than a block is held for each thread. `threads` None means one for each processor
    where NumPy's BLAS is told to use only one itself (OPENBLAS_NUM_THREADS=1), which is the fastest; else one, because
    they would be in each other's way.
    """
    threads = _usual_threads() if threads is None else threads
    kind = np.result_type(q, k, v)
    factor = kind.type(default_scale(q.shape[-1]) if scale is None else scale)
    leading = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2], () if mask is None else mask.shape[:-2])
    scaled = np.broadcast_to(q * factor, (*leading, *q.shape[-2:])).astype(kind, copy=False)  # (..., t, k)
    turned = np.ascontiguousarray(k.mT, dtype=kind)  # (..., k, s): BLAS is a sixth faster with it than with k itself
    keys = np.broadcast_to(turned, (*leading, *turned.shape[-2:]))
    values = np.broadcast_to(v, (*leading, *v.shape[-2:])).astype(kind, copy=False)  # (..., s, v)
    t, s = q.shape[-2], k.shape[-2]
    added = None if mask is None else np.broadcast_to(mask, (*leading, t, s))
    output = np.empty((*leading, t, v.shape[-1]), kind)
    blocks = [(index, rows) for index in np.ndindex(*leading) for rows in row_blocks(t, s, CELLS_PER_OUTPUT_BLOCK)]

    small = _stay_small(scaled, turned, mask)

    def fill(share: list[tuple[tuple[int, ...], slice]]) -> None:
        buffers = _Buffers(max((rows.stop - rows.start for _, rows in share), default=0), s, kind)
        for index, rows in share:
            block_mask = None if added is None else added[index][rows]
            _fill(output[index][rows], scaled[index][rows], keys[index], values[index], block_mask, buffers, small)

    if min(threads, len(blocks)) <= 1:
        fill(blocks)
        return read_only(output)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(fill, share) for share in _shares(blocks, threads)]:
            done.result()
    return read_only(output)


class _Buffers:
    """What every block of a thread is computed in."""

    def __init__(self, rows: int, keys: int, kind: np.dtype[np.floating]) -> None:
        self.scores = np.empty((rows, keys), kind)
        self.ones = np.ones(keys, kind)
        """A row times ones is its sum: BLAS adds up faster than `sum`."""


_LARGEST_SAFE = 60.0
"""e to this power, times as many keys as fit into memory, is far from the ends of float32."""


def _stay_small(q: FloatArray, k: FloatArray, mask: FloatArray | None) -> bool:
    """Whether no score can be so large or so small that it must be shifted by its row's maximum: |q·k| ≤ |q| |k|."""
    bound = np.sqrt((q * q).sum(axis=-1).max(initial=0)) * np.sqrt((k * k).sum(axis=-2).max(initial=0))
    if mask is not None:
        bound += np.abs(mask[np.isfinite(mask)]).max(initial=0)
    return bool(bound < _LARGEST_SAFE)


def _fill(
    output: FloatArray,
    q: FloatArray,
    k: FloatArray,
    v: FloatArray,
    mask: FloatArray | None,
    buffers: _Buffers,
    small: bool,
) -> None:
    """One block: q (r, k), already scaled, k turned (k, s), v (s, v), mask (r, s) → output (r, v)."""
    weights = buffers.scores[: len(q)]  # (r, s): scores first, then exponentials
    np.matmul(q, k, out=weights)
    if mask is not None:
        np.add(weights, mask, out=weights, casting="same_kind")
    if not small:
        maximum = weights.max(axis=-1, keepdims=True)  # (r, 1)
        np.subtract(weights, np.where(np.isneginf(maximum), np.zeros_like(maximum), maximum), out=weights)
    np.exp(weights, out=weights)
    total = weights @ buffers.ones  # (r,)
    np.matmul(weights, v, out=output)
    np.divide(output, np.where(total == 0, np.ones_like(total), total)[:, None], out=output)


def _usual_threads() -> int:
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shares(blocks: list[tuple[tuple[int, ...], slice]], threads: int) -> Iterator[list[tuple[tuple[int, ...], slice]]]:
    """The blocks of each thread: neighbours, which read the same keys."""
    size = -(-len(blocks) // threads)
    for start in range(0, len(blocks), size):
        yield blocks[start : start + size]
