"""Reading the file of a lesson again, on `r` or whenever it has changed."""

from __future__ import annotations

from asyncio import wait
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from ..errors import QkvtuiError
from ..files.find import locate
from .background import PATIENCE, in_background
from .messages import FileRead, Message, ProblemsFound, ReloadAsked, Said
from .state import read_again
from .watch import SECONDS, FileWatch


class Reloader:
    """Reads in the background: the file may have become large, or something else than a file.

    `example` is the example as it was asked for, `name` its file's as it is told; `tell` is told what comes of it.
    """

    def __init__(
        self, screen: Screen[Any], example: str, name: str, tell: Callable[[Message], None], *, watch: bool
    ) -> None:
        self._screen = screen
        self._example = example
        self._name = name
        self._tell = tell
        self._watched = FileWatch(_path_of(example)) if watch else None
        self._reading = False

    def follow(self) -> None:
        """Look at the file from now on, where that is asked for."""
        if self._watched is not None:
            self._screen.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Ask for the file to be read again where it has changed."""
        if self._watched is not None and not self._reading and self._watched.changed():
            self._tell(ReloadAsked(by_watch=True))

    def start(self) -> None:
        """Read the file again, unless that is being done."""
        if not self._reading:
            self._reading = True
            self._screen.run_worker(self._read())

    async def _read(self) -> None:
        try:
            reading = in_background(partial(read_again, self._example))
            await wait([reading], timeout=PATIENCE)
            if not reading.done():
                self._tell(Said("reading", {"file": self._name}))
            trace = await reading
        except QkvtuiError as error:
            self._tell(ProblemsFound(str(error)))
        else:
            self._tell(FileRead(trace))
        finally:
            self._reading = False


def _path_of(example: str) -> str | None:
    """The file of an example; None for standard input, and where it is gone already."""
    try:
        return locate(example).path
    except QkvtuiError:
        return None
