"""The screens around the lesson: help, picker, the other language, the way out."""

from __future__ import annotations

import asyncio

import pytest
from textual.css.query import NoMatches
from textual.pilot import Pilot

from qkvtui.files.find import bundled_names
from qkvtui.files.headings import bundled_headings
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.pages import PageScreen
from qkvtui.tui.picker import PickerScreen
from qkvtui.views.look import Look

from .driving import driven, lesson_screen_of, lines_of, opened, play, screen_text
from .printed import printed


def test_the_language_changes_everything_and_back() -> None:
    """No part of the page stays in the other language."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        parts = ("heading", "sentence", "body", "footer")
        english = {part: lines_of(app, part) for part in parts}
        await pilot.press("z")
        for part in parts:
            assert lines_of(app, part) != english[part], part
        await pilot.press("z")
        assert {part: lines_of(app, part) for part in parts} == english

    play(scene)


def test_tokens_become_columns_and_rows_again() -> None:
    """`v` turned nothing over, moved the reader to another number, or did not lead back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        rows, place = {part: lines_of(app, part) for part in ("heading", "body")}, lesson_screen_of(app).state.place
        assert rows["heading"][1].endswith("Q = X W_Q")
        await pilot.press("v")
        assert lines_of(app, "heading")[1].endswith("Q = W_Qᵀ X")
        assert "▾it" in lines_of(app, "body")[0]
        assert lesson_screen_of(app).state.place == place
        assert "Tokens as rows" in "".join(printed(lesson_screen_of(app).help(app.look.sized(78, None)), 78))
        await pilot.press("v")
        assert {part: lines_of(app, part) for part in rows} == rows

    play(scene)


@pytest.mark.slow
def test_a_long_narration_can_be_read_to_its_end() -> None:
    """Page Down goes on until the last line is seen, Page Up back to the first."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "up")  # of another query the lesson says what is said of any
        screen, first = lesson_screen_of(app), lines_of(app, "body")
        assert "PgDn" in first[-1]
        await pilot.press("pagedown", "pagedown")
        assert lines_of(app, "body") != first
        for _ in range(30):
            await screen.run_action("act('read_on')")
        last = lines_of(app, "body")
        assert last != first
        assert "PgDn" not in last[-1]
        for _ in range(40):
            await screen.run_action("act('read_back')")
        assert lines_of(app, "body") == first

    play(scene, size=(60, 20))


@pytest.mark.slow
def test_help_opens_and_closes() -> None:
    """Any of the usual keys closes it, and none of them does anything to the lesson below."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        for closing in ("escape", "q", "enter", "question_mark", "backspace"):
            await pilot.press("question_mark")
            await pilot.pause()
            assert isinstance(app.screen, PageScreen)
            await pilot.press("right", closing)
            await pilot.pause()
            assert lesson_screen_of(app) is screen, closing
            assert screen.state.place == before, closing

    play(scene)


@pytest.mark.slow
def test_the_picker_opens_an_example_and_escape_leaves_it() -> None:
    """`o` lists the examples; Esc goes back to the lesson, Enter opens another one in its place."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert lesson_screen_of(app) is screen
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        opened = lesson_screen_of(app)
        assert opened is not screen
        assert opened.state.trace.example.name == bundled_headings()[-1].example.name
        assert [one for one in app.screen_stack if isinstance(one, LessonScreen)] == [opened]

    play(scene)


@pytest.mark.parametrize("name", ["q", "ctrl+q"])
def test_leaving_ends_with_status_0(name: str) -> None:
    """The application ends with status 0."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(name)
        await pilot.pause()
        assert not app.is_running or app._exit
        assert app.return_code == 0

    play(scene)


def test_without_an_example_the_picker_is_there_to_stay() -> None:
    """There is no lesson to go back to."""

    async def run() -> None:
        app = QkvtuiApp(None, Look(80))
        async with driven(app) as pilot:
            await pilot.press("escape")
            assert isinstance(app.screen, PickerScreen)
            assert "animal-sentence" in screen_text(app)
            await pilot.press("z", "down", "enter")
            await pilot.pause()
            assert lesson_screen_of(app).state.trace.example.name == bundled_names()[1]
            assert app.look.language == "zh"

    asyncio.run(run())


def test_leaving_while_a_screen_is_being_opened_is_no_fault() -> None:
    """A window closed while the lesson was just coming up ended with a traceback and status 1."""
    for example in (opened("animal"), None):
        app = QkvtuiApp(example, Look(80))

        async def run(app: QkvtuiApp = app) -> None:
            async with app.run_test():
                app.action_open()
                app.exit(return_code=143)

        asyncio.run(run())
        assert app.return_code == 143


def test_a_fault_in_a_handler_is_told_all_the_same() -> None:
    """What is wrong with the program would have been hidden from whoever can mend it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        app.call_later(app.screen.query_one, "#nowhere")
        await pilot.pause()

    with pytest.raises(NoMatches):
        play(scene)


def test_a_notice_is_not_left_standing_in_another_language() -> None:
    """Below a page in Chinese stood what had been said in English."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await pilot.pause()
        assert lesson_screen_of(app).state.notice
        await pilot.press("v")
        await pilot.pause()
        assert lesson_screen_of(app).state.notice
        await pilot.press("L", "z")
        await pilot.pause()
        assert lesson_screen_of(app).state.notice == ""
        assert lines_of(app, "footer")[0].startswith("→")

    play(scene)
