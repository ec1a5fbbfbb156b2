"""Changes that were not written outlive a session that is ended from outside, in a real terminal."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.samples import each

from .driver import INTERRUPT, PRISTINE, QKVTUI, Terminal, python
from .test_ends import DEAF
from .test_remembering import session
from .test_suspending import at_the_prompt, shell, suspended

Ending = Callable[[Terminal], None]


def ended_by(number: int, *, twice: bool = False) -> Ending:
    """How a signal ends it."""

    def end(terminal: Terminal) -> None:
        terminal.signal(number)
        if twice:
            terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert (terminal.modes, terminal.attributes) == (PRISTINE, terminal.attributes_before)

    return end


def interrupted(terminal: Terminal) -> None:
    """How Ctrl+C ends it."""
    terminal.press(INTERRUPT)
    assert terminal.wait_for_end() == 130
    assert (terminal.modes, terminal.attributes) == (PRISTINE, terminal.attributes_before)


def hung_up(terminal: Terminal) -> None:
    """How a lost connection ends it."""
    terminal.hang_up()
    assert terminal.wait_for_end() != 0


ENDINGS: dict[str, Ending] = {
    "HUP": ended_by(signal.SIGHUP),
    "TERM": ended_by(signal.SIGTERM),
    "INT": ended_by(signal.SIGINT),
    "TERM twice": ended_by(signal.SIGTERM, twice=True),
    "HUP twice": ended_by(signal.SIGHUP, twice=True),
    "Ctrl+C": interrupted,
    "lost connection": hung_up,
}


def changed(terminal: Terminal) -> None:
    """A lesson in which something was changed."""
    terminal.wait("step 1 of")
    terminal.press("m")
    terminal.wait("step 1 of 12")


def kept(home: Path) -> list[Path]:
    """What is kept in this home folder."""
    return sorted((home / ".local" / "state" / "qkvtui" / "unwritten").glob("*"))


@pytest.mark.parametrize("how", each(list(ENDINGS), ("lost connection",)))
def test_changes_outlive_a_session_that_is_ended_from_outside(how: str, tmp_path: Path) -> None:
    """A dropped line would have taken an hour's changes with it."""
    with session(tmp_path, "animal") as terminal:
        changed(terminal)
        ENDINGS[how](terminal)
        assert b"Traceback" not in terminal.output
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert json.loads(file.read_text(encoding="ascii"))["count"] == 1
    with session(tmp_path, "animal") as terminal:
        terminal.wait("y takes them, n drops them")
        terminal.press("y")
        terminal.wait("the changes are back")
        terminal.press("q")
        terminal.wait("d drops them")
        terminal.press("d")
        assert terminal.wait_for_end() == 0
    assert kept(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("options", [("--no-state",), ()])
def test_a_session_that_is_to_leave_nothing_keeps_no_changes(options: tuple[str, ...], tmp_path: Path) -> None:
    """A demonstration would have left its marks; a home that cannot be written a traceback over the terminal."""
    if not options:
        (tmp_path / ".local").write_text("", encoding="utf-8")
    with session(tmp_path, "animal", *options) as terminal:
        changed(terminal)
        ended_by(signal.SIGTERM)(terminal)
        assert b"Traceback" not in terminal.output
    assert [path.name for path in tmp_path.iterdir()] == ([] if options else [".local"])


@pytest.mark.slow
def test_changes_outlive_an_application_that_is_stuck(tmp_path: Path) -> None:
    """A file on a server that does not answer would have taken the changes with it."""
    os.mkfifo(tmp_path / "nobody-writes")
    deaf = ("-c", DEAF, str(tmp_path / "nobody-writes"), "animal")
    with python(*deaf, HOME=str(tmp_path), XDG_STATE_HOME="") as terminal:
        changed(terminal)
        terminal.press("z")
        terminal.wait_until_quiet()
        ended_by(signal.SIGHUP)(terminal)
    assert len(kept(tmp_path)) == 1


@pytest.mark.slow
def test_changes_below_another_page_are_kept_too(tmp_path: Path) -> None:
    """On the help page a signal would have found no lesson to keep."""
    with session(tmp_path, "animal") as terminal:
        changed(terminal)
        terminal.press("?")
        terminal.wait("The keyboard")
        ended_by(signal.SIGTERM)(terminal)
    assert len(kept(tmp_path)) == 1


@pytest.mark.slow
def test_changes_outlive_a_session_that_is_ended_while_the_shell_has_the_terminal(tmp_path: Path) -> None:
    """After Ctrl+Z and a closed window the changes would have been gone with the job."""
    command = " ".join((*QKVTUI, "animal"))
    with shell(HOME=str(tmp_path), XDG_STATE_HOME="") as terminal:
        terminal.press(command, "\r")
        changed(terminal)
        suspended(terminal)
        mark = len(terminal.output)
        terminal.press("kill %1; fg\r")
        at_the_prompt(terminal, "echo status $?", since=mark)
        terminal.wait_for_output(b"status 143")
    assert len(kept(tmp_path)) == 1
