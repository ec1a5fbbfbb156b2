"""Two queries side by side: the one that asks, and the one that looks elsewhere most."""

from __future__ import annotations

import re

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.narration.language import language_texts
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.trace.walk import to_query, to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of

from .driving import lesson_screen_of, lines_of, opened, play

ASKED = re.compile(language_texts("en").words["looks_at"].format(query="“(.+)”", tokens=""))


def who_asks(app: QkvtuiApp) -> list[str]:
    """The tokens of which the page says whom they look at."""
    return [found[1] for line in lines_of(app, "body") if (found := ASKED.match(line))]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("example", ["animal-sentence", "causal"])
def test_the_query_that_looks_elsewhere_most_stands_beside_the_one_that_asks(example: str) -> None:
    """`c` showed one query twice, or two that look at the same tokens."""
    lesson = lesson_of(example)
    tokens, weights = lesson.trace.example.tokens, lesson.trace.matrix("weights")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for query in {0, lesson.place.query, len(tokens) - 1}:
            at = to_query(lesson.trace, lesson.place, query)
            screen.become(screen.state.walked(to_step(lesson.trace, at, lesson.trace.step("weights").number - 1)))
            await pilot.press("c")
            await pilot.pause()
            shown = who_asks(app)
            other = screen.state.pinned
            assert other is not None
            assert screen.state.place.query == query, "who asks was exchanged without a word"
            distances = np.abs(weights - weights[query]).sum(axis=1)
            assert set(shown) == {tokens[query], tokens[other]}, query
            assert len(shown) == 2, query
            assert distances[other] == distances.max() > 0, query
            await pilot.press("c")
            await pilot.pause()
            assert who_asks(app) == []
            assert screen.state.place.query == query

    play(scene, lesson=lesson)


def test_what_is_wrong_on_purpose_is_said_of_two_queries_too() -> None:
    """“tired” looked at “tired” 100%, “it” 50%, and nothing said that this is no softmax over rows."""
    wrong = language_texts("en").words["softmax_over_columns"].split("{")[0][:40]

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "x", "c")
        await pilot.pause()
        assert who_asks(app)
        assert any(wrong in line for line in lines_of(app, "body"))
        await pilot.press("x")
        await pilot.pause()
        assert not any(wrong in line for line in lines_of(app, "body"))

    play(scene, lesson=opened("animal"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("step", "name"), [("2", "queries"), ("5", "scores"), ("7", "weights"), ("8", "output")])
def test_what_the_step_shows_is_compared_and_explained(step: str, name: str) -> None:
    """At the queries and the outputs the weights were compared, and the explanation was gone."""
    lesson = opened("animal")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(step)
        first = narrate(lesson.trace, lesson_screen_of(app).state.place, "en", 2)[0]
        await pilot.press("c")
        lines = lines_of(app, "body")
        assert sum(line.startswith((f"{name}[it,", f"{name}[tired,")) for line in lines) == 2
        assert text_of(first)[:50] in "\n".join(lines)
        assert {"it", "tired"} <= {*re.findall(r"“(\w+)”", lines_of(app, "footer")[0])}

    play(scene, lesson=lesson)


def test_keys_and_values_are_the_same_whoever_asks() -> None:
    """At the keys two rows of weights were compared."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for step in "34":
            await pilot.press(step, "c")
            assert language_texts("en").words["same_for_all"] in lines_of(app, "body")
            await pilot.press("c")

    play(scene)


def test_where_nothing_is_changed_there_are_no_arrows() -> None:
    """After `d d` the compared rows were full of 0.15→0.15."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("d", "d", "2", "c")
        for step in "25678":
            await pilot.press(step)
            found = re.findall(r"(-?[\d.]+)→(-?[\d.]+)", "\n".join(lines_of(app, "body")))
            assert all(before != after for before, after in found), found

    play(scene, lesson=opened("animal"))


def test_when_the_other_one_is_asked_the_two_change_places() -> None:
    """Going to the token beside it compared a token with itself."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("7", "c")
        asked, other = screen.state.place.query, screen.state.pinned
        await pilot.press("down")
        assert (screen.state.place.query, screen.state.pinned) == (other, asked)

    play(scene, lesson=opened("animal"))
