"""Saying what is to be learned in another way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..graph.example import Example
from ..graph.task import Goal
from .learning import learn_of
from .trace import Trace


def objectives_of(example: Example) -> tuple[Goal, ...]:
    """The objectives that an example's task can be learned by, its own first."""
    own = learn_of(example).objective
    return (own, "output") if own == "attention" else (own,)


def with_objective(example: Example, objective: Goal) -> Example:
    """The same wish said of the output: the rows that the wanted weights would give, with the example's values."""
    learn = learn_of(example)
    if objective == learn.objective:
        return example
    assert learn.target is not None
    trace = Trace(example)
    rows = []
    for row, wanted in zip(learn.rows, learn.target, strict=True):
        heads = [trace.row("output", row, head) for head in range(trace.shape.heads)]  # h of (v,)
        heads[learn.head] = wanted @ trace.matrix(trace.graph.roles["values"], learn.head)
        merged = np.concatenate(heads)  # (h·v,)
        if "W_O" in example.parameters:
            merged = merged @ example.parameters["W_O"] + example.parameters.get("b_O", 0.0)  # (m,)
        rows.append(merged)
    return replace(example, learn=replace(learn, objective=objective, target=np.array(rows), head=0))
