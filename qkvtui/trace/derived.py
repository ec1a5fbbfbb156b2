"""Numbers that are no step's and no array's: stages inside softmax and of learning, and what settings give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .trace import Trace

if TYPE_CHECKING:
    from .backward import Backward

Labels = tuple[Sequence[str], ...]
"""Of each index that the address has: rows and columns, only rows, or none."""


@dataclass(frozen=True)
class Derived:
    """One name of such numbers."""

    labels: Callable[[Trace], Labels]
    value: Callable[[Trace, int, int, int], float]
    """(trace, row, column, head) → the number."""
    present: Callable[[Trace], bool] = lambda trace: True
    per_head: bool = False
    is_setting: bool = False
    """Whether a setting gives it: it is no number that a learner would look behind."""


def _by_pair(trace: Trace) -> Labels:
    step = trace.step("weights")
    return step.row_labels, step.column_labels


def _by_softmax(trace: Trace) -> Labels:
    """What softmax goes along: each query's row, or wrongly each key's column."""
    return (trace.example.keys if trace.softmax_over == "columns" else trace.example.tokens,)


def _nothing(trace: Trace) -> Labels:
    return ()


def _by_entry(trace: Trace) -> Labels:
    return (trace.backward.entries,)


def _by_loss(trace: Trace) -> Labels:
    step = trace.step("loss")
    return step.row_labels, step.column_labels


def _stage(name: str) -> Callable[[Trace, int, int, int], float]:
    """A row's maximum or sum, or wrongly a column's."""

    def value(trace: Trace, row: int, column: int, head: int) -> float:
        row, key = (0, row) if trace.softmax_over == "columns" else (row, 0)
        stages = trace.softmax_row(row, head)
        return float((stages.totals if name == "sum" else stages.maxima)[key])

    return value


def _target(trace: Trace, row: int, column: int, head: int) -> float:
    learn = trace.backward.learn
    if learn.objective == "attention" and head != learn.head:
        return 0.0
    return float(trace.backward.target[row, column])


def _of_entries(part: Callable[[Backward], np.ndarray]) -> Callable[[Trace, int, int, int], float]:
    return lambda trace, row, column, head: float(part(trace.backward)[row])


def _memory(back: Backward, which: str) -> np.ndarray:
    found = back.state.first if which == "first" else back.state.second
    return np.zeros(len(back.gradient)) if found is None else found


def _learns(trace: Trace) -> bool:
    return trace.has("update")


def _optimised_by(*names: str) -> Callable[[Trace], bool]:
    return lambda trace: _learns(trace) and trace.backward.learn.optimizer in names


def _others(trace: Trace, row: int, column: int, head: int) -> float:
    """The part of the gradient that comes from the other sentences."""
    back = trace.backward
    name, *place = back.entry(row)
    return float(back.gradient[row]) - own_part(back, name, *place)


def own_part(back: Backward, name: str, row: int, column: int) -> float:
    """The part of the gradient by one number that comes from the example's own sentence."""
    if name != "E":
        return float(back.matrix(f"d_{name}", 0)[row, column])
    assert back.learn.vocabulary is not None
    word = back.learn.vocabulary.words[row]
    rows = [index for index, token in enumerate(back.example.tokens) if token == word]
    return float(back.matrix("d_X", 0)[rows, column].sum())


_ADAM, _MOMENTUM = _optimised_by("adam"), _optimised_by("momentum")

DERIVED: dict[str, Derived] = {
    "exp": Derived(
        _by_pair,
        lambda trace, row, column, head: float(trace.softmax_row(row, head).exponentials[column]),
        per_head=True,
    ),
    "sum": Derived(_by_softmax, _stage("sum"), per_head=True),
    "max": Derived(_by_softmax, _stage("max"), per_head=True),
    "scale": Derived(
        _nothing,
        lambda trace, *_: 1.0 if trace.scale is None else trace.scale,
        lambda trace: trace.has("scaled"),
        is_setting=True,
    ),
    "mask": Derived(
        _by_pair,
        lambda trace, row, column, head: float(trace.mask_row(row)[column]),
        lambda trace: trace.has("masked"),
        is_setting=True,
    ),
    "target": Derived(_by_loss, _target, _learns, per_head=True, is_setting=True),
    "count": Derived(_nothing, lambda trace, *_: float(trace.backward.count), _learns, is_setting=True),
    "mean": Derived(
        lambda trace: (trace.example.tokens,),
        lambda trace, row, column, head: trace.backward.mean(row, head),
        lambda trace: trace.has("d_scores"),
        per_head=True,
    ),
    "rate": Derived(_nothing, lambda trace, *_: trace.backward.learn.rate, _learns, is_setting=True),
    "total": Derived(_by_entry, _of_entries(lambda back: back.gradient), _learns),
    "others": Derived(
        _by_entry,
        _others,
        lambda trace: _learns(trace) and trace.backward.learn.objective == "label",
        is_setting=True,
    ),
    "direction": Derived(_by_entry, _of_entries(lambda back: back.direction), _optimised_by("momentum", "adam")),
    "u": Derived(_by_entry, _of_entries(lambda back: _memory(back, "first")), _MOMENTUM, is_setting=True),
    "m_hat": Derived(_by_entry, _of_entries(lambda back: back.m_hat), _ADAM),
    "v_hat": Derived(_by_entry, _of_entries(lambda back: back.v_hat), _ADAM),
    "m": Derived(_by_entry, _of_entries(lambda back: _memory(back, "first")), _ADAM, is_setting=True),
    "v": Derived(_by_entry, _of_entries(lambda back: _memory(back, "second")), _ADAM, is_setting=True),
    "m_share": Derived(_nothing, lambda trace, *_: trace.backward.m_share, _ADAM, is_setting=True),
    "v_share": Derived(_nothing, lambda trace, *_: trace.backward.v_share, _ADAM, is_setting=True),
}
"""By the name that an address has."""
