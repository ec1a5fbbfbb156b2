"""Learning in plain Python, one scalar at a time: what every gradient of the program is compared with.

Nothing here comes from qkvtui or NumPy, and no rule for matrices, softmax or cross-entropy is known: a number
remembers which numbers it was made of and how fast it moves with each of them, for + − × ÷ exp and log only (the
idea of Karpathy's micrograd). A key behind the mask is left out of its query's softmax, so that −∞ is never met.
It takes the tables of an example file and expects sound input.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

_born = count()


class Scalar:
    """A number that knows where it came from."""

    __slots__ = ("born", "gradient", "parents", "value")

    def __init__(self, value: float, parents: tuple[tuple[Scalar, float], ...] = ()) -> None:
        self.value = value
        self.parents = parents
        """Each with the derivative of this number by it."""
        self.gradient = 0.0
        self.born = next(_born)

    def __add__(self, other: Scalar) -> Scalar:
        return Scalar(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other: Scalar) -> Scalar:
        return Scalar(self.value - other.value, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other: Scalar) -> Scalar:
        return Scalar(self.value * other.value, ((self, other.value), (other, self.value)))

    def __truediv__(self, other: Scalar) -> Scalar:
        return Scalar(
            self.value / other.value, ((self, 1 / other.value), (other, -self.value / other.value / other.value))
        )

    def exp(self) -> Scalar:
        found = math.exp(self.value)
        return Scalar(found, ((self, found),))

    def log(self) -> Scalar:
        return Scalar(math.log(self.value), ((self, 1 / self.value),))

    def backward(self) -> None:
        """Fills `gradient` of everything this number was made of."""
        reached = {self.born: self}
        waiting = [self]
        while waiting:
            for parent, _ in waiting.pop().parents:
                if parent.born not in reached:
                    reached[parent.born] = parent
                    waiting.append(parent)
        self.gradient = 1.0
        for _, number in sorted(reached.items(), reverse=True):
            for parent, derivative in number.parents:
                parent.gradient += derivative * number.gradient


Row = list[Scalar]
Matrix = list[Row]
Heads = list[Matrix]
Numbers = Mapping[str, Any]
"""Name → nested lists of floats."""


@dataclass(frozen=True)
class Pass:
    """Every intermediate of a layer, as scalars; queries by head, keys and values by key/value head."""

    queries: Heads
    keys: Heads
    values: Heads
    scores: Heads
    scaled: Heads
    weights: Heads
    output: Heads
    merged: Matrix
    projected: Matrix | None

    @property
    def last(self) -> Matrix:
        return self.merged if self.projected is None else self.projected


@dataclass(frozen=True)
class Learning:
    """A loss with the scalars it was made of, after the way back."""

    loss: float
    parameters: Mapping[str, Any]
    """Name → nested lists of scalars."""
    passes: tuple[Pass, ...]
    """One; of "label", one a sentence."""

    def gradient(self, name: str) -> Any:
        """Nested lists of floats in the parameter's shape."""
        return gradients(self.parameters[name])


def learning(parameters: Numbers, attention: Numbers, objective: Numbers) -> Learning:
    """Loss and gradients. `parameters` holds the inputs X and Y too, or E, W_R and b_R.

    `attention` has heads, kv_heads, scale, causal, mask and padding, as in a file. `objective` has "objective" and
    "rows" with "target" (and "head"), or "sentences" with "tokens", "query" and "label".
    """
    p = {name: scalars(numbers) for name, numbers in parameters.items()}
    if objective["objective"] == "label":
        passes, loss = _label_loss(p, attention, objective["sentences"])
    else:
        y = p.get("Y", p["X"])
        passes = [layer(p, p["X"], y, attention)]
        loss = (
            _attention_loss(passes[0], objective)
            if objective["objective"] == "attention"
            else _output_loss(passes[0], objective)
        )
    loss.backward()
    return Learning(loss.value, p, tuple(passes))


def layer(p: Mapping[str, Any], x: Matrix, y: Matrix, attention: Numbers) -> Pass:
    """The forward pass, cell by cell."""
    heads, kv_heads = attention.get("heads", 1), attention.get("kv_heads", 1)
    queries = _heads(_project(x, p["W_Q"], p.get("b_Q")), heads)
    keys = _heads(_project(y, p["W_K"], p.get("b_K")), kv_heads)
    values = _heads(_project(y, p["W_V"], p.get("b_V")), kv_heads)
    scale = attention.get("scale", "1/sqrt(d_k)")
    by_name = {"none": 1.0, "1/sqrt(d_k)": 1 / math.sqrt(len(queries[0][0]))}
    factor = by_name[scale] if isinstance(scale, str) else float(scale)
    all_scores, all_scaled, all_weights, all_output = [], [], [], []
    for head in range(heads):
        q, k, v = queries[head], keys[head * kv_heads // heads], values[head * kv_heads // heads]
        scores = [[_dot(query, key) for key in k] for query in q]
        scaled = [[score * Scalar(factor) for score in row] for row in scores]
        weights = [_softmax(row, i, attention) for i, row in enumerate(scaled)]
        output = [[_dot(row, [value[d] for value in v]) for d in range(len(v[0]))] for row in weights]
        all_scores.append(scores)
        all_scaled.append(scaled)
        all_weights.append(weights)
        all_output.append(output)
    merged = [[number for output in all_output for number in output[i]] for i in range(len(x))]
    projected = _project(merged, p["W_O"], p.get("b_O")) if "W_O" in p else None
    return Pass(queries, keys, values, all_scores, all_scaled, all_weights, all_output, merged, projected)


def trained(
    parameters: Numbers,
    attention: Numbers,
    objective: Numbers,
    names: Sequence[str],
    optimiser: str,
    rate: float,
    updates: int,
) -> tuple[list[float], dict[str, Any]]:
    """The losses before the first and after each update, and the parameters at the end: number by number."""
    held = dict(parameters)
    memory: dict[str, list[list[float]]] = {name: [[0.0, 0.0] for _ in flat(held[name])] for name in names}
    losses = []
    for t in range(1, updates + 1):
        found = learning(held, attention, objective)
        losses.append(found.loss)
        for name in names:
            gradient = list(flat(found.gradient(name)))
            moved = [
                theta - step(optimiser, rate, g, remembered, t)
                for theta, g, remembered in zip(flat(held[name]), gradient, memory[name], strict=True)
            ]
            held[name] = _in_shape(held[name], iter(moved))
    losses.append(learning(held, attention, objective).loss)
    return losses, held


def step(optimiser: str, rate: float, g: float, remembered: list[float], t: int) -> float:
    """How far one number moves; `remembered`, two numbers that start at 0, is brought up to date."""
    if optimiser == "sgd":
        return rate * g
    if optimiser == "momentum":
        remembered[0] = 0.9 * remembered[0] + g
        return rate * remembered[0]
    remembered[0] = 0.9 * remembered[0] + (1 - 0.9) * g
    remembered[1] = 0.999 * remembered[1] + (1 - 0.999) * g**2
    m_hat = remembered[0] / (1 - 0.9**t)
    v_hat = remembered[1] / (1 - 0.999**t)
    return rate * m_hat / (math.sqrt(v_hat) + 1e-8)


def scalars(numbers: Any) -> Any:
    """Nested lists of floats → of scalars."""
    return [scalars(part) for part in numbers] if isinstance(numbers, list) else Scalar(float(numbers))


def gradients(numbers: Any) -> Any:
    """Nested lists of scalars → of their gradients."""
    return [gradients(part) for part in numbers] if isinstance(numbers, list) else numbers.gradient


def flat(numbers: Any) -> Iterator[float]:
    """The numbers of nested lists, in order."""
    if isinstance(numbers, list):
        for part in numbers:
            yield from flat(part)
    else:
        yield numbers


def _in_shape(model: Any, numbers: Iterator[float]) -> Any:
    return [_in_shape(part, numbers) for part in model] if isinstance(model, list) else next(numbers)


def _sum(terms: Sequence[Scalar]) -> Scalar:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _dot(a: Row, b: Row) -> Scalar:
    return _sum([x * y for x, y in zip(a, b, strict=True)])


def _project(x: Matrix, w: Matrix, b: Row | None) -> Matrix:
    columns = [[row[j] for row in w] for j in range(len(w[0]))]
    if b is None:
        return [[_dot(row, column) for column in columns] for row in x]
    return [[_dot(row, column) + bias for column, bias in zip(columns, b, strict=True)] for row in x]


def _heads(x: Matrix, heads: int) -> Heads:
    width = len(x[0]) // heads
    return [[row[head * width : (head + 1) * width] for row in x] for head in range(heads)]


def _softmax(row: Row, i: int, attention: Numbers) -> Row:
    """The weights of query i: over those keys that it may look at, 0 for the others."""
    added = {j: extra for j in range(len(row)) if (extra := _added(i, j, attention)) is not None}
    weights = [Scalar(0.0) for _ in row]
    if not added:
        return weights
    masked = {j: row[j] + Scalar(extra) for j, extra in added.items()}
    largest = Scalar(max(score.value for score in masked.values()))
    exponentials = {j: (score - largest).exp() for j, score in masked.items()}
    total = _sum(list(exponentials.values()))
    for j, exponential in exponentials.items():
        weights[j] = exponential / total
    return weights


def _added(i: int, j: int, attention: Numbers) -> float | None:
    """What the masks add to the score of query i and key j; None where one of them forbids to look."""
    if attention.get("causal") and j > i:
        return None
    if "padding" in attention and not attention["padding"][j]:
        return None
    if "mask" not in attention:
        return 0.0
    entry = attention["mask"][i][j]
    if isinstance(entry, bool):
        return 0.0 if entry else None
    return None if entry == -math.inf else float(entry)


def _attention_loss(found: Pass, objective: Numbers) -> Scalar:
    weights = found.weights[objective.get("head", 0)]
    terms = [Scalar(0.0)]
    for row, target in zip(objective["rows"], objective["target"], strict=True):
        terms += [
            Scalar(-share) * weight.log() for weight, share in zip(weights[row], target, strict=True) if share != 0
        ]
    return _sum(terms) / Scalar(float(len(objective["rows"])))


def _output_loss(found: Pass, objective: Numbers) -> Scalar:
    squares = []
    for row, target in zip(objective["rows"], objective["target"], strict=True):
        differences = [number - Scalar(wanted) for number, wanted in zip(found.last[row], target, strict=True)]
        squares += [difference * difference for difference in differences]
    return _sum(squares) / Scalar(float(len(squares)))


def _label_loss(
    p: Mapping[str, Any], attention: Numbers, sentences: Sequence[Mapping[str, Any]]
) -> tuple[list[Pass], Scalar]:
    passes, losses = [], []
    for sentence in sentences:
        x = [p["E"][token] for token in sentence["tokens"]]
        passes.append(layer(p, x, x, attention))
        logits = _project([passes[-1].last[sentence["query"]]], p["W_R"], p.get("b_R"))[0]
        probabilities = _softmax(logits, 0, {})
        losses.append(Scalar(-1.0) * probabilities[sentence["label"]].log())
    return passes, _sum(losses) / Scalar(float(len(losses)))
