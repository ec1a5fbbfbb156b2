"""What strikes the eye where no slip is found: each clue where it is to be seen, and where it is not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.printed import Published
from qkvtui.trace.slips import diagnose
from qkvtui.trace.trace import Trace
from tests import samples

Made = Callable[[FloatArray], FloatArray]


def clues_of(name: str, made: Made, step: str = "weights", decimals: int = 3) -> dict[str, float | None]:
    """The clues for a step whose right numbers were made into others, with their numbers."""
    trace = samples.trace(name)
    numbers = np.round(made(trace.matrix(step).copy()), decimals) + 0.0
    published = Published({step: {row: tuple(values) for row, values in enumerate(numbers.tolist())}}, decimals)
    diagnosis = diagnose(Trace(replace(trace.example, published=published)))
    assert diagnosis.slips == ("arithmetic",), diagnosis.slips
    return {clue.kind: clue.number for clue in diagnosis.clues}


def random(shape: tuple[int, ...]) -> FloatArray:
    return np.random.default_rng(5).uniform(0.1, 1, shape)


def rows_of_sum(total: float) -> Made:
    return lambda right: total * random(right.shape) / random(right.shape).sum(axis=1, keepdims=True)


def in_columns(right: FloatArray) -> FloatArray:
    found: FloatArray = random(right.shape) / random(right.shape).sum(axis=0)
    return found


def in_all(right: FloatArray) -> FloatArray:
    found: FloatArray = random(right.shape) / random(right.shape).sum()
    return found


def shuffled(right: FloatArray) -> FloatArray:
    return np.random.default_rng(6).permutation(right.ravel()).reshape(right.shape)


def times(factor: float) -> Made:
    return lambda right: right * factor


def in_order(right: FloatArray) -> FloatArray:
    """Each row in its order of size, with other distances."""
    ranks = np.argsort(np.argsort(right, axis=1), axis=1)
    found: FloatArray = np.array([0.1, 0.2, 0.3, 0.4])[ranks]
    return found


def with_zeros(where: Callable[[int, int], bool]) -> Made:
    def made(right: FloatArray) -> FloatArray:
        shares = random(right.shape)
        zero = np.array([[where(i, j) for j in range(right.shape[1])] for i in range(len(right))])
        shares[zero] = 0
        found: FloatArray = shares / np.maximum(shares.sum(axis=1, keepdims=True), 0.1)
        return found

    return made


SEEN: list[tuple[str, str, Made, float | None]] = [
    ("rows-add-up", "plain", rows_of_sum(0.8), 0.8),
    ("columns-add-up", "plain", in_columns, 1.0),
    ("all-add-up", "plain", in_all, 1.0),
    ("no-zeros", "causal", rows_of_sum(1.0), None),
    ("zeros-inverted", "causal", with_zeros(lambda i, j: j <= i), None),
    ("zeros-elsewhere", "causal", with_zeros(lambda i, j: j == 2), None),
    ("same-numbers", "plain", shuffled, None),
    ("order-kept", "plain", in_order, None),
]
"""Clue, sample, what was made of its weights, and the number it gives."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("kind", "name", "made", "number"), SEEN, ids=[one[0] for one in SEEN])
def test_a_clue_is_given_where_it_is_to_be_seen(kind: str, name: str, made: Made, number: float | None) -> None:
    """Whoever looks for the mistake would not have been told what strikes the eye."""
    found = clues_of(name, made)
    assert kind in found
    assert found[kind] == (number if number is None else pytest.approx(number, abs=0.002))


NOT_SEEN: list[tuple[str, str, Made]] = [
    ("rows-add-up", "plain", rows_of_sum(1.0)),
    ("columns-add-up", "plain", rows_of_sum(1.0)),
    ("all-add-up", "plain", rows_of_sum(0.8)),
    ("no-zeros", "plain", rows_of_sum(1.0)),
    ("zeros-inverted", "causal", with_zeros(lambda i, j: j > i)),
    ("zeros-elsewhere", "causal", with_zeros(lambda i, j: j > i)),
    ("same-numbers", "plain", rows_of_sum(1.0)),
    ("one-ratio", "plain", rows_of_sum(1.0)),
    ("order-kept", "plain", shuffled),
]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("kind", "name", "made"), NOT_SEEN, ids=[one[0] for one in NOT_SEEN])
def test_a_clue_is_not_given_where_it_is_not_to_be_seen(kind: str, name: str, made: Made) -> None:
    """Whoever looks for the mistake would have been sent the wrong way."""
    assert kind not in clues_of(name, made)


def test_one_ratio_is_told_with_its_number() -> None:
    """Whoever printed each output times 1.3 was not told that one factor explains them all."""
    found = clues_of("plain", times(1.3), "output")
    assert found["one-ratio"] == pytest.approx(1.3, abs=0.01)


def test_fewer_than_three_wrong_numbers_give_no_clue() -> None:
    """Two wrong numbers always have one thing or another in common, which would have been told."""

    def two(right: FloatArray) -> FloatArray:
        right[0, :2] += 0.2
        return right

    assert clues_of("plain", two) == {}


def test_every_clue_has_both_tests() -> None:
    """A clue would have been given that no test has seen."""
    said = tomllib.loads(files("qkvtui.narration").joinpath("en.toml").read_text(encoding="utf-8"))["clues"]
    assert {one[0] for one in SEEN} | {"one-ratio"} == {one[0] for one in NOT_SEEN} == set(said)
