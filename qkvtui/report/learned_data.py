"""`qkvtui learn` as data: JSON in the format of the contract, CSV with a row for each update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import __version__
from ..engine.arrays import FloatArray
from ..files.spreadsheet import csv_text, harmless
from ..trace.answers import Answer
from ..trace.story import Story
from .as_json import finite, json_text

FORMAT = 1
Json = dict[str, Any]


def story_as_json(story: Story) -> str:
    """Every loss, the gradients at the start, the parameters at the end, the weights before and after.

    The end is one moment everywhere: of a run that is broken, the last whose loss is a number.
    """
    run, example = story.run, story.example
    learn, end = run.learn, run.end
    source = {} if example.source is None else {"source": example.source.in_language("en")}
    found: Json = {
        "format": FORMAT,
        "program": f"qkvtui {__version__}",
        "example": {"name": example.name, "title": example.title.in_language("en"), **source},
        "tokens": list(example.tokens),
        "context": list(example.keys),
        "query": {"index": story.query, "token": example.tokens[story.query]},
        "objective": learn.objective,
        "train": list(learn.train),
        "start": learn.start,
        "seed": learn.seed if learn.start == "random" else None,
        "optimizer": learn.optimizer,
        "rate": learn.rate,
        "steps": run.last.number,
        "broken": run.broken,
        "losses": [finite(loss) for loss in run.losses],
        "least_loss": story.least_loss,
        "gradients": _arrays(run.records[0].gradients),
        "parameters": _arrays(run.records[end].parameters),
        **({"layer": story.layer} if len(example.layers) > 1 else {}),
        "head": story.head,
        "weights": _before_and_after(story, story.layer, story.head),
    }
    if story.heads > 1:
        found["weights_by_head"] = _by_head(story, story.layer)
    if len(example.layers) > 1:
        found["weights_by_layer"] = [_by_head(story, layer) for layer in range(len(example.layers))]
    if learn.reads:
        for name, test in (("answers", True), ("answers_learned_from", False)):
            pairs = story.answers(test=test)
            found[name] = {
                when: [_answer(pair[at], learn.labels) for pair in pairs] for at, when in enumerate(("before", "after"))
            }
    return json_text(found)


def story_as_csv(story: Story, every: int | None) -> str:
    """A row for each update, or for each `every` and the last: loss, lengths of the gradients, the query's weights.

    A number that is none is empty.
    """
    keys, updates = story.example.keys, story.updates(every or 1)
    headings = [key if keys.count(key) == 1 else f"{key} ({index})" for index, key in enumerate(keys)]
    rows: list[Sequence[object]] = [
        ("update", "loss", *(f"d_{name}" for name in updates[0].lengths), *map(harmless, headings))
    ]
    for one in updates:
        numbers = [one.loss, *one.lengths.values(), *one.weights.tolist()]
        rows.append([one.number, *("" if finite(value) is None else repr(float(value)) for value in numbers)])
    return csv_text(rows)


def sentences_as_csv(story: Story) -> str:
    """A row for each sentence: whether it is learned from, its label, and what is read from it before and after."""
    read = (f"{when}{what}" for when in ("before", "after") for what in ("", "_probability", "_right"))
    rows: list[Sequence[object]] = [["sentence", "query", "learned_from", "label", *read]]
    labels = story.run.learn.labels
    for test in (False, True):
        for pair in story.answers(test=test):
            one = pair[0].sentence
            found = ((harmless(labels[got.label]), repr(got.confidence), int(got.right)) for got in pair)
            words = (harmless(" ".join(one.tokens)), one.query, int(not test), harmless(labels[one.label]))
            rows.append([*words, *(value for values in found for value in values)])
    return csv_text(rows)


def _by_head(story: Story, layer: int) -> Json:
    """The whole matrices of weights of all heads of a layer."""
    heads = replace(story, layer=layer).heads
    by_head = [_before_and_after(story, layer, head) for head in range(heads)]
    return {when: [one[when] for one in by_head] for when in ("before", "after")}


def _before_and_after(story: Story, layer: int, head: int) -> Json:
    """The whole matrices of weights of one head."""
    queries = range(len(story.example.tokens))
    return {
        when: [_numbers(story.run.moment(at).weights(query, head, layer)) for query in queries]
        for when, at in (("before", 0), ("after", story.run.end))
    }


def _arrays(arrays: Mapping[str, FloatArray]) -> Json:
    return {name: _numbers(array) for name, array in arrays.items()}


def _numbers(array: FloatArray) -> Any:
    """An array as nested lists; what is not a finite number is null."""
    if np.isfinite(array).all():
        return array.tolist()
    if array.ndim == 1:
        return [finite(value) for value in array.tolist()]
    return [_numbers(row) for row in array]


def _answer(answer: Answer, labels: tuple[str, ...]) -> Json:
    sentence = answer.sentence
    return {
        "tokens": list(sentence.tokens),
        "query": {"index": sentence.query, "token": sentence.tokens[sentence.query]},
        "label": labels[sentence.label],
        "answer": labels[answer.label],
        "right": answer.right,
        "probabilities": dict(zip(labels, (finite(one) for one in answer.probabilities.tolist()), strict=True)),
    }
