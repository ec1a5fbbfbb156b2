"""The table of patches of a large model, worked out while the keyboard goes on working."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from ..errors import QkvtuiError
from . import patching
from .background import in_background
from .state import LessonState

if TYPE_CHECKING:
    from ..trace.patch_tables import PatchTable


class _Showing(Protocol):
    """A screen that shows a state."""

    state: LessonState

    def become(self, state: LessonState) -> None: ...

    def refuse(self, error: QkvtuiError) -> None: ...


class Patcher:
    """Shows the table once it is worked out; not where the numbers were changed meanwhile."""

    def __init__(self, screen: Screen[Any], shown: _Showing) -> None:
        self._screen = screen
        self._shown = shown

    def start(self, work: Callable[[], PatchTable]) -> None:
        """Work the table out, instead of one that is not finished."""
        self._screen.run_worker(self._table(work), exclusive=True, group="patches")

    async def _table(self, work: Callable[[], PatchTable]) -> None:
        history = self._shown.state.history
        try:
            table = await in_background(work)
        except QkvtuiError as error:
            self._shown.refuse(error)
        else:
            if self._shown.state.history is history:
                self._shown.become(patching.shown(self._shown.state, table))
