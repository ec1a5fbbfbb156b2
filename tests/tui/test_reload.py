"""Reading the file again while the lesson is open."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from qkvtui.files.read import load
from qkvtui.graph.example import Example
from qkvtui.trace.walk import cell_of
from qkvtui.tui import reloading, state
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.pages import ProblemsScreen
from qkvtui.tui.state import lesson_of
from tests.terminal.driver import ROOT

from .driving import lesson_screen_of, lines_of, opened, play, screen_text

PATIENCE = 20
"""Seconds after which a reading counts as one that never ends."""


async def read_again(app: QkvtuiApp, pilot: Pilot[None]) -> None:
    """Wait until the file has been read."""
    await asyncio.wait_for(app.workers.wait_for_complete(), PATIENCE)
    await pilot.pause()


def test_reload_keeps_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One edits the file beside the lesson and presses `r`: the new numbers, the same step, query and cell."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("5", "up", "full_stop")
        before, at = screen.state.place, cell_of(screen.state.trace, screen.state.place)
        old = screen.state.trace.row(at.name, at.row)[at.column]
        path.write_text(path.read_text(encoding="utf-8").replace("[0.7, 0.1]", "[2.7, 0.1]"), encoding="utf-8")
        await pilot.press("r")
        await read_again(app, pilot)
        assert screen.state.place == before
        assert screen.state.trace.row(at.name, at.row)[at.column] != old
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
        await read_again(app, pilot)
        before, trace = screen.state.place, screen.state.trace
        path.write_text("format = 1\ntitle = [\n", encoding="utf-8")
        await pilot.press("r")
        await read_again(app, pilot)
        assert isinstance(app.screen, ProblemsScreen)
        assert "mine.toml" in screen_text(app).replace("\n", "")
        await pilot.press("escape")
        await pilot.pause()
        assert lesson_screen_of(app) is screen
        assert (screen.state.place, screen.state.trace) == (before, trace)
        path.unlink()
        await pilot.press("r")
        await read_again(app, pilot)
        assert isinstance(app.screen, ProblemsScreen)

    play(scene, lesson=lesson_of(str(path)))


def test_keys_work_while_a_file_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that had grown to megabytes made the application deaf, to Ctrl+C as well, for most of a minute."""
    arrived, go_on = Event(), Event()
    lesson = opened("animal")

    def slowly(example: str, *, again: bool) -> Example:
        arrived.set()
        assert go_on.wait(PATIENCE)
        return load(example, again=again)

    monkeypatch.setattr(state, "load", slowly)
    monkeypatch.setattr(reloading, "PATIENCE", 0.0)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.trace
        await pilot.press("r")
        assert await asyncio.to_thread(arrived.wait, PATIENCE)
        await pilot.pause()
        assert "reading again: animal …" in lines_of(app, "footer")[0]
        await pilot.press("5", "r")
        assert (screen.state.place.step, screen.state.trace) == (4, before)
        go_on.set()
        await read_again(app, pilot)
        assert screen.state.trace is not before
        assert (screen.state.place.step, screen.state.notice) == (4, "read again: animal")

    try:
        play(scene, lesson=lesson)
    finally:
        go_on.set()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("what", ["fifo", "fifo behind a link", "device", "folder", "link to itself", "-"])
def test_what_is_no_file_cannot_be_read_again(what: str, tmp_path: Path) -> None:
    """After `r` the application waited for good: for somebody who writes into a pipe, or for the keyboard itself."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)
    lesson = lesson_of(str(path))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        trace = screen.state.trace
        path.unlink()
        match what:
            case "fifo":
                os.mkfifo(path)
            case "fifo behind a link":
                os.mkfifo(tmp_path / "pipe")
                path.symlink_to("pipe")
            case "device":
                path.symlink_to("/dev/zero")
            case "folder":
                path.mkdir()
            case "link to itself":
                path.symlink_to("mine.toml")
            case _:
                screen._reloader._example = "-"
        await pilot.press("r")
        await read_again(app, pilot)
        others = {"folder": "is a folder", "link to itself": "cannot be read (", "-": "cannot be read again"}
        told = others.get(what, "is a pipe or a device, not a file")
        assert told in " ".join(screen_text(app).split())
        await pilot.press("escape")
        await pilot.pause()
        assert lesson_screen_of(app) is screen
        assert screen.state.trace is trace

    play(scene, lesson=lesson)
