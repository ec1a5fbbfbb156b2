"""The terms of a cell: every number is what its own terms come to, down to the file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from qkvtui.graph.block import OUTSIDE_BLOCKS
from qkvtui.narration.language import language_texts
from qkvtui.operations.rules import Rule
from qkvtui.operations.tensors import Address, Opened
from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from tests import samples
from tests.trace.recomputing import recomputed as by_rule

NAMES = pytest.mark.parametrize("name", samples.LESSONS)

said = language_texts("en").file_places
"""Where a given number stands, as JSON says it."""


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


def recomputed(trace: Trace, found: Opened) -> tuple[float, float]:
    """What the groups come to, and the size of the largest of them (rounding is relative to that)."""
    if found.rule is Rule.GIVEN:
        return by_place(trace, said(found.places)), 0.0
    products = [math.prod(value_at(trace, one) for one in group) for group in found.groups]
    largest = max((abs(product) for product in products if math.isfinite(product)), default=0.0)
    return by_rule(found.rule, products), largest if found.rule is not Rule.EXPONENTIAL else 0.0


def by_place(trace: Trace, place: str) -> float:
    """The number at a place of the file, such as `inputs.X, row 3, column 0`."""
    if place.endswith(", so 0"):
        return 0.0
    vocabulary = trace.example.learn and trace.example.learn.vocabulary
    if vocabulary and place.startswith("learn.vocabulary, "):
        word, column = place.removeprefix("learn.vocabulary, ").split(", column ")
        return float(vocabulary.embeddings[vocabulary.words.index(word), int(column)])
    setting = re.fullmatch(r"blocks\[0\]\.epsilon: (\S+)", place)
    if setting is not None:
        return float(setting[1])
    match = re.fullmatch(
        r"(inputs|parameters|vocabulary|readout|blocks\[0\]\.parameters)\.(\w+)"
        r"(?:, head (\d+))?(?:, row (\d+))?, column (\d+)",
        place,
    )
    assert match is not None, place
    table, name, *indices = match.groups()
    arrays = trace.example.inputs if table == "inputs" else trace.example.parameters
    return float(arrays[name][tuple(int(index) for index in indices if index is not None)])


@pytest.mark.sampled(5)
@NAMES
def test_every_number_is_what_its_terms_come_to(name: str) -> None:
    """A number was opened into a sum that gives another number."""
    trace = samples.trace(name)
    for cell in cells(trace):
        found, largest = recomputed(trace, opened(trace, cell))
        value = value_at(trace, cell)
        if math.isinf(value):
            assert found == value, cell
        else:
            assert abs(found - value) <= 1e-12 * abs(value) + 64 * np.finfo(np.float64).eps * largest, cell


@pytest.mark.sampled(8)
@NAMES
def test_every_term_can_be_opened_down_to_the_file(name: str) -> None:
    """A walk from an output back to the file ended at a number that leads nowhere, or in a traceback."""
    trace = samples.trace(name)
    places = set()
    forward = [step for step in trace.steps if not step.type.learns]
    last = forward[-1] if trace.example.block else trace.steps[trace.step("summary").number - 2]
    row, column = last.shape[0] - 1, last.shape[1] - 1
    waiting = [Address(last.id, row, column, trace.shape.heads - 1 if last.type.per_head else 0)]
    seen = set(waiting)
    while waiting:
        found = opened(trace, waiting.pop())
        assert (found.rule is Rule.GIVEN) == (len(found.groups) == 0) == bool(said(found.places)), found
        if found.rule is Rule.GIVEN and not said(found.places).startswith("attention."):
            places.add(said(found.places).split(",")[0])
        below = set(found.operands) - seen
        waiting.extend(below)
        seen |= below
    vocabulary = trace.example.learn is not None and trace.example.learn.vocabulary is not None
    table = {"learn.vocabulary"} if vocabulary else {f"inputs.{name}" for name in trace.example.given}
    where = "parameters" if trace.example.block is None else "blocks[0].parameters"
    table |= {f"{OUTSIDE_BLOCKS.get(name, where)}.{name}" for name in trace.example.parameters if name[-1] != "R"}
    assert {place for place in places if "epsilon" not in place} == table


def place_of(trace: Trace, text: str) -> str:
    """Where a number that nothing was computed from stands."""
    found = opened(trace, parse_address(trace, text))
    assert (found.rule, len(found.groups)) == (Rule.GIVEN, 0)
    return said(found.places)


def test_a_number_from_the_file_says_where_it_stands() -> None:
    """The last line of the opened number named another row of the file than the one it was read from."""
    heads = samples.trace("given_heads")
    assert place_of(heads, "keys@3[q,1]") == "inputs.K, head 1, row 1, column 1"
    assert place_of(heads, "keys@1[q,1]") == "inputs.K, head 0, row 1, column 1"
    assert place_of(heads, "queries@3[am,1]") == "inputs.Q, head 3, row 1, column 1"
    one = samples.trace("given")
    assert place_of(one, "values[am,3]") == "inputs.V, row 1, column 3"
    animal = samples.trace("animal")
    assert place_of(animal, "embeddings[it,0]") == "inputs.X, row 3, column 0"
    assert place_of(animal, "W_Q[0,1]") == "parameters.W_Q, row 0, column 1"
    three = samples.trace("three_heads")
    assert place_of(three, "b_K[3]") == "parameters.b_K, column 3"


def test_grouped_heads_open_into_the_columns_they_share() -> None:
    """The key of the fourth head was opened into columns of W_K that no head of this example uses."""
    trace = samples.trace("grouped")
    found = opened(trace, parse_address(trace, "keys@3[cat,1]"))
    assert found.rule is Rule.SUM
    *products, bias = found.groups
    assert products == [(Address("X", 1, row), Address("W_K", row, 3)) for row in range(3)]
    assert bias == (Address("b_K", 0, 3),)
    assert trace.kv_head(3) == 1


def test_keys_of_a_context_open_into_the_context() -> None:
    """In cross-attention a key was worked out from the sentence that asks."""
    trace = samples.trace("cross")
    found = opened(trace, parse_address(trace, "keys[animal,0]"))
    assert found.rule is Rule.SUM
    assert {group[0].name for group in found.groups if len(group) == 2} == {"Y"}


def test_the_summary_opens_like_the_weights_it_ranks() -> None:
    """`qkvtui why animal 'summary[it,animal]'` ended in a traceback, although the address is accepted."""
    trace = samples.trace("animal")
    found = opened(trace, parse_address(trace, "summary[it,animal]"))
    assert found == replace(opened(trace, Address("weights", 3, 1)), cell=Address("summary", 3, 1))
    assert found.rule is Rule.QUOTIENT
    exponential, total = found.operands
    assert next(opened(trace, exponential).operands) == Address("scaled", 3, 1)
    assert total == Address("sum", 3, 0)
