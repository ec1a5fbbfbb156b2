"""`y`: the questions of a step, their answers with the lesson's numbers, and the words."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from qkvtui.localized import LANGUAGES
from qkvtui.pages.questions.page import questions_at
from qkvtui.pages.questions.table import QUESTIONS, questions_of
from qkvtui.trace.walk import to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.glossary import GlossaryScreen
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.pages import HelpScreen
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.pages.asking import ASKINGS, Asking

from .driving import click_on, lesson_screen_of, lines_of, opened, play, screen_text


def at_step(app: QkvtuiApp, step: str) -> LessonScreen:
    """The lesson's screen, at a step."""
    screen = lesson_screen_of(app)
    trace = screen.state.trace
    screen.become(screen.state.walked(to_step(trace, screen.state.place, trace.step(step).number - 1)))
    return screen


def title(app: QkvtuiApp) -> str:
    """The first line of the body."""
    return lines_of(app, "body")[0]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asking", ASKINGS, ids=[asking.question for asking in ASKINGS])
def test_each_question_is_answered_within_three_keys_with_the_numbers_of_the_lesson(
    asking: Asking, language: str
) -> None:
    """A beginner's question had no answer where it arises, or one with numbers of another lesson."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = at_step(app, asking.step)
        found = [question.name for question in questions_at(screen.state.trace, screen.state.place)]
        keys = ("y", str(found.index(asking.question) + 1))
        assert found.index(asking.question) < 9
        await pilot.press(*keys)
        shown = lines_of(app, "body")
        text = app.look.texts.questions[asking.question]
        assert all(part in shown[0] for part in text.split("{query}"))
        numbers = set(re.findall(r"-?(?:\d+(?:\.\d+)?(?:e[+-]\d+)?|∞)", "\n".join(shown[1:])))
        assert set(asking.numbers()) - numbers == set()
        assert not any("PgDn" in line for line in shown)

    play(scene, lesson=lesson_of(asking.lesson), look=Look(80, language=language))


def test_every_question_is_among_those_that_are_checked() -> None:
    """A question could have told anything."""
    assert [asking.question for asking in ASKINGS] == [question.name for question in QUESTIONS]


def test_one_goes_into_an_answer_and_back_to_where_one_was() -> None:
    """Arrows and Enter open an answer; Esc, Backspace and y lead back, first to the list."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = at_step(app, "weights")
        before, heading = lines_of(app, "body"), app.look.word("questions_here")
        for leaving in ("escape", "backspace", "y"):
            await pilot.press("y")
            assert title(app) == heading
            await pilot.press("down", "down", "up", "enter")
            assert title(app) == app.look.texts.questions["max"]
            await pilot.press(leaving)
            assert title(app) == heading
            assert "▸2" in lines_of(app, "body")[2]
            await pilot.press(leaving)
            assert lines_of(app, "body") == before
        assert screen.state.place.step == screen.state.trace.step("weights").number - 1

    play(scene)


def test_home_and_end_move_among_the_questions() -> None:
    """They left the list for the first or the last step of the lesson."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = at_step(app, "weights")
        place = screen.state.place
        for key, chosen in (("end", len(questions_of(screen.state.trace)) - 1), ("home", 0)):
            await pilot.press(*(["y"] if key == "end" else []), key)
            assert screen.state.questioned is not None
            assert screen.state.questioned.chosen == chosen
            assert screen.state.place == place

    play(scene)


def test_an_answer_follows_the_number_and_the_switches_and_a_step_closes_it() -> None:
    """The answer would have stayed about a number that is no longer the current one."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = at_step(app, "scores")
        await pilot.press("y", "1")
        assert any("0.85" in line for line in lines_of(app, "body"))
        await pilot.press("comma")
        assert screen.state.place.key == 0
        assert any("0.15" in line for line in lines_of(app, "body"))
        await pilot.press("m")
        assert screen.state.questioned is not None
        await pilot.press("right")
        assert screen.state.questioned is None
        assert screen.state.place.step == screen.state.trace.step("scores").number

    play(scene)


def test_a_question_can_be_clicked() -> None:
    """The mouse works everywhere else."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        at_step(app, "scaled")
        await pilot.press("y")
        await click_on(app, pilot, question=0)
        assert title(app) == app.look.texts.questions["root"]

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [80, 60])
def test_the_footer_of_an_answer_names_the_way_back_and_nothing_to_open(width: int) -> None:
    """`Enter open` and `↑↓ choose` stood below an answer, where neither is true, and at 60 columns no way back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        actions = app.look.texts.actions
        await pilot.press("y")
        assert f"Enter {actions['open_cell']}" in lines_of(app, "footer")[0]
        await pilot.press("enter")
        footer = lines_of(app, "footer")[0]
        assert f"Backspace {actions['close_cell']}" in footer
        assert actions["open_cell"] not in footer.split()
        assert actions["choose"] not in footer.split()

    play(scene, size=(width, 24))


def test_a_long_answer_is_turned_on_and_back() -> None:
    """On a small terminal the end of an answer would have been out of reach."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        at_step(app, "embeddings")
        await pilot.press("y", "1")
        seen = [lines_of(app, "body")]
        assert "PgDn" in seen[0][-1]
        while "PgDn" in seen[-1][-1]:
            await pilot.press("pagedown")
            seen.append(lines_of(app, "body"))
        await pilot.press("up")
        assert lines_of(app, "body") == seen[-2]
        assert app.look.texts.answers["x_from_model"].split()[-1] in " ".join(seen[-1])

    play(scene, lesson=opened("minilm-tired"), size=(60, 20))


def test_what_is_to_be_predicted_is_not_told_by_an_answer() -> None:
    """With blanks, `y` would have told every number that the learner was to find."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = at_step(app, "weights")
        await pilot.press("b", "b", "b")
        assert screen.state.predictions.level == "all"
        await pilot.press("y", "1")
        body = lines_of(app, "body")
        assert app.look.word("withheld") in body
        assert not any("0.26" in line for line in body)

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("way", [("y", "w"), ("y", "up", "enter"), ("question_mark", "w")])
def test_the_words_are_found_from_the_questions_and_from_the_help(way: tuple[str, ...]) -> None:
    """A reader who meets “logits” has somewhere to look it up, in either language."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        if way[1] == "up":
            await pilot.press("y", *["down"] * len(questions_of(lesson_screen_of(app).state.trace)), "enter")
        else:
            await pilot.press(*way)
        assert isinstance(app.screen, GlossaryScreen)
        await pilot.press(*"词向量")
        assert app.look.texts.glossary_names["embedding"] in screen_text(app)
        await pilot.press("enter", "escape", "escape")
        assert isinstance(app.screen, HelpScreen if way[0] == "question_mark" else LessonScreen)

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_word_means_is_shown_whole(language: str, size: tuple[int, int]) -> None:
    """The end of an explanation was cut off."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("y", "w")
        for name in app.look.texts.glossary:
            assert "".join(app.look.texts.glossary[name].split()) in "".join(screen_text(app).split())
            await pilot.press("down")

    play(scene, size=size, look=Look(size[0], language=language))


def test_where_no_word_fits_nothing_is_explained() -> None:
    """Below an empty list stood what the word before means."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("y", "w")
        meaning = "".join(app.look.texts.glossary["token"].split())
        assert meaning in "".join(screen_text(app).split())
        await pilot.press(*"tqzx")
        assert meaning not in "".join(screen_text(app).split())
        assert not str(app.screen.query_one("#note", Static).render()).strip()

    play(scene)
