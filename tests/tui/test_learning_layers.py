"""The learning screen where several layers learn, and the walk up to the loss and down again."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.trace.addresses import value_at
from qkvtui.trace.study import Cell
from qkvtui.trace.walk import cell_of
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of

from .driving import lesson_screen_of, lines_of, play, screen_text, settle
from .test_learning import learn, learning_of

LESSON = "two-layers-learn"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12)])
def test_round_brackets_show_another_layer_s_attention(size: tuple[int, int]) -> None:
    """Only the last layer was ever seen, although both learn; or a narrow screen crashed."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        assert study.layer == 1
        await pilot.press("left_parenthesis")
        await settle(pilot)
        assert study.layer == 0
        if size[0] > 40:
            assert "layer 0" in screen_text(app)
        await pilot.press("left_parenthesis")
        await settle(pilot)
        assert study.layer == 0
        await pilot.press("right_parenthesis")
        await settle(pilot)
        assert study.layer == 1

    learn(scene, LESSON, size=size)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["W_Q@0", "W_K@1"])
def test_enter_leads_to_the_gradient_in_its_own_layer(name: str) -> None:
    """The walk opened at another layer, or said that the number has no place in it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        study.cursor.choose(Cell(name, 3, 0))
        await pilot.press("right", "right", "enter")
        await settle(pilot)
        trace = lesson_screen_of(app).state.trace
        plain, _, layer = name.partition("@")
        cell = cell_of(trace, lesson_screen_of(app).state.place)
        assert (trace.example.layer, cell.name, cell.row, cell.column) == (int(layer), f"d_{plain}", 3, 0)
        index = trace.backward.index_of(name, 3, 0)
        assert trace.backward.gradient[index] == pytest.approx(study.moment.gradient(name)[3, 0], rel=1e-9)
        assert value_at(trace, cell) != 0

    learn(scene, LESSON)


@pytest.mark.slow
def test_the_arrow_goes_up_to_the_loss_and_down_to_the_update() -> None:
    """→ behind layer 1 led to the next lesson, and the gradients of layer 0 were met before the loss."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        seen = []
        for _ in range(60):
            state = lesson_screen_of(app).state
            seen.append((state.layer, state.trace.walk[state.place.step].id))
            if state.at_end:
                break
            await pilot.press("right")
            await settle(pilot)
        assert seen.index((0, "left")) + 1 == seen.index((1, "embeddings"))
        assert seen.index((1, "d_W_K")) + 1 == seen.index((0, "d_left"))
        assert seen[-1] == (0, "end")
        for expected in reversed(seen[:-1]):
            await pilot.press("left")
            await settle(pilot)
            state = lesson_screen_of(app).state
            assert (state.layer, state.trace.walk[state.place.step].id) == expected
        assert "layer 0" in lines_of(app, "heading")[0]

    play(scene, lesson=lesson_of(LESSON))
