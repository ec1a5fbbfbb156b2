"""A learning task as read from a file: data only, as in `example`."""

from __future__ import annotations

from typing import Literal

from ..engine.arrays import FloatArray
from ..records import record

Goal = Literal["attention", "output", "label", "word"]
"""What the loss looks at: rows of weights, rows of the last step, a label read from the query's output, or words that
are read behind the last layer."""


@record(frozen=True)
class LabelledSentence:
    """One `[[learn.sentences]]` or `[[learn.test]]` table."""

    tokens: tuple[str, ...]
    query: int
    """Index of the token whose output the label is read from."""
    label: int
    """Index into the task's labels."""
    others: tuple[tuple[int, int], ...] = ()
    """(token, label) of more tokens that something is wanted of: where each is to be followed by the next one."""

    @property
    def wanted(self) -> tuple[tuple[int, int], ...]:
        """(token, label) of all tokens that something is wanted of."""
        return (*self.others, (self.query, self.label))


@record(frozen=True, eq=False)
class Vocabulary:
    """The `[learn.vocabulary]` table: the one embedding table that all sentences share."""

    words: tuple[str, ...]
    embeddings: FloatArray  # (words, m)


@record(frozen=True, eq=False)
class Learn:
    """The `[learn]` table: what is to be learned, and how."""

    objective: Goal
    train: tuple[str, ...]
    """Which move: parameters by name, `X`, `Y`, and `E`, the vocabulary's embeddings; of several layers `W_Q@1`."""
    rows: tuple[int, ...] = ()
    """The queries that have a target; of "label" none."""
    target: FloatArray | None = None
    """(n, s) weights, or (n, d) rows of the last step: one for each of `rows`."""
    head: int = 0
    """The head whose weights have a target."""
    start: Literal["given", "random"] = "given"
    seed: int = 0
    """Of the random start."""
    optimizer: str = "sgd"
    rate: float = 0.1
    steps: int = 100
    """How many updates a whole run has."""
    labels: tuple[str, ...] = ()
    """What can be read; of "word" the words of the model."""
    vocabulary: Vocabulary | None = None
    sentences: tuple[LabelledSentence, ...] = ()
    """What is learned from; the example's own tokens and query are one of them."""
    test: tuple[LabelledSentence, ...] = ()
    """Sentences that are never learned from."""

    @property
    def reads(self) -> bool:
        """Whether it is about what is read from sentences: a label or a word."""
        return self.objective in ("label", "word")
