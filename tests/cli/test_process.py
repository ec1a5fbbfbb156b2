"""The program in a process of its own: pipes, signals, locales and terminals."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from qkvtui.parsers import PARSERS
from tests.cli.program import REPOSITORY, command_line, environment, interruptible, printed, spawn

CODE = re.compile(rb"\x1b\[[0-9;]*m")
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|[34]8;5;\d+)(?:;\d+)*m")
NEEDS_FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")


def on_a_terminal(*arguments: str, columns: int = 90, **variables: str) -> bytes:
    """What the program writes to a terminal of that width."""
    leader, follower = pty.openpty()
    try:
        termios.tcsetwinsize(follower, (30, columns))
        with subprocess.Popen(
            command_line(*arguments), stdin=follower, stdout=follower, env=environment(**variables), cwd=REPOSITORY
        ) as process:
            os.close(follower)
            written = b""
            while True:
                try:
                    piece = os.read(leader, 1 << 16)
                except OSError:  # Linux says so when the other side is closed
                    break
                if not piece:
                    break
                written += piece
        assert process.returncode == 0
    finally:
        os.close(leader)
    return written.replace(b"\r\n", b"\n")


def test_a_process_prints_what_the_command_gives() -> None:
    """Everything else here would have tested something that no user runs."""
    ended = spawn("print", "animal")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode() == printed("animal")
    assert spawn("check", "animal").returncode == 1
    ended = spawn("print", "anmial")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.startswith(b'qkvtui: no file and no bundled example is called "anmial"')


def test_the_installed_command_is_the_same_program(tmp_path: Path) -> None:
    """`qkvtui` would not have worked outside the checkout, where there is no examples folder."""
    command = Path(sys.executable).with_name("qkvtui")
    if not command.exists():
        pytest.skip("qkvtui is not installed here")
    ended = subprocess.run([command, "list"], capture_output=True, env=environment(), cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == spawn("list").stdout


def test_what_was_written_before_something_went_wrong_is_there() -> None:
    """The process ends without Python's own clearing up: half of a report would have been lost with it."""
    code = (
        "import qkvtui.cli\n"
        "from qkvtui.__main__ import command\n"
        "qkvtui.cli.main = lambda arguments: (print('half', end=''), 2)[1]\n"
        "command()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, b"half", b"")


def test_a_profile_of_the_program_is_written(tmp_path: Path) -> None:
    """Whoever looked for what takes so long was left with nothing."""
    to = tmp_path / "profile"
    code = [sys.executable, "-m", "cProfile", "-o", str(to), "-m", "qkvtui", "list"]
    assert subprocess.run(code, capture_output=True, env=environment(), cwd=REPOSITORY, check=False).returncode == 0
    assert to.stat().st_size > 0


def test_who_asked_for_a_prompt_behind_the_program_gets_it() -> None:
    """`python -i -m qkvtui list` was gone after the list: there was nothing to look into."""
    code = [sys.executable, "-i", "-m", "qkvtui", "list"]
    ended = subprocess.run(
        code, input=b"print(6 * 7)\n", capture_output=True, env=environment(), cwd=REPOSITORY, check=False
    )
    assert ended.stdout.endswith(b"42\n")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("print", "animal"), ("--help",), ("list",), ("--print-man",), ("config",)])
def test_a_closed_pipe_ends_quietly(arguments: tuple[str, ...], unbuffered: str) -> None:
    """`qkvtui print animal | head -1` would have ended with a traceback below the line asked for."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            command_line(*arguments),
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment(PYTHONUNBUFFERED=unbuffered),
            cwd=REPOSITORY,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.sampled(1)
@NEEDS_FULL
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("print", "animal"), ("--help",), ("-V",), ("list",), ("--print-man",)])
def test_a_full_disk_is_one_line_and_status_2(arguments: tuple[str, ...], unbuffered: str) -> None:
    """A script would have gone on with half a page, or a traceback would have filled the log."""
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            command_line(*arguments),
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(PYTHONUNBUFFERED=unbuffered),
            cwd=REPOSITORY,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr == b"qkvtui: cannot write the output: no space left on device\n"


@pytest.mark.sampled(1)
@NEEDS_FULL
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", "2>&- >&-", "2>/dev/full >/dev/full"])
def test_the_exit_status_is_right_where_nobody_hears_what_is_wrong(redirection: str) -> None:
    """A script whose log is on a full disk would have met status 1: numbers that do not hold."""
    for arguments, status in ((("prnt",), 2), (("print", "anmial"), 2), (("print", "animal", "--bogus"), 2)):
        ended = subprocess.run(
            ["sh", "-c", f'"$@" {redirection}', "sh", *command_line(*arguments)],
            capture_output=True,
            env=environment(),
            cwd=REPOSITORY,
            check=False,
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (status, b"", b"")


def test_closed_standard_streams_are_no_traceback() -> None:
    """`qkvtui list >&-` in a service would have ended in an AttributeError."""
    for redirection in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        line = f'"$@" {redirection}'
        ended = subprocess.run(
            ["sh", "-c", line, "sh", *command_line("list")],
            capture_output=True,
            env=environment(),
            cwd=REPOSITORY,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b""), redirection


def test_closed_standard_input_is_said() -> None:
    """`qkvtui print - <&-` would have ended in a traceback."""
    ended = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *command_line("print", "-")],
        capture_output=True,
        env=environment(),
        cwd=REPOSITORY,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"qkvtui: standard input: is closed")


def test_ctrl_c_ends_with_status_130() -> None:
    """A script could not have told an interrupted run from a failed one; a user would have seen a traceback."""
    with interruptible("print", "-") as process:
        assert process.stdin is not None
        process.stdin.write(b"#" * (1 << 20))  # more than a pipe holds: once it is written, the program reads
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        output, messages = process.communicate(timeout=30)
    assert (process.returncode, output, messages) == (130, b"", b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "LANG": ""},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "no_SUCH.locale"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
    ids=str,
)
def test_no_locale_is_a_traceback(locale: dict[str, str]) -> None:
    """A container without locales would have printed a UnicodeEncodeError in place of the lesson."""
    ended = spawn("print", "animal", "xiaohong", "--lang", "zh", environ=locale)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"0.85 = 0.50" in ended.stdout
    assert spawn("list", "--lang", "zh", environ=locale).returncode == 0
    assert spawn("print", "小红们.toml", environ=locale).returncode == 2


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", [(name,) if name else () for name in PARSERS])
def test_help_can_be_read_in_any_locale(command: tuple[str, ...]) -> None:
    """`print --help` would have ended in a UnicodeEncodeError."""
    ended = spawn(*command, "--help", environ={"PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"\nusage: qkvtui" in ended.stdout
    assert b"\\u" not in ended.stdout


@pytest.mark.slow
def test_a_senseless_width_is_no_traceback() -> None:
    """COLUMNS with 5,000 digits would have ended every command in a ValueError."""
    sizes = {"COLUMNS": "9" * 5000, "LINES": "9" * 5000}
    for arguments in (("print", "animal"), ("print", "--help"), ("learn", "animal-learn", "--steps", "2")):
        ended = spawn(*arguments, environ=sizes)
        assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.slow
def test_a_locale_of_ascii_gets_signs_of_ascii() -> None:
    """× and √ would have come out as \\xd7 and \\u221a."""
    for variables in (
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        ended = spawn("print", "animal", environ=variables)
        assert b"0.85 = 0.50 x 0.90 + 0.50 x 0.80" in ended.stdout
        assert ended.stdout.isascii()
        assert b"\\xd7" not in ended.stdout


def test_a_terminal_gets_colours_and_its_own_width() -> None:
    """The page on a terminal would have been grey, or broken at 80 columns whatever the window."""
    written = on_a_terminal("print", "animal", "--step", "scores", columns=90)
    assert COLOUR.search(written)
    bare = b"\n".join(line.rstrip() for line in CODE.sub(b"", written).split(b"\n"))
    assert bare.decode() == printed("animal", "--step", "scores", "--width", "90")


def test_no_color_leaves_bold_but_no_colours() -> None:
    """A reader who cannot bear the colours would have got them all the same."""
    written = on_a_terminal("print", "animal", "--step", "scores", NO_COLOR="1")
    assert not COLOUR.search(written)
    assert b"[0.85]" in CODE.sub(b"", written)


def test_help_on_a_terminal_is_as_wide_and_as_coloured_as_that() -> None:
    """The help would have been grey on every terminal, or coloured for those who want no colours."""
    coloured = on_a_terminal("print", "--help", columns=100)
    assert COLOUR.search(coloured)
    assert 90 < max(map(len, CODE.sub(b"", coloured).splitlines())) <= 100
    for variables in ({"NO_COLOR": "1"}, {"CLICOLOR": "0"}):
        bold = on_a_terminal("print", "--help", columns=90, **variables)
        assert b"\x1b[1m" in bold
        assert not COLOUR.search(bold)
    assert b"\x1b" not in on_a_terminal("--help", TERM="dumb")


@pytest.mark.slow
def test_a_dumb_terminal_gets_no_codes() -> None:
    """Emacs' shell would have shown ^[[1m in front of every heading."""
    assert b"\x1b" not in on_a_terminal("print", "animal", "--step", "scores", TERM="dumb")
    assert b"\x1b" in on_a_terminal("print", "animal", "--step", "scores", TERM="dumb", FORCE_COLOR="1")


@pytest.mark.slow
def test_a_hundred_runs_write_the_same_bytes() -> None:
    """A page under version control would have changed now and then, for no reason."""
    runs = {spawn("print", "animal", environ={"PYTHONHASHSEED": str(seed)}).stdout for seed in range(100)}
    assert len(runs) == 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json"])
def test_two_processes_write_the_same_bytes(form: str) -> None:
    """Sets and hashes differ from process to process: so would the page have."""
    first, second = (
        spawn("print", "animal", "two-heads.toml", "--format", form, cwd=REPOSITORY / "tests" / "golden", environ=seed)
        for seed in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    )
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout
