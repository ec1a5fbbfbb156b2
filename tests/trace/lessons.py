"""Lessons with more lines at their end."""

from __future__ import annotations

from dataclasses import replace

from qkvtui.files.read import load, parse_example
from qkvtui.trace.blanks import neutral_key
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, start


def lesson_with(lines: str, name: str = "animal") -> Trace:
    """A bundled example with these lines at its end, in place of what it says itself."""
    document = load(name).document
    assert document is not None
    return Trace(parse_example(f"{document.text.partition('[says]')[0]}\n{lines}", name=name))


def in_general(trace: Trace) -> Trace:
    """The trace of the same example without sentences of its own: what is said of any."""
    return Trace(replace(trace.example, says={}, experiment=None, written=None))


def neutral_place(trace: Trace) -> Place:
    """The start in the last head, at a key that says nothing of the weights."""
    place = start(trace, head=trace.shape.heads - 1)
    return replace(place, key=neutral_key(trace, place.query))
