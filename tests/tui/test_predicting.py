"""Predicting a number of the walk: what is right, and what is said of what is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.narration.formats import cell_format
from qkvtui.narration.language import language_texts
from qkvtui.trace.addresses import format_address, parse_address, value_at
from qkvtui.trace.grading import grade
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.predicting import judged
from qkvtui.tui.predictions import Reply
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import lesson_screen_of, opened, play, screen_text, settle

LONGEST = "scaled@1[environment,environment]"
"""An address with tokens of eleven letters."""


def verdict_on(example: str, address: str, answer: Callable[[float], str]) -> tuple[Reply, str]:
    """What is said of an answer, and the number as the page shows it."""
    found = []

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        cell = parse_address(screen.state.trace, address)
        value = value_at(screen.state.trace, cell)
        text = answer(value)
        shown = cell_format(screen.state.trace, cell, app.look.digits).text(value)
        found.append((judged(screen.state, cell, text), shown))

    play(scene, lesson=lesson_of(example))
    return found[0]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("address", ["d_W_Q[0,0]", "d_W_K[1,1]", "update[W_Q.0.0,new]"])
def test_a_gradient_is_predicted_as_finely_as_it_is_shown(address: str) -> None:
    """A number that is visibly another one, with another sign even, would have been right."""
    example = "animal-learn"
    assert verdict_on(example, address, lambda value: f"{value:.4f}")[0].right
    verdict, shown = verdict_on(example, address, lambda value: f"{value + 0.0002:.4f}")
    assert not verdict.right
    assert "0.0002" in verdict.said
    assert shown in verdict.said


@pytest.mark.slow
def test_a_small_gradient_is_not_0_and_has_its_own_sign() -> None:
    """Whoever typed 0, or went the wrong way, would have been told that this is right."""
    trace = opened("it-learn").trace
    row, column = next(
        (row, column) for (row, column), value in np.ndenumerate(trace.matrix("d_W_Q")) if 0.0001 < abs(value) < 0.005
    )
    address = f"d_W_Q[{row},{column}]"
    assert verdict_on("it-learn", address, lambda value: f"{value:.4f}")[0].right
    assert not verdict_on("it-learn", address, lambda value: "0")[0].right
    assert not verdict_on("it-learn", address, lambda value: f"{-value:.4f}")[0].right


def test_what_is_no_gradient_is_predicted_to_two_decimals() -> None:
    """One would have had to type more than the page shows."""
    assert verdict_on("animal", "weights[it,animal]", lambda value: f"{value + 0.004:.2f}")[0].right
    assert not verdict_on("animal", "weights[it,animal]", lambda value: f"{value + 0.02:.2f}")[0].right


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_fits_beside_a_long_address(language: str) -> None:
    """How to see the number without an answer would have been cut off."""
    assert cell_len(language_texts(language).screen["predict_hint"].format(cell=LONGEST)) <= 78


RIGHT = ("0.26", "０．２６", "0.257", ".26", "2.6e-1", "26%", "0,26", "≈0.26")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", [*RIGHT, "0.3", "1/4", "−0.15", "3.", "0.27"])
def test_the_screen_says_right_where_check_does(text: str) -> None:
    """The same answer was right on paper and wrong on the screen: full-width digits, a sum, a power of ten."""
    trace = opened("animal").trace
    cell = parse_address(trace, "weights[it,animal]")
    expected = grade(trace, (cell,), {cell: text}).answers[0].verdict.counts
    assert verdict_on("animal", "weights[it,animal]", lambda value: text)[0].right == expected
    assert expected == (text in RIGHT)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("language", "said"), [("en", "Could be this: Softmax went down"), ("zh", "可能是弄错了 softmax 的方向")]
)
def test_a_guess_that_a_slip_happens_to_give_is_told_as_what_could_be(language: str, said: str) -> None:
    """Whoever guessed a fifth was told as a fact that softmax had gone down the columns."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "t", *"0.2", "enter")
        await settle(pilot)
        cell = format_address(lesson_screen_of(app).state.trace, lesson_screen_of(app).state.cell)
        assert cell == "weights[it,animal]"
        assert said in screen_text(app).replace("\n", " ")

    play(scene, lesson=opened("animal"), look=Look(80, language=language))


def test_what_follows_from_what_was_typed_before_is_right_on_the_screen_too() -> None:
    """On paper the weights of unscaled scores cost nothing more; on the screen they were wrong again."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        trace = lesson_screen_of(app).state.trace
        scores = trace.row("scores", 3)
        share = np.exp(scores[1]) / np.exp(scores).sum()
        for keys, text in (("6t", "0.85"), ("7t", f"{share:.4f}")):
            await pilot.press(*keys, *text, "enter")
            await settle(pilot)
        reply = lesson_screen_of(app).state.predictions.reply
        assert reply is not None
        assert reply.right
        assert "follows" in reply.said
        await pilot.press("s")  # other numbers: nothing follows any more
        await settle(pilot)
        assert not lesson_screen_of(app).state.predictions.written

    play(scene, lesson=opened("animal"))


def test_the_mirror_image_does_not_tell_the_answer() -> None:
    """With W_Q = W_K the matrix of scores is symmetric: S[animal,it] on the same screen was the answer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        await pilot.pause()
        assert screen_text(app).count("0.85") > 2, "the matrix of all is not drawn, so nothing is tested"
        await pilot.press("t")
        await settle(pilot)
        assert "0.85" not in screen_text(app)

    play(scene)


@pytest.mark.parametrize("example", ["animal", "minilm-tired"])
def test_what_is_only_copied_is_not_asked_for(example: str) -> None:
    """At the first step one was asked for a number that the sentence below it told."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("1", "t")
        await settle(pilot)
        assert not app.screen.has_class("-asking")
        assert "copied" in screen_text(app)

    play(scene, lesson=lesson_of(example))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("step", ["2", "3", "4", "5", "6", "7", "8"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
def test_the_answer_is_nowhere_on_the_screen(step: str, size: tuple[int, int]) -> None:
    """A strip, a sentence, a sum or another matrix told the number that was asked for."""
    lesson = opened("journey")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press(step)
        cell = screen.state.cell
        shown = cell_format(screen.state.trace, cell, 2).text(value_at(screen.state.trace, cell))
        before = screen_text(app).count(shown)
        await pilot.press("t")
        await settle(pilot)
        assert before > 1
        assert format_address(screen.state.trace, cell) in screen_text(app)
        assert screen_text(app).count(shown) <= before - 2, screen_text(app)

    play(scene, lesson=lesson, size=size)


def test_an_answer_leaves_the_drawing_as_it_was() -> None:
    """After an answer at the scores the matrix gave way to a list, and one had to look for the number again."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("5")
        await pilot.pause()
        before = screen_text(app)
        title = next(line for line in before.split("\n") if " S " in line)
        await pilot.press("t", *"0.85", "enter")
        await settle(pilot)
        assert title in screen_text(app)

    play(scene)
