"""Moves in a model that take their time: the screen goes on, says so, and a keyboard key stops them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.errors import UsageError
from qkvtui.files.find import with_sentence
from qkvtui.tui import actions, answering, patience
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import LessonState, lesson_of
from tests.models.families import TEXTS, family
from tests.tui.driving import lesson_screen_of, play, screen_text, until

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

Move = Callable[[LessonState], LessonState]


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A model on a sentence, as a command line names it."""
    return with_sentence(str(family("llama", tmp_path / "llama").path), TEXTS["en"])


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """`A` waits until this is called."""
    released = threading.Event()
    append = actions.ACTS["append"]

    def held_up(state: LessonState) -> LessonState:
        assert released.wait(30)
        return append(state)

    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    monkeypatch.setitem(actions.ACTS, "append", held_up)
    yield released.set
    released.set()


def count(app: QkvtuiApp) -> int:
    """The tokens of the lesson that is shown."""
    return len(lesson_screen_of(app).state.trace.example.tokens)


@pytest.mark.parametrize("stop", ["escape", "backspace"])
def test_a_long_move_is_told_and_stopped_by_a_key(stop: str, model: str, release: Callable[[], None]) -> None:
    """The screen stood still for seconds, deaf to every keyboard key, and nothing told why."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before, step = count(app), lesson_screen_of(app).state.place.step
        await pilot.press("A", "right")
        assert "working it out … Esc stops" in screen_text(app)
        assert lesson_screen_of(app).state.place.step == step
        await pilot.press(stop)
        assert "stopped: nothing has changed" in screen_text(app)
        await pilot.press("right")
        release()
        await pilot.press("A")
        await until(pilot, lambda: count(app) == before + 1)
        await pilot.press("z", "z")
        assert count(app) == before + 1

    play(scene, lesson=lesson_of(model))


def test_what_it_leads_to_is_shown_in_the_language_of_now(model: str, release: Callable[[], None]) -> None:
    """Who changed the language meanwhile would have been thrown back into the old one."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before = count(app)
        await pilot.press("A", "z")
        assert app.look.language == "zh"
        release()
        await until(pilot, lambda: count(app) == before + 1)
        assert lesson_screen_of(app).state.look.language == "zh"

    play(scene, lesson=lesson_of(model))


def test_why_it_is_impossible_is_told_when_it_is_known(
    model: str, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's error ended the application."""
    held_up = actions.ACTS["append"]

    def refused(state: LessonState) -> LessonState:
        held_up(state)
        raise UsageError("no word follows")

    monkeypatch.setitem(actions.ACTS, "append", refused)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        release()
        await until(pilot, lambda: "no word follows" in screen_text(app))

    play(scene, lesson=lesson_of(model))


def test_what_was_read_again_meanwhile_stays(model: str, release: Callable[[], None]) -> None:
    """The old file's numbers came back over the new one's."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before = count(app)
        await pilot.press("A")
        screen = lesson_screen_of(app)
        begun = screen._patience._begun
        screen.become(screen.state.showing(screen.state.history.read_again(screen.state.trace)))
        release()
        await until(pilot, lambda: begun is not None and begun.is_done_within(0) and screen._patience._begun is None)
        assert count(app) == before

    play(scene, lesson=lesson_of(model))


def test_an_answer_may_take_its_time_too(
    model: str, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`g left@29` worked thirty layers out before a keyboard key was heard."""
    append = actions.ACTS["append"]
    monkeypatch.setitem(answering.ANSWERS, "go_to", lambda state, text: append(state))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before = count(app)
        await pilot.press("g", "X", "enter")
        assert "working it out" in screen_text(app)
        release()
        await until(pilot, lambda: count(app) == before + 1)

    play(scene, lesson=lesson_of(model))


def test_what_was_stopped_ends(model: str, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc stopped the waiting only: after five of them ten threads went on computing."""
    held_up = actions.ACTS["append"]
    found = []

    def append(state: LessonState) -> LessonState:
        found.append(held_up(state))
        return found[-1]

    monkeypatch.setitem(actions.ACTS, "append", append)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        begun = lesson_screen_of(app)._patience._begun
        assert begun is not None
        await pilot.press("escape")
        release()
        assert begun.is_done_within(30)
        assert found == []

    play(scene, lesson=lesson_of(model))


def test_who_was_led_elsewhere_meanwhile_stays_there(model: str, release: Callable[[], None]) -> None:
    """A student's slow move took the student back from where the teacher had gone."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before = count(app)
        await pilot.press("A")
        screen = lesson_screen_of(app)
        screen.become(screen.state.in_layer(1))
        release()
        await until(pilot, lambda: screen._patience._begun is None)
        assert (count(app), screen.state.layer) == (before, 1)

    play(scene, lesson=lesson_of(model))


def test_an_answer_that_is_refused_late_can_be_mended(
    model: str, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line had been closed, and what was typed was gone."""
    held_up = actions.ACTS["append"]

    def refused(state: LessonState, text: str) -> LessonState:
        held_up(state)
        raise UsageError(f"there is no {text}")

    monkeypatch.setitem(answering.ANSWERS, "go_to", refused)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", "X", "enter")
        release()
        await until(pilot, lambda: app.screen.has_class("-asking"))
        assert "there is no X" in screen_text(app)
        assert app.screen.query_one(LinePrompt).value == "X"

    play(scene, lesson=lesson_of(model))
