"""Whole training runs in one line, as the learning screen makes them one update at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from qkvtui.engine.tasks import Task
from qkvtui.engine.training import TrainingRecord, start, update


def train(
    begin: Task | TrainingRecord, optimiser: str = "sgd", rate: float = 0.1, updates: int | None = None
) -> Iterator[TrainingRecord]:
    """A record after each update, without end or for so many `updates`; before them the start, of a Task.

    From a record of an earlier run the run goes on. It ends where the loss is no longer a number.
    """
    record = begin if isinstance(begin, TrainingRecord) else start(begin)
    if record is not begin:
        yield record
    for _ in count() if updates is None else range(updates):
        if not record.finite:
            return
        record = update(record, optimiser, rate)
        yield record
