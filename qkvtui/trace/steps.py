"""STEPS, the one ordered table of what attention does, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ..files.example import NO_SCALE, STANDARD_SCALE, Example


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


class Axis(Enum):
    """What the rows or the columns of a step stand for."""

    QUERY = "query"
    KEY = "key"
    FEATURE = "feature"


@dataclass(frozen=True)
class StepType:
    """One row of STEPS: what holds of a step in every example that has it."""

    id: str
    symbol: str
    kind: Kind
    rows: Axis
    columns: Axis
    per_head: bool
    formula: Callable[[Example], str]
    """The formula where tokens are rows, as in the file."""
    present: Callable[[Example], bool] = lambda example: True
    turned: Callable[[Example], str] | None = None
    """The formula where tokens are columns, if it is another."""

    def formula_in_columns(self, example: Example) -> str:
        """The formula for readers whose tokens are columns: every matrix but the parameters is turned over."""
        return (self.turned or self.formula)(example)


def is_masked(example: Example) -> bool:
    """Whether any mask takes part: causal, the file's own, or padding."""
    settings = example.attention
    return settings.causal or settings.mask is not None or settings.padding is not None


def is_scaled(example: Example) -> bool:
    """Whether the scores are scaled at all."""
    return example.attention.scale != NO_SCALE


def head_count(example: Example) -> int:
    """h, the number of heads."""
    return example.attention.heads


def logits_symbol(example: Example) -> str:
    """The symbol of what softmax is taken of: the last of S, S′ and S″ that the example has."""
    if is_masked(example):
        return "S″"
    return "S′" if is_scaled(example) else "S"


def _projection(symbol: str, source: str, letter: str, in_columns: bool = False) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        if f"W_{letter}" not in example.parameters:
            return symbol
        bias = f" + b_{letter}" if f"b_{letter}" in example.parameters else ""
        left = source if source == "X" or example.context is not None else "X"
        product = f"W_{letter}ᵀ {left}" if in_columns else f"{left} W_{letter}"
        return f"{symbol} = {product}{bias}"

    return formula


def _scaling(example: Example) -> str:
    scale = example.attention.scale
    return "S′ = S / √d_k" if scale == STANDARD_SCALE else f"S′ = S · {scale}"


def _masking(example: Example) -> str:
    return f"S″ = {'S′' if is_scaled(example) else 'S'} + M"


def _embeddings(example: Example) -> str:
    return "X" if example.context is None else "X, Y"


def _concatenation(separator: str) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        count = head_count(example)
        names = [*(f"O@{head}" for head in range(min(count, 3))), *(["…"] if count > 3 else [])]
        return f"H = [{separator.join(names)}]"

    return formula


def _output_projection(in_columns: bool = False) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        source = "H" if head_count(example) > 1 else "O"
        product = f"W_Oᵀ {source}" if in_columns else f"{source} W_O"
        return f"P = {product}{' + b_O' if 'b_O' in example.parameters else ''}"

    return formula


_QUERY, _KEY, _FEATURE = Axis.QUERY, Axis.KEY, Axis.FEATURE

STEPS: tuple[StepType, ...] = (
    StepType(
        "embeddings",
        "X",
        Kind.GIVEN,
        _QUERY,
        _FEATURE,
        False,
        _embeddings,
        lambda example: "X" in example.inputs,
    ),
    StepType(
        "queries",
        "Q",
        Kind.PROJECTION,
        _QUERY,
        _FEATURE,
        True,
        _projection("Q", "X", "Q"),
        turned=_projection("Q", "X", "Q", in_columns=True),
    ),
    StepType(
        "keys",
        "K",
        Kind.PROJECTION,
        _KEY,
        _FEATURE,
        True,
        _projection("K", "Y", "K"),
        turned=_projection("K", "Y", "K", in_columns=True),
    ),
    StepType(
        "values",
        "V",
        Kind.PROJECTION,
        _KEY,
        _FEATURE,
        True,
        _projection("V", "Y", "V"),
        turned=_projection("V", "Y", "V", in_columns=True),
    ),
    StepType(
        "scores",
        "S",
        Kind.SCORES,
        _QUERY,
        _KEY,
        True,
        lambda example: "S = Q Kᵀ",
        turned=lambda example: "S = Kᵀ Q",
    ),
    StepType("scaled", "S′", Kind.SCALE, _QUERY, _KEY, True, _scaling, is_scaled),
    StepType("masked", "S″", Kind.MASK, _QUERY, _KEY, True, _masking, is_masked),
    StepType(
        "weights",
        "A",
        Kind.SOFTMAX,
        _QUERY,
        _KEY,
        True,
        lambda example: f"A = softmax({logits_symbol(example)})",
    ),
    StepType(
        "output",
        "O",
        Kind.WEIGHTED_SUM,
        _QUERY,
        _FEATURE,
        True,
        lambda example: "O = A V",
        turned=lambda example: "O = V A",
    ),
    StepType(
        "heads",
        "H",
        Kind.CONCATENATION,
        _QUERY,
        _FEATURE,
        False,
        _concatenation(" "),
        lambda example: head_count(example) > 1,
        turned=_concatenation("; "),
    ),
    StepType(
        "projected",
        "P",
        Kind.PROJECTION,
        _QUERY,
        _FEATURE,
        False,
        _output_projection(),
        lambda example: "W_O" in example.parameters,
        turned=_output_projection(in_columns=True),
    ),
    StepType("summary", "A", Kind.SUMMARY, _QUERY, _KEY, True, lambda example: "A"),
)

STEP_IDS: tuple[str, ...] = tuple(step.id for step in STEPS)
