"""Whole layers that learn, as a task: what stands around attention in each, and what is wanted of the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from ..records import record
from .arrays import FloatArray, read_only
from .tasks import drawn


@record(frozen=True)
class StackLayer:
    """One layer, but for its numbers."""

    suffix: str
    """Behind the names of its parameters: `@1`; empty where it is the only one."""
    heads: int
    kv_heads: int
    scale: float
    causal: bool
    norm: str = "none"
    """`before`, `after` or `none`."""
    kind: str = "layer"
    """`layer` or `rms`."""
    epsilon: float = 1e-5
    curve: str = "none"
    """relu, gelu, gelu_tanh or silu; none: there is no feed-forward part."""
    gated: bool = False


@record(frozen=True)
class StackReadout:
    """How words are read behind the last layer."""

    suffix: str
    """Behind the names of what it reads with."""
    table: str
    """The matrix that it reads with: the table of words, or `W_U`."""
    tied: bool
    norm: bool
    temperature: float


@record(frozen=True)
class WordSentence:
    """Rows of E, and (place, row of E) of each token that a word is to be read at."""

    tokens: tuple[int, ...]
    wanted: tuple[tuple[int, int], ...]


@record(frozen=True, eq=False)
class LeftRows:
    """Rows that the last layer should leave, of a text of so many rows, or of these words."""

    rows: tuple[int, ...]
    target: FloatArray  # (n, m)
    tokens: tuple[int, ...] | None = None


@record(frozen=True, eq=False)
class StackTask:
    """A learning task of whole layers."""

    parameters: Mapping[str, FloatArray]
    """Where it starts; held read-only, as float64. Those of a layer end in its suffix."""
    train: tuple[str, ...]
    layers: tuple[StackLayer, ...]
    wanted: tuple[WordSentence, ...] | LeftRows
    reading: StackReadout | None = None
    places: FloatArray | None = None
    """(t or more, m): what is added to rows by their place and does not move."""

    def __post_init__(self) -> None:
        held = {name: read_only(np.array(array, dtype=np.float64)) for name, array in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(held))

    def randomly_started(self, seed: int) -> StackTask:
        """The same task with what moves drawn, whatever it was before."""
        return replace(self, parameters={**self.parameters, **drawn(self.parameters, self.train, seed)})
