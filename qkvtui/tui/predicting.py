"""Predict a number before it is shown: typed, told how far off, and which slip gives exactly that number."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from math import floor, isfinite, log10

from ..errors import UsageError
from ..files.expression import NOTHING_WRITTEN, evaluate
from ..narration.formats import cell_format, more_digits
from ..narration.numbers import NumberFormat, number
from ..narration.slips import Wrong, guess_sentence
from ..operations.operation import Drawing
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..trace.addresses import find_token, format_address, value_at
from ..trace.attends import attends, indices_of
from ..trace.grading import GradedAnswer, Verdict, grade
from ..trace.hidden import NOTHING, Hidden, Part, hidden_number
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import cell_of, step_at, to_cell
from ..views.look import Look
from .pending import as_drawn, pending, settle
from .predictions import Reply
from .state import LessonState


def fade(state: LessonState) -> LessonState:
    """Leave more steps blank, as on a worksheet: the last, every second, all, none."""
    predictions = state.predictions.next_level()
    return replace(state, predictions=predictions).saying(f"blank_{predictions.level or 'none'}")


def predict(state: LessonState) -> LessonState:
    """Hide the current cell and ask for it; at the summary, ask whom the query attends to.

    Where a number is only copied there is nothing to work out, and it is in sight elsewhere.
    """
    state = as_drawn(state)
    trace, place = state.trace, state.place
    cell = cell_of(trace, place)
    if step_at(trace, place).type.kind is Drawing.TOLD:
        return state.saying("nothing_computed")
    state = replace(state, place=to_cell(trace, place, cell.row, cell.column))
    if step_at(trace, place).id == "summary":
        row = range(place.query, place.query + 1)
        asked = _hiding(state, Hidden((Part("weights", place.head, row),)))
        return asked.asking("guess", "", "guess_hint", token=trace.example.tokens[cell.row])
    address = format_address(trace, cell, state.look.language)
    if opened(trace, cell).rule in (Rule.GIVEN, Rule.COPY):
        return state.saying("nothing_to_predict", cell=address)
    return _hiding(state, hidden_number(trace, cell)).asking("predict", "", "predict_hint", cell=address)


def not_predicted(state: LessonState) -> LessonState:
    """What was to be predicted is shown."""
    shown = _shown(state) if state.predictions.hidden else state
    return _hiding(shown, NOTHING)


def predicted(state: LessonState, text: str) -> LessonState:
    """Judge a typed number. Raises UsageError for what is none; the question then stays."""
    cell = cell_of(state.trace, state.place)
    reply = judged(state, cell, text)
    return _shown(replace(state, predictions=state.predictions.wrote(cell, text).answered(reply)))


def guessed(state: LessonState, text: str) -> LessonState:
    """Judge a typed token. Raises UsageError for what is none; the question then stays."""
    key = find_token(state.trace.example.keys, text.strip())
    first = attends(state.trace, state.place.query, state.place.head).first
    right = key in indices_of(first)
    name = "guess_right" if right else "guess_wrong"
    token = first[0].token if first else "-"
    said = state.look.word(name, token=token, weight=number(first[0].weight if first else 0.0, 2))
    return replace(state, predictions=state.predictions.answered(Reply(right, said)))


def _hiding(state: LessonState, hidden: Hidden) -> LessonState:
    return replace(state, predictions=state.predictions.hiding(hidden))


def _shown(state: LessonState) -> LessonState:
    """The current step was answered or skipped, and so are blanks that a stop has left here."""
    asked = pending(state)
    settled = state if asked is None or asked.question is not None else settle(state, asked)
    return replace(settled, predictions=state.predictions.shown(step_at(state.trace, state.place).id))


def judged(state: LessonState, cell: Address, text: str) -> Reply:
    """What `check --answers` says of the same text, after what was typed in this lesson before."""
    return judged_in(state.trace, state.look, state.predictions.written, cell, text)


def judged_in(trace: Trace, look: Look, written: Mapping[Address, str], cell: Address, text: str) -> Reply:
    """The same for any trace, after what was `written` of its other numbers.

    A gradient is judged at least as exactly as the page shows it. Raises UsageError for what is no number.
    """
    answer = _graded(trace, look.digits, {**written, cell: text}, cell)
    if answer.value is None:
        raise UsageError(answer.problem or NOTHING_WRITTEN)
    shown_as = cell_format(trace, cell, look.digits)
    shown = shown_as.text(answer.right)
    if answer.verdict is Verdict.RIGHT:
        return Reply(True, look.word("predicted_right", value=shown))
    if answer.verdict.counts:
        return Reply(True, look.texts.worksheet["follows"].format(answer=text.strip(), right=shown))
    places = max(0, answer.decimals)
    is_fine = more_digits(trace, cell.name) > 0
    as_text = shown_as.text if is_fine and shown_as.exponent else lambda one: number(one, places)
    off = as_text(abs(answer.value - answer.right))
    said = look.word("predicted_wrong", typed=as_text(answer.value), off=off, value=shown)
    if not answer.explanations:
        return Reply(False, said)
    wrong = Wrong(cell, answer.value, places)
    return Reply(False, said, guess_sentence(trace, answer.explanations[0], wrong, look.language, look.in_columns))


def _graded(trace: Trace, digits: int, written: Mapping[Address, str], cell: Address) -> GradedAnswer:
    """The verdict on one of the answers that were typed."""
    finest = {}
    for one, text in written.items():
        if more_digits(trace, one.name) > 0:
            with suppress(UsageError):
                finest[one] = _places(cell_format(trace, one, digits), value_at(trace, one) or evaluate(text))
    found = grade(trace, tuple(written), written, digits, finest=finest)
    return next(one for one in found.answers if one.cell == cell)


def _places(written: NumberFormat, value: float) -> int:
    """How many places after the point a number is shown to: of 1.20e-05, seven."""
    if not written.exponent or not value or not isfinite(value):
        return written.decimals
    return written.decimals - floor(log10(abs(value)))
