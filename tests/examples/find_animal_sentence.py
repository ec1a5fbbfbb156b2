"""Finds the numbers of examples/animal-sentence.toml: `python tests/examples/find_animal_sentence.py`.

What is searched: short numbers for one attention layer over eleven tokens, d_model = 6, d_k = 4, standard
scale 1/√4 = 0.5, such that the query "it" gets the weights which the blog post prints for it.
  * X: tenths between 0.1 and 1.0 where `MEANT` is not 0 (a token keeps its meaning), at most 0.2 away from
    `MEANT`; the rest stays 0.
  * W_Q and W_K: whole numbers inside the bounds below. The first four rows of W_K may only be diagonal:
    each of its columns has one meaning. W_Q is freer: what a token looks for need not be what it is.

What is minimised: the sum of
  * how far the row of "it" is outside its tolerance, as a difference of logarithms (0.0035 around each of the
    five targets; at most 0.0033 for each of the other six tokens), times 8;
  * the mean cross-entropy of the other rows against `WISHED`, rows a reader would find sensible ("street"
    looks at itself and at "cross"; "tired" at "animal", "it" and itself), times 1.5; the three rows that tell
    most count double;
  * a small price for every number that is not 0, for its size, and for every step of X away from `MEANT`.

How it rounds: not at all. The search moves on the grid of the numbers that are printed (simulated annealing
by steps of one or two tenths and of one whole number), so what it prints is exactly what it has measured. The
random stream is NumPy's frozen `RandomState`, so that every machine walks the same way. It takes ten seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

SEED = 4
STEPS = 150_000

TOKENS = ("The", "animal", "didn't", "cross", "the", "street", "because", "it", "was", "too", "tired")
QUERY = TOKENS.index("it")
TARGET = {"The": 0.05, "animal": 0.45, "street": 0.02, "it": 0.40, "tired": 0.08}
TOLERANCE = 0.0035
AT_MOST = 0.0033

# Columns of X: living, place, state, deed, points back, small word. In tenths.
MEANT = np.array(
    [
        [6, 0, 0, 0, 0, 4],  # The
        [10, 0, 1, 0, 0, 0],  # animal
        [0, 0, 0, 6, 0, 6],  # didn't
        [0, 2, 0, 9, 0, 0],  # cross
        [0, 4, 0, 0, 0, 9],  # the
        [0, 9, 0, 0, 0, 0],  # street
        [0, 0, 0, 2, 0, 8],  # because
        [7, 0, 0, 0, 9, 0],  # it
        [0, 0, 2, 0, 0, 8],  # was
        [0, 0, 4, 0, 0, 8],  # too
        [4, 0, 9, 0, 0, 0],  # tired
    ]
)
# Columns of W_Q and W_K: living, place, state, deed; rows as the columns of X.
FIRST_Q = np.array([[2, 0, 1, 0], [0, 2, 0, 1], [2, 0, 2, 0], [1, 1, 0, 2], [3, 0, 0, -1], [0, 0, 1, 0]])
LOW_Q = np.array([[0, -1, 0, 0], [-2, 1, -2, 0], [1, -2, 0, -2], [0, 0, 0, 1], [2, -1, -1, -4], [0, 0, 0, 0]])
HIGH_Q = np.array([[4, 0, 2, 0], [0, 4, 0, 2], [4, 0, 4, 0], [2, 2, 0, 4], [4, 4, 2, 0], [0, 0, 2, 1]])
FIRST_K = np.array([[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2], [1, 0, 0, 0], [-1, -1, -1, -1]])
LOW_K = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [-3, -3, -3, -3]])
HIGH_K = np.array([[4, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4], [4, 2, 0, 0], [0, 0, 0, 0]])

WISHES: dict[str, dict[str, float]] = {
    "The": {"animal": 0.6, "The": 0.2, "it": 0.2},
    "animal": {"animal": 0.5, "tired": 0.2, "it": 0.15, "The": 0.1},
    "didn't": {"cross": 0.5, "didn't": 0.3, "animal": 0.1},
    "cross": {"animal": 0.35, "street": 0.3, "cross": 0.25},
    "the": {"street": 0.6, "cross": 0.2, "the": 0.2},
    "street": {"street": 0.55, "cross": 0.25, "the": 0.15},
    "because": {"tired": 0.4, "cross": 0.3, "didn't": 0.1},
    "it": {},
    "was": {"tired": 0.5, "it": 0.2, "animal": 0.15},
    "too": {"tired": 0.6, "too": 0.2},
    "tired": {"tired": 0.35, "animal": 0.35, "it": 0.25},
}
WISHED = np.array([[WISHES[query].get(key, 0.0) + 0.01 for key in TOKENS] for query in TOKENS])
WISHED /= WISHED.sum(axis=1, keepdims=True)
COUNTS = np.array([{"it": 0, "cross": 2, "street": 2, "tired": 2}.get(query, 1) for query in TOKENS])

GOAL = np.log(np.array([TARGET.get(token, AT_MOST) for token in TOKENS]))
SLACK = np.array([TOLERANCE / TARGET[token] if token in TARGET else np.inf for token in TOKENS])
IS_REST = np.array([token not in TARGET for token in TOKENS])

# What a token hands over is fixed by hand: how living it is, how much of a place, and, twice, its state.
W_V = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0], [0, 0, 0], [0, 0, 0]])


@dataclass(frozen=True)
class Candidate:
    """One set of numbers; X in tenths."""

    x: Integers
    w_q: Integers
    w_k: Integers


def weights(candidate: Candidate) -> Floats:
    """All eleven rows of attention weights."""
    # Two factors of X in tenths, and the scale 1/√4.
    scaled = (candidate.x @ candidate.w_q) @ (candidate.x @ candidate.w_k).T / 100 * 0.5
    exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    rows: Floats = exponentials / exponentials.sum(axis=1, keepdims=True)
    return rows


def loss(candidate: Candidate) -> float:
    """What the search makes small: see the top of this file."""
    rows = weights(candidate)
    off = np.log(rows[QUERY] + 1e-12) - GOAL
    outside = np.maximum(off[IS_REST], 0).sum() + np.maximum(np.abs(off) - SLACK, 0).sum()
    wishes = -(WISHED * np.log(rows + 1e-12)).sum(axis=1)
    matrices = np.concatenate([candidate.w_q, candidate.w_k])
    price = 0.004 * np.abs(matrices).sum() + 0.01 * np.count_nonzero(matrices)
    moved = 0.004 * np.abs(candidate.x - MEANT).sum()
    return float(8 * outside + 1.5 * (wishes * COUNTS).sum() / COUNTS.sum() + price + moved)


def neighbour(candidate: Candidate, random: np.random.RandomState) -> Candidate:
    """The candidate with one or two numbers changed by a step."""
    kind = random.rand()
    if kind < 0.5:
        x = candidate.x.copy()
        places = np.argwhere(MEANT > 0)
        for _ in range(1 if random.rand() < 0.6 else 2):
            i, j = places[random.randint(len(places))]
            moved = x[i, j] + random.choice([-2, -1, 1, 2])
            x[i, j] = min(max(moved, 1, MEANT[i, j] - 2), 10, MEANT[i, j] + 2)
        return replace(candidate, x=x)
    name, low, high = ("w_q", LOW_Q, HIGH_Q) if kind < 0.75 else ("w_k", LOW_K, HIGH_K)
    matrix = getattr(candidate, name).copy()
    i, j = random.randint(6), random.randint(4)
    matrix[i, j] = min(max(matrix[i, j] + random.choice([-1, 1]), low[i, j]), high[i, j])
    return replace(candidate, **{name: matrix})


def search(seed: int = SEED, steps: int = STEPS) -> Candidate:
    """Simulated annealing; the best candidate seen."""
    random = np.random.RandomState(seed)
    current = best = Candidate(MEANT, FIRST_Q, FIRST_K)
    current_loss = best_loss = loss(current)
    for step in range(steps):
        temperature = 0.6 * (1 - step / steps) ** 3 + 1e-4
        candidate = neighbour(current, random)
        value = loss(candidate)
        if value < current_loss or random.rand() < math.exp((current_loss - value) / temperature):
            current, current_loss = candidate, value
            if value < best_loss:
                best, best_loss = candidate, value
    return best


def toml(name: str, rows: list[list[float]]) -> str:
    """The matrix as it stands in the file, without comments."""
    lines = [f"    [{', '.join(f'{number:g}' for number in row)}]," for row in rows]
    return "\n".join([f"{name} = [", *lines, "]"])


def main() -> None:
    """Prints the matrices for the file, and the weights they give."""
    found = search()
    print(toml("X", (found.x / 10).tolist()))
    for name, matrix in (("W_Q", found.w_q), ("W_K", found.w_k), ("W_V", W_V)):
        print(toml(name, matrix.tolist()))
    for token, row in zip(TOKENS, weights(found), strict=True):
        print(f"# {token:8}" + " ".join(f"{weight:.3f}" for weight in row))


if __name__ == "__main__":
    main()
