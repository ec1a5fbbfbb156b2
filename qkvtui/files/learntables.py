"""A learning task as the values of its table `[learn]`, in the order of the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..graph.example import Example
from ..graph.moving import movable
from ..graph.task import LabelledSentence, Learn
from ..operations.tensors import split_name
from .names import TABLES
from .tokens import LONGEST_INDEX

TARGET = "learn.target"


def learn_structure(
    example: Example, learn: Learn, names: Mapping[str, str], label_of: Callable[[int, Sequence[str]], str]
) -> dict[str, object]:
    """The table; `label_of` is the text that stands for a token's row, `names` has the array that is the target."""
    random = learn.start == "random"
    given: dict[str, object] = {
        "objective": learn.objective,
        "target": names.get(TARGET) or _target(example, learn, label_of),
        "head": learn.head or None,
        "train": _train(example, learn),
        "start": learn.start if random else None,
        "seed": learn.seed if random or learn.seed else None,
        "optimizer": learn.optimizer,
        "rate": learn.rate,
        "steps": learn.steps,
    }
    if learn.vocabulary is not None:
        words, rows = learn.vocabulary.words, learn.vocabulary.embeddings.tolist()
        labels = _written_labels(learn.labels)
        given |= {
            "labels": None if _follows(labels, learn) else labels,
            "vocabulary": dict(zip(words, rows, strict=True)),
            "sentences": [_sentence(one, labels) for one in learn.sentences],
            "test": [_sentence(one, labels) for one in learn.test] or None,
        }
    elif learn.objective == "word":
        given |= {
            "sentences": [_with_word(one, learn.labels) for one in learn.sentences],
            "test": [_with_word(one, learn.labels) for one in learn.test] or None,
        }
    assert given.keys() <= set(TABLES["learn"])
    return {name: value for name, value in given.items() if value is not None}


def _train(example: Example, learn: Learn) -> list[str]:
    """What moves; of several layers a name without one stands for that of every layer that has it."""
    if len(example.layers) < 2:
        return list(learn.train)
    names: dict[str, list[str]] = {}
    for name in movable(example):
        names.setdefault(split_name(name)[0], []).append(name)
    found: list[str] = []
    for name in learn.train:
        plain = split_name(name)[0]
        everywhere = set(names[plain]) <= set(learn.train)
        if everywhere and plain not in found:
            found.append(plain)
        elif not everywhere:
            found.append(name)
    return found


def _with_word(sentence: LabelledSentence, words: Sequence[str]) -> dict[str, object]:
    """A sentence with the word that is wanted; with none where each token is to be followed by the next one."""
    if sentence.others:
        return {"tokens": list(sentence.tokens)}
    asked = {"query": query_said(sentence.tokens, sentence.query)} if sentence.query < len(sentence.tokens) - 1 else {}
    return {"tokens": list(sentence.tokens), **asked, "word": words[sentence.label]}


def _target(example: Example, learn: Learn, label_of: Callable[[int, Sequence[str]], str]) -> object:
    if learn.target is None:
        return None
    rows = learn.target.tolist()
    if learn.rows == tuple(range(len(example.tokens))):
        return rows
    return {label_of(row, example.tokens): numbers for row, numbers in zip(learn.rows, rows, strict=True)}


def _written_labels(labels: Sequence[str]) -> list[str | int]:
    """As whole numbers where all of them are some."""
    if all(len(label) < LONGEST_INDEX and label == _as_whole_number(label) for label in labels):
        return [int(label) for label in labels]
    return list(labels)


def _as_whole_number(label: str) -> str | None:
    try:
        return str(int(label))
    except ValueError:
        return None


def _follows(labels: Sequence[str | int], learn: Learn) -> bool:
    """Whether the sentences alone tell the labels and their order."""
    told = list(dict.fromkeys(labels[one.label] for one in learn.sentences))
    numbers = [label for label in told if isinstance(label, int)]
    return list(labels) == (sorted(numbers) if len(numbers) == len(told) else told)


def _sentence(sentence: LabelledSentence, labels: Sequence[str | int]) -> dict[str, object]:
    asked = {"query": query_said(sentence.tokens, sentence.query)} if sentence.query else {}
    return {"tokens": list(sentence.tokens), **asked, "label": labels[sentence.label]}


def query_said(tokens: Sequence[str], query: int) -> str | int:
    """The token that asks as a file says it: by its text where that is unique, else by its index."""
    return tokens[query] if tokens.count(tokens[query]) == 1 else query
