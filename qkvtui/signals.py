"""Signals that end the program: at once, or after what is half done has been put right."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

ENDING: tuple[int, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl+C or `kill -INT`, `kill`, and a terminal that is gone, which Windows does not tell."""


def status_of(number: int) -> int:
    """The exit status that tells of a signal, as shells count."""
    return 128 + number


def end_at_once() -> None:
    """From here on SIGINT ends the process without unwinding it.

    NumPy makes a traceback of its own out of a KeyboardInterrupt that comes while it is imported. Where a shell has
    started the program with SIGINT ignored, it stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(status_of(number)))


@contextmanager
def held() -> Iterator[None]:
    """A short block that no signal ends halfway: one that comes is obeyed after it."""
    came: list[int] = []
    try:
        with _handled(lambda number, frame: came.append(number)):
            yield
    finally:
        if came:
            signal.raise_signal(came[0])


@contextmanager
def put_right_first(undo: Callable[[], object]) -> Iterator[None]:
    """A block in which a signal calls `undo`, from wherever the program is, before it is obeyed."""

    def handle(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):  # the terminal may be what is gone
            undo()
        signal.signal(number, before[number])
        signal.raise_signal(number)

    with _handled(handle) as before:
        yield


@contextmanager
def _handled(handle: Callable[[int, FrameType | None], object]) -> Iterator[dict[int, Any]]:
    """Signal → what it did before the block and does after it; for those that are not ignored."""
    before: dict[int, Any] = {}
    for number in ENDING:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, handle)
    try:
        yield before
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
