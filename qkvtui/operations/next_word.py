"""Softmax of the logits of many words, in stages: each word's power, and what all of them come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from ..engine.arrays import FloatArray
from ..records import record
from .loss import Probabilities
from .operation import At, Drawing, Extra, Operation, Plan
from .rules import Rule
from .tensors import Address, Axis, Cells, Groups, Opened, Tensors, made_of

POWER: Final = "word_exp"
TOTAL: Final = "word_sum"
LARGEST: Final = "word_max"


@record(frozen=True)
class NextWord(Probabilities):
    """As Probabilities, but a number opens into its power and their sum: there are too many words for one formula."""

    drawing: Drawing = Drawing.LABELS

    @property
    def sources(self) -> tuple[str, ...]:
        """The powers and their sum."""
        return (POWER, TOTAL)

    def extras(self) -> tuple[Extra, ...]:
        """The largest logit of each row, the powers, and their sum."""
        return (
            Extra(LARGEST, _OfRow(self.source, True), Axis.QUERY),
            Extra(POWER, _Powers(self.source), Axis.QUERY, Axis.LABEL),
            Extra(TOTAL, _OfRow(POWER, False), Axis.QUERY),
        )

    def numbers(self, at: At) -> FloatArray:
        """(1, rows, words): each row adds up to 1."""
        found: FloatArray = at.rows(POWER) / at.rows(TOTAL)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        """Its power, and the sum of all."""
        return made_of(cell, Rule.QUOTIENT, Address(POWER, cell.row, cell.column), Address(TOTAL, cell.row, 0))


@record(frozen=True)
class _OfRow(Operation):
    """The largest number of each row, or the sum of all."""

    source: str
    is_largest: bool

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,)

    def numbers(self, at: At) -> FloatArray:
        rows = at.rows(self.source)
        found: FloatArray = (rows.max if self.is_largest else rows.sum)(axis=-1, keepdims=True)
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        line = Cells(self.source, table.size_of(self.source)[1], row=cell.row)
        return Opened(cell, Rule.MAXIMUM if self.is_largest else Rule.SUM, Groups((line,)))

    def formula(self, plan: Plan, in_columns: bool) -> str:
        return ""

    def slack(self, at: At, of: Mapping[str, FloatArray]) -> FloatArray:
        return np.zeros_like(self.numbers(at))


@record(frozen=True)
class _Powers(Operation):
    """exp(logit − the largest of its row)."""

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source, LARGEST)

    def numbers(self, at: At) -> FloatArray:
        found: FloatArray = np.exp(at.rows(self.source) - at.rows(LARGEST))
        return found

    def opened(self, table: Tensors, cell: Address) -> Opened:
        return made_of(
            cell, Rule.EXPONENTIAL, Address(self.source, cell.row, cell.column), Address(LARGEST, cell.row, 0)
        )

    def formula(self, plan: Plan, in_columns: bool) -> str:
        return ""
