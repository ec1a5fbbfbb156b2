"""Facts about a trace, by the names that the languages' templates use."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray
from ..files.example import STANDARD_SCALE
from ..trace.attends import Attended, Attends, attends
from ..trace.published import OrderConflict, agree, order_conflict, published_row
from ..trace.terms import projection_source
from ..trace.trace import Trace
from ..trace.walk import Place
from .arithmetic import step_format
from .language import LanguageTexts
from .numbers import format_for, number, percent
from .sentences import Role, Sentence, Span, joined

_MOST_IN_VECTOR = 6
_MOST_IN_LIST = 3


@dataclass(frozen=True)
class Facts:
    """The facts of one place in one trace, worked out when a sentence asks for them."""

    trace: Trace
    place: Place
    texts: LanguageTexts
    digits: int

    def say(self, name: str) -> Sentence:
        """What a template's {name} stands for."""
        return SAYINGS[name](self)

    def holds(self, name: str) -> bool:
        """Whether a template's `when` or `unless` is true."""
        return CONDITIONS[name](self)

    @cached_property
    def attends(self) -> Attends:
        """Whom the query attends to."""
        return attends(self.trace, self.place.query, self.place.head)

    @cached_property
    def conflict(self) -> OrderConflict | None:
        """The clearest proof that no softmax gives the published weights, where there is one."""
        return order_conflict(self.trace, self.place.query, self.place.head)

    def row(self, step_id: str, row: int) -> FloatArray:
        """One row of a step in the current head."""
        return self.trace.row(step_id, row, self.place.head)

    def token(self, text: str, role: Role = Role.TOKEN) -> Sentence:
        """A token in the language's quotation marks."""
        opening, closing = self.texts.quotes
        return (Span(opening), Span(text, role), Span(closing))

    def key_token(self, index: int) -> Sentence:
        """A token that is attended to."""
        role = Role.QUERY if self.trace.example.context is None and index == self.place.query else Role.KEY
        return self.token(self.trace.example.keys[index], role)

    def number(self, value: float) -> Sentence:
        """A number with the digits that were asked for."""
        return (Span(number(value, self.digits), Role.NUMBER),)

    def cell(self, step_id: str) -> Sentence:
        """The query's number for the key, written as the step's table writes it."""
        written = step_format(self.trace, step_id, self.place.head, self.digits)
        return (Span(written.text(float(self.row(step_id, self.place.query)[self.place.key])), Role.NUMBER),)

    def vector(self, values: FloatArray) -> Sentence:
        """A row of numbers in brackets, a long one with its end left out."""
        written = format_for(values, self.digits)
        shown = ", ".join(written.text(float(value)) for value in values[:_MOST_IN_VECTOR])
        rest = f", … +{len(values) - _MOST_IN_VECTOR}" if len(values) > _MOST_IN_VECTOR else ""
        return (Span(f"[{shown}{rest}]", Role.NUMBER),)

    def listed(self, items: Iterable[Sentence]) -> Sentence:
        """A list as the language writes it."""
        return joined(items, self.texts.list_separator, self.texts.list_last)

    def with_weight(self, one: Attended) -> Sentence:
        """`“animal” 0.26`."""
        return (*self.key_token(one.index), Span(" "), *self.number(one.weight))


def _plain(value: object) -> Sentence:
    return (Span(str(value)),)


def _best(facts: Facts) -> list[int]:
    scores = facts.row("scores", facts.place.query)
    return [int(index) for index in np.flatnonzero(np.isclose(scores, scores.max(), rtol=1e-9, atol=1e-12))]


def _best_score(facts: Facts) -> Sentence:
    best = float(facts.row("scores", facts.place.query).max())
    return (Span(step_format(facts.trace, "scores", facts.place.head, facts.digits).text(best), Role.NUMBER),)


def _root(facts: Facts) -> Sentence:
    root = math.sqrt(facts.trace.shape.d_k)
    return (Span(str(int(root)) if root.is_integer() else number(root, facts.digits), Role.NUMBER),)


def _root_sign(facts: Facts) -> Sentence:
    return _plain("=" if math.sqrt(facts.trace.shape.d_k).is_integer() else "≈")


def _mixture(facts: Facts) -> Sentence:
    largest = [one for one in facts.attends.ranked[:_MOST_IN_LIST] if one.weight > 0]
    parts = [(Span(percent(one.weight), Role.NUMBER), Span(" "), *facts.key_token(one.index)) for one in largest]
    rest = 1.0 - sum(one.weight for one in largest)
    if len(largest) < len(facts.attends.ranked) and rest > 1e-12:
        parts.append((Span(percent(rest), Role.NUMBER), Span(" "), Span(facts.texts.words["others"])))
    return facts.listed(parts)


def _ties(facts: Facts) -> Sentence:
    groups = facts.attends.ties[:_MOST_IN_LIST]
    return joined(
        (
            (
                *facts.listed(facts.key_token(one.index) for one in group[: 2 * _MOST_IN_LIST]),
                Span(f" ({number(group[0].weight, facts.digits)})"),
            )
            for group in groups
        ),
        "; ",
    )


def _printed(facts: Facts, key: int) -> float | None:
    row = published_row(facts.trace, "weights", facts.place.query, facts.place.head)
    return None if row is None else row[key]


def _printed_differs(facts: Facts, key: int) -> bool:
    printed = _printed(facts, key)
    return printed is not None and not agree(facts.trace, printed, float(facts.row("weights", facts.place.query)[key]))


def _first(facts: Facts) -> int:
    return facts.attends.ranked[0].index


def _conflict(part: Callable[[OrderConflict], float]) -> Callable[[Facts], Sentence]:
    def say(facts: Facts) -> Sentence:
        assert facts.conflict is not None
        return facts.number(part(facts.conflict))

    return say


def _conflict_token(part: Callable[[OrderConflict], int]) -> Callable[[Facts], Sentence]:
    def say(facts: Facts) -> Sentence:
        assert facts.conflict is not None
        return facts.key_token(part(facts.conflict))

    return say


def _identity(name: str) -> Callable[[Facts], bool]:
    def holds(facts: Facts) -> bool:
        matrix = facts.trace.example.parameters.get(name)
        biased = name.replace("W", "b") in facts.trace.example.parameters
        return (
            matrix is not None
            and matrix.shape[0] == matrix.shape[1]
            and not biased
            and facts.trace.shape.heads == 1
            and bool((matrix == np.eye(matrix.shape[0])).all())
        )

    return holds


def _is_additive(facts: Facts) -> bool:
    mask = facts.trace.example.attention.mask
    return mask is not None and mask.dtype != np.bool_ and bool((np.isfinite(mask) & (mask != 0)).any())


def _allowed(facts: Facts) -> int:
    return int(np.isfinite(facts.trace.mask_row(facts.place.query)).sum())


def _is_blind(facts: Facts) -> bool:
    return _allowed(facts) == 0


SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "query": lambda facts: facts.token(facts.trace.example.tokens[facts.place.query], Role.QUERY),
    "key": lambda facts: facts.key_token(facts.place.key),
    "d_model": lambda facts: _plain(facts.trace.shape.d_model),
    "d_k": lambda facts: _plain(facts.trace.shape.d_k),
    "d_v": lambda facts: _plain(facts.trace.shape.d_v),
    "d_out": lambda facts: _plain(facts.trace.step("projected").shape[1]),
    "heads": lambda facts: _plain(facts.trace.shape.heads),
    "kv_heads": lambda facts: _plain(facts.trace.shape.kv_heads),
    "group": lambda facts: _plain(facts.trace.shape.heads // facts.trace.shape.kv_heads),
    "head": lambda facts: _plain(facts.place.head),
    "head_first": lambda facts: _plain(facts.place.head * facts.trace.shape.d_v),
    "head_last": lambda facts: _plain((facts.place.head + 1) * facts.trace.shape.d_v - 1),
    "key_count": lambda facts: _plain(facts.trace.shape.keys),
    "key_source": lambda facts: _plain(projection_source(facts.trace, "keys")),
    "x_query": lambda facts: facts.vector(facts.row("embeddings", facts.place.query)),
    "q_query": lambda facts: facts.vector(facts.row("queries", facts.place.query)),
    "k_key": lambda facts: facts.vector(facts.row("keys", facts.place.key)),
    "v_key": lambda facts: facts.vector(facts.row("values", facts.place.key)),
    "o_query": lambda facts: facts.vector(facts.row("output", facts.place.query)),
    "p_query": lambda facts: facts.vector(facts.row("projected", facts.place.query)),
    "score": lambda facts: facts.cell("scores"),
    "scaled": lambda facts: facts.cell("scaled"),
    "weight": lambda facts: facts.cell("weights"),
    "weight_percent": lambda facts: (
        Span(percent(float(facts.row("weights", facts.place.query)[facts.place.key])), Role.NUMBER),
    ),
    "best_score": _best_score,
    "best_score_token": lambda facts: facts.key_token(_best(facts)[0]),
    "best_score_tokens": lambda facts: facts.listed(facts.key_token(i) for i in _best(facts)[: 2 * _MOST_IN_LIST]),
    "scale": lambda facts: (
        Span(
            format_for([facts.trace.scale or 1.0], max(4, facts.digits)).text(facts.trace.scale or 1.0),
            Role.NUMBER,
        ),
    ),
    "root": _root,
    "root_sign": _root_sign,
    "allowed": lambda facts: _plain(_allowed(facts)),
    "mixture": _mixture,
    "first": lambda facts: facts.listed(facts.key_token(one.index) for one in facts.attends.first[: 2 * _MOST_IN_LIST]),
    "first_one": lambda facts: facts.key_token(_first(facts)),
    "first_weight": lambda facts: facts.number(facts.attends.ranked[0].weight),
    "first_percent": lambda facts: (Span(percent(facts.attends.ranked[0].weight), Role.NUMBER),),
    "others": lambda facts: facts.listed(
        facts.with_weight(one) for one in facts.attends.ranked[len(facts.attends.first) :][:_MOST_IN_LIST]
    ),
    "effective": lambda facts: (Span(number(facts.attends.effective, 1), Role.NUMBER),),
    "ties": _ties,
    "printed_key": lambda facts: facts.number(_printed(facts, facts.place.key) or 0.0),
    "printed_first": lambda facts: facts.number(_printed(facts, _first(facts)) or 0.0),
    "conflict_larger": _conflict_token(lambda conflict: conflict.larger),
    "conflict_smaller": _conflict_token(lambda conflict: conflict.smaller),
    "conflict_larger_score": _conflict(lambda conflict: conflict.scores[0]),
    "conflict_smaller_score": _conflict(lambda conflict: conflict.scores[1]),
    "conflict_larger_weight": _conflict(lambda conflict: conflict.weights[0]),
    "conflict_smaller_weight": _conflict(lambda conflict: conflict.weights[1]),
}

CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "has_context": lambda facts: facts.trace.example.context is not None,
    "projected_inputs": lambda facts: "X" in facts.trace.example.inputs,
    "same_source": lambda facts: "X" in facts.trace.example.inputs and facts.trace.example.context is None,
    "identity_q": _identity("W_Q"),
    "identity_k": _identity("W_K"),
    "identity_v": _identity("W_V"),
    "shares_keys": lambda facts: facts.trace.shape.kv_heads < facts.trace.shape.heads,
    "score_tie": lambda facts: len(_best(facts)) > 1,
    "standard_scale": lambda facts: facts.trace.example.attention.scale == STANDARD_SCALE,
    "positive_scale": lambda facts: facts.trace.scale is not None and 0 < facts.trace.scale < 1,
    "causal": lambda facts: facts.trace.example.attention.causal,
    "padding": lambda facts: facts.trace.example.attention.padding is not None,
    "additive": _is_additive,
    "blind": _is_blind,
    "has_second": lambda facts: not facts.attends.blind and len(facts.attends.first) < len(facts.attends.ranked),
    "has_ties": lambda facts: bool(facts.attends.ties),
    "printed_differs": lambda facts: _printed_differs(facts, facts.place.key),
    "printed_differs_first": lambda facts: not facts.attends.blind and _printed_differs(facts, _first(facts)),
    "order_conflict": lambda facts: facts.conflict is not None,
}
