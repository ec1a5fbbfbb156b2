"""All that a bundled lesson says to its reader, for tests that hold it to the rules of a course."""

from __future__ import annotations

from collections.abc import Iterator

from qkvtui.graph.example import Example
from qkvtui.graph.proposals import LessonQuestion
from qkvtui.localized import Localized


def localized(example: Example) -> Iterator[tuple[str, Localized]]:
    """Every text of a lesson but its title and source, with its place."""
    notes = {"about": example.about, "errata": example.errata, "end.learned": example.learned}
    yield from ((place, text) for place, text in notes.items() if text is not None)
    for step, paragraphs in example.says.items():
        yield from ((f"says.{step}, entry {index}", text) for index, text in enumerate(paragraphs))
    if example.experiment is not None:
        yield "experiment", example.experiment.text
    for index, question in enumerate(example.questions):
        yield from _asked(f"questions, entry {index}", question)
    for index, stop in enumerate(example.stops):
        if stop.text is not None:
            yield f"stops, entry {index}", stop.text
        if stop.question is not None:
            yield from _asked(f"stops, entry {index}", stop.question)


def _asked(place: str, question: LessonQuestion) -> Iterator[tuple[str, Localized]]:
    if question.text is not None:
        yield place, question.text
    yield from ((f"{place}, choice {at}", text) for at, text in enumerate(question.choices))
    if question.why is not None:
        yield f"{place}, why", question.why


def lesson_texts(example: Example) -> Iterator[str]:
    """The same in every language, one after the other."""
    for _, text in localized(example):
        yield from text.texts.values()
