"""A narrow or low terminal: the rows of the table come before the narration, and the keys of a step before others."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.trace.walk import to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import lines_of, play, screen_text


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_projector_all_tokens_are_in_the_table(language: str) -> None:
    """At 60 × 20 the table had one row of five, below it stood four lines of narration: who wins was out of sight."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        table = "\n".join(lines_of(app, "body")[:8])
        for weight in ("0.16", "[0.26]", "0.19", "0.20"):
            assert weight in table
        assert "PgDn" in screen_text(app)

    play(scene, size=(60, 20), look=Look(80, language=language))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", ["animal", "animal-sentence", "block", "two-heads"])
def test_in_the_smallest_terminal_a_table_has_two_rows_before_anything_is_said(example: str, language: str) -> None:
    """At 40 × 12 one row of five stood above two lines that only began to explain it: nothing could be compared."""
    lesson = lesson_of(example)
    last = next(at for at, step in enumerate(lesson.trace.walk) if step.id == "weights")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for at in range(last + 1):
            rows = [line for line in lines_of(app, "body")[1:4] if not line.lstrip().startswith("+")]
            assert len(rows) >= 2, (at, rows)
            assert all(re.search(r"\d", row) for row in rows), (at, rows)
            await pilot.press("right")

    play(scene, lesson=lesson, size=(40, 12), look=Look(80, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_line_of_words_says_that_it_goes_on_and_is_turned_to_its_end(language: str) -> None:
    """It would have ended in the middle of a sentence, and nothing led to the rest."""
    lesson = lesson_of("animal")
    place = to_step(lesson.trace, lesson.place, 6)
    whole = "".join(text_of(one) for one in narrate(lesson.trace, place, language, 2))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        told = ""
        for turn in range(40):
            line = next(line for line in reversed(lines_of(app, "body")) if line)
            words, sign, _ = re.split(r"([▾▴] \+\d+ +Pg)", line)
            told += words
            assert sign.startswith("▾") or turn
            if sign.startswith("▴"):
                break
            await pilot.press("pagedown")
        assert "".join(told.split()) == "".join(whole.split())

    play(scene, size=(40, 12), look=Look(80, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("example", "keys"), [("animal", ("← →", "Enter", "?", "q")), ("two-layers", ("( )", "Enter", "?"))]
)
def test_the_keys_of_a_step_are_in_a_narrow_footer(language: str, example: str, keys: tuple[str, ...]) -> None:
    """`Enter` and `( )` gave way to the other language's name, and were found by nobody."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        footer = screen_text(app).splitlines()[-1]
        assert [key for key in keys if key not in footer] == []

    play(scene, lesson=lesson_of(example), size=(60, 20), look=Look(80, language=language))


def test_a_wide_footer_names_the_key_that_copies() -> None:
    """It was on the help page only."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        assert "Y copy" in screen_text(app).splitlines()[-1]

    play(scene, size=(200, 50))
