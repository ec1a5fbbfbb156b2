"""STEPS, the one ordered table of what attention does: each row an operation on the tensors before it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..engine import default_scale
from ..engine.arrays import FloatArray
from ..files.example import NO_SCALE, STANDARD_SCALE, Example
from ..files.masks import mask_of
from ..operations.elementwise import Added, Scaled
from ..operations.given import Given, Setting
from ..operations.join import Joined, Repeated
from ..operations.operation import At, Drawing, Heads, Operation
from ..operations.product import Factor, Product
from ..operations.softmax import Softmax
from ..operations.tensors import Address, Axis
from .rows import Draft, StepType

QUERY, KEY, FEATURE = Axis.QUERY, Axis.KEY, Axis.FEATURE


def _embeddings(draft: Draft) -> Operation | None:
    if "X" not in draft.example.inputs:
        return None
    return Given("X", written="X" if draft.example.context is None else "X, Y")


def _projection(letter: str, source: str) -> Callable[[Draft], Operation]:
    """X W + b, its columns divided among the heads; or as the file gives it."""

    def made(draft: Draft) -> Operation:
        example, sizes = draft.example, draft.sizes
        group = 1 if letter == "Q" else sizes.heads // sizes.kv_heads
        if "X" not in example.inputs:
            heads = Heads(sizes.heads, group, sizes.leaves[letter][-1])
            return Given(letter, heads if group > 1 else None, Drawing.PROJECTION)
        weights = f"W_{letter}"
        heads = Heads(sizes.heads, group, sizes.leaves[weights][1] * group // sizes.heads)
        left = source if source in example.inputs else "X"
        return Product(((Factor(left), Factor(weights)),), _bias(example, letter), heads, Drawing.PROJECTION)

    return made


def _bias(example: Example, letter: str) -> str | None:
    return f"b_{letter}" if f"b_{letter}" in example.parameters else None


def _scores(draft: Draft) -> Operation:
    queries, keys = Factor(draft.roles["queries"]), Factor(draft.roles["keys"], turned=True)
    return Product(((queries, keys),), drawing=Drawing.SCORES)


def _scaled(draft: Draft) -> Operation | None:
    scale = draft.example.attention.scale
    if scale == NO_SCALE:
        return None
    return Scaled(draft.roles["scores"], "scale", "/ √d_k" if scale == STANDARD_SCALE else f"· {scale}")


def _masked(draft: Draft) -> Operation | None:
    settings = draft.example.attention
    if not (settings.causal or settings.mask is not None or settings.padding is not None):
        return None
    return Added(draft.roles["scores"], "mask", "M")


def _weights(draft: Draft) -> Operation:
    return Softmax(draft.roles["scores"])


def _output(draft: Draft) -> Operation:
    weights, values = Factor(draft.roles["weights"]), Factor(draft.roles["values"])
    return Product(((weights, values),), drawing=Drawing.WEIGHTED_SUM)


def _heads(draft: Draft) -> Operation | None:
    if draft.sizes.heads == 1:
        return None
    source = draft.roles["result"]
    return Joined(source, Heads(draft.sizes.heads, 1, draft.shape(source)[1]))


def _projected(draft: Draft) -> Operation | None:
    if "W_O" not in draft.example.parameters:
        return None
    pair = (Factor(draft.roles["result"]), Factor("W_O"))
    return Product((pair,), _bias(draft.example, "O"), drawing=Drawing.PROJECTION)


def _summary(draft: Draft) -> Operation:
    weights = draft.roles["weights"]
    return Repeated(weights, draft.rows[weights].operation)


STEPS: tuple[StepType, ...] = (
    StepType("embeddings", "X", QUERY, FEATURE, _embeddings, per_head=False, has_gradient=False),
    StepType("queries", "Q", QUERY, FEATURE, _projection("Q", "X"), "queries"),
    StepType("keys", "K", KEY, FEATURE, _projection("K", "Y"), "keys"),
    StepType("values", "V", KEY, FEATURE, _projection("V", "Y"), "values"),
    StepType("scores", "S", QUERY, KEY, _scores, "scores"),
    StepType("scaled", "S′", QUERY, KEY, _scaled, "scores"),
    StepType("masked", "S″", QUERY, KEY, _masked, "scores", has_gradient=False),
    StepType("weights", "A", QUERY, KEY, _weights, "weights"),
    StepType("output", "O", QUERY, FEATURE, _output, "result"),
    StepType("heads", "H", QUERY, FEATURE, _heads, "result", per_head=False),
    StepType("projected", "P", QUERY, FEATURE, _projected, "result", per_head=False),
    StepType("summary", "A", QUERY, KEY, _summary, has_gradient=False),
)


def scale_of(example: Example, d_k: int) -> float | None:
    """What the scores are multiplied by; None: nothing."""
    scale = example.attention.scale
    if scale == NO_SCALE:
        return None
    return default_scale(d_k) if scale == STANDARD_SCALE else float(scale)


def settings_of(draft: Draft) -> tuple[tuple[str, Setting, Axis, Axis], ...]:
    """The settings that stand in addresses: the scale and the mask, with their rows and columns."""
    example, found = draft.example, []
    scale = scale_of(example, draft.shape("queries")[1])
    if scale is not None:
        written = example.attention.scale
        said = f"{written}, d_k = {draft.shape('queries')[1]}" if written == STANDARD_SCALE else str(written)
        factor = np.full((1, 1, 1), scale)
        found.append(("scale", Setting(lambda at: factor, lambda cell: f"attention.scale: {said}"), Axis.ONE, Axis.ONE))
    if _masked_at_all(example):
        mask = Setting(lambda at: _mask(at, example), lambda cell: _mask_said(example, cell))
        found.append(("mask", mask, QUERY, KEY))
    return tuple(found)


def _masked_at_all(example: Example) -> bool:
    settings = example.attention
    return settings.causal or settings.mask is not None or settings.padding is not None


def _mask(at: At, example: Example) -> FloatArray:
    """(1, rows, s)."""
    mask = mask_of(example.attention, at.slice, len(example.keys))
    assert mask is not None
    return np.broadcast_to(mask, (1, at.slice.stop - at.slice.start, len(example.keys)))


def _mask_said(example: Example, cell: Address) -> str:
    settings, places = example.attention, []
    if settings.mask is not None:
        places.append(f"attention.mask, row {cell.row}, column {cell.column}")
    if settings.causal:
        places.append("attention.causal")
    if settings.padding is not None:
        places.append(f"attention.padding, column {cell.column}")
    return "; ".join(places)
