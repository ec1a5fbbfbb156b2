"""How far a result is from what is wanted: three losses, and what each sends back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.softmax import log_weights, softmax_stages
from ..records import record
from .elementwise import Elementwise, Operand, Where
from .file_places import NO_TARGET
from .operation import At, Drawing, Operation, Plan
from .rules import Rule
from .softmax import PerWeight, slack_of_shares
from .tensors import Address, Cells, Opened, Tensors, given, made_of

_COUNT = Operand("count", Where.SINGLE)
"""What a loss is divided by: rows with a target, entries of the target, or sentences."""


@record(frozen=True)
class Targeted(Elementwise):
    """Only in the rows that have a target; 0 elsewhere."""

    rows: tuple[int, ...] = ()

    def numbers(self, at: At) -> FloatArray:
        """The rule in these rows."""
        everywhere = super().numbers(at)
        found = np.zeros_like(everywhere)
        found[:, list(self.rows)] = everywhere[:, list(self.rows)]
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The operands, or that there is no target."""
        return super().opened(table, cell) if cell.row in self.rows else given(cell, NO_TARGET)


@record(frozen=True)
class AttentionLoss(Elementwise):
    """−Σ target · ln weight ÷ n, the cross-entropy of rows of weights (Goodfellow et al. 2016, equation 3.51)."""

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """−target ÷ weight ÷ n."""
        weights = self.operands[1].name
        written = f"−T / {plan.symbol(weights)}"
        yield weights, PerWeight(Rule.PER_WEIGHT, self.operands, written)


def attention_loss(weights: str, symbol: str) -> AttentionLoss:
    """The loss of the objective "attention"; the target is 0 in every head but one."""
    operands = (Operand("target"), Operand(weights), _COUNT)
    return AttentionLoss(Rule.CROSS_ENTROPY, operands, f"−Σ T · ln {symbol}", Drawing.LOSS)


@record(frozen=True)
class OutputLoss(Targeted):
    """The mean of the squared differences over all entries of the target."""

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """2 · difference ÷ number of entries."""
        last = self.operands[0].name
        written = f"2 ({plan.symbol(last)} − T) / n"
        yield last, Targeted(Rule.TWICE_DIFFERENCE, self.operands, written, rows=self.rows)


def output_loss(last: str, symbol: str, rows: tuple[int, ...]) -> OutputLoss:
    """The loss of the objective "output"."""
    operands = (Operand(last), Operand("target"), _COUNT)
    return OutputLoss(Rule.SQUARED_ERROR, operands, f"Σ ({symbol} − T)² / n", Drawing.LOSS, rows)


@record(frozen=True)
class LabelLoss(Operation):
    """−ln of the probability of each right label ÷ how many are wanted (Goodfellow et al. 2016, equation 6.30)."""

    logits: str
    probabilities: str
    wanted: tuple[tuple[int, int], ...]
    """(row, label): one for each row that something is wanted of."""
    drawing: Drawing = Drawing.LOSS

    @property
    def sources(self) -> tuple[str, ...]:
        """The logits that the probabilities come from, and the count."""
        return (self.logits, "count")

    def numbers(self, at: At) -> FloatArray:
        """In each row only one number is not 0: that of the right label."""
        logs = log_weights(softmax_stages(at.rows(self.logits)))
        found = np.zeros_like(logs)
        for row, label in self.wanted:
            found[0, row, label] = -logs[0, row, label] / at.number("count")
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """The probability, and how many are wanted."""
        if (cell.row, cell.column) not in self.wanted:
            return given(cell, NO_TARGET)
        probability = Address(self.probabilities, cell.row, cell.column)
        return made_of(cell, Rule.NEGATIVE_LOG, probability, Address("count", 0, 0))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`−ln p[label] / n`."""
        return f"−ln {plan.symbol(self.probabilities)}[label] / n"

    def back(self, plan: Plan, made: str, gradient: str) -> Iterator[tuple[str, Operation]]:
        """Through softmax and logarithm at once: (probability − target) ÷ how many are wanted."""
        operands = (Operand(self.probabilities), Operand("target"), _COUNT)
        written = f"({plan.symbol(self.probabilities)} − label) / n"
        yield self.logits, Targeted(Rule.DIFFERENCE, operands, written, rows=tuple(row for row, _ in self.wanted))


@record(frozen=True)
class Probabilities(Operation):
    """Softmax of the logits of labels."""

    source: str
    drawing: Drawing = Drawing.LABELS

    @property
    def sources(self) -> tuple[str, ...]:
        """The logits."""
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, labels): each row adds up to 1."""
        return softmax_stages(at.rows(self.source)).weights

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Its own logit, then all others."""
        logits = Cells(self.source, table.size_of(self.source)[1], row=cell.row)
        others = (logits[index] for index in range(len(logits)) if index != cell.column)
        return made_of(cell, Rule.SHARE, logits[cell.column], *others)

    def formula(self, plan: Plan, in_columns: bool) -> str:
        """`softmax(Z)`."""
        return f"softmax({plan.symbol(self.source)})"

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        """A share's."""
        return slack_of_shares(self.numbers(at), of[self.source])
