"""Questions on the way and at the end: what is shown of them, and how they are answered or skipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.text import Text

from ..graph.proposals import LessonQuestion
from ..narration.sentences import Sentence, plain, text_of
from ..pages.asked import (
    answer_lines,
    answer_sentence,
    asked_sentence,
    choice_lines,
    choices_of,
    told,
    why_sentence,
)
from ..pages.lines import Line
from ..pages.stops import stop_line
from ..trace.addresses import format_address
from ..trace.asked import predicted_cell, right_choice
from ..trace.told import after
from ..views.look import Look
from ..views.wrapping import wrap
from .moves import Move
from .pending import Pending, is_in_sight, is_open, pending, settle, told_here
from .predicting import judged_in
from .predictions import Reply
from .state import LessonState


def acts_on(state: LessonState, name: str) -> Move | None:
    """What the action of this name does while something is asked; None: what it does else."""
    asked = pending(state) if is_in_sight(state) else None
    if asked is None:
        return None
    if name == "close_cell":
        return skip
    if asked.question is None:
        return None
    if name in ("open_cell", "predict"):
        return ask
    if asked.question.predict or not name.startswith("jump_"):
        return None
    return choose(int(name.removeprefix("jump_")) - 1)


def ask(state: LessonState) -> LessonState:
    """Ask for the number in a line; what there is to choose from, a digit chooses."""
    question = _question(state)
    trace = after(state.trace, question.change)
    if not question.predict:
        return state.saying("choose_first", count=str(len(choices_of(question, trace, state.look))))
    cell = format_address(trace, predicted_cell(trace, question), state.look.language)
    return state.asking("asked", "", "predict_hint", cell=cell)


def answered(state: LessonState, text: str) -> LessonState:
    """Judge a typed number. Raises UsageError for what is none; the question then stays."""
    question, predictions = _question(state), state.predictions
    trace = after(state.trace, question.change)
    cell = predicted_cell(trace, question)
    reply = judged_in(trace, state.look, {} if question.change else predictions.written, cell, text)
    if not question.change:
        predictions = predictions.wrote(cell, text)
    return _replied(replace(state, predictions=predictions), reply, question)


def choose(index: int) -> Move:
    """Answer with the choice at this place."""

    def chosen(state: LessonState) -> LessonState:
        question = _question(state)
        if index >= len(choices_of(question, state.trace, state.look)):
            return ask(state)
        is_right = index == right_choice(state.trace, question)
        answer = text_of(answer_sentence(question, state.trace, state.look))
        said = state.look.texts.word("answer_right" if is_right else "answer_wrong", answer=answer)
        return _replied(state, Reply(is_right, said), question)

    return chosen


def skip(state: LessonState) -> LessonState:
    """What is asked for is shown."""
    asked = pending(state)
    if asked is None:
        return state
    if asked.question is None:
        return settle(state, asked)
    answer = text_of(answer_sentence(asked.question, state.trace, state.look))
    return _replied(state, Reply(None, state.look.texts.word("answer_is", answer=answer)), asked.question)


def lines(state: LessonState, look: Look) -> list[Text]:
    """What stands above the step: what was said of the last answer, what is asked, or what the teacher says here."""
    reply = state.predictions.reply
    replied = [] if reply is None else reply.lines(look)
    here = told_here(state)
    if here is None or (replied and not is_open(state, here)):
        return replied
    asked = [line for one in _lines(state, here, look) for line in _wrapped(one, look)]
    return [*replied, Text(""), *asked] if replied and asked else replied or asked


def _lines(state: LessonState, here: Pending, look: Look) -> Iterator[Line]:
    own, trace = state.trace.as_written, state.trace
    question = here.question
    if question is None:
        said = () if here.text is None else told(here.text, own, look)
        yield _labelled(state, here, said, look)
        if is_open(state, here):
            yield look.filled_word("ask_blank")
        return
    if trace is not own:
        return
    yield _labelled(state, here, asked_sentence(here.text, question, own, look), look)
    if not is_open(state, here):
        yield from answer_lines(question, own, look)
        return
    if question.predict:
        yield look.filled_word("ask_number")
        return
    yield from choice_lines(question, own, look)
    keys = " ".join(str(number + 1) for number in range(len(choices_of(question, own, look))))
    yield look.filled_word("ask_choice", keys=plain(keys))


def _labelled(state: LessonState, here: Pending, said: Sentence, look: Look) -> Line:
    """With which stop or question it is, where one follows them."""
    number = here.index + 1
    if here.place is None:
        count = plain(str(len(state.trace.example.questions)))
        return look.filled_word("question_of", number=plain(str(number)), count=count, text=said)
    if not state.tour.followed:
        return look.spoken(said)
    return stop_line(number, len(state.tour.stops), said, look)


def _wrapped(line: Line, look: Look) -> list[Text]:
    text = Text(line.text, look.palette.query)
    return wrap(text, look.width) if line.pieces else []


def _question(state: LessonState) -> LessonQuestion:
    asked = pending(state)
    assert asked is not None
    assert asked.question is not None
    return asked.question


def _replied(state: LessonState, reply: Reply, question: LessonQuestion) -> LessonState:
    asked = pending(state)
    assert asked is not None
    said = replace(reply, told=why_sentence(question, state.trace, state.look))
    return settle(replace(state, predictions=state.predictions.answered(said), notice=""), asked)
