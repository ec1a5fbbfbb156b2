"""The samples as example files: the tables that an author would write, and what plain Python makes of them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qkvtui.engine.arrays import BoolArray, FloatArray
from qkvtui.graph.example import STANDARD_SCALE
from tests import samples
from tests.oracle import Reference, reference


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


def as_file(name: str) -> Written:
    """A sample as a file: its tokens are q0, q1, … and k0, k1, …, and its numbers have all their digits."""
    one = samples.example(name)
    settings = one.attention
    attention = {
        "heads": settings.heads,
        "kv_heads": settings.kv_heads,
        "scale": settings.scale,
        "causal": settings.causal,
        "mask": None if settings.mask is None else _as_written(settings.mask),
        "padding": None if settings.padding is None else settings.padding.tolist(),
    }
    usual = {"heads": 1, "kv_heads": settings.heads, "scale": STANDARD_SCALE, "causal": False, "mask": None}
    return Written(
        name,
        tuple(f"q{index}" for index in range(len(one.tokens))),
        {letter: (array * _FACTOR).tolist() for letter, array in one.inputs.items()},
        {letter: (array * _FACTOR).tolist() for letter, array in one.parameters.items()},
        {setting: value for setting, value in attention.items() if value != usual.get(setting)},
        None if one.context is None else tuple(f"k{index}" for index in range(len(one.context))),
        one.query or None,
    )


_FACTOR = math.sqrt(0.5)
"""Gives numbers all their digits, and scores that softmax spreads."""


def _as_written(mask: BoolArray | FloatArray) -> list[list[float | None]]:
    """The mask with None for −∞."""
    return [[None if number == -math.inf else number for number in row] for row in mask.tolist()]


def whole_scale() -> Written:
    """A scale that is written without a point."""
    return replace(as_file("quarter_scale"), name="whole_scale", attention={"scale": 2})


FILES: tuple[Written, ...] = (
    *map(
        as_file,
        (
            "plain",
            "three_heads",
            "causal",
            "padding",
            "cross",
            "grouped",
            "given",
            "given_heads",
            "additive_mask",
            "all_masks",
            "blind",
            "blind_heads",
            "unscaled",
            "quarter_scale",
        ),
    ),
    whole_scale(),
)
"""One of every layout."""
