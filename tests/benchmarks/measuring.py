"""Medians of interleaved runs: what slows the machine down for a while slows all contestants."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.terminal.driver import ROOT, Terminal, clean_environment

RUNS = 7

Measure = Callable[[], float]


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    what: str
    value: float
    unit: str
    limit: float
    """The budget in the same unit, or with `other` the largest ratio."""
    other: float | None = None
    """What it is compared with."""

    @property
    def ratio(self) -> float | None:
        """How many times the other it is."""
        return None if self.other is None else self.value / self.other

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return (self.value if self.ratio is None else self.ratio) <= self.limit


def medians(*contestants: Measure, runs: int = RUNS) -> list[float]:
    """The median of each contestant's runs; they take turns. A first round only warms up."""
    for contestant in contestants:
        contestant()
    rounds = [[contestant() for contestant in contestants] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def run_time(*arguments: str) -> Measure:
    """Milliseconds that `python ARGUMENTS` takes."""

    def measure() -> float:
        start = time.perf_counter()
        subprocess.run(
            (sys.executable, *arguments), check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=clean_environment()
        )
        return (time.perf_counter() - start) * 1e3

    return measure


def printed_time(python: str, code: str) -> Measure:
    """The milliseconds that a program in another interpreter prints; its BLAS is told what `qkvtui` tells it."""
    environment = clean_environment(OPENBLAS_NUM_THREADS="1", PYTHONPATH=str(ROOT))

    def measure() -> float:
        ended = subprocess.run((python, "-c", code), check=True, capture_output=True, cwd=ROOT, env=environment)
        return float(ended.stdout)

    return measure


def first_frame(start: Callable[[], Terminal], text: str) -> Measure:
    """Milliseconds until a program's first frame holds the text."""

    def measure() -> float:
        began = time.perf_counter()
        with start() as terminal:
            terminal.wait(lambda terminal: text.encode() in terminal.output)
            return (time.perf_counter() - began) * 1e3

    return measure
