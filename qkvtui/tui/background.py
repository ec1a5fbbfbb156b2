"""Work that takes its time while the keyboard goes on working."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 0.3
"""Seconds after which one wants to be told that something is going on."""


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
