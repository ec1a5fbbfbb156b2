"""Reading the file again while the lesson is open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.trace.walk import cell_of
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import lesson_of
from qkvtui.tui.pages import ProblemsScreen
from tests.terminal.driver import ROOT

from .driving import lesson_screen_of, lines_of, play, screen_text


def test_reload_keeps_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One edits the file beside the lesson and presses `r`: the new numbers, the same step, query and cell."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("5", "up", "full_stop")
        before, at = screen.place, cell_of(screen.trace, screen.place)
        old = screen.trace.row(at.name, at.row)[at.column]
        path.write_text(path.read_text(encoding="utf-8").replace("[0.7, 0.1]", "[2.7, 0.1]"), encoding="utf-8")
        await pilot.press("r")
        await pilot.pause()
        assert screen.place == before
        assert screen.trace.row(at.name, at.row)[at.column] != old
        assert "mine.toml" in lines_of(app, "footer")[0]

    monkeypatch.chdir(tmp_path)
    play(scene, lesson=lesson_of("mine.toml"))


def test_reload_of_a_bad_file_loses_nothing(tmp_path: Path) -> None:
    """A half-finished edit shows its mistakes; closing the page leads back to the lesson as it was."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("5", "r")
        before, trace = screen.place, screen.trace
        path.write_text("format = 1\ntitle = [\n", encoding="utf-8")
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(app.screen, ProblemsScreen)
        assert "mine.toml" in screen_text(app).replace("\n", "")
        await pilot.press("escape")
        await pilot.pause()
        assert lesson_screen_of(app) is screen
        assert (screen.place, screen.trace) == (before, trace)
        path.unlink()
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(app.screen, ProblemsScreen)

    play(scene, lesson=lesson_of(str(path)))
