"""What `qkvtui learn` tells of a run: the parts of its page in their order, and the page as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from ..narration import learning
from ..narration.numbers import NumberFormat, loss_number
from ..narration.sentences import Sentence, plain
from ..records import record
from ..trace.story import Story
from ..trace.study import Study
from ..views.answers import Row, answers_rows, answers_view, sentences_rows, sentences_view, told_answers
from ..views.blocks import as_table
from ..views.curve import curve_lines
from ..views.look import Look
from ..views.moving import moved_block, moved_rows, said_lines
from ..views.page import BLANK_LINE, as_lines
from ..views.run_output import told_output_block, told_output_rows
from ..views.runs import (
    attention_block,
    attention_rows,
    told_block,
    told_rows,
)
from ..views.updates import updates_block, updates_rows
from ..views.wrapping import wrap
from .console import plain_lines, report_console

_WIDEST_CURVE, _CURVE_ROWS = 100, 12
_MOST_LOSSES = 10
_APART = re.compile(r" {3,}")
_MOST_NUMBERS = 64
"""Of a matrix that is told at each moment; a larger one is told at the end."""


@record(frozen=True)
class LearnedHeading:
    """What the parts behind it are about."""

    said: Sentence


@record(frozen=True)
class Curve:
    """The loss, update by update."""

    drawn: Text
    rows: Sequence[Sequence[str]]
    """Some of them as numbers, for those who cannot see a curve; the first row is the heading."""


@record(frozen=True)
class LearnedTable:
    """Rows of numbers, or of what is read from sentences, drawn as far as there is room, and all of them."""

    drawn: RenderableType
    rows: Sequence[Row]
    """The first is the heading."""
    numbers: bool = True


@record(frozen=True)
class Moves:
    """Each matrix that moves: its name, before, after and by how much, drawn and as numbers, and how far it moved."""

    matrices: list[tuple[str, RenderableType, Sentence]]
    rows: Callable[[str], Sequence[tuple[str, Sequence[Sequence[str]]]]]
    """What each of the three is called, and its rows; the first is the heading."""


@record(frozen=True)
class Reasons:
    """The numbers of the moments that are told, and why they are."""

    moments: list[tuple[str, Sentence]]


Part = LearnedHeading | Sentence | Curve | LearnedTable | Moves | Reasons


def parts(story: Story, look: Look, every: int | None, *, drawn: bool) -> Iterator[Part]:
    """The story, or with `every` a row each so many updates; `drawn` tells whether tables have to fit."""
    texts, digits = look.texts, look.digits
    yield LearnedHeading(learning.said(texts, "heading_wanted"))
    yield from learning.wanted(story, texts, digits)
    if every is None:
        yield from learning.begun(story, texts, digits)
    yield LearnedHeading(learning.said(texts, "heading_curve"))
    room = look.sized(min(look.width, _WIDEST_CURVE), _CURVE_ROWS)
    yield Curve(as_lines(curve_lines(story.run.losses, room)), _losses(story, look))
    yield from _told(story, look) if every is None else _updates(story, every, look, drawn)
    yield LearnedHeading(learning.said(texts, "heading_end"))
    yield from learning.ended(story, texts, digits)
    if story.has_answers:
        yield from learning.right_answers(story, texts)


def sentence_parts(story: Story, look: Look) -> Iterator[Part]:
    """Only what is read from each sentence, before and after."""
    texts = look.texts
    for heading, test in (("heading_learned_from", False), ("heading_answers", True)):
        if story.answers(test=test):
            yield LearnedHeading(learning.said(texts, heading))
            rows = sentences_rows(story, look, test=test)
            yield LearnedTable(sentences_view(story, look, test=test), rows, numbers=False)
    yield LearnedHeading(learning.said(texts, "heading_end"))
    yield from learning.right_answers(story, texts)


def _told(story: Story, look: Look) -> Iterator[Part]:
    """What there was at a few moments, and what came of it."""
    texts, learn = look.texts, story.run.learn
    yield LearnedHeading(learning.heading_moments(story, texts))
    yield LearnedTable(as_table(told_block(story, look)), told_rows(story, look))
    yield Reasons([(NumberFormat(0).text(one.number), learning.reason_of(one, story, texts)) for one in story.moments])
    for layer in range(story.layer - 1, -1, -1):
        below = replace(story, layer=layer, head=0)
        yield LearnedHeading(learning.heading_moments(below, texts))
        yield LearnedTable(as_table(told_block(below, look)), told_rows(below, look))
    if not story.has_moved:
        return
    if learn.objective == "output":
        yield LearnedHeading(learning.said(texts, "heading_output", query=learning.query_of(story, texts)))
        yield LearnedTable(as_table(told_output_block(story, look)), told_output_rows(story, look))
    if story.has_answers:
        yield LearnedHeading(learning.said(texts, "heading_answers" if learn.test else "heading_learned_answers"))
        yield LearnedTable(answers_view(story, told_answers(story), look), answers_rows(story, look), numbers=False)
    yield LearnedHeading(learning.said(texts, "heading_matrices"))
    run, end = story.run, story.run.end
    yield Moves(
        [
            (name, as_table(moved_block(run, name, end, look)), learning.moved(run, name, end, texts, look.digits))
            for name in learn.train
        ],
        lambda name: moved_rows(run, name, end, look),
    )


def moment_parts(study: Study, look: Look) -> Iterator[Part]:
    """One moment of a run that may go on: what there is to say of it, the current number, attention and matrix."""
    story, colon = study.story, look.word("colon")
    yield learning.said(look.texts, "heading_moment", number=study.at, count=study.learn.steps)
    yield from learning.moment_told(story, study.at, look.texts, look.digits)
    for line in said_lines(study, look.sized(look.width, None)):
        yield from (plain(one.strip().replace("  ", colon, 1)) for one in _APART.split(line.plain))
    if not study.moment.finite:
        return
    yield LearnedTable(as_table(attention_block(study, look)), attention_rows(study, look))
    name = study.cursor.cell.name
    if study.at and study.moment.matrix(name).size <= _MOST_NUMBERS:
        drawn = as_table(moved_block(study.run, name, study.at, look))
        for called, (head, *rows) in moved_rows(study.run, name, study.at, look)[1:]:
            yield LearnedTable(drawn, [[f"{name}{colon}{called}", *head[1:]], *rows])
        yield learning.moved(study.run, name, study.at, look.texts, look.digits)


def _losses(story: Story, look: Look) -> list[tuple[str, ...]]:
    """The loss before the first update, after each tenth of them, and after the last."""
    last = len(story.run.losses) - 1
    shown = [*range(0, last, -(-last // _MOST_LOSSES) or 1), last]
    losses = (look.signs(loss_number(float(story.run.losses[at]), look.digits)) for at in shown)
    return [(look.learning("update"), *map(str, shown)), (look.learning("loss"), *losses)]


def _updates(story: Story, every: int, look: Look, drawn: bool) -> Iterator[Part]:
    yield LearnedHeading(learning.said(look.texts, "heading_updates", every=every))
    block, one_by_one, whole = updates_block(story, every, look)
    yield LearnedTable(as_table(block), updates_rows(story, every, look))
    yield learning.said(look.texts, "length_of" if one_by_one or not drawn else "length_of_all")
    yield from learning.shown_head(story, look.texts)
    if drawn and not whole:
        yield learning.said(look.texts, "some_rows")


def page_as_text(story: Story, look: Look, parts: Iterable[Part], color: str | None, no_color: bool) -> str:
    """The parts of a page below the title; escape codes only where a colour system is asked for."""
    console = report_console(look, color, no_color)
    title = story.example.title.in_language(look.language)
    console.print(as_lines(wrap(Text(title, look.palette.title), look.width)))
    before: Part | None = None
    for part in parts:
        if isinstance(before, LearnedTable) and not isinstance(part, LearnedHeading):
            console.print(BLANK_LINE)
        for drawing in _drawings(part, look):
            console.print(drawing)
        before = part
    return plain_lines(console)


def _drawings(part: Part, look: Look) -> Iterator[RenderableType]:
    match part:
        case LearnedHeading(said):
            text = look.styled(said)
            text.stylize(look.palette.title)
            yield from (BLANK_LINE, as_lines(wrap(text, look.width)))
        case LearnedTable(drawn=drawn) | Curve(drawn=drawn):
            yield drawn
        case Moves(matrices=matrices):
            for index, (_, drawn, said) in enumerate(matrices):
                yield from [BLANK_LINE] * bool(index)
                yield from (drawn, as_lines(wrap(look.styled(said), look.width)))
        case Reasons(moments):
            width = max(len(number) for number, _ in moments)
            for number, said in moments:
                yield as_lines(_hanging(f"{number:>{width}}  ", look.styled(said), look))
        case said:
            yield as_lines(wrap(look.styled(said), look.width))


def _hanging(start: str, text: Text, look: Look) -> list[Text]:
    """The text behind its start; lines that follow begin below it."""
    lines = wrap(text, look.width - len(start))
    return [Text(start if index == 0 else " " * len(start)).append_text(line) for index, line in enumerate(lines)]
