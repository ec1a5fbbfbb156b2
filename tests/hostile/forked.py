"""The program run in a fork of this process, with so much time and memory; and what is judged."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import time
import traceback
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from tests.cli.program import run

SECONDS = 4.0
"""Of processor time that a command may take; the contract says 2 on a quiet machine."""
MEMORY = 256 << 20
"""Bytes that it may take beyond what this process has."""
_KILLED_AFTER, _ASLEEP_AFTER = 60, 300
"""Seconds of processor time, and by the clock on a machine that is kept busy by others."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_STEERS = {"Cc", "Cs"}
_TURNS = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}
_BREAKS = {"\u2028", "\u2029", "\ufeff"}


@dataclass(frozen=True)
class Failure:
    """What went wrong, and at which command."""

    command: tuple[str, ...]
    what: str

    @property
    def kind(self) -> str:
        """What stays the same while the input is made smaller."""
        return self.what.partition(":")[0]


def failures_of(commands: Sequence[Sequence[str]], folder: Path) -> list[Failure]:
    """What is wrong with these command lines, run in the folder one after the other."""
    ends = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ends[0])
        _run_all(commands, folder, ends[1])
    os.close(ends[1])
    with os.fdopen(ends[0], encoding="utf-8") as said:
        found = [json.loads(line) for line in said]
    _, state = os.waitpid(child, 0)
    failures = [Failure(tuple(one["command"]), what) for one in found for what in one["failures"]]
    if state:
        last = commands[len(found)] if len(found) < len(commands) else ()
        failures.append(Failure(tuple(last), f"killed: {os.waitstatus_to_exitcode(state)}"))
    return failures


def _run_all(commands: Sequence[Sequence[str]], folder: Path, pipe: int) -> None:
    """In the fork: a line of JSON for each command. Never returns."""
    try:
        os.chdir(folder)
        resource.setrlimit(resource.RLIMIT_CPU, (_KILLED_AFTER, _KILLED_AFTER))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_ASLEEP_AFTER)
        with os.fdopen(pipe, "w", encoding="utf-8") as said:
            for command in commands:
                said.write(json.dumps({"command": list(command), "failures": list(_run_one(command))}) + "\n")
                said.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(70)


def _run_one(command: Sequence[str]) -> Iterator[str]:
    _forget_peak()
    memory, began = _memory("VmRSS"), time.process_time()
    try:
        ended = run(*command)
    except BaseException as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        yield f"traceback: {type(error).__name__} in {Path(at.filename).name}, line {at.lineno}: {error}"[:300]
        return
    seconds, more = time.process_time() - began, _memory("VmHWM") - memory
    if seconds > SECONDS:
        yield f"slow: {seconds:.1f} s"
    if more > MEMORY:
        yield f"large: {more >> 20} MiB"
    if ended.status not in (0, 1, 2):
        yield f"status: {ended.status}"
    if ended.status == 2 and not (ended.messages or ended.output):
        yield "silent: status 2 and not a word"
    if ended.messages and ended.status != 2:
        yield f"messages: {ended.messages[:200]}"
    yield from _judged(command, ended.output, ended.messages, ended.status)


def _judged(command: Sequence[str], output: str, messages: str, status: int) -> Iterator[str]:
    """What must not stand in what the program says."""
    form = command[command.index("--format") + 1] if "--format" in command else "text"
    plain = _COLOURS.sub("", output) if "always" in command else output
    for where, text in (("output", plain.replace("\r\n", "\n") if form == "csv" else plain), ("messages", messages)):
        found = next((one for one in text if _is_foreign(one)), None)
        if found is not None:
            yield f"foreign: U+{ord(found):04X} in the {where}"
    if form == "json" and status != 2:
        try:
            json.loads(output, parse_constant=_refused, object_pairs_hook=_each_once)
        except (ValueError, RecursionError) as error:
            yield f"json: {error}"[:100]
    if form == "text" and status == 0:
        width = int(command[command.index("--width") + 1]) if "--width" in command else 80
        widest = max(map(cell_len, plain.split("\n")), default=0)
        if widest > width:
            yield f"wide: {widest} columns"


def _is_foreign(one: str) -> bool:
    """Whether a character could steer the terminal or turn a line round."""
    return (unicodedata.category(one) in _STEERS and one != "\n") or one in _TURNS or one in _BREAKS


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _each_once(items: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(items)) != len(items):
        raise ValueError("a name twice")
    return dict(items)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024
