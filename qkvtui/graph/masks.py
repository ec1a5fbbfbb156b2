"""The masks of a file: each alone, and what all of them together add to the scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..engine.masks import additive_mask, causal_mask, combine_masks, padding_mask, window_mask
from ..operations.file_places import column_place, entry
from ..operations.operation import At, Operation, Plan
from ..operations.tensors import Address, Opened, Tensors, given
from ..records import record
from ..said import Phrase, say
from .example import Settings
from .mechanisms import first_position
from .rows import Draft

MaskOf = Callable[[slice], FloatArray]
"""Some queries → (rows, s), (h, rows, s), or what broadcasts to it: 0 = may look, −∞ = may not."""


def masks_in(settings: Settings, queries: int, keys: int) -> dict[str, MaskOf]:
    """Each mask there is, by the name of its setting."""
    own, window, padding = settings.mask, settings.window, settings.padding
    first = first_position(settings.causal, queries, keys)
    found: dict[str, MaskOf] = {}
    if own is not None:
        found["mask"] = lambda rows: _as_numbers(own[..., rows, :])
    if settings.causal:
        found["causal"] = lambda rows: causal_mask(rows.stop - rows.start, keys, first + rows.start)
    if window is not None:
        found["window"] = lambda rows: window_mask(rows.stop - rows.start, keys, window, first + rows.start)
    if padding is not None:
        found["padding"] = lambda rows: padding_mask(padding)
    return found


def mask_of(settings: Settings, rows: slice, queries: int, keys: int) -> FloatArray | None:
    """What all masks together add to some of the queries; None where there is no mask."""
    return combine_masks(*(mask(rows) for mask in masks_in(settings, queries, keys).values()))


def has_mask(settings: Settings) -> bool:
    """Whether any mask takes part: causal, a window, the file's own, or padding."""
    return bool(settings.causal) or any(one is not None for one in (settings.mask, settings.padding, settings.window))


def _as_numbers(mask: BoolArray | FloatArray) -> FloatArray:
    return additive_mask(mask.astype(np.bool_)) if mask.dtype == np.bool_ else mask.astype(np.float64)


@record(frozen=True, eq=False)
class Mask:
    """One of a file's masks, alone."""

    name: str
    """Its setting."""
    numbers: MaskOf
    queries: int
    keys: int
    per_head: bool
    """Whether each head has one of its own."""

    def said(self, cell: Address) -> Phrase:
        """Which setting of the file it is."""
        name = f"attention.{self.name}"
        if self.name == "mask":
            return entry(name, cell.row, cell.column, cell.head if self.per_head else None)
        return column_place(name, cell.column) if self.name == "padding" else say("{setting}", setting=name)


@record(frozen=True)
class Masks(Operation):
    """What all masks together add to the scores: 0 = may look, −∞ = may not."""

    parts: tuple[Mask, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def per_head(self) -> bool:
        """Whether each head has a mask of its own."""
        return any(part.per_head for part in self.parts)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, s), or (h, rows, s)."""
        rows, keys = at.slice, max((part.keys for part in self.parts), default=1)
        mask = combine_masks(*(part.numbers(rows) for part in self.parts))
        if mask is not None and mask.ndim == 3:
            return mask
        return np.broadcast_to(0.0 if mask is None else mask, (1, rows.stop - rows.start, keys))

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The settings."""
        return given(cell, *(part.said(cell) for part in self.parts))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """None."""
        return ""


def masks_of(draft: Draft) -> dict[str, Mask]:
    """Each of the file's masks, by the name of its setting."""
    settings, sizes = draft.example.attention, draft.sizes
    per_head = settings.mask is not None and settings.mask.ndim == 3
    return {
        name: Mask(name, numbers, sizes.queries, sizes.keys, per_head and name == "mask")
        for name, numbers in masks_in(settings, sizes.queries, sizes.keys).items()
    }
