"""The `[learn.vocabulary]` table: a row of numbers for each word, which all sentences of a task share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..graph.example import Example
from ..graph.task import Vocabulary
from ..operations.file_places import entry_place
from ..said import say
from .cells import MOST_PER_ARRAY
from .clean import clean_line
from .draft import Draft, Table
from .forms import Form, Need
from .literals import literal_vector
from .phrases import did_you_mean, quoted
from .same import same_array

_AS_IN = say("it has a row of numbers for each word, as in it = [0.5, 0.5]")
_MOST_HINTS = 10
"""For how many missing words a near one is looked for: in a long vocabulary that takes a while."""


class Words:
    """The vocabulary while sentences are being looked up in it; a word that it lacks is reported once."""

    def __init__(self, vocabulary: Vocabulary, draft: Draft) -> None:
        self.vocabulary = vocabulary
        self._rows = {word: row for row, word in enumerate(vocabulary.words)}
        self._draft = draft
        self._missing: set[str] = set()

    def has_all(self, tokens: Sequence[str], place: str) -> bool:
        """Whether each of the tokens, which stand at `place`, is a word."""
        unknown = {token: index for index, token in reversed(list(enumerate(tokens))) if token not in self._rows}
        fresh = sorted((index, token) for token, index in unknown.items() if token not in self._missing)
        for index, token in fresh[:MOST_PER_ARRAY]:
            self._missing.add(token)
            near = did_you_mean(token, self.vocabulary.words) if len(self._missing) <= _MOST_HINTS else ""
            self._draft.report(
                entry_place(place, index), say("{token} is not in the vocabulary", token=quoted(token)), near
            )
        return not unknown

    def embedded(self, tokens: Sequence[str]) -> FloatArray:
        """(t, m): the rows of tokens that are all words."""
        return self.vocabulary.embeddings[[self._rows[token] for token in tokens]]


def read_vocabulary(learn: Table) -> Words | None:
    """The words and their rows; None where there are none, or after reporting what is wrong with them."""
    table = learn.table("vocabulary")
    if not table.values:
        if learn.values.get("vocabulary") == {}:
            learn.report("vocabulary", say("is an empty table"), _AS_IN)
        return None
    form = _form_of_most(table)
    rows: dict[str, FloatArray] = {}
    for name, value in table.values.items():
        word, place = clean_line(name), table.place_of(quoted(name)[1:-1])
        row = literal_vector(value, place, form, learn.draft)
        if not word:
            learn.report(
                "vocabulary", say("has an empty text for a word"), say("a word is a text of one character or more")
            )
        elif word in rows:
            learn.draft.report(place, say("is the same word again"), say("each word is given once"))
        elif row is not None:
            rows[word] = row
    if len(rows) < len(table.values):
        return None
    embeddings = np.array(list(rows.values()))  # (words, m)
    embeddings.setflags(write=False)
    return Words(Vocabulary(tuple(rows), embeddings), learn.draft)


def _form_of_most(table: Table) -> Form:
    """All rows are as long as most of them are."""
    lengths = {word: len(value) for word, value in table.values.items() if isinstance(value, list) and value}
    if not lengths:
        return Form(say("a word"))
    usual = Counter(lengths.values()).most_common(1)[0][0]
    first = next(word for word, length in lengths.items() if length == usual)
    return Form(say("a word"), columns=Need(usual, say("as many as {word} has", word=quoted(first))))


def embedded_tokens(words: Words | None, learn: Table, tokens: Sequence[str] | None) -> FloatArray | None:
    """The rows (t, m) that the vocabulary gives the example's own tokens; None where it gives none.

    Where a vocabulary is meant to give them but cannot, that has been reported, and a missing X is no second mistake.
    """
    if words is not None and tokens is not None and words.has_all(tokens, "tokens"):
        return words.embedded(tokens)
    if "vocabulary" in learn or learn.values.get("objective") == "label":
        learn.draft.excuse("X")
    return None


def with_rows_of_x(example: Example) -> Example:
    """The example with the rows of X in its vocabulary: a learner changes X, which a file need not have.

    Raises UsageError where a token that stands in the sentence twice has got different rows.
    """
    learn = example.learn
    if learn is None or learn.vocabulary is None:
        return example
    x, words = example.inputs["X"], learn.vocabulary.words
    rows = [words.index(token) for token in example.tokens]
    embeddings = learn.vocabulary.embeddings.copy()
    embeddings[rows] = x
    if same_array(embeddings, learn.vocabulary.embeddings):
        return example
    for token, row, numbers in zip(example.tokens, rows, x, strict=True):
        if not np.array_equal(embeddings[row], numbers):
            problem = say("{token} stands in the sentence twice, and now with different numbers", token=quoted(token))
            raise UsageError(say("{problem}; the vocabulary has one row for it", problem=problem))
    embeddings.setflags(write=False)
    return replace(example, learn=replace(learn, vocabulary=Vocabulary(words, embeddings)))
