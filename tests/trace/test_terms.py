"""The terms of a cell: every number is what its own terms come to, down to the file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
import pytest

from qkvtui.trace.addresses import Address, parse_address, value_at
from qkvtui.trace.terms import (
    Copied,
    Exponential,
    Formula,
    Given,
    Masked,
    RowMaximum,
    RowSum,
    Scaled,
    SoftmaxShare,
    SumOfProducts,
    Terms,
    terms,
)
from qkvtui.trace.trace import Trace
from tests import samples
from tests.trace.recomputing import recomputed as by_operation

NAMES = pytest.mark.parametrize("name", samples.LESSONS)


def cells(trace: Trace) -> Iterator[Address]:
    """Every cell of every step; of a long example every seventh, and those at its edges."""
    for step in trace.steps:
        rows, columns = step.shape
        every = 7 if rows * columns > 1000 else 1
        for head in range(trace.shape.heads if step.type.per_head else 1):
            for index in {*range(0, rows * columns, every), rows * columns - 1}:
                yield Address(step.id, index // columns, index % columns, head)
    for row in {0, trace.shape.queries - 1, trace.example.query}:
        for head in {0, trace.shape.heads - 1}:
            yield from (Address("exp", row, key, head) for key in range(trace.shape.keys))
            yield from (Address(name, row, 0, head) for name in ("sum", "max"))


def recomputed(trace: Trace, origin: Terms) -> tuple[float, float]:
    """What the terms come to, and the size of the largest of them (rounding is relative to that)."""
    match origin:
        case SumOfProducts(left, right, bias):
            assert len(left) == len(right)
            products = [value_at(trace, a) * value_at(trace, b) for a, b in zip(left, right, strict=True)]
            products += [] if bias is None else [value_at(trace, bias)]
            return math.fsum(products), max(abs(product) for product in products)
        case Scaled(score, factor):
            return value_at(trace, score) * factor, 0.0
        case Masked(score, added):
            return value_at(trace, score) + added, 0.0
        case Copied(source):
            return value_at(trace, source), 0.0
        case RowSum(cells) if cells.name != "exp":
            values = [value_at(trace, one) for one in cells]
            return math.fsum(values), max(map(abs, values))
        case Formula(operation, operands):
            values = [value_at(trace, one) for one in operands]
            return by_operation(operation, values), max(map(abs, values))
        case Given(place):
            return by_place(trace, place), 0.0
        case _:
            return in_softmax(trace, origin), 0.0


def in_softmax(trace: Trace, origin: Terms) -> float:
    """What the terms of a stage of softmax come to; 0 where all scores are −∞."""
    match origin:
        case SoftmaxShare(score, row):
            scores = row.scores.tolist()
            largest = max(scores)
            if math.isinf(largest):
                return 0.0
            total = math.fsum(math.exp(one - largest) for one in scores)
            return math.exp(value_at(trace, score) - largest) / total
        case Exponential(score, maximum):
            highest = value_at(trace, maximum)
            return 0.0 if math.isinf(highest) else math.exp(value_at(trace, score) - highest)
        case RowSum(exponentials):
            return math.fsum(value_at(trace, one) for one in exponentials)
        case RowMaximum(scores_of_row):
            return max(value_at(trace, one) for one in scores_of_row)
        case _:
            raise AssertionError(f"an unknown kind of terms: {origin}")


def by_place(trace: Trace, place: str) -> float:
    """The number at a place of the file, such as `inputs.X, row 3, column 0`."""
    if place.endswith(", so 0"):
        return 0.0
    vocabulary = trace.example.learn and trace.example.learn.vocabulary
    if vocabulary and place.startswith("learn.vocabulary, "):
        word, column = place.removeprefix("learn.vocabulary, ").split(", column ")
        return float(vocabulary.embeddings[vocabulary.words.index(word), int(column)])
    match = re.fullmatch(r"(inputs|parameters)\.(\w+)(?:, head (\d+))?(?:, row (\d+))?, column (\d+)", place)
    assert match is not None, place
    table, name, *indices = match.groups()
    arrays = trace.example.inputs if table == "inputs" else trace.example.parameters
    return float(arrays[name][tuple(int(index) for index in indices if index is not None)])


@NAMES
def test_every_number_is_what_its_terms_come_to(name: str) -> None:
    """A number was opened into a sum that gives another number."""
    trace = samples.trace(name)
    for cell in cells(trace):
        found, largest = recomputed(trace, terms(trace, cell))
        value = value_at(trace, cell)
        if math.isinf(value):
            assert found == value, cell
        else:
            assert abs(found - value) <= 1e-12 * abs(value) + 64 * np.finfo(np.float64).eps * largest, cell


@NAMES
def test_every_term_can_be_opened_down_to_the_file(name: str) -> None:
    """A walk from an output back to the file ended at a number that leads nowhere, or in a traceback."""
    trace = samples.trace(name)
    places = set()
    last = trace.steps[trace.step("summary").number - 2]
    row, column = last.shape[0] - 1, last.shape[1] - 1
    waiting = [Address(last.id, row, column, trace.shape.heads - 1 if last.type.per_head else 0)]
    seen = set(waiting)
    while waiting and len(seen) < 3000:
        origin = terms(trace, waiting.pop())
        match origin:
            case SumOfProducts(left, right, bias):
                below = [*left, *right, *([bias] if bias is not None else [])]
            case Scaled(score, _) | Masked(score, _) | SoftmaxShare(score, _):
                below = [score]
            case Copied(source):
                below = [source]
            case Given(place):
                places.add(place.split(",")[0])
                below = []
            case _:
                raise AssertionError(f"an unknown kind of terms: {origin}")
        waiting.extend(one for one in below if one not in seen)
        seen.update(below)
    vocabulary = trace.example.learn is not None and trace.example.learn.vocabulary is not None
    table = {"learn.vocabulary"} if vocabulary else {f"inputs.{name}" for name in trace.example.inputs}
    table |= {f"parameters.{name}" for name in trace.example.parameters if name[-1] != "R"}
    assert places == table


def test_a_number_from_the_file_says_where_it_stands() -> None:
    """The last line of the opened number named another row of the file than the one it was read from."""
    heads = samples.trace("given_heads")
    assert terms(heads, parse_address(heads, "keys@3[q,1]")) == Given("inputs.K, head 1, row 1, column 1")
    assert terms(heads, parse_address(heads, "keys@1[q,1]")) == Given("inputs.K, head 0, row 1, column 1")
    assert terms(heads, parse_address(heads, "queries@3[am,1]")) == Given("inputs.Q, head 3, row 1, column 1")
    one = samples.trace("given")
    assert terms(one, parse_address(one, "values[am,3]")) == Given("inputs.V, row 1, column 3")
    animal = samples.trace("animal")
    assert terms(animal, parse_address(animal, "embeddings[it,0]")) == Given("inputs.X, row 3, column 0")
    assert terms(animal, parse_address(animal, "W_Q[0,1]")) == Given("parameters.W_Q, row 0, column 1")
    three = samples.trace("three_heads")
    assert terms(three, parse_address(three, "b_K[3]")) == Given("parameters.b_K, column 3")


def test_grouped_heads_open_into_the_columns_they_share() -> None:
    """The key of the fourth head was opened into columns of W_K that no head of this example uses."""
    trace = samples.trace("grouped")
    opened = terms(trace, parse_address(trace, "keys@3[cat,1]"))
    assert isinstance(opened, SumOfProducts)
    assert tuple(opened.right) == tuple(Address("W_K", row, 3) for row in range(3))
    assert opened.bias == Address("b_K", 0, 3)
    assert trace.kv_head(3) == 1


def test_keys_of_a_context_open_into_the_context() -> None:
    """In cross-attention a key was worked out from the sentence that asks."""
    trace = samples.trace("cross")
    opened = terms(trace, parse_address(trace, "keys[animal,0]"))
    assert isinstance(opened, SumOfProducts)
    assert {address.name for address in opened.left} == {"Y"}


def test_the_summary_opens_like_the_weights_it_ranks() -> None:
    """`qkvtui why animal 'summary[it,animal]'` ended in a traceback, although the address is accepted."""
    trace = samples.trace("animal")
    found = terms(trace, parse_address(trace, "summary[it,animal]"))
    assert isinstance(found, SoftmaxShare)
    assert found.score == Address("scaled", 3, 1)
