"""A terminal for tests: a program in a pseudo-terminal, its screen kept by pyte."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from wcwidth import wcwidth

from tests.cli.program import NO_HOME, processor_time

ROOT = Path(__file__).parents[2]
QKVTUI = (sys.executable, "-m", "qkvtui")

RIGHT, LEFT, UP, DOWN = "\x1b[C", "\x1b[D", "\x1b[A", "\x1b[B"
HOME, END, PAGE_DOWN, PAGE_UP = "\x1b[H", "\x1b[F", "\x1b[6~", "\x1b[5~"
ENTER, ESCAPE, INTERRUPT, SUSPEND = "\r", "\x1b", "\x03", "\x1a"

COLOURS = re.compile(rb"\x1b\[[0-9;]*\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])[0-9;]*m")
"""The codes that choose a colour."""

_DEADLINE = 20.0
_KITTY = re.compile(rb"\x1b\[([<>=])[0-9;]*u")
_MODES = {1000: "mouse", 1002: "mouse", 1003: "mouse", 1004: "focus", 1006: "mouse", 1015: "mouse", 1016: "mouse"}
_MODES |= {1049: "alternate screen", 2004: "bracketed paste", 2026: "synchronized output", 2048: "in-band resize"}


@dataclass(frozen=True)
class Modes:
    """What a program has switched on in its terminal."""

    on: frozenset[str]
    cursor_shown: bool
    line_wrap: bool
    keyboards: int
    """How many keyboard protocols (kitty's) are pushed and not popped."""


PRISTINE = Modes(frozenset(), cursor_shown=True, line_wrap=True, keyboards=0)


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment of a plain UTF-8 terminal, whatever this one is."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "TERM": "xterm-256color"} | NO_HOME | changes


def _is_wide(cell: str) -> bool:
    return cell != "" and wcwidth(cell[0]) == 2


class Terminal:
    """Runs a program as the leader of a session on a terminal of its own."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        standard_input: int | None = None,
    ) -> None:
        self._master, self._slave = os.openpty()
        self._size(columns, rows)
        self.attributes_before = termios.tcgetattr(self._slave)
        self._screen = pyte.Screen(columns, rows)
        self._screen.set_mode(7, private=True)  # a terminal wraps lines until it is told not to
        self._stream = pyte.ByteStream(self._screen)
        self.output = bytearray()
        """Everything the program has written."""
        self._fed = 0
        self._process = subprocess.Popen(
            command,
            stdin=self._slave if standard_input is None else standard_input,
            stdout=self._slave,
            stderr=self._slave,
            env=dict(environment if environment is not None else clean_environment()),
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for end in (self._master, self._slave):
            if end >= 0:
                os.close(end)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def lines(self) -> list[str]:
        """The screen, without the spaces at the lines' ends; half of a wide character is seen as a space."""
        return [self._line(row).rstrip() for row in range(self._screen.lines)]

    def _line(self, row: int) -> str:
        """One line as it looks now; between two writes, half of a wide character may have been written over."""
        cells = [self._screen.buffer[row][column].data for column in range(self._screen.columns)]
        shown = []
        for before, cell, after in zip([" ", *cells], cells, [*cells[1:], " "], strict=False):
            half = not _is_wide(before) if cell == "" else _is_wide(cell) and after != ""
            shown.append(" " if half else cell)
        return "".join(shown)

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def under_cursor(self, columns: int) -> str:
        """What stands on the screen from the terminal's own cursor on: what a braille display begins with."""
        cursor = self._screen.cursor
        return "".join(self._screen.buffer[cursor.y][cursor.x + column].data for column in range(columns))

    @property
    def modes(self) -> Modes:
        """What is switched on now."""
        on = frozenset(name for number, name in _MODES.items() if number << 5 in self._screen.mode)
        signs = [match[1] for match in _KITTY.finditer(bytes(self.output))]
        keyboards = signs.count(b">") - signs.count(b"<")
        return Modes(on, 25 << 5 in self._screen.mode, 7 << 5 in self._screen.mode, keyboards)

    @property
    def attributes(self) -> list[object]:
        """The terminal's line settings (termios) as they are now."""
        return termios.tcgetattr(self._slave)

    def press(self, *keys: str) -> None:
        """Press keyboard keys, all at once."""
        self.send("".join(keys).encode())

    def send(self, data: bytes) -> None:
        """Send what no keyboard key would."""
        os.write(self._master, data)

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as when the window is dragged; the terminal keeps what it shows."""
        self._screen.resize(rows, columns)
        self._size(columns, rows)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def signal_a_side_thread(self, number: int) -> None:
        """Send a signal that the system hands to another thread than the main one (Linux)."""
        threads = [int(thread) for thread in os.listdir(f"/proc/{self.pid}/task")]
        os.kill(max(thread for thread in threads if thread != self.pid), number)

    def wait_for_output(self, sent: bytes, *, since: int = 0) -> None:
        """Read until the program has written this, in what it has written from that byte on."""
        self.wait(lambda terminal: sent in terminal.output[since:])

    def hang_up(self) -> None:
        """Close the terminal, as when the connection is lost."""
        for end in (self._slave, self._master):
            os.close(end)
        self._slave = self._master = -1

    def wait(
        self,
        condition: str | Callable[[Terminal], bool],
        *,
        seconds: float = _DEADLINE,
        or_else: Callable[[], Sequence[str]] | None = None,
    ) -> None:
        """Read until the screen holds the text or fulfils the condition; AssertionError after the deadline.

        `or_else` gives the screen that was hoped for, to be compared with the one there is.
        """
        holds = (lambda terminal: condition in terminal.text) if isinstance(condition, str) else condition
        deadline = time.monotonic() + seconds
        while not holds(self):
            ended = self._process.poll() is not None
            if self._read(0.0 if ended else max(0.0, min(0.5, deadline - time.monotonic()))):
                continue
            if ended or time.monotonic() > deadline:
                what = "the program has ended" if ended else f"not within {seconds} s"
                expected = "" if or_else is None else "\nexpected\n" + "\n".join(or_else())
                raise AssertionError(f"{what}; the screen is\n{self.text}{expected}")

    def wait_until_quiet(self, seconds: float = 0.2) -> int:
        """Read until nothing has come for that long; how many bytes came."""
        before = len(self.output)
        while self._read(seconds):
            pass
        return len(self.output) - before

    def sends_nothing_for(self, seconds: float) -> bool:
        """Whether not a byte comes in that time."""
        return not self._read(seconds)

    def time_to_paint(self, *keys: str, quiet: float = 0.15) -> float:
        """Press keys; seconds until the last byte of what they paint, which that long a silence ends."""
        start = last = time.perf_counter()
        self.press(*keys)
        while select.select([self._master], [], [], quiet if last > start else _DEADLINE)[0]:
            self.output.extend(os.read(self._master, 65536))
            last = time.perf_counter()
        self._show()
        return last - start

    def has_ended(self) -> bool:
        """Whether the program has ended by now."""
        return self._process.poll() is not None

    def wait_for_end(self, seconds: float = _DEADLINE) -> int:
        """The exit status, minus the signal's number where a signal killed the program."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None:
            if self._master >= 0:
                self._read(0.02)
            assert time.monotonic() < deadline, f"the program did not end within {seconds} s"
        if self._master >= 0:
            self._drain()
        return self._process.returncode

    def resident_memory(self) -> int:
        """Bytes of memory the program holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def peak_memory(self) -> int:
        """The most bytes of memory the program has held."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def processor_time(self) -> float:
        """Seconds of processor time the program has used."""
        return processor_time(self.pid)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Read what comes within that time; whether anything came."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.output.extend(data)
        self._show()
        return bool(data)

    def _drain(self) -> None:
        while self._read(0.0):
            pass

    def _show(self) -> None:
        """Feed the screen, without kitty's sequences, which pyte would print; an incomplete sequence waits."""
        new = bytes(self.output[self._fed :])
        start = new.rfind(b"\x1b")
        if start >= 0 and re.fullmatch(rb"\x1b(\[[<>=]?[0-9;]*)?", new[start:]):
            new = new[:start]
        self._fed += len(new)
        self._stream.feed(_KITTY.sub(b"", new))


def python(*arguments: str, columns: int = 80, rows: int = 24, **environment: str) -> Terminal:
    """Another Python program in a terminal of that size."""
    environ = clean_environment(**environment)
    return Terminal((sys.executable, *arguments), columns=columns, rows=rows, environment=environ)


def qkvtui(
    *arguments: str, columns: int = 80, rows: int = 24, standard_input: int | None = None, **environment: str
) -> Terminal:
    """The program in a terminal of that size; `environment` changes a clean one."""
    return Terminal(
        (*QKVTUI, *arguments),
        columns=columns,
        rows=rows,
        environment=clean_environment(**environment),
        standard_input=standard_input,
    )


def _take_terminal() -> None:
    """In the child: its standard output becomes the terminal that rules the session."""
    fcntl.ioctl(1, termios.TIOCSCTTY, 0)
