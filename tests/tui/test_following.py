"""A teacher leads, students follow: the same place, whatever their screens are like, and the freedom to look around."""

from __future__ import annotations

import asyncio
import os
import random
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from qkvtui.errors import QkvtuiError, UsageError
from qkvtui.files.find import bundled_folder
from qkvtui.files.restricted import restrict
from qkvtui.files.teacher import TeacherPlace, read_place, written_place
from qkvtui.trace.lesson import Lesson
from qkvtui.tui.actions import ACTS, acted
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.following import Following
from qkvtui.tui.leading import Leading
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.messages import Message
from qkvtui.tui.pages import HelpScreen
from qkvtui.tui.state import LessonState, lesson_of, state_of
from qkvtui.tui.what_if import edited
from qkvtui.views.look import Look
from tests.samples import each

from .driving import driven, lesson_screen_of, lines_of, opened, play, until

TEACHERS, STUDENTS = Look(80), Look(60, language="zh", tokens_as="columns", notation="lee", ascii=True, digits=4)
WALKED = (
    "animal",
    "journey",
    "animal-learn",
    "two-layers",
    "how-tired-gets-in",
    "next-word",
    "two-heads",
    "minilm-tired",
    "translation",
)


@dataclass
class Seat:
    """A student's lesson without a screen."""

    asked: str
    state: LessonState
    refused: list[str] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    unwritten: int = 0

    def become(self, state: LessonState) -> None:
        """As a lesson's screen."""
        self.state = state

    def told(self, message: Message) -> None:
        """As a lesson's screen."""
        self.said.append(message)

    def refuse(self, error: QkvtuiError) -> None:
        """As a lesson's screen."""
        self.refused.append(str(error))


def seated(name: str, path: Path, look: Look = STUDENTS) -> tuple[Seat, Following]:
    """A student in a lesson, and what takes the session along."""
    seat = Seat(name, state_of(lesson_of(name), look))

    def opened(lesson: Lesson) -> None:
        seat.asked, seat.state = lesson.asked, state_of(lesson, look)

    return seat, Following(str(path), lambda: cast(LessonScreen, seat), opened)


def begun(name: str) -> LessonState:
    """A teacher's lesson."""
    return state_of(lesson_of(name), TEACHERS)


def same(teacher: LessonState, student: LessonState) -> bool:
    """Whether both look at the same number of the same step, worked in the same way."""
    there, here = teacher.trace, student.trace
    cells = [(state.layer, state.trail.cells[-1:], state.cell) for state in (teacher, student)]
    steps = [state.trace.walk[state.place.step].id for state in (teacher, student)]
    ways = [(one.softmax_over, one.round_each, one.example.attention.causal, one.scale) for one in (there, here)]
    rows = [trace.row("weights", teacher.place.query, teacher.place.head).tolist() for trace in (there, here)]
    return (
        cells[0] == cells[1]
        and steps[0] == steps[1]
        and ways[0] == ways[1]
        and rows[0] == rows[1]
        and teacher.picture == student.picture
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", each(WALKED, ("animal", "two-layers")))
def test_wherever_a_teacher_goes_the_students_are_there(name: str, tmp_path: Path) -> None:
    """A student with a smaller screen in another language would have looked at another number."""
    path, rng = tmp_path / "place", random.Random(name)
    leading, teacher = Leading(str(path)), begun(name)
    leading.walked(teacher, name)
    seat, following = seated(name, path)
    following.look()
    names = sorted(set(ACTS) - {"write", "learn", "patches", "tour", "predict", "blanks", "play", "why", "teacher"})
    for _ in range(60):
        act = rng.choice(names)
        try:
            teacher = replace(acted(teacher, act), message=None)
        except QkvtuiError:
            continue
        leading.walked(teacher, name)
        following.look()
        if b'"beyond": true' in path.read_bytes():
            break
        assert seat.refused == []
        assert same(teacher, seat.state), act


def test_numbers_that_a_teacher_changes_are_changed_for_all(tmp_path: Path) -> None:
    """The class would have seen the old weights while the teacher speaks of the new ones."""
    path, teacher = tmp_path / "place", begun("animal")
    leading = Leading(str(path))
    leading.walked(teacher, "animal")
    seat, following = seated("animal", path)
    for text in ("X[it,0]=2", "W_K[0,1]=-1e-3"):
        teacher = edited(teacher, text)
        leading.walked(teacher, "animal")
        following.look()
        assert seat.refused == []
        assert same(teacher, seat.state)
    leading.walked(acted(acted(teacher, "undo"), "undo"), "animal")
    following.look()
    assert seat.state.trace is seat.state.history.traces[0]


def test_more_than_can_be_followed_is_said(tmp_path: Path) -> None:
    """The student would have compared numbers that are not the same, and doubted the lesson."""
    path = tmp_path / "place"
    leading = Leading(str(path))
    leading.walked(acted(begun("animal"), "move_later"), "animal")
    seat, following = seated("animal", path)
    following.look()
    assert seat.state.notice == STUDENTS.texts.screen["teacher_changed_more"]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "place",
    [
        TeacherPlace("animal", "no such step"),
        TeacherPlace("animal", "scores", query=10**9, key=10**9, feature=10**9, head=10**9, word=10**9, moving=10**9),
        TeacherPlace("animal", "scores", layer=7),
        TeacherPlace("animal", "scores", opened="[/red]\x1b[2J"),
        TeacherPlace("animal", "scores", opened="scores[9999,0]", chosen=10**9),
        TeacherPlace("animal", "scores", opened="scale"),
        TeacherPlace("animal", "scores", opened="exp[it,it]", chosen=10**9),
        TeacherPlace("animal", "summary", picture="heads"),
        TeacherPlace("/dev/zero", "scores"),
        TeacherPlace("/etc/passwd", "scores"),
        TeacherPlace("/no/such/file\x1fa sentence", "scores"),
        TeacherPlace("a\x00b", "scores"),
    ],
    ids=repr,
)
def test_a_place_that_is_none_leaves_the_student_where_the_lesson_is(place: TeacherPlace, tmp_path: Path) -> None:
    """A file that somebody has made up would have ended the session in a traceback."""
    path = tmp_path / "place"
    path.write_bytes(written_place(place))
    seat, following = seated("animal", path)
    following.look()
    assert seat.asked == "animal"
    if not seat.refused:
        assert seat.state.place.query < 5
        assert seat.state.cell


def test_made_up_changes_are_refused(tmp_path: Path) -> None:
    """The same, of what the file says is different."""
    text = written_place(TeacherPlace("animal", "scores")).decode("ascii")
    for change in ('"set": ["X[99,0]=1"]', '"set": ["scores[0,0]=1"]', '"set": ["X[0,0]=nan"]', '"set": ["[/]"]'):
        path = tmp_path / "place"
        path.write_text(text.replace('"set": []', change), encoding="ascii")
        seat, following = seated("animal", path)
        following.look()
        assert len(seat.refused) == 1


Scene = Callable[[QkvtuiApp, Pilot[None], Callable[[str], None]], Awaitable[None]]


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scene], None]:
    """Play a scene in a session that follows, with what lets the teacher act: the name of an act, or of a lesson."""
    monkeypatch.setattr("qkvtui.tui.app.SECONDS", 0.01)
    path = tmp_path / "place"
    leading = Leading(str(path))
    at = {"asked": "animal", "state": begun("animal")}

    def act(name: str) -> None:
        if name in ACTS:
            at["state"] = acted(cast(LessonState, at["state"]), name)
        elif name == "end":
            leading.ended()
            return
        else:
            at["asked"], at["state"] = name, begun(name)
        leading.walked(cast(LessonState, at["state"]), cast(str, at["asked"]))

    def play(scene: Scene) -> None:
        async def run() -> None:
            app = QkvtuiApp(opened("animal"), Look(80), follow=str(path))
            async with driven(app) as pilot:
                await scene(app, pilot, act)

        act("animal")
        asyncio.run(run())

    return play


def step_of(app: QkvtuiApp) -> int:
    """The number of the step that is seen; 0 while another screen is still on its way out."""
    return app.screen.state.place.step + 1 if isinstance(app.screen, LessonScreen) else 0


def test_a_student_follows_looks_around_and_comes_back(follow: Callable[[Scene], None]) -> None:
    """Whoever had pressed one key would have lost the teacher for good, or been torn away while reading."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None], act: Callable[[str], None]) -> None:
        act("jump_5")
        await until(pilot, lambda: step_of(app) == 5)
        await pilot.press("right")
        await until(pilot, lambda: "f: to the teacher, at step 5, scores" in lines_of(app, "footer")[0])
        assert step_of(app) == 6
        act("jump_9")
        await until(pilot, lambda: "at step 9" in lines_of(app, "footer")[0])
        assert step_of(app) == 6
        await pilot.press("f")
        assert step_of(app) == 9
        act("jump_2")
        await until(pilot, lambda: step_of(app) == 2)

    follow(scene)


def test_nothing_is_torn_from_a_student_who_types_or_reads(follow: Callable[[Scene], None]) -> None:
    """A half-typed address, or the help, would have gone with the teacher's next key."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None], act: Callable[[str], None]) -> None:
        await pilot.press("g", "Q")
        act("jump_3")
        await pilot.pause(0.05)
        assert step_of(app) == 1
        await pilot.press("escape")
        await until(pilot, lambda: step_of(app) == 3)
        await pilot.press("question_mark")
        act("jump_4")
        await pilot.pause(0.05)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await until(pilot, lambda: step_of(app) == 4)

    follow(scene)


def test_into_another_lesson_and_to_the_end(follow: Callable[[Scene], None]) -> None:
    """The class would have stayed behind in the old lesson, or been closed with the teacher's session."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None], act: Callable[[str], None]) -> None:
        act("journey")
        act("jump_4")
        await until(pilot, lambda: step_of(app) == 4 and lesson_screen_of(app).asked == "journey")
        act("end")
        await until(pilot, lambda: "has ended" in lines_of(app, "footer")[0])
        await pilot.press("right")
        assert step_of(app) == 5
        act("jump_2")
        await until(pilot, lambda: "at step 2" in lines_of(app, "footer")[0])

    follow(scene)


def test_f_is_offered_only_where_a_teacher_is_followed(follow: Callable[[Scene], None]) -> None:
    """The footer would have offered what does nothing."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None], act: Callable[[str], None]) -> None:
        offers = lesson_screen_of(app).offers(app.look.texts)
        assert "teacher" in {offer.action.name for offer in offers}

    follow(scene)

    async def alone() -> None:
        app = QkvtuiApp(opened("animal"), Look(80))
        async with driven(app) as pilot:
            offers = lesson_screen_of(app).offers(app.look.texts)
            assert "teacher" not in {offer.action.name for offer in offers}
            await pilot.press("f")
            assert "nobody is followed" in lines_of(app, "footer")[0]

    asyncio.run(alone())


def test_the_file_can_be_read_by_others_and_goes_with_the_session(tmp_path: Path) -> None:
    """Under a teacher's umask of 077 nobody could have followed; a left file would have led into the empty room."""
    path, before = tmp_path / "place", os.umask(0o077)
    try:
        leading = Leading(str(path))
        leading.walked(begun("animal"), "animal")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    leading.ended()
    assert list(tmp_path.iterdir()) == []


def test_no_other_file_is_replaced(tmp_path: Path) -> None:
    """`--lead lesson.toml` would have destroyed the lesson."""
    path = tmp_path / "lesson.toml"
    path.write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="there is such a file already"):
        Leading(str(path))
    with pytest.raises(UsageError, match="there is no folder"):
        Leading(str(tmp_path / "nowhere" / "place"))
    Leading(str(tmp_path / "place")).walked(begun("animal"), "animal")
    Leading(str(tmp_path / "place"))
    restrict((bundled_folder(),))
    try:
        with pytest.raises(UsageError, match="read-only"):
            Leading(str(tmp_path / "other"))
    finally:
        restrict(())


def test_what_a_teacher_opens_is_open_for_all(tmp_path: Path) -> None:
    """The teacher would have spoken of a number's second term, and the class looked at the step."""
    path, teacher = tmp_path / "place", begun("animal")
    leading = Leading(str(path))
    leading.walked(teacher, "animal")
    seat, following = seated("animal", path)
    for act in ("jump_7", "open_cell", "next_cell", "open_cell", "next_cell", "next_cell", "close_cell", "matrix"):
        teacher = acted(teacher, act)
        leading.walked(teacher, "animal")
        following.look()
        assert (seat.refused, same(teacher, seat.state)) == ([], True), act
        assert bool(seat.state.trail.cells) == bool(teacher.trail.cells)


def test_where_there_are_no_locks_one_can_lead_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without locks the class would have ended with its first step."""
    monkeypatch.setattr("qkvtui.tui.leading.hold", lambda path: None)
    path = tmp_path / "place"
    leading, teacher = Leading(str(path)), begun("animal")
    leading.walked(teacher, "animal")
    assert not read_place(str(path)).held
    seat, following = seated("animal", path)
    for _ in range(3):
        following.look()
    assert seat.said == []
    leading.ended()
    assert not path.exists()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12)])
def test_whoever_follows_sees_the_key_back_to_the_teacher_at_once(size: tuple[int, int], language: str) -> None:
    """After a key of one's own nothing said how to come back, until the teacher moved."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        assert "f " + app.look.texts.actions["teacher"] not in lines_of(app, "footer")[0]
        screen.become(replace(screen.state, follows=True))
        for pressed in ("right", "full_stop", "enter", "backspace", "y", "backspace", "0", "0"):
            await pilot.press(pressed)
            assert lines_of(app, "footer")[0].startswith("f " + app.look.texts.actions["teacher"]), pressed

    play(scene, size=size, look=Look(size[0], language=language))
