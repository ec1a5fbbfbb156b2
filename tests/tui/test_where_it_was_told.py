"""`g` and `e` act on the very number that was named, and say which one that is."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.tui.app import QkvtuiApp

from .driving import lesson_screen_of, lines_of, play, screen_text, settle


@pytest.mark.sampled(1)
@pytest.mark.parametrize("address", ["W_Q[0,1]", "W_V[1,0]", "X[it,1]", "scores[it,it]", "exp[it,The]", "keys[The,1]"])
def test_an_address_is_gone_to(address: str) -> None:
    """`g W_Q[0,1]` went to queries[it,1], and `e` then changed X."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("g", *address, "enter")
        await settle(pilot)
        named = {address, address.replace("X", "embeddings")}
        assert any(line.startswith(tuple(f"{one}  " for one in named)) for line in lines_of(app, "body"))
        here = screen.state.trail.cells[-1] if screen.state.trail.cells else screen.state.cell
        assert here.name in (address.partition("[")[0], "embeddings")

    play(scene)


def test_a_number_of_a_matrix_is_changed_where_one_went_to_it() -> None:
    """Whoever went to W_Q[0,1] and pressed `e` changed another number, and was not told the present one."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("g", *"W_Q[0,1]", "enter", "e")
        await settle(pilot)
        assert "W_Q[0,1] is 0 now" in " ".join(lines_of(app, "said"))
        await pilot.press(*"0.5", "enter")
        await settle(pilot)
        trace = screen.state.trace
        assert value_at(trace, parse_address(trace, "W_Q[0,1]")) == 0.5
        assert (trace.leaf("X") == screen.state.original.inputs["X"]).all()
        await pilot.press("backspace")
        assert not screen.state.trail.cells

    play(scene)


def test_another_number_than_the_one_selected_is_offered_with_a_reason() -> None:
    """At a score `e` offered X[it,0], and did not say why."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5", "e")
        await settle(pilot)
        said = " ".join(lines_of(app, "said"))
        assert "scores[it,animal] is computed" in said
        assert "X[it,0]" in said
        assert "is 0.5 now" in said

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("keys", "typed"), [("5t", "horse"), ("5e", "0.5.5"), ("5g", "W_Z[0,0]"), ("9t", "horse")])
def test_what_cannot_be_taken_is_told_at_once_and_stays_to_be_mended(keys: str, typed: str) -> None:
    """The line stood there as if nothing had been typed, and the message came under the next answer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settle(pilot)
        before = screen_text(app)
        await pilot.press(*(["ctrl+u", *typed]), "enter")
        await settle(pilot)
        assert app.screen.has_class("-asking")
        assert typed in screen_text(app).split("\n")[-1]
        assert screen_text(app) != before
        assert typed.partition("[")[0] in " ".join(lines_of(app, "said"))

    play(scene)
