"""Whole training runs: what they reach, and that one can stop, go back and go on."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.engine.optimisers import OPTIMISERS
from qkvtui.engine.tasks import Labels, OutputTargets, Sentence, Task, WeightTargets
from qkvtui.engine.training import TrainingRecord, start
from qkvtui.graph.example import Example
from qkvtui.trace.learning import example_with, task_of
from qkvtui.trace.trace import Trace
from tests import samples
from tests.engine.layout_tasks import KINDS, Kind, LayoutTask
from tests.engine.layout_tasks import task_of as random_task
from tests.engine.layouts import Layout
from tests.engine.runs import train
from tests.engine.test_animal import IDENTITY, IT, TOKENS, X
from tests.oracle_backward import trained

pytestmark = pytest.mark.filterwarnings("error")

PRINTED = np.array([[0.05, 0.45, 0.02, 0.40, 0.08]])
BEST = [0.057, 0.487, 0.125, 0.167, 0.164]


def lesson(train: tuple[str, ...] = ("W_Q", "W_K"), parameters: dict[str, FloatArray] | None = None) -> Example:
    """The first lesson, which is to learn the weights that its source printed."""
    given: dict[str, FloatArray] = {name: np.array(IDENTITY) for name in ("W_Q", "W_K", "W_V")}
    one = samples.of("lesson", TOKENS, {"X": np.array(X)}, {**given, **(parameters or {})}, query=IT)
    return samples.learning(one, "attention", train, rows=(IT,), target=PRINTED)


def animal(train: tuple[str, ...] = ("W_Q", "W_K"), parameters: dict[str, FloatArray] | None = None) -> Task:
    task = task_of(lesson(train, parameters))
    assert isinstance(task, Task)
    return task


def trace_at(record: TrainingRecord) -> Trace:
    """The first lesson at a moment of its run."""
    return Trace(example_with(lesson(), record.parameters))


def small_task(kind: Kind) -> LayoutTask:
    """Two heads that share their keys, a bias, a causal mask, and W_O."""
    rng = np.random.default_rng(7)
    shapes = {"W_Q": (2, 4), "W_K": (2, 2), "W_V": (2, 2), "b_Q": (4,), "b_K": (2,), "W_O": (4, 2), "b_O": (2,)}
    parameters: dict[str, FloatArray] = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    x = rng.uniform(-1, 1, (3, 2))
    layout = Layout(x, None, parameters, 2, 1, "1/sqrt(d_k)", causal=True, mask=None, padding=None)
    return random_task(layout, kind, rng)


def last(records: Iterable[TrainingRecord]) -> TrainingRecord:
    *_, found = records
    return found


def same(a: TrainingRecord, b: TrainingRecord) -> bool:
    """To the last bit."""
    parts = [(a.number, a.loss), (b.number, b.loss)]
    vectors = [(r.vector.tobytes(), r.gradient.tobytes()) for r in (a, b)]
    return parts[0] == parts[1] and vectors[0] == vectors[1]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_hundred_updates_end_where_plain_python_ends(kind: Kind, optimiser: str) -> None:
    """The learned matrices of a lesson are not those that its own rules lead to."""
    example = small_task(kind)
    rate = 0.02 if optimiser == "adam" else 0.1
    records = list(train(example.task, optimiser, rate, 100))
    losses, parameters = trained(*example.tables, list(example.parameters), optimiser, rate, 100)
    np.testing.assert_allclose([record.loss for record in records], losses, rtol=1e-7)
    assert losses[-1] < 0.9 * losses[0]
    assert set(records[-1].parameters) == set(parameters)
    for name, array in records[-1].parameters.items():
        np.testing.assert_allclose(array, parameters[name], rtol=1e-7, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(
    ("optimiser", "rate", "updates"), [("sgd", 2.0, 1500), ("momentum", 0.5, 800), ("adam", 0.05, 800)]
)
def test_the_articles_embeddings_reach_the_best_weights_that_two_numbers_a_word_allow(
    optimiser: str, rate: float, updates: int
) -> None:
    """The lesson says that 0.057, 0.487, 0.125, 0.167, 0.164 is the best there is, and ends elsewhere."""
    found = last(train(animal(), optimiser, rate, updates))
    assert trace_at(found).row("weights", IT).round(3).tolist() == BEST
    divergence = found.loss + float((PRINTED * np.log(PRINTED)).sum())
    assert round(divergence, 3) == 0.213
    assert max(found.gradient_norms.values()) < 1e-3


def test_training_the_embeddings_too_reaches_the_printed_weights() -> None:
    """The lesson blames the two dimensions for what is a fault of the training."""
    found = last(train(animal(("W_Q", "W_K", "X")), "adam", 0.05, 1500))
    np.testing.assert_allclose(trace_at(found).row("weights", IT), PRINTED[0], atol=5e-4)


def test_a_run_yields_the_start_and_one_record_an_update() -> None:
    """The curve has one point too few, or its first point is not the given matrices."""
    task = animal()
    records = list(train(task, "sgd", 0.5, 3))
    assert [record.number for record in records] == [0, 1, 2, 3]
    assert records[0].parameters["W_Q"].tolist() == IDENTITY
    assert same(records[0], start(task))
    for before, after in itertools.pairwise(records):
        assert after.loss < before.loss
        for name in ("W_Q", "W_K"):
            moved = before.parameters[name] - 0.5 * before.gradients[name]
            np.testing.assert_array_equal(after.parameters[name], moved)
    assert [record.number for record in train(task, updates=0)] == [0]


def test_a_record_opens_into_the_steps_that_it_stands_for() -> None:
    """The slider shows the curve of one update and the matrices of another."""
    for kind in KINDS:
        example = small_task(kind)
        for record in train(example.task, "adam", 0.05, 3):
            moment = replace(example, parameters=dict(record.parameters), layout=layout_at(example.layout, record))
            losses = [float(trace.backward.own_loss) for trace in moment.by_graph()]
            assert sum(losses) == pytest.approx(record.loss, rel=1e-12)
            for name, gradient in moment.graph_gradients().items():
                np.testing.assert_allclose(gradient, record.gradients[name], rtol=1e-11, atol=1e-15)
            assert record.gradient_norms["W_Q"] == pytest.approx(np.linalg.norm(record.gradients["W_Q"]))


def layout_at(layout: Layout, record: TrainingRecord) -> Layout:
    """The layout with the numbers of a moment of a run."""
    parameters = {name: np.array(record.parameters[name]) for name in layout.parameters}
    return replace(layout, parameters=parameters, x=np.array(record.parameters.get("X", layout.x)))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_run_goes_on_from_any_record_as_if_it_had_never_stopped(optimiser: str) -> None:
    """Stopping to look changes what is learned."""
    whole = list(train(animal(), optimiser, 0.1, 20))
    endless = train(animal(), optimiser, 0.1)
    stopped = [next(endless) for _ in range(8)]
    assert all(same(a, b) for a, b in zip(stopped, whole[:8], strict=True))
    resumed = list(train(stopped[-1], optimiser, 0.1, 13))
    assert all(same(a, b) for a, b in zip(resumed, whole[8:], strict=True))
    earlier = list(train(whole[3], optimiser, 0.1, 17))
    assert same(earlier[-1], whole[-1])


def test_another_rate_keeps_the_memory_and_another_optimiser_starts_without() -> None:
    """After a change on the spot, adam works with the velocity of momentum."""
    fifth = last(train(animal(), "momentum", 0.1, 5))
    assert fifth.state.first is not None
    slower = last(train(fifth, "momentum", 0.05, 1))
    expected = fifth.vector - 0.05 * (0.9 * fifth.state.first + fifth.gradient)
    np.testing.assert_allclose(slower.vector, expected, rtol=1e-14)
    changed = last(train(fifth, "adam", 0.05, 1))
    assert changed.state.updates == 1
    np.testing.assert_allclose(np.abs(changed.vector - fifth.vector), 0.05, rtol=1e-5)


def test_a_random_start_is_the_same_for_the_same_seed_and_only_what_moves_is_random() -> None:
    """A class of thirty with one seed sees thirty different lessons."""
    given = animal(parameters={"b_Q": np.array([3.0, 4.0])}, train=("W_Q", "W_K", "b_Q"))
    first, second = (
        last(train(given.randomly_started(5), updates=30)),
        last(train(given.randomly_started(5), updates=30)),
    )
    assert same(first, second)
    task = given.randomly_started(5)
    assert task.parameters["W_V"].tolist() == IDENTITY
    assert task.parameters["b_Q"].tolist() == [0, 0]
    expected = np.random.default_rng(5).standard_normal((2, 2)) / np.sqrt(2)
    np.testing.assert_array_equal(task.parameters["W_Q"], expected)
    assert not np.array_equal(given.randomly_started(6).parameters["W_Q"], expected)
    other_order = animal(("W_K", "W_Q")).randomly_started(5)
    np.testing.assert_array_equal(other_order.parameters["W_Q"], expected)


def test_a_record_cannot_be_changed_and_shares_what_does_not_move() -> None:
    """Going back shows what was written over since, or a long run fills the memory of a class."""
    task = animal()
    records = list(train(task, "sgd", 0.5, 4))
    for record in records:
        assert record.parameters["X"] is task.parameters["X"]
        assert record.parameters["W_Q"].base is record.vector or record.parameters["W_Q"].base is record.vector.base
        for array in (*record.parameters.values(), *record.gradients.values()):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
        with pytest.raises(FrozenInstanceError):
            record.loss = 0.0  # type: ignore[misc]
        with pytest.raises(TypeError):
            record.parameters["W_Q"] = np.eye(2)  # type: ignore[index]
    held = sum(sys.getsizeof(part) for part in (records[3], vars(records[3]), records[3].vector, records[3].gradient))
    assert held < 1000


def test_what_was_passed_in_can_change_without_the_task_changing() -> None:
    """Editing a matrix on the screen changes a run that is under way."""
    given = np.array(IDENTITY)
    task = Task({**animal().parameters, "W_Q": given}, WeightTargets((IT,), PRINTED), ("W_Q",))
    given[0, 0] = 99
    assert task.parameters["W_Q"].tolist() == IDENTITY


def test_a_rate_far_too_large_ends_the_run_and_warns_of_nothing() -> None:
    """A traceback, or warnings across the screen, when a learner tries a rate of a million."""
    example = small_task("output")
    records = list(train(example.task, "sgd", 1e6, 100))
    assert len(records) < 100
    assert not records[-1].finite
    assert all(record.finite for record in records[:-1])
    assert list(train(records[-1], updates=5)) == []


def test_a_cross_entropy_comes_back_from_weights_that_have_vanished() -> None:
    """One update too large, and the attention of the lesson never moves again."""
    far = lesson(parameters={"W_Q": 1e4 * np.array([[0.0, -1.0], [1.0, 0.0]])})
    first, trace = start(task_of(far)), Trace(far)
    assert (trace.row("weights", IT) == 0).any()
    assert first.finite
    np.testing.assert_allclose(trace.matrix("d_W_Q"), first.gradients["W_Q"], rtol=1e-12)
    assert last(train(first, "sgd", 1e-5, 20)).loss < first.loss


def test_sentences_of_different_lengths_do_not_see_what_fills_the_short_ones() -> None:
    """A short sentence is read as if it had more words, and the table's first word learns from it."""
    rng = np.random.default_rng(3)
    shapes = {"E": (6, 2), "W_Q": (2, 2), "W_K": (2, 2), "W_V": (2, 2), "W_R": (2, 2)}
    parameters: dict[str, FloatArray] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    short, long = Sentence((1, 2), 0, 1), Sentence((1, 2, 3, 4), 0, 0)

    def of(*sentences: Sentence) -> TrainingRecord:
        return start(Task(parameters, Labels(sentences), ("E", "W_V")))

    both, one, other = of(short, long), of(short), of(long)
    assert both.loss == pytest.approx((one.loss + other.loss) / 2)
    for name in ("E", "W_V"):
        mean = (one.gradients[name] + other.gradients[name]) / 2
        np.testing.assert_allclose(both.gradients[name], mean, rtol=1e-12, atol=1e-16)
    assert both.gradients["E"][0].tolist() == both.gradients["E"][5].tolist() == [0, 0]


def bad(**changes: object) -> Task:
    eye = np.eye(2)
    fields: dict[str, object] = {
        "parameters": {"X": np.array(X), "W_Q": eye, "W_K": eye, "W_V": eye},
        "objective": WeightTargets((IT,), PRINTED),
    }
    return Task(**{**fields, **changes})  # type: ignore[arg-type]


FORBIDS_ANIMAL = np.where(np.arange(5) == 1, -np.inf, 0.0)[None]
TABLE = {"E": np.eye(2), "W_Q": np.eye(2), "W_K": np.eye(2), "W_V": np.eye(2), "W_R": np.eye(2)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"train": ("W_O",)}, "W_O cannot be trained"),
        ({"train": ()}, "one or more"),
        ({"train": ("W_Q", "W_Q")}, "each once"),
        ({"parameters": {"X": np.eye(2)}}, "lacks W_K, W_Q, W_V"),
        ({"parameters": {**TABLE, "X": np.eye(2), "W_X": np.eye(2)}}, "no parameter is called W_X"),
        ({"objective": WeightTargets((9,), PRINTED)}, "rows must be different and 0 … 4"),
        ({"objective": WeightTargets((1, 1), PRINTED.repeat(2, 0))}, "rows must be different"),
        ({"objective": WeightTargets((IT,), PRINTED, head=1)}, "no head 1"),
        ({"objective": WeightTargets((IT,), PRINTED[:, :4])}, "must be 1 × 5"),
        ({"objective": OutputTargets((IT,), PRINTED)}, "must be 1 × 2"),
        ({"mask": FORBIDS_ANIMAL}, "may not look"),
        ({"parameters": TABLE, "objective": Labels(())}, "no sentences"),
        ({"parameters": TABLE, "objective": Labels((Sentence((0, 2), 0, 0),))}, "tokens must be 0 … 1"),
        ({"parameters": TABLE, "objective": Labels((Sentence((0, 1), 2, 0),))}, "query must be 0 … 1"),
        ({"parameters": TABLE, "objective": Labels((Sentence((0, 1), 0, 2),))}, "labels must be 0 … 1"),
    ],
)
def test_a_task_whose_parts_do_not_fit_is_refused_with_the_reason(changes: dict[str, object], message: str) -> None:
    """The run ends in a traceback out of NumPy, or trains towards something nobody asked for."""
    with pytest.raises(ValueError, match=message):
        bad(**changes)
