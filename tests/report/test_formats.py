"""The formats of the commands: which one is chosen, and that none of them tells what a sheet asks for."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.report.formats import FORMATS, formats_of, suffixes_of
from qkvtui.report.request import Request, formatted
from qkvtui.trace.lesson import Lesson
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from qkvtui.views.look import Look
from tests import samples
from tests.cli.program import run

COMMANDS = {
    "print": ("animal", "--step", "scores"),
    "why": ("animal", "scores[it,animal]"),
    "check": ("animal",),
    "learn": ("animal-learn", "--steps", "2"),
}
ODD = """
format = 1
title = "Odd"
tokens = ["up", "and", "down"]
[inputs]
X = [[0.3719, 1.4167, 0.2293], [1.1831, 0.5417, 0.7129], [0.8623, 0.1471, 1.6357]]
[parameters]
W_Q = [[0.7319, 1.2713], [0.4339, 0.8117], [1.5193, 0.3511]]
W_K = [[1.3729, 0.6131], [0.2417, 1.1273], [0.5711, 0.9319]]
W_V = [[0.8527, 1.4591], [1.2239, 0.3137], [0.6451, 0.7873]]
"""
"""Numbers of which none, nor what follows from them, is another with some of its digits cut off."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_name_of_the_file_chooses_the_format(command: str, tmp_path: Path) -> None:
    """`-o x.json` would have held the page of text under that name, and whatever reads it would have failed."""
    for name, one in formats_of(command).items():
        for suffix in one.suffixes:
            if command == "learn" and suffix == ".json":
                continue  # an example
            file = tmp_path / f"{name}{suffix.upper()}"
            asked = (command, *COMMANDS[command])
            said = run(*asked, "--format", name)
            assert run(*asked, "-o", file).status == said.status
            assert file.read_text(encoding="utf-8") == said.output


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_whose_ending_says_another_thing_is_refused_with_what_there_is(command: str, tmp_path: Path) -> None:
    """`-o x.pdf` wrote a page of text that no reader of PDF opens."""
    file = tmp_path / "x.pdf"
    ended = run(command, *COMMANDS[command], "-o", file)
    assert ended.status == 2
    assert not file.exists()
    assert f"{command} writes no .pdf; the name ends in {', '.join(suffixes_of(command))}" in ended.messages
    assert run(command, *COMMANDS[command], "-o", file, "--format", "text").status in (0, 1)
    assert file.read_text(encoding="utf-8")


def test_no_two_formats_of_a_command_ask_for_the_same_ending() -> None:
    """One of the two could not have been reached with `-o`."""
    for command in {command for one in FORMATS.values() for command in one.commands}:
        assert len(set(suffixes_of(command))) == len(suffixes_of(command))


@cache
def odd(folder: Path) -> Lesson:
    """The lesson of ODD."""
    (folder / "odd.toml").write_text(ODD, encoding="utf-8")
    trace = Trace(load(str(folder / "odd.toml")))
    return Lesson(trace, start(trace), "odd")


def told_numbers(text: str) -> set[str]:
    """Every number in the text with two decimals or more, whatever stands around it."""
    return set(re.findall(r"[0-9]+[.,][0-9]{2,}", text))


SHEETS = product(["en", "zh"], ["rows", "columns"], ["last", "alternate", "all", "scores,weights"])
QUICK_SHEETS = [("en", "rows", "alternate"), ("zh", "columns", "all")]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [name for name, one in formats_of("print").items() if one.module])
@pytest.mark.parametrize("sheet", samples.each(SHEETS, QUICK_SHEETS), ids=str)
def test_no_format_tells_a_number_that_the_sheet_asks_for(
    name: str, sheet: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A handout in one of the formats would have had the answers beside the blanks, or in its source."""
    language, tokens_as, level = sheet
    lesson = odd(tmp_path_factory.getbasetemp())
    look = Look(80, language=language, digits=4, tokens_as=tokens_as)  # type: ignore[arg-type]
    request = Request((lesson,), look, blank=level)
    asked = request.blanks_of(lesson)
    assert asked is not None
    assert asked.cells
    trace = lesson.trace
    shown = {
        round(float(value), 4)
        for step in trace.walk
        if step.type.has_numbers
        for (row, column), value in np.ndenumerate(trace.matrix(step.id))
        if not asked.hidden.hides(step.id, row, column, 0)
    }
    hidden = {
        float(trace.matrix(cell.name, cell.head)[cell.row, cell.column])
        for cell in asked.cells
        if round(float(trace.matrix(cell.name, cell.head)[cell.row, cell.column]), 4) not in shown
    }
    assert len(hidden) >= 2
    without, key = formatted(request, name), formatted(Request((lesson,), look, blank=level, key=True), name)
    for number in hidden:
        for told in told_numbers(without):
            assert abs(float(told.replace(",", ".")) - abs(number)) > 0.5 * 10.0 ** -len(told.partition(".")[2]), told
        assert any(
            abs(float(told) - abs(number)) <= 0.5 * 10.0 ** -min(4, len(told.partition(".")[2]))
            for told in told_numbers(key)
        ), number
