"""A narrow or low terminal: the rows of the table come before the narration, and the keys of a step before others."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
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
