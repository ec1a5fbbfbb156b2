"""Finding things by their text: a token of the lesson, an example in the picker."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.files.course import COURSE
from qkvtui.files.headings import bundled_headings
from qkvtui.localized import LANGUAGES
from qkvtui.memory.state import Memory
from qkvtui.trace.walk import cell_of
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.choosing import BESIDE_LINE
from qkvtui.tui.picker import PickerScreen
from qkvtui.tui.searching import matches
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.thousands import write_thousands
from tests.tui.driving import lesson_screen_of, lines_of, play, screen_text, settle


def test_a_token_is_found_by_a_part_of_its_text_again_and_again() -> None:
    """In a long sentence one had to press `.` until the token came."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("end", "slash", *"E", "enter")  # The, street, tired: capital letters or not
        await settle(pilot)
        keys = [screen.state.place.key]
        for name in ("slash", "slash", "N"):
            await pilot.press(name, *(["enter"] if name == "slash" else []))
            await settle(pilot)
            keys.append(screen.state.place.key)
        tokens = screen.state.trace.example.keys
        assert [tokens[key] for key in keys] == ["street", "tired", "The", "tired"]
        assert cell_of(screen.state.trace, screen.state.place).column == keys[-1]
        assert "3 of 3" in lines_of(app, "footer")[0]

    play(scene)


def test_a_text_that_no_token_has_moves_nothing() -> None:
    """The lesson jumped to the first token, or ended in a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        await pilot.press("N", "slash", "enter", "slash", *"xyz", "enter")
        await settle(pilot)
        assert screen.state.place == before
        assert "xyz" in lines_of(app, "said")[0]

    play(scene)


@pytest.mark.slow
def test_a_token_among_16384_is_found_at_once(tmp_path: Path) -> None:
    """The search took seconds in a long text."""
    lesson = lesson_of(str(write_thousands(tmp_path, 16384, projected=False)))
    started = time.perf_counter()
    assert matches(lesson.trace.example.keys, "T16383") == [16383]
    assert time.perf_counter() - started < 0.5

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("end", "slash", *"16383", "enter")
        await settle(pilot)
        assert lesson_screen_of(app).state.place.key == 16383
        assert "t16383" in "\n".join(lines_of(app, "body"))

    play(scene, lesson=lesson)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_in_the_picker_filters_the_examples(language: str) -> None:
    """One had to read through thirty examples to find the one about masks."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        await pilot.press(*"causal")
        await settle(pilot)
        text = screen_text(app)
        assert "journey-causal" in text
        assert "xiaohong" not in text
        await pilot.press(*["backspace"] * 6, "slash", *"xiao")
        await settle(pilot)
        assert "xiaohong" in screen_text(app)
        assert "journey-causal" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, PickerScreen)
        assert "animal-sentence" in screen_text(app)
        await pilot.press(*"xiao", "enter")
        await settle(pilot)
        assert lesson_screen_of(app).state.trace.example.name == "xiaohong"

    play(scene, look=Look(80, language=language))


def test_a_filter_that_nothing_fits_leaves_an_empty_list() -> None:
    """Enter opened an example that is not on the screen, or ended in a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        await pilot.press(*"no such example at all", "enter")
        await settle(pilot)
        assert isinstance(app.screen, PickerScreen)
        assert "animal" not in screen_text(app).replace("such example at all", "")

    play(scene)


def test_one_token_is_counted_as_one() -> None:
    """The list of lessons had "1 tokens" behind `decode`."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        await pilot.press(*"decode")
        await settle(pilot)
        assert "  1 token\n" in screen_text(app)

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picker_says_what_the_highlighted_example_teaches(language: str) -> None:
    """The list gave names and titles, and one had to open an example to know what it is for."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert lines[-2].strip() or lines[-3].strip() or lines[-4].strip()
        assert lines[2].strip() == COURSE[0].title.in_language(language)
        size = app.look.texts.screen["tokens"].format(count=bundled_headings()[0].tokens)
        assert lines[3].endswith(size)

    play(scene, look=Look(80, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
def test_no_title_is_cut_in_a_common_terminal(language: str, width: int) -> None:
    """“two numbers a word a…” told nobody what the lesson is about."""
    picker = PickerScreen(Look(width, language=language), Memory(), can_leave=False)
    shown = "\n".join(choice.line.plain for choice in picker.choices(width - BESIDE_LINE))
    titles = [heading.title.in_language(language) for heading in bundled_headings()]
    assert [title for title in titles if title not in shown] == []


def test_a_heading_cannot_be_chosen_and_goes_with_its_lessons() -> None:
    """Enter would have opened nothing, or an empty group would have stood above nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("home", "up", *"xiao")
        await settle(pilot)
        text = screen_text(app)
        assert COURSE[0].title.in_language("en") in text
        assert COURSE[-1].title.in_language("en") not in text
        await pilot.press("enter")
        await settle(pilot)
        assert lesson_screen_of(app).state.trace.example.name == "xiaohong"

    play(scene)


def test_the_picker_has_a_page_of_help_as_long_as_nothing_is_typed() -> None:
    """`?` only filtered for titles with a question mark."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert app.look.texts.screen["picker_help_title"] in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("r", "question_mark")
        await settle(pilot)
        assert "/r?" in screen_text(app)

    play(scene)
