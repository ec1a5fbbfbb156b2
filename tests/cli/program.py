"""The program run as a user runs it: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from qkvtui.cli import main

REPOSITORY = Path(__file__).parents[2]
ASKED_OF_THE_ENVIRONMENT = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORFGBG",
    "COLORTERM",
    "COLUMNS",
    "FORCE_COLOR",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LINES",
    "NO_COLOR",
    "PYTHONIOENCODING",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
    "TERM",
)

NO_HOME = {"XDG_CONFIG_HOME": os.devnull, "XDG_STATE_HOME": os.devnull}
"""No settings of whoever runs the tests, and nothing remembered for them: in these places there can be no file."""


@dataclass(frozen=True)
class Ended:
    """How one run of the program ended."""

    status: int
    output: str
    messages: str

    @property
    def json(self) -> Any:
        """The output, which is one line of JSON."""
        assert self.messages == ""
        assert self.output.count("\n") == 1
        return json.loads(self.output, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what changes the output, in a UTF-8 locale; and with `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in ASKED_OF_THE_ENVIRONMENT}
    return {**kept, "LANG": "C.UTF-8", "TERM": "xterm-256color", **NO_HOME, **more}


def run(*arguments: str | Path, stdin: str = "", encoding: str = "utf-8", environ: Mapping[str, str] = {}) -> Ended:
    """Run one command line in this process; its output is piped."""
    output = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    messages = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace", newline="\n")
    around = mock.patch.dict(os.environ, environment(**environ), clear=True)
    with around, _standard_input(stdin), redirect_stdout(output), redirect_stderr(messages), _own_signals():
        status = main([str(argument) for argument in arguments])
    return Ended(status, _text(output), _text(messages))


def printed(*arguments: str | Path, **more: Any) -> str:
    """The output of `qkvtui print`, which must go well."""
    ended = run("print", *arguments, **more)
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


def spawn(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, environ: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[bytes]:
    """Run one command line in a process of its own."""
    return subprocess.run(
        command_line(*arguments),
        input=stdin,
        capture_output=True,
        env=environment(**environ),
        cwd=cwd or REPOSITORY,
        timeout=60,
        check=False,
    )


def interruptible(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """One command line in a process that Ctrl+C reaches, even where these tests run in the background."""
    return subprocess.Popen(
        command_line(*arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=REPOSITORY,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def command_line(*arguments: str | Path) -> list[str]:
    """What a shell would run."""
    return [sys.executable, "-m", "qkvtui", *map(str, arguments)]


@contextmanager
def _own_signals() -> Iterator[None]:
    """What the program does at Ctrl+C is not for this process."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _standard_input(text: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        yield
    finally:
        sys.stdin = before


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return written.decode(stream.encoding)
