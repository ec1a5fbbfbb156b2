"""The application without a terminal, driven by Textual's pilot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from textual.events import Key
from textual.geometry import Offset
from textual.pilot import Pilot

from qkvtui.trace.lesson import Lesson
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.drawing import DrawnWidget
from qkvtui.tui.lesson import LessonScreen, lesson_of
from qkvtui.views.look import Look

Play = Callable[[QkvtuiApp, Pilot[None]], Awaitable[None]]


def play(
    scene: Play, *, lesson: Lesson | None = None, size: tuple[int, int] = (80, 24), look: Look | None = None
) -> None:
    """Run the application on that lesson (animal unless another is given) and play the scene in it."""

    async def run() -> None:
        app = QkvtuiApp(lesson or lesson_of("animal"), look or Look(80))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scene(app, pilot)

    asyncio.run(run())


def lesson_screen_of(app: QkvtuiApp) -> LessonScreen:
    """The lesson that is on the screen."""
    assert isinstance(app.screen, LessonScreen), app.screen
    return app.screen


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
    width, height = app.screen.size
    found = [
        Offset(x, y)
        for y in range(height)
        for x in range(width)
        if wanted.items() <= dict(app.screen.get_style_at(x, y).meta).items()
    ]
    assert found, f"nothing on the screen means {wanted}"
    return found[-1]


async def click_on(app: QkvtuiApp, pilot: Pilot[None], **meta: object) -> None:
    """Click on what means that."""
    await pilot.click(offset=place_of_meta(app, meta))
    await pilot.pause()


def burst(app: QkvtuiApp, *keys: str) -> None:
    """Press keyboard keys so fast that none is looked at before the last is pressed: a slow line, keys typed ahead."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


async def settle(pilot: Pilot[None]) -> None:
    """Wait until messages that send messages that send messages have been dealt with."""
    for _ in range(4):
        await pilot.pause()
