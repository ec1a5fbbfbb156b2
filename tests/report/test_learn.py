"""What `qkvtui learn` tells: the story, its numbers, and the same numbers in every format."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len

from qkvtui.files.read import load
from qkvtui.trace.run import Run
from qkvtui.trace.story import story_of
from tests.cli.program import run
from tests.report.learning_files import ANIMAL, AWKWARD, EVERY_TASK, LABEL, OUTPUT, as_json, saved, told
from tests.samples import each


@pytest.mark.sampled(1)
@EVERY_TASK
@pytest.mark.parametrize(
    ("width", "options"),
    [
        (width, options)
        if (width, options) in ((40, ("--digits", "5")), (60, ("--lang", "zh")))
        else pytest.param(width, options, marks=pytest.mark.slow)
        for width in (40, 60, 80, 120)
        for options in ((), ("--lang", "zh"), ("--ascii",), ("--every", "7"), ("--digits", "5"))
    ],
)
def test_no_line_is_wider_than_the_page(tmp_path: Path, task: str, width: int, options: tuple[str, ...]) -> None:
    """A table was broken in two, and its numbers stood below the wrong heading."""
    page = told(saved(tmp_path, task), "--width", str(width), *options)
    assert max(map(cell_len, page.splitlines())) <= width
    assert page == told(tmp_path / "task.toml", "--width", str(width), *options)


@pytest.mark.sampled(1)
@EVERY_TASK
@pytest.mark.parametrize(
    "options", each([("--lang", "zh"), (), ("--every", "7"), ("--format", "markdown")], (("--lang", "zh"),))
)
def test_no_number_is_cut_where_there_is_little_room(tmp_path: Path, task: str, options: tuple[str, ...]) -> None:
    """0.45 was shown as 0.4…, which is another number."""
    for width in ("30", "45", "60"):
        page = told(saved(tmp_path, task), "--width", width, *options)
        assert not [line for line in page.splitlines() if "…" in line and any(f"{n}…" in line for n in range(10))]


@pytest.mark.slow
def test_the_story_tells_the_best_that_can_be_reached_and_why(tmp_path: Path) -> None:
    """A learner thought that more updates would reach the target."""
    page = " ".join(told(saved(tmp_path, ANIMAL), "--digits", "3", "--steps", "300").split())
    for weight in ("0.057", "0.487", "0.125", "0.167", "0.164"):
        assert weight in page
    assert "No weights at all have a loss below 1.156" in page
    assert "0.213, is the Kullback–Leibler divergence" in page
    assert "Those 2 numbers decide on all 5 shares at once" in page


def test_the_moments_are_where_they_say(tmp_path: Path) -> None:
    """The page said that half of the fall was done where it was not."""
    example = load(str(saved(tmp_path, ANIMAL)))
    training = Run(example)
    while not training.done:
        training.step()
    story = story_of(training)
    losses = np.array(training.losses)
    fall = losses[0] - losses[-1]
    reached = {reason: one.number for one in story.moments for reason in one.reasons}
    for reason, share in (("at_quarter", 0.25), ("at_half", 0.5), ("at_most", 0.9)):
        at = reached[reason]  # type: ignore[index]
        assert losses[at] <= losses[0] - share * fall < losses[at - 1]
    assert [one.number for one in story.moments] == sorted(one.number for one in story.moments)
    assert (reached["at_start"], reached["at_first"], reached["at_end"]) == (0, 1, 60)


def test_a_new_token_on_top_is_found_at_its_update(tmp_path: Path) -> None:
    """The story missed that "it" began to look at another token, or said so an update late."""
    example = load(str(saved(tmp_path, ANIMAL)))
    training = Run(story_start(example))
    while not training.done:
        training.step()
    story = story_of(training)
    tops = [int(np.argmax(story.weights(number))) for number in range(61)]
    changes = [number for number in range(1, 61) if tops[number] != tops[number - 1]]
    assert changes
    told_at = [one.number for one in story.moments if "at_top" in one.reasons]
    assert told_at == sorted({changes[0], changes[-1]})


def story_start(example: Any) -> Any:
    """The task from random numbers from which another token than "animal" gets most."""
    return replace(example, learn=replace(example.learn, start="random", seed=4))


@EVERY_TASK
def test_json_has_what_the_contract_says(tmp_path: Path, task: str) -> None:
    """A script that plots the losses found none, or lost digits."""
    found = as_json(saved(tmp_path, task), "--steps", "12")
    assert found["format"] == 1
    assert len(found["losses"]) == 13
    example = load(str(tmp_path / "task.toml"))
    training = Run(example)
    for _ in range(12):
        training.step()
    assert found["losses"] == [record.loss for record in training.records]
    assert found["gradients"] == {name: one.tolist() for name, one in training.records[0].gradients.items()}
    assert found["parameters"] == {name: one.tolist() for name, one in training.last.parameters.items()}
    assert set(found["gradients"]) == set(found["train"])
    for when in ("before", "after"):
        weights = np.array(found["weights"][when])
        assert weights.shape == (len(example.tokens), len(example.tokens))
        assert weights.sum(axis=1) == pytest.approx(np.ones(len(weights)))
    assert ("answers" in found) == (task == LABEL)


def test_labels_are_read_before_and_after(tmp_path: Path) -> None:
    """Nobody saw whether what was learned holds for new sentences."""
    path = saved(tmp_path, LABEL)
    found = as_json(path)["answers"]["after"]
    assert [one["right"] for one in found] == [True, True]
    assert [one["answer"] for one in found] == ["animal", "weather"]
    page = told(path)
    assert "▸it◂ sleeps" in page
    assert "2 of 2 after." in page


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", ["80", "40"])
def test_every_sentence_is_listed_with_what_is_read_from_it(tmp_path: Path, width: str) -> None:
    """ "2 of 2 right" had to be believed: the page had only the sentences of the test."""
    path = saved(tmp_path, LABEL)
    found = as_json(path)
    pages = {
        "text": " ".join(told(path, "--sentences", "--width", width).split()),
        "markdown": told(path, "--sentences", "--format", "markdown").replace("**", ""),
    }
    csv_rows = list(csv.DictReader(io.StringIO(told(path, "--sentences", "--format", "csv"))))
    for name, learned in (("answers_learned_from", "1"), ("answers", "0")):
        for before, after in zip(found[name]["before"], found[name]["after"], strict=True):
            row = next(one for one in csv_rows if one["sentence"] == " ".join(before["tokens"]))
            assert (row["learned_from"], row["label"]) == (learned, before["label"])
            for when, one in (("before", before), ("after", after)):
                assert float(row[f"{when}_probability"]) == one["probabilities"][one["answer"]]
                assert (row[when], row[f"{when}_right"]) == (one["answer"], str(int(one["right"])))
                shown = f"{one['answer']} {one['probabilities'][one['answer']]:.2f} {'✓' if one['right'] else '✗'}"
                assert all(shown in page for page in pages.values()), shown
            words = [
                f"▸{token}◂" if at == before["query"]["index"] else token for at, token in enumerate(before["tokens"])
            ]
            assert " ".join(words) in pages["text"]
    assert "Right answers to sentences learned from: 1 of 2 before, 2 of 2 after." in pages["text"]


def test_csv_has_a_row_for_each_update_and_agrees_with_json(tmp_path: Path) -> None:
    """A spreadsheet showed another loss than the page, or a token with a comma moved all columns."""
    path = saved(tmp_path, AWKWARD)
    rows = list(csv.reader(io.StringIO(told(path, "--format", "csv", "--steps", "12"))))
    assert rows[0] == ["update", "loss", "d_W_Q", "d_W_K", "The", "animal", "a|b`[x](y)*", "it", '<b>,"_"']
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(13)]
    found = as_json(path, "--steps", "12")
    assert [float(row[1]) for row in rows[1:]] == found["losses"]
    assert [float(one) for one in rows[-1][4:]] == found["weights"]["after"][3]
    thinned = list(csv.reader(io.StringIO(told(path, "--format", "csv", "--steps", "12", "--every", "5"))))
    assert [row[0] for row in thinned[1:]] == ["0", "5", "10", "12"]


def test_a_token_is_no_formula_in_the_csv_of_a_run(tmp_path: Path) -> None:
    """A spreadsheet worked out what a token or a label said."""
    plain = saved(tmp_path, AWKWARD.replace('"The"', '"=1+1"'))
    assert told(plain, "--format", "csv", "--steps", "1").splitlines()[0].split(",")[4] == "'=1+1"
    labelled = saved(tmp_path, LABEL.replace('"animal"', '"=1+1"'))
    rows = csv.DictReader(io.StringIO(told(labelled, "--sentences", "--steps", "1", "--format", "csv")))
    assert "'=1+1" in {row["label"] for row in rows}


def test_markdown_tables_keep_their_columns_whatever_the_tokens_are(tmp_path: Path) -> None:
    """A token with a bar in it made a column of its own, or became a link."""
    page = told(saved(tmp_path, AWKWARD), "--format", "markdown")
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert r"| a\|b\`\[x\](y)\* |" in page
    assert r'\<b\>,"\_"' in page


def test_markdown_has_the_numbers_of_the_page(tmp_path: Path) -> None:
    """What the query's output became stood in the text only, and a table of both said two different things."""
    path = saved(tmp_path, OUTPUT)
    text, markdown = told(path), told(path, "--format", "markdown")
    tables = [re.findall(r"-?\d+\.\d+", line) for line in markdown.splitlines() if line.startswith("|")]
    lines = [re.findall(r"-?\d+\.\d+", line) for line in text.splitlines()]
    assert "| | before | after | wanted |" in " ".join(markdown.replace("|  |", "| |").split())
    told_there = [" ".join(numbers) for numbers in lines]
    by_curve, *others = [" ".join(numbers) for numbers in tables if numbers]
    assert len(others) == 1 + 5 + 2 + 3 * 2
    assert all(any(numbers in line for line in told_there) for numbers in others)
    assert set(by_curve.split()) >= {others[0].split()[0], others[0].split()[-1]}


def test_every_shows_a_line_each_so_many_updates_and_the_last(tmp_path: Path) -> None:
    """The last update was missing where the number of updates is no multiple."""
    page = told(saved(tmp_path, ANIMAL), "--every", "25")
    start = page.index("Every 25 updates")
    lines = [line.split() for line in page[start:].splitlines() if line.strip()[:1].isdigit()]
    assert [line[0] for line in lines] == ["0", "25", "50", "60"]
    assert lines[0][1] == "1.51"


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("language", "said"), [("en", "no longer a number"), ("zh", "不是一个数")])
@pytest.mark.parametrize("rate", ["1e5", "1e200", "1e300"])
def test_a_run_that_blows_up_says_so_and_is_no_error(tmp_path: Path, rate: str, language: str, said: str) -> None:
    """A rate that was too large ended in warnings of NumPy and a page full of nan."""
    warnings.simplefilter("error")  # pytest puts the filters back
    path = saved(tmp_path, ANIMAL)
    page = told(path, "--rate", rate, "--lang", language, "--seed", "3")
    assert said in page
    assert "nan" not in page
    assert "✗" in page
    found = as_json(path, "--rate", rate, "--seed", "3")
    assert found["losses"][-1] is None
    assert None not in found["losses"][:-1]
    told(path, "--rate", rate, "--format", "csv")
    told(path, "--rate", rate, "--format", "markdown")


def test_what_was_learned_opens_in_the_walk_and_is_learned_on(tmp_path: Path) -> None:
    """The written example showed the numbers from before, or began again from random ones."""
    path, target = saved(tmp_path, ANIMAL), tmp_path / "trained.toml"
    assert "60 updates" in told(path, "--seed", "3", "-o", str(target))
    found = as_json(path, "--seed", "3")
    example = load(str(target))
    assert {name: one.tolist() for name, one in example.parameters.items()}.items() <= found["parameters"].items()
    assert as_json(target)["losses"][0] == pytest.approx(found["losses"][-1], rel=1e-12)
    printed = run("print", target, "--step", "weights", "--format", "json")
    weights = json.loads(printed.output)["steps"][0]["values"]
    assert np.array(weights) == pytest.approx(np.array(found["weights"]["after"]), rel=1e-9)
    again = run("learn", path, "-o", target)
    assert again.status == 2
    assert load(str(target)).parameters["W_Q"].tolist() == found["parameters"]["W_Q"]
    told(path, "-o", str(target), "--force")
