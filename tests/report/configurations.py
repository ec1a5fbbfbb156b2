"""Random example files of every kind and of every size up to 512 tokens, the same ones in every run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tests.extended import Sized, layer
from tests.written import as_toml


@dataclass(frozen=True)
class Configuration:
    """One file: its sizes in the letters of the field, and what is special about it."""

    seed: int
    t: int = 3
    s: int | None = None
    """The tokens of a context; None: the tokens are attended to themselves."""
    m: int = 3
    k: int = 2
    v: int = 2
    heads: int = 1
    kv_heads: int | None = None
    last: int | None = None
    """The width of W_O: m, except where Q, K and V are given."""
    biases: bool = False
    given: bool = False
    """Whether the file gives Q, K and V."""
    dtype: str = "float64"
    kind: str = "toml"
    """Where the numbers stand: `toml`, `json` or an `npz` beside the file."""
    scale: str | float = "1/sqrt(d_k)"
    causal: bool = False
    padded: bool = False
    mask: str = ""
    """`yes-no`, `additive`, or `blind`: some rows may look at nothing."""
    largest_score: float | None = None
    """About how large the largest scaled score is, whatever its sign."""
    command: bool = field(default=False, compare=False)
    """Whether it is read by the program in a process of its own."""

    @property
    def name(self) -> str:
        """What it is called among the tests."""
        kv = f"of{self.kv_heads}" if self.kv_heads else ""
        context = f"x{self.s}" if self.s else ""
        sizes = f"{self.t}{context}-m{self.m}-k{self.k}-v{self.v}-h{self.heads}{kv}"
        special = [name for name in ("biases", "given", "causal", "padded") if getattr(self, name)]
        special += [self.mask] if self.mask else []
        special += ["W_O"] if self.last else []
        special += [f"scores{self.largest_score:g}"] if self.largest_score else []
        special += [] if self.scale == "1/sqrt(d_k)" else [f"scale-{self.scale}"]
        return "-".join([str(self.seed), sizes, self.dtype, self.kind, *special])

    @property
    def keys(self) -> int:
        """How many tokens are attended to."""
        return self.t if self.s is None else self.s

    @cached_property
    def arrays(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(inputs, parameters), rounded to the precision of the file."""
        rng = np.random.default_rng(self.seed)
        kv = self.kv_heads or self.heads

        def normal(*shape: int) -> Any:
            return rng.normal(size=shape).astype(self.dtype)

        if self.given:
            shapes = {"Q": (self.heads, self.t, self.k), "K": (kv, self.keys, self.k), "V": (kv, self.keys, self.v)}
            inputs = {name: normal(*(shape if self.heads > 1 else shape[1:])) for name, shape in shapes.items()}
            parameters = {}
        else:
            inputs = {"X": normal(self.t, self.m)} | ({} if self.s is None else {"Y": normal(self.s, self.m)})
            widths = {"Q": self.heads * self.k, "K": kv * self.k, "V": kv * self.v}
            parameters = {f"W_{letter}": normal(self.m, width) for letter, width in widths.items()}
            if self.biases:
                parameters |= {f"b_{letter}": normal(width) for letter, width in widths.items()}
        if self.last:
            parameters["W_O"] = normal(self.heads * self.v, self.last)
            parameters |= {"b_O": normal(self.last)} if self.biases else {}
        if self.largest_score is not None:
            self._stretch(inputs, parameters)
        return inputs, parameters

    def _stretch(self, inputs: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Make the keys larger, until the largest score is as large as it should be."""
        found = layer(inputs, parameters, self.settings)
        logits = found.get("scaled", found["scores"]).values
        factor = float(self.largest_score / np.abs(logits).max())
        for table, names in ((inputs, ("K",)), (parameters, ("W_K", "b_K"))):
            for name in names:
                if name in table:
                    table[name] = (table[name] * factor).astype(self.dtype)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The table `[attention]`, masks as arrays."""
        rng = np.random.default_rng(self.seed + 1_000_000)
        found: dict[str, Any] = {"heads": self.heads} | ({} if self.kv_heads is None else {"kv_heads": self.kv_heads})
        found |= {"scale": self.scale, "causal": self.causal and (True if self.keys == self.t else "first")}
        if self.padded:
            found["padding"] = np.arange(self.keys) < max(1, self.keys * 3 // 4)
        if self.mask == "additive":
            mask = np.round(rng.normal(size=(self.t, self.keys)), 2)
            mask[rng.random(mask.shape) < 0.2] = -np.inf
            found["mask"] = mask
        elif self.mask:
            found["mask"] = rng.random((self.t, self.keys)) < 0.7
            if self.mask == "blind":
                found["mask"][:: max(1, self.t // 3)] = False
        return found

    @cached_property
    def expected(self) -> dict[str, Sized]:
        """Every step of every head, in extended precision."""
        inputs, parameters = self.arrays
        return layer(inputs, parameters, self.settings)

    def save(self, folder: Path) -> Path:
        """Write it as a reader would: numbers in the file, or in an archive beside it."""
        inputs, parameters = self.arrays
        path = folder / f"it.{'json' if self.kind == 'json' else 'toml'}"
        tables: dict[str, Any] = {"format": 1, "title": self.name, "tokens": [f"q{index}" for index in range(self.t)]}
        if self.s is not None:
            tables["context"] = [f"k{index}" for index in range(self.s)]
        if self.kind == "npz":
            np.savez(path.with_suffix(".npz"), **inputs, **parameters)
            tables["arrays"] = path.with_suffix(".npz").name
            inputs, parameters = ({name: name for name in table} for table in (inputs, parameters))
        tables |= {"inputs": _plain(inputs)} | ({"parameters": _plain(parameters)} if parameters else {})
        tables["attention"] = _plain(self.settings)
        path.write_text(json.dumps(tables) if self.kind == "json" else as_toml(tables), encoding="utf-8")
        return path


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """Arrays as lists; −∞ as None."""
    return {name: _listed(value) if isinstance(value, np.ndarray) else value for name, value in table.items()}


def _listed(array: Any) -> Any:
    if array.dtype == np.bool_ or np.isfinite(array).all():
        return array.tolist()
    return [[None if value == -np.inf else value for value in row] for row in array.tolist()]


BY_HAND: tuple[Configuration, ...] = (
    Configuration(1, t=1, m=1, k=1, v=1, command=True),
    Configuration(2, t=1, m=1, k=1, v=1, dtype="float32", kind="npz", command=True),
    Configuration(3, t=2, m=2, k=1, v=3, kind="json"),
    Configuration(4, t=2, s=1, m=1, k=3, v=1),
    Configuration(5, t=5, k=1, v=4, largest_score=1e4),
    Configuration(6, t=7, m=5, k=4, v=3, largest_score=1e4, heads=2, last=5, biases=True),
    Configuration(7, t=7, m=5, k=4, v=3, largest_score=1e4, dtype="float32", kind="npz"),
    Configuration(8, t=9, m=4, k=3, v=5, mask="blind", command=True),
    Configuration(9, t=9, m=4, k=3, v=5, mask="blind", dtype="float32", kind="npz", heads=2, kv_heads=1),
    Configuration(10, t=6, m=4, k=2, v=3, heads=4, kv_heads=2, last=4, biases=True, causal=True, command=True),
    Configuration(11, t=6, s=11, m=4, k=5, v=2, heads=6, kv_heads=3, last=4, padded=True, kind="json"),
    Configuration(12, t=5, k=3, v=7, given=True, mask="additive"),
    Configuration(13, t=5, s=8, k=3, v=1, given=True, heads=4, kv_heads=2, last=3, kind="npz"),
    Configuration(14, t=8, k=1, v=1, given=True, dtype="float32", kind="npz", causal=True, padded=True),
    Configuration(15, t=4, m=3, k=4, v=2, scale="none", mask="additive", causal=True, padded=True, kind="json"),
    Configuration(16, t=4, m=3, k=4, v=2, scale=0.3, mask="yes-no", biases=True),
    Configuration(17, t=4, m=3, k=4, v=2, scale=-2.0, mask="yes-no", heads=2, kind="npz"),
    Configuration(18, t=33, m=16, k=8, v=9, heads=3, last=16, causal=True, kind="npz"),
    Configuration(19, t=33, m=16, k=8, v=9, heads=3, last=16, dtype="float32", kind="npz", mask="additive"),
    Configuration(20, t=12, m=384, k=32, v=32, biases=True, dtype="float32", kind="npz"),
)
"""One for each thing that is promised."""

LARGE: tuple[Configuration, ...] = (
    Configuration(101, t=512, m=64, k=64, v=64, kind="npz", command=True),
    Configuration(102, t=512, m=64, k=64, v=64, dtype="float32", kind="npz"),
    Configuration(103, t=512, m=32, k=16, v=24, heads=2, last=32, biases=True, causal=True, kind="npz"),
    Configuration(104, t=511, m=32, k=1, v=3, largest_score=1e4, dtype="float32", kind="npz", padded=True),
    Configuration(105, t=255, s=512, m=16, k=8, v=8, heads=4, kv_heads=2, kind="npz", mask="blind"),
    Configuration(106, t=128, s=77, k=16, v=4, given=True, heads=2, kv_heads=1, largest_score=1e4, kind="npz"),
    Configuration(107, t=129, m=24, k=8, v=8, mask="additive", causal=True),
    Configuration(108, t=200, m=48, k=12, v=16, heads=4, last=48, biases=True, dtype="float32", kind="npz"),
)
"""Hundreds of tokens."""


def at_random(seed: int) -> Configuration:
    """Any of the sizes with any of the settings."""
    rng = np.random.default_rng(seed)

    def chance(probability: float) -> bool:
        return bool(rng.random() < probability)

    def size() -> int:
        return int(rng.choice([1, 2, 3, 5, 8]))

    kv_heads = int(rng.choice([1, 2, 3]))
    heads = kv_heads * int(rng.choice([1, 1, 2, 3]))
    dtype = str(rng.choice(["float64", "float64", "float32"]))
    given, m = chance(0.25), size()
    return Configuration(
        seed,
        t=int(rng.choice([1, 2, 3, 4, 7, 16, 31])),
        s=int(rng.choice([1, 2, 5, 19])) if chance(0.3) else None,
        m=m,
        k=size(),
        v=size(),
        heads=heads,
        kv_heads=kv_heads if kv_heads < heads else None,
        last=(size() if given else m) if chance(0.4) else None,
        biases=not given and chance(0.4),
        given=given,
        dtype=dtype,
        kind="npz" if dtype == "float32" else str(rng.choice(["toml", "json", "npz"])),
        scale=[*["1/sqrt(d_k)"] * 4, "none", 0.25, -1.5, 3][int(rng.integers(8))],  # type: ignore[arg-type]
        causal=chance(0.3),
        padded=chance(0.25),
        mask=str(rng.choice(["", "", "yes-no", "additive", "blind"])),
        largest_score=float(rng.choice([1e-4, 30.0, 1e4])) if chance(0.35) else None,
    )


RANDOM: tuple[Configuration, ...] = tuple(at_random(seed) for seed in range(201, 261))
QUICK: tuple[Configuration, ...] = (*BY_HAND, *RANDOM)
