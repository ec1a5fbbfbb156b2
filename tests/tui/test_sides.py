"""An encoder-decoder on the screen: which side one is on, and how one walks from the one to the other."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.trace.lesson import Lesson
from qkvtui.trace.walk import start
from qkvtui.tui.app import QkvtuiApp
from qkvtui.views.look import Look
from tests.translators import SOURCE, TARGET, translated

from .driving import lesson_screen_of, lines_of, play, screen_text

SIZES = [(80, 24), (60, 20), (40, 12), (20, 5)]


def lesson() -> Lesson:
    trace = translated()
    return Lesson(trace, start(trace), "translator")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_every_step_of_every_layer_is_drawn_on_the_way_to_the_next_word(language: str, size: tuple[int, int]) -> None:
    """→ broke down where the decoder begins with fewer words than were read, or never came to the next word."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        seen: dict[int, list[str]] = {}
        while True:
            seen.setdefault(screen.state.layer, []).append(screen.state.cell.name)
            assert screen_text(app).strip()
            if screen.state.at_end:
                break
            await pilot.press("right")
        assert list(seen) == [0, 1, 2, 3, 4]
        assert [("encoded" in names) for names in seen.values()] == [False, False, True, False, True]
        assert seen[0][-1] == "normed_left"
        assert seen[4][-1] == "probabilities"
        for _ in range(sum(map(len, seen.values()))):
            await pilot.press("left")
        assert (screen.state.layer, screen.state.place.step) == (0, 0)

    play(scene, lesson=lesson(), size=size, look=Look(80, language=language))


@pytest.mark.parametrize(
    ("language", "said", "words"),
    [
        ("en", ["encoder 0 of 1", "decoder 0 of 2, self", "decoder 0 of 2, cross"], ("source", "target")),
        (
            "zh",
            ["编码器 0（共 1 层）", "解码器 0（共 2 层），自注意力", "解码器 0（共 2 层），交叉注意力"],
            ("源句", "目标句"),
        ),
    ],
)
def test_the_heading_and_the_sentence_say_which_side_it_is(
    language: str, said: list[str], words: tuple[str, str]
) -> None:
    """A reader could not tell whose words ask, and whose are looked at."""
    source, target = words

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for layer, told in enumerate(said):
            assert told in screen_text(app)
            above = "\n".join(lines_of(app, "sentence"))
            assert (source in above) == (layer != 1)
            assert (target in above) == (layer != 0)
            assert (all(token in above for token in SOURCE), all(token in above for token in TARGET)) == (
                layer != 1,
                layer != 0,
            )
            await pilot.press("right_parenthesis")

    play(scene, lesson=lesson(), look=Look(80, language=language))


def test_the_map_of_heads_has_the_layers_in_which_the_same_words_ask_and_are_looked_at() -> None:
    """A line told what a head gives to a word that its layer does not know, or the map ended in a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("H")
        assert [line for line in lines_of(app, "body") if "layer 1" in line or "layer 2" in line] == []
        found = []
        for _ in range(5):
            body = "\n".join(lines_of(app, "body"))
            found.append((screen.state.layer, [layer for layer in range(5) if f"layer {layer}" in body]))
            await pilot.press("down")
        assert found == [(0, [0]), (1, [1, 3]), (3, [1, 3]), (4, [2, 4]), (4, [2, 4])]

    play(scene, lesson=lesson())


def test_a_word_is_appended_to_the_target_from_whichever_layer() -> None:
    """A in a layer of the encoder asked with a token that is not there."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("A")
        assert "what the decoder has written" in "\n".join(lines_of(app, "footer"))
        assert (screen.state.layer, list(screen.state.trace.example.tokens)) == (0, list(SOURCE))
        await pilot.press("right_parenthesis")
        assert len(screen.state.trace.example.tokens) == 3
        assert screen.state.place.query == 2
        await pilot.press("A")
        assert screen.state.place.query == 3
        await pilot.press("u", "u")
        assert list(screen.state.trace.example.tokens) == list(TARGET)

    play(scene, lesson=lesson())


def test_what_a_key_of_the_cross_attention_is_made_of_opens_into_the_encoder_and_back() -> None:
    """Enter on Y led nowhere, or Backspace did not come back to the decoder."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("right_parenthesis", "right_parenthesis", "right", "right")
        assert screen.state.cell.name == "encoded"
        await pilot.press("enter", "enter")
        assert screen.state.layer == 0
        assert screen.state.cell.name == "left"  # what that is made of
        await pilot.press("escape", "escape")
        assert (screen.state.layer, screen.state.cell.name) == (2, "encoded")

    play(scene, lesson=lesson())
