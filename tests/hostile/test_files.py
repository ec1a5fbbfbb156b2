"""Files of all kinds with something wrong in them, through every command that reads them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.changes import TEXTS, Case, case_of
from tests.hostile.forked import Failure, failures_of

CASES, A_TEST = 400, 50
FORMATS = ("text", "text", "text", "transcript", "markdown", "json", "csv", "latex", "html", "svg", "python")
SHOWN = (
    *(
        (),
        (),
        ("--stops",),
        ("--questions",),
        ("--query", "all"),
        ("--head", "all"),
        ("--query", "0", "--step", "weights"),
    ),
    *(("--picture", one) for one in ("flow", "matrix", "arrows", "heads")),
)
WHAT_IF = (
    *((), (), (), ("--causal",), ("--round-each", "2"), ("--softmax", "columns", "--before"), ("--set", "X[0,0]=9e99")),
    *(("--scale", "none"), ("--temperature", "1e-90", "--before"), ("--random", "--seed", "7", "--blank", "all")),
    *(("--blank", "alternate", "--key"), ("--set", "W_Q[0,0]=-3", "--before", "--causal")),
)
LOOKS = (
    *((), (), ("--lang", "zh"), ("--ascii",), ("--digits", "0"), ("--digits", "15"), ("--tokens-as", "columns")),
    *(("--notation", "lee"), ("--color", "always"), ("--theme", "high-contrast", "--color", "always")),
    *(("--width", str(width)) for width in (20, 33, 200, 1000)),
)
CELLS = (
    "weights[0,1]",
    "output[1,0]",
    "scores[it,animal]",
    "left@0[0,0]",
    "d_W_Q[0,0]",
    "probabilities[0,0]",
    "X[99,0]",
)


def commands(file: str, seed: int) -> Iterator[tuple[str, ...]]:
    """The command lines that a case is run with."""
    rng = random.Random(f"commands {seed}")
    for _ in range(2):
        form = rng.choice(FORMATS)
        looks = rng.choice(LOOKS) if form == "text" else ()
        yield ("print", file, "--format", form, *rng.choice(SHOWN), *rng.choice(WHAT_IF), *looks)
    yield ("check", file, *rng.choice(((), ("--format", "json"), ("--lang", "zh"))))
    cell = rng.choice((*CELLS, f"weights[{rng.choice(TEXTS)},0]".replace("\0", "")))
    yield ("why", file, cell, *rng.choice(((), ("--format", "json"), ("--depth", "2", "--lang", "zh"))))
    if rng.random() < 0.4:
        yield (
            "learn",
            file,
            "--steps",
            "2",
            *rng.choice(((), ("--format", "json"), ("--rate", "1e300"), ("--every", "1"))),
        )
    if rng.random() < 0.3:
        yield ("patch", file, file, "weights[0,0]", "--format", rng.choice(("text", "json", "csv")))
    if rng.random() < 0.2:
        yield ("grade", file, file)


def failures(case: Case, seed: int) -> list[Failure]:
    """What is wrong with a case."""
    with tempfile.TemporaryDirectory() as folder:
        path = case.write(Path(folder))
        before = {one.name: one.read_bytes() for one in Path(folder).iterdir()}
        found = failures_of(list(commands(path.name, seed)), Path(folder))
        after = {one.name: one.read_bytes() for one in Path(folder).iterdir()}
    return [*found, *([Failure((), "changed: the files are others than before")] if before != after else [])]


def smallest(case: Case, seed: int, failure: Failure) -> tuple[Case, Failure]:
    """The case without the changes that the failure does not need."""
    for fewer in case.without():
        same = next((one for one in failures(fewer, seed) if one.kind == failure.kind), None)
        if same is not None:
            return smallest(fewer, seed, same)
    return case, failure


def told(case: Case, seed: int, failure: Failure) -> str:
    """The smallest input that fails so, and how."""
    case, failure = smallest(case, seed, failure)
    with tempfile.TemporaryDirectory() as folder:
        text = case.write(Path(folder)).read_bytes().decode("utf-8", "backslashreplace")
    return f"{failure.what}\n{' '.join(failure.command)}\ncase_of({seed}) → {case}\n{text[:3000]}"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, CASES, A_TEST))
def test_a_file_with_something_wrong_is_worked_or_refused(first: int) -> None:
    """A traceback, a warning, an escape code, a broken JSON, seconds of waiting, or a file that was changed."""
    found = [(seed, failure) for seed in range(first, first + A_TEST) for failure in failures(case_of(seed), seed)]
    kinds = {(failure.kind, failure.what[:60]): (seed, failure) for seed, failure in reversed(found)}
    assert not found, "\n\n".join(told(case_of(seed), seed, failure) for seed, failure in list(kinds.values())[:3])
