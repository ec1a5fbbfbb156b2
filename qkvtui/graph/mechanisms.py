"""What an example adds to plain attention: positions, biases, and what becomes of queries, keys and scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Final, Literal

from ..records import record
from ..said import Phrase

Causal = bool | Literal["first", "last"]
"""`first`: query i sees keys 0 … i; `last`: the last query sees all. True goes with as many queries as keys."""
CAUSALS: Final = ("first", "last")
Pairs = Literal["halves", "neighbours"]
PAIRS: Final[tuple[Pairs, ...]] = ("halves", "neighbours")
Scoring = Literal["dot", "general", "additive", "cosine"]
SCORINGS: Final[tuple[Scoring, ...]] = ("dot", "general", "additive", "cosine")
NORMS: Final = ("rms",)


@record(frozen=True)
class Rotary:
    """Rotary positions: pair i of a query or key at position p is turned by the angle p · theta^(−2i/width).

    Su et al. 2021, RoFormer, equation 34.
    """

    theta: float = 10000.0
    width: int | None = None
    """How many numbers of a query are turned, the first ones; None: all."""
    pairs: Pairs = "halves"
    """What is turned together: column i with i + width/2, as Llama does, or two neighbours, as GPT-J does."""
    first: int = 0
    """The position of the first key."""
    factors: tuple[float, ...] = ()
    """For each pair what its angle is divided by, as Llama 3 does with slow pairs; none: nothing."""


@record(frozen=True)
class Alibi:
    """−slope · distance is added to each score (Press et al. 2022)."""

    slopes: tuple[float, ...]
    """One for each head."""


@record(frozen=True)
class Relative:
    """A number for each distance, from a table, is added to each score (as T5 does, without its buckets)."""

    table: tuple[tuple[float, ...], ...]
    """(h, 2·d + 1): what a key d or more before the query gets, …, the query's own place, …, d or more behind it."""
    place: Callable[[int, int], Phrase] | None = field(default=None, compare=False, repr=False)
    """Where the number of a head and a column of that stands in a model's file; None: in the table itself."""


def first_position(causal: Causal, queries: int, keys: int) -> int:
    """The position of the first query, where that of the first key is 0: with `last`, queries are the last tokens."""
    return keys - queries if causal == "last" else 0
