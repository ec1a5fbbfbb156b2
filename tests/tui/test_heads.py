"""The map of all heads of all layers: what each gives to one token, and the way into one of them."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import lesson_of
from qkvtui.views.look import Look
from tests.cli.program import run

from .driving import lesson_screen_of, lines_of, play


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12), (20, 5)])
def test_arrows_lead_to_another_head_and_enter_into_it(language: str, size: tuple[int, int]) -> None:
    """H did nothing, the arrows left the map, or Enter led to another head."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("H")
        if size[0] >= 60:
            assert "[0.71]" in "\n".join(lines_of(app, "body"))
        await pilot.press("right")
        assert (screen.state.layer, screen.state.place.head) == (0, 1)
        await pilot.press("comma")
        assert screen.state.place.key == 2
        await pilot.press("down", "enter")
        assert screen.state.layer == 1
        assert screen.state.picture is None
        assert screen.state.cell.name == "weights"

    play(scene, lesson=lesson_of("how-tired-gets-in"), size=size, look=Look(80, language=language))


def test_where_there_is_one_head_the_key_says_so() -> None:
    """A map of one number was shown, or nothing happened."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("H")
        assert lesson_screen_of(app).state.picture is None
        assert "M" in lines_of(app, "footer")[0]

    play(scene)


def test_print_tells_what_each_head_gives_to_the_token_that_is_named() -> None:
    """The numbers were those of another token, or printed once for each layer."""
    printed = run("print", "how-tired-gets-in", "--picture", "heads", "--to", "tired").output
    assert printed.count("A line a layer") == 1
    assert "layer 0 [0.71]█0.99" in printed
    assert "layer 1  0.01     ·" in printed
