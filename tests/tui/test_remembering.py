"""What the application remembers of a lesson, and where the next session goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.files.find import bundled, bundled_names
from qkvtui.memory.remembered import KeptPlace, Recollection
from qkvtui.memory.state import Memory
from qkvtui.trace.walk import start
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.remembering import kept, place_in
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look

from .driving import QuietPilot, driven, lesson_screen_of, lines_of, opened, play, screen_text

FIRST, SECOND, *_ = bundled_names()


def a_place(lesson: str = "animal", keys: int = 5) -> KeptPlace:
    """Where so many steps lead in a lesson."""
    trace = lesson_of(lesson).trace
    place = place_in(trace, KeptPlace(trace.steps[keys].id, query=1, key=2))
    assert place is not None
    return kept(trace, place)


def test_a_lesson_is_seen_when_its_last_step_was_reached(tmp_path: Path) -> None:
    """A lesson would have been ticked off half read, or never; and after a lost connection all the same."""
    path = tmp_path / "qkvtui" / "state.json"

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        last = len(lesson_screen_of(app).state.trace.walk) - 1
        await pilot.press(*["right"] * (last - 1))
        assert not path.exists()
        await pilot.press("right")
        assert Memory(str(path)).known == Recollection(frozenset({"animal"}), {}, "animal")

    play(scene, memory=Memory(str(path)))


def test_where_a_lesson_was_left_is_known(tmp_path: Path) -> None:
    """The step would have been remembered, and not who asked."""
    memory = Memory()

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("right", "right", "right", "right", "up", "full_stop")
        state = lesson_screen_of(app).state
        assert memory.known.places == {"animal": kept(state.trace, state.place)}
        assert memory.known.places["animal"].step == "scores"
        assert memory.known.last == "animal"

    play(scene, memory=memory)


def test_the_first_step_alone_is_no_place_to_go_on_from() -> None:
    """Who had only a look at a lesson would have lost the place where they had left it."""
    memory = Memory()
    memory.walked("animal", a_place())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("up", "down", "question_mark", "escape")
        assert memory.known.places == {"animal": a_place()}

    play(scene, memory=memory)


def test_of_ones_own_files_nothing_is_remembered(tmp_path: Path) -> None:
    """Somebody else would have read which files one opens."""
    path = tmp_path / "animal.toml"
    path.write_text(Path(bundled("animal").path or "").read_text(encoding="utf-8"), encoding="utf-8")
    memory = Memory()

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("right", "end")
        assert memory.known == Recollection()

    play(scene, lesson=lesson_of(str(path)), memory=memory)


@pytest.mark.slow
def test_a_moment_of_a_run_is_not_the_lesson() -> None:
    """A look at one gradient would have counted as the whole lesson."""
    memory = Memory()

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("L", "right", "enter", "end")
        assert lesson_screen_of(app).state.moment == 1
        assert memory.known == Recollection()

    play(scene, lesson=opened("animal-learn"), memory=memory)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("language", "said"), [("en", "you left at step 6 of 11"), ("zh", "上次停在第 6/11 步")])
def test_a_lesson_that_was_left_says_where_and_g_and_enter_go_there(language: str, said: str) -> None:
    """One would have had to look for the place oneself."""
    memory = Memory()
    memory.walked("animal", a_place())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert lesson_screen_of(app).state.place.step == 0
        assert lines_of(app, "footer")[0].startswith(said)
        assert len(lines_of(app, "footer")) == 1
        await pilot.press("g", "enter")
        state = lesson_screen_of(app).state
        assert kept(state.trace, state.place) == a_place()
        await pilot.press("home", "g")
        assert "scaled[" not in screen_text(app), "that was to be proposed once"

    play(scene, memory=memory, look=Look(80, language=language))


def test_the_whole_place_is_found_again_at_steps_whose_address_says_less() -> None:
    """At the values, whose rows are not those that ask, the query would have been another one."""
    memory = Memory()
    memory.walked("animal", a_place(keys=3))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", "enter")
        place = lesson_screen_of(app).state.place
        assert (place.step, place.query, place.key) == (3, 1, 2)

    play(scene, memory=memory)


def test_another_address_can_still_be_typed() -> None:
    """The offer would have been a trap."""
    memory = Memory()
    memory.walked("animal", a_place())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", "ctrl+u", *"weights", "enter")
        assert lesson_screen_of(app).state.place.step == 6

    play(scene, memory=memory)


def test_after_a_change_of_the_lesson_nothing_is_offered() -> None:
    """Without the scaling, the place would have been one step off."""
    memory = Memory()
    memory.walked("animal", a_place())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("s", "g", *"weights", "enter")
        state = lesson_screen_of(app).state
        assert state.trace.walk[state.place.step].id == "weights"

    play(scene, memory=memory)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "place",
    [KeptPlace("gone"), KeptPlace("masked"), KeptPlace("scores", 9**9, 9**9, 9**9, 9**9)],
    ids=["no such step", "a step of other lessons", "out of range"],
)
def test_a_place_that_there_is_no_longer_is_no_error(place: KeptPlace) -> None:
    """A new version of a lesson would have been a traceback for whoever had begun the old one."""
    memory = Memory()
    memory.walked("animal", place)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", "enter", "escape", "right", "right", "full_stop", "up")
        assert "Traceback" not in screen_text(app)

    play(scene, memory=memory)


def test_who_asks_for_a_place_is_not_offered_another() -> None:
    """`qkvtui 'animal#weights[it,animal]'` would have begun with a remark about something else."""
    memory = Memory()
    memory.walked("animal", a_place())

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert "left at" not in screen_text(app)

    lesson = opened("animal")
    play(scene, memory=memory, lesson=replace(lesson, place=start(lesson.trace, query=0)))


def picked(memory: Memory, *keys: str, look: Look | None = None, size: tuple[int, int] = (80, 24)) -> str:
    """The screen after these keys, where no example was named."""

    async def run() -> str:
        app = QkvtuiApp(None, look or Look(80), memory=memory)
        async with driven(app, size) as pilot:
            assert isinstance(pilot, QuietPilot)
            await pilot.press(*keys)
            return screen_text(app)

    return asyncio.run(run())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12)])
def test_the_list_marks_what_was_seen_and_begins_where_one_goes_on(size: tuple[int, int]) -> None:
    """One would have begun with a lesson that one knows."""
    memory = Memory()
    memory.finished(FIRST)
    lines = [line.strip() for line in picked(memory, size=size).splitlines()]
    assert any(line.startswith(f"✓ {FIRST} ") for line in lines)
    assert not any(line.startswith(f"✓ {SECOND} ") for line in lines)
    opened = picked(memory, "enter").splitlines()[0]
    assert opened.startswith(lesson_of(SECOND).trace.example.title.in_language("en"))


def test_without_signs_beyond_ascii_what_was_seen_is_marked_too() -> None:
    """A terminal without ✓ would have shown a box."""
    memory = Memory()
    memory.finished(FIRST)
    shown = picked(memory, look=Look(80, ascii=True))
    assert f"v {FIRST} " in shown
    assert "✓" not in shown


def test_a_lesson_left_halfway_is_the_one_to_go_on_with() -> None:
    """One would have had to look for it in the list."""
    memory = Memory()
    memory.walked("journey", a_place("journey"))
    assert "you left at step 6" in picked(memory, "enter")


def test_the_list_scrolls_to_where_one_goes_on() -> None:
    """The highlighted lesson would have been below the screen."""
    memory = Memory()
    for name in bundled_names()[:-2]:
        memory.finished(name)
    assert bundled_names()[-2] in picked(memory, size=(40, 12))


def test_a_file_that_is_not_understood_is_told_of_once(tmp_path: Path) -> None:
    """Nothing would have been remembered any more, and nobody told why; or one would have been told all the time."""
    path = tmp_path / "state.json"
    path.write_text("{", encoding="utf-8")

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        assert "what was remembered cannot be read: qkvtui config" in screen_text(app)
        await pilot.press("o", "enter")
        assert "cannot be read" not in screen_text(app)

    play(scene, memory=Memory(str(path)))


def test_what_the_keys_z_and_t_choose_is_remembered() -> None:
    """Who reads Chinese on a machine that speaks English, or on white, would have pressed the key every time."""
    memory = Memory(settled={"language": "en", "theme": "dark"})

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("z", "T")
        assert memory.known.choices == {"language": "zh", "theme": "light"}
        await pilot.press("z", "T", "T", "T")
        assert memory.known.choices == {}

    play(scene, memory=memory)
