"""Two queries side by side: the one that asks, and the one that looks elsewhere most."""

from __future__ import annotations

import re

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.narration.language import language_texts
from qkvtui.trace.walk import to_query, to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import lesson_of

from .driving import lesson_screen_of, lines_of, play

ASKED = re.compile(language_texts("en").words["looks_at"].format(query="“(.+)”", tokens=""))


def who_asks(app: QkvtuiApp) -> list[str]:
    """The tokens of which the page says whom they look at."""
    return [found[1] for line in lines_of(app, "body") if (found := ASKED.match(line))]


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
            other = screen.state.place.query
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

    play(scene, lesson=lesson_of("animal"))
