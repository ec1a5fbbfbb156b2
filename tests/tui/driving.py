"""The application without a terminal, driven by Textual's pilot."""

from __future__ import annotations

import asyncio
import unicodedata
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from time import monotonic
from typing import Any
from unittest import mock

from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.events import Key
from textual.geometry import Offset
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from qkvtui.memory.state import Memory
from qkvtui.trace.lesson import Lesson
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.drawing import DrawnWidget
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.state import LessonState, lesson_of
from qkvtui.tui.tour import Tour
from qkvtui.views.look import Look

Play = Callable[[QkvtuiApp, Pilot[None]], Awaitable[None]]


_DEADLINE = 20.0
_A_LOOK = 0.01


class QuietPilot(Pilot[None]):
    """A pilot that goes on as soon as everything sent has been dealt with and drawn.

    Textual's own sleeps, at least 40 ms a keyboard key, until the processor rests: most of what a test takes, and too
    little on a machine that is kept busy by others.
    """

    async def press(self, *keys: str) -> None:
        """Press keyboard keys, each when all is done that the one before has led to."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Wait until messages that send messages that send messages have been dealt with, and the screen is drawn."""
        if delay is not None:
            await asyncio.sleep(delay)
        ready: deque[asyncio.Handle] = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        while True:
            while ready:  # once it is empty, all that is left waits for a clock, a thread or a key
                await asyncio.sleep(0)
            self.app.screen._on_timer_update()
            if not ready:
                break

    async def resize_terminal(self, width: int, height: int) -> None:
        """Another size, at once: Textual waits a moment for more of them."""
        await super().resize_terminal(width, height)
        self.app._check_resize()
        await self.pause()


_read_rules = Stylesheet._parse_rules
_RULES: dict[Hashable, list[RuleSet]] = {}


def _rules_read_once(
    sheet: Stylesheet, css: str, read_from: CSSLocation, *which: object, **more: object
) -> list[RuleSet]:
    """What a style sheet says in these colours: the same in every application, and a fifth of what its start takes."""
    key = (css, read_from, which, tuple(more.items()), frozenset(sheet._variables.items()))
    if key not in _RULES:
        _RULES[key] = _read_rules(sheet, css, read_from, *which, **more)  # type: ignore[arg-type]
    return _RULES[key]


@cache
def opened(name: str) -> Lesson:
    """A bundled example at its first step: nothing changes it, so that all who ask have the same one."""
    return lesson_of(name)


@asynccontextmanager
async def driven(app: App[None], size: tuple[int, int] = (80, 24)) -> AsyncIterator[QuietPilot]:
    """Run an application without a terminal, once its first page is drawn."""
    pilot = QuietPilot(app)
    with mock.patch.object(Stylesheet, "_parse_rules", _rules_read_once):
        async with app.run_test(size=size):
            await pilot.pause()
            yield pilot


def key_event(key: str) -> Key:
    """The press of a keyboard key: by Textual's name of it, or by the character that it types."""
    if len(key) == 1:
        return Key(key if key.isalnum() else _character_to_key(key), key)
    try:
        typed = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        typed = None
    return Key(key, typed)


def play(
    scene: Play,
    *,
    lesson: Lesson | None = None,
    size: tuple[int, int] = (80, 24),
    look: Look | None = None,
    memory: Memory | None = None,
    ask_background: bool = False,
) -> None:
    """Run the application on that lesson (animal unless another is given) and play the scene in it."""

    async def run() -> None:
        app = QkvtuiApp(lesson or opened("animal"), look or Look(80), memory=memory, ask_background=ask_background)
        async with driven(app, size) as pilot:
            await scene(app, pilot)

    asyncio.run(run())


def lesson_screen_of(app: QkvtuiApp) -> LessonScreen:
    """The lesson that is on the screen."""
    assert isinstance(app.screen, LessonScreen), app.screen
    return app.screen


def with_nothing_asked(state: LessonState) -> LessonState:
    """The lesson without stops, its questions skipped: every page as it is without them."""
    questions = range(len(state.trace.example.questions))
    return replace(state, tour=Tour(), settled=frozenset(f"question {index}" for index in questions))


def lines_of(app: QkvtuiApp, drawing: str) -> list[str]:
    """The lines that a drawing of the lesson shows, without the spaces at their ends."""
    widget = app.screen.query_one(f"#{drawing}", DrawnWidget)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def screen_text(app: QkvtuiApp) -> str:
    """Everything on the screen."""
    return "\n".join(
        "".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()
    )


def place_of_meta(app: QkvtuiApp, wanted: Mapping[str, Any]) -> Offset:
    """The last cell of the screen whose style means that, to click there."""
    found = []
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        end = 0
        for segment in strip:
            end += segment.cell_length
            if segment.style is not None and wanted.items() <= segment.style.meta.items():
                found.append(Offset(end - 1, y))
    assert found, f"nothing on the screen means {wanted}"
    return found[-1]


async def click_on(app: QkvtuiApp, pilot: Pilot[None], **meta: object) -> None:
    """Click on what means that."""
    await pilot.click(offset=place_of_meta(app, meta))
    await pilot.pause()


def burst(app: QkvtuiApp, *keys: str) -> None:
    """Press keyboard keys so fast that none is looked at before the last is pressed: a slow line, keys typed ahead."""
    for key in keys:
        app.post_message(key_event(key))


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for what the application does by a clock of its own."""
    deadline = monotonic() + _DEADLINE
    while not holds():
        assert monotonic() < deadline
        await pilot.pause(_A_LOOK)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what is read in the background is on the screen too."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
