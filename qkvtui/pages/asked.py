"""What a lesson asks, in words: the question, what there is to choose from, and its answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from ..graph.proposals import LessonQuestion
from ..localized import Localized
from ..narration.formats import cell_format
from ..narration.own import own_sentence
from ..narration.sentences import Role, Sentence, Span, filled, plain
from ..narration.tells import SLOT
from ..trace.addresses import format_address
from ..trace.asked import predicted_cell, right_choice
from ..trace.told import after
from ..trace.trace import Trace
from .lines import NOTHING, Line, line_of
from .room import PageRoom

_WATCHED = ("grows", "shrinks", "stays")
"""The names of the words for what becomes of a watched number."""
_BETWEEN = "   "


def told(text: Localized, trace: Trace, room: PageRoom, question: LessonQuestion | None = None) -> Sentence:
    """A text of the file in its numbers, those after the question's change included; hidden ones are blank."""
    own = trace.as_written
    then = own if question is None else after(trace, question.change)
    hidden = frozenset[str]() if room.revealed else frozenset(part.name for part in room.hidden.parts)
    return own_sentence(text.in_language(room.language), own, room.digits, hidden, then)


def choices_of(question: LessonQuestion, trace: Trace, room: PageRoom) -> tuple[Sentence, ...]:
    """The answers that one can choose from; none where a number is to be predicted."""
    if question.watch:
        return tuple(plain(room.texts.words[name]) for name in _WATCHED)
    return tuple(told(choice, trace, room, question) for choice in question.choices)


def asked_sentence(text: Localized | None, question: LessonQuestion, trace: Trace, room: PageRoom) -> Sentence:
    """The question itself; the number that is to be predicted asks for itself."""
    if text is not None:
        return told(text, trace, room, question)
    return filled(room.texts.words["how_much"], lambda _: plain(_address(question, trace, room)))


def choice_lines(question: LessonQuestion, trace: Trace, room: PageRoom) -> list[Line]:
    """`1) it grows   2) it shrinks   3) it stays`, below each other where they need more than a line; of a number,
    `scores[it,animal] = ____`.
    """
    if question.predict:
        return [line_of(f"{_address(question, trace, room)} = {SLOT}")]
    choices = [
        line_of(f"{number}) ", Role.LABEL) + room.spoken(choice)
        for number, choice in enumerate(choices_of(question, trace, room), 1)
    ]
    row = reduce(lambda before, one: before + line_of(_BETWEEN) + one, choices)
    return [row] if row.width <= room.width else choices


def answer_sentence(question: LessonQuestion, trace: Trace, room: PageRoom) -> Sentence:
    """What is right: `2) it shrinks`, or `scores[it,animal] = 0.85`."""
    if question.predict:
        then = after(trace, question.change)
        cell = predicted_cell(then, question)
        value = cell_format(then, cell, room.digits).text(then.value(cell))
        return (Span(f"{_address(question, trace, room)} = "), Span(value, Role.NUMBER))
    right = right_choice(trace, question)
    return (Span(f"{right + 1}) ", Role.LABEL), *choices_of(question, trace, room)[right])


def why_sentence(question: LessonQuestion, trace: Trace, room: PageRoom) -> Sentence:
    """What the lesson says once it is answered; empty where it says nothing."""
    return () if question.why is None else told(question.why, trace, room, question)


def answer_lines(question: LessonQuestion, trace: Trace, room: PageRoom) -> Iterator[Line]:
    """What is right, and why."""
    yield room.filled_word("answer_is", answer=answer_sentence(question, trace, room))
    why = room.spoken(why_sentence(question, trace, room))
    if why != NOTHING:
        yield why


def to_answer(question: LessonQuestion, trace: Trace, room: PageRoom) -> Iterator[Line]:
    """What is to be filled in or chosen from; with a key what is right, and why."""
    if room.revealed:
        yield from answer_lines(question, trace, room)
    else:
        yield from choice_lines(question, trace, room)


def _address(question: LessonQuestion, trace: Trace, room: PageRoom) -> str:
    return format_address(trace, predicted_cell(trace.as_written, question), room.language)
