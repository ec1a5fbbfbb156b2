"""Runs of whole layers: against an oracle that shares no code, written, read again and walked; and the lesson."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.files.write import write_example
from qkvtui.graph.example import Example
from qkvtui.graph.layers import of_layer
from qkvtui.trace.learning import learn_of
from qkvtui.trace.run import Run
from qkvtui.trace.through import backward, onward
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import read
from tests.blocks.learning import words_to_learn
from tests.blocks.test_learning import by_steps, loss, table_of
from tests.cli.program import run as program

LESSON = "two-layers-learn"


def trained(example: Example, **settings: Any) -> Run:
    """A run to its end."""
    run = Run(replace(example, learn=replace(learn_of(example), **settings)))
    while not run.done:
        run.step()
    return run


@pytest.mark.slow
def test_three_updates_are_those_of_numpy_alone() -> None:
    """The numbers moved otherwise than against their gradients, or another layer's moved in their place."""
    structure = words_to_learn(9, 2)
    structure["learn"] |= {"rate": 0.05, "steps": 3}
    run = trained(read(structure))
    for _ in range(3):
        moved = copy.deepcopy(structure)
        for name in learn_of(run.example).train:
            table, plain = table_of(moved, name), name.partition("@")[0]
            table[plain] = (np.asarray(table[plain]) - 0.05 * by_steps(structure, name)).tolist()
        structure = moved
    for name, found in run.last.parameters.items():
        expected = table_of(structure, name)[name.partition("@")[0]]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10, err_msg=name)
    assert run.last.loss == pytest.approx(loss(structure, structure["learn"]["sentences"]).real, rel=1e-9)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_walk_of_a_later_moment_announces_the_next_update_of_all_layers(optimizer: str) -> None:
    """The walk of update 5 announced other numbers than the run then had."""
    run = trained(read(words_to_learn(2, 2)), optimizer=optimizer, rate=0.02, steps=6)
    trace = Trace(run.moment(5).example, memory=run.records[5].state)
    np.testing.assert_allclose(trace.matrix("update")[:, 0], run.records[6].vector, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_what_was_learned_is_written_and_read_again(suffix: str, tmp_path: Path) -> None:
    """The written file had the numbers of the start, or names that no file knows."""
    example = load(LESSON)
    run = trained(example, steps=20)
    path = write_example(tmp_path / f"learned{suffix}", example, run.moment(20).example)
    again = load(path)
    assert learn_of(again).train == learn_of(example).train
    assert learn_of(again).sentences == learn_of(example).sentences
    assert Run(again).records[0].loss == pytest.approx(run.last.loss, rel=1e-12)


def test_the_walk_leads_up_to_the_loss_and_down_to_the_update_and_back_again() -> None:
    """→ ended at the last layer, or ran through a layer's gradients before there was a loss."""
    trace, at = Trace(load(LESSON)), 0
    seen = [(0, trace.walk[0].id)]
    while True:
        beyond = onward(trace, at)
        if beyond is None and at == len(trace.walk) - 1:
            break
        trace, at = (trace, at + 1) if beyond is None else (trace.at_layer(beyond[0]), beyond[1])
        seen.append((trace.example.layer, trace.walk[at].id))
    layers = [layer for at, (layer, _) in enumerate(seen) if at == 0 or seen[at - 1][0] != layer]
    assert layers == [0, 1, 0]
    assert seen.index((1, "loss")) < seen.index((1, "d_embeddings")) < seen.index((0, "d_left"))
    assert seen[-1] == (0, "end")
    assert len(seen) == len(set(seen)) == len(trace.walk) + len(trace.at_layer(1).walk)
    for expected in reversed(seen[:-1]):
        before = backward(trace, at)
        trace, at = (trace, at - 1) if before is None else (trace.at_layer(before[0]), before[1])
        assert (trace.example.layer, trace.walk[at].id) == expected


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(10))
def test_the_lesson_learns_to_answer_what_it_never_learned_from(seed: int) -> None:
    """With other random numbers the lesson's run ended in wrong answers."""
    run = trained(load(LESSON), start="random", seed=seed)
    learn = learn_of(run.example)
    assert all(one.right for one in run.moment(run.end).answers((*learn.sentences, *learn.test)))


@pytest.mark.parametrize("seed", range(3))
def test_one_layer_alone_gets_half_of_the_lesson_right(seed: int) -> None:
    """The lesson says that it takes two layers, and it does not."""
    example = load(LESSON)
    last = of_layer(example, 1)
    names = tuple(name.partition("@")[0] for name in learn_of(example).train if name.endswith("@1"))
    words = {**last.parameters, "E": example.parameters["E"]}
    alone = replace(
        last, layer=0, layers=(replace(example.layers[1], parameters=words),), parameters=words, inputs=example.inputs
    )
    run = trained(replace(alone, learn=replace(learn_of(example), train=names)), start="random", seed=seed)
    right = sum(one.right for one in run.moment(run.end).answers(learn_of(example).sentences))
    assert right <= 4


@pytest.mark.slow
def test_the_report_tells_of_every_layer() -> None:
    """Only the last layer's attention was told, though both learn."""
    text = program("learn", LESSON, "--width", "100").output
    assert "Whom “it” attends to in layer 1, at a few moments" in text
    assert "Whom “it” attends to in layer 0, at a few moments" in text
    assert "Right answers to sentences never learned from: 6 of 12 before, 12 of 12 after." in text
    assert "W_Q@0[asks,0]" in text


def test_a_lesson_is_printed_in_the_order_of_the_walk() -> None:
    """The gradients of layer 0 stood before the loss that they come from."""
    lines = [line for line in program("print", LESSON).output.splitlines() if line.startswith("── layer")]
    layers = [line.split()[2] for line in lines]
    assert [layer for at, layer in enumerate(layers) if at == 0 or layers[at - 1] != layer] == ["0", "1", "0"]
    assert [line.split(" · ")[2].split(" ─")[0] for line in lines[-3:]] == ["one update", "the source", "the end"]


@pytest.mark.slow
def test_each_step_is_offered_once() -> None:
    """ "there are …, logits, probabilities, logits, probabilities"."""
    message = program("print", LESSON, "--random", "--seed", "3", "--step", "loss").messages
    assert message.count("probabilities") == 1
