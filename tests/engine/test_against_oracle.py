"""Every number of the graph against plain Python, on random layouts."""

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


def compare(layout: Layout, dtype: type[np.floating[Any]] = np.float64) -> None:
    """Every step of every head, and no step more or less."""
    found, expected = layout.by_graph(), layout.by_oracle()
    for head in range(layout.heads):
        matrices = expected.steps(head)
        assert [step.id for step in found.steps] == ["embeddings", *matrices, "summary"]
        for step, matrix in matrices.items():
            agree(found.matrix(step, head), matrix, dtype, cancels=step != "weights")
        agree(found.matrix("summary", head), matrices["weights"], dtype, cancels=False)


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
    found = layout.by_graph()
    for head, matrix in enumerate(layout.by_oracle().masked):
        for i, row in enumerate(matrix):
            largest = max(row)
            shift = 0.0 if largest == -np.inf else largest
            exponentials = [math.exp(score - shift) for score in row]
            agree(found.row("max", i, head), [largest])
            agree(found.row("exp", i, head), exponentials)
            agree(found.row("sum", i, head), [math.fsum(exponentials)])
            stages = found.softmax_row(i, head)
            agree(stages.scores, row)
            agree(stages.maxima, [largest] * len(row))
            agree(stages.shifted, [score - shift for score in row])
            agree(stages.exponentials, exponentials)
            agree(stages.totals, [math.fsum(exponentials)] * len(row))


def test_the_oracle_uses_nothing_but_the_standard_library() -> None:
    """The reference shares code with what it judges, so that both are wrong alike and no test sees it."""
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= {"__future__", "collections.abc", "dataclasses", "math", "typing"}
