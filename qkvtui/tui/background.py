"""Work that takes its time while the keyboard goes on working."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import Generic, NoReturn, TypeVar

from ..engine.stopping import can_be_stopped_by

T = TypeVar("T")

PATIENCE = 0.3
"""Seconds after which one wants to be told that something is going on."""


class Begun(Generic[T]):
    """Work that a thread of its own has begun.

    The thread is a daemon: asyncio would wait for one of its own at the end, and so would who has pressed Ctrl+C.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._outcome: Callable[[], T] | None = None
        self._unwanted = Event()
        self._lock = Lock()
        self._tell: Callable[[], None] | None = None
        """What waits for the outcome."""
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

    def future(self) -> Future[T]:
        """What it returns or raises, for the event loop that runs."""
        loop = get_running_loop()
        future: Future[T] = loop.create_future()

        def settle() -> None:
            if future.cancelled():
                return
            try:
                future.set_result(self.result())
            except Exception as error:
                future.set_exception(error)

        def tell() -> None:
            with suppress(RuntimeError):  # the application has ended meanwhile
                loop.call_soon_threadsafe(settle)

        with self._lock:
            if self._outcome is None:
                self._tell = tell
                return future
        tell()
        return future

    def _run(self) -> None:
        can_be_stopped_by(self._unwanted)
        outcome: Callable[[], T]
        try:
            found = self._work()
        except Exception as error:
            outcome = partial(_raise, error)
        else:
            outcome = lambda: found  # noqa: E731
        with self._lock:
            self._outcome = outcome
            tell = self._tell
        if tell is not None:
            tell()


def _raise(error: Exception) -> NoReturn:
    raise error


def in_background(work: Callable[[], T]) -> Future[T]:
    """What `work` returns or raises, once it is done, in a thread of its own."""
    return Begun(work).future()
