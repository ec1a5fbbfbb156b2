"""The first screen of a lesson, and all that it says on the way: nothing to be looked for below, nothing cut."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import lesson_of
from qkvtui.views.look import Look

from .driving import lesson_screen_of, lines_of, play

SIZES = ((80, 24), (60, 20), (120, 40))
FIRST_LESSONS = ("similar", "bank", "animal-sentence", "xiaohong", "apple", "please-study-man")
EACH = [pytest.param(name, marks=() if name in FIRST_LESSONS else pytest.mark.slow) for name in bundled_names()]
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def squeezed(text: str) -> str:
    """Without blanks and line ends, which wrapping moves."""
    return "".join(text.split())


def explained(app: QkvtuiApp) -> str:
    """What body and side show, squeezed."""
    return squeezed("".join((*lines_of(app, "body"), *lines_of(app, "side"))))


@EACH_LANGUAGE
@pytest.mark.parametrize("size", SIZES[:2], ids=str)
@pytest.mark.parametrize("name", EACH)
def test_the_first_screen_needs_no_scrolling(name: str, size: tuple[int, int], language: str) -> None:
    """A learner's first screen was the upper half of a page, with what it is about below."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert [line for line in lines_of(app, "body") if "PgDn" in line] == []

    play(scene, lesson=lesson_of(name), size=size, look=Look(size[0], language=language))


@EACH_LANGUAGE
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", EACH)
@pytest.mark.slow
def test_everything_that_is_said_can_be_read_at_every_step(name: str, size: tuple[int, int], language: str) -> None:
    """A sentence of the lesson was on no page, or lost its end at the edge of the screen."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for _ in screen.state.trace.steps:
            place, trace = screen.state.place, screen.state.trace
            said = narrate(trace, place, language, screen.state.look.digits)
            read = explained(app)
            while any("▾" in line and "PgDn" in line for line in (*lines_of(app, "body"), *lines_of(app, "side"))):
                await pilot.press("pagedown")
                read += explained(app)
            missing = [text for text in map(text_of, said) if squeezed(text)[-5:] not in read]
            assert missing == [], place
            await pilot.press("right")

    play(scene, lesson=lesson_of(name), size=size, look=Look(size[0], language=language))
