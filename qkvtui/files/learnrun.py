"""How a task is learned: from where, by which optimizer, how fast, how long."""

from __future__ import annotations

import math
from typing import Any, NamedTuple, cast

from ..engine.optimisers import OPTIMISERS
from ..graph.task import Learn
from ..said import say
from .draft import Table
from .phrases import did_you_mean, is_kind, listed, quoted

STARTS = ("given", "random")
MOST_STEPS = 1_000_000
MOST_SEED = 999_999_999


class Course(NamedTuple):
    """The settings of a run."""

    start: Any
    seed: int
    optimizer: str
    rate: float
    steps: int


def read_course(learn: Table) -> Course:
    """The settings, each the default after reporting what is wrong with it."""
    return Course(
        start=cast("Any", choice(learn, "start", STARTS)),
        seed=learn.whole("seed", 0, MOST_SEED, Learn.seed),
        optimizer=choice(learn, "optimizer", tuple(OPTIMISERS)),
        rate=_rate(learn),
        steps=learn.whole("steps", 1, MOST_STEPS, Learn.steps),
    )


def choice(learn: Table, name: str, choices: tuple[str, ...]) -> str:
    """One of a few words; the first of them where it is not given, or after reporting another one."""
    value = learn.values.get(name, choices[0])
    if isinstance(value, str) and value in choices:
        return value
    near = did_you_mean(value, choices) if isinstance(value, str) else ""
    expected = say("it is {names}", names=listed([quoted(one) for one in choices], "or"))
    learn.report(name, is_kind(value), near if near.startswith("did") else expected)
    return choices[0]


def _rate(learn: Table) -> float:
    value = learn.values.get("rate", Learn.rate)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            if 0 < float(value) < math.inf:
                return float(value)
        except OverflowError:
            pass
    learn.report("rate", is_kind(value), say("it is a finite number above 0, such as 0.1"))
    return Learn.rate
