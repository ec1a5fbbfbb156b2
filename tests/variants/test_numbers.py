"""Everything that can be added to attention: its numbers beside plain NumPy, on the page, in JSON and opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.operations.rules import NUMBERS, Rule
from qkvtui.operations.tensors import Address
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.variants.reference import steps
from tests.variants.sampling import KINDS, Sample

CLOSE = 1e-10
FEW, MANY = range(3), range(3, 80)


def agree(found: Any, expected: Any) -> bool:
    return bool(np.allclose(found, expected, rtol=CLOSE, atol=CLOSE))


def check_steps(sample: Sample) -> None:
    trace = Trace(sample.example())
    expected = steps(sample.tables, sample.t, sample.s)
    there = {step.id for step in trace.steps} - {"summary"}
    assert there == set(expected), sample.text
    for name, values in expected.items():
        for head in range(len(values)):
            assert agree(trace.matrix(name, head), values[head]), (name, head, sample.text)


def check_opened(sample: Sample) -> None:
    """One cell of each step and of what is behind it, made again by its rule from the numbers that it opens into."""
    trace = Trace(sample.example())
    for row in trace.graph.rows.values():
        rows, columns = trace.graph.shape(row.id)
        heads = trace.shape.heads if row.per_head else 1
        cell = Address(
            row.id, int(sample.rng.integers(rows)), int(sample.rng.integers(columns)), int(sample.rng.integers(heads))
        )
        found = opened(trace, cell)
        if found.rule is Rule.GIVEN:
            assert found.places, cell
            continue
        groups = found.groups.products(trace)
        values = np.array([trace.value(one) for one in found.operands])
        products = found.rule in (Rule.SUM, Rule.AVERAGE, Rule.MAXIMUM)
        with np.errstate(all="ignore"):
            made = NUMBERS[found.rule](*(groups if products else values))
        assert agree(made, trace.value(cell)), (cell, found.rule, sample.text)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", FEW)
def test_each_step_has_the_numbers_of_the_reference(kind: str, seed: int) -> None:
    """A learner would have seen wrong numbers."""
    check_steps(Sample(kind, seed))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_step_has_the_numbers_of_the_reference_whatever_else_is_added(kind: str) -> None:
    """Two things added at once would have been added in the wrong order, or one of them not."""
    for seed in MANY:
        check_steps(Sample(kind, seed))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", FEW)
def test_what_a_number_opens_into_gives_it_again(kind: str, seed: int) -> None:
    """`why` would have shown terms that do not make the number above them."""
    check_opened(Sample(kind, seed))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_any_number_opens_into_gives_it_again(kind: str) -> None:
    """In some configuration `why` would have shown terms that do not make the number above them."""
    for seed in MANY:
        check_opened(Sample(kind, seed))


def check_json(sample: Sample, folder: Path) -> None:
    path = folder / "sample.json"
    path.write_text(sample.text, encoding="utf-8")
    several = len(steps(sample.tables, sample.t, sample.s)["weights"]) > 1
    told = run("print", path, "--format", "json", *(("--head", "all") if several else ()))
    assert (told.status, told.messages) == (0, ""), sample.text
    expected = steps(sample.tables, sample.t, sample.s)
    found = told.json
    details = found.get("heads_detail", [{"head": 0, "steps": []}])
    for detail in details:
        for step in (*found["steps"], *detail["steps"]):
            values = [[-np.inf if one is None else one for one in row] for row in step["values"]]
            wanted = expected[step["id"]]
            assert agree(values, wanted[min(detail["head"], len(wanted) - 1)]), (step["id"], sample.text)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", KINDS)
def test_json_has_the_numbers_of_the_reference(kind: str, tmp_path: Path) -> None:
    """A script would have read wrong numbers, or none."""
    check_json(Sample(kind, 100), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_json_has_the_numbers_of_the_reference_whatever_else_is_added(kind: str, tmp_path: Path) -> None:
    """A script would have read wrong numbers, or none."""
    for seed in range(101, 161):
        check_json(Sample(kind, seed), tmp_path)
