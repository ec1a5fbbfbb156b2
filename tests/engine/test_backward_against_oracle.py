"""Every gradient of the graph and of the fast path against plain Python, on random layouts and every objective."""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.lean import Lean
from qkvtui.trace.trace import Trace
from tests import oracle_backward
from tests.engine.layout_tasks import HEADS, KINDS, MASKS, Kind, LayoutTask, every_layout, layout_tasks
from tests.oracle_backward import flat, gradients, scalars
from tests.samples import each

pytestmark = pytest.mark.filterwarnings("error")

EVERY = pytest.mark.parametrize("every", each([5, 1], (5,)))
"""The quick run takes each fifth layout: of every number of heads, and with every mask, some."""
BY_HEAD = ("output", "weights", "scaled", "scores", "queries", "keys", "values")


def agree(found: FloatArray, expected: Any, what: str, *, rtol: float = 1e-9, beside: float = 1.0) -> None:
    """To `rtol` of each number; where a sum has cancelled, to 1e-14 of the largest in it and `beside` it."""
    wanted = np.array(expected, dtype=np.float64)
    assert found.shape == wanted.shape, what
    largest = np.abs(wanted).max(initial=beside)
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-14 * largest, err_msg=what)


def compare_parameters(example: LayoutTask, name: str = "") -> None:
    """The graph's gradients and those of the fast path, both with the oracle's, and with each other."""
    expected = example.by_oracle()
    lean = Lean(example.task)
    loss, vector = lean.at(lean.packing.pack(example.task.parameters))
    agree(np.array(loss), expected.loss, f"{name}: loss")
    agree(np.array(sum(loss_of(trace) for trace in example.by_graph())), expected.loss, f"{name}: loss of the graph")
    in_full, quickly = example.graph_gradients(), lean.packing.unpack(vector)
    assert set(in_full) == set(quickly) == set(example.parameters)
    wanted = {parameter: expected.gradient(parameter) for parameter in example.parameters}
    # The gradient of b_K is 0, a sum of large terms that cancel: softmax does not see what is added to a whole row.
    largest = max(1.0, *(float(np.abs(np.array(one)).max()) for one in wanted.values()))
    for parameter, one in wanted.items():
        agree(in_full[parameter], one, f"{name}: {parameter}", beside=largest)
        agree(quickly[parameter], one, f"{name}: {parameter} by the fast path", beside=largest)
        agree(
            quickly[parameter], in_full[parameter], f"{name}: {parameter} by the fast path", rtol=1e-12, beside=largest
        )
    for trace in example.by_graph():  # the update sums up what its steps show
        agree(trace.column("total", 0), vector, f"{name}: total", rtol=1e-12, beside=largest)


def loss_of(trace: Trace) -> float:
    """All numbers of the step `loss`, added up."""
    heads = range(trace.shape.heads if trace.step("loss").type.per_head else 1)
    return sum(float(trace.matrix("loss", head).sum()) for head in heads)


def compare_intermediates(example: LayoutTask, name: str = "") -> None:
    """Every gradient by a tensor between the loss and what moves; those that are no steps are 0, or another step's."""
    for trace, expected in zip(example.by_graph(), example.by_oracle().passes, strict=True):
        for head in range(trace.shape.heads):
            for step in BY_HEAD:
                own = trace.kv_head(head) if step in ("keys", "values") else head
                numbers = gradients(getattr(expected, step)[own])
                if trace.has(f"d_{step}"):
                    agree(trace.matrix(f"d_{step}", head), numbers, f"{name}: d_{step}@{head}")
                elif step != "scaled" or trace.has("scaled"):
                    assert not np.any(numbers), f"{name}: {step}"
        for step, matrix in (("heads", expected.merged), ("projected", expected.projected)):
            if trace.has(f"d_{step}"):
                agree(trace.matrix(f"d_{step}"), gradients(matrix), f"{name}: d_{step}")
            elif trace.has(step):
                assert not np.any(gradients(matrix)), f"{name}: {step}"
        assert not trace.has("d_masked")  # what comes back to the masked scores is what comes back to the scaled ones


@pytest.mark.sampled(1)
@EVERY
@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_of_heads_and_masks_agrees_with_plain_python_to_1e_9(kind: Kind, every: int) -> None:
    """A learner who follows d_W_Q by hand finds another number, with grouped heads or with a context, say."""
    all_of_them = tuple(every_layout(kind))
    assert len(all_of_them) == len(HEADS) * len(MASKS) * 2 * 2 >= 30
    for name, example in all_of_them[::every]:
        compare_parameters(example, name)
        compare_intermediates(example, name)


@pytest.mark.sampled(1)
@EVERY
@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_every_layout_moves_the_loss_as_its_gradient_says(kind: Kind, every: int) -> None:
    """The curve goes up where the page says that it goes down."""
    rng, h = np.random.default_rng(0), 1e-3
    for name, example in islice(every_layout(kind), 0, None, every):
        task, found = example.task, example.graph_gradients()
        lean = Lean(task)
        for parameter, array in task.parameters.items():
            direction = rng.normal(size=array.shape)
            direction /= np.linalg.norm(direction)
            losses = [
                lean.at(lean.packing.pack({**task.parameters, parameter: array + steps * h * direction}))[0]
                for steps in (-2, -1, 1, 2)
            ]
            slope = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / (12 * h)
            expected = float((found[parameter] * direction).sum())
            assert expected == pytest.approx(slope, rel=1e-8, abs=1e-10), f"{name}: {parameter}"


@pytest.mark.slow
@given(layout_tasks())
def test_every_parameters_gradient_agrees_in_whatever_layout(example: LayoutTask) -> None:
    """An example of one token, or with a row that may look at nothing, learns wrongly."""
    compare_parameters(example)


@given(layout_tasks())
def test_every_intermediate_gradient_agrees_in_whatever_layout(example: LayoutTask) -> None:
    """The steps of the way back show numbers that do not lead from one to the next."""
    compare_intermediates(example)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_that_moves_alone_gets_the_gradient_that_it_gets_among_others(kind: Kind) -> None:
    """Training b_Q alone, with the rest held still, leads nowhere or elsewhere."""
    for layout, example in every_layout(kind):
        everything = Lean(example.task)
        loss, vector = everything.at(everything.packing.pack(example.parameters))
        for name, whole in everything.packing.unpack(vector).items():
            lean = Lean(replace(example.task, train=(name,)))
            same_loss, alone = lean.at(lean.packing.pack(example.parameters))
            assert same_loss == loss
            np.testing.assert_array_equal(lean.packing.unpack(alone)[name], whole, err_msg=f"{layout}: {name}")


@given(layout_tasks())
def test_the_oracles_own_gradients_are_slopes_of_its_own_loss(example: LayoutTask) -> None:
    """The reference is wrong itself, and agrees with a wrong program."""
    parameters, attention, objective = example.tables
    found = example.by_oracle()
    for name, numbers in parameters.items():
        gradient = list(flat(found.gradient(name)))
        at = len(gradient) // 2

        def loss(change: float, name: str = name, numbers: Any = numbers, at: int = at) -> float:
            moved = list(flat(numbers))
            moved[at] += change
            shaped = np.array(moved).reshape(np.shape(numbers)).tolist()
            return oracle_backward.learning({**parameters, name: shaped}, attention, objective).loss

        slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
        assert gradient[at] == pytest.approx(slope, rel=1e-6, abs=1e-7), name


@given(layout_tasks(kinds=("attention", "output")))
def test_the_two_oracles_go_forward_alike(example: LayoutTask) -> None:
    """One reference has misread the layout, and the program has followed it."""
    forward, backward = example.layout.by_oracle(), example.by_oracle().passes[0]
    for step in ("scores", "scaled", "weights", "output"):
        found = [[[number.value for number in row] for row in matrix] for matrix in getattr(backward, step)]
        np.testing.assert_allclose(found, getattr(forward, step), rtol=1e-12, atol=1e-14)


def test_the_scalars_know_the_rules_of_every_operation() -> None:
    """The reference differentiates a quotient or a logarithm wrongly."""
    a, b = scalars([3.0, 4.0])
    ((a * b - a / b).exp().log() + a * a).backward()
    assert a.gradient == pytest.approx(4 - 1 / 4 + 2 * 3)
    assert b.gradient == pytest.approx(3 + 3 / 16)


def test_the_backward_oracle_uses_nothing_but_the_standard_library() -> None:
    """The reference shares code with what it judges, so that both are wrong alike and no test sees it."""
    tree = ast.parse(Path(oracle_backward.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= {"__future__", "collections.abc", "dataclasses", "itertools", "math", "typing"}
