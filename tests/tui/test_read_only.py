"""The application in a session that may only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from qkvtui.files.find import bundled_folder
from qkvtui.files.restricted import restrict
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.command_list import commands_of
from qkvtui.tui.drawn import DrawnScreen
from qkvtui.tui.prompt import LinePrompt
from qkvtui.views.look import Look

from .driving import lesson_screen_of, lines_of, opened, play, screen_text
from .printed import printed


@pytest.fixture(autouse=True)
def read_only() -> Iterator[None]:
    """Nothing may be written."""
    restrict((bundled_folder(),))
    yield
    restrict(())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_w_says_why_it_does_nothing(language: str) -> None:
    """A student would have typed a name, and been refused behind it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("w")
        assert not app.screen.has_class("-asking")
        assert lines_of(app, "footer")[0].startswith(app.look.texts.screen["read_only"])
        assert lesson_screen_of(app).query_one(LinePrompt).value == ""

    play(scene, look=Look(80, language=language))


def test_w_says_so_while_it_learns_too() -> None:
    """The learning screen has a key of its own that writes."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L", "w")
        assert not app.screen.has_class("-asking")
        assert app.look.texts.screen["read_only"] in screen_text(app)

    play(scene, lesson=opened("animal-learn"))


@pytest.mark.parametrize("keys", [(), ("L",)], ids=["lesson", "learning"])
def test_help_and_the_list_do_not_offer_what_cannot_be(keys: tuple[str, ...]) -> None:
    """The help would have promised a file, and a shell."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        screen = app.screen
        assert isinstance(screen, DrawnScreen)
        text = "\n".join(printed(screen.help(app.look.sized(78, None)), 78))
        assert "Ctrl+P" in text
        assert "Ctrl+Z" not in text
        told = app.look.texts.learning_help if keys else app.look.texts.action_help
        assert told["write"][:20] not in text
        assert {"write", "suspend"}.isdisjoint(offer.action.name for offer in commands_of(screen))

    play(scene, lesson=opened("animal-learn"))
