"""Example files of every layout, written from random numbers that are the same in every run."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.oracle import Matrix, Reference, reference


@dataclass(frozen=True)
class Written:
    """One example file: the tables it holds, as they stand in it."""

    name: str
    tokens: tuple[str, ...]
    inputs: dict[str, Any]
    parameters: dict[str, Any]
    attention: dict[str, Any]
    context: tuple[str, ...] | None = None
    query: int | None = None
    published: dict[str, Any] | None = None
    source: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The tokens that are attended to."""
        return self.tokens if self.context is None else self.context

    @property
    def heads(self) -> int:
        """How many heads it has."""
        return int(self.attention.get("heads", 1))

    @property
    def expected(self) -> Reference:
        """Every number, as plain Python computes it."""
        return reference(self.inputs, self.parameters, {"kv_heads": self.heads} | self.attention)

    def tables(self) -> dict[str, Any]:
        """The whole file."""
        found: dict[str, Any] = {"format": 1, "title": f"The {self.name} file", "tokens": list(self.tokens)}
        found |= {} if self.query is None else {"query": self.query}
        found |= {} if self.source is None else {"source": self.source}
        found |= {} if self.context is None else {"context": list(self.context)}
        tables = {"inputs": self.inputs, "parameters": self.parameters, "attention": self.attention}
        found |= {name: table for name, table in tables.items() if table}
        return found if self.published is None else found | {"published": self.published}

    def save(self, folder: Path, kind: str = "toml") -> Path:
        """Write it as TOML or JSON."""
        path = folder / f"{self.name}.{kind}"
        path.write_text(json.dumps(self.tables()) if kind == "json" else as_toml(self.tables()), encoding="utf-8")
        return path


def as_toml(tables: dict[str, Any]) -> str:
    """Tables one level deep as TOML."""
    top = [f"{name} = {_value(value)}" for name, value in tables.items() if not isinstance(value, dict)]
    inner = [
        line
        for name, table in tables.items()
        if isinstance(table, dict)
        for line in (f"[{name}]", *(f"{json.dumps(key)} = {_value(value)}" for key, value in table.items()))
    ]
    return "\n".join([*top, *inner]) + "\n"


def _value(value: Any) -> str:
    """A TOML value: −∞, which stands as None in the tables, is -inf here and null in JSON."""
    if value is None:
        return "-inf"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(name)} = {_value(inner)}' for name, inner in value.items())} }}"
    return repr(value) if isinstance(value, float) else json.dumps(value)


def numbers(rng: random.Random, rows: int, columns: int) -> Matrix:
    """A matrix of numbers with all their digits."""
    return [[rng.uniform(-2, 2) for _ in range(columns)] for _ in range(rows)]


def projected(
    name: str,
    t: int,
    m: int,
    k: int,
    v: int,
    *,
    heads: int = 1,
    kv_heads: int | None = None,
    s: int | None = None,
    last: int | None = None,
    biases: bool = False,
    query: int | None = None,
    **attention: Any,
) -> Written:
    """A file with X (and, with `s`, Y), and with W_O where it has a width."""
    rng = random.Random(name)
    kv = kv_heads or heads
    widths = {"Q": heads * k, "K": kv * k, "V": kv * v}
    inputs = {"X": numbers(rng, t, m)} | ({} if s is None else {"Y": numbers(rng, s, m)})
    parameters: dict[str, Any] = {f"W_{letter}": numbers(rng, m, width) for letter, width in widths.items()}
    if last is not None:
        parameters["W_O"] = numbers(rng, heads * v, last)
        widths["O"] = last
    if biases:
        parameters |= {f"b_{letter}": numbers(rng, 1, width)[0] for letter, width in widths.items()}
    settings = {"heads": heads} if heads > 1 else {}
    settings |= {} if kv_heads is None else {"kv_heads": kv_heads}
    context = None if s is None else tuple(f"k{index}" for index in range(s))
    return Written(
        name, tuple(f"q{index}" for index in range(t)), inputs, parameters, settings | attention, context, query
    )


def one_head() -> Written:
    """Nothing special."""
    return projected("one_head", t=4, m=3, k=2, v=5, query=2)


def three_heads() -> Written:
    """W_O and all four biases."""
    return projected("three_heads", t=4, m=3, k=2, v=2, heads=3, last=3, biases=True)


def causal() -> Written:
    """No looking ahead."""
    return projected("causal", t=5, m=2, k=2, v=2, causal=True)


def padding() -> Written:
    """One token that is none."""
    return projected("padding", t=4, m=2, k=3, v=1, padding=[True, False, True, True])


def cross() -> Written:
    """A context of another length, two heads."""
    return projected("cross", t=3, m=4, k=2, v=3, heads=2, s=5, last=4, query=1)


def grouped() -> Written:
    """Four heads share two key/value heads."""
    return projected("grouped", t=3, m=4, k=2, v=2, heads=4, kv_heads=2, biases=True)


def given() -> Written:
    """Q, K and V themselves."""
    rng = random.Random("given")
    inputs = {"Q": numbers(rng, 3, 2), "K": numbers(rng, 3, 2), "V": numbers(rng, 3, 4)}
    return Written("given", ("q0", "q1", "q2"), inputs, {}, {})


def given_heads() -> Written:
    """Q, K and V with an axis for heads, for a context of another length, with W_O."""
    rng = random.Random("given_heads")
    inputs = {
        "Q": [numbers(rng, 2, 2) for _ in range(4)],
        "K": [numbers(rng, 3, 2) for _ in range(2)],
        "V": [numbers(rng, 3, 1) for _ in range(2)],
    }
    parameters = {"W_O": numbers(rng, 4, 2)}
    settings = {"heads": 4, "kv_heads": 2}
    return Written("given_heads", ("q0", "q1"), inputs, parameters, settings, context=("k0", "k1", "k2"))


def additive_mask() -> Written:
    """A mask of numbers, −∞ among them."""
    mask = [[0.5, -1.25, 0.0], [None, 0.0, 2.0], [0.0, None, None]]
    return projected("additive_mask", t=3, m=2, k=2, v=2, mask=mask)


def blind() -> Written:
    """A query that may look at nothing."""
    mask = [[True, True, False], [False, False, False], [True, True, True]]
    return projected("blind", t=3, m=2, k=2, v=2, mask=mask, query=1)


def unscaled() -> Written:
    """No scale."""
    return projected("unscaled", t=3, m=2, k=4, v=2, scale="none")


def scaled_by_a_number() -> Written:
    """A scale that is a number."""
    return projected("scaled_by_a_number", t=3, m=2, k=4, v=2, scale=0.3)


def scaled_by_a_whole_number() -> Written:
    """A scale that is written without a point."""
    return projected("scaled_by_a_whole_number", t=2, m=2, k=1, v=1, scale=2)


def everything_masked() -> Written:
    """All masks at once, two heads, no scale."""
    mask = [[0.0, 1.0, 1.0, 1.0], [0.5, 0.0, 0.0, 0.0], [1.0, -2.0, 0.0, 0.0], [-0.25, 0.0, 0.0, 0.0]]
    return projected(
        "everything_masked",
        t=4,
        m=2,
        k=2,
        v=2,
        heads=2,
        causal=True,
        mask=mask,
        padding=[True, False, True, True],
        scale="none",
    )


BUILDERS: tuple[Callable[[], Written], ...] = (
    one_head,
    three_heads,
    causal,
    padding,
    cross,
    grouped,
    given,
    given_heads,
    additive_mask,
    blind,
    unscaled,
    scaled_by_a_number,
    scaled_by_a_whole_number,
    everything_masked,
)
