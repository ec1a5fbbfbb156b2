"""Writing on: the next word is appended, and what stood before it stays."""

from __future__ import annotations

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.errors import UsageError
from qkvtui.files.read import load
from qkvtui.trace.appending import appended, next_word
from qkvtui.trace.trace import Trace
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.blocks.drawn import drawn, read
from tests.blocks_oracle import model
from tests.tui.driving import lesson_screen_of, lines_of, play


def test_the_next_word_is_appended_and_the_rows_before_it_stay() -> None:
    """What had been read was read again as something else; or the model looked ahead."""
    trace = Trace(load("next-word"))
    assert next_word(trace) == "tea"
    longer = appended(trace)
    assert longer.example.tokens == (*trace.example.tokens, "tea")
    for step in ("keys", "values", "left"):
        np.testing.assert_array_equal(longer.matrix(step)[:-1], trace.matrix(step))


def test_a_kept_key_is_as_good_as_one_that_is_computed_again() -> None:
    """The lesson of kept keys and values had other numbers than the one whose last row it is."""
    whole, kept = Trace(load("next-word")), Trace(load("decode"))
    for step in ("scores", "weights", "output"):
        np.testing.assert_array_equal(kept.matrix(step)[0], whole.matrix(step)[-1])
    np.testing.assert_array_equal(kept.matrix("keys"), whole.matrix("keys"))
    np.testing.assert_array_equal(kept.matrix("values"), whole.matrix("values"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(20))
def test_every_layer_is_asked_again_with_the_word(seed: int) -> None:
    """The second layer went on with the shorter sentence."""
    structure = drawn(seed, layers=2)
    trace = Trace(read(structure)).at_layer(1)
    if "readout" not in structure:
        with pytest.raises(UsageError, match="reads no next word"):
            appended(trace)
        return
    longer = appended(trace)
    structure["tokens"].append(longer.example.tokens[-1])
    expected = model(structure)
    assert longer.example.layer == 1
    np.testing.assert_allclose(longer.matrix("left"), expected[1]["left"].real, rtol=1e-9, atol=1e-9)
    best = expected[1]["probabilities"][-2].real
    assert best[structure["vocabulary"]["tokens"].index(longer.example.tokens[-1])] == pytest.approx(best.max())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_key_appends_and_another_takes_back(language: str) -> None:
    """The word did not appear in the sentence, or could not be taken back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        assert lesson_screen_of(app).state.place.query == 6
        assert "▸tea◂" in " ".join(lines_of(app, "sentence"))
        assert "tea" in lines_of(app, "footer")[0]
        await pilot.press("u")
        assert "▸likes◂" in " ".join(lines_of(app, "sentence"))

    play(scene, lesson=lesson_of("next-word"), size=(80, 24), look=Look(80, language=language))


def test_where_no_word_is_read_the_key_says_so() -> None:
    """The key was silent, or the program ended."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("A")
        assert "next word" in lines_of(app, "footer")[0]

    play(scene, lesson=lesson_of("block"), size=(80, 24))
