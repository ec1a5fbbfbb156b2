"""`check`: what it finds, as text and as JSON, and the exit status a script relies on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qkvtui.files.clean import clean_line
from qkvtui.localized import LANGUAGES
from tests.cli.program import run
from tests.samples import each
from tests.written import Written, as_file

BAD = Path(__file__).parents[1] / "files" / "bad"
BAD_FILES = sorted(path for path in BAD.iterdir() if path.suffix != ".expected")

every_bad_file = pytest.mark.parametrize("path", each(BAD_FILES, BAD_FILES[::20]), ids=lambda path: path.name)
"""What the reader says of each is tested beside it: the quick run looks whether a few of them come through whole."""


def with_printed(weights: list[float], name: str = "weights", **more: Any) -> Written:
    """One head (or three), with this printed row of the third token."""
    written = as_file("three_heads") if "@" in name else as_file("plain")
    return replace(written, published={"tolerance": 0.005, name: {"q2": weights}} | more)


def right(head: int = 0, heads: int = 1) -> list[float]:
    """The weights of the third token."""
    written = as_file("plain") if heads == 1 else as_file("three_heads")
    return written.expected.weights[head][2]


def expected(path: Path) -> str:
    return path.with_suffix(".expected").read_text(encoding="utf-8").replace("{languages}", ", ".join(LANGUAGES))


def test_all_numbers_hold_is_status_0(tmp_path: Path) -> None:
    """A script that checks a folder would have stopped at a sound file."""
    path = with_printed([round(number, 2) for number in right()]).save(tmp_path)
    ended = run("check", path)
    assert (ended.status, ended.messages) == (0, "")
    assert ended.output == f"{path}: sound; all 4 published numbers hold\n"
    assert run("check", path, "--format", "json").json == {
        "files": [
            {
                "path": str(path),
                "valid": True,
                "errors": [],
                "published": 4,
                "disagree": 0,
                "first_wrong": None,
                "slips": [],
                "findings": [],
                "clues": [],
            }
        ]
    }


def test_a_number_that_does_not_hold_is_status_1_and_is_named(tmp_path: Path) -> None:
    """An author would have learned that something is wrong, but not which number."""
    numbers = right()
    path = with_printed([numbers[0], numbers[1] + 0.01, *numbers[2:]]).save(tmp_path)
    ended = run("check", path)
    assert (ended.status, ended.messages) == (1, "")
    first, second, *_ = ended.output.splitlines()
    assert first == f"{path}: sound; 1 of 4 published numbers do not hold"
    assert second.startswith("  weights[q2,q1]: published ")
    ended = run("check", path, "--format", "json")
    assert ended.status == 1
    (found,) = ended.json["files"]
    assert found.keys() == {
        "path",
        "valid",
        "errors",
        "published",
        "disagree",
        "first_wrong",
        "slips",
        "findings",
        "clues",
    }
    assert (found["valid"], found["errors"], found["published"], found["disagree"]) == (True, [], 4, 1)
    assert found["first_wrong"].keys() == {"step", "row", "column", "published", "computed"}
    assert (found["first_wrong"]["step"], found["first_wrong"]["row"], found["first_wrong"]["column"]) == (
        "weights",
        2,
        1,
    )
    assert found["first_wrong"]["published"] == numbers[1] + 0.01
    assert found["first_wrong"]["computed"] == pytest.approx(numbers[1], rel=1e-12)
    assert all(isinstance(slip, str) for slip in found["slips"])


def test_the_first_wrong_step_is_named_not_the_first_in_the_file(tmp_path: Path) -> None:
    """An author would have looked for the mistake in the step that it dragged along."""
    numbers = [number + 1 for number in right()]
    scores = [number + 1 for number in as_file("plain").expected.scores[0][2]]
    path = with_printed(numbers, scores={"q2": scores}).save(tmp_path)
    (found,) = run("check", path, "--format", "json").json["files"]
    assert (found["disagree"], found["first_wrong"]["step"], found["first_wrong"]["column"]) == (8, "scores", 0)


def test_a_wrong_number_of_another_head_says_whose_it_is(tmp_path: Path) -> None:
    """An author would have searched the numbers of head 0."""
    path = with_printed([number + 0.5 for number in right(1, heads=3)], "weights@1").save(tmp_path)
    assert "  weights@1[q2,q0]: published " in run("check", path).output
    (found,) = run("check", path, "--format", "json").json["files"]
    assert found["first_wrong"]["head"] == 1


def test_the_articles_numbers_do_not_hold() -> None:
    """The explainer would have vouched for numbers that no softmax gives."""
    ended = run("check", "animal")
    assert ended.status == 1
    assert "weights[it,animal]: published 0.45, computed 0.2565" in ended.output


def test_a_file_without_published_numbers_is_sound() -> None:
    """An example of one's own would have been called unchecked, or wrong."""
    ended = run("check", "xiaohong")
    assert (ended.status, ended.output) == (0, "xiaohong: sound; it publishes no numbers\n")


def test_a_bad_file_among_good_ones_hides_none_of_them(tmp_path: Path) -> None:
    """One broken file of thirty would have kept the other twenty-nine from being checked."""
    good = with_printed(right()).save(tmp_path)
    bad = BAD / "X-ragged.toml"
    wrong = "animal"
    ended = run("check", good, bad, wrong)
    assert (ended.status, ended.messages) == (2, "")
    lines = ended.output.splitlines()
    assert lines[0] == f"{good}: sound; all 4 published numbers hold"
    assert lines[1] == f"{bad}: unusable"
    assert lines[2].startswith("  inputs.X, row 1 (counted from 0): has 3 numbers")
    assert lines[3].startswith("animal: sound; 10 of 10 published numbers do not hold")
    assert lines[-1] == "3 examples: 1 unusable, 1 with published numbers that do not hold"
    ended = run("check", good, bad, wrong, "--format", "json")
    assert ended.status == 2
    assert [(one["path"], one["valid"], one["disagree"]) for one in ended.json["files"]] == [
        (str(good), True, 0),
        (str(bad), False, 0),
        ("animal", True, 10),
    ]


EXCERPT = " " * 4
"""How a line of the file begins that is shown below its message."""


@pytest.mark.sampled(6)
@every_bad_file
def test_a_bad_file_is_a_finding_with_every_mistake(path: Path) -> None:
    """A teacher would have been told less by `check` than by `print`, or been shown a traceback."""
    lines = expected(path).splitlines()
    shown = [line if line.startswith(EXCERPT) else line.split(": ", 1)[1] for line in lines]
    said = [line for line in shown if not line.startswith(EXCERPT)]
    ended = run("check", path)
    assert (ended.status, ended.messages) == (2, "")
    assert ended.output.splitlines() == [f"{path}: unusable", *(f"  {line}" for line in shown)]
    ended = run("check", path, "--format", "json")
    assert ended.status == 2
    (found,) = ended.json["files"]
    assert found == {
        "path": str(path),
        "valid": False,
        "errors": said,
        "published": 0,
        "disagree": 0,
        "first_wrong": None,
        "slips": [],
        "findings": [],
        "clues": [],
    }


@pytest.mark.sampled(6)
@every_bad_file
def test_a_bad_file_is_refused_by_print_with_the_same_message(path: Path) -> None:
    """Half a page would have been printed, or the message would have been mixed into the results."""
    for form in ("text", "json"):
        ended = run("print", path, "--format", form)
        assert (ended.status, ended.output) == (2, "")
        told = [line.removeprefix("qkvtui: ") for line in ended.messages.splitlines()]
        lines = [line.removeprefix(f"{BAD}/") for line in told]
        assert lines == expected(path).splitlines()


def test_a_name_that_is_no_file_is_a_finding_too() -> None:
    """A misspelt name in a list of files would have kept the others from being checked."""
    ended = run("check", "anmial", "journey")
    assert ended.status == 2
    assert 'did you mean "animal"?' in ended.output
    assert "journey: sound; all" in ended.output


@pytest.mark.parametrize(
    "name", ["\x1b[2J.toml", "\x9b2J.toml", "\u202etoml.exe", "a\nb.toml", "\udcff.toml"], ids=ascii
)
def test_the_name_of_a_file_cannot_steer_the_terminal(name: str, tmp_path: Path) -> None:
    """`qkvtui check *` in a stranger's folder would have cleared the screen, or ended in a traceback."""
    path = tmp_path / name
    with_printed(right()).save(tmp_path).rename(path)
    ended = run("check", path)
    assert (ended.status, ended.output) == (0, f"{clean_line(str(path))}: sound; all 4 published numbers hold\n")
    ended = run("check", path, "--format", "json", "-o", tmp_path / "found.json")
    assert (ended.status, ended.output, ended.messages) == (0, "", "")
    found = run("check", path, "--format", "json")
    assert found.json["files"][0]["path"] == str(path)
    assert all(character.isprintable() for character in found.output.removesuffix("\n"))
    assert (tmp_path / "found.json").read_text(encoding="utf-8") == found.output
