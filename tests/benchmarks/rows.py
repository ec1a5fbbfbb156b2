"""The budgets, one function a group of lines: add a function to ROWS and the table has it."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engine.pace import UPDATES, bare_loop, recorded
from tests.terminal.driver import DOWN, RIGHT, Terminal, python, qkvtui
from tests.thousands import write_thousands

from .measuring import Measure, Result, first_frame, medians, printed_time, run_time

_HELLO = ("-m", "tests.benchmarks.hello")
_EXAMPLES = ("animal", "animal-sentence")
_STEPS = 9
_MIB = 2**20
_TOKENS = (64, 256, 1_024, 4_096, 16_384)
_LARGEST_WITH_BUDGET = 4_096
_KEYS = (*(RIGHT, ".", DOWN) * 8, "5", "c", "c", "p", "\r", ".", "\x7f")
"""Every step, the cell and the query moved at each; a jump, a comparison, a number opened."""


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


def completing() -> Iterator[Result]:
    """A Tab takes little longer than Python, or where it needs the steps of an example, than NumPy."""
    python, numpy = (run_time("-c", f"import {module}") for module in ("argparse", "numpy"))
    words, steps = (
        run_time("-m", "qkvtui", "--complete", *line.split()) for line in ("1 print anim", "3 print animal --step w")
    )
    bare, offered = medians(python, words)
    yield Result("a Tab behind a word, against import argparse", offered, "ms", 2.0, bare)
    bare, offered = medians(numpy, steps)
    yield Result("a Tab behind --step, against import numpy", offered, "ms", 2.2, bare)


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


def thousands() -> Iterator[Result]:
    """From 64 to 16,384 tokens: how time and memory grow. The budgets are for 4,096; beyond, it is only told."""
    with TemporaryDirectory() as folder:
        found = [list(_long(write_thousands(Path(folder), tokens), tokens)) for tokens in _TOKENS]
    for measure in zip(*found, strict=True):
        yield from measure


def _long(path: Path, tokens: int) -> Iterator[Result]:
    """One example of that many tokens × 64: first frame, keyboard keys, memory."""

    def start() -> Terminal:
        return qkvtui(str(path))

    def budget(limit: float) -> float:
        return limit if tokens <= _LARGEST_WITH_BUDGET else math.inf

    small, ours = medians(first_frame(_animal, "step 1 of"), first_frame(start, "step 1 of"))
    with _animal() as animal, start() as terminal:
        for one in (animal, terminal):
            one.wait("step 1 of")
            one.wait_until_quiet(0.5)
        times = [terminal.time_to_paint(key) * 1e3 for key in _KEYS]
        animal.press(*_KEYS)
        animal.wait_until_quiet(0.5)
        more = (terminal.peak_memory() - animal.peak_memory()) / _MIB
    written = f"{tokens:,} tokens"
    yield Result(f"first frame, {written}, against animal", ours, "ms", budget(1.5), small)
    yield Result(f"a key, {written}, median of {len(times)}", statistics.median(times), "ms", budget(60.0))
    yield Result(f"a key, {written}, the slowest", max(times), "ms", budget(60.0))
    yield Result(f"peak memory above animal's, {written}", more, "MiB", budget(64.0))


def training() -> Iterator[Result]:
    """Learning beside the same arithmetic without records; the first runs of both load what they need."""

    def milliseconds(work: Callable[[], object]) -> Measure:
        def measure() -> float:
            began = time.perf_counter()
            work()
            return (time.perf_counter() - began) * 1e3

        return measure

    bare, ours = medians(milliseconds(bare_loop), milliseconds(recorded), runs=21)
    yield Result(f"{UPDATES} updates of sentence-learn, against a bare loop", ours, "ms", 1.5, bare)


def whole_attention() -> Iterator[Result]:
    """The engine, beside torch where that is installed: QKVTUI_TORCH names a Python that has it."""
    torch = os.environ.get("QKVTUI_TORCH", sys.executable)
    code = "import time, {module} as np\n{setup}\n{call}\nstart = time.perf_counter()\n{call}\n{call}\n{call}\n"
    code += "print((time.perf_counter() - start) / 3 * 1e3)"
    ours = code.format(
        module="numpy",
        setup="from qkvtui.engine.outputs import attend_output\n"
        "q, k, v = (np.random.default_rng(i).normal(size=(4096, 64)).astype(np.float32) for i in range(3))",
        call="attend_output(q, k, v)",
    )
    theirs = code.format(
        module="torch",
        setup="np.set_grad_enabled(False)\nq, k, v = (np.randn(1, 1, 4096, 64) for i in range(3))",
        call="np.nn.functional.scaled_dot_product_attention(q, k, v)",
    )
    if subprocess.run((torch, "-c", "import torch"), capture_output=True, check=False).returncode:
        (alone,) = medians(printed_time(sys.executable, ours))
        yield Result("full attention, 4,096 x 64 (no torch here)", alone, "ms", math.inf)
        return
    fast, other = medians(printed_time(sys.executable, ours), printed_time(torch, theirs))
    yield Result("full attention, 4,096 x 64, against torch", fast, "ms", 1.3, other)


ROWS: tuple[Callable[[], Iterator[Result]], ...] = (
    start_up,
    completing,
    printing,
    first_frames,
    wire,
    painting,
    thousands,
    whole_attention,
    training,
)
