"""The mouse works, and is never needed."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from qkvtui.trace.walk import cell_of, to_step
from qkvtui.tui.actions import ACTIONS
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.pages import PageScreen
from qkvtui.views.look import Look, TokensAs

from .driving import click_on, lesson_screen_of, play, screen_text


def test_a_click_on_a_token_makes_it_ask() -> None:
    """In the sentence above the step."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for query in range(screen.state.trace.shape.queries):
            await click_on(app, pilot, query=query)
            assert screen.state.place.query == query

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("tokens_as", ["rows", "columns"])
def test_a_click_on_a_number_makes_it_the_current_cell(tokens_as: TokensAs) -> None:
    """A number of an earlier step leads to that step, where it is worked out; however the matrices are turned."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        first = screen.state.place
        for step, cell in (
            ("embeddings", ("embeddings", 4, 1, 0)),
            ("queries", ("embeddings", 2, 0, 0)),
            ("queries", ("queries", 1, 1, 0)),
            ("scores", ("scores", 3, 1, 0)),
            ("scores", ("keys", 2, 1, 0)),
            ("weights", ("weights", 3, 4, 0)),
            ("values", ("values", 2, 1, 0)),
            ("output", ("values", 2, 1, 0)),
            ("weights", ("scaled", 3, 0, 0)),
        ):
            number = screen.state.trace.step(step).number
            screen.become(screen.state.walked(to_step(screen.state.trace, first, number - 1)))
            await pilot.pause()
            await click_on(app, pilot, cell=cell)
            at = cell_of(screen.state.trace, screen.state.place)
            assert (at.name, at.row, at.column, at.head) == cell, step
            marked = [word for word in screen_text(app).split() if word.startswith("[") and word.endswith("]")]
            assert marked, (step, cell)

    play(scene, look=Look(80, tokens_as=tokens_as))


def test_a_click_on_a_crumb_leads_to_its_step() -> None:
    """The line of signs above the sentence, as the help page promises."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for index in (4, 8, 0, 6):
            await click_on(app, pilot, step=index)
            assert screen.state.place.step == index

    play(scene)


def test_a_click_on_the_footer_does_what_its_key_does() -> None:
    """Each entry is a button."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        call: dict[str, Any] = {action.name: action.call for action in ACTIONS}
        await click_on(app, pilot, action=call["next_step"])
        assert screen.state.place.step == 1
        await click_on(app, pilot, action=call["previous_step"])
        assert screen.state.place.step == 0
        await click_on(app, pilot, action=call["language"])
        assert app.look.language == "zh"
        await click_on(app, pilot, action=call["help"])
        assert isinstance(app.screen, PageScreen)

    play(scene)


def test_a_click_on_nothing_does_nothing() -> None:
    """Between the numbers there is nothing to choose."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        await pilot.click(offset=(79, 4))
        await pilot.pause()
        assert screen.state.place == before

    play(scene)
