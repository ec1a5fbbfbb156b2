"""A teacher's session and a student's, each in a terminal of its own."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from .driver import qkvtui


@pytest.mark.slow
def test_a_student_goes_along_and_is_told_when_the_class_is_over(tmp_path: Path) -> None:
    """The one thing a class is for; and at rest neither terminal may send a byte."""
    place = str(tmp_path / "place")
    with qkvtui("animal", "--lead", place) as teacher:
        teacher.wait("step 1 of")
        with qkvtui("--read-only", "--folder", str(tmp_path), "--follow", place, columns=60, rows=20) as student:
            student.wait("step 1 of")
            teacher.press("7")
            student.wait("step 7 of")
            student.wait_until_quiet()
            assert student.sends_nothing_for(1.2)
            student.press("2")
            student.wait("f: to the teacher, at step 7")
            student.wait_until_quiet()
            assert student.sends_nothing_for(1.2)
            student.press("f")
            student.wait("step 7 of")
            teacher.press("q")
            assert teacher.wait_for_end() == 0
            student.wait("the teacher has ended the session")
            student.press("q")
            assert student.wait_for_end() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_teacher_who_is_killed_leads_nobody_any_more(tmp_path: Path) -> None:
    """The file stayed behind, and a class waited for a session that there was no more."""
    place = str(tmp_path / "place")
    with qkvtui("--read-only", "--folder", str(tmp_path), "animal", "--follow", place) as student:
        student.wait("step 1 of")
        with qkvtui("animal", "--lead", place) as teacher:
            teacher.wait("step 1 of")
            teacher.press("7")
            student.wait("step 7 of")
            teacher.press("3")
            student.wait("step 3 of")
            teacher.signal(signal.SIGKILL)
            teacher.wait_for_end()
        student.wait("the teacher has ended the session")
        assert Path(place).exists()
        with qkvtui("animal", "--lead", place) as teacher:
            teacher.wait("step 1 of")
            teacher.press("5")
            student.wait("step 5 of")
            teacher.press("q")
            teacher.wait_for_end()
        assert not Path(place).exists()


@pytest.mark.slow
def test_a_student_who_is_early_is_told_how_to_wait(tmp_path: Path) -> None:
    """`--follow` of a file that is not there yet would have opened a picker that never moves."""
    place = str(tmp_path / "place")
    with qkvtui("--follow", place) as student:
        assert student.wait_for_end() == 2
        assert "name an example to wait in" in student.text.replace("\n", "")
    with qkvtui("animal", "--follow", place) as student:
        student.wait("step 1 of")
        with qkvtui("journey", "--lead", place) as teacher:
            teacher.wait("step 1 of")
            teacher.press("3")
            student.wait(lambda terminal: "Your journey starts" in terminal.text and "step 3 of" in terminal.text)
            teacher.signal(15)
            assert teacher.wait_for_end() == 143
        student.wait("the teacher has ended the session")
