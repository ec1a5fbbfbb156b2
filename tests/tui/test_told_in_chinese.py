"""What goes wrong in the Chinese application, and its list of commands: no English sentence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.command_list import CommandsScreen
from qkvtui.tui.drawing import DrawnWidget
from qkvtui.tui.pages import ProblemsScreen
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.cli.test_told_in_chinese import english_in
from tests.terminal.driver import ROOT

from .driving import lesson_screen_of, play, screen_text, settle
from .test_refusals import REFUSED
from .test_reload import read_again

CHINESE = Look(80, language="zh")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("what", REFUSED)
def test_why_an_answer_is_refused_is_told_in_chinese(what: str) -> None:
    """`e zzz Enter` in the Chinese application: `'zzz' is not a number`."""
    name, opening, typed, _ = REFUSED[what]

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*opening)
        await settle(pilot)
        await pilot.press(*typed, "enter")
        await settle(pilot)
        widget = app.screen.query_one("#said", DrawnWidget)
        said = "".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))
        assert re.search("[\u4e00-\u9fff]", said), said
        assert english_in(said) == []

    play(scene, lesson=lesson_of(name), look=CHINESE)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("text", ['title = "它\n', "format = 1\ntitel = 1\n", ""], ids=["torn", "misspelt", "empty"])
def test_what_is_wrong_with_a_file_that_is_read_again_is_told_in_chinese(text: str, tmp_path: Path) -> None:
    """Below the Chinese title of the page stood English mistakes."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        path.write_text(text, encoding="utf-8")
        await pilot.press("r")
        await read_again(app, pilot)
        assert isinstance(app.screen, ProblemsScreen)
        assert english_in(re.sub(r"(?m)^ {4}.*", "", screen_text(app)).replace(str(path), "")) == []

    play(scene, lesson=lesson_of(str(path)), look=CHINESE)


def test_what_cannot_be_done_here_is_told_in_chinese() -> None:
    """A key that cannot do anything said so in English in the Chinese footer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for key in ("L", "l", "right_square_bracket", "N", "backspace", "u"):
            await pilot.press(key)
            await settle(pilot)
            assert english_in(lesson_screen_of(app).state.notice) == []

    play(scene, look=CHINESE)


def test_a_command_is_found_by_what_it_does_in_chinese() -> None:
    """`注意` found nothing, though 注意力分布 stood in the list."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, CommandsScreen)
        everything = [choice.id for choice in app.screen.choices(80)]
        await pilot.press("注", "意")
        await settle(pilot)
        found = [choice.id for choice in app.screen.choices(80)]
        assert "colder" in found
        assert 0 < len(found) < len(everything)
        assert english_in(screen_text(app)) == []

    play(scene, look=CHINESE)


def test_the_commands_stand_in_the_order_of_the_help_page() -> None:
    """They were sorted by the numbers of their characters: English first, softmax next, then at random."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        offers = [offer.action.name for offer in lesson_screen_of(app).offers(app.look.texts)]
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, CommandsScreen)
        listed = [choice.id for choice in app.screen.choices(80) if choice.id is not None]
        assert listed == [name for name in offers if name in listed]

    play(scene, look=CHINESE)
