"""What sentences say of what an example adds to plain attention: positions, biases, norms, a sink."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..graph.mechanisms import Alibi, Relative
from ..graph.settings import places
from ..operations.additive import ThroughTanh
from ..operations.elementwise import Elementwise
from ..operations.norm import Normed, ThroughNorm
from ..operations.product import Product
from ..operations.rotation import Rotated
from ..operations.rules import Rule
from ..operations.softmax import Jacobian
from ..operations.tensors import Axis
from ..trace.walk import step_at
from .facts import Facts, is_by
from .numbers import format_for, number, percent
from .sentences import Role, Sentence, Span


def _row(facts: Facts) -> int:
    """The row of the step one is at."""
    return facts.place.key if step_at(facts.trace, facts.place).type.rows is Axis.KEY else facts.place.query


def _here(facts: Facts) -> Sentence:
    return facts.vector(facts.row(step_at(facts.trace, facts.place).id, _row(facts)))


def _before(facts: Facts) -> Sentence:
    return facts.vector(facts.row(facts.operation.sources[0], _row(facts)))


def _stage(facts: Facts) -> Sentence:
    """What the squares of the row come to."""
    norm = facts.operation
    assert isinstance(norm, Normed)
    return facts.number(float(facts.row(norm.squares, _row(facts))[0]))


def _position(facts: Facts) -> Sentence:
    rotated, rotary = facts.operation, facts.trace.example.attention.rotary
    assert isinstance(rotated, Rotated)
    assert rotary is not None
    return (Span(str(rotary.first + rotated.first + _row(facts)), Role.NUMBER),)


def _distance(facts: Facts) -> int:
    """How far the key stands before the query."""
    return places(facts.trace.graph)[facts.place.query] - facts.place.key


def _slope(facts: Facts) -> Sentence:
    bias = facts.trace.example.attention.bias
    slope = bias.slopes[facts.place.head] if isinstance(bias, Alibi) else 0.0
    return _setting(slope)


def _setting(value: float) -> Sentence:
    """A setting as it was written."""
    return (Span(f"{value:g}", Role.NUMBER),)


def _added(facts: Facts) -> Sentence:
    value = float(facts.row("bias", facts.place.query)[facts.place.key])
    return (Span(format_for([value], facts.digits).text(value), Role.NUMBER),)


def _sink(facts: Facts) -> float:
    sink = facts.trace.example.attention.sink
    return sink[facts.place.head] if sink else 0.0


def _sunk(facts: Facts) -> float:
    """What the sink gets."""
    return max(0.0, 1.0 - float(facts.row("weights", facts.place.query).sum()))


def _is_sunk(facts: Facts) -> bool:
    return bool(facts.trace.example.attention.sink)


def _half(facts: Facts) -> Sentence:
    rotated = facts.operation
    assert isinstance(rotated, Rotated)
    return (Span(str(rotated.pairing.width // 2)),)


VARIANT_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "here": _here,
    "before": _before,
    "cell_here": lambda facts: facts.cell(step_at(facts.trace, facts.place).id),
    "cell_before": lambda facts: facts.cell(facts.operation.sources[0]),
    "squares": _stage,
    "position": _position,
    "half": _half,
    "cap": lambda facts: _setting(facts.trace.example.attention.softcap or 0.0),
    "slope": _slope,
    "distance": lambda facts: (Span(str(abs(_distance(facts))), Role.NUMBER),),
    "added": _added,
    "window": lambda facts: (Span(str(facts.trace.example.attention.window)),),
    "sink": lambda facts: (Span(format_for([_sink(facts)], facts.digits).text(_sink(facts)), Role.NUMBER),),
    "sunk": lambda facts: (Span(number(_sunk(facts), facts.digits), Role.NUMBER),),
    "sunk_percent": lambda facts: (Span(percent(_sunk(facts)), Role.NUMBER),),
}
"""What a template's {name} stands for."""


def _by_rule(*rules: Rule) -> Callable[[Facts], bool]:
    def holds(facts: Facts) -> bool:
        operation = facts.operation
        return isinstance(operation, Elementwise) and operation.rule in rules

    return holds


def _by_product(facts: Facts, *, of_matrix: bool) -> bool:
    operation = facts.operation
    names = operation.sources if isinstance(operation, Product) else ()
    return bool(names) and ("W_S" in names) is of_matrix


def _window(facts: Facts, *, back: bool) -> bool:
    settings = facts.trace.example.attention
    return settings.window is not None and bool(settings.causal) is back


def _causal(facts: Facts, word: str) -> bool:
    """Whether a mask is causal that way, with a context; without one, both ways are the same."""
    return facts.trace.example.attention.causal == word and facts.trace.example.context is not None


def _causal_itself(facts: Facts) -> bool:
    return bool(facts.trace.example.attention.causal) and not any(_causal(facts, word) for word in ("first", "last"))


def _scoring(word: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.trace.example.attention.scoring == word


def _given_scores(facts: Facts) -> bool:
    return "S" in facts.trace.example.inputs


def _bias_is(kind: type) -> Callable[[Facts], bool]:
    return lambda facts: isinstance(facts.trace.example.attention.bias, kind)


VARIANT_CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "in_halves": lambda facts: isinstance(one := facts.operation, Rotated) and one.pairing.in_halves,
    "alibi": _bias_is(Alibi),
    "relative": _bias_is(Relative),
    "own_bias": _bias_is(np.ndarray),
    "window_back": lambda facts: _window(facts, back=True),
    "window_both": lambda facts: _window(facts, back=False),
    "causal": _causal_itself,
    "causal_first": lambda facts: _causal(facts, "first"),
    "causal_assumed": lambda facts: facts.trace.example.causal_assumed and _causal(facts, "first"),
    "causal_last": lambda facts: _causal(facts, "last"),
    "shared_whole": lambda facts: facts.shares and not _is_sunk(facts),
    "shared_with_sink": lambda facts: facts.shares and _is_sunk(facts),
    "shared_in_columns": lambda facts: facts.texts.in_columns and facts.shares and not _is_sunk(facts),
    "rounded": lambda facts: facts.trace.round_each is not None and not _is_sunk(facts),
    "spread": lambda facts: not facts.blind and not _is_sunk(facts),
    "sunk_output": lambda facts: not facts.blind and _is_sunk(facts),
    "dot_scores": lambda facts: not _given_scores(facts) and facts.trace.example.attention.scoring != "additive",
    "additive_scores": _scoring("additive"),
    "given_scores": _given_scores,
    "pair_scores": lambda facts: not _given_scores(facts),
    "softmax_any": is_by(Jacobian),
    "softmax_back": lambda facts: is_by(Jacobian)(facts) and not facts.blind,
    "softmax_blind": lambda facts: is_by(Jacobian)(facts) and facts.blind,
    "product_back": lambda facts: _by_product(facts, of_matrix=False),
    "matrix_back": lambda facts: _by_product(facts, of_matrix=True),
    "rotation_back": is_by(Rotated),
    "norm_back": is_by(ThroughNorm),
    "tanh_back": is_by(ThroughTanh),
    "cap_back": _by_rule(Rule.THROUGH_CAP),
}
"""Whether a template's `when` or `unless` is true."""
