"""A bundled example as the reader gives it, computed again in plain Python."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from qkvtui.files.find import bundled_folder
from qkvtui.files.read import load
from qkvtui.graph.example import Example, Settings
from tests.oracle import Matrix, Row
from tests.samples import by_oracle
from tests.variants.reference import steps as variants

VARIANTS = ("window", "rotary", "norm", "softcap", "bias", "sink", "scoring")

FOLDER = Path(bundled_folder())
FILES = sorted(FOLDER.glob("*.toml"))
NAMES = sorted(file.stem for file in FILES)


@cache
def bundled(name: str) -> Example:
    """The bundled example `name`."""
    return load(str(FOLDER / f"{name}.toml"))


def steps(example: Example, head: int = 0) -> dict[str, Matrix]:
    """Step id → the matrix of one head, by the plain-Python reference; by that of tests/variants for what it knows."""
    if any(getattr(example.attention, name) != getattr(Settings(), name) for name in VARIANTS):
        return _with_variants(example, head)
    return by_oracle(example).steps(head)


def _with_variants(example: Example, head: int) -> dict[str, Matrix]:
    """With the settings of the file as it stands."""
    assert example.document is not None
    settings = tomllib.loads(example.document.text)["attention"]
    tables = {"inputs": example.inputs, "parameters": example.parameters, "attention": settings}
    found = variants(tables, len(example.tokens), len(example.keys))
    return {step: values[min(head, len(values) - 1)].tolist() for step, values in found.items()}


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
        if not abs(computed[step][i][j] - number) <= example.published.half_unit(step.partition("@")[0])
    }


def published_count(name: str) -> int:
    """How many numbers a file publishes."""
    example = bundled(name)
    assert example.published is not None, f"{name} publishes nothing"
    return sum(len(numbers) for rows in example.published.rows.values() for numbers in rows.values())
