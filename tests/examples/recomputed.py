"""A bundled example as the reader gives it, computed again in plain Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from qkvtui.files.find import bundled_folder
from qkvtui.files.read import load
from qkvtui.graph.example import Example
from tests.oracle import Matrix, Row
from tests.samples import by_oracle

FOLDER = Path(bundled_folder())
FILES = sorted(FOLDER.glob("*.toml"))
NAMES = sorted(file.stem for file in FILES)


@cache
def bundled(name: str) -> Example:
    """The bundled example `name`."""
    return load(str(FOLDER / f"{name}.toml"))


def steps(example: Example, head: int = 0) -> dict[str, Matrix]:
    """Step id → the matrix of one head, by the plain-Python reference."""
    return by_oracle(example).steps(head)


def row(name: str, step: str, token: str, head: int = 0) -> Row:
    """One token's row of a step."""
    example = bundled(name)
    return steps(example, head)[step][example.tokens.index(token)]


def attends(name: str, token: str, head: int = 0) -> dict[str, float]:
    """Whom a token attends to, two decimals. Of tokens with the same text the last one stays."""
    example = bundled(name)
    return dict(zip(example.context or example.tokens, rounded(row(name, "weights", token, head)), strict=True))


def rounded(numbers: Row) -> Row:
    """As the screen shows them: two decimals."""
    return [round(number, 2) + 0.0 for number in numbers]


def disagreements(name: str) -> set[str]:
    """The addresses of the published numbers that the computation does not give: `weights[0,1]`."""
    example = bundled(name)
    assert example.published is not None, f"{name} publishes nothing"
    computed = steps(example)
    return {
        f"{step}[{i},{j}]"
        for step, rows in example.published.rows.items()
        for i, published in rows.items()
        for j, number in enumerate(published)
        if not abs(computed[step][i][j] - number) <= example.published.tolerance
    }


def published_count(name: str) -> int:
    """How many numbers a file publishes."""
    example = bundled(name)
    assert example.published is not None, f"{name} publishes nothing"
    return sum(len(numbers) for rows in example.published.rows.values() for numbers in rows.values())
