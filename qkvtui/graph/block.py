"""What stands around attention in a layer: the table of words before the first one, norms, sums, the feed-forward part,
and behind the last layer what reads the next word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from ..records import record

Norm = Literal["before", "after", "none"]
NORM_PLACES: Final[tuple[Norm, ...]] = ("before", "after", "none")
NormKind = Literal["layer", "rms"]
NORM_KINDS: Final[tuple[NormKind, ...]] = ("layer", "rms")
Curve = Literal["none", "relu", "gelu", "gelu_tanh", "silu"]
CURVE_NAMES: Final[tuple[Curve, ...]] = ("none", "relu", "gelu", "gelu_tanh", "silu")
OUTSIDE_BLOCKS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("E", "positions"), "vocabulary"),
    **dict.fromkeys(("W_U", "b_U", "g_U", "b_Un"), "readout"),
}
"""Parameters of a file with blocks that stand outside of these → their table."""
SINUSOIDAL: Final = "sinusoidal"


@record(frozen=True)
class BlockSettings:
    """One `[[blocks]]` table, but for its arrays and its attention."""

    norm: Norm = "none"
    """Where rows are normed: before attention and before the feed-forward part, or after what each adds, or nowhere."""
    kind: NormKind = "layer"
    epsilon: float = 1e-5
    mlp: Curve = "none"
    """The curve of the feed-forward part; none: there is no such part."""
    gated: bool = False
    """Whether the curve is a gate: curve(N W_G) · N W_1 (Shazeer 2020)."""


@record(frozen=True)
class Readout:
    """The `[readout]` table, but for its arrays."""

    tied: bool = False
    """Whether the table of words is used again, turned over."""
    norm: bool = False
    """Whether rows are normed once more before."""
    temperature: float = 1.0


@record(frozen=True)
class WordTable:
    """The `[vocabulary]` table, but for its arrays `E` (n, m) and `positions` (t or more, m)."""

    words: tuple[str, ...]
    sinusoidal: bool = False
    """Whether places are told by sines and cosines (Vaswani et al. 2017, section 3.5), not by a table."""
