"""The way back: all that a lesson has shown of an example, from the file to the last change."""

from __future__ import annotations

from dataclasses import replace

from ..records import record
from .edits import Edit
from .trace import Trace


@record(frozen=True)
class History:
    """All traces from the file to the last change, which of them is shown, and how each was made."""

    traces: tuple[Trace, ...]
    at: int = 0
    edits: tuple[Edit | None, ...] = (None,)
    """By trace, the change that made it of the one before; None for what was read or a teacher has changed."""
    read: tuple[int, ...] = (0,)
    """Which traces are of the file as it was read, the first time and again."""

    @property
    def trace(self) -> Trace:
        """The one that is shown."""
        return self.traces[self.at]

    @property
    def base(self) -> int:
        """Which trace is of the file that the one shown has come from."""
        return max(index for index in self.read if index <= self.at)

    @property
    def of_file(self) -> Trace:
        """The trace of the file that the one shown has come from."""
        return self.traces[self.base]

    @property
    def made(self) -> tuple[Edit | None, ...]:
        """The changes between that and the one shown."""
        return self.edits[self.base + 1 : self.at + 1]

    def changed(self, trace: Trace, edit: Edit | None = None) -> History:
        """One more change; what had been undone is forgotten."""
        kept = self._kept(self.at + 1)
        return History((*kept.traces, trace), self.at + 1, (*kept.edits, edit), kept.read)

    def read_again(self, trace: Trace) -> History:
        """The file once more; changes made until now are a step back."""
        at = self.at + 1 if self.at > self.base else self.at
        kept = self._kept(at)
        return History((*kept.traces, trace), at, (*kept.edits, None), (*kept.read, at))

    def undone(self) -> History:
        """One change back; the first trace stays."""
        return replace(self, at=max(0, self.at - 1))

    def redone(self) -> History:
        """One change on again."""
        return replace(self, at=min(len(self.traces) - 1, self.at + 1))

    def _kept(self, count: int) -> History:
        """The first `count` of the traces."""
        read = tuple(index for index in self.read if index < count)
        return History(self.traces[:count], self.at, self.edits[:count], read)
