"""The screen and print mode say the same: same views, same lines."""

from __future__ import annotations

from itertools import product

import pytest
from textual.pilot import Pilot

from qkvtui.files.headings import bundled_headings
from qkvtui.localized import LANGUAGES
from qkvtui.trace.walk import to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.samples import each
from tests.views.drawings import body

from .driving import lesson_screen_of, lines_of, opened, play, screen_text, with_nothing_asked
from .printed import body_room, lesson_screen, printed

EXAMPLES = each((heading.example.name for heading in bundled_headings()), ("animal", "two-heads", "translation"))
LOOKS = each(product((60, 80, 120), LANGUAGES), ((60, "zh"), (80, "en"), (120, "en")))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_step_is_on_the_screen_as_it_is_printed(example: str, look: tuple[int, str]) -> None:
    """A reader who compares a handout with the screen would find two different pages."""
    (width, language), rows = look, 24
    lesson = lesson_of(example)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(with_nothing_asked(screen.state))
        for index in range(len(screen.state.trace.walk)):
            place = to_step(lesson.trace, lesson.place, index)
            screen.become(screen.state.walked(place))
            room, height = body_room(lesson.trace, lesson.place, width, rows, language)
            drawn = body(lesson.trace, place, Look(width, language=language).sized(room, height), is_told=room == width)
            expected = printed(drawn, room)[:height]
            shown = lines_of(app, "body")
            assert shown[: len(expected)] == expected
            assert not any(shown[len(expected) :])

    play(scene, lesson=lesson, size=(width, rows), look=Look(width, language=language))


def test_the_whole_screen_is_made_of_the_views() -> None:
    """Nothing between the views and the terminal adds, cuts or moves a line."""
    lesson = opened("animal-sentence")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        place = to_step(lesson.trace, lesson.place, lesson.trace.step("weights").number - 1)
        lesson_screen_of(app).become(lesson_screen_of(app).state.walked(place))
        await pilot.pause()
        assert screen_text(app).split("\n")[:-1] == lesson_screen(lesson.trace, place)

    play(scene, lesson=lesson)
