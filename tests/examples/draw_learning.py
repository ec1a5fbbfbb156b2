"""Draws where examples/sentence-learn.toml and it-learn.toml start: `python tests/examples/draw_learning.py`.

The matrices are drawn as every random start is, a matrix with m rows from the normal distribution with mean 0 and
variance 1/m, and rounded to two decimals, so that the walk shows exactly the numbers that learning starts from. The
seeds are not chosen, only not the same: 0 for the first file, 1 for the second; the tests reach the same from others.
The random stream is NumPy's frozen `RandomState`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

SEEDS = {"sentence-learn": 0, "it-learn": 1}
SHAPES = {
    "sentence-learn": {"W_Q": (6, 4), "W_K": (6, 4)},
    "it-learn": {"W_Q": (6, 2), "W_K": (6, 2), "W_V": (6, 2), "W_R": (2, 2)},
}
"""What is random in each example, in the order in which it is drawn."""


def draw(name: str) -> dict[str, Floats]:
    """The matrices of one example."""
    random = np.random.RandomState(SEEDS[name])
    return {
        matrix: np.round(random.standard_normal(shape) / np.sqrt(shape[0]), 2) + 0.0
        for matrix, shape in SHAPES[name].items()
    }


def toml(name: str, rows: list[list[float]]) -> str:
    """The matrix as it stands in the file, without comments."""
    lines = [f"    [{', '.join(f'{number:g}' for number in row)}]," for row in rows]
    return "\n".join([f"{name} = [", *lines, "]"])


def main() -> None:
    """Prints the matrices for the two files."""
    for example in SHAPES:
        print(f"# {example}")
        for name, matrix in draw(example).items():
            print(toml(name, matrix.tolist()))


if __name__ == "__main__":
    main()
