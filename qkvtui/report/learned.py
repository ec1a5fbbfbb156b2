"""`qkvtui learn` as text: the story of a run, or a line for every so many updates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from ..narration import learning
from ..narration.numbers import NumberFormat, loss_number
from ..narration.sentences import Sentence, plain
from ..operations.tensors import Address
from ..trace.addresses import format_address
from ..trace.story import Moment, Story
from ..trace.trace import Trace
from ..views.blocks import as_table
from ..views.curve import curve_lines
from ..views.learned import (
    answers_lines,
    attention_block,
    curve_look,
    farthest,
    moved_block,
    output_block,
    updates_block,
)
from ..views.look import Look
from ..views.page import as_lines
from ..views.wrapping import wrap
from .console import plain_lines, report_console

_BLANK = Text("")
_MOST_DECIMALS = 17


def story_as_text(story: Story, look: Look, every: int | None, color: str | None, no_color: bool) -> str:
    """The story, or with `every` a line each so many updates; escape codes only where a colour system is asked for."""
    console = report_console(look, color, no_color)
    for part in _parts(story, look, every):
        console.print(part)
    return plain_lines(console)


def updates_shown(story: Story, every: int) -> list[int]:
    """Every so many updates, and the last."""
    last = story.run.last.number
    return sorted({*range(0, last + 1, every), last})


def has_moved(story: Story) -> bool:
    """Whether there is an end to compare with the start: not where the first update broke the run."""
    return story.end > 0


def has_answers(story: Story) -> bool:
    """Whether there are labels that are read, before and after."""
    return story.run.learn.objective == "label" and has_moved(story)


def right_answers(story: Story, look: Look) -> Iterator[Sentence]:
    """How many sentences are read rightly before and after: those of the test, and those that are learned from."""
    for name, test in (("tested", True), ("learned_from", False)):
        before, after = (story.answers(at, test=test) for at in (0, story.end))
        if before:
            right, now = (sum(one.right for one in found) for found in (before, after))
            of = plain(look.texts.learning[name])
            yield learning.said(look.texts, "right_of", name=of, right=right, now=now, count=len(before))


def moved_sentence(story: Story, name: str, look: Look) -> Sentence:
    """How far a matrix moved, and which number most: named so that `qkvtui why` knows it."""
    before, after = (np.atleast_2d(story.run.records[at].parameters[name]) for at in (0, story.end))
    row, column = farthest(after - before)
    if before[row, column] == after[row, column]:
        return learning.said(look.texts, "unmoved", name=plain(name))
    start, end = _told_apart(float(before[row, column]), float(after[row, column]), look.digits)
    return learning.said(
        look.texts,
        "farthest",
        name=plain(name),
        length=loss_number(float(np.linalg.norm(after - before)), look.digits),
        cell=plain(format_address(Trace(story.example), Address(name, row, column))),
        before=start,
        after=end,
    )


def _told_apart(before: float, after: float, digits: int) -> tuple[str, str]:
    """Two numbers that are not the same, with as many decimals as it takes to see that."""
    for decimals in range(digits, _MOST_DECIMALS):
        start, end = loss_number(before, decimals), loss_number(after, decimals)
        if start != end:
            break
    return start, end


def _parts(story: Story, look: Look, every: int | None) -> Iterator[RenderableType]:
    title = story.example.title.in_language(look.language)
    yield as_lines(wrap(Text(title, look.palette.title), look.width))
    yield from _section("heading_wanted", learning.wanted(story, look.texts, look.digits), look)
    if every is None:
        yield from _paragraph(learning.begun(story, look.texts, look.digits), look)
    yield from _heading("heading_curve", look)
    yield as_lines(curve_lines(story.losses, curve_look(look)))
    if every is not None:
        yield from _updates(story, every, look)
    else:
        yield from _moments(story, look)
        yield from _results(story, look)
        yield from _matrices(story, look)
    yield from _section("heading_end", learning.ended(story, look.texts, look.digits), look)
    if has_answers(story):
        yield from _paragraph(right_answers(story, look), look)


def _moments(story: Story, look: Look) -> Iterator[RenderableType]:
    yield from _title(learning.heading_moments(story, look.texts), look)
    yield as_table(attention_block(story, look))
    yield _BLANK
    numbers = [NumberFormat(0).text(one.number) for one in story.moments]
    width = max(map(len, numbers))
    for number, moment in zip(numbers, story.moments, strict=True):
        yield as_lines(_hanging(f"{number:>{width}}  ", _reason(moment, story, look), look))


def _reason(moment: Moment, story: Story, look: Look) -> Text:
    return look.styled(learning.reason_of(moment, story, look.texts))


def _results(story: Story, look: Look) -> Iterator[RenderableType]:
    learn = story.run.learn
    if learn.objective == "output" and has_moved(story):
        yield from _heading("heading_output", look, query=learning.query_of(story, look.texts))
        yield as_table(output_block(story, look))
    if has_answers(story):
        yield from _heading("heading_answers" if learn.test else "heading_learned_answers", look)
        for line in answers_lines(story, look, test=bool(learn.test)):
            yield as_lines(wrap(line, look.width))


def _matrices(story: Story, look: Look) -> Iterator[RenderableType]:
    if not has_moved(story):
        return
    yield from _heading("heading_matrices", look)
    for index, name in enumerate(story.run.learn.train):
        if index:
            yield _BLANK
        yield as_table(moved_block(story, name, look))
        yield as_lines(_wrapped(moved_sentence(story, name, look), look))


def _updates(story: Story, every: int, look: Look) -> Iterator[RenderableType]:
    yield from _heading("heading_updates", look, every=every)
    drawn, one_by_one, whole = updates_block(story, updates_shown(story, every), look)
    yield as_table(drawn)
    yield _BLANK
    yield from _paragraph([learning.said(look.texts, "length_of" if one_by_one else "length_of_all")], look)
    yield from _paragraph(learning.shown_head(story, look.texts), look)
    if not whole:
        yield from _paragraph([learning.said(look.texts, "some_rows")], look)


def _section(name: str, sentences: Iterable[Sentence], look: Look) -> Iterator[RenderableType]:
    yield from _heading(name, look)
    for sentence in sentences:
        yield as_lines(_wrapped(sentence, look))


def _heading(name: str, look: Look, **values: Sentence | int) -> Iterator[RenderableType]:
    yield from _title(learning.said(look.texts, name, **values), look)


def _title(sentence: Sentence, look: Look) -> Iterator[RenderableType]:
    yield _BLANK
    text = look.styled(sentence)
    text.stylize(look.palette.title)
    yield as_lines(wrap(text, look.width))


def _paragraph(sentences: Iterable[Sentence], look: Look) -> Iterator[RenderableType]:
    for sentence in sentences:
        yield as_lines(_wrapped(sentence, look))


def _wrapped(sentence: Sentence, look: Look) -> list[Text]:
    return wrap(look.styled(sentence), look.width)


def _hanging(start: str, text: Text, look: Look) -> list[Text]:
    """The text behind its start; lines that follow begin below it."""
    lines = wrap(text, look.width - len(start))
    return [Text(start if index == 0 else " " * len(start)).append_text(line) for index, line in enumerate(lines)]
