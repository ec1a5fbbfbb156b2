"""Numbers near the largest that there are: whatever is typed or stands in a file, no step and no remark overflows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


@pytest.mark.sampled(10)
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
        {"X": "[[1e60, 2], [3, 4]]", "W_Q": "[[1e60, 0], [0, 1]]"},
    ],
    ids=str,
)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_with_numbers_that_overflow_is_refused(
    command: tuple[str, ...], parts: dict[str, str], tmp_path: Path
) -> None:
    """NumPy's warnings stood between the lines of the page, or `check` ended in a traceback."""
    np.savez(tmp_path / "big.npz", X64=np.full((2, 2), 1e200))
    name, *options = command
    ended = run(name, lesson(tmp_path, **parts), *options)
    assert ended.status == 2
    said = ended.messages or ended.output
    assert "large" in said or "scale" in said


@pytest.mark.sampled(2)
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


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bias_may_hide_with_the_lowest_number_of_its_type(
    command: tuple[str, ...], kind: type[np.floating[Any]], tmp_path: Path
) -> None:
    """Real models hide so whom a query may not look at: `capture --from` refused what they had added."""
    square = np.eye(2, dtype=kind)[None]
    bias = np.array([[0, np.finfo(kind).min], [0, 0]], kind)
    np.savez(tmp_path / "saved.npz", Q=square, K=square, V=square, bias=bias)
    ended = run("capture", "--from", tmp_path / "saved.npz", "--tokens", "it was", "-o", tmp_path / "mine.toml")
    assert (ended.status, ended.messages) == (0, "")
    name, *options = command
    ended = run(name, tmp_path / "mine.toml", *options)
    assert (ended.status, ended.messages) == (0, "")
    ended = run("print", tmp_path / "mine.toml", "--format", "json", "--step", "weights")
    assert ended.json["steps"][0]["values"][0] == [1.0, 0.0]


def test_a_bias_that_is_written_out_may_hide_as_well(tmp_path: Path) -> None:
    """−1.8e308 was taken from a file of arrays, and refused in the example itself."""
    more = "bias = [[0, -1.7976931348623157e308], [0, 0]]"
    ended = run("print", lesson(tmp_path, more=more), "--format", "json", "--step", "weights")
    assert ended.json["steps"][0]["values"][0] == [1.0, 0.0]
    assert "1e+100" in run("check", lesson(tmp_path, more="bias = [[0, 1e101], [0, 0]]")).output


@pytest.mark.sampled(3)
@pytest.mark.parametrize("largest", [1e13, 1e18])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_in_float32_is_worked_whatever_stays_finite(command: tuple[str, ...], largest: float, tmp_path: Path) -> None:
    """Numbers of 1e13, which float32 holds, were refused without a word on how large they may be."""
    eye = np.eye(2, dtype=np.float32)
    np.savez(tmp_path / "big.npz", Q=eye * np.float32(largest), K=eye * np.float32(largest), V=eye)
    parts = 'arrays = "big.npz"\n[inputs]\nQ = "Q"\nK = "K"\nV = "V"\n'
    path = tmp_path / "lesson.toml"
    path.write_text(f'format = 1\ntitle = "t"\ntokens = ["it", "animal"]\n{parts}', encoding="utf-8")
    name, *options = command
    ended = run(name, path, *options)
    assert (ended.status, ended.messages) == (0, "")


def test_what_overflows_in_float32_is_told_where_float32_ends(tmp_path: Path) -> None:
    """The limit of float64, 1e100, was named to whoever had numbers of 1e30."""
    np.savez(tmp_path / "big.npz", X32=np.full((2, 2), 1e30, np.float32), I32=np.eye(2, dtype=np.float32))
    path = lesson(tmp_path, arrays='arrays = "big.npz"', X='"X32"', W_Q='"I32"')
    path.write_text(path.read_text(encoding="utf-8").replace("[[1, 0], [0, 1]]", '"I32"'), encoding="utf-8")
    assert "float32 holds numbers up to about 3.4e+38" in run("print", path).messages


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


@pytest.mark.sampled(4)
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


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_mask_and_a_bias_may_both_hide_with_the_lowest_number(command: tuple[str, ...], tmp_path: Path) -> None:
    """The sum of both, its square and its double printed NumPy's warnings beside the page."""
    lowest = "[[0, -1.7976931348623157e308], [0, 0]]"
    more = f"mask = {lowest}\nbias = {lowest}\n[published]\ndecimals = 2\nweights = {{ it = [0.25, 0.7] }}"
    name, *options = command
    ended = run(name, lesson(tmp_path, more=more), *options)
    assert (ended.status, ended.messages) == (int(name == "check"), "")
