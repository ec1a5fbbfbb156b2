"""The budgets, one function a group of lines: add a function to ROWS and the table has it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from tests.terminal.driver import RIGHT, Terminal, python, qkvtui

from .measuring import Result, first_frame, medians, run_time

_HELLO = ("-m", "tests.benchmarks.hello")
_EXAMPLES = ("animal", "animal-sentence")
_STEPS = 9
_MIB = 2**20


def _hello() -> Terminal:
    return python(*_HELLO)


def _animal() -> Terminal:
    return qkvtui("animal")


def start_up() -> Iterator[Result]:
    """What needs no numbers starts nearly as fast as Python itself."""
    commands = ("--help", "--version", "list")
    bare, *ours = medians(
        run_time("-c", "import argparse"), *(run_time("-m", "qkvtui", command) for command in commands)
    )
    for command, median in zip(commands, ours, strict=True):
        yield Result(f"qkvtui {command}, against import argparse", median, "ms", 1.6, bare)


def printing() -> Iterator[Result]:
    """Printing costs little more than loading what prints."""
    bare, ours = medians(
        run_time("-c", "import numpy, rich.console, rich.table"), run_time("-m", "qkvtui", "print", "animal")
    )
    yield Result("qkvtui print animal, against its imports", ours, "ms", 1.3, bare)


def first_frames() -> Iterator[Result]:
    """The application is there nearly as fast as the smallest one."""
    hello, ours = medians(first_frame(_hello, "hello 0"), first_frame(_animal, "step 1 of"))
    yield Result("first frame of animal, against hello", ours, "ms", 1.25, hello)


def wire() -> Iterator[Result]:
    """Bytes at 80 × 24."""
    for example in _EXAMPLES:
        with qkvtui(example) as terminal:
            terminal.wait("step 1 of")
            terminal.wait_until_quiet(0.5)
            steps: list[int] = []
            cells: list[int] = []
            for number in range(2, _STEPS + 2):
                cells.extend(_bytes(terminal, key) for key in "..,,")
                if number <= _STEPS:
                    steps.append(_bytes(terminal, RIGHT))
                    terminal.wait(f"step {number} of")
            moved = [count for count in cells if count]
            idle = terminal.wait_until_quiet(2.0)
        yield Result(f"a step of {example}, median", statistics.median(steps), "B", 2500)
        yield Result(f"a cell of {example}, median", statistics.median(moved), "B", 600)
        yield Result(f"a cell of {example}, the most", max(moved), "B", 600)
        yield Result(f"{example} idle for two seconds", idle, "B", 0)


def _bytes(terminal: Terminal, key: str) -> int:
    terminal.press(key)
    return terminal.wait_until_quiet(0.15)


def painting() -> Iterator[Result]:
    """From a keyboard key to the last byte of what it paints."""
    with _hello() as hello, _animal() as animal:
        hello.wait("hello 0")
        animal.wait("step 1 of")
        for terminal in (hello, animal):
            terminal.wait_until_quiet(0.5)
        keys = iter((RIGHT, RIGHT, RIGHT, RIGHT, "p", "p", "p", "p") * 4)
        theirs, ours = medians(
            lambda: hello.time_to_paint("n") * 1e3, lambda: animal.time_to_paint(next(keys)) * 1e3, runs=21
        )
        memory = animal.resident_memory() / _MIB
    yield Result("key to painted step, against Static.update", ours, "ms", 3.0, theirs)
    yield Result("key to painted step", ours, "ms", 30.0)
    yield Result("resident memory after 22 steps", memory, "MiB", 60.0)


ROWS: tuple[Callable[[], Iterator[Result]], ...] = (start_up, printing, first_frames, wire, painting)
