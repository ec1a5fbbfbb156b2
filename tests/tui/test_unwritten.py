"""Changes that no file has: asked about before they are lost, kept when nobody can be asked, offered again."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.files.read import load
from qkvtui.files.restricted import restrict
from qkvtui.localized import LANGUAGES
from qkvtui.memory.state import Memory
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.learning import LearningScreen
from qkvtui.tui.picker import PickerScreen
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of
from qkvtui.tui.unwritten import count
from qkvtui.views.look import Look
from tests.samples import each
from tests.terminal.driver import ROOT

from .driving import Play, driven, lesson_screen_of, opened, play, screen_text, settle

SIZES = each(
    [(80, 24), (60, 20), (40, 12)],
    ((40, 12),),
)


def is_asked(app: QkvtuiApp) -> str:
    """What the line asks about; empty where nothing is asked."""
    prompt = app.screen.query_one(LinePrompt)
    return prompt._asked.purpose if prompt.has_class("-asking") else ""


def session(scene: Play, memory: Memory, example: str = "animal", **more: object) -> None:
    """One session of the application, which forgets nothing that the memory keeps."""
    play(scene, lesson=lesson_of(example), memory=memory, **more)  # type: ignore[arg-type]


def broken_off(*keys: str, memory: Memory, example: str = "animal") -> None:
    """A session that is ended from outside after these keys."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        app.keep_changes()

    session(scene, memory, example)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Of a home folder of its own."""
    return Memory(str(tmp_path / "state" / "qkvtui" / "state.json"))


def kept_files(tmp_path: Path) -> list[Path]:
    """What is kept."""
    return sorted((tmp_path / "state" / "qkvtui" / "unwritten").glob("*"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["q", "o", "r"])
def test_changes_are_asked_about_before_they_are_lost(key: str, language: str, size: tuple[int, int]) -> None:
    """An afternoon's changes would have been gone with one key; or the question could not have been read whole."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("m", "s", key)
        assert is_asked(app) == "leave"
        shown = screen_text(app).replace("\n", "").replace(" ", "")
        asked = app.look.texts.screen["leave_hint"].format(count=2).replace(" ", "")
        assert asked in shown
        await pilot.press("x", "7", "s")
        assert (is_asked(app), app.screen, count(screen.state), app.return_value) == ("", screen, 2, None)
        assert screen.state.trace.softmax_over == "rows"

    play(scene, size=size, look=Look(size[0], language=language))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("stay", ["s", "S", "escape", "enter"])
def test_one_can_stay(stay: str) -> None:
    """Whoever pressed `q` by mistake would have had to decide at once."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("m", "q", stay, "right")
        assert (is_asked(app), lesson_screen_of(app).state.place.step) == ("", 1)
        assert app.is_running
        await pilot.press("w", "escape")
        assert app.is_running

    play(scene)


def test_what_is_dropped_is_gone_and_nothing_is_kept(memory: Memory, tmp_path: Path) -> None:
    """One would have been asked again tomorrow about what one did not want today."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("m", "q", "d")
        assert app._exit
        assert not app.return_code

    session(scene, memory)
    assert kept_files(tmp_path) == []


def test_what_is_to_be_written_is_written_and_then_one_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`w` would have left one where one was, or ended the program without a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.toml").write_text("", encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("m", "q", "w", "ctrl+u", *"there.toml", "enter")
        assert is_asked(app) == "overwrite"
        await pilot.press("n", "enter")
        assert not app._exit
        await pilot.press("q", "w", "enter")
        assert app._exit

    play(scene)
    assert load("animal-changed.toml").attention.causal is True


def test_what_was_written_is_not_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `q` after a `w` would have been questioned; a change after it would not have been."""
    monkeypatch.chdir(tmp_path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("m", "s")
        assert count(screen.state) == 2
        await pilot.press("w", "enter")
        assert count(screen.state) == 0
        await pilot.press("greater_than_sign")
        assert count(screen.state) == 1
        await pilot.press("u")
        assert count(screen.state) == 0
        await pilot.press("u")
        assert count(screen.state) == 1

    play(scene)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("keys", [["x"], ["d"], ["m", "m"], ["m", "u"], ["right", "b"]], ids=str)
def test_where_a_file_would_be_the_same_nothing_is_asked(keys: list[str]) -> None:
    """Whoever looked at the wrong softmax, or took back what was tried, would have been kept from leaving."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys, "q")
        assert app._exit

    play(scene)


def test_another_example_is_opened_only_after_the_question() -> None:
    """The next lesson of the course, or the list, would have taken the changes away."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        first = lesson_screen_of(app)
        await pilot.press("end", "m", "right")
        assert (is_asked(app), app.screen) == ("leave", first)
        await pilot.press("s", "o", "d")
        assert isinstance(app.screen, PickerScreen)
        await pilot.press("escape")
        assert lesson_screen_of(app) is first
        assert count(first.state) == 1
        await pilot.press("o", "d", "home", "enter")
        await settle(pilot)
        assert lesson_screen_of(app) is not first

    play(scene)


def test_the_question_is_asked_in_the_lesson_that_has_the_changes() -> None:
    """From the learning screen `q` would have ended the program, and the lesson's changes with it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        lesson = lesson_screen_of(app)
        await pilot.press("s", "L")
        await settle(pilot)
        assert isinstance(app.screen, LearningScreen)
        await pilot.press("q")
        assert lesson_screen_of(app) is lesson
        assert is_asked(app) == "leave"
        await pilot.press("d")
        assert app._exit

    play(scene, lesson=opened("animal-learn"))


def test_changes_in_a_moment_of_a_run_are_asked_about() -> None:
    """Backspace leads back to the run: the changes would have been gone without a word."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L")
        await settle(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        moment = lesson_screen_of(app)
        assert moment.state.moment is not None
        await pilot.press("m", "L")
        assert (app.screen, is_asked(app)) == (moment, "leave")
        await pilot.press("d")
        assert isinstance(app.screen, LearningScreen)

    play(scene, lesson=opened("animal-learn"))


def test_undo_survives_reading_again(tmp_path: Path) -> None:
    """After `r` there was no way back to what had been changed."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("m", "s", "r", "d")
        await settle(pilot)
        assert screen.state.trace.example.attention.causal is False
        assert "u brings your changes back" in screen.state.notice
        await pilot.press("m", "u", "u")
        assert (screen.state.trace.example.attention.causal, count(screen.state)) == (True, 2)
        await pilot.press("u", "u", "u")
        assert ("nothing to undo" in screen.state.notice, count(screen.state)) == (True, 0)
        await pilot.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert (screen.state.trace.example.attention.causal, count(screen.state)) == (False, 0)

    play(scene, lesson=lesson_of(str(path)))


def test_a_watched_file_takes_no_changes_away(tmp_path: Path) -> None:
    """A teacher who saves the file would have thrown away what the lesson was just about."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("m")
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        screen._reloader.look()
        await settle(pilot)
        assert (count(screen.state), is_asked(app)) == (1, "")
        assert "r reads it again" in screen.state.notice

    async def run() -> None:
        app = QkvtuiApp(lesson_of(str(path)), Look(80), watch=True)
        async with driven(app) as pilot:
            await scene(app, pilot)

    asyncio.run(run())


def taken(app: QkvtuiApp) -> tuple[object, ...]:
    """What tells whether the changes are there."""
    state = lesson_screen_of(app).state
    example = state.trace.example
    return example.attention.causal, example.attention.scale, state.trace.softmax_over, example.tokens, example.inputs


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["y", "n"])
def test_the_next_session_offers_what_was_not_written(answer: str, memory: Memory, tmp_path: Path) -> None:
    """After a lost connection all would have had to be typed again; or one would have been asked for ever."""
    keys = ("m", "greater_than_sign", "x", "right_curly_bracket", "e", *"4.5", "enter")
    seen: list[tuple[object, ...]] = []

    async def first(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys[:4], "e", *["backspace"] * 20, *"X[The,0]=4.5", "enter")
        seen.append(taken(app))
        assert count(lesson_screen_of(app).state) == 4
        app.keep_changes()
        app.keep_changes()

    async def second(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_asked(app) == "recover"
        assert "not written: 4" in screen_text(app)
        await pilot.press(answer)
        screen = lesson_screen_of(app)
        assert count(screen.state) == (4 if answer == "y" else 0)
        if answer == "y":
            *switches, inputs = taken(app)
            assert switches == list(seen[0][:-1])
            assert (inputs["X"] == seen[0][-1]["X"]).all()  # type: ignore[index]
            await pilot.press("u", "u")
            assert count(screen.state) == 2

    async def third(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_asked(app) == ""

    session(first, memory)
    assert len(kept_files(tmp_path)) == 1
    session(second, memory)
    session(third, memory)
    assert kept_files(tmp_path) == []


def test_an_offer_that_is_not_answered_stays(memory: Memory) -> None:
    """Esc, or a second lost connection, would have thrown away what was to be kept."""
    broken_off("m", memory=memory)
    broken_off("escape", memory=memory)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_asked(app) == "recover"

    session(scene, memory)


def test_two_sessions_of_one_example_keep_both(memory: Memory, tmp_path: Path) -> None:
    """Two windows, one lost connection: one of them would have written over the other."""
    broken_off("m", memory=memory)
    broken_off("escape", "s", memory=memory)
    assert len(kept_files(tmp_path)) == 2


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("# The text", "# A text", "recover"),
        ("[0.7, 0.1]", "[0.75, 0.1]", "recover"),
        ("[0.5, 0.5]", "[0.6, 0.5]", "unfitting"),
    ],
)
def test_a_file_that_has_changed_is_told_of(old: str, new: str, asked: str, memory: Memory, tmp_path: Path) -> None:
    """A number would have been put where the file now has quite another one; or all been lost for a comment."""
    path = tmp_path / "mine.toml"
    text = (ROOT / "examples" / "animal.toml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text, encoding="utf-8")
    broken_off("e", *["backspace"] * 20, *"X[it,0]=9", "enter", memory=memory, example=str(path))
    path.write_text(text.replace(old, new), encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_asked(app) == asked
        assert "the file" in screen_text(app)
        if asked == "recover":
            await pilot.press("y")
            assert count(lesson_screen_of(app).state) == 1
        else:
            await pilot.press("s")
            assert kept_files(tmp_path)
            await pilot.press("right")

    session(scene, memory, str(path))
    if asked == "unfitting":

        async def drop(app: QkvtuiApp, pilot: Pilot[None]) -> None:
            await pilot.press("d")

        session(drop, memory, str(path))
    assert kept_files(tmp_path) == []


def test_a_file_is_known_by_whatever_path_it_is_opened(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another folder the changes would not have been found; another file of that name would have got them."""
    path = tmp_path / "mine.toml"
    shutil.copy(ROOT / "examples" / "animal.toml", path)
    (tmp_path / "other").mkdir()
    shutil.copy(path, tmp_path / "other" / "mine.toml")
    broken_off("m", memory=memory, example=str(path))
    found = []
    for folder in (tmp_path / "other", tmp_path):
        monkeypatch.chdir(folder)

        async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
            found.append(is_asked(app))

        session(scene, memory, "mine.toml")
    assert found == ["", "recover"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "said", [b"", b"{", b"[]", b'{"format": 2}', b"\xff", b'{"format": 1, "edits": [{"kind": "import"}]}']
)
def test_what_is_no_such_file_is_left_alone(said: bytes, memory: Memory, tmp_path: Path) -> None:
    """A file that a full disk has cut short would have been a traceback at each start."""
    broken_off("m", memory=memory)
    (file,) = kept_files(tmp_path)
    file.write_bytes(said)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert is_asked(app) == ""

    session(scene, memory)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "yesterday"), (30, "-")])
def test_it_is_told_when_that_was(days: int, said: str, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One could not have told this morning's changes from those of last month."""
    then = datetime.now().replace(hour=0, minute=0) - timedelta(days=days)
    with monkeypatch.context() as patched:
        patched.setattr("time.time", then.timestamp)
        broken_off("m", memory=memory)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        text = screen_text(app)
        assert "00:00" in text
        assert said in text

    session(scene, memory)


def test_in_a_session_that_may_only_read_nothing_is_asked() -> None:
    """One would have been asked whether to write, and been refused."""
    restrict([str(ROOT / "examples")])
    try:

        async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
            await pilot.press("m", "q")
            assert app._exit

        play(scene)
    finally:
        restrict([])
