"""No keyboard key of a lesson is silent: it does something, or says why it cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from qkvtui.trace.walk import to_step
from qkvtui.tui.actions import ACTIONS
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of

from .driving import lesson_screen_of, play, screen_text

LEADS_AWAY = ("quit", "suspend", "reload")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(("example", "at"), [("animal", 0), ("animal", 6), ("animal", 8), ("two-heads", 9)])
def test_every_key_is_answered(example: str, at: int, size: tuple[int, int]) -> None:
    """`]` with one head, `l` without stops, `N` without a search: nothing happened, and nothing said why."""
    lesson = lesson_of(example)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        begun = screen.state.walked(to_step(lesson.trace, lesson.place, at))
        for action in ACTIONS:
            for key in () if action.name in LEADS_AWAY else action.bindings:
                screen.become(replace(begun, look=app.look))
                await pilot.pause()
                before, notice = screen_text(app), screen.state.notice
                await pilot.press(key)
                await pilot.pause()
                answered = app.screen is not screen or screen.has_class("-asking") or screen_text(app) != before
                assert answered, (key, action.name, notice)
                if app.screen is not screen:
                    app.pop_screen()
                if screen.has_class("-asking"):
                    screen.query_one(LinePrompt).action_leave()

    play(scene, lesson=lesson, size=size)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("]", "one_head"),
        ("l", "no_stops"),
        ("N", "nothing_sought"),
        ("u", "nothing_to_undo"),
        (("ctrl+r",), "nothing_to_redo"),
        (("backspace",), "nothing_opened"),
        (("left",), "at_first_step"),
        ("1", "at_this_step"),
        ("t", "nothing_to_predict"),
        (("up",) * 9, "no_more_queries"),
        (("enter", "enter"), "nothing_behind"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(keys: tuple[str, ...], name: str) -> None:
    """What was said was about something else."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        said = app.look.texts.screen[name]
        assert lesson_screen_of(app).state.notice.startswith(said.partition("{")[0])
        assert all(part in screen_text(app) for part in said.split("{")[0].split(" ")[:4])

    play(scene)
