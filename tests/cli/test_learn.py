"""`qkvtui learn` on the command line: what it refuses, and where its results go."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest

from qkvtui.engine.optimisers import OPTIMISERS
from qkvtui.files.read import load
from tests.cli.program import REPOSITORY, command_line, environment, run
from tests.report.learning_files import ANIMAL, LABEL, saved


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--steps", "0"), "'0' is not a whole number from 1"),
        (("--rate", "0"), "'0' is not a number above 0"),
        (("--rate", "nan"), "'nan' is not a number above 0"),
        (("--rate", "-1"), "'-1' is not a number above 0"),
        (("--every", "x"), "'x' is not a whole number"),
        (("--seed", "-3"), "'-3' is not a whole number"),
        (("--optimizer", "best"), "invalid choice: 'best'"),
        (("--query", "nobody"), "nobody"),
        (("--every", "5", "--format", "json"), "--every does not go with json"),
        (("--sentences",), "the task of task has no sentences with labels"),
        (("--sentences", "--every", "5"), "only one of them"),
        (("--sentences", "--format", "json"), "--sentences does not go with json"),
        (("--sentences", "-o", "x.toml"), "--sentences does not go with"),
        (("--force",), "--force goes with -o"),
        (("--head", "1"), "--head 1: task has only head 0"),
        (("--head", "x"), "--head x: task has only head 0"),
        (("-o", "x.toml", "--format", "csv"), "a .toml file is an example"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    """A slip of the pen trained something else than what was asked for."""
    ended = run("learn", saved(tmp_path, ANIMAL), *options)
    assert ended.status == 2
    assert told in ended.messages
    assert ended.output == ""


def test_an_example_without_a_task_is_refused() -> None:
    """`qkvtui learn animal` ended in a traceback."""
    ended = run("learn", "animal")
    assert ended.status == 2
    assert "animal has nothing to learn: a file says what in its table [learn]" in ended.messages


def test_an_address_has_no_place_in_learning(tmp_path: Path) -> None:
    """The address was taken for a part of the file's name."""
    ended = run("learn", f"{saved(tmp_path, ANIMAL)}#scores[it,animal]")
    assert (ended.status, ended.output) == (2, "")
    assert "leave out #scores[it,animal]" in ended.messages


def test_a_run_that_memory_cannot_hold_is_refused_before_it_begins(tmp_path: Path) -> None:
    """The machine began to swap, and nothing answered any more."""
    from qkvtui.trace import run as runs

    most, runs.MOST_MEMORY = runs.MOST_MEMORY, 1 << 16
    try:
        ended = run("learn", saved(tmp_path, ANIMAL), "--steps", "1000000")
    finally:
        runs.MOST_MEMORY = most
    assert ended.status == 2
    assert "with 8 numbers that move, 256 updates can be kept" in ended.messages


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimizer_can_be_asked_for(tmp_path: Path, name: str) -> None:
    """The file may name an optimizer that the command line does not know."""
    ended = run("learn", saved(tmp_path, LABEL), "--optimizer", name, "--format", "json", "--steps", "3")
    assert json.loads(ended.output)["optimizer"] == name


def test_a_task_can_come_from_standard_input_and_its_result_goes_to_a_file(tmp_path: Path) -> None:
    """A pipe could not be learned from, or what was learned was not written."""
    report, trained = tmp_path / "story.txt", tmp_path / "trained.json"
    assert run("learn", "-", "-o", report, stdin=ANIMAL).status == 0
    assert "What is to be learned" in report.read_text(encoding="utf-8")
    assert run("learn", "-", "-o", trained, stdin=ANIMAL).status == 0
    assert json.loads(trained.read_text(encoding="utf-8"))["parameters"]["W_Q"][0][0] > 1.1
    assert run("learn", "-", "-o", tmp_path / "all.json", "--format", "json", stdin=ANIMAL).status == 0
    assert "losses" in json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))


def test_what_is_no_number_is_not_written_as_an_example(tmp_path: Path) -> None:
    """A file full of nan was written, which nothing opens."""
    ended = run("learn", saved(tmp_path, ANIMAL), "--rate", "1e300", "-o", tmp_path / "trained.toml")
    assert ended.status == 2
    assert "no longer a number after update 1" in ended.messages
    assert not (tmp_path / "trained.toml").exists()


def test_a_file_that_is_there_is_seen_before_anything_is_learned(tmp_path: Path) -> None:
    """After minutes of training the program said that it could not write what it had learned."""
    there = tmp_path / "trained.toml"
    there.write_text("mine", encoding="utf-8")
    ended = run("learn", saved(tmp_path, ANIMAL), "-o", there, "--rate", "1e300")  # would fail later for another reason
    assert ended.status == 2
    assert ended.messages.rstrip().endswith("there is such a file already; --force replaces it")
    assert there.read_text(encoding="utf-8") == "mine"


def test_the_file_of_arrays_beside_it_is_seen_as_well(tmp_path: Path) -> None:
    """After minutes of training the program said that there is a file of arrays already."""
    matrices = {"W_Q": np.eye(2), "W_K": np.eye(2)}
    np.savez(tmp_path / "given.npz", **matrices)  # type: ignore[arg-type]
    text = ANIMAL.replace("[inputs]", 'arrays = "given.npz"\n[inputs]')
    text = text.replace("W_Q = [[1, 0], [0, 1]]", 'W_Q = "W_Q"').replace("W_K = [[1, 0], [0, 1]]", 'W_K = "W_K"')
    path = saved(tmp_path, text)
    (tmp_path / "trained.npz").write_bytes(b"mine")
    ended = run("learn", path, "-o", tmp_path / "trained.toml", "--rate", "1e300")
    assert ended.status == 2
    assert ended.messages.rstrip().endswith("trained.npz: there is such a file already; --force replaces it")
    assert run("learn", path, "-o", tmp_path / "other.toml").status == 0
    assert load(str(tmp_path / "other.toml")).parameters["W_Q"][0, 0] > 1.1


@pytest.mark.parametrize("name", ["nowhere/r.txt", "nowhere/trained.toml", "."])
def test_a_place_where_nothing_can_be_written_is_refused_first(tmp_path: Path, name: str) -> None:
    """After minutes of training the program said that there is no such folder."""
    ended = run("learn", saved(tmp_path, ANIMAL), "-o", f"{tmp_path}/{name}", "--rate", "1e300")
    assert ended.status == 2
    assert "folder" in ended.messages


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("name", "start"), [("r.csv", "update,loss,"), ("r.MD", "# Whom"), ("r.txt", "Whom does")])
def test_the_name_of_a_report_says_its_format(tmp_path: Path, name: str, start: str) -> None:
    """`-o r.csv` wrote a page of text that no spreadsheet opens."""
    path = saved(tmp_path, ANIMAL)
    assert run("learn", path, "-o", tmp_path / name).status == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert run("learn", path, "-o", tmp_path / name, "--format", "text", "--force").status == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("Whom does")


def test_ctrl_c_ends_a_long_run_quietly() -> None:
    """A run of a million updates could only be stopped with a traceback."""
    with subprocess.Popen(
        command_line("learn", "-", "--steps", "900000"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=REPOSITORY,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(f"{ANIMAL}\n#{'#' * (1 << 20)}\n".encode())  # more than a pipe holds: then it has begun
        process.stdin.close()
        process.stdin = None
        process.send_signal(signal.SIGINT)
        output, messages = process.communicate(timeout=60)
    assert (process.returncode, output, messages) == (130, b"", b"")
