"""A lesson's stops and questions on paper: a page each, with what is to be filled in, or with the answers."""

from __future__ import annotations

from dataclasses import replace

from ..narration.sentences import Role, Sentence, plain
from ..trace.asked import hidden_by
from ..trace.stops import StopPlace
from ..trace.trace import Trace
from .asked import asked_sentence, to_answer, told
from .lines import Line, line_of
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .step_page import step_page


def stop_page(trace: Trace, stop: StopPlace, number: int, room: PageRoom) -> Page:
    """A stop on paper: the step as a table, what the teacher says or asks there, and with a key the answer."""
    hidden = room if not stop.asks else replace(room, hidden=hidden_by(trace, stop.question, stop.blank, stop.place))
    drawn = step_page(trace, stop.place, hidden, is_told=False)
    if stop.question is not None:
        text = asked_sentence(stop.text, stop.question, trace, hidden)
    else:
        text = () if stop.text is None else told(stop.text, trace, hidden)
    lines = [
        stop_line(number, len(trace.example.stops), text, room),
        *(() if stop.question is None else to_answer(stop.question, trace, room)),
    ]
    return replace(drawn, parts=(*drawn.parts, GAP, said("question", lines, room)))


def stop_line(number: int, count: int, text: Sentence, room: PageRoom) -> Line:
    """Which stop of how many it is, before what is said there."""
    numbers = {"number": plain(str(number)), "count": plain(str(count))}
    return room.filled_word("stop", **numbers, text=text) if text else room.filled_word("stop_alone", **numbers)


def questions_page(trace: Trace, room: PageRoom) -> Page:
    """The questions at the end of a lesson on paper."""
    parts = [said("heading", [line_of(room.word("questions_at_end"), Role.TITLE)], room)]
    for number, question in enumerate(trace.example.questions, 1):
        text = room.spoken(asked_sentence(question.text, question, trace, room))
        lines = [line_of(f"{number}. ", Role.LABEL) + text, *to_answer(question, trace, room)]
        parts += [GAP, said("question", lines, room)]
    return Page(tuple(parts))


def no_stops(room: PageRoom) -> PageWords:
    """What is said of an example without stops."""
    return said("question", [line_of(room.word("no_stops"))], room)
