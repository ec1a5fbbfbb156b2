"""The lengths that the arrays of an example share."""

from __future__ import annotations

from typing import NamedTuple


class FileSizes(NamedTuple):
    """The lengths, in the letters of the field; None = not known."""

    t: int | None = None
    """queries"""
    s: int | None = None
    """keys"""
    m: int | None = None
    """d_model: the width of X"""
    k: int | None = None
    """d_k: the width of a head's queries and keys"""
    keys: int | None = None
    """The width of a head's keys: another than `k` only with scoring "general"."""
    y: int | None = None
    """The width of what keys are made of: of Y, or X."""
    z: int | None = None
    """The width of what values are made of: of Z, Y or X."""
    v: int | None = None
    """d_v: the width of a head's values"""
    heads: int | None = None
    kv_heads: int | None = None
    projected: int | None = None
    """The width of what comes out of W_O."""


def times(*lengths: int | None) -> int | None:
    """The product of lengths, None where one is not known."""
    product = 1
    for length in lengths:
        if length is None:
            return None
        product *= length
    return product
