"""What the sentences about learning tell: facts and conditions by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..operations.tensors import Address
from ..trace.addresses import format_address, value_at
from ..trace.conditions import is_scaled
from ..trace.trace import Trace
from ..trace.walk import cell_of
from .facts import Facts
from .formats import MORE_DIGITS, NOTHING, cell_format
from .formulas import bracketed
from .numbers import format_for, loss_number, setting, slope_number
from .sentences import Role, Sentence, Span, plain

if TYPE_CHECKING:
    from ..trace.backward import Backward


def _back(facts: Facts) -> Backward:
    return facts.trace.backward


def _number(text: str) -> Sentence:
    return (Span(text, Role.NUMBER),)


def _cell_value(facts: Facts) -> float:
    return value_at(facts.trace, cell_of(facts.trace, facts.place))


def _gradient(facts: Facts) -> Sentence:
    cell = cell_of(facts.trace, facts.place)
    return _number(cell_format(facts.trace, cell, facts.digits).text(value_at(facts.trace, cell)))


def _mean(facts: Facts) -> Sentence:
    cell = Address("mean", facts.place.query, 0, facts.place.head)
    return _number(cell_format(facts.trace, cell, facts.digits).text(value_at(facts.trace, cell)))


def _row(step_id: str) -> Callable[[Facts], Sentence]:
    return lambda facts: facts.vector(facts.trace.row(step_id, facts.place.query))


def _label(facts: Facts, index: int) -> Sentence:
    return facts.token(_back(facts).learn.labels[index])


def _right_label(facts: Facts) -> int:
    """Of the token that asks, where something is wanted of it, or of the example's query."""
    label = _wanted(facts).get(facts.place.query, _back(facts).label)
    assert label is not None  # a sentence that asks for it does not stand without one
    return label


def _wanted(facts: Facts) -> dict[int, int]:
    """Row → label."""
    return _back(facts).wanted


def _label_probability(facts: Facts) -> Sentence:
    row = facts.place.query if facts.place.query in _wanted(facts) else facts.trace.example.query
    return facts.number(float(facts.trace.row("probabilities", row)[_right_label(facts)]))


def _answer(facts: Facts) -> int:
    return int(np.argmax(facts.trace.row("probabilities", facts.place.query)))


def _asked(facts: Facts) -> Sentence:
    """The queries that the loss looks at."""
    rows = _back(facts).rows
    tokens = facts.trace.example.tokens
    roles = {facts.place.query: Role.QUERY}
    shown = [facts.token(tokens[row], roles.get(row, Role.TOKEN)) for row in rows[:_MOST_ASKED]]
    if len(rows) > _MOST_ASKED:
        shown.append(plain(facts.texts.word("more_tokens", count=len(rows) - _MOST_ASKED)))
    return facts.listed(shown)


_MOST_ASKED = 4


def _loss(value: float, digits: int) -> Sentence:
    return _number(loss_number(value, digits))


def _floor(facts: Facts) -> float:
    """No cross-entropy is smaller."""
    from ..trace.story import least_loss  # only here: few examples learn

    least = least_loss(_back(facts).learn)
    assert least is not None
    return least


def _moved(facts: Facts) -> Address:
    return _back(facts).address_of(cell_of(facts.trace, facts.place).row)


def _parameter(facts: Facts) -> Sentence:
    return plain(format_address(facts.trace, _moved(facts), facts.texts.name))


def _updated(which: str) -> Callable[[Facts], Sentence]:
    def say(facts: Facts) -> Sentence:
        cell = cell_of(facts.trace, facts.place)
        value = value_at(facts.trace, _moved(facts) if which == "old" else cell)
        return _number(cell_format(facts.trace, cell, facts.digits).text(value))

    return say


def _direction(facts: Facts) -> Sentence:
    back, row = _back(facts), cell_of(facts.trace, facts.place).row
    written, value = format_for(back.gradient, facts.digits + MORE_DIGITS), float(back.direction[row])
    text = written.text(value) if written.exponent else slope_number(value, written.decimals)
    return _number(bracketed(text))


def _names(facts: Facts) -> Sentence:
    return facts.listed(plain(name) for name in _back(facts).names)


def _counterpart(facts: Facts) -> Sentence:
    """The number that a gradient is about."""
    cell = cell_of(facts.trace, facts.place)
    return plain(format_address(facts.trace, replace(cell, name=cell.name.removeprefix("d_")), facts.texts.name))


def _whole_gradient(facts: Facts) -> float:
    """The gradient by the number of a parameter that a cell is about; of "label", over all sentences."""
    cell = cell_of(facts.trace, facts.place)
    back = _back(facts)
    return float(back.gradient[back.index_of(back.name_of(cell.name), cell.row, cell.column)])


def _whole(facts: Facts) -> Sentence:
    written, value = cell_format(facts.trace, cell_of(facts.trace, facts.place), facts.digits), _whole_gradient(facts)
    return _number(written.text(value) if written.exponent else slope_number(value, facts.digits + MORE_DIGITS))


def _nudge(facts: Facts) -> Sentence:
    from .nudges import nudge_said  # only here: few examples learn

    cell, back = cell_of(facts.trace, facts.place), _back(facts)
    index = back.index_of(back.name_of(cell.name), cell.row, cell.column)
    return nudge_said(back.nudge(index), facts.texts, facts.digits)


LEARNING_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "cell": lambda facts: plain(format_address(facts.trace, cell_of(facts.trace, facts.place), facts.texts.name)),
    "gradient": _gradient,
    "mean": _mean,
    "shares_query": _row("probabilities"),
    "asked": _asked,
    "label": lambda facts: _label(facts, _right_label(facts)),
    "label_probability": _label_probability,
    "answer": lambda facts: _label(facts, _answer(facts)),
    "count": lambda facts: plain(str(_back(facts).count)),
    "sentences": lambda facts: plain(str(len(_back(facts).learn.sentences))),
    "loss": lambda facts: _loss(_back(facts).loss, facts.digits),
    "own_loss": lambda facts: _loss(_back(facts).own_loss, facts.digits),
    "floor": lambda facts: _loss(_floor(facts), facts.digits),
    "missing": lambda facts: _loss(max(0.0, _back(facts).loss - _floor(facts)), facts.digits + 1),
    "counterpart": _counterpart,
    "whole": _whole,
    "nudge": _nudge,
    "target_head": lambda facts: plain(str(_back(facts).learn.head)),
    "rate": lambda facts: _number(setting(_back(facts).learn.rate)),
    "direction": _direction,
    "parameter": _parameter,
    "old": _updated("old"),
    "new": _updated("new"),
    "moving": lambda facts: plain(str(len(_back(facts).entries))),
    "names": _names,
}
"""What a template's {name} stands for."""


def _learns(trace: Trace, objective: str) -> bool:
    learn = trace.example.learn
    return learn is not None and learn.objective == objective


def _optimised_by(name: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.trace.example.learn is not None and facts.trace.example.learn.optimizer == name


def _has_target(facts: Facts) -> bool:
    return facts.trace.example.learn is not None and facts.place.query in _back(facts).rows


def _reads(facts: Facts, right: bool, objective: str) -> bool:
    is_read = facts.trace.has("probabilities") and _learns(facts.trace, objective) and _has_target(facts)
    return is_read and (_answer(facts) == _right_label(facts)) is right


def _of_sentences(facts: Facts) -> bool:
    learn = facts.trace.example.learn
    return learn is not None and learn.reads


def _is_parameter(facts: Facts) -> bool:
    learn = facts.trace.example.learn
    return learn is not None and _back(facts).name_of(cell_of(facts.trace, facts.place).name) in learn.train


def _is_gradient_of_parameter(facts: Facts) -> bool:
    return _is_parameter(facts) and cell_of(facts.trace, facts.place).name.startswith("d_")


_SAY_IT_THEMSELVES = ("d_W_Q", "d_W_K", "d_W_V")
"""Gradients whose own sentences say what is the part of one sentence."""

LEARNING_CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "wants_weights": lambda facts: _learns(facts.trace, "attention"),
    "wants_output": lambda facts: _learns(facts.trace, "output"),
    "wants_label": lambda facts: _learns(facts.trace, "label"),
    "wants_word": lambda facts: _learns(facts.trace, "word"),
    "of_sentences": _of_sentences,
    "own_part": lambda facts: (
        _learns(facts.trace, "word")
        and _is_gradient_of_parameter(facts)
        and cell_of(facts.trace, facts.place).name not in _SAY_IT_THEMSELVES
    ),
    "read_tempered": lambda facts: _learns(facts.trace, "word") and facts.trace.has("tempered"),
    "read_untempered": lambda facts: _learns(facts.trace, "word") and not facts.trace.has("tempered"),
    "sends_down": lambda facts: facts.trace.example.layer > 0,
    "word_asked": lambda facts: _learns(facts.trace, "word") and _has_target(facts),
    "has_floor": lambda facts: _learns(facts.trace, "attention") and not facts.trace.example.attention.sink,
    "several_rows": lambda facts: _learns(facts.trace, "attention") and _back(facts).count > 1,
    "has_target": _has_target,
    "no_target": lambda facts: facts.trace.example.learn is not None and not _has_target(facts),
    "pulls_weights": lambda facts: _learns(facts.trace, "attention") and _has_target(facts),
    "few_targets": lambda facts: (
        facts.trace.example.learn is not None and len(_back(facts).rows) < facts.trace.shape.queries
    ),
    "learns": lambda facts: facts.trace.has("update"),
    "learns_queries": lambda facts: (
        facts.trace.example.learn is not None and _back(facts).name_of("W_Q") in _back(facts).learn.train
    ),
    "never_learned": lambda facts: (
        _of_sentences(facts) and not facts.trace.has("loss") and _back(facts).label is not None
    ),
    "reads_right": lambda facts: _reads(facts, True, "label"),
    "reads_wrong": lambda facts: _reads(facts, False, "label"),
    "guesses_right": lambda facts: _reads(facts, True, "word"),
    "guesses_wrong": lambda facts: _reads(facts, False, "word"),
    "values_idle": lambda facts: (
        _learns(facts.trace, "attention") and not {"W_V", "b_V"}.isdisjoint(_back(facts).names)
    ),
    "other_head": lambda facts: _learns(facts.trace, "attention") and _back(facts).learn.head != facts.place.head,
    "nudges": _is_gradient_of_parameter,
    "whole_rises": lambda facts: _is_parameter(facts) and _whole_gradient(facts) > NOTHING,
    "whole_falls": lambda facts: _is_parameter(facts) and _whole_gradient(facts) < -NOTHING,
    "rises": lambda facts: _cell_value(facts) > NOTHING,
    "falls": lambda facts: _cell_value(facts) < -NOTHING,
    "scaled_back": lambda facts: is_scaled(facts.trace.example),
    "by_sgd": _optimised_by("sgd"),
    "by_momentum": _optimised_by("momentum"),
    "by_adam": _optimised_by("adam"),
}
"""Whether a template's `when` or `unless` is true."""
