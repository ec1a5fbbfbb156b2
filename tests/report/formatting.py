"""Lessons in a format, without a command line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qkvtui.narration.formats import step_format
from qkvtui.operations.tensors import Address
from qkvtui.report.request import Request, formatted
from qkvtui.trace.blanks import neutral_key
from qkvtui.trace.lesson import Lesson
from qkvtui.trace.stops import stop_places
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from qkvtui.views.look import Look
from tests import samples
from tests.trace.altered import Altered


def request_of(trace: Trace, language: str = "en", **more: Any) -> Request:
    """What prints a lesson whole; the current key tells nothing of the weights."""
    place = start(trace)
    at = replace(place, key=neutral_key(trace, place.query))
    lesson = Lesson(trace, at, trace.example.name, stops=stop_places(trace) if more.get("stops") else ())
    look = Look(80, language=language, tokens_as=more.pop("tokens_as", "rows"), notation=more.pop("notation", "paper"))
    return Request((lesson,), look, **more)


def written(name: str, format_name: str, language: str = "en", **more: Any) -> str:
    """A sample or a bundled example in a format."""
    return formatted(request_of(samples.trace(name), language, **more), format_name)


def differing_only_in_hidden(name: str, format_name: str, level: str, **more: Any) -> tuple[str, str]:
    """A worksheet, and the same with other numbers where they are hidden."""
    trace = samples.trace(name)
    asked = request_of(trace, blank=level, **more)
    left = asked.blanks_of(asked.lessons[0])
    assert left is not None
    other = replace(asked, lessons=(replace(asked.lessons[0], trace=Altered(trace, left.hidden)),))
    return formatted(asked, format_name), formatted(other, format_name)


def shown_numbers(trace: Trace) -> dict[Address, str]:
    """Each number of each step that has some, in the head that is shown first, as it is printed in a table."""
    found, head = {}, start(trace).head
    for step in trace.steps:
        if step.type.has_numbers:
            own = head if step.type.per_head else 0
            how = step_format(trace, step.id, own, 2)
            for row, numbers in enumerate(trace.matrix(step.id, own)):
                for column, value in enumerate(numbers.tolist()):
                    found[Address(step.id, row, column, own)] = how.text(value)
    return found
