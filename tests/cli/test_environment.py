"""Colour, width and characters: what the options, the environment and the terminal say together."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from qkvtui.environment import (
    color_system,
    drop_senseless_sizes,
    few_threads,
    page_width,
    preferred_language,
    wants_color,
    without_colors,
)
from tests.cli.program import printed

ESCAPE = "\x1b"


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("choice", "is_terminal", "variables", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"TERM": "unknown"}, False),
        ("auto", True, {"TERM": "xterm"}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": "1"}, True),  # bold and reverse, without colours
        ("auto", True, {"NO_COLOR": "1", "TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {"CLICOLOR": "1"}, True),
        ("auto", False, {"CLICOLOR": "1"}, False),
        ("auto", False, {"CLICOLOR": "0"}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "0"}, False),
        ("auto", False, {"CLICOLOR_FORCE": ""}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ("auto", True, {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True),
        ("auto", True, {"CLICOLOR": "1", "TERM": "dumb"}, False),
    ],
)
def test_escape_codes_are_written_where_they_are_wanted(
    choice: str, is_terminal: bool, variables: dict[str, str], wanted: bool
) -> None:
    """A log file would have been full of escape codes, or a terminal grey."""
    assert wants_color(choice, is_terminal, variables) is wanted


@pytest.mark.parametrize(
    ("choice", "variables", "bare"),
    [
        ("auto", {"NO_COLOR": "1"}, True),
        ("auto", {"CLICOLOR": "0"}, True),
        ("auto", {"CLICOLOR": "0", "FORCE_COLOR": "1"}, False),
        ("auto", {"CLICOLOR": "1"}, False),
        ("auto", {"NO_COLOR": "", "CLICOLOR": ""}, False),
        ("always", {"NO_COLOR": "1"}, False),
    ],
)
def test_a_terminal_without_colours_keeps_bold(choice: str, variables: dict[str, str], bare: bool) -> None:
    """Whoever set CLICOLOR=0 would have got colours all the same, or whoever set CLICOLOR=1 none."""
    assert without_colors(choice, variables) is bare


@pytest.mark.parametrize(
    ("choice", "variables", "system"),
    [
        ("auto", {"TERM": "xterm"}, "standard"),
        ("auto", {"TERM": "xterm-256color"}, "256"),
        ("auto", {"TERM": "xterm", "COLORTERM": "truecolor"}, "256"),
        ("always", {}, "256"),
        ("auto", {"FORCE_COLOR": "1"}, "256"),
        ("auto", {"CLICOLOR_FORCE": "1"}, "256"),
    ],
)
def test_as_many_colours_as_the_terminal_has(choice: str, variables: dict[str, str], system: str) -> None:
    """A terminal of 16 colours would have been sent codes that it does not know."""
    assert color_system(choice, variables) == system


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("asked", "terminal", "columns", "width"),
    [
        (100, 60, "70", 100),
        (None, 60, "70", 70),
        (None, 60, "", 60),
        (None, None, "", 80),
        (None, None, "abc", 80),
        (None, None, "0", 80),
        (None, None, "-5", 80),
        (None, None, "٣٣", 80),
        (None, 60, "99999999999999999999", 60),
        (None, 60, "9" * 5000, 60),
        (None, 5, "", 20),
        (None, None, "3", 20),
    ],
)
def test_the_width_is_what_was_asked_for_else_what_there_is(
    asked: int | None, terminal: int | None, columns: str, width: int
) -> None:
    """A page would have been wider than its window, or a nonsensical COLUMNS a traceback."""
    assert page_width(asked, terminal, {"COLUMNS": columns}) == width


def test_what_no_terminal_is_as_wide_as_is_dropped() -> None:
    """rich would have turned 5,000 digits into a traceback, and Textual have laid out 100,000 columns for ever."""
    for senseless in ("9" * 5000, "100000", "-5", "0", "", "abc", "²", "٣٣"):
        variables = {"COLUMNS": senseless, "LINES": senseless, "LANG": "C"}
        drop_senseless_sizes(variables)
        assert variables == {"LANG": "C"}
    variables = {"COLUMNS": "90", "LINES": "10000"}
    drop_senseless_sizes(variables)
    assert variables == {"COLUMNS": "90", "LINES": "10000"}


def test_the_language_is_the_first_that_the_locale_names() -> None:
    """LC_ALL would not have overruled LANG."""
    assert preferred_language({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}) == "zh"
    assert preferred_language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}) == "en"
    assert preferred_language({}) == "en"


def test_a_number_of_threads_that_the_user_chose_is_kept() -> None:
    """A user's own setting would have been overruled for the sake of a quick start."""
    chosen, nothing = {"OPENBLAS_NUM_THREADS": "4"}, dict[str, str]()
    few_threads(chosen)
    few_threads(nothing)
    assert (chosen, nothing) == ({"OPENBLAS_NUM_THREADS": "4"}, {"OPENBLAS_NUM_THREADS": "1"})


def test_a_pipe_gets_colours_only_where_they_are_forced() -> None:
    """`qkvtui print animal | less` would have shown ESC[1m everywhere."""
    assert ESCAPE not in printed("animal")
    assert ESCAPE in printed("animal", environ={"FORCE_COLOR": "1"})
    assert ESCAPE not in printed("animal", environ={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert ESCAPE not in printed("animal", "--color", "never", environ={"FORCE_COLOR": "1"})
    assert ESCAPE in printed("animal", "--color", "always", environ={"NO_COLOR": "1", "TERM": "dumb"})


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [40, 72, 132])
def test_columns_is_the_width_of_the_page(width: int) -> None:
    """A page piped through a pager of another width would have been broken twice."""
    page = printed("journey", environ={"COLUMNS": str(width)})
    assert page == printed("journey", "--width", str(width))
    assert max(cell_len(line) for line in page.splitlines()) <= width


@pytest.mark.parametrize("width", [20, 30])
def test_a_narrow_page_is_still_a_page(width: int) -> None:
    """A telephone's terminal would have ended in a traceback, or in numbers cut in two."""
    page = printed("animal", "--width", str(width))
    assert "0.85" in page
    assert max(cell_len(line) for line in page.splitlines()) <= width


def test_an_encoding_without_the_signs_gets_ascii() -> None:
    """A traceback, or question marks in place of × and √, in an old terminal."""
    page = printed("animal", encoding="ascii")
    assert "0.85 = 0.50 x 0.90 + 0.50 x 0.80" in page
    assert page.isascii()
    assert "\\u6ce8" in page  # the title of the Chinese post, which ASCII has no letters for


def test_an_encoding_with_some_of_the_signs_gets_ascii_too() -> None:
    """Half of the signs would have been shown, the other half as codes."""
    page = printed("animal", "--step", "scores", encoding="latin-1")
    assert "0.85 = 0.50 x 0.90" in page
    assert "\\u" not in page


def test_the_shades_are_those_for_the_terminals_background() -> None:
    """Dark shades on a light terminal: the numbers that matter most would have been the hardest to read."""
    pages = {
        said: printed("animal", "--step", "weights,summary", "--color", "always", environ={"COLORFGBG": said})
        for said in ("", "15;0", "7;8", "0;7", "0;15", "0;default;15")
    }
    on_dark, on_light = pages[""], pages["0;7"]
    assert on_dark != on_light
    assert {said for said, page in pages.items() if page == on_light} == {"0;7", "0;15", "0;default;15"}
    assert {said for said, page in pages.items() if page == on_dark} == {"", "15;0", "7;8"}
