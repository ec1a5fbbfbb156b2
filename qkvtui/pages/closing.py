"""The last steps in words: where the numbers come from and which do not hold; what was learned, and what follows."""

from __future__ import annotations

from collections.abc import Iterator

from ..graph.closing import SOURCE
from ..localized import Localized
from ..narration.narrate import narrate
from ..narration.numbers import digits_apart, number
from ..narration.own import proposal
from ..narration.sentences import Role, Span
from ..operations.tensors import Address
from ..trace.addresses import format_address
from ..trace.published import Comparison, comparisons
from .asked import asked_sentence, choice_lines, told
from .lines import Line, line_of
from .scene import Scene

MOST_WRONG = 12
"""Printed numbers that do not hold and are listed; the others are counted."""


def closing_lines(scene: Scene) -> list[Line]:
    """What stands at the last steps, a paragraph a line."""
    return list(_source(scene) if scene.step.id == SOURCE else _end(scene))


def _source(scene: Scene) -> Iterator[Line]:
    room, example = scene.room, scene.trace.as_written.example
    if example.source is not None:
        credit = f"{room.word('source')}{room.word('colon')}{example.source.in_language(room.language).strip()}"
        yield line_of(room.signs(credit))
    if example.errata is not None and not room.hidden:  # it may be anything
        yield _told(scene, example.errata)
    yield from _sentences(scene)
    if not room.hidden:
        yield from _wrong_numbers(scene)


def _wrong_numbers(scene: Scene) -> Iterator[Line]:
    wrong = [one for one in comparisons(scene.trace.as_written) if not one.agrees]
    for one in wrong[:MOST_WRONG]:
        yield _printed_and_computed(scene, one)
    if len(wrong) > MOST_WRONG:
        yield line_of("  " + scene.room.word("more_wrong", count=len(wrong) - MOST_WRONG))


def _printed_and_computed(scene: Scene, one: Comparison) -> Line:
    """`weights[man,please]  printed 0.24, computed 0.21`."""
    room, trace = scene.room, scene.trace.as_written
    published = trace.example.published
    digits = room.digits if published is None else published.decimals_of(one.step)
    address = format_address(trace, Address(one.step, one.row, one.column, one.head), room.language)
    computed = number(one.computed, digits_apart(one.published, one.computed, digits))
    printed = (Span(number(one.published, digits), Role.WRONG),)
    told = room.filled_word("wrong_number", printed=printed, computed=(Span(computed, Role.NUMBER),))
    return line_of(f"  {address}  ", Role.LABEL) + told


def _end(scene: Scene) -> Iterator[Line]:
    room, trace = scene.room, scene.trace
    example = trace.as_written.example
    if example.learned is not None:
        yield from (_told(scene, example.learned), Line())
    if example.experiment is not None and not room.hidden:
        yield from (room.spoken(proposal(example.experiment, trace, room.texts, room.digits)), Line())
    if room.height is None and example.questions:  # on the screen they are asked, one after the other
        for index, question in enumerate(example.questions, 1):
            asked = room.spoken(asked_sentence(question.text, question, trace, room))
            yield line_of(f"{index}. ", Role.LABEL) + asked
            yield from (line_of("   ") + line for line in choice_lines(question, trace, room))
        yield Line()
    yield from _sentences(scene)


def _told(scene: Scene, text: Localized) -> Line:
    """A text of the file, with its numbers."""
    return scene.room.spoken(told(text, scene.trace, scene.room))


def _sentences(scene: Scene) -> Iterator[Line]:
    room, place = scene.room, scene.place
    hidden = room.hidden.names(place.head)
    sentences = narrate(scene.trace, place, room.language, room.digits, hidden, room.revealed, room.in_columns)
    return map(room.spoken, sentences)
