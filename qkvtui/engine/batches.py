"""The input rows that a task's loss looks at: which ask, which are attended to, and where their gradients go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from .arrays import BoolArray, FloatArray, Indices, read_only
from .masks import additive_mask
from .tasks import Labels, Task


class Batch(Protocol):
    """b sentences of n queries and s keys each, as rows one below the other."""

    sentences: int  # b
    queries: int  # n
    keys: int  # s
    mask: FloatArray | None  # (b, n, s)
    labels: Indices  # (b,)

    def rows(self, parameters: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        """Who asks (b·n, m), and who is attended to (b·s, m)."""

    def add(self, gradients: Mapping[str, FloatArray], d_asking: FloatArray, d_attended: FloatArray) -> None:
        """Adds the gradients of those rows to those of the inputs that move."""


def batch_of(task: Task) -> Batch:
    """The rows of an example, or of all the sentences of a task with labels."""
    if isinstance(task.objective, Labels):
        return SentenceRows(task.objective, len(task.parameters["E"]))
    return ExampleRows(task, task.objective.rows)


class ExampleRows:
    """One example: those of its queries that have a target."""

    sentences = 1

    def __init__(self, task: Task, rows: tuple[int, ...]) -> None:
        self._rows = np.array(rows)
        self._source = "Y" if "Y" in task.parameters else "X"
        self._asking = None if "X" in task.train else read_only(task.parameters["X"][self._rows])  # (n, m)
        self.queries = len(rows)
        self.keys = len(task.parameters[self._source])
        self.mask = None if task.mask is None else task.mask[self._rows][None]
        self.labels = np.zeros(0, dtype=np.intp)

    def rows(self, parameters: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        """Who asks (n, m), and who is attended to (s, m)."""
        asking = parameters["X"][self._rows] if self._asking is None else self._asking
        return asking, parameters[self._source]

    def add(self, gradients: Mapping[str, FloatArray], d_asking: FloatArray, d_attended: FloatArray) -> None:
        """X gets what reaches its rows as queries, and without context what reaches all of them as keys and values."""
        if "X" in gradients:
            gradients["X"][self._rows] += d_asking
        if self._source in gradients:
            gradients[self._source][...] += d_attended


class SentenceRows:
    """Sentences of one embedding table, one query each; the short ones are filled up and the filling masked."""

    queries = 1

    def __init__(self, objective: Labels, words: int) -> None:
        sentences = objective.sentences
        self.sentences = len(sentences)
        self.keys = max(len(sentence.tokens) for sentence in sentences)
        tokens = np.zeros((self.sentences, self.keys), dtype=np.intp)  # (b, s)
        allowed: BoolArray = np.zeros((self.sentences, 1, self.keys), dtype=np.bool_)  # (b, 1, s)
        for i, sentence in enumerate(sentences):
            tokens[i, : len(sentence.tokens)] = sentence.tokens
            allowed[i, 0, : sentence.query + 1 if objective.causal else len(sentence.tokens)] = True
        self.mask = None if allowed.all() else additive_mask(allowed)
        self.labels = np.array([sentence.label for sentence in sentences], dtype=np.intp)
        queries = np.array([sentence.query for sentence in sentences])
        self._asking: Indices = tokens[np.arange(self.sentences), queries]  # (b,)
        self._attended: Indices = tokens.ravel()  # (b·s,)
        self._both = np.concatenate([self._asking, self._attended])
        self._words = words

    def rows(self, parameters: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        """Who asks (b, m), and who is attended to (b·s, m)."""
        return parameters["E"][self._asking], parameters["E"][self._attended]

    def add(self, gradients: Mapping[str, FloatArray], d_asking: FloatArray, d_attended: FloatArray) -> None:
        """A word's row of E gets the sum over all the places where the word stands."""
        if "E" in gradients:
            np.add.at(gradients["E"], self._both, np.concatenate([d_asking, d_attended]))
