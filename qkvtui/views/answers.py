"""What is read from sentences while a run learns labels, and when it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from ..graph.task import LabelledSentence
from ..narration.numbers import number
from ..narration.sentences import Role, Sentence, Span, joined
from ..pages.cut_names import LONGEST_ROW_LABEL
from ..pages.lines import shorten
from ..trace.answers import Answer
from ..trace.learning import own_sentence
from ..trace.story import Story
from ..trace.study import Study
from .blocks import as_table, block, cell, left_cell
from .look import Look
from .page import as_lines
from .wrapping import wrap

Row = Sequence[str | Sentence]
"""A row of a table as text; the first row is the heading."""


def own_answer_lines(study: Study, look: Look) -> Iterator[Text]:
    """With labels: how probable the right one is, and how many of the test sentences are answered right."""
    learn = study.learn
    if not learn.reads:
        return
    asked = (own_sentence(study.example), *learn.test)
    (own, *start), (own_now, *now) = (study.run.moment(at).answers(asked) for at in (0, study.at))
    line = cell(look.studying("word" if learn.objective == "word" else "label") + " ", look.palette.dim)
    share = look.signs(f" {number(own.chance, look.digits)} → {number(own_now.chance, look.digits)}")
    room = max(1, look.width - line.cell_len - len(share))
    label = shorten(learn.labels[own.sentence.label], min(LONGEST_ROW_LABEL, room), look.signs("…"))
    line.append(label, look.palette.key)
    yield line.append(share, look.palette.marked)
    if now:
        before, right = (sum(one.right for one in found) for found in (start, now))
        words = look.studying("test", before=before, right=right, count=len(now))
        yield cell(words, look.palette.key if right == len(now) else Style())


def answers_rows(story: Story, look: Look) -> list[Row]:
    """What is read from each sentence before and after: the label, its probability, and whether it is right."""
    learn = story.run.learn
    rows: list[Row] = [tuple(look.learning(name) for name in ("sentence", "before", "after"))]
    for before, after in told_answers(story):
        found = (f"{learn.labels[one.label]} {_judged(one, look)}" for one in (before, after))
        rows.append((_words(before.sentence), *found))
    return rows


def sentences_rows(story: Story, look: Look, *, test: bool) -> list[Row]:
    """A row for each sentence of the test, or of those that are learned from: its label, and what is read from it."""
    learn = story.run.learn
    asked = "word" if learn.objective == "word" else "label"
    rows: list[Row] = [tuple(look.learning(name) for name in ("sentence", asked, "before", "after"))]
    for before, after in story.answers(test=test):
        found = (f"{learn.labels[one.label]} {_judged(one, look)}" for one in (before, after))
        rows.append((_words(before.sentence), learn.labels[before.sentence.label], *found))
    return rows


def sentences_view(story: Story, look: Look, *, test: bool) -> RenderableType:
    """The same, drawn, a line each; in two lines each where that is too wide."""
    labels, pairs = story.run.learn.labels, story.answers(test=test)
    names = (look.learning("sentence"), f"  {look.learning('before')}", f"  {look.learning('after')}")
    rows = [[left_cell(name, look.palette.header) for name in names]]
    for pair in pairs:
        row = [left_cell("").append_text(sentence_text(pair[0].sentence, look))]
        for one in pair:
            style = look.palette.marked if one.right else look.palette.wrong
            row.append(left_cell(f"  {_label(labels[one.label], look)} {_judged(one, look)}", style))
        rows.append(row)
    drawn = block(rows)
    return as_table(drawn) if drawn.width <= look.width else answers_view(story, pairs, look)


def answers_view(story: Story, pairs: Sequence[tuple[Answer, Answer]], look: Look) -> Text:
    """Each sentence, and below it what is read before and after."""
    lines = [line for pair in pairs for line in _answer_lines(story, pair, look)]
    return as_lines(part for line in lines for part in wrap(line, look.width))


def _answer_lines(story: Story, pair: tuple[Answer, Answer], look: Look) -> Iterator[Text]:
    yield sentence_text(pair[0].sentence, look)
    line = cell("")
    for name, one in zip(("before", "after"), pair, strict=True):
        line.append(f"   {look.learning(name)} ", look.palette.dim)
        line.append(_label(story.run.learn.labels[one.label], look), look.palette.marked)
        line.append(f" {_judged(one, look)}", Style() if one.right else look.palette.wrong)
    yield line


def _label(label: str, look: Look) -> str:
    return shorten(label, LONGEST_ROW_LABEL, look.signs("…"))


def as_row(row: Row, look: Look) -> list[str]:
    """The row as text; in a sentence the query is marked."""
    return [one if isinstance(one, str) else "".join(_marked(span, look) for span in one) for one in row]


def _marked(span: Span, look: Look) -> str:
    return look.signs("▸") + span.text + look.signs("◂") if span.role is Role.QUERY else span.text


def sentence_text(sentence: LabelledSentence, look: Look) -> Text:
    """`animal left street because ▸it◂ was dark`."""
    text = cell("")
    for span in _words(sentence):
        text.append(_marked(span, look), look.palette.query if span.role is Role.QUERY else "")
    return text


def told_answers(story: Story) -> list[tuple[Answer, Answer]]:
    """The answers that are shown: to the sentences of the test, where there are any."""
    return story.answers(test=bool(story.run.learn.test))


def _words(sentence: LabelledSentence) -> Sentence:
    """The sentence's tokens, the query among them."""
    query = sentence.query
    words = ((Span(word, Role.QUERY if at == query else Role.TOKEN),) for at, word in enumerate(sentence.tokens))
    return joined(words, " ")


def _judged(answer: Answer, look: Look) -> str:
    """How probable the label is that was read, and whether it is right: `0.98 ✓`."""
    return f"{number(answer.confidence, look.digits)} {look.signs('✓' if answer.right else '✗')}"
