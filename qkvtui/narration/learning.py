"""What is said of a training run: texts of the table [learning], filled with tokens and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..files.clean import clean_line
from ..files.find import STANDARD_INPUT
from ..localized import LANGUAGES, Localized
from ..operations.tensors import named_address
from ..trace.addresses import format_address
from ..trace.run import Run
from ..trace.story import Story, Told
from ..trace.trace import Trace
from .language import LanguageTexts, language_texts
from .numbers import loss_number, number, setting
from .sentences import Role, Sentence, Span, filled, joined, plain, quoted

_MOST_DECIMALS = 17
_LOSS_DIGITS = 4
"""Decimals that a loss has at least on the learning screen."""
_MOST_IN_LIST = 6


def said(texts: LanguageTexts, name: str, /, **values: Sentence | str | int) -> Sentence:
    """One of the texts with its values filled in: tokens as spans of their own, all else as numbers."""

    def say(field: str) -> Sentence:
        value = values[field]
        return value if isinstance(value, tuple) else (Span(str(value), Role.NUMBER),)

    return filled(texts.learning[name], say)


def token(texts: LanguageTexts, text: str, role: Role = Role.TOKEN) -> Sentence:
    """A token in quotation marks."""
    return quoted(clean_line(text), texts.quotes, role)


def listed(texts: LanguageTexts, parts: Sequence[Sentence]) -> Sentence:
    """The parts as a list of the language; of many the first ones, and how many more."""
    if len(parts) > _MOST_IN_LIST:
        rest = plain(texts.word("more_tokens", count=len(parts) - _MOST_IN_LIST + 1))
        parts = (*parts[: _MOST_IN_LIST - 1], rest)
    return joined(parts, texts.list_separator, texts.list_last)


def wanted(story: Story, texts: LanguageTexts, digits: int) -> Iterator[Sentence]:
    """What is to be learned, and how: before anything is computed."""
    learn, example = story.run.learn, story.example
    query = query_of(story, texts)
    if learn.objective == "word":
        yield said(texts, "goal_word", sentences=len(learn.sentences))
        if learn.test:
            yield said(texts, "goal_test", test=len(learn.test))
    elif learn.objective == "label":
        labels = joined((token(texts, one) for one in learn.labels), texts.list_separator, texts.learning["or"])
        yield said(texts, "goal_label", query=query, labels=labels, sentences=len(learn.sentences))
        if learn.test:
            yield said(texts, "goal_test", test=len(learn.test))
    else:
        queries = listed(texts, [token(texts, example.tokens[row], Role.QUERY) for row in learn.rows])
        if learn.objective == "attention" and example.attention.heads > 1:
            yield said(texts, "goal_attention_head", queries=queries, head=learn.head, heads=example.attention.heads)
        else:
            yield said(texts, f"goal_{learn.objective}", queries=queries)
        if learn.objective == "attention" and story.target is not None:
            yield said(texts, "target", query=query, shares=_shares(story, texts, digits))
    yield said(texts, f"loss_{learn.objective}")
    task = story.run.records[0].task
    count = sum(task.parameters[name].size for name in learn.train)
    moving = joined([plain(name) for name in learn.train], texts.list_separator, texts.list_last)
    yield said(texts, "moves_one" if len(learn.train) == 1 else "moves", names=moving, count=count)
    yield said(texts, f"start_{learn.start}", seed=learn.seed)
    optimizer = plain(texts.learning[f"optimizer_{learn.optimizer}"])
    yield said(texts, "how", optimizer=optimizer, rate=setting(learn.rate), steps=learn.steps)


def moment_told(story: Story, at: int, texts: LanguageTexts, digits: int) -> Iterator[Sentence]:
    """A moment of a run, also of one that goes on: the story's sentence, where it is, what has come of it so far.

    The first is the most important.
    """
    run = story.run
    if at == 0:
        yield next(wanted(story, texts, digits))
        yield said(texts, "loss_first", loss=loss_number(run.losses[0], max(digits, _LOSS_DIGITS)))
        return
    if (told := story.told_at(at)) is not None:
        yield said(texts, "told", number=told.number, reason=reason_of(told, story, texts))
    if run.done and at == run.steepest:
        yield said(texts, "steepest")
    elif story.has_vanished(at):
        yield said(texts, "vanished", steepest=run.steepest)
    losses = [loss_number(run.losses[one], max(digits, _LOSS_DIGITS)) for one in (0, at)]
    yield said(texts, "loss_now", first=losses[0], loss=losses[1])
    before, now = story.weights(0), story.weights(at)
    if np.isfinite(now).all():
        key = int(np.argmax(now))
        weights = {"before": number(float(before[key]), digits), "weight": number(float(now[key]), digits)}
        top = token(texts, story.example.keys[key], Role.KEY)
        yield said(texts, "looks_now", query=query_of(story, texts), top=top, **weights)


def begun(story: Story, texts: LanguageTexts, digits: int) -> Iterator[Sentence]:
    """The loss and the gradients before the first update."""
    record = story.run.records[0]
    lengths = [
        (Span(f"{name} "), Span(loss_number(length, digits), Role.NUMBER))
        for name, length in record.gradient_norms.items()
    ]
    yield said(texts, "begun", loss=loss_number(record.loss, digits), lengths=joined(lengths, texts.list_separator))
    if story.run.learn.optimizer != "adam":  # which evens the lengths out
        yield said(texts, "longer")


def ended(story: Story, texts: LanguageTexts, digits: int) -> Iterator[Sentence]:
    """What came of it."""
    run = story.run
    if run.broken is not None:
        rate = setting(run.learn.rate / 10)
        yield (Span(texts.learning["broken"].format(number=run.broken, rate=rate), Role.WRONG),)
    if run.broken is not None and not story.has_moved:
        return
    losses = {name: loss_number(run.losses[at], digits) for name, at in (("first", 0), ("loss", run.end))}
    yield said(texts, "ended", steps=run.end, **losses)
    if story.least_loss is not None and story.missing is not None and run.broken is None:
        least = loss_number(story.least_loss, digits)
        yield said(texts, "least", least=least, missing=loss_number(story.missing, max(3, digits)))
        if story.cramped_shares is not None:
            width = story.example.inputs["X"].shape[1]
            yield said(texts, "cramped", width=width, shares=story.cramped_shares)


def moved(run: Run, name: str, at: int, texts: LanguageTexts, digits: int) -> Sentence:
    """How far a matrix moved in so many updates, and which number most: named so that `qkvtui why` knows it."""
    move = run.moved(name, at)
    before, after = (float(table[move.farthest]) for table in (move.before, move.after))
    if before == after:
        return said(texts, "unmoved", name=plain(name))
    start, end = _told_apart(before, after, digits)
    trace = Trace(run.example)
    cell = plain(format_address(trace, named_address(name, *move.farthest, trace.example.layer), texts.name))
    length = loss_number(move.length, digits)
    return said(texts, "farthest", name=plain(name), length=length, cell=cell, before=start, after=end)


def _told_apart(before: float, after: float, digits: int) -> tuple[str, str]:
    """Two numbers that are not the same, with as many decimals as it takes to see that."""
    for decimals in range(digits, _MOST_DECIMALS):
        start, end = loss_number(before, decimals), loss_number(after, decimals)
        if start != end:
            break
    return start, end


def right_answers(story: Story, texts: LanguageTexts) -> Iterator[Sentence]:
    """How many sentences are read rightly before and after: those of the test, and those that are learned from."""
    for name, test in (("tested", True), ("learned_from", False)):
        if pairs := story.answers(test=test):
            right, now = (sum(one.right for one in found) for found in zip(*pairs, strict=True))
            of = plain(texts.learning[name])
            yield said(texts, "right_of", name=of, right=right, now=now, count=len(pairs))


def heading_moments(story: Story, texts: LanguageTexts) -> Sentence:
    """Whose attention is told, of several heads in which."""
    query = query_of(story, texts)
    if len(story.example.layers) > 1:
        name = "heading_moments_layer" if story.heads == 1 else "heading_moments_layer_head"
        return said(texts, name, query=query, layer=story.layer, head=story.head)
    if story.heads == 1:
        return said(texts, "heading_moments", query=query)
    return said(texts, "heading_moments_head", query=query, head=story.head)


def shown_head(story: Story, texts: LanguageTexts) -> Iterator[Sentence]:
    """Whose weights a table has, where there are several heads."""
    if len(story.example.layers) > 1:
        yield said(texts, "shown_layer", query=query_of(story, texts), layer=story.layer, head=story.head)
    elif story.heads > 1:
        yield said(texts, "shown_head", query=query_of(story, texts), head=story.head)


def about_learned(run: Run, digits: int) -> Localized:
    """What an example says of itself that was learned, in every language."""
    return Localized({language: _about_learned(run, language_texts(language), digits) for language in LANGUAGES})


def _about_learned(run: Run, texts: LanguageTexts, digits: int) -> str:
    first, last = run.records[0], run.last
    example = run.example
    read = example.name == STANDARD_INPUT  # which is no name
    name = token(texts, example.title.in_language(texts.name)) if read else plain(clean_line(example.name))
    moved = [plain(one) for one in run.learn.train if (first.parameters[one] != last.parameters[one]).any()]
    names = joined(moved, texts.list_separator, texts.list_last)
    losses = {"first": loss_number(first.loss, digits), "last": loss_number(last.loss, digits)}
    what = said(texts, "learned_moved" if moved else "learned_unmoved", names=names)
    values: dict[str, Sentence | str | int] = {
        "name": name,
        "steps": last.number,
        "seed": run.learn.seed,
        "moved": what,
        **losses,
    }
    return "".join(span.text for span in said(texts, f"learned_{run.learn.start}", **values))


def reason_of(told: Told, story: Story, texts: LanguageTexts) -> Sentence:
    """Why a moment is told."""
    top = token(texts, story.example.keys[story.top(told.number)], Role.KEY)
    return joined([said(texts, reason, top=top) for reason in told.reasons], texts.word("semicolon"))


def query_of(story: Story, texts: LanguageTexts) -> Sentence:
    """The story's query in quotation marks."""
    return token(texts, story.example.tokens[story.query], Role.QUERY)


def _shares(story: Story, texts: LanguageTexts, digits: int) -> Sentence:
    """The target of the query's row of weights, the largest first."""
    assert story.target is not None
    shares = sorted(enumerate(story.target.tolist()), key=lambda one: -one[1])
    keys = story.example.keys
    return listed(
        texts,
        [
            (*token(texts, keys[key], Role.KEY), Span(" "), Span(number(share, digits), Role.NUMBER))
            for key, share in shares
            if share > 0
        ],
    )
