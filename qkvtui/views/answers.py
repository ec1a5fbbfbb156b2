"""What is read from sentences while a run learns labels, and when it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style
from rich.text import Text

from ..graph.example import LabelledSentence
from ..narration.numbers import number
from ..narration.sentences import Role, Sentence, Span, joined
from ..pages.cut_names import LONGEST_ROW_LABEL
from ..pages.lines import shorten
from ..trace.answers import Answer
from ..trace.learning import own_sentence
from ..trace.story import Story
from ..trace.study import Study
from .blocks import cell
from .look import Look

Row = Sequence[str | Sentence]
"""A row of a table as text; the first row is the heading."""


def own_answer_lines(study: Study, look: Look) -> Iterator[Text]:
    """With labels: how probable the right one is, and how many of the test sentences are answered right."""
    learn = study.learn
    if learn.objective != "label":
        return
    asked = (own_sentence(study.example), *learn.test)
    (own, *start), (own_now, *now) = (study.run.moment(at).answers(asked) for at in (0, study.at))
    line = cell(look.studying("label") + " ", look.palette.dim)
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
    for before, after in _read(story):
        found = (f"{learn.labels[one.label]} {_judged(one, look)}" for one in (before, after))
        rows.append((_words(before.sentence), *found))
    return rows


def answers_lines(story: Story, look: Look) -> list[Text]:
    """The same in lines: each sentence, and below it the answers."""
    lines: list[Text] = []
    for pair in _read(story):
        text = cell("")
        for span in _words(pair[0].sentence):
            asks = span.role is Role.QUERY
            word = look.signs("▸") + span.text + look.signs("◂") if asks else span.text
            text.append(word, look.palette.query if asks else "")
        line = cell("")
        for name, one in zip(("before", "after"), pair, strict=True):
            line.append(f"   {look.learning(name)} ", look.palette.dim)
            label = shorten(story.run.learn.labels[one.label], LONGEST_ROW_LABEL, look.signs("…"))
            line.append(label, look.palette.marked)
            line.append(f" {_judged(one, look)}", Style() if one.right else look.palette.wrong)
        lines.extend((text, line))
    return lines


def _read(story: Story) -> list[tuple[Answer, Answer]]:
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
