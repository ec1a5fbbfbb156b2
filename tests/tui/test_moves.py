"""Where the keyboard leads in a lesson."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot

from qkvtui.trace.addresses import parse_address
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, move_cell, to_head, to_query, to_step
from qkvtui.tui.actions import ACTIONS
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.moves import jump
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of

from .driving import lesson_screen_of, lines_of, opened, play, screen_text, settle

TWO_HEADS = """format = 1
title = "Two heads"
tokens = ["one", "two", "three"]
[attention]
heads = 2
[inputs]
X = [[1, 2, 0, 1], [3, 4, 1, 0], [0, 1, 2, 2]]
[parameters]
W_Q = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
W_K = [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
W_V = [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
W_O = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
"""

MOVES: tuple[tuple[str, Callable[[Trace, Place], Place]], ...] = (
    ("right", lambda trace, place: to_step(trace, place, place.step + 1)),
    ("n", lambda trace, place: to_step(trace, place, place.step + 1)),
    ("space", lambda trace, place: to_step(trace, place, place.step + 1)),
    ("left", lambda trace, place: to_step(trace, place, place.step - 1)),
    ("p", lambda trace, place: to_step(trace, place, place.step - 1)),
    ("home", lambda trace, place: to_step(trace, place, 0)),
    ("end", lambda trace, place: to_step(trace, place, 99)),
    ("1", lambda trace, place: to_step(trace, place, 0)),
    ("3", lambda trace, place: to_step(trace, place, 2)),
    ("up", lambda trace, place: to_query(trace, place, place.query - 1)),
    ("down", lambda trace, place: to_query(trace, place, place.query + 1)),
    ("full_stop", lambda trace, place: move_cell(trace, place, 1)),
    ("comma", lambda trace, place: move_cell(trace, place, -1)),
    ("right_square_bracket", lambda trace, place: to_head(trace, place, place.head + 1)),
    ("left_square_bracket", lambda trace, place: to_head(trace, place, place.head - 1)),
)


@pytest.fixture
def two_heads(tmp_path: Path) -> str:
    """A file with two heads, which no bundled example has to have."""
    path = tmp_path / "two-heads.toml"
    path.write_text(TWO_HEADS, encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_a_key_makes_its_move(two_heads: str) -> None:
    """The key makes the move it is said to make, and the lesson follows to its heading."""
    lesson = lesson_of(two_heads)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        for key, move in MOVES:
            before = Place(step=4, query=1, key=1, feature=1, head=0 if key == "right_square_bracket" else 1)
            expected = move(lesson.trace, before)
            screen.become(screen.state.walked(before))
            await pilot.press(key)
            await pilot.pause()
            assert expected != before, key
            assert screen.state.place == expected, key
            step = lesson.trace.walk[expected.step]
            assert f"step {step.number} of" in lines_of(app, "heading")[0], key

    play(scene, lesson=lesson)


def test_a_digit_beyond_the_last_step_stays() -> None:
    """There is no tenth step to be thrown at."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(jump(len(screen.state.trace.walk) + 1)(screen.state))
        assert screen.state.place.step == 0

    play(scene)


@pytest.mark.slow
def test_every_action_at_every_step_leaves_the_lesson_alive(two_heads: str) -> None:
    """Whatever is done wherever, twice in a row: no traceback, and a way back to the lesson."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        calls = [action.call for action in ACTIONS if action.name not in ("quit", "suspend", "jump")]
        for index in range(len(screen.state.trace.walk)):
            for call in (call for call in calls for _ in range(2)):
                screen.become(screen.state.walked(to_step(screen.state.trace, screen.state.place, index)))
                await screen.run_action(call)
                if app.screen is not screen:
                    app.pop_screen()
                if screen.has_class("-asking"):
                    screen.query_one(LinePrompt).action_leave()
            await pilot.pause()
            assert app.screen is screen
        assert app.is_running

    play(scene, lesson=lesson_of(two_heads))


@pytest.mark.slow
def test_going_to_an_address() -> None:
    """`g`, an address, Enter: there one is; the letters of the address are not obeyed as actions."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        await pilot.press("g", *"scores[tired,it]", "enter")
        await pilot.pause()
        trace = screen.state.trace
        assert screen.state.place == to_address(trace, before, parse_address(trace, "scores[tired,it]"))
        assert app.look.language == "en"
        assert app.screen.focused is None

    play(scene)


def test_keys_typed_behind_enter_in_the_same_instant_are_the_lessons() -> None:
    """Whoever types fast lost the keys behind an answer, or saw them obeyed before it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        await pilot.press("g", *"scores[tired,it]")
        for key, character in (("enter", "\r"), ("right", None), ("z", "z"), ("down", None), ("up", None)):
            app.post_message(Key(key, character))  # not `press`, which waits for what each key does
        await settle(pilot)
        there = to_address(screen.state.trace, before, parse_address(screen.state.trace, "scores[tired,it]"))
        there = to_step(screen.state.trace, there, there.step + 1)
        assert screen.state.place == to_query(screen.state.trace, there, there.query - 1)
        assert app.look.language == "zh"
        assert not screen.has_class("-asking")

    play(scene)


def test_a_wrong_address_says_why_until_it_is_left() -> None:
    """Why it is wrong would not have been seen beside it, or still have stood there afterwards."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        before = screen.state.place
        await pilot.press("g", *"scores[nobody,it]", "enter")
        await settle(pilot)
        assert "nobody" in lines_of(app, "said")[0]
        assert screen.state.place == before
        await pilot.press("escape")
        await settle(pilot)
        assert "nobody" not in screen_text(app)

    play(scene)


def test_escape_leaves_the_line_without_an_answer() -> None:
    """And the keyboard is the lesson's again."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("g", "z", "escape")
        await pilot.pause()
        assert not screen.query_one(LinePrompt).display
        assert app.look.language == "en"
        await pilot.press("right")
        assert screen.state.place.step == 1

    play(scene)


def test_one_key_shows_more_digits_and_says_so() -> None:
    """0.51 and 0.52 looked like a mistake, and more digits were to be had only from the command line."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7")
        for digits in (3, 4, 5, 6, 2):
            await pilot.press("D")
            await pilot.pause()
            weight = f"{lesson_screen_of(app).state.trace.row('weights', 3)[1]:.{digits}f}"
            assert f"[{weight}]" in screen_text(app)
            assert f"{weight} ≈ " in screen_text(app)
            assert f"{digits} digits" in lines_of(app, "footer")[0]

    play(scene)


def test_a_token_can_be_moved_and_moved_back() -> None:
    """“Permuted words keep their outputs” was said, and could not be tried."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("8")
        output = screen.state.trace.row("output", screen.state.place.query)
        await pilot.press("}")
        assert screen.state.trace.example.tokens == ("The", "animal", "street", "tired", "it")
        assert screen.state.place.query == 4
        assert "▸it◂" in lines_of(app, "sentence")[0].split("tired")[1]
        assert (screen.state.trace.row("output", 4).round(12) == output.round(12)).all()
        assert "→" not in "".join(lines_of(app, "body"))
        assert "it" in screen.state.notice
        await pilot.press("}")
        assert screen.state.notice == app.look.texts.screen["no_place_beyond"].format(token="it")
        await pilot.press("{", "{", "u", "u", "u")
        assert screen.state.trace.example.tokens == ("The", "animal", "street", "it", "tired")
        assert screen.state.place.query == 3

    play(scene)


def test_a_moved_token_is_written_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`w` wrote the old order, or a file that cannot be read."""
    monkeypatch.chdir(tmp_path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("{", "w", "enter")
        await settle(pilot)
        assert "animal-changed.toml" in screen_text(app)

    play(scene)
    trace = lesson_of(str(tmp_path / "animal-changed.toml")).trace
    assert trace.example.tokens == ("The", "animal", "it", "street", "tired")
    assert trace.example.tokens[trace.example.query] == "it"
    assert trace.row("embeddings", 2).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("typed", "value"), [("X[river,water]=2", "X[river,water]=2"), ("2", "X[bank,water]=2")])
def test_a_letter_takes_the_place_of_the_proposal_and_a_number_goes_behind_it(typed: str, value: str) -> None:
    """What "Try it" says to type came out as `X[bank,water]=X[river,water]=2`."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        prompt = lesson_screen_of(app).query_one(LinePrompt)
        assert prompt.value == "X[bank,water]="
        await pilot.press(*typed)
        assert prompt.value == value
        await pilot.press("enter")
        trace = lesson_screen_of(app).state.trace
        assert trace.value(parse_address(trace, value.partition("=")[0])) == 2

    play(scene, lesson=opened("bank"))
