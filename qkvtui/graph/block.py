"""What stands around attention in a layer: the table of words before the first one, norms, sums, the feed-forward part,
and behind the last layer what reads the next word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from ..records import record
from .mechanisms import Pairs

Norm = Literal["before", "after", "around", "mlp", "none"]
NORM_PLACES: Final[tuple[Norm, ...]] = ("before", "after", "around", "mlp", "none")
NormKind = Literal["layer", "rms"]
NORM_KINDS: Final[tuple[NormKind, ...]] = ("layer", "rms")
Curve = Literal["none", "relu", "gelu", "gelu_tanh", "silu"]
CURVE_NAMES: Final[tuple[Curve, ...]] = ("none", "relu", "gelu", "gelu_tanh", "silu")
OUTSIDE_BLOCKS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("E", "positions", "types", "g_E", "b_En", "W_E", "b_E"), "vocabulary"),
    **dict.fromkeys(("W_U", "b_U", "g_U", "b_Un"), "readout"),
}
"""Parameters of a file with blocks that stand outside of these → their table."""
MANY_WORDS: Final = 64
"""Of more words than that a page shows the most probable ones first."""
SINUSOIDAL: Final = "sinusoidal"


@record(frozen=True)
class BlockSettings:
    """One `[[blocks]]` table, but for its arrays and its attention."""

    norm: Norm = "none"
    """Where rows are normed.

    before: before attention and before the feed-forward part; after: what each has added; around: before each, and
    what each found before that is added (Gemma 2); mlp: only before the feed-forward part.
    """
    kind: NormKind = "layer"
    epsilon: float = 1e-5
    mlp: Curve = "none"
    """The curve of the feed-forward part; none: there is no such part."""
    gated: bool = False
    """Whether the curve is a gate: curve(N W_G) · N W_1 (Shazeer 2020)."""
    parallel: bool = False
    """Whether the feed-forward part begins with X as attention does, and what both found is added at once (GPT-J)."""


@record(frozen=True)
class Readout:
    """The `[readout]` table, but for its arrays."""

    tied: bool = False
    """Whether the table of words is used again, turned over."""
    norm: bool = False
    """Whether rows are normed once more before."""
    temperature: float = 1.0
    softcap: float | None = None
    """cap · tanh(logit / cap) in place of each logit."""
    reads: bool = True
    """Whether words are read; else rows are only normed, as in a model without its last matrix."""


def end_of(readout: Readout | None) -> str:
    """The step that a layer ends with before anything is read, by what is read behind it: what it leaves, or normed."""
    return "normed_left" if readout is not None and readout.norm else "left"


WORDS = "E"
"""The table of words, which the last layer may read with again: it moves as one of the first layer."""


@record(frozen=True)
class WordTable:
    """The `[vocabulary]` table, but for its arrays `E` (n, m), `positions` (t or more, m), `types`, and what follows.

    What is added up may be normed (`g_E`, `b_En`), and then be multiplied by `W_E`.
    """

    words: Sequence[str]
    sinusoidal: bool = False
    """Whether places are told by sines and cosines (Vaswani et al. 2017, section 3.5), not by a table."""
    pairs: Pairs = "neighbours"
    """Where the sine and the cosine of one angle stand: beside each other, or half the columns apart, as in Marian."""
    scale: float = 1.0
    """What the rows of the words are multiplied by, as Gemma does by √m."""
    norm: bool = False
    """Whether what is added up is normed, as in BERT."""
    first: int = 0
    """The row of `positions` that belongs to the first token."""
