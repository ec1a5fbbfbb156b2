"""The curve that a feed-forward network bends its numbers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .elementwise import Elementwise, Operand
from .operation import At, Drawing, Operation, Plan
from .rules import Rule

CURVES: Mapping[str, tuple[Rule, Rule]] = {
    "relu": (Rule.RELU, Rule.THROUGH_RELU),
    "gelu": (Rule.GELU, Rule.THROUGH_GELU),
    "gelu_tanh": (Rule.GELU_TANH, Rule.THROUGH_GELU_TANH),
    "silu": (Rule.SILU, Rule.THROUGH_SILU),
}
"""Name → what makes a number, and what makes the gradient before it from that behind it."""
_STEEPEST = 1.13
"""No curve rises more steeply."""


@record(frozen=True)
class Activated(Elementwise):
    """max(x, 0), x · Φ(x) (Hendrycks and Gimpel 2016) or x · σ(x) (Ramachandran et al. 2017), number by number."""

    through: Rule = Rule.THROUGH_RELU

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """The gradient times how steep the curve is there."""
        source = self.operands[0].name
        curve, _, inside = self.written.partition("(")
        written = f"{plan.symbol(gradient)} · {curve}′({inside}"
        yield source, Elementwise(self.through, (Operand(gradient), Operand(source)), written)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """A little more than the source's."""
        return _STEEPEST * of[self.operands[0].name]


def activated(source: str, symbol: str, curve: str) -> Activated:
    """The curve `curve` of CURVES."""
    rule, through = CURVES[curve]
    name = curve.removesuffix("_tanh")
    return Activated(rule, (Operand(source),), f"{name}({symbol})", Drawing.ELEMENTWISE, through)


@record(frozen=True)
class Gated(Elementwise):
    """One tensor times another, number by number: a gate lets through (Shazeer 2020)."""

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """The gradient times the other factor."""
        for one, other in (self.operands, self.operands[::-1]):
            written = f"{plan.symbol(gradient)} · {plan.symbol(other.name)}"
            yield one.name, Elementwise(Rule.PRODUCT, (Operand(gradient), other), written)

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """|one|·δother + δone·|other| + δone·δother."""
        one, other = (operand.name for operand in self.operands)
        left, right = np.abs(at.rows(one)), np.abs(at.rows(other))
        return left * of[other] + of[one] * right + of[one] * of[other]


def gated(gate: str, hidden: str, written: str) -> Gated:
    """gate · hidden."""
    return Gated(Rule.PRODUCT, (Operand(gate), Operand(hidden)), written, Drawing.ELEMENTWISE)
