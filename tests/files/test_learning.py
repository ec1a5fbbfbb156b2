"""Learning tasks that are sound: what they come out as, and that a task stays one when its example is written."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qkvtui.engine.tasks import Task
from qkvtui.errors import UsageError
from qkvtui.files.same import same_example
from qkvtui.files.write import write_example
from qkvtui.graph.example import Example
from qkvtui.graph.task import LabelledSentence, Learn
from qkvtui.trace.answers import answers
from qkvtui.trace.learning import example_with, task_of
from qkvtui.trace.run import Run
from tests.files.samples import LABELLED, PROJECTED, TOP, edited_text, example_text, read, read_example, refusal

ATTENTION = f"""{TOP}{PROJECTED}
[learn] # towards the book
target = {{ two = [0.25, 0.75], 0 = [1, 0] }}
train = ["W_Q", "W_K"] # not W_V
rate = 0.01
steps = 20
"""
OUTPUT = f"""{TOP}{PROJECTED}
[learn]
objective = "output"
target = [[1, 2], [3, -4]]
start = "random"
seed = 7
optimizer = "adam"
"""
ALL = {"attention": ATTENTION, "output": OUTPUT, "label": LABELLED}


def task(example: Example) -> Learn:
    assert example.learn is not None
    return example.learn


def learned(example: Example) -> Example:
    """What a whole run makes of it."""
    run = Run(example)
    while not run.done:
        run.step()
    return run.moment(run.last.number).example


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_task_means_the_same_in_json(text: str) -> None:
    """A program that generates files would have set another task."""
    assert same_example(read(json.dumps(tomllib.loads(text)), kind="json"), read(text))


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_every_task_can_be_learned(text: str) -> None:
    """The reader would have let a task through that learning refuses."""
    run = Run(read(text))
    for _ in range(5):
        run.step()
    assert run.last.finite
    assert run.last.loss < run.records[0].loss


def test_a_target_is_rows_by_token_or_index_in_the_order_of_the_tokens() -> None:
    """Another token would have been taught to look where this one should."""
    found = task(read(ATTENTION))
    assert found.target is not None
    assert (found.rows, found.target.tolist()) == ((0, 1), [[1, 0], [0.25, 0.75]])
    assert (found.objective, found.train, found.rate, found.steps) == ("attention", ("W_Q", "W_K"), 0.01, 20)
    assert (found.start, found.seed, found.optimizer, found.head) == ("given", 0, "sgd", 0)
    with pytest.raises(ValueError, match="read-only"):
        found.target[0] = 0


def test_a_target_of_the_output_may_be_the_whole_matrix() -> None:
    """A wish of negative numbers would have been refused, or the defaults would not have been the format's."""
    found = task(read(OUTPUT))
    assert found.target is not None
    assert (found.rows, found.target.tolist()) == ((0, 1), [[1, 2], [3, -4]])
    assert (found.train, found.start, found.seed, found.optimizer) == (("W_Q", "W_K", "W_V"), "random", 7, "adam")
    assert (found.rate, found.steps) == (Learn.rate, Learn.steps)


@pytest.mark.parametrize(
    ("more", "width"),
    [
        ("", 2),
        ("\n[attention]\nheads = 2", 2),
        ("W_O = [[1, 2], [3, 4]]", 2),
        ("\n[attention]\nheads = 2\nkv_heads = 1", 4),
    ],
)
def test_the_output_is_that_of_the_last_step(more: str, width: int) -> None:
    """A target as wide as the lesson's last table would have been refused."""
    matrices = PROJECTED if "kv" not in more else PROJECTED.replace("[[2, 0], [0, 2]]", "[[2], [0]]")
    text = f'{TOP}{matrices}{more}\n[learn]\nobjective = "output"\ntarget = {{ one = {[1.0] * width} }}\n'
    task = task_of(read(text))
    assert isinstance(task, Task)
    assert task.objective is not None


def test_a_head_may_be_named_and_need_not_add_up_to_one() -> None:
    """Only the first head could have been taught, or the article's own numbers would have been refused."""
    text = f"{TOP}{PROJECTED}[attention]\nheads = 2\n[learn]\nhead = 1\ntarget = {{ one = [0.4, 0.58] }}\n"
    assert task(read(text)).head == 1


def test_what_the_mask_forbids_may_be_wanted_not_to_be_seen() -> None:
    """The only target that a causal mask can reach would have been refused."""
    text = f"{TOP}{PROJECTED}[attention]\ncausal = true\n[learn]\ntarget = [[1, 0], [0.5, 0.5]]\n"
    assert task(read(text)).rows == (0, 1)


def test_a_target_and_w_r_may_be_named_arrays(tmp_path: Path) -> None:
    """A target too long to write out could not have been given."""
    np.savez(tmp_path / "it.npz", wish=np.array([[0.5, 0.5], [1, 0]], np.float32))
    text = f'{TOP}arrays = "it.npz"\n{PROJECTED}[learn]\ntarget = "wish"\n'
    original = read(text, folder=str(tmp_path))
    assert task(original).rows == (0, 1)
    for name in ("new.toml", "new.json"):
        written = write_example(tmp_path / name, original, learned(original), overwrite=True)
        assert same_example(read_example(written), learned(original))
    np.savez(tmp_path / "it.npz", readout=np.eye(2))
    text = LABELLED.replace("tokens", 'arrays = "it.npz"\ntokens', 1)
    text = text.replace("[[0.5, 0], [0, 0.5]] # reads the label", '"readout"')
    original = read(text, folder=str(tmp_path))
    assert original.parameters["W_R"].tolist() == [[1, 0], [0, 1]]
    written = write_example(tmp_path / "new.toml", original, learned(original), overwrite=True)
    assert same_example(read_example(written), learned(original))


def test_labelled_sentences_share_the_vocabulary_which_gives_x() -> None:
    """A word would have meant something else in each sentence."""
    example = read(LABELLED)
    found = task(example)
    assert found.labels == ("street", "animal")
    assert found.sentences == (
        LabelledSentence(("it", "is", "wide"), 0, 0),
        LabelledSentence(("tired", "it", "is"), 1, 1),
    )
    assert found.test == (LabelledSentence(("is", "it", "tired"), 1, 1),)
    assert found.vocabulary is not None
    assert found.vocabulary.words == ("it", "is", "wide", "tired")
    assert example.inputs["X"].tolist() == [[0.5, 0.25], [0, 0.125], [1, 0]]
    assert len(answers(example, found.test)) == 1
    for array in (found.vocabulary.embeddings, *example.inputs.values(), *example.parameters.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_x_may_be_written_too_where_it_says_the_same() -> None:
    """A file that has both would have been refused."""
    text = LABELLED.replace("[parameters]", "[inputs]\nX = [[0.5, 0.25], [0, 0.125], [1, 0]]\n[parameters]")
    assert same_example(read(text), read(LABELLED))


@pytest.mark.parametrize(
    ("street", "animal", "labels"),
    [("9", "10", ("9", "10")), ("10", "-9", ("-9", "10")), ('"9"', '"10"', ("9", "10")), ("2", '"b"', ("2", "b"))],
)
def test_labels_that_are_whole_numbers_come_in_their_order(street: str, animal: str, labels: tuple[str, ...]) -> None:
    """The columns of W_R would have stood for other labels than the author thinks."""
    example = read(LABELLED.replace('"street"', street).replace('"animal"', animal))
    assert task(example).labels == labels
    assert same_example(read(example_text(example)), example)


def test_the_order_of_the_labels_can_be_said() -> None:
    """The columns of W_R would have stood for other labels than the file says."""
    text = LABELLED.replace("rate", 'labels = ["animal", "street"]\nrate')
    example = read(text)
    assert task(example).labels == ("animal", "street")
    assert task(example).sentences[0].label == 1
    assert same_example(read(example_text(example)), example)


def test_words_and_labels_come_out_harmless() -> None:
    """A label would have steered the terminal, or a word would not have been found once it was cleaned."""
    text = LABELLED.replace('"wide"', r'"w\u001bide"').replace("wide =", r'"w\u001bide" =')
    example = read(text.replace('"street"', r'"str\u009beet"').replace("# unlike wide", ""))
    assert example.tokens == ("it", "is", "w␛ide")
    assert task(example).labels == ("str\ufffdeet", "animal")
    trained = learned(example)
    assert same_example(read(example_text(trained)), trained)
    assert example.document is not None
    text = edited_text(example, trained)
    assert same_example(read(text), trained)
    assert r'"w\u001bide"' in text


# ---- writing


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
@pytest.mark.parametrize("name", ["trained.toml", "trained.json"])
def test_what_was_learned_can_be_written_and_opened(tmp_path: Path, text: str, name: str) -> None:
    """The learned matrices, or the task, would have been lost in the saved file."""
    original = read(text)
    trained = learned(original)
    found = read_example(write_example(tmp_path / name, original, trained))
    assert same_example(found, trained)
    assert task_of(found).parameters.keys() == task_of(original).parameters.keys()


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_only_numbers_differ_in_the_text_of_what_was_learned(text: str) -> None:
    """Comments, spacing and sentences would have been rewritten along with the matrices.

    It starts from what was learned: from random numbers it would be learned from the beginning again.
    """
    original = read(text)
    number = r"-?\d[\d.e+-]*"
    written = edited_text(original, learned(original))
    assert re.sub(number, "0", written) == re.sub(number, "0", text.replace('start = "random"', 'start = "given"'))


def test_one_changed_number_leaves_the_task_as_it_stands() -> None:
    """Changing W_Q[0,0] would have rewritten the sentences."""
    original = read(LABELLED)
    w_q = original.parameters["W_Q"].copy()
    w_q[0, 0] = 7.5
    changed = replace(original, parameters={**original.parameters, "W_Q": w_q})
    text = edited_text(original, changed)
    assert text == LABELLED.replace("W_Q = [[1, 0]", "W_Q = [[7.5, 0]")


def test_another_course_of_learning_is_written_where_it_stands() -> None:
    """The rate that was found out on the screen would have been lost, or landed in another table."""
    original = read(LABELLED)
    run = Run(original)
    run.change(optimizer="adam", rate=0.025, steps=300)
    text = edited_text(original, run.moment(0).example)
    expected = LABELLED.replace("rate = 0.1 #", "rate = 0.025 #").replace(
        "steps = 20", 'steps = 300\noptimizer = "adam"'
    )
    assert text == expected
    as_json = read(json.dumps(tomllib.loads(LABELLED)), kind="json")
    changed = replace(run.moment(0).example, document=as_json.document)
    assert same_example(read(edited_text(as_json, changed), kind="json"), changed)


def test_a_changed_x_is_written_into_the_vocabulary() -> None:
    """A number changed on the screen would have been lost, because the file has no X, or made it unreadable."""
    original = read(LABELLED)
    x = original.inputs["X"].copy()
    x[2, 1] = -7
    changed = replace(original, inputs={"X": x})
    assert edited_text(original, changed) == LABELLED.replace("wide = [1, 0]", "wide = [1, -7.0]")
    assert task_of(changed).parameters["E"][2].tolist() == [1, -7]
    text = LABELLED.replace("[parameters]", "[inputs]\nX = [[0.5, 0.25], [0, 0.125], [1, 0]]\n[parameters]")
    written = edited_text(read(text), changed)
    assert "[1, -7.0]]\n[parameters]" in written
    assert read(written).inputs["X"][2].tolist() == [1, -7]


def test_a_word_that_is_there_twice_has_one_row() -> None:
    """One of two different rows would have been lost without a word."""
    text = LABELLED.replace('["it", "is", "wide"]', '["it", "is", "it"]').replace(
        'query = "it"\nlabel = "s', 'label = "s'
    )
    original = read(text)
    x = original.inputs["X"].copy()
    x[2, 0] = 7
    with pytest.raises(UsageError, match='"it" stands in the sentence twice, and now with different numbers'):
        edited_text(original, replace(original, inputs={"X": x}))


def test_stops_stay_in_a_file_that_is_written_anew() -> None:
    """A teacher's way through the lesson would have been lost."""
    stops = '[[stops]]\naddress = "scores[one,two]"\ntext = { en = "Look", zh = "看" }\n[[stops]]\naddress = "output"\n'
    example = read(TOP + PROJECTED + stops)
    assert example_text(example).endswith(stops.replace("[[stops]]", "\n[[stops]]"))
    assert read(example_text(example)).stops == example.stops


def test_the_file_of_a_task_is_laid_out_to_be_read() -> None:
    """A learner who opened the file in an editor would have met one endless line, or a table of sentences as text."""
    task_text = example_text(read(LABELLED)).partition("[learn]")[2]
    assert task_text == (
        """
objective = "label"
train = ["W_Q", "E", "W_R", "b_R"]
optimizer = "sgd"
rate = 0.1
steps = 20

[learn.vocabulary]
it = [0.5, 0.25]
is = [0.0, 0.125]
wide = [1.0, 0.0]
tired = [0.0, 1.0]

[[learn.sentences]]
tokens = ["it", "is", "wide"]
label = "street"

[[learn.sentences]]
tokens = ["tired", "it", "is"]
query = "it"
label = "animal"

[[learn.test]]
tokens = ["is", "it", "tired"]
query = "it"
label = "animal"
"""
    )


def test_a_task_for_more_than_memory_holds_is_refused() -> None:
    """A file of a few pages would have taken gigabytes as soon as learning began."""
    sentence = json.dumps(["it"] * 400)
    many = f'[[learn.sentences]]\ntokens = {sentence}\nlabel = "street"\n' * 30
    message = refusal(LABELLED.replace("[[learn.test]]", f"{many}[[learn.test]]"))
    assert message == (
        "it.toml: learn: is about 4800027 attention weights together; learning holds them all at once, 4194304 at most"
    )


def test_learned_numbers_of_a_moment_are_those_of_the_vocabulary_too() -> None:
    """The sentence on the screen would have had other embeddings than the one that is learned from."""
    original = read(LABELLED)
    moved = example_with(original, {"E": np.arange(8.0).reshape(4, 2)})
    assert same_example(read(edited_text(original, moved)), moved)
