"""A lesson's own texts in its trace: where its sentences hold, and which numbers they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import ExampleError, Problem, UsageError
from ..files.placeholders import Placeholder, text_parts
from ..graph.example import Example
from ..localized import Localized
from ..operations.tensors import Address
from ..records import record
from .addresses import find_token, labels_of, parse_address
from .trace import Trace
from .walk import Place, step_at

_ROW = re.compile(r"(?P<name>\w+(?:@[0-9]+)?)\[(?P<row>.*)\]", re.DOTALL)


@record(frozen=True)
class Mention:
    """What a placeholder names: one number, or the whole row that it stands in."""

    address: Address
    is_row: bool = False


def mentioned(trace: Trace, placeholder: Placeholder) -> Mention:
    """The number or the row that a placeholder names. Raises UsageError, which says what can be said instead."""
    row = _ROW.fullmatch(placeholder.address)
    if row is not None and not placeholder.percent:
        first = parse_address(trace, row["name"])
        labels = labels_of(trace, first.name)
        if len(labels) == 2 and (index := _index(labels[0], row["row"])) is not None:
            return Mention(Address(first.name, index, 0, first.head), is_row=True)
    return Mention(parse_address(trace, placeholder.address))


def _index(tokens: Sequence[str], text: str) -> int | None:
    try:
        return find_token(tokens, text)
    except UsageError:  # a row and a column, or a mistake that is told better where both are looked for
        return None


def own_paragraphs(trace: Trace, place: Place) -> tuple[Localized, ...]:
    """What the lesson itself says at a step; nothing where it does not, or where its numbers are not the file's.

    It speaks of the file's own query, and of the head that is named with the step, or the first.
    """
    step = step_at(trace, place)
    own = trace.example.says
    if not own or place.query != trace.example.query or trace.as_written is not trace:
        return ()
    return own.get(f"{step.id}@{place.head}" if step.type.per_head and place.head else step.id, ())


def check_texts(trace: Trace) -> None:
    """Raise ExampleError with every address in the lesson's texts that names nothing, and every step it lacks."""
    trace = trace.as_written
    problems = list(_steps(trace))
    for place, text in _texts(trace.example):
        problems.extend(_wrong(trace, place, text))
    if problems:
        raise ExampleError(trace.example.file, problems)


def _steps(trace: Trace) -> Iterator[Problem]:
    for name in trace.example.says:
        step, _, head = name.partition("@")
        if not trace.has(step):
            there = ", ".join(one.id for one in trace.steps)
            yield Problem(f"says.{name}", "is no step of this example", f"it has {there}")
        elif head and not trace.per_head(step):
            yield Problem(f"says.{name}", "names a head", f"{step} belongs to all heads together")
        elif head and int(head) >= trace.shape.heads:
            yield Problem(f"says.{name}", f"there is no head {head}", f"the heads are 0 to {trace.shape.heads - 1}")


def _texts(example: Example) -> Iterator[tuple[str, Localized]]:
    """Every text in which numbers may stand, with its place."""
    notes = {"about": example.about, "errata": example.errata}
    yield from ((place, text) for place, text in notes.items() if text is not None)
    for name, paragraphs in example.says.items():
        for index, text in enumerate(paragraphs):
            yield (f"says.{name}" if len(paragraphs) == 1 else f"says.{name}, entry {index}"), text
    for index, stop in enumerate(example.stops):
        if stop.text is not None:
            yield f"stops, entry {index}.text", stop.text


def _wrong(trace: Trace, place: str, text: Localized) -> Iterator[Problem]:
    for language, words in text.texts.items():
        where = f"{place}.{language}" if language else place
        for part in text_parts(words):
            if isinstance(part, str):
                continue
            if part.then:
                yield Problem(where, f"has {{{part.address} then}}", "nothing is changed in this text")
                continue
            try:
                mentioned(trace, part)
            except UsageError as error:
                yield Problem(where, f"{{{part.address}}}: {error}")
