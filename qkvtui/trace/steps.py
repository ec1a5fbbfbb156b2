"""STEPS, the one ordered table of what attention does, step by step."""

from __future__ import annotations

from collections.abc import Callable

from ..files.example import STANDARD_SCALE, Example
from .conditions import head_count, is_masked, is_scaled, logits_symbol
from .kinds import Axis, Kind, StepType
from .learning_steps import LEARNING_STEPS

__all__ = ["STEPS", "STEP_IDS", "Axis", "Kind", "StepType", "head_count", "is_masked", "is_scaled", "logits_symbol"]


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
    *LEARNING_STEPS,
)

STEP_IDS: tuple[str, ...] = tuple(dict.fromkeys(step.id for step in STEPS))
