"""Walking through a lesson with several layers: the footer, opening across layers and back, edits, steps by layer."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.files.read import load
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import before_numbers, set_causal, set_number
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import cell_of, start, to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.cli.program import run
from tests.tui.driving import lesson_screen_of, lines_of, play


@pytest.mark.parametrize("step", ["logits", "probabilities"])
def test_the_walk_comes_to_the_next_word_at_the_best_one(step: str) -> None:
    """The arithmetic worked out was that of a word which gets 0."""
    trace = Trace(load("next-word"))
    place = to_step(trace, start(trace), trace.step(step).number - 1)
    cell = cell_of(trace, place)
    assert trace.step(step).column_labels[cell.column] == "tea"
    assert trace.value(cell) == trace.row(step, cell.row).max()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_footer_names_the_keys_for_layers(language: str) -> None:
    """Nobody who had not read the help knew how to get to another layer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert "( )" in lines_of(app, "footer")[0]

    play(scene, lesson=lesson_of("two-layers"), size=(80, 24), look=Look(80, language=language))


def test_backspace_comes_back_from_the_layer_below() -> None:
    """What was opened into the layer below could not be closed again: "nothing is opened"."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("right_parenthesis", "enter")
        before = screen.state
        await pilot.press("enter", "enter")
        below = screen.state
        assert (before.layer, below.layer) == (1, 0)
        assert "embeddings@1" in lines_of(app, "body")[0]
        await pilot.press("backspace", "backspace")
        after = screen.state
        assert (after.layer, after.place, after.trail) == (1, before.place, before.trail)
        await pilot.press("backspace")
        assert not screen.state.trail.cells

    play(scene, lesson=lesson_of("two-layers"), size=(80, 24))


def test_two_edits_are_compared_with_what_was_before_the_first() -> None:
    """After the second edit the screen said what that had done, from a state that no file has."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for typed in ("E@0[tired,3]=0", "E@0[tired,4]=1"):
            await pilot.press("e", "ctrl+u", *typed, "enter")
        screen = lesson_screen_of(app)
        before = screen.state.trace.compared_to
        assert before is not None
        assert before.value(parse_address(before, "E@0[tired,3]")) == 1
        await pilot.press("u")
        assert screen.state.trace.value(parse_address(screen.state.trace, "E@0[tired,4]")) == 0

    play(scene, lesson=lesson_of("two-layers"), size=(80, 24))


def test_an_edit_after_a_switch_is_compared_with_the_switched() -> None:
    """What the mask had done was told as what the number does."""
    trace = Trace(load("animal"))
    masked = set_causal(trace, causal=True)
    edited = set_number(masked, parse_address(masked, "X[it,0]"), 2.0)
    assert before_numbers(masked) is masked
    assert before_numbers(edited) is masked


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("left@1", ["layer 1"]), ("left@0-1", ["layer 0", "layer 1"]), ("left", ["layer 0", "layer 1"])],
)
def test_a_step_of_one_layer_is_printed_alone(asked: str, shown: list[str]) -> None:
    """left@1, an address of the screen, was no step for print."""
    printed = run("print", "two-layers", "--step", asked).output
    assert [line[3:10] for line in printed.splitlines() if line.startswith("── ")] == shown


@pytest.mark.parametrize(
    ("example", "asked", "told"),
    [
        ("two-layers", "left@2", "layers are 0 to 1"),
        ("two-layers", "lefd@1", "did you mean left"),
        ("two-heads", "weights@1", "--head 1"),
        ("animal", "weights@1", "leave out @1"),
    ],
)
def test_a_layer_that_there_is_not_is_refused_with_what_there_is(example: str, asked: str, told: str) -> None:
    """The message named no cure, or there was a traceback."""
    done = run("print", example, "--step", asked)
    assert done.status == 2
    assert told in done.messages


def test_what_a_number_was_is_told_as_finely_as_it_was_before() -> None:
    """After a change that left whole numbers only, 0.99 → 0 read as 1 → 0: nobody had seen a 1 there."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("e", "ctrl+u", *"E@0[tired,tired]=0", "enter")
        await pilot.press("g", "ctrl+u", *"left@0[it,tired]", "enter")
        assert any("0.99 → 0.00 = 0 + 0.00" in line for line in lines_of(app, "body"))

    play(scene, lesson=lesson_of("two-layers"), size=(80, 24))
