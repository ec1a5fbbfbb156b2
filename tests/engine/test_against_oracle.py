"""Every intermediate of the engine against plain Python, on random layouts."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from tests import oracle
from tests.engine.layouts import Layout, agree, layouts

pytestmark = pytest.mark.filterwarnings("error")

STEPS = ("queries", "keys", "values", "scores", "scaled", "masked", "weights", "output")


def compare(layout: Layout, dtype: type[np.floating[Any]] = np.float64) -> None:
    found, expected = layout.by_engine(), layout.by_oracle()
    arrays = dict(zip(STEPS, intermediates(found.attention), strict=True))
    for step, array in arrays.items():
        agree(array, getattr(expected, step), dtype, cancels=step != "weights")
    agree(found.merged, expected.heads, dtype)
    assert (found.projected is None) == (expected.projected is None)
    if found.projected is not None and expected.projected is not None:
        agree(found.projected, expected.projected, dtype)


def intermediates(record: Any) -> tuple[Any, ...]:
    return (
        record.q,
        record.k,
        record.v,
        record.scores,
        record.scaled,
        record.masked,
        record.weights,
        record.output,
    )


@given(layouts())
def test_every_intermediate_agrees_with_plain_python_to_1e_12(layout: Layout) -> None:
    """A learner who recomputes any number of any step by hand gets another number than the page shows."""
    compare(layout)


@given(layouts(dtype=np.float32))
def test_float32_stays_float32_and_agrees_to_1e_5(layout: Layout) -> None:
    """An example of float32 arrays takes twice the memory, or shows digits that float32 does not have."""
    compare(layout, np.float32)


@given(layouts())
def test_every_softmax_stage_agrees_with_plain_python(layout: Layout) -> None:
    """The page that takes softmax apart shows a maximum, a shift or a sum that is not this row's."""
    stages = layout.by_engine().attention.softmax
    for head, matrix in enumerate(layout.by_oracle().masked):
        for i, row in enumerate(matrix):
            largest = max(row)
            shift = 0.0 if largest == -np.inf else largest
            exponentials = [math.exp(score - shift) for score in row]
            agree(stages.scores[head, i], row)
            agree(stages.maximum[head, i], [largest])
            agree(stages.shifted[head, i], [score - shift for score in row])
            agree(stages.exponentials[head, i], exponentials)
            agree(stages.total[head, i], [math.fsum(exponentials)])


def test_the_oracle_uses_nothing_but_the_standard_library() -> None:
    """The reference shares code with what it judges, so that both are wrong alike and no test sees it."""
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= {"__future__", "collections.abc", "dataclasses", "math", "typing"}
