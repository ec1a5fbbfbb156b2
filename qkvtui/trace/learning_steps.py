"""The steps of learning: reading a label, the loss, the way back to what moves, and the update.

`d_` before a name is the gradient of the loss by it. Of C = A B it goes back as dA = dC Bᵀ and dB = Aᵀ dC.
"""

from __future__ import annotations

from collections.abc import Callable

from ..files.example import STANDARD_SCALE, Example
from .conditions import head_count, is_scaled
from .kinds import Axis, Kind, StepType
from .learning_conditions import (
    asking_moves,
    keys_move,
    last_step,
    last_symbol,
    learns,
    moves,
    output_moves,
    reaches_output,
    reads_label,
    scores_move,
    values_move,
)


def _goal(objective: str) -> Callable[[Example], bool]:
    return lambda example: example.learn is not None and example.learn.objective == objective


def _trained(name: str) -> Callable[[Example], bool]:
    """A parameter is there as a step where it moves and the loss depends on it."""
    if name in ("W_V", "b_V", "W_O", "b_O"):
        return lambda example: moves(example, name) and reaches_output(example)
    return lambda example: moves(example, name)


def _gradient_formula(letter: str, in_columns: bool = False) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        source = "X"
        if letter in "KV" and example.context is not None:
            source = "Y"
        if letter == "O":
            source = "H" if head_count(example) > 1 else "O"
        if letter == "R":
            source = last_symbol(example)
        made = {"O": "P", "R": "Z"}.get(letter, letter)
        return f"dW_{letter}ᵀ = d{made} {source}ᵀ" if in_columns else f"dW_{letter} = {source}ᵀ d{made}"

    return formula


def _bias_formula(letter: str) -> Callable[[Example], str]:
    made = {"O": "P", "R": "Z"}.get(letter, letter)
    return lambda example: f"db_{letter} = Σ d{made}"


def _of_last(step_id: str, ordinary: Callable[[Example], str], in_columns: bool = False) -> Callable[[Example], str]:
    """The last step's gradient comes from the loss; any other's from the step after it."""

    def formula(example: Example) -> str:
        if last_step(example) != step_id:
            return ordinary(example)
        symbol = last_symbol(example)
        product = "W_R dZ" if in_columns else "dZ W_Rᵀ"
        return f"d{symbol} = {product if reads_label(example) else f'2 ({symbol} − T) / n'}"

    return formula


def _through_inputs(symbol: str, in_columns: bool = False) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        own = "" if symbol == "Y" else "Q"
        attended = "KV" if reaches_output(example) else "K"
        letters = own + ("" if symbol == "X" and example.context is not None else attended)
        first = f"W_{letters[0]} d{letters[0]}" if in_columns else f"d{letters[0]} W_{letters[0]}ᵀ"
        return f"d{symbol} = {first}{' + …' if len(letters) > 1 else ''}"

    return formula


def _update_formula(example: Example) -> str:
    assert example.learn is not None
    direction = {"momentum": "u", "adam": "m̂/√v̂"}.get(example.learn.optimizer, "dW")
    return f"W ← W − {example.learn.rate:g} · {direction}"


def _weights_gradient(in_columns: bool = False) -> Callable[[Example], str]:
    product = "dA = Vᵀ dO" if in_columns else "dA = dO Vᵀ"
    return lambda example: product if reaches_output(example) else "dA = −T / A"


def _logits_formula(in_columns: bool = False) -> Callable[[Example], str]:
    def formula(example: Example) -> str:
        product = f"W_Rᵀ {last_symbol(example)}" if in_columns else f"{last_symbol(example)} W_R"
        return f"Z = {product}{' + b_R' if 'b_R' in example.parameters else ''}"

    return formula


def _output_gradient(in_columns: bool = False) -> Callable[[Example], str]:
    product = "dO = W_O dP" if in_columns else "dO = dP W_Oᵀ"
    return lambda example: product if head_count(example) == 1 else "dO = dH"


def _scores_gradient(example: Example) -> str:
    scale = example.attention.scale
    if not is_scaled(example):
        return _softmax_gradient("dS")
    return "dS = dS′ / √d_k" if scale == STANDARD_SCALE else f"dS = dS′ · {scale}"


def _softmax_gradient(symbol: str) -> str:
    return f"{symbol} = A (dA − mean)"


_QUERY_KEY = (Axis.QUERY, Axis.KEY)
_QUERY_FEATURE = (Axis.QUERY, Axis.FEATURE)
_QUERY_LABEL = (Axis.QUERY, Axis.LABEL)
_KEY_FEATURE = (Axis.KEY, Axis.FEATURE)


def _step(
    step_id: str,
    symbol: str,
    axes: tuple[Axis, Axis],
    formula: Callable[[Example], str],
    present: Callable[[Example], bool],
    *,
    per_head: bool = False,
    kind: Kind = Kind.GRADIENT,
    turned: Callable[[Example], str] | None = None,
) -> StepType:
    return StepType(step_id, symbol, kind, *axes, per_head, formula, present, learns=True, turned=turned)


def _always(formula: str) -> Callable[[Example], str]:
    return lambda example: formula


def _parameters(letter: str) -> tuple[StepType, StepType]:
    """The gradients by W and by its bias."""
    axes = (Axis.PARAMETER, Axis.FEATURE)
    return (
        _step(
            f"d_W_{letter}",
            f"dW_{letter}",
            axes,
            _gradient_formula(letter),
            _trained(f"W_{letter}"),
            turned=_gradient_formula(letter, in_columns=True),
        ),
        _step(f"d_b_{letter}", f"db_{letter}", axes, _bias_formula(letter), _trained(f"b_{letter}")),
    )


LEARNING_STEPS: tuple[StepType, ...] = (
    _step(
        "logits",
        "Z",
        _QUERY_LABEL,
        _logits_formula(),
        reads_label,
        kind=Kind.PROJECTION,
        turned=_logits_formula(in_columns=True),
    ),
    _step("probabilities", "p", _QUERY_LABEL, lambda example: "p = softmax(Z)", reads_label, kind=Kind.LABELS),
    _step(
        "loss",
        "L",
        _QUERY_KEY,
        lambda example: "L = −Σ T · ln A",
        _goal("attention"),
        per_head=True,
        kind=Kind.LOSS,
    ),
    _step(
        "loss",
        "L",
        _QUERY_FEATURE,
        lambda example: f"L = Σ ({last_symbol(example)} − T)² / n",
        _goal("output"),
        kind=Kind.LOSS,
    ),
    _step("loss", "L", _QUERY_LABEL, lambda example: "L = −ln p[label] / n", reads_label, kind=Kind.LOSS),
    _step("d_logits", "dZ", _QUERY_LABEL, lambda example: "dZ = (p − label) / n", reads_label),
    _step(
        "d_projected",
        "dP",
        _QUERY_FEATURE,
        _of_last("projected", _always("")),
        lambda example: reaches_output(example) and "W_O" in example.parameters,
        turned=_of_last("projected", _always(""), in_columns=True),
    ),
    _step(
        "d_heads",
        "dH",
        _QUERY_FEATURE,
        _of_last("heads", _always("dH = dP W_Oᵀ")),
        lambda example: output_moves(example) and head_count(example) > 1,
        turned=_of_last("heads", _always("dH = W_O dP"), in_columns=True),
    ),
    _step(
        "d_output",
        "dO",
        _QUERY_FEATURE,
        _of_last("output", _output_gradient()),
        output_moves,
        per_head=True,
        turned=_of_last("output", _output_gradient(in_columns=True), in_columns=True),
    ),
    _step(
        "d_values",
        "dV",
        _KEY_FEATURE,
        _always("dV = Aᵀ dO"),
        values_move,
        per_head=True,
        turned=_always("dV = dO Aᵀ"),
    ),
    _step(
        "d_weights",
        "dA",
        _QUERY_KEY,
        _weights_gradient(),
        scores_move,
        per_head=True,
        turned=_weights_gradient(in_columns=True),
    ),
    _step(
        "d_scaled",
        "dS′",
        _QUERY_KEY,
        lambda example: _softmax_gradient("dS′"),
        lambda example: scores_move(example) and is_scaled(example),
        per_head=True,
    ),
    _step("d_scores", "dS", _QUERY_KEY, _scores_gradient, scores_move, per_head=True),
    _step(
        "d_queries",
        "dQ",
        _QUERY_FEATURE,
        _always("dQ = dS K"),
        asking_moves,
        per_head=True,
        turned=_always("dQ = K dS"),
    ),
    _step(
        "d_keys",
        "dK",
        _KEY_FEATURE,
        _always("dK = dSᵀ Q"),
        keys_move,
        per_head=True,
        turned=_always("dK = Q dSᵀ"),
    ),
    *_parameters("Q"),
    *_parameters("K"),
    *_parameters("V"),
    *_parameters("O"),
    *_parameters("R"),
    _step(
        "d_X",
        "dX",
        _QUERY_FEATURE,
        _through_inputs("X"),
        lambda example: moves(example, "X", "E"),
        turned=_through_inputs("X", in_columns=True),
    ),
    _step(
        "d_Y",
        "dY",
        _KEY_FEATURE,
        _through_inputs("Y"),
        lambda example: moves(example, "Y"),
        turned=_through_inputs("Y", in_columns=True),
    ),
    _step("update", "W′", (Axis.ENTRY, Axis.NEW), _update_formula, learns, kind=Kind.UPDATE),
)
"""In the order in which they are computed."""

LEARNING_IDS = frozenset(step.id for step in LEARNING_STEPS)

GRADIENTS = (LEARNING_IDS - {"logits", "probabilities", "loss"}) | {"mean", "total", "others", "direction"}
"""What is made of gradients: small numbers, many of them 0."""
