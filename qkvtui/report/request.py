"""What is to be printed, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..trace.lesson import Lesson
from ..trace.trace import Step, Trace
from ..views.look import Look

if TYPE_CHECKING:
    from ..trace.blanks import Blanks


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

    blank: str | None = None
    """What is left to the learner, as `blanks` understands it; None: nothing."""
    key: bool = False
    """Whether the blanks are filled in."""

    def blanks_of(self, lesson: Lesson) -> Blanks | None:
        """The blanks of a lesson, where it is to have any."""
        if self.blank is None:
            return None
        from ..trace.blanks import blanks

        heads = range(lesson.trace.shape.heads) if self.all_heads else (lesson.place.head,)
        shown = [step.id for step in self.steps_of(lesson.trace)]
        return blanks(lesson.trace, lesson.place, self.blank, heads=heads, shown=shown)

    def steps_of(self, trace: Trace) -> tuple[Step, ...]:
        """The steps asked for that this example has; a worksheet is about the walk forward only."""
        steps = (step for step in trace.steps if self.blank is None or not step.type.learns)
        return tuple(step for step in steps if self.steps is None or step.id in self.steps)
