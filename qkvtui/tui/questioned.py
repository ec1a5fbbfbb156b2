"""The questions a beginner asks, in the place of a step: which one is chosen, and whether its answer is open."""

from __future__ import annotations

from ..records import record


@record(frozen=True)
class Questioned:
    """The list of questions, or one answer."""

    chosen: int = 0
    """Place in the list; behind the last question come the words."""
    opened: bool = False
    """Whether the answer is shown."""
