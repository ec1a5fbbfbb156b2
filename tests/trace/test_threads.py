"""Two threads that look at the same numbers: a table is worked in one while the screen is drawn by the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from threading import Thread

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.graph.steps import graph_of
from qkvtui.models import parameters
from qkvtui.models.parameters import KeptArrays, TensorPart
from qkvtui.models.weights import Weights
from qkvtui.trace import working
from qkvtui.trace.trace import Trace
from qkvtui.trace.working import Working, as_computed, leaves_of

TIMES = 3000


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def in_two_threads(work: Callable[[], object], *, times: int = TIMES) -> list[Exception]:
    """What went wrong in them."""
    wrong: list[Exception] = []

    def worked() -> None:
        try:
            for _ in range(times):
                work()
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=worked) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_parameters_that_are_dropped_meanwhile_are_still_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program ended in a traceback while a table of patches was worked: another thread had dropped the matrix."""
    numbers = np.arange(6, dtype=np.float32)
    monkeypatch.setattr(parameters, "_KEPT", numbers.nbytes)
    monkeypatch.setattr(TensorPart, "read", lambda part, weights: numbers + len(part.tensor))
    kept = KeptArrays(Weights({}, "model.safetensors", ()))
    pieces = [TensorPart("x" * length, (6,), range(6)) for length in range(1, 5)]

    def look() -> None:
        for piece in pieces:
            assert kept.array(piece)[0] == len(piece.tensor)

    assert in_two_threads(look) == []


def test_blocks_of_rows_that_are_dropped_meanwhile_are_still_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrolling through a long sentence ended in a traceback while something was worked behind the screen."""
    monkeypatch.setattr(working, "_BLOCKS_KEPT", 1)
    graph = graph_of(load("animal"))
    blocks = tuple(slice(row, row + 1) for row in range(graph.sizes.queries))
    worked = Working(graph, leaves_of(graph), blocks, as_computed)

    def look() -> None:
        for index, rows in enumerate(blocks):
            assert worked.block(index).slice == rows

    assert in_two_threads(look) == []


def test_a_layer_is_looked_at_when_it_is_whole() -> None:
    """Esc stopped a long move and the next one ended in a traceback: it met a layer that was only half made."""
    example = load("two-layers-learn")
    traces = [Trace(example) for _ in range(40)]

    def look() -> None:
        for trace in traces:
            trace.at_layer(1).row("left", 0)

    assert in_two_threads(look, times=1) == []
