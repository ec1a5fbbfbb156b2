"""Work that takes its time while the keyboard goes on working."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Generic, NoReturn, TypeVar

from ..engine.stopping import can_be_stopped_by

T = TypeVar("T")

PATIENCE = 0.3
"""Seconds after which one wants to be told that something is going on."""


class Begun(Generic[T]):
    """Work that a thread of its own has begun."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._outcome: Callable[[], T] | None = None
        self._unwanted = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_done_within(self, seconds: float) -> bool:
        """Whether it is done at the latest after so many seconds, which are waited for."""
        self._thread.join(seconds)
        return self._outcome is not None

    def result(self) -> T:
        """What it returned, waited for. Raises what it raised."""
        self._thread.join()
        assert self._outcome is not None
        return self._outcome()

    def stop(self) -> None:
        """Let it end where it next looks whether it is wanted; there is no result then."""
        self._unwanted.set()

    def _run(self) -> None:
        can_be_stopped_by(self._unwanted)
        try:
            found = self._work()
        except Exception as error:
            self._outcome = partial(_raise, error)
        else:
            self._outcome = lambda: found


def _raise(error: Exception) -> NoReturn:
    raise error


def in_background(work: Callable[[], T]) -> Future[T]:
    """What `work` returns or raises, once it is done, in a thread of its own.

    The thread is a daemon: asyncio would wait for one of its own at the end, and so would who has pressed Ctrl+C.
    """
    loop = get_running_loop()
    future: Future[T] = loop.create_future()

    def settle(how: Callable[[], None]) -> None:
        if not future.cancelled():
            how()

    def run() -> None:
        try:
            how = partial(future.set_result, work())
        except Exception as error:
            how = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the application has ended meanwhile
            loop.call_soon_threadsafe(settle, how)

    Thread(target=run, daemon=True).start()
    return future
