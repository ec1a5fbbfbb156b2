"""Every tensor of every graph against its own rule: what a cell is opened into gives the cell."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given

from qkvtui.operations.rules import NUMBERS, Rule
from qkvtui.operations.tensors import Address, Opened
from qkvtui.trace.changes import set_softmax
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layout_tasks import LayoutTask, layout_tasks
from tests.engine.layouts import Layout, layouts
from tests.variants.tasks import traces

pytestmark = pytest.mark.filterwarnings("error")

EVERY = (*samples.SAMPLES, *samples.bundled())
MOST = 60
"""Cells of a tensor that are looked at in each head: all of a small one, some of a large one."""


def cells(trace: Trace, most: int = MOST) -> Iterator[Address]:
    """Cells of every row of the graph: steps, stages, settings, gradients, what an optimiser remembers."""
    for row in trace.graph.rows.values():
        rows, columns = trace.size_of(row.id)
        heads = trace.shape.heads if row.per_head else 1
        chosen = sorted({*range(0, rows * columns, max(1, rows * columns // most)), rows * columns - 1})
        for head in {0, heads // 2, heads - 1} if heads > 4 else range(heads):
            yield from (Address(row.id, index // columns, index % columns, head) for index in chosen)


def by_its_rule(trace: Trace, found: Opened) -> tuple[float, float]:
    """What the rule makes of the products of the groups, and the size of the largest of these."""
    products = found.groups.products(trace)
    with np.errstate(all="ignore"):
        number = float(NUMBERS[found.rule](*products))
    finite = products[np.isfinite(products)]
    return number, float(np.abs(finite).max(initial=0.0))


def check(trace: Trace, most: int = MOST) -> None:
    """Fails for a number that its terms do not give, to 1e-9 (float32: 1e-5); what a sum cancels is allowed for."""
    single = any(array.dtype == np.float32 for array in trace.example.inputs.values())
    relative, cancelled = (1e-5, 1e-5) if single else (1e-9, 1e-12)
    for cell in cells(trace, most):
        found, value = opened(trace, cell), trace.value(cell)
        if found.rule is Rule.GIVEN:
            assert found.places, cell
            assert len(found.groups) == 0, cell
            continue
        assert not found.places, cell
        number, largest = by_its_rule(trace, found)
        if not math.isfinite(value):
            assert number == value, cell
        elif cell.name == "loss" and number == math.inf:
            assert not found.groups.products(trace)[0], cell  # −ln of a share too small for a number, from its logits
        else:
            assert abs(number - value) <= relative * abs(value) + cancelled * largest, (cell, number, value)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", EVERY)
def test_every_number_of_every_example_is_what_its_rule_makes_of_its_terms(name: str) -> None:
    """A table showed one number, and the line that works it out, `why` and the solutions another."""
    check(samples.trace(name))


@pytest.mark.parametrize("name", ["animal", "three_heads", "all_masks", "blind", "grouped", "given_heads"])
def test_a_softmax_over_columns_is_what_its_rule_makes_of_its_terms(name: str) -> None:
    """The known mistake was opened into the rows of the right way."""
    check(set_softmax(samples.trace(name), "columns"))


@given(layouts())
def test_every_number_of_whatever_layout_is_what_its_rule_makes_of_its_terms(layout: Layout) -> None:
    """An example of one token, or of heads that share their keys, was opened into other numbers than its own."""
    check(layout.by_graph(), most=12)


@pytest.mark.slow
@given(layout_tasks())
def test_every_number_of_whatever_task_is_what_its_rule_makes_of_its_terms(example: LayoutTask) -> None:
    """A gradient was opened into numbers that do not give it, in a layout nobody tried."""
    for trace in example.by_graph():
        check(trace, most=12)


@pytest.mark.slow
def test_every_number_of_what_can_be_added_to_attention_is_what_its_rule_makes_of_its_terms() -> None:
    """A number behind a rotation, a norm, a cap or a bias was opened into numbers that do not give it."""
    for trace in traces():
        check(trace, most=12)


def test_every_rule_is_met_by_some_example() -> None:
    """A rule that no example opens a number by would have been tested by nothing."""
    every = (*map(samples.trace, EVERY), *traces())
    met = {opened(trace, cell).rule for trace in every for cell in cells(trace, 1)}
    assert met >= set(NUMBERS)
