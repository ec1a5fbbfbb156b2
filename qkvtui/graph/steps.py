"""STEPS, the one ordered table of what attention does: each row an operation on the tensors before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.attention import default_scale
from ..engine.masks import combine_masks
from ..operations.elementwise import Added, Scaled
from ..operations.given import Given, Setting
from ..operations.join import Joined, Repeated
from ..operations.operation import At, Drawing, Heads, Operation, Plan
from ..operations.product import Factor, Product
from ..operations.softmax import Softmax
from ..operations.tensors import Address, Axis, Opened, Table, given
from .example import NO_SCALE, STANDARD_SCALE, Example, Settings
from .masks import mask_of
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
    if not masks_of(draft):
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
    StepType(
        "embeddings",
        "X",
        QUERY,
        FEATURE,
        _embeddings,
        per_head=False,
        has_gradient=False,
        width="m",
        needs="X",
    ),
    StepType("queries", "Q", QUERY, FEATURE, _projection("Q", "X"), "queries", width="k"),
    StepType("keys", "K", KEY, FEATURE, _projection("K", "Y"), "keys", width="k"),
    StepType("values", "V", KEY, FEATURE, _projection("V", "Y"), "values", width="v"),
    StepType("scores", "S", QUERY, KEY, _scores, "scores"),
    StepType("scaled", "S′", QUERY, KEY, _scaled, "scores", needs="scale"),
    StepType("masked", "S″", QUERY, KEY, _masked, "scores", has_gradient=False, needs="mask"),
    StepType("weights", "A", QUERY, KEY, _weights, "weights"),
    StepType("output", "O", QUERY, FEATURE, _output, "result", width="v"),
    StepType("heads", "H", QUERY, FEATURE, _heads, "result", per_head=False, width="side_by_side", needs="heads"),
    StepType("projected", "P", QUERY, FEATURE, _projected, "result", per_head=False, width="projected", needs="W_O"),
    StepType("summary", "A", QUERY, KEY, _summary, has_gradient=False, is_published=False),
)

PUBLISHED: dict[str, StepType] = {kind.id: kind for kind in STEPS if kind.is_published}
"""The steps whose numbers a file can publish, by id, in the order of the computation."""


def scale_of(example: Example, d_k: int) -> float | None:
    """What the scores are multiplied by; None: nothing."""
    scale = example.attention.scale
    if scale == NO_SCALE:
        return None
    return default_scale(d_k) if scale == STANDARD_SCALE else float(scale)


def settings_of(draft: Draft) -> tuple[tuple[str, Operation, Axis, Axis], ...]:
    """The settings that stand in addresses: the scale and the mask, with their rows and columns."""
    example = draft.example
    found: list[tuple[str, Operation, Axis, Axis]] = []
    scale = scale_of(example, draft.shape("queries")[1])
    if scale is not None:
        written = example.attention.scale
        said = f"{written}, d_k = {draft.shape('queries')[1]}" if written == STANDARD_SCALE else str(written)
        factor = np.full((1, 1, 1), scale)
        found.append(("scale", Setting(lambda at: factor, lambda cell: f"attention.scale: {said}"), Axis.ONE, Axis.ONE))
    masks = masks_of(draft)
    if masks:
        found.append(("mask", Masks(tuple(masks.values())), QUERY, KEY))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Mask:
    """One of a file's masks, alone."""

    settings: Settings
    """With no other mask in it."""
    keys: int

    def numbers(self, rows: slice) -> FloatArray:
        """(rows, s), or what broadcasts to it: what is added."""
        found = mask_of(self.settings, rows, self.keys)
        assert found is not None
        return found

    def forbids(self, queries: int) -> bool:
        """Whether it forbids any look."""
        return bool(np.isneginf(self.numbers(slice(0, queries))).any())

    def said(self, cell: Address) -> str:
        """Which setting of the file it is."""
        if self.settings.mask is not None:
            return f"attention.mask, row {cell.row}, column {cell.column}"
        return "attention.causal" if self.settings.causal else f"attention.padding, column {cell.column}"


@dataclass(frozen=True)
class Masks(Operation):
    """What all masks together add to the scaled scores: 0 = may look, −∞ = may not."""

    parts: tuple[Mask, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """None."""
        return ()

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, s)."""
        rows, keys = at.slice, max((part.keys for part in self.parts), default=1)
        mask = combine_masks(*(part.numbers(rows) for part in self.parts))
        return np.broadcast_to(0.0 if mask is None else mask, (1, rows.stop - rows.start, keys))

    def opened(self, table: Table, cell: Address) -> Opened:
        """The settings."""
        return given(cell, "; ".join(part.said(cell) for part in self.parts))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


def masks_of(draft: Draft) -> dict[str, Mask]:
    """Each of the file's masks, by the name of its setting."""
    settings, keys = draft.example.attention, draft.sizes.keys
    found = {}
    if settings.mask is not None:
        found["mask"] = Mask(Settings(mask=settings.mask), keys)
    if settings.causal:
        found["causal"] = Mask(Settings(causal=True), keys)
    if settings.padding is not None:
        found["padding"] = Mask(Settings(padding=settings.padding), keys)
    return found
