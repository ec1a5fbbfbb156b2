"""How somebody calculates attention: the right way, or with mistakes."""

from __future__ import annotations

from dataclasses import dataclass


from ..rounding import Ties
from ..trace import SoftmaxOver

@dataclass(frozen=True)
class Rounding:
    """Rounding between the steps, as somebody does who writes each step down."""

    decimals: int
    ties: Ties = "up"
    steps: frozenset[str] | None = None
    """The steps that are rounded; None: all that are computed."""
    exponentials: bool = False
    """Whether the exponentials inside softmax are rounded too."""


@dataclass(frozen=True)
class Method:
    """One way of calculating; as it stands, the right one."""

    scale: float | None = None
    """What the scores are multiplied by; None: what the example says."""
    softmax_over: SoftmaxOver = "rows"
    exponentials: bool = True
    """False: each score ÷ the sum of the scores."""
    masks_forgotten: frozenset[str] = frozenset()
    """Of `causal`, `mask` and `padding`."""
    masks_late: bool = False
    """True: −∞ comes only after softmax, as a weight of 0; nothing is shared out again."""
    made_with: tuple[str, str, str] = ("Q", "K", "V")
    """The letters of the matrices with which queries, keys and values are made."""
    taken_for: tuple[str, str, str] = ("Q", "K", "V")
    """What is taken for Q, K and V in the two products of attention."""
    transposed: frozenset[str] = frozenset()
    """Letters of the matrices that are multiplied as W^T."""
    unbiased: frozenset[str] = frozenset()
    """Letters of the biases that are not added."""
    rounding: Rounding | None = None


RIGHT = Method()
