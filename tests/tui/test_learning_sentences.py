"""The sentences of a task with labels: read at a moment of the run, and walked through."""

from __future__ import annotations

import json

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from qkvtui.trace.learning import learn_of
from qkvtui.trace.study import Study
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.learning import LearningScreen
from qkvtui.tui.sentences import SentencesScreen
from qkvtui.views.look import Look
from tests.cli.program import run

from .driving import Play, lesson_screen_of, lines_of, opened, play, screen_text, settle, until

MOMENT = 60


def listed(scene: Play, size: tuple[int, int] = (80, 24), language: str = "en", at: int = MOMENT) -> None:
    """Play the scene on the list of sentences after so many updates."""

    async def went_there(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, LearningScreen)
        screen.trainer.run_to(at)
        await until(pilot, lambda: not screen.trainer.moves)
        await pilot.press("x")
        await settle(pilot)
        await scene(app, pilot)

    play(went_there, lesson=opened("it-learn"), size=size, look=Look(80, language=language))


def lines(app: QkvtuiApp) -> list[str]:
    """The lines of the list, those below the fold too."""
    assert isinstance(app.screen, SentencesScreen), app.screen
    options = app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("at", [0, MOMENT])
def test_the_list_has_the_numbers_of_the_command(at: int) -> None:
    """The screen's ✓ and the command's would have told of two different runs."""
    ended = run("learn", "it-learn", "--steps", str(at or 1), "--format", "json")
    found = json.loads(ended.output)
    when = "after" if at else "before"
    answers = [*found["answers_learned_from"][when], *found["answers"][when]]

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        shown = lines(app)
        assert len(shown) == len(answers) == 24
        for index, (line, one) in enumerate(zip(shown, answers, strict=True)):
            assert line.startswith("✓ " if one["right"] else "✗ ")
            assert f"{one['answer']} {one['probabilities'][one['answer']]:.2f} " in line
            assert ("test" in line) is (index >= 16)
            assert line.replace("▸", "").replace("◂", "").endswith(" ".join(one["tokens"]))
        right = sum(one["right"] for one in answers[:16]), sum(one["right"] for one in answers[16:])
        assert f"update {at}: right are {right[0]}/16 learned from, {right[1]}/8 of the test" in screen_text(app)

    listed(scene, at=at)


@pytest.mark.slow
@pytest.mark.parametrize("index", [3, 20], ids=["learned from", "of the test"])
def test_a_sentence_is_walked_through_with_the_numbers_of_the_moment(index: int) -> None:
    """ "test 4 → 8 of 8 right" had to be believed: no sentence but the file's own could ever be looked at."""
    study = Study(load("it-learn"))
    study.forward(MOMENT)
    learn = learn_of(study.example)
    wanted = (*learn.sentences, *learn.test)[index]
    (answer,) = study.moment.answers((wanted,))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        below = app.screen
        await pilot.press(*["down"] * index, "enter")
        await settle(pilot)
        trace = lesson_screen_of(app).state.trace
        assert (trace.example.tokens, trace.example.query) == (wanted.tokens, wanted.query)
        assert trace.row("probabilities", wanted.query).tolist() == pytest.approx(answer.probabilities.tolist())
        assert (trace.example.parameters["W_Q"] == study.moment.matrix("W_Q")).all()
        assert f"after update {MOMENT}" in lines_of(app, "heading")[0]
        assert trace.has("update") is (index < 16)
        await pilot.press("end", "left", "left")  # before the source and the end
        await settle(pilot)
        assert ("never learned from" in " ".join(screen_text(app).split())) is (index >= 16)
        await pilot.press("backspace")
        await settle(pilot)
        assert app.screen is below
        await pilot.press("down", "enter")
        await settle(pilot)
        following = (*learn.sentences, *learn.test)[index + 1]
        assert lesson_screen_of(app).state.trace.example.tokens == following.tokens
        await pilot.press("L", "backspace")
        await settle(pilot)
        assert isinstance(app.screen, LearningScreen)
        assert app.screen.study.at == MOMENT

    listed(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("leaving", ["backspace", "escape", "x"])
def test_the_list_is_left_for_the_run(leaving: str) -> None:
    """One would have been caught in the list, or thrown back to the lesson."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*"dark")
        assert len(lines(app)) == 4
        await pilot.press(*["backspace"] * 4)
        assert len(lines(app)) == 24
        await pilot.press(leaving)
        await settle(pilot)
        assert isinstance(app.screen, LearningScreen)

    listed(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (40, 12)], ids=str)
def test_the_list_is_usable_at_any_size(size: tuple[int, int], language: str) -> None:
    """The word that tells would have been cut off, or the way back not been named."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "Enter" in text
        assert "✗" in text or "✓" in text
        if size[0] >= 60:
            assert "was tired" in text
            assert "Backspace" in text

    listed(scene, size, language)


def test_a_task_without_sentences_says_so() -> None:
    """`x` would have done nothing, or opened an empty list."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert isinstance(app.screen, LearningScreen)
        assert "it-learn" in lines_of(app, "footer")[0]

    play(scene, lesson=opened("animal-learn"))
