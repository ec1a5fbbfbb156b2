"""`qkvtui learn` as Markdown: the same story with pipe tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..narration import learning
from ..narration.numbers import NumberFormat, loss_number, number
from ..narration.sentences import Sentence
from ..trace.story import Story
from ..views.curve import curve_lines
from ..views.learned import curve_look
from ..views.look import Look
from .learned import has_answers, has_moved, moved_sentence, right_answers, updates_shown

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What Markdown takes for a sign of its own; an underscore inside a word it leaves alone."""
Row = Sequence[str]


def story_as_markdown(story: Story, look: Look, every: int | None) -> str:
    """The story, or with `every` a row each so many updates; tokens are escaped, so that they stay what they are."""
    return "\n\n".join(_parts(story, look, every)) + "\n"


def _parts(story: Story, look: Look, every: int | None) -> Iterator[str]:
    texts = look.texts
    yield "# " + escaped(story.example.title.in_language(look.language))
    yield _heading("heading_wanted", look)
    yield _paragraphs(learning.wanted(story, texts, look.digits), look)
    yield _paragraphs(learning.begun(story, texts, look.digits), look)
    yield _heading("heading_curve", look)
    curve = "\n".join(line.plain.rstrip() for line in curve_lines(story.losses, curve_look(look)))
    yield f"```text\n{curve}\n```"
    if every is not None:
        yield _heading("heading_updates", look, every=every)
        yield _table(_updates(story, every, look))
        yield _paragraphs([learning.said(texts, "length_of"), *learning.shown_head(story, texts)], look)
    else:
        yield from _moments(story, look)
        yield from _answers(story, look)
        if has_moved(story):
            yield _heading("heading_matrices", look)
            yield "\n".join(f"- {_sentence(moved_sentence(story, name, look), look)}" for name in story.run.learn.train)
    yield _heading("heading_end", look)
    yield _paragraphs(learning.ended(story, texts, look.digits), look)
    if has_answers(story):
        yield _paragraphs(right_answers(story, look), look)


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, also inside a table."""
    return _SPECIAL.sub(r"\\\1", text)


def _moments(story: Story, look: Look) -> Iterator[str]:
    yield "## " + _sentence(learning.heading_moments(story, look.texts), look)
    moments = story.moments
    header = [look.learning("update"), *(NumberFormat(0).text(one.number) for one in moments)]
    losses = [look.learning("loss"), *(loss_number(one.loss, look.digits) for one in moments)]
    columns = [one.weights for one in moments]
    if story.wanted_weights is not None:
        header.append(look.learning("wanted"))
        losses.append(loss_number(story.least_loss or 0.0, look.digits))
        columns.append(story.wanted_weights)
    rows = [
        [escaped(key), *(number(float(column[index]), look.digits) for column in columns)]
        for index, key in enumerate(story.example.keys)
    ]
    yield _table([header, losses, *rows])
    yield "\n".join(
        f"- {NumberFormat(0).text(one.number)}: {_sentence(learning.reason_of(one, story, look.texts), look)}"
        for one in moments
    )


def _answers(story: Story, look: Look) -> Iterator[str]:
    learn = story.run.learn
    if not has_answers(story):
        return
    yield _heading("heading_answers" if learn.test else "heading_learned_answers", look)
    test = bool(learn.test)
    rows: list[Row] = [[look.learning("sentence"), look.learning("before"), look.learning("after")]]
    for before, after in zip(story.answers(0, test=test), story.answers(story.end, test=test), strict=True):
        cells = [
            f"{escaped(learn.labels[one.label])} {number(float(one.probabilities[one.label]), look.digits)}"
            f" {look.signs('✓' if one.right else '✗')}"
            for one in (before, after)
        ]
        words = [
            f"**{escaped(word)}**" if index == before.sentence.query else escaped(word)
            for index, word in enumerate(before.sentence.tokens)
        ]
        rows.append([" ".join(words), *cells])
    yield _table(rows)


def _updates(story: Story, every: int, look: Look) -> list[Row]:
    names = list(story.run.records[0].gradient_norms)
    keys = [escaped(key) for key in story.example.keys]
    rows: list[Row] = [[look.learning("update"), look.learning("loss"), *(f"d_{name}" for name in names), *keys]]
    for at in updates_shown(story, every):
        record, weights = story.run.records[at], story.weights(at)
        norms = [loss_number(record.gradient_norms[name], look.digits) for name in names]
        shares = [number(float(weight), look.digits) for weight in weights]
        rows.append([NumberFormat(0).text(at), loss_number(record.loss, look.digits), *norms, *shares])
    return rows


def _heading(name: str, look: Look, **values: Sentence | int) -> str:
    return "## " + _sentence(learning.said(look.texts, name, **values), look)


def _paragraphs(sentences: Iterator[Sentence] | Sequence[Sentence], look: Look) -> str:
    return "\n\n".join(_sentence(sentence, look) for sentence in sentences)


def _sentence(sentence: Sentence, look: Look) -> str:
    return "".join(escaped(span.text) if span.role.is_token else look.signs(span.text) for span in sentence)


def _table(rows: Sequence[Row]) -> str:
    """A pipe table; the first row is its heading, and all columns but the first stand at the right."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"| --- |{' ---: |' * (len(rows[0]) - 1)}"
    return "\n".join([lines[0], rule, *lines[1:]])
