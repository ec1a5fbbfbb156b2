"""Q, K and V themselves: the arrays of an example that starts behind the projections."""

from __future__ import annotations

from ..engine.arrays import FloatArray
from .draft import Table
from .forms import Form, need
from .headcounts import HeadCounts, agree, share_equally
from .matrices import ArrayReader
from .phrases import counted
from .projected import Arrays, read_output_projection
from .sizes import Sizes

_PROJECTIONS = ("W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V")


def read_direct(
    inputs: Table, parameters: Table, attention: Table, counts: HeadCounts, reader: ArrayReader, sizes: Sizes
) -> Arrays:
    """Q (t, k), K (s, k) and V (s, v), each with a leading axis of heads as soon as one of them has it."""
    arrays = _read_three(inputs, reader, sizes)
    _refuse_projections(parameters)
    sizes = _sizes(arrays, sizes)
    if len(arrays) == len("QKV"):
        sizes = _check_heads(arrays, inputs, attention, counts, sizes)
    learned: dict[str, FloatArray] = {}
    sizes = read_output_projection(parameters, reader, learned, sizes)
    return Arrays(_with_equal_axes(arrays), learned, sizes)


def _read_three(inputs: Table, reader: ArrayReader, sizes: Sizes) -> dict[str, FloatArray]:
    def read(form: Form) -> FloatArray | None:
        return reader.heads(inputs.values[form.name], inputs.place_of(form.name), form)

    q = read(Form("Q", rows=need(sizes.t, "one for each token")))  # (h, t, k) or (t, k)
    d_k = None if q is None else q.shape[-1]
    keys = need(sizes.s, "one for each token that is attended to")
    like_q = need(d_k, f"because a key is as long as a query, and Q has {counted(d_k or 0, 'column')}")
    k = read(Form("K", rows=keys, columns=like_q))  # (g, s, k) or (s, k)
    v = read(Form("V", rows=keys))  # (g, s, v) or (s, v)
    return {name: array for name, array in (("Q", q), ("K", k), ("V", v)) if array is not None}


def _refuse_projections(parameters: Table) -> None:
    for name in _PROJECTIONS:
        if name in parameters:
            letter = name[-1]
            parameters.report(
                name, f"has nothing to do here, since {letter} is given", "leave it out, or give X instead"
            )


def _sizes(arrays: dict[str, FloatArray], sizes: Sizes) -> Sizes:
    q, v = arrays.get("Q"), arrays.get("V")
    return sizes._replace(
        k=None if q is None else q.shape[-1],
        v=None if v is None else v.shape[-1],
        heads=None if q is None else _heads(q),
    )


def _check_heads(
    arrays: dict[str, FloatArray], inputs: Table, attention: Table, counts: HeadCounts, sizes: Sizes
) -> Sizes:
    heads, kv_heads, of_values = (_heads(arrays[name]) for name in "QKV")
    sound = agree(attention, "heads", counts.heads, heads, "Q holds")
    if of_values != kv_heads:
        inputs.report("V", f"holds {counted(of_values, 'head')}", f"V needs {kv_heads}, as many as K")
        return sizes
    sound &= agree(attention, "kv_heads", counts.kv_heads, kv_heads, "K and V hold")
    if sound and share_equally(inputs, heads, kv_heads, "K"):
        return sizes._replace(kv_heads=kv_heads)
    return sizes


def _heads(array: FloatArray) -> int:
    return array.shape[0] if array.ndim == 3 else 1


def _with_equal_axes(arrays: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """All with a leading axis of heads, or none."""
    if all(array.ndim == 2 for array in arrays.values()):
        return arrays
    return {name: array if array.ndim == 3 else array[None] for name, array in arrays.items()}
