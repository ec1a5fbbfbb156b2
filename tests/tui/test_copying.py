"""Numbers and tables for the clipboard."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.trace.addresses import value_at
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.copying import MOST
from qkvtui.tui.state import lesson_of
from tests.thousands import write_thousands

from .driving import lesson_screen_of, opened, play, screen_text


def footer(app: QkvtuiApp) -> str:
    """The last line of the screen."""
    return screen_text(app).splitlines()[-1]


def test_a_number_is_copied_with_all_its_digits() -> None:
    """Someone would have typed it off the screen, and gone on with two digits of it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "Y")
        state = lesson_screen_of(app).state
        assert float(app.clipboard) == value_at(state.trace, state.cell)
        assert len(app.clipboard) > 10
        assert footer(app).startswith("to the clipboard: weights[it,animal] = 0.2565")
        await pilot.press("enter", "Y")
        assert footer(app).startswith("to the clipboard: exp[it,animal] =")
        assert float(app.clipboard) == 1.0

    play(scene)


def test_a_table_is_copied_as_a_spreadsheet_reads_it() -> None:
    """Pasted, it would have been one column of text."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "C")
        head, *rows = csv.reader(StringIO(app.clipboard), delimiter="\t")
        trace = lesson_screen_of(app).state.trace
        assert head == ["", *trace.example.keys]
        assert [row[0] for row in rows] == list(trace.example.tokens)
        assert [[float(one) for one in row[1:]] for row in rows] == trace.matrix("weights").tolist()
        assert footer(app).startswith("to the clipboard: A, 5 × 5 numbers")

    play(scene)


def test_what_is_left_to_the_learner_is_not_copied() -> None:
    """A key would have given the answer away."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "b", "b", "Y")
        assert app.clipboard == ""
        assert footer(app).startswith("not copied")
        await pilot.press("C")
        state = lesson_screen_of(app).state
        copied = list(csv.reader(StringIO(app.clipboard), delimiter="\t"))
        assert copied[1 + state.place.query][1:] == [""] * 5

    play(scene)


def test_where_there_is_nothing_to_copy_it_is_said() -> None:
    """The clipboard would have been emptied without a word."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for key in ("Y", "C"):
            await pilot.press("end", "1", "end", key)
            assert app.clipboard == ""
            assert footer(app) == app.look.texts.screen["nothing_computed"]

    play(scene, lesson=opened("illustrated"))


def test_a_table_too_large_for_a_clipboard_is_refused_at_once(tmp_path: Path) -> None:
    """Terminals drop it in silence; and a matrix of thousands would have been computed as a whole."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5", "C")
        assert app.clipboard == ""
        assert "too large" in footer(app)

    play(scene, lesson=lesson_of(str(write_thousands(tmp_path, 600))))


def test_a_token_that_looks_like_a_formula_is_text_in_the_spreadsheet(tmp_path: Path) -> None:
    """A token of a downloaded example would have been worked out when it was pasted."""
    text = 'format = 1\ntitle = "x"\ntokens = ["=1+1", "b"]\n[inputs]\nQ = [[1], [2]]\nK = [[1], [2]]\nV = [[1], [2]]\n'
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        assert "\n'=1+1\t" in app.clipboard

    play(scene, lesson=lesson_of(str(path)))


@pytest.mark.parametrize("key", ["Y", "C"])
def test_while_it_learns_what_moves_can_be_copied(key: str) -> None:
    """The learned matrix could only have been written to a file."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L", "n", key)
        assert app.clipboard
        assert len(app.clipboard) < MOST
        assert footer(app).startswith("to the clipboard: W_Q")

    play(scene, lesson=opened("animal-learn"))


def test_a_quotation_mark_swallows_no_number(tmp_path: Path) -> None:
    """Behind a token `"` a spreadsheet took the rest of the table for text."""
    text = 'format = 1\ntitle = "x"\ntokens = ["\\"", "b"]\n[inputs]\nQ = [[1], [2]]\nK = [[1], [2]]\nV = [[1], [2]]\n'
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        assert [len(row) for row in csv.reader(StringIO(app.clipboard), delimiter="\t")] == [2, 2, 2]

    play(scene, lesson=lesson_of(str(path)))


def test_what_a_terminal_takes_is_counted_in_bytes(tmp_path: Path) -> None:
    """Thirty long Chinese tokens were told to be copied, and the terminal had dropped them."""
    tokens = ", ".join(f'"{"猫" * 1500}{index}"' for index in range(30))
    numbers = ", ".join("[1]" for _ in range(30))
    text = (
        f'format = 1\ntitle = "x"\ntokens = [{tokens}]\n[inputs]\nQ = [{numbers}]\nK = [{numbers}]\nV = [{numbers}]\n'
    )
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("C")
        assert app.clipboard == ""
        assert "too large" in footer(app)

    play(scene, lesson=lesson_of(str(path)))
