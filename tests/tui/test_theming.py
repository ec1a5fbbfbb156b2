"""Colours for another background, by a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color
from rich.style import Style
from textual.pilot import Pilot
from textual.widgets import OptionList

from qkvtui.command_line import LessonOptions
from qkvtui.environment import THEMES
from qkvtui.memory.state import Memory
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.looks import suited
from qkvtui.tui.start import _is_background_wanted
from qkvtui.views.look import Look
from qkvtui.views.themes import palette_for

from .driving import lesson_screen_of, opened, play, screen_text


def styles_of(app: QkvtuiApp) -> set[Style]:
    """Every style on the screen."""
    strips = app.screen._compositor.render_strips()
    return {segment.style for strip in strips for segment in strip if segment.style is not None}


def is_on(app: QkvtuiApp, wanted: Style) -> bool:
    """Whether something on the screen is written in these colours."""
    return any(
        (one.color, one.bgcolor, one.bold) == (wanted.color, wanted.bgcolor, wanted.bold) for one in styles_of(app)
    )


def test_a_key_leads_through_the_themes_and_the_lesson_follows_at_once() -> None:
    """On a light terminal the token that asks stayed yellow on white, and nothing could be done about it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        met = []
        for _ in THEMES[1:]:
            await pilot.press("T")
            met.append(app.look.palette.theme)
            assert is_on(app, app.look.palette.query)
            assert met[-1] in screen_text(app)
            assert lesson_screen_of(app).state.look.palette is app.look.palette
        assert met == ["light", "ansi", "high-contrast", "dark"]

    play(scene)


def test_what_was_asked_for_holds_from_the_first_frame() -> None:
    """`--theme light` would have been dark until a key was pressed; and lists white on white."""
    look = Look(80, palette=palette_for("light", "", few=False))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_on(app, look.palette.query)
        assert app.theme == "ansi-light"
        await pilot.press("ctrl+p")
        chosen = app.screen.query_one(OptionList).get_component_rich_style("option-list--option-highlighted")
        assert (chosen.color, chosen.bgcolor) == (Color.from_ansi(15), Color.from_ansi(4))

    play(scene, look=look)


@pytest.mark.parametrize("few", [False, True])
def test_as_many_colours_as_the_terminal_has_stay(few: bool) -> None:
    """On a terminal of sixteen colours the next theme would have had shades that it does not know."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("T", "T", "T")
        assert app.look.palette.few is few

    play(scene, look=Look(80, palette=palette_for("dark", "", few=few)))


def test_the_learning_screen_has_the_key_too() -> None:
    """One would have had to leave the run to be able to read it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L", "T")
        await pilot.pause()
        assert app.look.palette.theme == "light"
        assert "light" in screen_text(app).splitlines()[-1]
        await pilot.press("L")
        assert lesson_screen_of(app).look.palette.theme == "light"

    play(scene, lesson=opened("animal-learn"))


@pytest.mark.parametrize("few", [False, True])
def test_a_terminal_that_says_that_it_is_light_is_believed_until_somebody_chooses(few: bool) -> None:
    """A slow answer would have undone the choice of T; or a choice that agrees with it been remembered for good."""
    memory = Memory(settled={"theme": "dark"})

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        told = app.background_told
        assert told is not None
        told(False)
        assert app.look.palette.theme == "dark"
        told(True)
        await pilot.pause()
        assert (app.look.palette.theme, app.look.palette.few, app.theme) == ("light", few, "ansi-light")
        assert is_on(app, app.look.palette.query)
        assert lesson_screen_of(app).state.look.palette is app.look.palette
        await pilot.press("T")
        assert memory.known.choices == {"theme": "ansi"}
        told(True)
        assert app.look.palette.theme == "ansi"
        await pilot.press("T", "T", "T")
        assert memory.known.choices == {}

    play(scene, look=Look(80, palette=palette_for("dark", "", few=few)), memory=memory, ask_background=True)


def test_the_usual_colours_can_be_chosen_where_the_terminal_would_be_given_others() -> None:
    """Whoever went back to dark in a light terminal had it light again in the next session."""
    memory = Memory()

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("T", "T", "T", "T")
        assert app.look.palette.theme == "dark"
        assert memory.known.choices == {"theme": "dark"}
        told = app.background_told
        assert told is not None
        told(True)
        assert app.look.palette.theme == "dark"

    play(scene, memory=memory, ask_background=True)


def test_the_flag_for_the_terminals_own_colours_counts_for_more_than_a_choice_that_was_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--theme auto` in a light terminal stayed dark, because T had chosen that weeks ago."""
    monkeypatch.delenv("COLORFGBG", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    memory = Memory(str(tmp_path / "state.json"))
    memory.choose("theme", "dark")
    memory.save()
    memory = Memory(str(tmp_path / "state.json"))
    options = LessonOptions()
    options.theme = "auto"
    assert not _is_background_wanted(options, memory)
    options.given = frozenset({"theme"})
    assert _is_background_wanted(options, memory)
    assert suited(Look(80), memory, is_light=True).palette.theme == "light"


def test_without_colours_the_line_one_is_at_is_underlined(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR the highlighted line of a list was only bolder than the others, whose names are bold as well."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        lines = app.screen.query_one(OptionList)
        underlined = [
            all(segment.style.underline for segment in lines.render_line(y) if segment.style) for y in range(3)
        ]
        assert underlined == [False, True, False]

    play(scene)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("theme", [one for one in THEMES if one != "auto"])
@pytest.mark.parametrize("keys", [("ctrl+p",), ("o",), ("question_mark", "w")], ids=" ".join)
def test_the_line_of_a_list_where_one_is_has_one_colour_on_its_bar(keys: tuple[str, ...], theme: str) -> None:
    """Grey names and green ticks stayed grey and green on the light bar: a contrast of 2 where 4.5 can be read."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        options = app.screen.query_one(OptionList)
        bar = options.get_component_rich_style("option-list--option-highlighted")
        for _ in range(6):
            await pilot.press("down")
            on_bar = [
                segment.style
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style is not None and segment.style.bgcolor == bar.bgcolor and segment.text.strip()
            ]
            assert on_bar
            assert {style.color for style in on_bar} == {bar.color}

    play(scene, look=Look(80, palette=palette_for(theme, "", few=False)))
