"""Q, K and V themselves, or S and V: the arrays of an example that starts behind the projections."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.example import STANDARD_SCALE
from ..said import say
from .draft import Table
from .forms import Form, need
from .headcounts import HeadCounts, agree, share_equally
from .matrices import ArrayReader
from .phrases import counted
from .projected import Arrays, Found, read_of_scores, read_output_projection, shared
from .sizes import FileSizes

_OF_QUERIES = ("rotary", "norm", "scoring")
_FOR_SCORES = ("g_Q", "g_K", "W_S", "v_S")
_PROJECTIONS = ("W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V")


def read_direct(
    inputs: Table,
    parameters: Table,
    attention: Table,
    counts: HeadCounts,
    reader: ArrayReader,
    sizes: FileSizes,
) -> Arrays:
    """Q (t, k), K (s, k) and V (s, v), each with a leading axis of heads as soon as one of them has it.

    With `heads` in the file they may also stand side by side, (t, h·k), as everywhere else.
    """
    arrays = _read_three(inputs, attention, counts, reader, sizes)
    _refuse_projections(parameters)
    sizes = _sizes(arrays, sizes)
    if len(arrays) == len("QKV"):
        sizes = _check_heads(arrays, inputs, attention, counts, sizes)
    learned: dict[str, FloatArray] = {}
    read_of_scores(Found(parameters, reader, learned), attention, sizes)
    sizes = read_output_projection(parameters, reader, learned, sizes)
    return Arrays(_with_equal_axes(arrays), learned, sizes)


def _read_three(
    inputs: Table, attention: Table, counts: HeadCounts, reader: ArrayReader, sizes: FileSizes
) -> dict[str, FloatArray]:
    def read(form: Form) -> FloatArray | None:
        return reader.heads(inputs.values[form.name], inputs.place_of(form.name), form)

    q = read(Form("Q", rows=need(sizes.t, say("one for each token"))))  # (h, t, k) or (t, k)
    d_k = None if q is None else q.shape[-1]
    keys = need(sizes.s, say("one for each token that is attended to"))
    any_width = attention.values.get("scoring") == "general"  # W_S leads from a query's length to a key's
    like_q = (
        None
        if any_width
        else need(
            d_k, say("because a key is as long as a query, and Q has {columns}", columns=counted(d_k or 0, "column"))
        )
    )
    heads = (counts.heads or 1) if q is not None and q.ndim == 2 else 1
    k = read(Form("K", rows=keys, columns=like_q if heads == 1 else None))  # (g, s, k) or (s, k)
    v = read(Form("V", rows=keys))  # (g, s, v) or (s, v)
    arrays = {name: array for name, array in (("Q", q), ("K", k), ("V", v)) if array is not None}
    if heads == 1 or any(array.ndim == 3 for array in arrays.values()):
        return arrays
    return _cut(arrays, inputs, HeadCounts(heads, counts.kv_heads or heads), any_width=any_width)


def _cut(arrays: dict[str, FloatArray], inputs: Table, counts: HeadCounts, *, any_width: bool) -> dict[str, FloatArray]:
    """Heads that stand side by side: head i owns the columns i·k … (i + 1)·k, as torch has it."""
    found: dict[str, FloatArray] = {}
    for name, array in arrays.items():
        heads = counts.heads if name == "Q" else counts.kv_heads
        width = shared(inputs, name, array, heads)
        if width is None or heads is None:
            continue
        if name == "K" and "Q" in found and width != found["Q"].shape[-1] and not any_width:
            expected = say(
                "a key is as long as a query, and of Q each head has {columns}",
                columns=counted(found["Q"].shape[-1], "column"),
            )
            inputs.report(name, say("has {columns} for each head", columns=counted(width, "column")), expected)
            continue
        found[name] = np.ascontiguousarray(array.reshape(len(array), heads, width).swapaxes(0, 1))  # (h, s, k)
    return found


def read_scored(
    inputs: Table,
    parameters: Table,
    attention: Table,
    counts: HeadCounts,
    reader: ArrayReader,
    sizes: FileSizes,
) -> Arrays:
    """S (t, s) and V (s, v), each with a leading axis of heads as soon as one of them has it."""
    form = Form(
        "S", need(sizes.t, say("one for each token")), need(sizes.s, say("one for each token that is attended to"))
    )
    found = {
        name: reader.heads(inputs.values[name], inputs.place_of(name), one)
        for name, one in (
            ("S", form),
            ("V", Form("V", rows=need(sizes.s, say("one for each token that is attended to")))),
        )
    }
    arrays = {name: array for name, array in found.items() if array is not None}
    _refuse_projections(parameters, scored=True)
    for name in _OF_QUERIES:
        if name in attention:
            attention.report(name, say("has nothing to do here"), say("the scores are given, and it would change them"))
    for name in _FOR_SCORES:
        if name in parameters:
            parameters.report(
                name,
                say("has nothing to do here, since {reason}", reason=say("the scores are given")),
                say("leave it out"),
            )
    if attention.values.get("scale") == STANDARD_SCALE:
        expected = say("the scores are given, and there is no d_k; write a number, or leave it out")
        attention.report("scale", say('is "{scale}"', scale=STANDARD_SCALE), expected)
    scores, v = arrays.get("S"), arrays.get("V")
    if scores is not None and v is not None:
        sound = agree(attention, "heads", counts.heads, _heads(scores), say("S holds"))
        sound &= agree(attention, "kv_heads", counts.kv_heads, _heads(v), say("V holds"))
        if sound and share_equally(inputs, _heads(scores), _heads(v), "V"):
            sizes = sizes._replace(heads=_heads(scores), kv_heads=_heads(v))
    sizes = sizes._replace(v=None if v is None else v.shape[-1])
    learned: dict[str, FloatArray] = {}
    sizes = read_output_projection(parameters, reader, learned, sizes)
    return Arrays(_with_equal_axes(arrays), learned, sizes)


def _refuse_projections(parameters: Table, *, scored: bool = False) -> None:
    for name in _PROJECTIONS:
        if name in parameters:
            letter = name[-1]
            given = (
                say("{letter} is given", letter=letter) if letter == "V" or not scored else say("the scores are given")
            )
            parameters.report(
                name,
                say("has nothing to do here, since {reason}", reason=given),
                say("leave it out, or give X instead"),
            )


def _sizes(arrays: dict[str, FloatArray], sizes: FileSizes) -> FileSizes:
    q, k, v = (arrays.get(name) for name in "QKV")
    return sizes._replace(
        k=None if q is None else q.shape[-1],
        keys=None if k is None else k.shape[-1],
        v=None if v is None else v.shape[-1],
        heads=None if q is None else _heads(q),
    )


def _check_heads(
    arrays: dict[str, FloatArray], inputs: Table, attention: Table, counts: HeadCounts, sizes: FileSizes
) -> FileSizes:
    heads, kv_heads, of_values = (_heads(arrays[name]) for name in "QKV")
    sound = agree(attention, "heads", counts.heads, heads, say("Q holds"))
    if of_values != kv_heads:
        inputs.report(
            "V",
            say("holds {heads}", heads=counted(of_values, "head")),
            say("V needs {kv_heads}, as many as K", kv_heads=kv_heads),
        )
        return sizes
    sound &= agree(attention, "kv_heads", counts.kv_heads, kv_heads, say("K and V hold"))
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
