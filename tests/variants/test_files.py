"""Files with something added to attention: written back, changed, and checked against what a source printed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import parse_example
from qkvtui.files.same import same_example
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import set_number
from qkvtui.trace.slips import diagnose
from qkvtui.trace.trace import Trace
from tests.files.samples import edited_text, example_text
from tests.samples import each
from tests.variants.reference import steps
from tests.variants.sampling import KINDS, Sample

DECIMALS = 3


@pytest.mark.sampled(12)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(200, 204))
def test_a_file_is_written_back_as_it_was_read(kind: str, seed: int) -> None:
    """Whoever saved a lesson would have lost its positions, its bias or its window."""
    example = Sample(kind, seed).example()
    assert same_example(parse_example(example_text(example)), example)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_number_leaves_everything_else_in_the_file(kind: str) -> None:
    """Whoever changed one number would have lost what else the file says."""
    sample = Sample(kind, 205)
    trace = Trace(sample.example())
    name = next(iter(sample.inputs))
    changed = set_number(trace, parse_address(trace, f"{name}[0,0]"), 9.0).example
    text = edited_text(trace.example, changed)
    assert json.loads(text)["attention"] == sample.attention
    assert same_example(parse_example(text, kind="json"), changed)


def printed(sample: Sample, found: dict[str, Any]) -> dict[str, Any]:
    """All steps as a source prints them, rounded."""
    published: dict[str, Any] = {"decimals": DECIMALS}
    for step, values in found.items():
        for head, matrix in enumerate(values):
            rounded = np.round(matrix, DECIMALS) + 0.0
            published[f"{step}@{head}" if head else step] = [
                [None if np.isneginf(one) else float(one) for one in row] for row in rounded.tolist()
            ]
    return published


def with_published(sample: Sample, published: dict[str, Any]) -> Trace:
    return Trace(parse_example(json.dumps({**json.loads(sample.text), "published": published}), kind="json"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(210, 213))
def test_numbers_that_a_source_printed_rightly_hold(kind: str, seed: int) -> None:
    """A correct source would have been accused."""
    sample = Sample(kind, seed)
    trace = with_published(sample, printed(sample, steps(sample.tables, sample.t, sample.s)))
    assert diagnose(trace).wrong == ()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", each(range(220, 226), (220, 221)))
def test_what_follows_from_one_wrong_number_is_not_accused(kind: str, seed: int) -> None:
    """A source that made one mistake would have been accused of every number after it."""
    sample = Sample(kind, seed)
    wrong = json.loads(json.dumps({"inputs": sample.inputs}))["inputs"]
    first = next(iter(wrong))
    cell = wrong[first]
    while isinstance(cell[0], list):
        cell = cell[0]
    cell[0] += 5
    right = steps(sample.tables, sample.t, sample.s)
    found = steps({**sample.tables, "inputs": wrong}, sample.t, sample.s)
    start = {"X": "embeddings", "Q": "queries", "S": "scores"}[first]
    found[start] = found[start] if first != "X" else right[start]
    trace = with_published(sample, printed(sample, found))
    diagnosis = diagnose(trace)
    # What is off by hardly more than rounding may have been made from numbers that still seemed right.
    clearly = 2 * 10.0**-DECIMALS
    cells = [one for finding in diagnosis.findings for one in finding.cells]
    accused = {one.step for one in cells if abs(one.published - one.computed) > clearly}
    allowed = {start} if first != "X" else {"queries", "keys", "values"}
    assert accused <= allowed, (accused, sample.text)
