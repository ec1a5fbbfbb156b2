"""What several steps around attention have in common: the block they are of, norms, products with a matrix."""

from __future__ import annotations

from ..operations.operation import Drawing, Operation
from ..operations.product import Factor, Product
from ..operations.row_norm import row_normed
from .block import BlockSettings
from .rows import Draft


def norm_of(draft: Draft, source: str, letter: str) -> Operation:
    """The norm `letter` of the block, of each row of a tensor."""
    block = block_of(draft)
    gain, bias = (name if name in draft.example.parameters else None for name in (f"g_{letter}", f"b_{letter}n"))
    return row_normed(source, draft.symbol(source), letter, kind=block.kind, gain=gain, bias=bias)


def block_of(draft: Draft) -> BlockSettings:
    """The block that the draft is of; one that adds nothing where there is none."""
    return draft.example.block or BlockSettings()


def linear_of(draft: Draft, source: str, letter: str) -> Operation:
    """A tensor times the matrix `letter`, plus its bias where there is one."""
    bias = f"b_{letter}" if f"b_{letter}" in draft.example.parameters else None
    return Product(((Factor(source), Factor(f"W_{letter}")),), bias, drawing=Drawing.PROJECTION)


def last_of(draft: Draft, *names: str) -> str:
    """The first of these tensors that there is."""
    return next(name for name in names if name in draft.rows)
