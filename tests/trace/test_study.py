"""A run that is looked at: moments, settings that change on the way, the current number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qkvtui.engine.optimisers import OPTIMISERS
from qkvtui.errors import UsageError
from qkvtui.files.read import load
from qkvtui.graph.example import Example
from qkvtui.trace import run as run_module
from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.trace.learning import learn_of, own_sentence
from qkvtui.trace.objectives import objectives_of
from qkvtui.trace.run import Run
from qkvtui.trace.study import Cell, Study
from qkvtui.trace.trace import Trace


def study_of(name: str = "animal-learn") -> Study:
    return Study(load(name))


def losses(study: Study) -> list[float]:
    return study.run.losses


def with_learn(example: Example, **settings: object) -> Example:
    assert example.learn is not None
    return replace(example, learn=replace(example.learn, **settings))  # type: ignore[arg-type]


def test_going_back_keeps_what_was_learned() -> None:
    """Going on again would have learned the same updates once more, or other ones."""
    study = study_of()
    study.forward(7)
    seen = losses(study)
    study.go_to(3)
    assert (study.at, study.run.last.number) == (3, 7)
    study.forward(7)
    assert losses(study) == seen
    study.go_to(-5)
    assert study.at == 0


def test_a_run_ends_at_its_last_update() -> None:
    """One more update than the file asks for would have been made."""
    study = study_of()
    study.forward(10**6)
    assert study.at == study.learn.steps
    assert study.at_end


def test_learning_stops_when_it_is_enough_but_makes_one_update_at_least() -> None:
    """On a slow machine nothing would ever have been learned."""
    study = study_of()
    study.forward(50, lambda: True)
    assert study.at == 1


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_another_rate_or_optimizer_counts_from_this_moment_on(optimizer: str) -> None:
    """The updates before it would have been made with the new setting, or those after it with the old one."""
    study, run = study_of(), Run(load("animal-learn"))
    study.forward(9)
    study.go_to(4)
    study.change(optimizer=optimizer)
    study.change(rate=0.05)
    assert study.run.last.number == 4
    study.forward(9)
    for number in range(1, 10):
        run.change(**({} if number < 5 else {"optimizer": optimizer, "rate": 0.05}))
        run.step()
    assert losses(study) == [record.loss for record in run.records]


def test_a_seed_starts_again_from_random_numbers_with_the_other_settings_kept() -> None:
    """The rate that one has just typed would have been lost with the seed."""
    study = study_of()
    study.change(rate=0.25)
    study.forward(3)
    study.start_again(seed=5)
    assert (study.at, study.run.last.number, study.learn.rate) == (0, 0, 0.25)
    fresh = with_learn(load("animal-learn"), start="random", seed=5)
    assert losses(study) == [Run(fresh).last.loss]
    study.reset()
    assert study.learn == study.example.learn


def test_the_output_can_be_learned_instead_and_the_attention_again() -> None:
    """`j` would have led to a task that cannot be learned, or not back."""
    study = study_of()
    assert objectives_of(study.example) == ("attention", "output")
    study.start_again(objective="output")
    assert study.story.wanted("attention") is None
    wanted = study.story.wanted("output")
    assert wanted is not None
    study.forward(study.learn.steps)
    before, now = (study.run.moment(number).output(study.query) for number in (0, study.at))
    assert np.abs(now - wanted).max() < np.abs(before - wanted).max()
    study.start_again(objective="attention")
    assert study.story.wanted("attention") is not None


def test_a_rate_that_is_too_high_ends_the_run_and_a_lower_one_takes_it_up_again() -> None:
    """The screen would have shown numbers that are none, or never have gone on."""
    study = study_of()
    study.change(rate=1e200)
    study.forward(10)
    assert not study.moment.finite
    assert study.at_end
    assert np.isnan(study.moment.weights(study.query, study.head)).all()
    blown = study.at
    study.change(rate=0.5)
    assert study.at == blown - 1
    assert study.moment.finite


def test_fewer_updates_take_the_run_back_to_its_new_end() -> None:
    """One would have stood behind the end of the run."""
    study = study_of()
    study.forward(8)
    study.set_steps(5)
    assert (study.at, study.run.last.number, study.at_end) == (5, 5, True)
    study.set_steps(6)
    assert not study.at_end


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", ["animal-learn", "sentence-learn", "it-learn"])
@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_the_next_update_is_what_is_promised(name: str, optimizer: str) -> None:
    """The sum below the matrices would have told another number than the next moment has."""
    study = study_of(name)
    study.change(optimizer=optimizer)
    for following in (optimizer, optimizer, optimizer, *OPTIMISERS):
        study.change(optimizer=following)
        promised = {matrix: study.moment.upcoming(matrix) for matrix in study.cursor.names}
        study.forward(study.at + 1)
        for matrix in study.cursor.names:
            np.testing.assert_array_equal(study.moment.matrix(matrix), promised[matrix])


def test_a_moment_that_was_looked_at_follows_a_change_of_the_settings() -> None:
    """The file that is written would have had the rate from before."""
    run = Run(load("animal-learn"))
    assert learn_of(run.moment(0).example).rate == 1.0
    run.change(rate=0.25)
    assert learn_of(run.moment(0).example).rate == 0.25


def test_every_number_of_every_matrix_can_be_reached() -> None:
    """Some numbers could never have been looked at."""
    study = study_of("it-learn")
    for name in study.cursor.names:
        rows, columns = study.moment.matrix(name).shape
        study.cursor.choose(Cell(name, 0, 0))
        seen = [study.cursor.cell]
        for _ in range(rows * columns + 2):
            study.cursor.move(1)
            seen.append(study.cursor.cell)
        assert set(seen) == {Cell(name, row, column) for row in range(rows) for column in range(columns)}
    first = study.cursor.cell.name
    for _ in study.cursor.names:
        study.cursor.move_matrix(1)
    assert study.cursor.cell.name == first


def test_weights_and_answers_are_those_of_the_moment() -> None:
    """The table would have shown the attention of another moment."""
    study = study_of("it-learn")
    asked = (own_sentence(study.example), *study.learn.test)
    start, *_ = study.moment.answers(asked)
    study.forward(study.learn.steps)
    end, *test = study.moment.answers(asked)
    assert end.chance > start.chance
    assert sum(one.right for one in test) == len(test) == 8
    weights = study.moment.weights(study.query, study.head)
    assert weights.sum() == pytest.approx(1)
    assert study.example.tokens[int(weights.argmax())] == "tired"


def test_a_switch_of_the_lesson_that_forbids_what_is_wanted_is_refused_in_words() -> None:
    """A causal mask hides "tired" from "it", which is to look at it: a traceback would have been the answer."""
    example = load("animal-learn")
    with pytest.raises(UsageError, match="may not look"):
        Study(replace(example, attention=replace(example.attention, causal=True)))


@pytest.mark.parametrize("name", ["animal-learn", "sentence-learn", "it-learn"])
def test_a_number_is_named_as_it_can_be_asked_for(name: str) -> None:
    """`why it-learn#W_R[0,animal]` would have been refused, although the screen writes it so."""
    study = study_of(name)
    trace = Trace(study.example)
    for matrix in study.cursor.names:
        for (row, column), number in np.ndenumerate(study.moment.matrix(matrix)):
            study.cursor.choose(Cell(matrix, row, column))
            address = parse_address(trace, study.cursor.address())
            assert (address.name, address.row, address.column) == (matrix, row, column)
            assert value_at(trace, address) == number


def test_starting_again_looks_at_the_tasks_own_head() -> None:
    """After `j` and `R` another head's weights would have stood beside what is wanted of this one."""
    study = Study(of_two_heads())
    assert study.head == 1
    study.start_again(objective="output")
    study.reset()
    assert (study.learn.objective, study.head) == ("attention", 1)
    assert study.story.wanted("attention") is not None
    study.start_again(objective="output")
    study.start_again(objective="attention")
    assert study.head == 1


def of_two_heads() -> Example:
    """The example with a second head, whose weights are wanted."""
    example = load("animal-learn")
    twice = {name: np.hstack([array, array]) for name, array in example.parameters.items()}
    return with_learn(
        replace(example, parameters=twice, attention=replace(example.attention, heads=2, kv_heads=2)), head=1
    )


def test_what_a_moment_is_written_as_starts_from_its_numbers() -> None:
    """The file would have thrown its numbers away and started from the same random ones once more."""
    study = study_of()
    study.start_again(seed=7)
    study.forward(3)
    written = study.run.moment(3).example
    again = Run(written)
    assert written.learn is not None
    assert written.learn.start == "given"
    assert again.last.loss == pytest.approx(study.moment.loss, rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("name", ["animal-learn", "it-learn"])
def test_the_walk_through_a_moment_has_the_update_that_is_promised(name: str, optimizer: str) -> None:
    """The update would have been the first one of a fresh optimizer, and not the next one of the run."""
    study = study_of(name)
    study.change(optimizer=optimizer)
    study.forward(3)
    for other in (optimizer, "adam"):
        study.change(optimizer=other)
        moment = study.moment
        update = Trace(moment.example, memory=moment.memory).matrix("update").ravel()
        promised = np.concatenate([study.moment.upcoming(matrix).ravel() for matrix in study.cursor.names])
        np.testing.assert_allclose(update, promised, rtol=1e-9, atol=1e-12)


def test_a_run_ends_where_no_more_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine would have run out of memory, and the terminal have been left as it was."""
    monkeypatch.setattr(run_module, "MOST_MEMORY", 8 * 8 * 4 * 5)
    study = study_of()
    assert study.run.limit == 5
    study.forward(100)
    assert (study.at, study.at_end, study.is_full) == (5, True, True)
    with pytest.raises(UsageError, match="with 8 numbers that move, 5 updates can be kept"):
        study.set_steps(6)
    study.set_steps(5)
    assert not study.is_full
