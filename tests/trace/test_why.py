"""Opening numbers: every cell of every step down to its leaves, recomputed from them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from qkvtui.files.read import load
from qkvtui.narration.language import language_texts
from qkvtui.operations.rules import Rule
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import format_address, parse_address, value_at
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import Node, why
from tests.samples import LESSONS, each
from tests.samples import trace as trace_of
from tests.trace.recomputing import recomputed

LONG = ("sixty", "forty", "long_tokens", "awkward_tokens", "animal-sentence", "sentence-learn", "it-learn")
"""They only make the same test slow."""
ALL = {name: trace_of(name) for name in LESSONS if name not in LONG}


NAMES = pytest.mark.parametrize(
    "name",
    each(ALL, ("one_number", "cross_without_heads", "all_masks", "blind_heads", "given", "learn_reading", "animal")),
)


def close(found: float, expected: float, size: float) -> bool:
    """1e-12 relative, or of the largest term where a sum cancels."""
    if math.isinf(expected) or math.isinf(found):
        return found == expected
    return abs(found - expected) <= 1e-12 * max(abs(expected), size)


def cells(trace: Trace, every: bool = False) -> Iterator[Address]:
    """Every cell; of the steps of learning, below which the whole walk hangs, a few of each, or `every` one."""
    for step in trace.steps:
        if step.id == "summary":
            continue
        heads = range(trace.shape.heads) if step.type.per_head else range(1)
        rows, columns = step.shape
        count = rows * columns
        chosen = range(count) if every or not step.type.learns else sorted({0, count // 3, 2 * count // 3, count - 1})
        yield from (Address(step.id, *divmod(index, columns), head) for head in heads for index in chosen)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for term in node.terms:
        yield from nodes(term)


def from_leaves(node: Node, known: dict[str, float]) -> float:
    """The value that the tree gives when only its leaves are believed."""
    if node.operation is Rule.GIVEN:
        return node.value
    if node.seen:
        return known[node.address]
    value = recomputed(node.operation, [from_leaves(term, known) for term in node.terms])
    known[node.address] = value
    return value


@pytest.mark.sampled(1)
@NAMES
def test_every_cell_of_every_step_is_what_its_leaves_give(name: str) -> None:
    """A number of the page would not follow from the numbers of the file."""
    trace = ALL[name]
    for cell in cells(trace):
        tree = why(trace, cell, most=10_000)
        largest = max((abs(node.value) for node in nodes(tree) if math.isfinite(node.value)), default=0.0)
        assert close(from_leaves(tree, {}), value_at(trace, cell), largest), format_address(trace, cell)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in LESSONS if trace_of(name).has("update")])
def test_every_number_of_learning_is_what_its_leaves_give(name: str) -> None:
    """One of the many gradients would not follow from the numbers of the file."""
    trace = trace_of(name)
    for cell in cells(trace, every=True):
        tree = why(trace, cell, most=10_000)
        largest = max((abs(node.value) for node in nodes(tree) if math.isfinite(node.value)), default=0.0)
        assert close(from_leaves(tree, {}), value_at(trace, cell), largest), format_address(trace, cell)


@pytest.mark.sampled(1)
@NAMES
def test_every_opened_number_is_what_its_own_terms_give(name: str) -> None:
    """`0.85 = 0.45 + 0.40` on one level of the tree would not add up."""
    trace = ALL[name]
    for cell in cells(trace):
        for node in nodes(why(trace, cell, most=5)):
            if node.terms:
                values = [term.value for term in node.terms]
                largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
                assert close(recomputed(node.operation, values), node.value, largest), node.address


@pytest.mark.sampled(1)
@NAMES
def test_every_leaf_says_where_in_the_file_it_stands(name: str) -> None:
    """A leaf of the tree would point to a place of the file that holds another number."""
    trace = ALL[name]
    for cell in cells(trace):
        for node in nodes(why(trace, cell, most=10_000)):
            place = language_texts("en").file_places(node.given)
            if node.operation is Rule.GIVEN and place.startswith(("inputs.", "parameters.")):
                assert place_value(trace, place) == node.value


def place_value(trace: Trace, place: str) -> float:
    """`inputs.K, head 1, row 3, column 0` read by somebody who only knows the file."""
    name, *indices = place.split(", ")
    array = trace.leaf(name.partition(".")[2])
    assert array is not None
    return float(array[tuple(int(index.rpartition(" ")[2]) for index in indices)])


def test_a_number_that_occurs_again_is_opened_once() -> None:
    """The tree of one weight would repeat the row's sum below every exponential."""
    tree = why(ALL["animal"], parse_address(ALL["animal"], "output[it,0]"))
    opened_sums = [node for node in nodes(tree) if node.address == "sum[it]" and node.terms]
    assert len(opened_sums) == 1
    assert [node.seen for node in nodes(tree) if node.address == "sum[it]"].count(True) == 4


def test_a_long_sum_shows_its_largest_terms_and_one_number_for_the_rest() -> None:
    """Eleven exponentials would fill the screen, or some of the sum would be missing."""
    trace = trace_of("animal-sentence")
    total = why(trace, parse_address(trace, "sum[it]"), depth=1, most=4)
    *largest, rest = total.terms
    assert [node.address for node in largest] == ["exp[it,animal]", "exp[it,it]", "exp[it,tired]"]
    assert (rest.operation, rest.count) == (Rule.REST, 8)
    assert math.isclose(sum(node.value for node in total.terms), total.value, rel_tol=1e-12)


def test_depth_closes_what_lies_below() -> None:
    """`--depth 1` would print the whole tree, or nothing."""
    tree = why(ALL["animal"], Address("scores", 3, 1), depth=1)
    assert [node.closed for node in nodes(tree)] == [False, False, True, True, False, True, True]


def test_a_softmax_over_columns_opens_into_its_column() -> None:
    """The sum below a weight of the wrong softmax would be the row's, and would not give the weight."""
    trace = Trace(load("animal"), softmax_over="columns")
    share = opened(trace, Address("weights", 3, 1))
    assert [format_address(trace, cell) for cell in share.operands] == ["exp[it,animal]", "sum[animal]"]
    for cell in cells(trace):
        tree = why(trace, cell)
        assert close(from_leaves(tree, {}), value_at(trace, cell), 10.0)
    assert math.isclose(sum(value_at(trace, Address("weights", row, 1)) for row in range(5)), 1.0)


@pytest.mark.parametrize("text", ["exp[it,animal]", "sum[it]", "max[it]", "scale", "sum:it", "exp@0[3,1]"])
def test_the_numbers_inside_softmax_have_addresses(text: str) -> None:
    """`qkvtui why animal 'sum[it]'` would not know what that is."""
    trace = ALL["animal"]
    cell = parse_address(trace, text)
    assert parse_address(trace, format_address(trace, cell)) == cell
    assert math.isfinite(value_at(trace, cell))
