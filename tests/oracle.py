"""An attention layer in plain Python: what every number of the program is compared with.

Nothing here comes from qkvtui or NumPy; a matrix is a list of rows. `reference` takes the tables of an
example file as they stand in it, and `steps` gives what the page of one head shows: so it serves tests of the
engine, the trace and the JSON report alike. It expects sound input.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = list[float]
Matrix = list[Row]
Heads = list[Matrix]


@dataclass(frozen=True)
class Reference:
    """Every intermediate. `Heads` have one matrix for each query head, shared key/value heads repeated."""

    queries: Heads
    keys: Heads
    values: Heads
    scores: Heads
    scaled: Heads
    masked: Heads
    weights: Heads
    output: Heads
    heads: Matrix
    projected: Matrix | None
    absent: frozenset[str]
    """The steps that this example does not show: `scaled` without scale, `masked` without mask, and so on."""

    def steps(self, head: int = 0) -> dict[str, Matrix]:
        """Step id → the matrix one head shows there, in the order of the lesson, without the absent steps."""
        of_head = {
            "queries": self.queries,
            "keys": self.keys,
            "values": self.values,
            "scores": self.scores,
            "scaled": self.scaled,
            "masked": self.masked,
            "weights": self.weights,
            "output": self.output,
        }
        found = {step: matrices[head] for step, matrices in of_head.items()}
        found["heads"] = self.heads
        if self.projected is not None:
            found["projected"] = self.projected
        return {step: matrix for step, matrix in found.items() if step not in self.absent}


def reference(
    inputs: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    attention: Mapping[str, Any] | None = None,
) -> Reference:
    """The whole layer from the file's tables `[inputs]`, `[parameters]` and `[attention]`."""
    parameters = parameters or {}
    settings = attention or {}
    heads = settings.get("heads", 1)
    queries, keys, values = queries_keys_values(inputs, parameters, heads, settings.get("kv_heads", 1))
    factor = scale_factor(settings.get("scale", "1/sqrt(d_k)"), d_k=len(queries[0][0]))
    scores = [score_matrix(q, k) for q, k in zip(queries, keys, strict=True)]
    scaled = [scale_scores(matrix, factor) for matrix in scores]
    masked = [mask_scores(matrix, settings) for matrix in scaled]
    weights = [[softmax(row) for row in matrix] for matrix in masked]
    output = [product(a, v) for a, v in zip(weights, values, strict=True)]
    merged = side_by_side(output)
    projected = project(merged, parameters["W_O"], parameters.get("b_O")) if "W_O" in parameters else None
    projected_from_x = "X" not in inputs or "W_Q" in parameters
    shown = {
        **dict.fromkeys(("queries", "keys", "values"), projected_from_x),
        "scaled": settings.get("scale") != "none",
        "masked": bool(settings.get("causal")) or "mask" in settings or "padding" in settings,
        "heads": heads > 1,
        "projected": projected is not None,
    }
    absent = frozenset(step for step, is_shown in shown.items() if not is_shown)
    return Reference(queries, keys, values, scores, scaled, masked, weights, output, merged, projected, absent)


def queries_keys_values(
    inputs: Mapping[str, Any], parameters: Mapping[str, Any], heads: int, kv_heads: int
) -> tuple[Heads, Heads, Heads]:
    """Q, K and V of every query head: projected from X (and Y), or as given."""
    if "X" not in inputs:
        given = [as_heads(inputs[name]) for name in ("Q", "K", "V")]
        return given[0], share(given[1], heads), share(given[2], heads)
    x = inputs["X"]
    y = inputs.get("Y", x)
    if "W_Q" not in parameters:
        return [x], [x], [x]
    q = project(x, parameters["W_Q"], parameters.get("b_Q"))
    k = project(y, parameters["W_K"], parameters.get("b_K"))
    v = project(y, parameters["W_V"], parameters.get("b_V"))
    return split(q, heads), share(split(k, kv_heads), heads), share(split(v, kv_heads), heads)


def as_heads(given: Any) -> Heads:
    """A matrix is one head; a list of matrices is several."""
    return list(given) if isinstance(given[0][0], Sequence) else [given]


def project(x: Matrix, w: Matrix, b: Row | None = None) -> Matrix:
    """Each row of x times w, plus b."""
    projected = []
    for row in x:
        out = []
        for column in range(len(w[0])):
            terms = [row[i] * w[i][column] for i in range(len(w))]
            if b is not None:
                terms.append(b[column])
            out.append(math.fsum(terms))
        projected.append(out)
    return projected


def product(a: Matrix, b: Matrix) -> Matrix:
    """The matrix product: `project` without a bias."""
    return project(a, b)


def split(x: Matrix, heads: int) -> Heads:
    """Head i gets the i-th run of neighbouring columns."""
    width = len(x[0]) // heads
    return [[row[head * width : (head + 1) * width] for row in x] for head in range(heads)]


def share(kv: Heads, heads: int) -> Heads:
    """Neighbouring heads share a key/value head: of 4 heads and 2 of those, 0 and 1 use the first."""
    served = heads // len(kv)
    return [kv[head // served] for head in range(heads)]


def scale_factor(scale: str | float, d_k: int) -> float:
    """What the scores are multiplied by."""
    if scale == "none":
        return 1.0
    if scale == "1/sqrt(d_k)":
        return 1 / math.sqrt(d_k)
    return float(scale)


def score_matrix(q: Matrix, k: Matrix) -> Matrix:
    """The dot product of every query with every key."""
    return [[math.fsum(a * b for a, b in zip(query, key, strict=True)) for key in k] for query in q]


def scale_scores(scores: Matrix, factor: float) -> Matrix:
    """Every score times the factor."""
    return [[score * factor for score in row] for row in scores]


def mask_scores(scaled: Matrix, settings: Mapping[str, Any]) -> Matrix:
    """The scaled scores with `causal`, `mask` and `padding`: −∞ where one of them forbids to look."""
    masked = []
    for i, row in enumerate(scaled):
        out = []
        for j, score in enumerate(row):
            allowed = not (settings.get("causal") and j > i)
            if "padding" in settings:
                allowed = allowed and settings["padding"][j]
            added = 0.0
            if "mask" in settings:
                entry = settings["mask"][i][j]
                if isinstance(entry, bool):
                    allowed = allowed and entry
                elif entry is None:  # how JSON writes −∞
                    allowed = False
                else:
                    added = float(entry)
            out.append(score + added if allowed else -math.inf)
        masked.append(out)
    return masked


def softmax(row: Row) -> Row:
    """exp(s − max) ÷ Σ exp(s − max); zeros for a row that may look at nothing."""
    largest = max(row)
    if largest == -math.inf:
        return [0.0 for _ in row]
    exponentials = [math.exp(score - largest) for score in row]
    total = math.fsum(exponentials)
    return [exponential / total for exponential in exponentials]


def side_by_side(output: Heads) -> Matrix:
    """The heads' rows one after the other: head 0's columns first."""
    return [[number for head in output for number in head[i]] for i in range(len(output[0]))]
