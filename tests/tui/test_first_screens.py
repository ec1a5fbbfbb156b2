"""The first screen of a lesson: nothing has to be looked for below."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import lines_of, play

SIZES = ((80, 24), (60, 20))
FIRST_LESSONS = ("similar", "bank", "animal-sentence", "xiaohong", "apple", "please-study-man")
EACH = [pytest.param(name, marks=() if name in FIRST_LESSONS else pytest.mark.slow) for name in bundled_names()]
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.sampled(1)
@EACH_LANGUAGE
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", EACH)
def test_the_first_screen_needs_no_scrolling(name: str, size: tuple[int, int], language: str) -> None:
    """A learner's first screen was the upper half of a page, with what it is about below."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert [line for line in lines_of(app, "body") if "PgDn" in line] == []

    play(scene, lesson=lesson_of(name), size=size, look=Look(size[0], language=language))
