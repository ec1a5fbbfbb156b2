"""An example as an exercise: its arrays, and the numbers a source printed, ready to be calculated in any way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...engine import causal_mask, combine_masks, padding_mask, project, share_heads, split_heads
from ...engine.arrays import BoolArray, FloatArray
from ...engine.masks import additive_mask
from ...files.example import Example
from ..published import SUMMED
from ..trace import Shape, Trace
from .method import Method

_POSITIONS = {"queries": 0, "keys": 1, "values": 2}


@dataclass(frozen=True, eq=False)
class Printed:
    """The printed rows of one step: row i of `values` belongs to head `heads[i]` and row `rows[i]`."""

    heads: NDArray[np.intp]
    rows: NDArray[np.intp]
    values: FloatArray  # (n, columns)

    def agree(self, found: FloatArray, tolerance: float) -> bool:
        """Whether every printed number is one of `found` (h, rows, columns), within the tolerance."""
        if found.shape[-1] != self.values.shape[-1]:
            return False
        return bool(near(self.values, found[self.heads, self.rows], tolerance).all())


def near(left: FloatArray, right: FloatArray, tolerance: FloatArray | float) -> BoolArray:
    """Where two arrays are within the tolerance of each other; infinities agree with themselves, NaN with nothing."""
    with np.errstate(invalid="ignore"):
        slack = tolerance + SUMMED * np.minimum(np.abs(left), np.abs(right))
        close: BoolArray = (left == right) | (np.abs(left - right) <= slack)
    return close


class Exercise:
    """An example's arrays in float64, its published numbers, and a memory for projections."""

    def __init__(self, trace: Trace, *, decimals: int | None = None) -> None:
        self.example: Example = trace.example
        self.shape: Shape = trace.shape
        self.scale = 1.0 if trace.scale is None else trace.scale
        self.steps = tuple(step.id for step in trace.steps if step.id != "summary")
        self.inputs = {name: array.astype(np.float64) for name, array in trace.example.inputs.items()}
        self.parameters = {name: array.astype(np.float64) for name, array in trace.example.parameters.items()}
        self.masks = _masks(trace.example, trace.shape)
        published = trace.example.published
        self.tolerance = 0.0 if published is None else published.tolerance
        if decimals is None:
            decimals = 2 if published is None else printed_decimals(published.decimals, published.tolerance)
        self.decimals = decimals
        """With how many decimals somebody who rounds each step writes it down."""
        self.printed = _printed(trace.example)
        self._projections: dict[tuple[str, str, bool, bool], FloatArray] = {}

    @property
    def size(self) -> int:
        """How many numbers one calculation goes through, about."""
        shape = self.shape
        return shape.heads * shape.queries * (shape.keys + shape.d_k + shape.d_v)

    def made(self, step_id: str, method: Method, embeddings: FloatArray | None) -> FloatArray:
        """Queries, keys or values, (h, rows, ·); keys and values once for each head that uses them.

        `embeddings` (t, m) replaces X where a source printed other ones.
        """
        position = _POSITIONS[step_id]
        letter = method.made_with[position]
        if "X" not in self.inputs:
            given = self.inputs[letter]
            return self._shared(given if given.ndim == 3 else given[None])
        source = "Y" if position and "Y" in self.inputs else "X"
        if embeddings is not None and source == "X":
            return self._project(embeddings, letter, method)
        name = (source, letter, letter in method.transposed, letter in method.unbiased)
        if name not in self._projections:
            self._projections[name] = self._project(self.inputs[source], letter, method)
        return self._projections[name]

    def mask(self, method: Method) -> FloatArray | None:
        """What is added to the scaled scores, (t, s) or a shape that broadcasts to it."""
        return combine_masks(*(mask for name, mask in self.masks.items() if name not in method.masks_forgotten))

    def project(self, x: FloatArray, letter: str, method: Method) -> FloatArray:
        """x W + b, with the method's mistakes."""
        w = self.parameters[f"W_{letter}"]
        bias = None if letter in method.unbiased else self.parameters.get(f"b_{letter}")
        return project(x, w.T if letter in method.transposed else w, bias)

    def projected_slack(self, slack: FloatArray, letter: str) -> FloatArray:
        """How far queries, keys or values may be off, (h, rows, ·), where each number of X may be off by `slack`."""
        heads = self.shape.heads if letter == "Q" else self.shape.kv_heads
        return self._shared(split_heads(slack @ np.abs(self.parameters[f"W_{letter}"]), heads))

    def _project(self, x: FloatArray, letter: str, method: Method) -> FloatArray:
        heads = self.shape.heads if letter == "Q" else self.shape.kv_heads
        return self._shared(split_heads(self.project(x, letter, method), heads))

    def _shared(self, array: FloatArray) -> FloatArray:
        return share_heads(array, self.shape.heads)


def printed_decimals(decimals: int | None, tolerance: float) -> int:
    """The decimals of the published numbers: as given, or those whose half unit comes nearest to the tolerance."""
    return max(0, round(-math.log10(2 * tolerance))) if decimals is None else decimals


def _masks(example: Example, shape: Shape) -> dict[str, FloatArray]:
    """The example's masks as numbers, by the names of the settings."""
    settings = example.attention
    found: dict[str, FloatArray] = {}
    if settings.mask is not None:
        own = settings.mask
        found["mask"] = additive_mask(own.astype(np.bool_)) if own.dtype == np.bool_ else own.astype(np.float64)
    if settings.causal:
        found["causal"] = causal_mask(shape.queries, shape.keys)
    if settings.padding is not None:
        found["padding"] = padding_mask(settings.padding)
    return found


def _printed(example: Example) -> dict[str, Printed]:
    """Step id → its printed rows, all heads together."""
    rows: dict[str, list[tuple[int, int, tuple[float, ...]]]] = {}
    for name, of_step in ({} if example.published is None else example.published.rows).items():
        step_id, _, head = name.partition("@")
        rows.setdefault(step_id, []).extend((int(head or 0), row, values) for row, values in of_step.items())
    return {
        step_id: Printed(
            np.array([head for head, _, _ in found], dtype=np.intp),
            np.array([row for _, row, _ in found], dtype=np.intp),
            np.array([values for _, _, values in found], dtype=np.float64),
        )
        for step_id, found in rows.items()
        if found
    }
