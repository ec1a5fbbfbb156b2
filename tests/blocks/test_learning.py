"""A task of whole layers: its loss and every gradient, by the graph and by the fast path, against complex steps."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from qkvtui.graph.example import Example
from qkvtui.operations.rules import Rule
from qkvtui.operations.tensors import Address
from qkvtui.trace.follow import what_follows
from qkvtui.trace.learning import descent_of, learn_of, task_of, walking
from qkvtui.trace.of_graph import OfGraph
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import read
from tests.blocks.learning import words_to_learn
from tests.blocks_oracle import model

STEP = 1e-30
SEEDS = [(seed, layers) for layers in (1, 2, 3) for seed in range(14)]


def loss(structure: dict[str, Any], sentences: list[dict[str, Any]]) -> Any:
    """The mean of −ln of the probability of each wanted word, in NumPy that shares nothing with the program."""
    words, terms = structure["vocabulary"]["tokens"], []
    for sentence in sentences:
        steps = model({**structure, "tokens": sentence["tokens"]})[-1]
        tokens, query = sentence["tokens"], sentence.get("query")
        if "word" in sentence:
            wanted = [(len(tokens) - 1 if query is None else query, sentence["word"])]
        else:
            wanted = list(enumerate(tokens[1:]))
        logits = steps.get("capped_logits", steps["logits"]) / structure["readout"].get("temperature", 1.0)
        powers = np.exp(logits - logits.real.max(axis=-1, keepdims=True)).sum(axis=-1)
        most = logits.real.max(axis=-1)
        terms += [most[row] + np.log(powers[row]) - logits[row, words.index(word)] for row, word in wanted]
    return sum(terms) / len(terms)


def table_of(structure: dict[str, Any], name: str) -> Any:
    """The table that a number which moves stands in."""
    plain, _, layer = name.partition("@")
    if plain in ("E", "positions", "types", "g_E", "b_En", "W_E", "b_E"):
        return structure["vocabulary"]
    if plain in ("W_U", "b_U", "g_U", "b_Un"):
        return structure["readout"]
    return structure["blocks"][int(layer or 0)]["parameters"]


def by_steps(structure: dict[str, Any], name: str) -> Any:
    """The derivative of the loss by each number of an array."""
    plain = name.partition("@")[0]
    shape = np.shape(table_of(structure, name)[plain])
    gradient = np.zeros(shape)
    for index in np.ndindex(shape):
        moved = copy.deepcopy(structure)
        table = table_of(moved, name)
        table[plain] = np.asarray(table[plain]) + 0j
        table[plain][index] += STEP * 1j
        gradient[index] = loss(moved, structure["learn"]["sentences"]).imag / STEP
    return gradient


def _by_graph(example: Example) -> tuple[float, Any]:
    task = task_of(example)
    descent = OfGraph(task, lambda _: (walking(example, one) for one in learn_of(example).sentences))
    return descent.at(descent.packing.pack(task.parameters))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("seed", "layers"), SEEDS)
def test_every_gradient_through_layers_is_the_derivative(seed: int, layers: int) -> None:
    """A number of the first layer was moved by what only the last one wants, or a tied table by half its gradient."""
    check_gradients(words_to_learn(seed, layers))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("seed", "layers"), [(seed, layers) for layers in (1, 2) for seed in range(8)])
def test_so_it_is_with_what_models_have_beside_it(seed: int, layers: int) -> None:
    """A cap, a norm around, types or widened words sent back another number, or none."""
    check_gradients(words_to_learn(seed, layers, as_models=True))


def check_gradients(structure: dict[str, Any]) -> None:
    """All gradients of all sentences together are the derivatives of the loss."""
    example = read(structure)
    task = task_of(example)
    found = Trace(example).backward
    assert found.loss == pytest.approx(loss(structure, structure["learn"]["sentences"]).real, rel=1e-12)
    gradients = descent_of(example, task).packing.unpack(found.gradient)
    assert set(gradients) == set(learn_of(example).train)
    for name, gradient in gradients.items():
        expected = by_steps(structure, name)
        least = 1e-9 * max(1.0, float(np.abs(expected).max()))  # what cancels has the digits of its summands
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=least, err_msg=name)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("seed", "layers"), SEEDS)
def test_the_fast_path_and_the_graph_give_the_same(seed: int, layers: int) -> None:
    """A run went another way than the gradients that one walks through."""
    example = read(words_to_learn(seed, layers))
    back = Trace(example).backward
    by_graph, gradient = _by_graph(example)
    assert back.loss == pytest.approx(by_graph, rel=1e-12)
    np.testing.assert_allclose(back.gradient, gradient, rtol=1e-9, atol=1e-12)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("seed", "layers"), [(seed, layers) for layers in (1, 2, 3) for seed in range(6)])
def test_every_gradient_opens_through_the_layers_down_to_numbers_of_the_file(seed: int, layers: int) -> None:
    """Enter on a gradient led nowhere, or to a number that is not what it was made of."""
    example = read(words_to_learn(seed, layers))
    trace = Trace(example)
    seen: set[tuple[int, Address]] = set()
    waiting = [(0, Address("update", row, 0)) for row in range(0, len(trace.backward.entries), 7)]
    leaves = set()
    while waiting:
        layer, cell = waiting.pop()
        if (layer, cell) in seen:
            continue
        seen.add((layer, cell))
        there = trace.at_layer(layer)
        found = opened(there, cell)
        if found.rule is Rule.GIVEN:
            leaves.add(cell.name)
            continue
        if there.is_gradient(cell.name):
            numbers = what_follows(there, cell, {})
            assert not numbers or np.isclose(numbers[0], there.value(cell), rtol=1e-9, atol=1e-13), cell
        for group in found.groups:
            for one in group:
                own = Address(one.name, one.row, one.column, one.head)
                assert not np.isnan(there.value(one))
                waiting.append((layer if one.layer is None else one.layer, own))
        if len(seen) > 20000:
            break
    assert {"target", "count", "rate"} <= leaves


def test_a_gradient_in_the_first_layer_is_what_the_second_one_sends_down() -> None:
    """d_left@0 opened into nothing, or `why` stopped at the end of the layer."""
    trace = Trace(read(words_to_learn(3, 2)))
    below, above = trace.at_layer(0), trace.at_layer(1)
    np.testing.assert_array_equal(below.matrix("d_left"), above.matrix("d_embeddings"))
    found = opened(below, Address("d_left", 0, 1))
    assert found.rule is Rule.COPY
    assert list(found.operands) == [Address("d_embeddings", 0, 1, layer=1)]


def test_what_is_not_moved_is_not_walked_back_to() -> None:
    """Where only the second layer learns, the first one had a way back that nobody needs."""
    structure = words_to_learn(3, 2)
    structure["learn"]["train"] = ["W_Q@1"]
    trace = Trace(read(structure))
    assert not any(step.type.is_gradient for step in trace.at_layer(0).walk)
    assert trace.at_layer(1).has("update")
    assert not trace.at_layer(1).has("d_embeddings")
