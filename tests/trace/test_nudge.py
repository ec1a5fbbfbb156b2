"""A gradient tried out: the loss is worked out once more with one number moved a little."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.files.read import load
from qkvtui.graph.example import Example
from qkvtui.narration.language import language_texts
from qkvtui.narration.nudges import nudge_said
from qkvtui.narration.sentences import text_of
from qkvtui.trace.learning import learn_of
from qkvtui.trace.nudge import Nudge
from qkvtui.trace.study import Study
from qkvtui.trace.trace import Trace

EXAMPLES = ("animal-learn", "sentence-learn", "it-learn")
Parameters = dict[str, FloatArray]


def softmax(rows: FloatArray) -> FloatArray:
    """Of each row, by its definition."""
    powers = np.exp(rows)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def attention(x: FloatArray, p: Parameters) -> FloatArray:
    """(t, s): the weights of one head."""
    return softmax((x @ p["W_Q"]) @ (x @ p["W_K"]).T / np.sqrt(p["W_Q"].shape[1]))


def loss(example: Example, p: Parameters) -> float:
    """The loss of a bundled task, as its text says it, in plain NumPy."""
    learn = learn_of(example)
    if learn.objective == "attention":
        assert learn.target is not None
        rows = attention(example.inputs["X"], p)[list(learn.rows)]
        wanted = learn.target
        return float(-(wanted[wanted > 0] * np.log(rows[wanted > 0])).sum() / len(learn.rows))
    assert learn.vocabulary is not None
    losses = []
    for one in learn.sentences:
        x = learn.vocabulary.embeddings[[learn.vocabulary.words.index(token) for token in one.tokens]]
        output = (attention(x, p) @ x @ p["W_V"])[one.query]
        losses.append(-np.log(softmax(output @ p["W_R"] + p["b_R"])[one.label]))
    return float(np.mean(losses))


def nudges(name: str, at: int) -> list[tuple[Callable[[float], float], Nudge]]:
    """Every number that moves at a moment: its nudge, and the loss where that number is another."""
    study = Study(load(name))
    study.forward(at)
    moment = study.moment
    p = {one: np.array(array) for one, array in moment.example.parameters.items()}
    found: list[tuple[Callable[[float], float], Nudge]] = []
    for matrix in study.cursor.names:
        for place in np.ndindex(p[matrix].shape):

            def moved(value: float, matrix: str = matrix, place: tuple[int, ...] = place) -> float:
                changed = p[matrix].copy()
                changed[place] = value
                return loss(study.example, {**p, matrix: changed})

            row, column = place if len(place) == 2 else (0, *place)
            found.append((moved, moment.nudge(matrix, row, column)))
    return found


@pytest.mark.sampled(6)
@pytest.mark.parametrize("at", [0, 3, 60])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_nudge_shows_the_loss_as_anybody_works_it_out(name: str, at: int) -> None:
    """The proof that a gradient is right would itself have been wrong."""
    for moved, nudge in nudges(name, at):
        assert nudge.loss == pytest.approx(moved(nudge.before), rel=1e-12)
        assert nudge.loss_after == pytest.approx(moved(nudge.after), rel=1e-12)
        assert nudge.step in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_nudge_is_small_enough_for_the_loss_to_change_in_proportion(name: str) -> None:
    """The sentence would have had a ✓ behind two different numbers."""
    for moved, nudge in nudges(name, 3):
        change = moved(nudge.after) - moved(nudge.before)
        if nudge.outcome == "straight":
            assert change == pytest.approx(nudge.gradient * nudge.step, rel=0.02, abs=1e-14)
        else:
            assert nudge.outcome == "flat"
            assert abs(change) < 1e-12
    outcomes = {nudge.outcome for _, nudge in nudges("animal-learn", 100)}
    assert outcomes == {"bent"}  # all gradients have vanished, and what is left is the curve


SHOWN = re.compile(r"(\S+) → (\S+): loss (\S+) → (\S+); gradient (\S+) × (\S+) [=≈] (\S+) ✓")
FINE = re.compile(r"(\S+) → (\S+): the loss changes by (\S+); gradient (\S+) × (\S+) [=≈] (\S+) ✓")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_digits_of_a_nudge_show_what_they_claim(name: str) -> None:
    """ "loss 1.5105 → 1.5105 ✓" would have proved nothing, nor would a shown change that is not the one said."""
    for at in (0, 3, 58):
        for _, nudge in nudges(name, at):
            said = text_of(nudge_said(nudge, language_texts("en"), 2))
            if nudge.outcome == "flat":
                assert said.endswith("gradient 0 × 0.01 = 0 ✓")
                continue
            if (shown := SHOWN.fullmatch(said)) is not None:
                before, after, loss_before, loss_after, _, step, claimed = map(Decimal, shown.groups())
                assert loss_after - loss_before == claimed
            else:
                fine = FINE.fullmatch(said)
                assert fine is not None, said
                before, after, change, _, step, claimed = map(Decimal, fine.groups())
                assert change == claimed
            assert claimed != 0
            assert after - before == step


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_walk_and_the_learning_screen_nudge_alike(name: str) -> None:
    """The same gradient would have been proved by two different numbers."""
    study = Study(load(name))
    study.forward(3)
    trace = Trace(study.moment.example)
    for index in range(len(trace.backward.entries)):
        matrix, row, column = trace.backward.entry(index)
        here, there = trace.backward.nudge(index), study.moment.nudge(matrix, row, column)
        assert (here.before, here.step, here.outcome) == (there.before, there.step, there.outcome)
        assert here.change == pytest.approx(there.change, rel=1e-3, abs=1e-15)
