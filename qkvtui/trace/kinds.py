"""What a step can be: its kind, what its rows and columns stand for, and when it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ..files.example import Example


class Kind(Enum):
    """What a step does, which decides how it is drawn."""

    GIVEN = "given"
    PROJECTION = "projection"
    SCORES = "scores"
    SCALE = "scale"
    MASK = "mask"
    SOFTMAX = "softmax"
    WEIGHTED_SUM = "weighted sum"
    CONCATENATION = "concatenation"
    SUMMARY = "summary"
    LABELS = "probabilities of labels"
    LOSS = "loss"
    GRADIENT = "gradient"
    UPDATE = "update"


class Axis(Enum):
    """What the rows or the columns of a step stand for."""

    QUERY = "query"
    KEY = "key"
    FEATURE = "feature"
    PARAMETER = "row of a parameter"
    LABEL = "label"
    ENTRY = "number that moves"
    NEW = "new number"


@dataclass(frozen=True)
class StepType:
    """One row of STEPS: what holds of a step in every example that has it.

    Two rows may have the same id where a step is another operation in other examples; no example has both.
    """

    id: str
    symbol: str
    kind: Kind
    rows: Axis
    columns: Axis
    per_head: bool
    formula: Callable[[Example], str]
    """The formula where tokens are rows, as in the file."""
    present: Callable[[Example], bool] = lambda example: True
    learns: bool = False
    """Whether it belongs to learning: after the walk forward, and not where that is wrong or rounded on purpose."""
    turned: Callable[[Example], str] | None = None
    """The formula where tokens are columns, if it is another."""

    def formula_in_columns(self, example: Example) -> str:
        """The formula for readers whose tokens are columns: every matrix but the parameters is turned over."""
        return (self.turned or self.formula)(example)
