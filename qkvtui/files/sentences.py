"""The labelled sentences of a learning task: `[[learn.sentences]]`, and `[[learn.test]]` that are not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.task import LabelledSentence
from ..operations.file_places import entry_place, item_place
from ..said import Phrase, say
from .clean import clean_line
from .draft import Table
from .phrases import did_you_mean, is_kind, quoted
from .tokens import LONGEST_INDEX, read_query, read_tokens
from .vocabulary import Words

_A_LABEL = say("a label is a text, or a whole number of at most {most} digits", most=LONGEST_INDEX)

Label = str | int


class Heard(NamedTuple):
    """One sentence, as far as it is sound."""

    table: Table
    tokens: tuple[str, ...] | None
    query: int
    label: Label | None


def read_sentences(learn: Table, name: str, words: Words | None) -> tuple[Heard, ...]:
    """The sentences with labels given as `name`, after reporting what is wrong with any of them."""
    return tuple(_heard(table, words) for table in sentence_tables(learn, name, _expected(name)))


def sentence_tables(learn: Table, name: str, expected: str) -> list[Table]:
    """A table for each sentence given as `name`, after reporting what is none; `expected` says what one looks like."""
    value = learn.values.get(name)
    if name not in learn:
        return []
    if not isinstance(value, list):
        learn.report(name, is_kind(value), expected)
        return []
    if not value:
        learn.report(name, say("is an empty list"), say("there is at least one sentence"))
    found = []
    for index, entry in enumerate(value):
        place = item_place(learn.place_of(name), index)
        if isinstance(entry, dict):
            found.append(Table(entry, place, learn.draft))
            found[-1].refuse_others("learn.sentences")
        else:
            learn.draft.report(place, is_kind(entry), expected)
    return found


def sentence_tokens(table: Table, words: Words | None) -> tuple[str, ...] | None:
    """Its tokens, all of them words; None after reporting a mistake."""
    tokens = read_tokens(table, "tokens")
    if tokens is not None and words is not None and not words.has_all(tokens, table.place_of("tokens")):
        return None
    return tokens


def _expected(name: str) -> Phrase:
    return say(
        'each is a table under [[learn.{name}]], with tokens = ["it", "is", "wide"] and label = "street"', name=name
    )


def _heard(table: Table, words: Words | None) -> Heard:
    tokens = sentence_tokens(table, words)
    if "word" in table:
        table.report("word", say("has nothing to do here"), say('only objective = "word" reads a word'))
    if "label" not in table:
        table.report_missing("label", _A_LABEL)
    label = _label(table.values["label"], table, table.place_of("label")) if "label" in table else None
    return Heard(table, tokens, read_query(table, tokens), label)


def _label(value: object, table: Table, place: str) -> Label | None:
    if isinstance(value, str) and value.strip():
        return clean_line(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**LONGEST_INDEX:
        return value
    table.draft.report(place, say("is an empty text") if isinstance(value, str) else is_kind(value), _A_LABEL)
    return None


def read_labels(learn: Table, heard: Sequence[Heard]) -> tuple[str, ...] | None:
    """The labels in the order that the file gives, or that of the sentences; None after reporting a mistake.

    Without `labels`, texts come in the order in which they first appear, whole numbers in that of their size.
    """
    if "labels" in learn:
        return _listed_labels(learn)
    found = list(dict.fromkeys(one.label for one in heard if one.label is not None))
    if len(found) < len({one.label for one in heard}):
        return None  # a label that was not usable is reported
    numbers = [label for label in found if isinstance(label, int)]
    labels = tuple(map(str, sorted(numbers) if len(numbers) == len(found) else found))
    if len(set(labels)) == 1:
        learn.report(
            "sentences",
            say("all have the label {label}", label=quoted(labels[0])),
            say("there are at least two to tell apart"),
        )
        return None
    return tuple(dict.fromkeys(labels)) or None


def _listed_labels(learn: Table) -> tuple[str, ...] | None:
    value, place = learn.values["labels"], learn.place_of("labels")
    if not isinstance(value, list) or len(value) < 2:
        few = say("has {count} of them", count=len(value)) if isinstance(value, list) else is_kind(value)
        learn.report("labels", few, say('labels are a list of two or more, as in ["animal", "street"]'))
        return None
    labels = [_label(one, learn, entry_place(place, index)) for index, one in enumerate(value)]
    texts = [str(label) for label in labels if label is not None]
    seen: set[str] = set()
    for index, text in enumerate(texts):
        if text in seen and len(texts) == len(value):
            again = say("{text} is there already", text=quoted(text))
            learn.draft.report(entry_place(place, index), again, say("each label is there once"))
        seen.add(text)
    return tuple(texts) if len(set(texts)) == len(value) else None


def labelled(heard: Sequence[Heard], labels: tuple[str, ...]) -> tuple[LabelledSentence, ...]:
    """The sound sentences with their labels as indices, after reporting labels that there are not."""
    indices = {label: index for index, label in enumerate(labels)}
    made: list[LabelledSentence] = []
    for table, tokens, query, label in heard:
        if label is not None and str(label) not in indices:
            shown = quoted(str(label))
            table.report("label", say("{label} is none of the labels", label=shown), did_you_mean(str(label), labels))
        elif label is not None and tokens is not None:
            made.append(LabelledSentence(tokens, query, indices[str(label)]))
    return tuple(made)
