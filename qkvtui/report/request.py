"""What is to be printed, and how."""

from __future__ import annotations

from dataclasses import dataclass

from ..trace.trace import Step, Trace
from ..trace.walk import Place
from ..views.look import Look


@dataclass(frozen=True)
class Lesson:
    """An example at a place."""

    trace: Trace
    place: Place
    asked: str
    """The example as it was asked for: a bundled name, a path, or `-`."""


@dataclass(frozen=True)
class Request:
    """What one call of `qkvtui print` asks for."""

    lessons: tuple[Lesson, ...]
    look: Look
    steps: tuple[str, ...] | None = None
    """Only these step ids; None: all."""
    all_heads: bool = False
    color: str | None = None
    """rich's colour system, or None for plain text."""
    no_color: bool = False
    """Escape codes for bold and reverse, but no colours (NO_COLOR on a terminal)."""

    def steps_of(self, trace: Trace) -> tuple[Step, ...]:
        """The steps asked for that this example has."""
        return tuple(step for step in trace.steps if self.steps is None or step.id in self.steps)
