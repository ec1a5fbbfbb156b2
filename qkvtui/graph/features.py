"""What the rows and the columns of an example's tensors are called, where its file names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..engine.arrays import FloatArray
from ..localized import LANGUAGES, Localized
from ..records import record
from ..said import Named
from .example import Settings
from .steps import STEPS

FEATURES: Mapping[str, str] = {
    "X": "features",
    **{letter: f"{letter}_features" for letter in ("Y", "Z", "Q", "K", "V")},
}
"""The matrices whose columns can have names → where these stand in the file's `[inputs]`."""

_OF_WIDTH = {"m": "X", "k": "Q", "keys": "K", "v": "V", "side_by_side": "V", "out": "X"}
_HEADS = ("Q", "K", "V")
"""Those with columns of their own for each head."""
_COLUMNS: Mapping[str, str] = {
    **{letter: letter for letter in FEATURES},
    **{kind.id: _OF_WIDTH[kind.width] for kind in STEPS if kind.width in _OF_WIDTH},
    **{f"{kind}_{letter}": letter for kind in "Wbg" for letter in "QKV"},
    **dict.fromkeys(("positions", "g_1", "b_1n", "g_2", "b_2n", "g_U", "b_Un", "W_2", "b_2"), "X"),
    **{"E": "X", "W_S": "K", "v_S": "Q", "W_O": "X", "b_O": "X"},
}
"""Tensor → the matrix whose names its columns have."""
_ROWS: Mapping[str, str] = {
    **{"W_Q": "X", "W_S": "Q", "W_O": "V"},
    **dict.fromkeys(("W_1", "W_G", "W_U"), "X"),
}
_OF_ALL_HEADS = frozenset(f"{kind}_{letter}" for kind in "Wb" for letter in "QKV")
"""Parameters with the columns of all heads beside each other."""
_OF_ANY_HEAD = ("W_S", "g_Q", "g_K", "v_S")
"""Parameters that all heads use."""
_JOINED = ("W_O", *(kind.id for kind in STEPS if kind.width == "side_by_side"))
"""Tensors with what all heads put out beside each other."""


class NamedColumns(Protocol):
    """An example, or as much of it as names of columns need."""

    @property
    def inputs(self) -> Mapping[str, FloatArray]:
        """The inputs by name."""

    @property
    def parameters(self) -> Mapping[str, FloatArray]:
        """The parameters by name."""

    @property
    def attention(self) -> Settings:
        """The settings."""

    @property
    def features(self) -> Mapping[str, tuple[Localized, ...]]:
        """The names by the letter of the matrix."""


@record(frozen=True)
class AxisNames:
    """The names along one axis of a tensor."""

    names: tuple[Localized, ...]
    """One for each index."""
    heads: int = 1
    """How many heads stand side by side; with several, a name is shown with its head, as `1:living`."""

    def labels(self, language: str) -> tuple[str, ...]:
        """How a reader of this language sees them."""
        return self._with_heads(self._in(language))

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """All that a reader may call them: in every language there is, with and without its head."""
        plain = dict.fromkeys(map(self._in, LANGUAGES))
        return tuple(dict.fromkeys((*map(self._told, map(self._with_heads, plain)), *map(self._told, plain))))

    def _told(self, names: Sequence[str]) -> tuple[str, ...]:
        """The names, each of which a message shows as a reader sees it."""
        shown = zip(*map(self.labels, LANGUAGES), strict=True)
        return tuple(
            Named(name, dict(zip(LANGUAGES, one, strict=True))) for name, one in zip(names, shown, strict=True)
        )

    def _in(self, language: str) -> tuple[str, ...]:
        return tuple(name.in_language(language) for name in self.names)

    def _with_heads(self, names: tuple[str, ...]) -> tuple[str, ...]:
        width = len(names) // self.heads
        return names if self.heads == 1 else tuple(f"{at // width}:{name}" for at, name in enumerate(names))


def axis_names(example: NamedColumns, tensor: str, head: int = 0) -> tuple[AxisNames | None, AxisNames | None]:
    """The names of a tensor's rows and of its columns, in one head; None where they have none.

    A gradient has those of what it is a gradient of.
    """
    if not example.features:
        return None, None
    name = tensor.removeprefix("d_")
    rows = {**_ROWS, "W_K": _source(example, "K"), "W_V": _source(example, "V")}.get(name)
    return _axis(example, rows, name, head), _axis(example, _COLUMNS.get(name), name, head)


def _axis(example: NamedColumns, letter: str | None, tensor: str, head: int) -> AxisNames | None:
    if letter in _HEADS and letter not in example.inputs and f"W_{letter}" not in example.parameters:
        letter = "X"  # without matrices, the rows of X themselves ask, are found and are handed over
    names = () if letter is None else _names(example, letter)
    if letter is None or not names:
        return None
    if letter not in _HEADS:
        return AxisNames(names)
    width, heads = _width(example, letter), _heads_in(example, letter, tensor, head)
    if len(names) == width:
        return AxisNames(names * len(heads), len(heads))
    if tensor in _OF_ANY_HEAD:
        return None
    whole = (names[one * width : (one + 1) * width] for one in heads)
    return AxisNames(tuple(name for of_head in whole for name in of_head), len(heads))


def _heads_in(example: NamedColumns, letter: str, tensor: str, head: int) -> Sequence[int]:
    """Whose columns a tensor has, by heads of the matrix that they are named after: query heads may share values."""
    settings = example.attention
    group = settings.heads // settings.kv_heads
    if tensor in _OF_ALL_HEADS:
        return range(_own_heads(example, letter))
    if tensor in _JOINED:
        return [one // group for one in range(settings.heads)]
    return [head if letter == "Q" or tensor in example.inputs else head // group]


def _names(example: NamedColumns, letter: str) -> tuple[Localized, ...]:
    """As the file gives them; those of X for Y and of the queries for keys, where these are as wide."""
    given = example.features.get(letter, ())
    if given or letter not in ("Y", "K") or (letter == "K" and example.attention.scoring == "general"):
        return given
    others = example.features.get("X" if letter == "Y" else "Q", ())
    return others if len(others) in _counts(example, letter) else ()


def _counts(example: NamedColumns, letter: str) -> tuple[int, ...]:
    """How many names the columns of a matrix may have."""
    if letter not in _HEADS:
        return (example.inputs[letter].shape[-1],) if letter in example.inputs else ()
    width = _width(example, letter)
    return width, width * _own_heads(example, letter)


def _width(example: NamedColumns, letter: str) -> int:
    """The columns of one head."""
    if letter in example.inputs:
        return int(example.inputs[letter].shape[-1])
    matrix = example.parameters.get(f"W_{letter}")
    return 0 if matrix is None else int(matrix.shape[1]) // _own_heads(example, letter)


def _own_heads(example: NamedColumns, letter: str) -> int:
    """How many heads of its own Q, K or V has."""
    return example.attention.heads if letter == "Q" else example.attention.kv_heads


def _source(example: NamedColumns, letter: str) -> str:
    """What keys, or values, are made of."""
    wanted = ("Y",) if letter == "K" else ("Z", "Y")
    return next((name for name in wanted if name in example.inputs), "X")
