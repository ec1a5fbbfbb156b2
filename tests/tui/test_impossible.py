"""Pages whose numbers turn out to be impossible: the reason is said, and one stays where one was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from qkvtui.command_line import LessonOptions
from qkvtui.lesson_asked import open_lesson
from qkvtui.tui import lesson as lesson_screen
from qkvtui.tui import patience
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import LessonState, lesson_of
from qkvtui.views.look import Look
from tests.impossible import impossible_layer, impossible_step

from .driving import click_on, lesson_screen_of, play, screen_text, until
from .test_player import Clock

SAID = {"en": "so large", "zh": "数太大"}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_whose_numbers_are_impossible_is_not_opened(language: str, tmp_path: Path) -> None:
    """The application ended in a traceback where a page was found to be impossible only when it was drawn."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for _ in range(40):
            await pilot.press("right")
        assert SAID[language] in screen_text(app)
        assert lesson_screen_of(app).state.place.step > 3
        await pilot.press("left")
        assert SAID[language] not in screen_text(app)

    play(scene, lesson=lesson_of(impossible_step(tmp_path)), size=(240, 24), look=Look(80, language=language))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("is_stop", [False, True])
def test_a_lesson_that_is_to_be_opened_there_begins_at_its_first_step(
    is_stop: bool, language: str, tmp_path: Path
) -> None:
    """`qkvtui 'large.toml#fed[it,0]'`, and a file whose stop is there, ended in a traceback."""
    path = impossible_step(tmp_path, is_stop=is_stop)
    lesson = open_lesson(path if is_stop else f"{path}#fed[it,0]", LessonOptions())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        assert SAID[language] in screen_text(app)
        assert screen.state.place.step == 0
        assert "embeddings[it,0]" in screen_text(app)
        await pilot.press("right")
        assert SAID[language] not in screen_text(app)
        assert screen.state.place.step == 1

    play(scene, lesson=lesson, size=(240, 24), look=Look(80, language=language))


def test_a_page_that_comes_in_sight_only_in_a_larger_window_is_left(tmp_path: Path) -> None:
    """Whoever walked on in a window too small for a page, and then made it larger, got a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*["right"] * 12)
        await pilot.resize_terminal(240, 24)
        await until(pilot, lambda: SAID["en"] in screen_text(app))
        assert lesson_screen_of(app).state.place.step == 0

    play(scene, lesson=lesson_of(impossible_step(tmp_path)), size=(30, 8))


def test_playing_stops_at_a_layer_that_is_impossible(tmp_path: Path) -> None:
    """The first tick behind the last possible step ended the application in a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen, clock = lesson_screen_of(app), Clock()
        screen.set_interval = clock.start  # type: ignore[method-assign, assignment]
        await pilot.press("end", "a")
        for _ in range(2):
            clock.tick()
        await pilot.pause()
        assert SAID["en"] in screen_text(app)
        assert (screen.state.layer, screen.state.plays, clock.runs) == (0, False, False)

    play(scene, lesson=lesson_of(impossible_layer(tmp_path)), size=(240, 24))


@pytest.mark.parametrize("is_slow", [False, True])
def test_a_click_that_leads_there_is_refused(is_slow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click ended the application in a traceback where what it leads to is found to be impossible at once."""

    def refused(state: LessonState, meta: Mapping[str, Any]) -> LessonState:
        return state.in_layer(1)

    monkeypatch.setattr(lesson_screen, "clicked", refused)
    if is_slow:
        monkeypatch.setattr(patience, "_QUICK", 0)
        monkeypatch.setattr(patience, "PATIENCE", 0.0)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await click_on(app, pilot, step=3)
        await until(pilot, lambda: SAID["en"] in screen_text(app))
        assert (screen.state.place.step, screen.state.layer) == (0, 0)

    play(scene, lesson=lesson_of(impossible_layer(tmp_path)), size=(240, 24))
