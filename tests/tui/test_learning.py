"""The learning screen: update by update, by itself, otherwise, and into the gradients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from textual.geometry import Offset
from textual.pilot import Pilot

from qkvtui.localized import LANGUAGES
from qkvtui.narration.learning import reason_of, wanted
from qkvtui.narration.sentences import Sentence, text_of
from qkvtui.operations.tensors import Address
from qkvtui.trace import run
from qkvtui.trace.addresses import value_at
from qkvtui.trace.edits import number_edit
from qkvtui.trace.study import Cell, Study
from qkvtui.trace.walk import cell_of
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.learning import LearningScreen
from qkvtui.tui.learning_footer import learning_footer
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.pages import PageScreen
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.samples import each

from .driving import Play, click_on, driven, lesson_screen_of, lines_of, opened, play, screen_text, settle, until

EXAMPLES = ("animal-learn", "sentence-learn", "it-learn")
LARGER = ((60, 20), (120, 40), (200, 50), (50, 30), (100, 15))


class Clock:
    """Stands in for time and for Textual's timer: goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.a_look_takes = 0.0
        self.between = 0.0
        self.tick: Callable[[], object] = lambda: None
        self.runs = False

    def __call__(self) -> float:
        self.now += self.a_look_takes
        return self.now

    def start(self, seconds: float, tick: Callable[[], object]) -> Clock:
        self.between, self.tick, self.runs = seconds, tick, True
        return self

    def stop(self) -> None:
        self.runs = False


def learn(scene: Play, example: str = "animal-learn", size: tuple[int, int] = (80, 24), language: str = "en") -> None:
    """Play the scene on an example's learning screen."""

    async def opened(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settle(pilot)
        await scene(app, pilot)

    play(opened, lesson=lesson_of(example), size=size, look=Look(80, language=language))


def learning_of(app: QkvtuiApp) -> LearningScreen:
    """The learning screen that is on the screen."""
    assert isinstance(app.screen, LearningScreen), app.screen
    return app.screen


def clocked(screen: LearningScreen) -> Clock:
    """The clock that the screen's trainer goes by from now on."""
    clock = Clock()
    screen.trainer._every = clock.start
    screen.trainer._clock = clock
    return clock


@pytest.mark.slow
def test_stepping_on_and_back() -> None:
    """Each key is one update, and what was there before is there again."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        assert not study.changed
        assert "from the file's numbers" in lines_of(app, "heading")[1]
        first = screen_text(app)
        assert "update 0 of 100" in first
        await pilot.press("right", "n", "right")
        third = screen_text(app)
        assert study.at == 3
        assert "update 3 of 100" in third
        await pilot.press("p")
        assert study.at == 2
        await pilot.press("n")
        assert screen_text(app) == third
        await pilot.press("home")
        assert study.at == 0
        await pilot.press("pagedown", "pagedown", "pageup")
        assert study.at == 10
        assert study.run.last.number == 20

    learn(scene)


def test_an_example_without_a_task_names_those_that_have_one() -> None:
    """`L` would have done nothing, and nobody would have known why."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert "learn" not in lines_of(app, "footer")[0]
        await pilot.press("L")
        await pilot.pause()
        footer = lines_of(app, "footer")[0]
        for name in EXAMPLES:
            assert name in footer

    play(scene)


@pytest.mark.slow
def test_playing_goes_on_by_itself_at_a_pace() -> None:
    """`space` learns some updates at each tick until the end, `+` and `-` change how many, `space` again stops."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clock = clocked(screen)
        await pilot.press("space")
        assert (clock.runs, clock.between) == (True, 0.2)
        assert "5 updates a second" in lines_of(app, "footer")[0]
        clock.tick()
        assert screen.study.at == 1
        for _ in range(20):
            await pilot.press("plus")
        clock.tick()
        assert screen.study.at == 51
        await pilot.press("space")
        assert not clock.runs
        await pilot.press("a")
        while clock.runs:
            clock.tick()
        assert screen.study.at == screen.study.learn.steps
        await pilot.press("space")
        assert (clock.runs, screen.study.at) == (True, 0)
        for _ in range(20):
            await pilot.press("minus")
        assert clock.between == 1

    learn(scene)


def test_only_what_goes_on_by_itself_is_marked_in_the_footer() -> None:
    """While it played the whole footer was as loud as the pace."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clocked(screen)
        await pilot.press("space")
        line = learning_footer(screen.notice, screen.trainer, app.look)
        pace, query = "5 updates a second", app.look.palette.query
        assert pace in line.plain
        loud = [line.plain[span.start : span.end] for span in line.spans if span.style == query]
        assert loud == [next(text for text in loud if pace in text)]
        assert not line.style

    learn(scene)


@pytest.mark.slow
def test_a_run_to_the_end_shows_how_far_it_is_and_can_be_stopped() -> None:
    """One would have waited without knowing for what, or had to."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clock = clocked(screen)
        clock.a_look_takes = 0.01  # a slice has time for two updates
        await pilot.press("end")
        assert clock.runs
        assert 0 < screen.study.at <= 2
        for _ in range(20):
            clock.now += 0.25
            clock.tick()
        footer = lines_of(app, "footer")[0]
        assert f"{screen.study.at}%" in footer
        assert "left" in footer
        await pilot.press("escape")
        assert not clock.runs
        assert learning_of(app) is screen
        stopped = screen.study.at
        assert 0 < stopped < 100
        await pilot.press("E")
        while clock.runs:
            clock.tick()
        assert screen.study.at == 100
        assert lines_of(app, "footer")[0].startswith("→")

    learn(scene)


def test_a_key_is_obeyed_between_two_slices() -> None:
    """While it runs, the next update of another matrix, or quitting, would have had to wait for the end."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clock = clocked(screen)
        clock.a_look_takes = 0.01
        await pilot.press("end", "tab", "full_stop")
        assert clock.runs
        assert screen.study.cursor.cell == Cell("W_K", 0, 1)
        await pilot.press("q")
        await pilot.pause()
        assert app._exit

    learn(scene)


def test_what_goes_on_by_itself_stands_still_behind_another_screen() -> None:
    """Behind the help page the machine would have been kept busy, and the run would have been elsewhere afterwards."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clock = clocked(screen)
        await pilot.press("space", "question_mark")
        await settle(pilot)
        assert isinstance(app.screen, PageScreen)
        assert not clock.runs
        assert app.look.texts.learning_help["to_end"] in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert learning_of(app) is screen

    learn(scene)


@pytest.mark.slow
def test_settings_change_on_the_spot() -> None:
    """Rate, optimizer, objective, seed and the number of updates are seen in the heading, and `R` takes all back."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study

        def heading() -> str:
            return "\n".join(lines_of(app, "heading"))

        own = study.learn
        await pilot.press("right", "right", "right", "left")
        await pilot.press("less_than_sign")
        assert (study.at, study.run.last.number, study.learn.rate) == (2, 2, own.rate / 2)
        await pilot.press("greater_than_sign", "greater_than_sign")
        assert study.learn.rate == own.rate * 2
        await pilot.press("r", *"0.25", "enter")
        await pilot.pause()
        assert "rate 0.25" in heading()
        await pilot.press("o", "o")
        assert "adam" in heading()
        assert study.at == 2
        await pilot.press("j")
        assert (study.learn.objective, study.at) == ("output", 0)
        assert "squared error" in heading()
        await pilot.press("d", "7", "enter")
        await pilot.pause()
        assert "seed 7" in heading()
        await pilot.press("s", *"12", "enter")
        await pilot.pause()
        assert "update 0 of 12" in heading()
        await pilot.press("R")
        assert study.learn == own
        assert study.run.learn == own

    learn(scene)


@pytest.mark.slow
def test_a_setting_that_makes_no_sense_is_refused_in_words() -> None:
    """It would have ended in a traceback, or in a run that cannot be."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        before = screen.study.learn
        for key, answers in {
            "r": ("0", "-1", "nan"),
            "d": ("1.5", "1000000000"),
            "s": ("0", "many", "1000001"),
        }.items():
            for typed in answers:
                await pilot.press(key, *typed, "enter")
                await settle(pilot)
                assert screen.study.learn == before, (key, typed)
                assert screen.has_class("-asking")
                assert typed in lines_of(app, "said")[0], (key, typed)
                assert screen.query_one(LinePrompt).value == typed
                await pilot.press("escape")
                await settle(pilot)

    learn(scene)


def test_after_a_wrong_value_the_line_asks_again() -> None:
    """What is wrong would not have been seen, and the `Esc` that was meant for the line have left the screen."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        await pilot.press("r", "0", "enter")
        await settle(pilot)
        assert screen.has_class("-asking")
        assert "a rate of 0 is not above 0" in screen_text(app)
        await pilot.press(*"0.25", "enter")
        await settle(pilot)
        assert screen.study.learn.rate == 0.25
        await pilot.press("s", "0", "enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert learning_of(app) is screen
        assert not screen.has_class("-asking")
        assert screen.notice == ""
        assert screen.study.learn.rate == 0.25

    learn(scene)


@pytest.mark.slow
def test_a_run_stops_in_words_where_no_more_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have stood still for no reason, or taken all memory there is."""
    monkeypatch.setattr(run, "MOST_MEMORY", 8 * 8 * 4 * 5)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        clock = clocked(screen)
        await pilot.press("end")
        while clock.runs:
            clock.tick()
        assert screen.study.at == 5
        assert "5 updates are as many as are kept" in lines_of(app, "footer")[0]
        await pilot.press("right")
        assert "5 updates are as many as are kept" in lines_of(app, "footer")[0]
        await pilot.press("left")
        assert screen.notice == ""
        await pilot.press("space")
        while clock.runs:
            clock.tick()
        assert "5 updates are as many as are kept" in lines_of(app, "footer")[0]
        await pilot.press("s", "6", "enter")
        await settle(pilot)
        assert "8 numbers that move, 5 updates can be kept" in screen_text(app)

    learn(scene)


@pytest.mark.slow
def test_a_run_that_blows_up_says_what_to_do() -> None:
    """The screen would have been full of numbers that are none."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("r", *"1e100", "enter")
        await pilot.pause()
        await pilot.press("right", "right", "right")
        assert not study.moment.finite
        text = " ".join(lines_of(app, "moving"))
        assert "rate 1e+100 is too high" in text
        assert "R starts again" in text
        await pilot.press("less_than_sign")
        assert study.moment.finite
        await pilot.press("R", "right")
        assert (study.at, not study.moment.finite) == (1, False)

    learn(scene)


@pytest.mark.slow
def test_into_the_gradient_and_back() -> None:
    """Enter walks with this moment's numbers; Backspace, Esc or `L` lead back to where the run was."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        await pilot.press("right", "right", "full_stop")
        for closing in ("backspace", "escape", "L"):
            await pilot.press("enter")
            await settle(pilot)
            lesson = lesson_screen_of(app)
            assert lesson.state.trace.example.parameters["W_Q"][0, 1] == screen.study.moment.matrix("W_Q")[0, 1]
            assert "after update 2" in lines_of(app, "heading")[0]
            await pilot.press("enter", "backspace")
            assert lesson_screen_of(app) is lesson
            await pilot.press(closing)
            await settle(pilot)
            assert learning_of(app) is screen
            assert (screen.study.at, screen.study.cursor.cell) == (2, Cell("W_Q", 0, 1))

    learn(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_moment_is_told_in_the_words_of_the_command(language: str, size: tuple[int, int]) -> None:
    """There were a curve, a table and a matrix, and not one sentence about what they show."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen, texts = learning_of(app), app.look.texts

        def told() -> str:
            return "".join("".join(lines_of(app, "telling")).split())

        def said(sentence: Sentence) -> str:
            return "".join(text_of(sentence).split())

        def reason(number: int) -> str:
            story = screen.study.story
            return said(reason_of(next(one for one in story.moments if one.number == number), story, texts))

        assert said(next(wanted(screen.study.story, texts, 2))).startswith(told()[:40])
        await pilot.press("right")
        assert "0.6985" in told()
        await pilot.press("end")
        await until(pilot, lambda: not screen.trainer.moves)
        assert reason(200) in told()
        await pilot.press("m")
        assert screen.study.at == 61
        assert reason(60) in told()
        screen.trainer.run_to(43)
        await pilot.pause()
        assert "tired" in reason(43)
        assert reason(43) in told()
        screen.trainer.run_to(20)  # long after the first update, long before anything happens
        await pilot.pause()
        assert reason(1) not in told()

    learn(scene, "it-learn", size, language)


@pytest.mark.slow
def test_the_number_that_one_looks_at_first_moves() -> None:
    """`0.6600 - 1 · (-4.6202e-05) ≈ 0.6600`, the screen said of the first number, which hardly moves at all."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        gradients = {name: study.moment.gradient(name) for name in study.cursor.names}
        largest = max(np.abs(gradient).max() for gradient in gradients.values())
        for _ in study.cursor.names:
            at = study.cursor.cell
            assert abs(gradients[at.name][at.row, at.column]) == np.abs(gradients[at.name]).max()
            await pilot.press("tab")
        at = study.cursor.cell
        assert abs(gradients[at.name][at.row, at.column]) == largest
        text = "\n".join(lines_of(app, "moving"))
        assert "next update: 0.3700 - rate 1 × gradient 0.0210 = 0.3490" in text
        assert "nudged 0.37 → 0.38: loss 0.69982 → 0.70003; gradient 0.0210 × 0.01 = 0.00021 ✓" in text
        await pilot.press("enter", "end", "left", "left")
        await settle(pilot)
        assert "0.3490 = 0.3700 - 1 × 0.0210" in screen_text(app)

    learn(scene, "it-learn")


@pytest.mark.slow
def test_a_number_whose_gradient_is_small_shows_it_all_the_same() -> None:
    """ "d_W_Q[0,0] = 0.0000. Below 0", the walk said, and the update led from 0.6600 to 0.6600."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        study.cursor.choose(Cell("W_Q", 0, 0))
        await pilot.press("enter")
        await settle(pilot)
        text = " ".join(screen_text(app).split())
        assert "d_W_Q[0,0] = -0.0002" in text
        assert "the gradient is -0.000046. -0.000046 is below 0" in text
        await pilot.press("end", "left", "left")
        await settle(pilot)
        assert "0.66005 = 0.66000 - 1 × (-0.000046)" in screen_text(app).replace("≈", "=")

    learn(scene, "it-learn", size=(100, 40))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("example", ["animal-learn", "sentence-learn"])
def test_enter_leads_to_the_number_s_own_gradient(example: str) -> None:
    """The walk would have shown another number, or another gradient than the learning screen."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("right", "right", "right", "tab", "full_stop", "full_stop", "enter")
        await settle(pilot)
        lesson = lesson_screen_of(app)
        cell = cell_of(lesson.state.trace, lesson.state.place)
        at = study.cursor.cell
        assert (cell.name, cell.row, cell.column) == (f"d_{at.name}", at.row, at.column)
        gradient = study.moment.gradient(at.name)[at.row, at.column]
        assert value_at(lesson.state.trace, cell) == pytest.approx(gradient, rel=1e-9)

    learn(scene, example)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("optimizers", [1, 2])
def test_the_walk_through_a_moment_leads_to_the_update_that_was_promised(optimizers: int) -> None:
    """With momentum or adam the walk's new numbers would have been none that the run ever has."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press(*["o"] * optimizers, "right", "right", "right")
        promised = study.moment.upcoming("W_Q")[0, 0]
        fine = f"{promised:.4f}"
        assert fine in " ".join(lines_of(app, "moving"))
        await pilot.press("enter")
        await settle(pilot)
        lesson = lesson_screen_of(app)
        assert value_at(lesson.state.trace, Address("update", 0, 0)) == pytest.approx(promised, rel=1e-9)
        lesson.become(lesson.state.walked_to(Address("update", 0, 0)))
        await settle(pilot)
        assert fine in screen_text(app)

    learn(scene)


@pytest.mark.slow
def test_back_in_the_lesson_the_numbers_are_the_files_and_the_run_is_kept() -> None:
    """One would have taken the learned matrices for the file's, or lost them."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("right", "right", "escape")
        await settle(pilot)
        lesson = lesson_screen_of(app)
        assert lesson.state.trace.example.parameters["W_Q"][0, 0] == 1
        assert "update 2" in lesson.state.notice
        await pilot.press("L")
        await settle(pilot)
        assert learning_of(app).study is study
        assert study.at == 2

    learn(scene)


@pytest.mark.slow
def test_learning_starts_from_what_was_changed_in_the_lesson() -> None:
    """A changed number would have been forgotten by the run."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        lesson = lesson_screen_of(app)
        await pilot.press("L")
        await settle(pilot)
        await pilot.press("right", "L")
        await settle(pilot)
        lesson.become(lesson.state.changed(number_edit(Address("W_Q", 0, 0), 2.0)))
        await pilot.press("L")
        await settle(pilot)
        study = learning_of(app).study
        assert (study.at, study.moment.matrix("W_Q")[0, 0]) == (0, 2.0)
        assert study.changed
        assert "from the lesson's changed numbers" in lines_of(app, "heading")[1]
        await pilot.press("right", "R")
        assert learning_of(app).notice == app.look.texts.screen["as_in_lesson"]

    play(scene, lesson=opened("animal-learn"))


def test_a_switch_that_makes_the_task_impossible_takes_the_steps_of_learning_away() -> None:
    """A causal mask hides what should be looked at: the walk back from the loss would have ended in a traceback."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("m", "L")
        await settle(pilot)
        notice = lesson_screen_of(app).state.notice
        assert "may not look" in notice
        assert notice in lines_of(app, "footer")[0]
        assert not lesson_screen_of(app).state.trace.has("loss")
        await pilot.press("u", "L", "right")
        await settle(pilot)
        assert learning_of(app).study.at == 1

    play(scene, lesson=opened("animal-learn"))


def test_the_file_is_not_read_again_into_a_moment_of_a_run() -> None:
    """`r` would have put the file's numbers where the moment's should be."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("right", "enter")
        await settle(pilot)
        before = lesson_screen_of(app).state.trace
        await pilot.press("r")
        await settle(pilot)
        assert lesson_screen_of(app).state.trace is before

    learn(scene)


@pytest.mark.slow
def test_the_mouse_leads_to_an_update_and_to_a_number() -> None:
    """A click on the curve or the slider is that update, one on a matrix that number, one on a token its attention."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("end")
        await until(pilot, lambda: study.at == study.learn.steps)
        curve = app.screen.query_one("#curve").region
        await pilot.click(offset=Offset(curve.x + 20, curve.y + 4))
        await pilot.pause()
        assert 10 < study.at < 60
        await click_on(app, pilot, update=study.learn.steps)
        assert study.at == study.learn.steps
        await pilot.click(offset=Offset(1, curve.bottom - 1))
        await pilot.pause()
        assert study.at == 0
        await pilot.press("tab")
        await click_on(app, pilot, cell=("W_K", 1, 0, 0))
        assert study.cursor.cell == Cell("W_K", 1, 0)
        await click_on(app, pilot, query=1)
        assert study.query == 1
        await click_on(app, pilot, action="act('next_update')")
        assert study.at == 1

    learn(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", each([(80, 24), (40, 12), *LARGER], ((80, 24), (40, 12))), ids=str)
@pytest.mark.parametrize("example", each(EXAMPLES, ("it-learn",)))
def test_nothing_is_cut_at_any_size(example: str, size: tuple[int, int], language: str) -> None:
    """A number without its last digits is another number; help and the way back are always in the footer."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        study, look = screen.study, app.look
        await pilot.press("right", "right")
        for part in ("heading", "curve", "attention", "telling", "moving", "footer"):
            drawing = screen.query_one(f"#{part}")
            assert drawing.region.right <= size[0], part
            assert drawing.region.bottom <= size[1], part
        heading = " ".join(lines_of(app, "heading"))
        assert f"{study.moment.loss:.4f}" in heading
        assert f"{study.learn.rate:g}" in heading
        assert f"2/{study.learn.steps}" in lines_of(app, "curve")[-1] + lines_of(app, "curve")[0]
        weights = study.moment.weights(study.query, study.head)
        assert f"{weights.max():.2f}" in "\n".join(lines_of(app, "attention"))
        said = " ".join(lines_of(app, "moving"))
        at = study.cursor.cell
        assert f"{study.moment.matrix(at.name)[at.row, at.column]:.2f}" in said
        after = f"{study.moment.upcoming(at.name)[at.row, at.column]:.4f}"
        assert after in said
        footer = lines_of(app, "footer")[0]
        for name in ("leave", "help", "quit"):
            assert look.texts.learning_actions[name] in footer
        assert all(cell_len(line) <= size[0] for line in screen_text(app).splitlines())

    learn(scene, example, size, language)


def test_a_terminal_that_is_too_small_says_so() -> None:
    """Half a screen would have been worse than none."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert "too small: 30 × 8" in " ".join(screen_text(app).split())
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "update 0 of 100" in screen_text(app)

    learn(scene, size=(30, 8))


@pytest.mark.slow
def test_a_moment_can_be_written_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`w` writes the learned numbers; opened, the file walks with them."""
    monkeypatch.chdir(tmp_path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("right", "right", "w", "ctrl+u", *"it.toml", "enter")
        await settle(pilot)
        written = lesson_of(str(tmp_path / "it.toml")).trace.example
        assert written.parameters["W_Q"].tolist() == study.moment.matrix("W_Q").tolist()
        assert written.learn is not None

    learn(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("walk", [False, True])
def test_a_file_of_a_run_from_random_numbers_has_what_was_learned(
    walk: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened, the file would have learned from the same random numbers once more."""
    monkeypatch.chdir(tmp_path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        study = learning_of(app).study
        await pilot.press("d", "7", "enter")
        await settle(pilot)
        await pilot.press("right", "right")
        if walk:
            await pilot.press("enter")
            await settle(pilot)
        await pilot.press("w", "ctrl+u", *"it.toml", "enter")
        await settle(pilot)
        again = Study(lesson_of(str(tmp_path / "it.toml")).trace.example)
        assert again.learn.start == "given"
        assert again.moment.matrix("W_Q").tolist() == study.moment.matrix("W_Q").tolist()

    learn(scene)


@pytest.mark.slow
def test_a_moment_without_a_loss_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file could not have been opened again."""
    monkeypatch.chdir(tmp_path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        await pilot.press("r", *"1e100", "enter")
        await settle(pilot)
        await pilot.press("right", "right", "right")
        assert not screen.study.moment.finite
        await pilot.press("w")
        await settle(pilot)
        assert not screen.has_class("-asking")
        assert "the loss is no number" in lines_of(app, "footer")[0]

    learn(scene)


@pytest.mark.slow
def test_a_screen_at_rest_needs_no_timer() -> None:
    """Over SSH a screen that nobody touches is to send nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = learning_of(app)
        await pilot.press("right", "space", "space", "end")
        await until(pilot, lambda: not screen.trainer.moves)
        assert screen.trainer._timer is None

    learn(scene)


def test_labels_and_tokens_of_a_file_are_shown_as_they_are() -> None:
    """A label with brackets would have been taken for markup, or have ended in a traceback."""

    async def run() -> None:
        lesson = opened("it-learn")
        example = lesson.trace.example
        assert example.learn is not None
        changed = replace(example, learn=replace(example.learn, labels=("[/red]动物" * 9, "b")))
        from qkvtui.trace.trace import Trace

        app = QkvtuiApp(replace(lesson, trace=Trace(changed)), Look(80))
        async with driven(app) as pilot:
            await pilot.press("L")
            await settle(pilot)
            await pilot.press("right")
            assert "[/red]" in screen_text(app)

    asyncio.run(run())


def test_the_lesson_of_a_moment_is_a_lesson_screen() -> None:
    """Opening another example from there leads to that example alone."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "o")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert [type(screen) for screen in app.screen_stack[1:]] == [LessonScreen]

    learn(scene)
