"""The three pictures in the application: opened, moved in, left, and never telling what is to be predicted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.operations.tensors import Address
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import LessonState
from qkvtui.views.look import Look

from .driving import click_on, lesson_screen_of, lines_of, opened, play, screen_text

KEYS = ("0", "M", "G")
EACH = pytest.mark.parametrize("key", KEYS)


def state_of(app: QkvtuiApp) -> LessonState:
    return lesson_screen_of(app).state


@pytest.mark.sampled(1)
@EACH
def test_a_picture_stands_in_place_of_the_step_until_it_is_left(key: str) -> None:
    """A learner who had looked at the picture could not get back, or came back to another step."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        before, place = lines_of(app, "body"), state_of(app).place
        for way_back in (key, "escape", "backspace"):
            await pilot.press(key)
            assert lines_of(app, "body") != before, way_back
            await pilot.press(way_back)
            assert lines_of(app, "body") == before, way_back
            assert state_of(app).place == place

    play(scene)


def test_one_picture_leads_straight_to_another() -> None:
    """From the flow one had to go back first to see the matrix."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        shown = []
        for key in KEYS:
            await pilot.press(key)
            shown.append(lines_of(app, "body"))
        assert len({tuple(lines) for lines in shown}) == len(KEYS)
        await pilot.press("escape")
        assert state_of(app).picture is None

    play(scene)


@pytest.mark.sampled(1)
@EACH
def test_questions_and_a_picture_never_stand_on_each_other(key: str) -> None:
    """`y` over a picture changed nothing on the screen, and the keys were those of what was not seen."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(key, "y")
        assert state_of(app).picture is None
        assert state_of(app).questioned is not None
        await pilot.press(key)
        assert state_of(app).picture is not None
        assert state_of(app).questioned is None

    play(scene)


def test_arrows_move_along_the_flow_and_enter_goes_to_the_step() -> None:
    """The picture showed where one is and was no way to get anywhere."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("0", "right", "down", "down")
        assert state_of(app).place.step == 3
        assert any("▸[V]" in line for line in lines_of(app, "body"))
        await pilot.press("up", "left")
        assert state_of(app).place.step == 1
        await pilot.press("enter")
        assert state_of(app).picture is None
        assert not state_of(app).trail.cells
        assert state_of(app).place.step == 1

    play(scene)


def test_a_click_on_a_sign_of_the_flow_goes_there() -> None:
    """The mouse did nothing in a picture full of steps."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("0")
        await click_on(app, pilot, step=6)
        assert state_of(app).place.step == 6
        assert state_of(app).picture == "flow"

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("tokens_as", ["rows", "columns"])
def test_arrows_move_in_the_matrix_and_enter_opens_the_cell(tokens_as: str) -> None:
    """`→` left the matrix for the next step, or Enter opened another number than the one in brackets."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "M")
        place = state_of(app).place
        await pilot.press("down", "right", "right")
        moved = state_of(app).place
        down, across = moved.query - place.query, moved.key - place.key
        assert (down, across) == ((1, 2) if tokens_as == "rows" else (1, 1))
        assert moved.step == place.step
        await pilot.press("up", "left", "left")
        back = place if tokens_as == "rows" else replace(place, query=place.query - 1)  # the edge stopped one of two
        assert state_of(app).place == back
        cell = state_of(app).cell
        await pilot.press("enter")
        assert state_of(app).picture is None
        assert state_of(app).trail.cells == (cell,)

    play(scene, look=Look(80, tokens_as=tokens_as))  # type: ignore[arg-type]


def test_behind_the_last_step_the_footer_of_the_arrows_names_the_next_lesson() -> None:
    """`→ next` led out of the lesson without a word."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        actions = app.look.texts.actions
        await pilot.press("end", "left", "G")
        assert f"→ {actions['next_step']}  " in lines_of(app, "footer")[0]
        await pilot.press("n")
        assert f"→ {actions['next_lesson']}" in lines_of(app, "footer")[0]

    play(scene, size=(100, 24))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("key", ["M", "G"])
def test_where_nothing_is_computed_a_picture_offers_nothing_to_open(key: str) -> None:
    """`Enter open` stood in the footer, and Enter said that there is no number."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        enter = f"Enter {app.look.texts.actions['open_cell']}"
        await pilot.press("5", key)
        assert enter in lines_of(app, "footer")[0]
        await pilot.press("6")
        assert state_of(app).picture is not None
        assert enter not in lines_of(app, "footer")[0]
        await pilot.press("enter")
        assert state_of(app).notice == app.look.texts.screen["nothing_computed"]

    play(scene, lesson=opened("similar"))


def test_n_and_p_walk_on_in_the_matrix_and_brackets_change_the_head() -> None:
    """To compare the scores with the weights one had to leave the matrix and come back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5", "M", "n", "n")
        assert state_of(app).cell.name == "weights"
        await pilot.press("]")
        assert state_of(app).cell == Address("weights", *_row_and_key(state_of(app)), 1)
        assert any("▸head 1" in line for line in lines_of(app, "body"))
        await pilot.press("p")
        assert state_of(app).cell.name == "scaled"
        assert state_of(app).picture == "matrix"

    play(scene, lesson=opened("two-heads"))


def _row_and_key(state: LessonState) -> tuple[int, int]:
    return state.place.query, state.place.key


@pytest.mark.slow
def test_the_matrix_ends_at_its_edges() -> None:
    """Moving on at the last column ended in a traceback, or in the next row."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for step in range(len(state_of(app).trace.steps)):
            screen = lesson_screen_of(app)
            screen.action_act(f"jump_{step + 1}")
            await pilot.press("M", *["right"] * 8, *["down"] * 8)
            cell, shape = state_of(app).cell, screen.state.trace.steps[step].shape
            assert (cell.row + 1, cell.column + 1) == shape
            await pilot.press(*["left"] * 8, *["up"] * 8, "M")
            assert (state_of(app).cell.row, state_of(app).cell.column) == (0, 0)

    play(scene)


def test_the_picture_follows_another_key_and_another_query() -> None:
    """The shadow stayed that of “animal” whatever one pressed."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("2", "G")
        trace = state_of(app).trace
        for key, query, pressed in ((1, 3, ""), (2, 3, "full_stop"), (1, 3, "comma"), (1, 2, "up")):
            await pilot.press(*([pressed] if pressed else []))
            assert (state_of(app).place.key, state_of(app).place.query) == (key, query)
            q, k = trace.row("queries", query), trace.row("keys", key)
            shadow = float(q @ k) / float(np.linalg.norm(q))
            words = " ".join(lines_of(app, "body"))
            tokens = trace.example.tokens
            assert f"The shadow of “{tokens[key]}” on “{tokens[query]}” is {shadow:.2f} long" in words

    play(scene)


@pytest.mark.sampled(1)
@EACH
def test_what_is_to_be_predicted_is_asked_for_at_the_step(key: str) -> None:
    """With a picture open, `t` asked for a number that nobody saw hidden, and its answer was shown nowhere."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", key, "t")
        assert state_of(app).picture is None
        assert "0.26" not in screen_text(app)
        await pilot.press("0", ".", "2", "6", "enter")
        assert "Right: it is 0.26." in screen_text(app)

    play(scene)


@pytest.mark.sampled(1)
@EACH
def test_no_picture_tells_what_a_worksheet_leaves_blank(key: str) -> None:
    """With all steps blank, the matrix and the bars had all the answers."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("b", "b", "b", key)
        for step in range(2, 9):
            await pilot.press(str(step))
            shown = "\n".join(lines_of(app, "body"))
            trace = state_of(app).trace
            numbers = {f"{value:.2f}" for value in trace.row(trace.steps[step - 1].id, 3).tolist()}
            assert [number for number in numbers if number in shown] == [], (step, shown)

    play(scene)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40)])
def test_pictures_fit_every_terminal_and_the_footer_says_how_to_go_back(size: tuple[int, int], language: str) -> None:
    """A picture ended in a traceback in a small terminal, or nothing told how to leave it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for key in KEYS:
            for step in ("1", "2", "5", "7", "8", "end"):
                await pilot.press(step, key)
                assert any(line for line in lines_of(app, "body")), (key, step)
                assert f"{key} {app.look.texts.actions['close_cell']}" in lines_of(app, "footer")[0], (key, step)
                await pilot.press(key)

    play(scene, size=size, look=Look(size[0], language=language), lesson=opened("animal-learn"))
