"""How a task is learned: from where, by which optimizer, how fast, how long."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from ..engine.optimisers import OPTIMISERS
from ..graph.task import Learn
from ..said import say
from .draft import Table
from .single import above_0, choice

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
        rate=above_0(learn, "rate", say("it is a finite number above 0, such as 0.1")) or Learn.rate,
        steps=learn.whole("steps", 1, MOST_STEPS, Learn.steps),
    )
