"""Every budget, measured: `python -m tests.benchmarks [NAME...]`, where NAME is a function of rows.py."""

from __future__ import annotations

import os
import sys
from math import isfinite

from .measuring import RUNS, Result
from .rows import ROWS


def main(names: list[str]) -> int:
    """Print the table; 1 where a budget is not met."""
    print(f"medians of {RUNS} interleaved runs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(_columns("what", "value", "other", "ratio", "budget"))
    results = []
    for row in ROWS:
        if not names or row.__name__ in names:
            for result in row():
                results.append(result)
                print(_line(result), flush=True)
    return 0 if all(result.met for result in results) else 1


def _line(result: Result) -> str:
    digits = 0 if result.unit == "B" else 1
    other = "" if result.other is None else f"{result.other:,.{digits}f}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    if not isfinite(result.limit):
        limit, verdict = "", ""
    else:
        limit = f"{result.limit:g} x" if result.other is not None else f"{result.limit:g}"
        verdict = "met" if result.met else "NOT MET"
    return _columns(result.what, f"{result.value:,.{digits}f} {result.unit}", other, ratio, limit, verdict)


def _columns(what: str, value: str, other: str, ratio: str, budget: str, verdict: str = "") -> str:
    return f"{what:<58} {value:>11} {other:>8} {ratio:>6} {budget:>7}  {verdict}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
