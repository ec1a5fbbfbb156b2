"""Fresh numbers of an example's own shape, to be worked out by hand: few, whole, and small."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..engine.arrays import FloatArray, protect
from ..errors import UsageError
from ..graph.example import Example
from ..localized import Localized
from ..said import say
from .trace import Trace

_Choice = TypeVar("_Choice")
LARGEST = 2048
"""Numbers in all arrays together, and scores, up to which there is any point in it."""
_TRIES = 1000
_WIDEST = 4.0
"""Scaled scores of one row that lie further apart leave softmax only zeros and a one."""
_LARGEST_SCORE = 20.0
_DISTINCT = 4
"""Different scores that the file's query is to have, if it may look at so many tokens."""
_ENTRIES = (0, 0, 0, 1, 1, 1, 2, 2, 3, -1, -1, -2)
"""Drawn from for X, Y, Q, K, V and biases; 0 and 1 often, so that most products can be seen."""
_FACTORS = (1, 1, 1, 2, -1)
"""Drawn from for the entries of a matrix that are not 0: one or two in each column."""
_TITLES = {"en": "{title} (fresh numbers, seed {seed})", "zh": "{title}（换一组数，种子 {seed}）"}


def with_fresh_numbers(example: Example, seed: int) -> Example:
    """The example with other numbers in the same places: whole ones from −2 to 3, the same for the same seed.

    Tokens, settings and masks stay; what a source printed or the file says about its numbers is left out. Numbers are
    drawn again, one row at a time, until there is something to see: in no row are all scores the same, or so far apart
    that softmax gives everything to one token. Raises UsageError for an example that is too large for that.
    """
    if example.is_stored:
        raise UsageError(say("--random: {name} is too large to be worked out by hand", name=example.name))
    arrays = (*example.inputs.values(), *example.parameters.values())
    scores = len(example.tokens) * len(example.keys) * example.attention.heads
    if scores + sum(array.size for array in arrays) > LARGEST:
        raise UsageError(say("--random: {name} is too large to be worked out by hand", name=example.name))
    stream = random.Random(seed)
    drawn = _drawn(example, stream)
    faults = _faults(drawn)
    for _ in range(_TRIES):
        if not faults:
            break
        other = _redrawn(drawn, stream)
        if (left := _faults(other)) <= faults:
            drawn, faults = other, left
    return replace(drawn, title=_title(example.title, seed))


def _title(title: Localized, seed: int) -> Localized:
    return Localized(
        {language: text.format(title=title.in_language(language), seed=seed) for language, text in _TITLES.items()}
    )


def _drawn(example: Example, stream: random.Random) -> Example:
    inputs = {name: _entries(array.shape, stream) for name, array in example.inputs.items()}
    parameters = {name: _parameter(array.shape, stream) for name, array in example.parameters.items()}
    told = replace(example, about=None, source=None, errata=None, says={}, experiment=None, questions=(), learned=None)
    bare = replace(told, published=None, document=None, written=None, is_bundled=False, stops=(), learn=None)
    protect({**inputs, **parameters})
    return replace(bare, inputs=inputs, parameters=parameters)


def _redrawn(example: Example, stream: random.Random) -> Example:
    """The same with one row of an input, or one column of a parameter, drawn again."""
    inputs, parameters = dict(example.inputs), dict(example.parameters)
    name = one_of((*inputs, *parameters), stream)
    if name in inputs:
        array = inputs[name].copy()
        rows = array.reshape(-1, array.shape[-1])  # a view: rows of all heads
        rows[one_of(range(len(rows)), stream)] = _entries(rows.shape[1:], stream)
        inputs[name] = array
    else:
        array = parameters[name].copy()
        column = one_of(range(array.shape[-1]), stream)
        array[..., column] = _parameter((*array.shape[:-1], 1), stream)[..., 0]
        parameters[name] = array
    protect({**inputs, **parameters})
    return replace(example, inputs=inputs, parameters=parameters)


def _entries(shape: Sequence[int], stream: random.Random) -> FloatArray:
    size = int(np.prod(shape))
    return np.array([one_of(_ENTRIES, stream) for _ in range(size)], dtype=np.float64).reshape(shape)


def _parameter(shape: Sequence[int], stream: random.Random) -> FloatArray:
    """A bias, or a matrix with one or two numbers other than 0 in each column."""
    if len(shape) == 1:
        return _entries(shape, stream)
    rows, columns = shape
    matrix = np.zeros((rows, columns))
    for column in range(columns):
        for _ in range(one_of((1, 2, 2), stream)):
            matrix[one_of(range(rows), stream), column] = one_of(_FACTORS, stream)
    return matrix


def one_of(choices: Sequence[_Choice], stream: random.Random) -> _Choice:
    """One of them; only `random` itself promises the same numbers in every version of Python."""
    return choices[int(stream.random() * len(choices))]


def _faults(example: Example) -> float:
    """How many rows show nothing, and how much of that one should not; those of the file's query count most."""
    trace = Trace(example)
    return sum(sum(_faults_of_head(trace, head)) for head in range(trace.shape.heads))


def _faults_of_head(trace: Trace, head: int) -> Iterator[float]:
    for rows in (trace.matrix(name, head) for name in trace.graph.roles_of("keys", "values")):
        if len(rows) > 1:
            yield 5.0 * _is_constant(rows)
    for query, row in enumerate(trace.matrix("scores", head)):
        scores = row[np.isfinite(trace.mask_row(query, head))]
        if len(scores) == 0:
            continue
        scaled = scores * trace.factor
        weight = 10.0 if query == trace.example.query else 1.0
        yield weight * (not scores.any())
        yield weight * bool(np.abs(scores).max() > _LARGEST_SCORE)
        yield weight * bool(np.ptp(scaled) > _WIDEST)
        if len(scores) > 1:
            yield 3 * weight * bool(np.ptp(scores) == 0)
        if query == trace.example.query:  # 0 is 0 with or without a scale, and ties hide who is meant
            yield float(np.count_nonzero(scores == 0))
            yield float(max(0, min(_DISTINCT, len(scores)) - len(np.unique(scores))))


def _is_constant(rows: FloatArray) -> bool:
    """Whether all rows are the same."""
    return bool((rows == rows[0]).all())
