"""What is said at the end of a lesson: of the numbers that its source printed, and where the course goes on."""

from __future__ import annotations

from collections.abc import Callable

from ..files.find import STANDARD_INPUT, bundled, lesson_after
from ..files.headings import heading
from ..graph.example import Example
from ..trace.published import comparisons
from .facts import Facts
from .sentences import Role, Sentence, Span

_ENDS = (*".?!", *"。？！")


def _wrong(facts: Facts) -> int:
    return sum(not one.agrees for one in comparisons(facts.trace.as_written))


def _printed(facts: Facts) -> int:
    return len(comparisons(facts.trace.as_written))


def _next(facts: Facts) -> str | None:
    """The name of the lesson behind this one; None where it is none of the course, or the last."""
    example = facts.trace.example
    return lesson_after(example.name) if example.is_bundled else None


def _next_lesson(facts: Facts) -> Sentence:
    name = _next(facts)
    assert name is not None
    title = heading(bundled(name)).title.in_language(facts.texts.name)
    end = "" if title.endswith(_ENDS) else facts.texts.words["full_stop"]
    return (Span(name, Role.MARKED), Span(facts.texts.words["colon"]), Span(title, Role.TITLE), Span(end))


def _asked_for(example: Example) -> str:
    """What a command calls it."""
    return example.name if example.is_bundled or example.name == STANDARD_INPUT else example.file


CLOSING_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "printed_count": lambda facts: (Span(str(_printed(facts)), Role.NUMBER),),
    "wrong_count": lambda facts: (Span(str(_wrong(facts)), Role.NUMBER),),
    "example": lambda facts: (Span(_asked_for(facts.trace.example), Role.MARKED),),
    "next_lesson": _next_lesson,
}

CLOSING_CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "printed_holds": lambda facts: _printed(facts) > 0 and _wrong(facts) == 0,
    "printed_fails": lambda facts: _wrong(facts) > 0,
    "leads_on": lambda facts: _next(facts) is not None,
    "ends_course": lambda facts: facts.trace.example.is_bundled and _next(facts) is None,
}
