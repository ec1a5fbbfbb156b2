"""What is said finds its room: long explanations part by part, beside the tables where there is room, the sentence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.trace.walk import to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.samples import each

from .driving import lesson_screen_of, lines_of, play, with_nothing_asked

EXAMPLES = each(bundled_names(), ("animal-sentence", "two-heads", "translation", "minilm-tired"))
SIGNS = re.compile(r"(▴ \+\d+  PgUp)? *(▾ \+\d+  PgDn)?")


def words_of(lines: list[str]) -> list[str]:
    """The lines of the narration: those below the last gap before a sign, without the signs."""
    assert SIGNS.fullmatch(lines[-1]), lines
    return lines[:-1]


def test_a_long_explanation_is_turned_part_by_part_and_says_where_there_is_more(tmp_path: Path) -> None:
    """PgDn moved it on by one line, and nothing said that there was text above."""
    path = tmp_path / "long.toml"
    about = " ".join(f"This is sentence {number} of what there is to say about it." for number in range(20))
    path.write_text(
        f'format = 1\ntitle = "Long"\ntokens = ["a", "b"]\nabout = "{about}"\n'
        "[inputs]\nX = [[1, 0], [0, 1]]\n[parameters]\n"
        "W_Q = [[1, 0], [0, 1]]\nW_K = [[1, 0], [0, 1]]\nW_V = [[1, 0], [0, 1]]\n",
        encoding="utf-8",
    )

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        first = words_of(lines_of(app, "body"))
        assert "▾" in lines_of(app, "body")[-1]
        assert "▴" not in lines_of(app, "body")[-1]
        await pilot.press("pagedown")
        second = words_of(lines_of(app, "body"))
        moved = next(index for index, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)
        assert len({*second[moved:]} - {*first[moved:]}) >= 6, "as good as a whole part is new"
        assert "▴" in lines_of(app, "body")[-1]
        assert "▾" not in lines_of(app, "body")[-1]
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert words_of(lines_of(app, "body")) == second
        assert app.look.texts.screen["no_more"] in lines_of(app, "footer")[0]
        await pilot.press("pageup")
        assert words_of(lines_of(app, "body")) == first, "keys pressed at the end have to be taken back one by one"

    play(scene, size=(80, 24), lesson=lesson_of(str(path)))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_sentence_is_on_a_screen_of_120_by_40(example: str, language: str) -> None:
    """Sentences were below the fold beside twenty empty lines."""
    lesson = lesson_of(example)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(with_nothing_asked(screen.state))
        for index in range(len(lesson.trace.steps)):
            place = to_step(lesson.trace, lesson.place, index)
            screen.become(screen.state.walked(place))
            said = "".join("".join([*lines_of(app, "side"), *lines_of(app, "body")]).split())
            for sentence in narrate(lesson.trace, place, app.look.language, 2):
                assert "".join(text_of(sentence).split()) in said, (index, said)

    play(scene, lesson=lesson, size=(120, 40), look=Look(120, language=language))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_strip_keeps_who_asks_whom_it_looks_at_and_the_last_word(example: str, size: tuple[int, int]) -> None:
    """At 60 columns the sentence about the animal had no “animal” in it, and the one about “tired” no “tired”."""
    lesson = lesson_of(example)
    trace = lesson.trace

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for query in range(trace.shape.queries):
            weights = trace.row("weights", query, lesson.place.head)
            place = to_step(trace, lesson.place, trace.step("weights").number - 1)
            screen.become(screen.state.walked(type(place)(**{**vars(place), "query": query})))
            strip = lines_of(app, "sentence")
            text = " ".join(strip)
            words = text.split()
            best = trace.example.keys[int(np.argmax(weights))]
            assert re.search(rf"▸{re.escape(trace.example.tokens[query])}( [^▸◂]+)?◂", text), strip  # with its gloss
            assert re.search(rf"[ ▸]{re.escape(best)}([ ◂]|$)", text), strip
            assert re.search(rf"[ ▸]{re.escape(trace.example.keys[-1])}([ ◂]|$)", text), strip
            seen = sum(bool(re.fullmatch(r"\d\.\d\d", word)) for word in words)
            left_out = sum(int(word) for word in words if re.fullmatch(r"\+\d+", word))
            assert seen + left_out >= trace.shape.keys, strip

    play(scene, lesson=lesson, size=size)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("example", EXAMPLES)
def test_no_weight_is_in_sight_before_the_step_that_computes_it(example: str) -> None:
    """The answer stood above the first step, so that whoever predicted a weight had only to look up."""
    lesson = lesson_of(example)
    word = language_texts("en").words["weight"]

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for step in lesson.trace.steps:
            screen.become(screen.state.walked(to_step(lesson.trace, lesson.place, step.number - 1)))
            is_due = step.number >= lesson.trace.step("weights").number
            assert any(line.startswith(word) for line in lines_of(app, "sentence")) == is_due, step.id
            assert bool(re.search(r"\d\.\d\d", " ".join(lines_of(app, "sentence")))) == is_due, step.id

    play(scene, lesson=lesson)
