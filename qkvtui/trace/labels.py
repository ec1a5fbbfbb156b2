"""What rows and columns of a tensor are called: tokens, names of features, words, or only counted."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.block import WORDS
from ..graph.features import axis_names
from .parts import Step
from .trace import Trace

Labels = tuple[Sequence[str], ...]
"""Of each index that the address has: rows and columns, only rows, or none."""

Readings = Sequence[Sequence[str]]
"""What the places along one axis may be called, once for each way of naming them."""


def axes_of(trace: Trace, name: str, language: str = "", head: int = 0) -> Labels:
    """The labels along each axis that a tensor has: rows and columns, one of them, or none for a single number."""
    labels = labels_of(trace, name, language, head)
    return labels[1:] if is_vector(trace, name) else labels


def labels_of(trace: Trace, name: str, language: str = "", head: int = 0) -> Labels:
    """Row and column labels of a step, an array or derived numbers.

    Columns and rows that have names are called by them in a `language`; without one they are only counted.
    """
    counted = _counted_labels(trace, name)
    if not language:
        return counted
    both = zip(counted, axis_names(trace.example, name, head), strict=False)
    return tuple(labels if names is None else names.labels(language) for labels, names in both)


def step_labels(trace: Trace, step: Step, language: str, head: int = 0) -> tuple[Sequence[str], Sequence[str]]:
    """The labels of a step's rows and of its columns, which are called by their names where they have some."""
    rows, columns = axis_names(trace.example, step.id, head)
    return (
        step.row_labels if rows is None else rows.labels(language),
        step.column_labels if columns is None else columns.labels(language),
    )


def readings_of(trace: Trace, name: str, head: int) -> tuple[Readings, ...]:
    """For each index of an address, all that one may call what it counts."""
    both = zip(_counted_labels(trace, name), axis_names(trace.example, name, head), strict=False)
    return tuple((labels,) if names is None else names.readings for labels, names in both)


def _counted_labels(trace: Trace, name: str) -> Labels:
    if not trace.is_leaf(name):
        return trace.labels(name)
    shape = trace.leaf_shape(name)
    rows: Sequence[str] = {
        "X": trace.example.tokens,
        "Q": trace.example.tokens,
        "S": trace.example.tokens,
        "Y": trace.example.keys,
        "Z": trace.example.keys,
        "K": trace.example.keys,
        "V": trace.example.keys,
        WORDS: _words(trace),
    }.get(name, tuple(str(index) for index in range(shape[0])))
    return rows, trace.example.keys if name == "S" else tuple(str(index) for index in range(shape[-1]))


def is_vector(trace: Trace, name: str) -> bool:
    """Whether it is a parameter of one row, whose addresses have only the column."""
    return trace.is_leaf(name) and len(trace.leaf_shape(name)) == 1


def _words(trace: Trace) -> tuple[str, ...]:
    if trace.example.vocabulary is not None:
        return tuple(trace.example.vocabulary.words)
    learn = trace.example.learn
    return () if learn is None or learn.vocabulary is None else learn.vocabulary.words
