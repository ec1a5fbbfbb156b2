"""Stops that ask, and questions at the end: asked in their place, hidden until answered, judged and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from textual.pilot import Pilot

from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.tui.actions import acted
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.asking import answered
from qkvtui.tui.canvas import draw_body, draw_heading, draw_sentence, draw_side
from qkvtui.tui.messages import Asked
from qkvtui.tui.moves import played
from qkvtui.tui.pending import hidden_in, pending
from qkvtui.tui.state import LessonState, lesson_of, state_of
from qkvtui.tui.what_if import edited
from qkvtui.views.look import Look

from .driving import lesson_screen_of, lines_of, opened, play, screen_text, settle

LESSON = "please-study-man"
SIZES = ((80, 24), (60, 20), (140, 50))


def at_start(example: str = LESSON, language: str = "en") -> LessonState:
    """The lesson as it is opened."""
    return state_of(lesson_of(example), Look(80, language=language))


def after(state: LessonState, *names: str) -> LessonState:
    """After these actions, one after the other."""
    for name in names:
        state = acted(replace(state, message=None), name)
    return state


def at_stop(number: int, language: str = "en") -> LessonState:
    """On the way through the whole walk, where the stop with this number, from 1, asks."""
    state = at_start(language=language)
    while (asked := pending(state)) is None or asked.name != f"stop {number - 1}":
        assert not state.at_end, "the stop was never met"
        state = after(state, "next_step")
    return state


def drawn(state: LessonState, size: tuple[int, int] = (80, 24)) -> str:
    """All that can be seen in a state."""
    width, height = size
    console = Console(file=StringIO(), width=width, color_system=None, legacy_windows=False)
    for draw in (draw_heading, draw_sentence, draw_body, draw_side):
        console.print(draw(state, width, height))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def everywhere(state: LessonState) -> Iterator[LessonState]:
    """The state, and whatever one can look at without leaving the place."""
    yield state
    for name in ("matrix", "arrows", "flow", "compare", "open_cell", "next_cell", "previous_cell", "why"):
        yield after(state, name)
    for number in range(1, 10):
        yield after(state, "why", f"jump_{number}")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_is_asked_for_is_nowhere_in_sight(language: str, size: tuple[int, int]) -> None:
    """A learner read the answer off the table, the picture, the answer to a why-question, or the teacher's own text."""
    state = at_stop(4, language)
    seen = [drawn(one, size) for one in everywhere(state)]
    assert "____" in seen[0]
    assert [page for page in seen if "1.94" in page] == []
    assert "1.94" in drawn(after(state, "close_cell"), size)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shares_are_not_in_sight_while_they_are_asked_for_before_their_step(language: str) -> None:
    """A comparison of two words, or the words of the step, told how much each gets, and with it the answer."""
    state = at_stop(3, language)
    seen = [drawn(one) for one in everywhere(state)]
    assert [page for page in seen if "0.47" in page or "47%" in page] == []
    assert hidden_in(state).touches("weights")
    assert not hidden_in(after(state, "jump_2")).touches("weights")


def test_stops_are_on_the_way_of_the_whole_walk_and_never_in_it() -> None:
    """A newcomer would have been led past steps, or could not have gone on without an answer."""
    state = at_start()
    steps, asked = [state.place.step], []
    while not state.at_end:
        state = after(state, "next_step")
        steps.append(state.place.step)
        asked.extend([] if (here := pending(state)) is None else [here.name])
    assert steps == [0, 1, 2, 3, 4, 4, 5, 6, *range(7, len(state.trace.walk))]
    assert asked == ["stop 0", "stop 1", "stop 2", "stop 3", "question 0"]
    back = after(state, *["previous_step"] * (state.place.step - 4))
    assert pending(back) is not None
    assert pending(back) == pending(at_stop(3))


def test_a_digit_chooses_and_what_is_said_is_that_of_the_lesson() -> None:
    """The digit led to another step, or a wrong choice was right."""
    state = at_stop(3)
    wrong, right = after(state, "jump_1"), after(state, "jump_2")
    assert (wrong.place, right.place) == (state.place, state.place)
    for one, said, count in ((wrong, "No, it is 2) about a seventh", 0), (right, "Right: 2) about a seventh", 1)):
        assert one.predictions.reply is not None
        assert one.predictions.reply.said.startswith(said)
        assert "e² ≈ 7.4" in drawn(one)
        assert (one.predictions.right, one.predictions.asked) == (count, 1)
        assert pending(one) is None
    assert after(wrong, "jump_1").place.step == 0


def test_a_digit_behind_the_last_choice_is_no_answer() -> None:
    """A slip of the finger counted as an answer, or led away from the question."""
    state = after(at_stop(3), "jump_9")
    assert pending(state) == pending(at_stop(3))
    assert "3 answers" in state.notice


def test_a_number_is_asked_for_and_judged_as_everywhere() -> None:
    """The line was never opened, or a number that is right was told to be wrong."""
    state = at_stop(2)
    for name in ("open_cell", "predict"):
        message = after(state, name).message
        assert isinstance(message, Asked)
        assert (message.purpose, message.values["cell"]) == ("asked", "scores[study,man]")
    right, wrong = answered(state, "2*2"), answered(state, "5")
    assert right.predictions.reply is not None
    assert wrong.predictions.reply is not None
    assert (right.predictions.reply.right, wrong.predictions.reply.right) == (True, False)
    assert "The first number of the key counts for nothing" in drawn(wrong)


def test_what_is_skipped_is_shown_and_does_not_count() -> None:
    """Whoever wanted to see the answer was counted as wrong, or never saw it."""
    state = after(at_stop(1), "close_cell")
    assert state.predictions.asked == 0
    assert "Answer: keys[man,1] = 2" in drawn(state)
    again = after(state, "next_step", "previous_step")
    assert pending(again) is None
    assert "Answer: keys[man,1] = 2" in drawn(again)


def test_the_questions_come_one_after_the_other_at_the_end_and_are_counted() -> None:
    """The second question hid the answer to the first, or the last was asked for ever."""
    state = after(at_start(), "last_step")
    assert "Question 1 of 2" in drawn(state)
    state = after(state, "jump_2")
    assert "Right: 2) no" in drawn(state)
    assert "Question 2 of 2" in drawn(state)
    state = after(state, "jump_1")
    assert "No, it is 2) it shrinks" in drawn(state)
    assert pending(state) is None
    assert "1 of 2 predicted" in drawn(state)
    assert "1 of 2 predicted" in drawn(after(state, "previous_step", "next_step"))


def test_with_other_numbers_nothing_is_asked() -> None:
    """The answer in the file was held against numbers that the learner had changed."""
    state = edited(after(at_start(), "next_step"), "X[man,0]=5")
    while not state.at_end:
        state = after(state, "next_step")
        assert pending(state) is None
        assert "Your turn" not in drawn(state)


def test_it_stands_still_where_it_is_asked() -> None:
    """The lesson walked on by itself while the learner was thinking."""
    state = replace(after(at_start(), "next_step"), plays=True)
    assert not played(state).plays


BLANK = '\n[[stops]]\naddress = "weights[it,animal]"\ntext = "Fill them in."\nblank = ["scaled", "weights"]\n'


def test_blanks_of_a_stop_stay_until_a_number_is_filled_in_or_they_are_skipped(tmp_path: Path) -> None:
    """The blanks could not be filled in, or stayed after that."""
    file = tmp_path / "mine.toml"
    document = opened("animal").trace.example.document
    assert document is not None
    file.write_text(document.text + BLANK, encoding="utf-8")
    state = at_start(str(file))
    assert "Stop 1 of 1: Fill them in." in drawn(state)
    assert "0.26" not in drawn(state)
    assert isinstance(after(state, "predict").message, Asked)
    assert "0.26" in drawn(after(state, "close_cell"))


def test_a_learner_walks_through_with_right_and_wrong_answers() -> None:
    """Somebody at the keyboard could not answer, or was told nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right")
        assert "Your turn" in screen_text(app)
        await pilot.press("enter", "2", "enter")
        await settle(pilot)
        assert "Right: it is 2." in screen_text(app)
        await pilot.press("right", "right", "enter", "5", "enter")
        await settle(pilot)
        assert "it is 4." in screen_text(app)
        await pilot.press("right", "1")
        assert "No, it is 2) about a seventh of that" in screen_text(app)
        await pilot.press("right", "right", "enter", "escape")
        assert "Answer: output[study,0] = 1.94" in screen_text(app)
        await pilot.press("end")
        assert "1 of 3 predicted" in screen_text(app)
        await pilot.press("2", "2")
        state = lesson_screen_of(app).state
        assert (state.predictions.right, state.predictions.asked) == (3, 5)

    play(scene, lesson=lesson_of(LESSON))


def test_behind_the_last_stop_the_walk_goes_on_and_the_next_lesson_comes_behind_the_last_step() -> None:
    """In `bank`, `→` at the third stop left for the next lesson, past four steps and the questions at the end."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("l", "right", "right")
        assert screen.state.tour.followed
        assert screen.state.tour.at_last
        last = screen.state.place.step
        assert app.look.texts.actions["next_lesson"] not in lines_of(app, "footer")[0]
        await pilot.press("right")
        assert screen.state.place.step == last + 1
        assert screen.state.notice == app.look.texts.screen["stops_over"]
        await pilot.press("end")
        assert screen.state.at_end
        assert pending(screen.state) is not None

    play(scene, lesson=opened("bank"))


def test_the_lesson_that_is_named_for_its_stops_has_some() -> None:
    """`l` in the first lesson said only that there are no stops, and not where there are."""
    assert all("bank" in language_texts(language).screen["no_stops"] for language in LANGUAGES)
    assert load("bank").stops
