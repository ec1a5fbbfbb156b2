"""The steps of learning against plain Python that knows no rule for matrices, softmax or cross-entropy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.graph.example import Example
from qkvtui.graph.learning import step_ids
from qkvtui.graph.steps import STEPS
from qkvtui.narration.formats import step_format
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import format_address, is_behind_step, parse_address, value_at
from qkvtui.trace.changes import set_causal, set_number, set_rounding, set_softmax
from qkvtui.trace.run import Run
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import cell_of, move_cell, start, step_at
from tests import samples
from tests.oracle_backward import Learning, Pass, flat, gradients, learning, step
from tests.trace.behind import BEHIND
from tests.trace.printing import explain
from tests.variants.tasks import traces

NAMES = tuple(name for name in samples.HEADS if samples.example(name).learn is not None)
"""What whole layers learn, tests/blocks holds to derivatives by complex steps."""
EACH = pytest.mark.parametrize("name", NAMES)


def close(found: Any, expected: Any) -> None:
    """The same to 1e-9 of the largest number beside it."""
    expected = np.array(expected, dtype=np.float64)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12 * max(1.0, float(np.abs(expected).max())))


def by_oracle(example: Example, *, own_sentence: bool = True) -> Learning:
    """The example's task in plain Python; of "label", the pass of its own sentence or of all of them."""
    learn, settings = example.learn, example.attention
    assert learn is not None
    attention: dict[str, Any] = {name: getattr(settings, name) for name in ("heads", "kv_heads", "scale", "causal")}
    tables: dict[str, Any] = {name: array.tolist() for name, array in example.parameters.items()}
    if learn.vocabulary is None:
        assert learn.target is not None
        tables |= {name: array.tolist() for name, array in example.inputs.items()}
        objective = {"objective": learn.objective, "rows": learn.rows, "target": learn.target.tolist()}
        return learning(tables, attention, objective | {"head": learn.head})
    tables["E"] = learn.vocabulary.embeddings.tolist()
    words = learn.vocabulary.words
    asked = [
        one for one in learn.sentences if not own_sentence or (one.tokens, one.query) == (example.tokens, example.query)
    ]
    sentences = [
        {"tokens": [words.index(token) for token in one.tokens], "query": one.query, "label": one.label}
        for one in asked
    ]
    return learning(tables, attention, {"objective": "label", "sentences": sentences})


def of_step(found: Learning, step_id: str, head: int, kv_head: int) -> Any:
    """The gradient that the oracle has for a step."""
    one: Pass = found.passes[0]
    by_head = {"queries": head, "output": head, "weights": head, "scaled": head, "scores": head}
    name = step_id.removeprefix("d_")
    if name in by_head:
        return gradients(getattr(one, name)[head])
    if name in ("keys", "values"):
        return gradients(getattr(one, name)[kv_head])
    if name in ("heads", "projected"):
        return gradients(one.merged if name == "heads" else one.projected)
    return np.atleast_2d(found.gradient(name))


@pytest.mark.sampled(4)
@EACH
def test_every_gradient_agrees_with_plain_python(name: str) -> None:
    """A step of the way back showed a number that the loss does not change by."""
    trace = samples.trace(name)
    learn = trace.backward.learn
    found = by_oracle(trace.example)
    share = len(learn.sentences) if learn.vocabulary is not None else 1
    for one in trace.steps:
        if not one.id.startswith("d_") or one.id in ("d_logits",):
            continue
        if one.id == "d_X" and learn.vocabulary is not None:
            continue
        for head in range(trace.shape.heads if one.type.per_head else 1):
            expected = np.array(of_step(found, one.id, head, trace.kv_head(head)), dtype=np.float64) / share
            close(trace.matrix(one.id, head), expected)


@pytest.mark.sampled(4)
@EACH
def test_the_parts_of_the_loss_add_up_to_it(name: str) -> None:
    """The page of the loss listed numbers that come to another sum than the one that is told."""
    trace = samples.trace(name)
    learn = trace.backward.learn
    heads = range(trace.shape.heads if trace.step("loss").type.per_head else 1)
    parts = sum(float(trace.matrix("loss", head).sum()) for head in heads)
    if learn.vocabulary is None:
        close(parts, by_oracle(trace.example).loss)
        close(trace.backward.loss, parts)
    else:
        close(parts, by_oracle(trace.example).loss / len(learn.sentences))
        close(trace.backward.loss, by_oracle(trace.example, own_sentence=False).loss)


@pytest.mark.sampled(4)
@EACH
def test_the_update_is_what_plain_python_makes_of_the_whole_gradient(name: str) -> None:
    """The last step moved a number by the gradient of one sentence, or against another optimiser's rule."""
    trace = samples.trace(name)
    back, found = trace.backward, by_oracle(trace.example, own_sentence=False)
    before = [number for one in back.names for number in back.task.parameters[one].ravel().tolist()]
    whole = [number for one in back.names for number in flat(found.gradient(one))]
    moved = [
        old - step(back.learn.optimizer, back.learn.rate, g, [0.0, 0.0], 1)
        for old, g in zip(before, whole, strict=True)
    ]
    if back.learn.optimizer == "adam":  # where a gradient is only rounding, its sign is chance
        certain = np.abs(np.array(whole)) > 1e-9
        close(trace.matrix("update")[certain, 0], np.array(moved)[certain])
    else:
        close(trace.matrix("update")[:, 0], moved)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_update_of_a_later_moment_uses_what_the_optimiser_remembers(optimizer: str) -> None:
    """The walk of update 7 announced other numbers than the run then had."""
    example = samples.example("learn_output")
    assert example.learn is not None
    run = Run(replace(example, learn=replace(example.learn, optimizer=optimizer, rate=0.05)))
    while run.last.number < 7:
        run.step()
    trace = Trace(run.moment(6).example, memory=run.records[6].state)
    np.testing.assert_allclose(trace.matrix("update")[:, 0], run.records[7].vector, rtol=1e-9, atol=1e-10)


def test_the_samples_have_every_learning_step_there_is() -> None:
    """A step that no sample has would have been tested by nothing."""
    of_learning = set(step_ids()) - {kind.id for kind in STEPS if kind.id not in ("logits", "probabilities")}
    every = (*map(samples.trace, NAMES), *traces())
    assert {one.id for trace in every for one in trace.steps if one.type.learns} == of_learning


@pytest.mark.sampled(4)
@EACH
def test_cells_can_be_walked_and_addressed_one_by_one(name: str) -> None:
    """The mark stuck in the first row of a gradient, or `g` led to another number than was typed."""
    trace = samples.trace(name)
    for one in trace.steps:
        if not one.type.learns:
            continue
        place = to_address(trace, start(trace), Address(one.id, 0, 0))
        rows, columns = one.shape
        last = rows * columns if one.type.rows.value != "query" else columns
        for _ in range(min(last, 200) - 1):
            place = move_cell(trace, place, 1)
        cell = cell_of(trace, place)
        assert parse_address(trace, format_address(trace, cell)) == cell
        if last <= 200:
            assert (cell.row, cell.column) == (divmod(last - 1, columns) if last > columns else (0, columns - 1))


def test_what_is_wrong_or_rounded_on_purpose_has_no_way_back() -> None:
    """Gradients of the right softmax stood behind the weights of the wrong one."""
    trace = samples.trace("animal-learn")
    for changed in (set_softmax(trace, "columns"), set_rounding(trace, 2), set_causal(trace, True)):
        assert not changed.has("loss")
        assert [one.id for one in changed.steps][-1] == "summary"
    assert set_number(trace, Address("W_Q", 0, 0), 2.0).has("update")


def test_a_word_has_the_same_embedding_wherever_it_stands() -> None:
    """Changing one "is" of a sentence left the other one as it was, and the file could not be written."""
    trace = samples.trace("learn_label")
    changed = set_number(trace, parse_address(trace, "X[1,0]"), 9.0)
    assert value_at(changed, Address("X", 4, 0)) == 9.0
    assert value_at(changed, parse_address(changed, "E[is,0]")) == 9.0
    again = set_number(trace, parse_address(trace, "E[is,0]"), 9.0)
    np.testing.assert_array_equal(again.example.inputs["X"], changed.example.inputs["X"])
    assert not np.allclose(changed.matrix("d_W_Q"), trace.matrix("d_W_Q"))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [*NAMES, "animal", "three_heads", "additive_mask"])
def test_every_derived_number_can_be_gone_to(name: str) -> None:
    """`g mean[it]`, or `qkvtui 'animal#exp[it,animal]'`, ended in a traceback."""
    trace = samples.trace(name)
    for derived in BEHIND:
        if is_behind_step(trace, derived):
            place = to_address(trace, start(trace), parse_address(trace, first_of(trace, derived)))
            assert step_at(trace, place).id in {step.id for step in trace.steps}


def test_the_samples_have_every_number_behind_a_step_that_there_is() -> None:
    """A stage or a setting that no sample has would have been opened and gone to by nobody."""
    rows = [row for name in samples.SAMPLES for row in samples.trace(name).graph.rows.values()]
    assert {row.id for row in rows if not row.is_step} == set(BEHIND)


def first_of(trace: Trace, name: str) -> str:
    """The address of the first of these numbers."""
    return format_address(trace, Address(name, 0, 0))


@pytest.mark.sampled(4)
@EACH
def test_a_wrong_prediction_of_any_learning_step_is_answered(name: str) -> None:
    """A wrong number typed for a gradient ended the application."""
    trace = samples.trace(name)
    for one in trace.steps:
        if one.type.learns:
            cell = cell_of(trace, to_address(trace, start(trace), Address(one.id, 0, 0)))
            for decimals in (0, 2, 4):
                explain(trace, cell, 5.1234, decimals)


def test_the_gradients_of_a_late_row_are_not_shown_as_zeros() -> None:
    """A step whose first rows have no target was written without decimals: every gradient was 0."""
    one = samples.projected("late", tuple(f"w{i}" for i in range(100)), m=2, k=2, v=2, query=90)
    target = np.full((1, 100), 0.01)
    trace = Trace(samples.learning(one, "attention", ("W_Q",), rows=(90,), target=target))
    for step_id in ("d_weights", "d_scores", "d_queries"):
        assert step_format(trace, step_id, 0, 2).decimals == 4


def test_a_word_that_the_sentence_does_not_have_is_found_at_the_update() -> None:
    """`g E[wide,0]` led to the embedding of another word."""
    trace = samples.trace("learn_label")
    place = to_address(trace, start(trace), parse_address(trace, "E[wide,0]"))
    assert format_address(trace, cell_of(trace, place)) == "update[E.4.0,new]"
    learned = samples.trace("it-learn")
    with pytest.raises(UsageError, match="does not move"):
        to_address(learned, start(learned), parse_address(learned, "E[hungry,0]"))


@pytest.mark.sampled(4)
@EACH
def test_a_step_named_alone_is_one_of_its_numbers(name: str) -> None:
    """`qkvtui why animal-learn d_W_Q` ended in a traceback: the query has a row 3, W_Q has not."""
    trace = samples.trace(name)
    for one in trace.steps:
        assert np.isfinite(value_at(trace, parse_address(trace, one.id)))
