"""Numbers near the largest that there are: whatever is typed or stands in a file, no step and no remark overflows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.program import run

LESSON = """format = 1
title = "t"
tokens = ["it", "animal"]
{arrays}
[inputs]
X = {X}
[parameters]
W_Q = {W_Q}
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[attention]
scale = {scale}
{more}
"""
USUAL = {"arrays": "", "X": "[[1, 2], [3, 4]]", "W_Q": "[[1, 0], [0, 1]]", "scale": "0.5", "more": ""}
COMMANDS = (
    ("print",),
    ("check",),
    ("print", "--round-each", "2"),
    ("print", "--format", "json"),
    ("print", "--questions"),
)


def lesson(folder: Path, **parts: str) -> Path:
    path = folder / "lesson.toml"
    path.write_text(LESSON.format(**{**USUAL, **parts}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "parts",
    [
        {"X": "[[1e101, 2], [3, 4]]"},
        {"W_Q": "[[1, 0], [0, -1e308]]"},
        {"scale": "1e300"},
        {"scale": "1e-320"},
        {"scale": '"1e150 * 1e60"'},
        {"more": "[published]\nweights = { it = [1e200, 0] }"},
        {"arrays": 'arrays = "big.npz"', "X": '"X64"'},
        {"arrays": 'arrays = "big.npz"', "X": '"X32"'},
        {"X": "[[1e60, 2], [3, 4]]", "W_Q": "[[1e60, 0], [0, 1]]"},
    ],
    ids=str,
)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_with_numbers_that_overflow_is_refused(
    command: tuple[str, ...], parts: dict[str, str], tmp_path: Path
) -> None:
    """NumPy's warnings stood between the lines of the page, or `check` ended in a traceback."""
    np.savez(tmp_path / "big.npz", X64=np.full((2, 2), 1e200), X32=np.full((2, 2), 1e30, np.float32))
    name, *options = command
    ended = run(name, lesson(tmp_path, **parts), *options)
    assert ended.status == 2
    said = ended.messages or ended.output
    assert "large" in said or "scale" in said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_largest_numbers_are_worked(command: tuple[str, ...], tmp_path: Path) -> None:
    """A remark that squares a number or takes a difference overflowed."""
    parts = {"X": "[[1e49, -1e49], [3, 4]]", "more": "[published]\nscores = { it = [-9e99, 1e49] }"}
    name, *options = command
    ended = run(name, lesson(tmp_path, **parts), *options)
    assert (ended.status, ended.messages) == (int(name == "check"), "")


def test_a_mask_may_forbid_with_any_number(tmp_path: Path) -> None:
    """The lowest number of a type is how some programs write −∞."""
    more = "mask = [[0, -1.7976931348623157e308], [0, 0]]"
    ended = run("print", lesson(tmp_path, more=more), "--format", "json", "--step", "weights")
    assert ended.json["steps"][0]["values"][0] == [1.0, 0.0]


@pytest.mark.parametrize("options", [("--set", "X[0,0]=1e101"), ("--scale", "1e300"), ("--scale", "1e-300")])
@pytest.mark.parametrize("command", ["print", "why"])
def test_no_switch_takes_a_number_that_overflows(command: str, options: tuple[str, str], tmp_path: Path) -> None:
    """`--scale 1e300` printed NumPy's warnings beside the page."""
    address = ("weights[0,1]",) if command == "why" else ()
    ended = run(command, lesson(tmp_path), *address, *options)
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages.count("\n") == 1


@pytest.mark.parametrize("temperature", ["1e-300", "1e300"])
def test_no_temperature_overflows(temperature: str, tmp_path: Path) -> None:
    """One over the smallest number is none."""
    ended = run("print", lesson(tmp_path), "--temperature", temperature)
    assert (ended.status, ended.messages.count("\n")) == (2, 1)


@pytest.mark.parametrize("picture", ["arrows", "matrix", "flow", "heads"])
@pytest.mark.parametrize("form", ["text", "svg"])
def test_numbers_next_to_nothing_are_drawn(picture: str, form: str, tmp_path: Path) -> None:
    """One over the smallest number that there is, is none: the picture of arrows ended in NumPy's warning."""
    parts = {"X": "[[1, 0], [0, 5e-324]]", "W_Q": "[[1e-300, 0], [0, 1e-160]]"}
    ended = run("print", lesson(tmp_path, **parts), "--picture", picture, "--format", form)
    assert (ended.status, ended.messages) == (0, "")


def test_a_printed_row_beside_a_mask_of_huge_numbers_is_checked(tmp_path: Path) -> None:
    """Cutting off the digits of −1e308 printed NumPy's warning between the findings."""
    more = "mask = [[0, -1.7e308], [0, 0]]\n[published]\ndecimals = 2\nmasked = { it = [0.25, 3] }"
    ended = run("check", lesson(tmp_path, more=more))
    assert (ended.status, ended.messages) == (1, "")
