"""Example files changed so that something is wrong with them: each change is a seed, so that a failure can shrink."""

from __future__ import annotations

import copy
import io
import json
import math
import pickle
import random
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qkvtui.files.find import bundled_folder, bundled_names
from tests.written import as_toml

Structure = dict[str, Any]

TEXTS = (
    *(
        "[/red]",
        "[@click=app.quit]it[/]",
        "\\[",
        "{x}",
        "{0.__class__}",
        "%s",
        ":smile:",
        '"',
        "'",
        "\\",
        "]",
        ",",
        "#",
    ),
    *("\t", "\n", "\r\n", "\x00", "\x07", "\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\x7f", "\x85", "\u2028", "\ufeff"),
    *(
        "\u202eabc",
        "\u2066x\u2069",
        "\u200f",
        "\u200d",
        "\u200b",
        "\u00ad",
        "\U000e0041",
        "\ufe0f",
        "\u0301",
        "e\u0301",
    ),
    *(
        "Z" + "\u0300\u0316\u0334" * 40,
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "🏳️‍🌈",
        "👍🏽",
        "1️⃣",
        "❤️",
        "它",
        "動物" * 20,
        "ｆｕｌｌ",
        "ﷺ",
        "אבג",
        "नमस्ते",
    ),
    *("", " ", "0", "-1", "٣", "²", "nan", "-", "--help", "all", "it,animal", "a[0,1]", "W_Q", "x" * 2000, "宽" * 2001),
    *("a b " * 500, "../../etc/passwd", "/dev/zero", "$(id)", "animal", "ǅ", "İ", "ﬁ", "\U0010ffff", "\ue000"),
)
NUMBERS: tuple[Any, ...] = (
    *(0, 1, -1, 2, 7, 0.5, -0.0, 1e-300, 5e-324, 1e-16, 1e16, 1e49, 9e99, 1e100, 1.1e100, 1e155, 1e308, -1e308),
    *(2**53, 2**63, 10**20, 10**400, math.nan, math.inf, -math.inf, 700, -745, 3.0000000000000004),
)
OTHERS: tuple[Any, ...] = (True, False, [], {}, [[]], [1, 2], [[1, 2], [3]], ["a"], {"a": 1}, {"en": "x", "zh": "x"})
NAMES = (
    *(
        "X",
        "Y",
        "Q",
        "K",
        "V",
        "W_Q",
        "W_O",
        "b_Q",
        "W_1",
        "g_1",
        "E",
        "P",
        "heads",
        "kv_heads",
        "scale",
        "causal",
        "mask",
    ),
    *(
        "objective",
        "target",
        "train",
        "rate",
        "steps",
        "weights",
        "weights@1",
        "scores",
        "decimals",
        "arrays",
        "tokens",
    ),
    *("norm", "mlp", "tied", "from", "at", "row", "watch", "address", "text", "choose", "right", "predict", "rotary"),
)


@dataclass(frozen=True)
class Case:
    """A bundled example, and by seed what is changed in it."""

    name: str
    kind: str
    seeds: tuple[int, ...]
    bytes_too: bool = False
    """Whether the last change is one of the written bytes."""

    def without(self) -> Iterator[Case]:
        """The same, each time without one of the changes."""
        for at in range(len(self.seeds)):
            kept = self.seeds[:at] + self.seeds[at + 1 :]
            yield Case(self.name, self.kind, kept, self.bytes_too and at < len(self.seeds) - 1)

    def write(self, folder: Path) -> Path:
        """The example and its arrays, changed."""
        structure, arrays = copy.deepcopy(_structure(self.name)), dict(_arrays(self.name))
        inner = self.seeds[:-1] if self.bytes_too else self.seeds
        for seed in inner:
            _change(structure, arrays, random.Random(seed))
        path = folder / f"case.{self.kind}"
        data = _text(structure, self.kind).encode("utf-8", "surrogatepass")
        path.write_bytes(broken(data, random.Random(self.seeds[-1])) if self.bytes_too else data)
        if arrays:
            (folder / "case.npz").write_bytes(zipped(arrays))
        return path


def case_of(seed: int) -> Case:
    """The case of this number."""
    rng = random.Random(f"file {seed}")
    kind = rng.choice(("toml", "toml", "json"))
    count = rng.choice((1, 1, 1, 2, 2, 3, 5))
    return Case(
        rng.choice(bundled_names()), kind, tuple(rng.randrange(1 << 40) for _ in range(count)), rng.random() < 0.25
    )


@cache
def _structure(name: str) -> Structure:
    found = tomllib.loads((Path(bundled_folder()) / f"{name}.toml").read_text(encoding="utf-8"))
    return {**found, "arrays": "case.npz"} if "arrays" in found else found


@cache
def _arrays(name: str) -> Mapping[str, Any]:
    """The arrays of an example; none where its numbers stand in its file."""
    given = tomllib.loads((Path(bundled_folder()) / f"{name}.toml").read_text(encoding="utf-8")).get("arrays")
    if given is None:
        return {}
    with np.load(Path(bundled_folder()) / given, allow_pickle=False) as stored:
        return {one: stored[one] for one in stored.files}


def _text(structure: Structure, kind: str) -> str:
    return json.dumps(structure, ensure_ascii=False) if kind == "json" else as_toml(structure)


def _change(structure: Structure, arrays: dict[str, Any], rng: random.Random) -> None:
    if arrays and rng.random() < 0.4:
        name = rng.choice(sorted(arrays))
        arrays[name] = rng.choice(_ARRAY_CHANGES)(arrays[name], rng)
        return
    change_somewhere(structure, rng)


def change_somewhere(structure: Structure, rng: random.Random) -> None:
    """Another value, name or entry somewhere in tables and lists, or one less."""
    holder, name = _somewhere(structure, rng)
    how = rng.random()
    if how < 0.84:
        holder[name] = _other(holder[name], rng)
    elif how < 0.92:
        del holder[name]
    elif isinstance(holder, dict):
        holder[rng.choice(NAMES)] = _other(None, rng)
    else:
        holder.insert(name, copy.deepcopy(rng.choice(holder)))


def _somewhere(structure: Structure, rng: random.Random) -> tuple[Any, Any]:
    """A table or list, and the name or index of something in it."""
    holder: Any = structure
    while True:
        name = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        inner = holder[name]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.08:
            return holder, name
        holder = inner


def _other(value: Any, rng: random.Random) -> Any:
    """Mostly of the same type: what is of another is soon refused, and the rest of the file not looked at."""
    how = rng.random()
    if how < 0.15:
        return rng.choice((*OTHERS, *TEXTS, *NUMBERS))
    match value:
        case bool():
            return not value
        case int() | float():
            return rng.choice((*NUMBERS, rng.gauss(0, 3), rng.randrange(-2, 5), round(rng.gauss(0, 1e6), 2)))
        case str():
            return rng.choice(TEXTS) if how < 0.6 else f"{value}{rng.choice(TEXTS)}"
        case [*entries] if entries:
            return [*entries, *entries] if how < 0.5 else entries[::-1] if how < 0.8 else entries[:-1]
    return rng.choice((*TEXTS, *NUMBERS))


def broken(data: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, cut, doubled, or put in between."""
    at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    match rng.randrange(4):
        case 0:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at : min(to, at + 4000)] * 2 + data[to:]
    return data[:at] + rng.choice(TEXTS).encode() + data[at:]


_ARRAY_CHANGES: tuple[Callable[[Any, random.Random], Any], ...] = (
    lambda array, rng: array.astype(rng.choice(("f2", "f4", ">f8", "i1", "u8", "?", "c16", "U3", "S5"))),
    lambda array, rng: _with(array, rng.choice((math.nan, math.inf, -math.inf, 1e38, -1e300, 1e101))),
    lambda array, rng: array[..., :-1],
    lambda array, rng: array[None],
    lambda array, rng: array.reshape(-1),
    lambda array, rng: np.zeros((0, *array.shape)),
    lambda array, rng: np.asfortranarray(array),
    lambda array, rng: np.zeros((2000, 2000), "i1"),
    lambda array, rng: _header("|i1", (1 << 40, 1 << 20)),
    lambda array, rng: _header("|O", array.shape) + pickle.dumps([print]),
    lambda array, rng: _header("<f8", (-1, 2)),
    lambda array, rng: b"\x93NUMPY\x01\x00\xff\xff{",
    lambda array, rng: b"",
)


def _with(array: NDArray[Any], number: float) -> NDArray[Any]:
    found = array.astype(np.float64)
    found.reshape(-1)[:1] = number
    return found


def _header(kind: str, shape: tuple[int, ...]) -> bytes:
    said = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said


def zipped(arrays: Mapping[str, Any]) -> bytes:
    """An .npz file; what is bytes already stands in it as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            stream = io.BytesIO()
            if not isinstance(array, bytes):
                np.save(stream, array, allow_pickle=True)
            archive.writestr(f"{name}.npy", array if isinstance(array, bytes) else stream.getvalue())
    return buffer.getvalue()
