"""An attention layer in extended precision, for files of up to hundreds of tokens.

It shares no code with qkvtui, nor with `oracle.py`, which adds up exactly but is too slow for 512 tokens. Arrays are
`longdouble` (80 bits on x86). Beside every number stands how large the numbers are that it was added up from: what is
left after they cancel cannot be known better than to a few units in the last place of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.longdouble]


@dataclass(frozen=True)
class Sized:
    """Numbers, and for each the sum of the sizes of what was added up to it, all the way from the file."""

    values: Array
    sizes: Array

    @property
    def turned(self) -> Sized:
        """The transpose of the last two axes."""
        return Sized(self.values.swapaxes(-1, -2), self.sizes.swapaxes(-1, -2))

    def times(self, other: Sized) -> Sized:
        """The matrix product."""
        return Sized(
            np.einsum("...ij,...jk->...ik", self.values, other.values),
            np.einsum("...ij,...jk->...ik", self.sizes, other.sizes),
        )

    def plus(self, other: Sized) -> Sized:
        """The sum."""
        return Sized(self.values + other.values, self.sizes + other.sizes)

    def by(self, factor: np.longdouble) -> Sized:
        """Times a number."""
        return Sized(self.values * factor, self.sizes * abs(factor))

    def heads(self, count: int) -> Sized:
        """(rows, count·width) → (count, rows, width): head i has the i-th run of neighbouring columns."""
        return Sized(*(np.stack(np.split(one, count, axis=1)) for one in (self.values, self.sizes)))

    def shared(self, heads: int) -> Sized:
        """Each key/value head as often as it has query heads, one after the other."""
        times = heads // len(self.values)
        return Sized(np.repeat(self.values, times, axis=0), np.repeat(self.sizes, times, axis=0))


def from_file(array: Any) -> Sized:
    """A number of the file is exactly itself."""
    values = np.asarray(array).astype(np.longdouble)
    return Sized(values, np.abs(values))


def layer(inputs: Mapping[str, Any], parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Sized]:
    """Step id → its numbers, (heads, rows, columns); `heads` and `projected` without the first axis."""
    heads, kv_heads = settings.get("heads", 1), settings.get("kv_heads", settings.get("heads", 1))
    queries, keys, values = _queries_keys_values(inputs, parameters, heads, kv_heads)
    found = {"queries": queries, "keys": keys.shared(heads), "values": values.shared(heads)}
    found["scores"] = queries.times(found["keys"].turned)
    logits = found["scores"]
    scale = settings.get("scale", "1/sqrt(d_k)")
    if scale != "none":
        d_k = np.longdouble(queries.values.shape[-1])
        logits = found["scaled"] = logits.by(1 / np.sqrt(d_k) if scale == "1/sqrt(d_k)" else np.longdouble(scale))
    added = _mask(settings, logits.values.shape[-2:])
    if added is not None:
        sizes = np.where(np.isfinite(added), np.abs(added), 0)
        logits = found["masked"] = logits.plus(Sized(added, sizes))
    weights = softmax(logits.values)
    found["weights"] = Sized(weights, weights)
    found["output"] = found["weights"].times(found["values"])
    merged = Sized(*(np.concatenate(list(one), axis=1) for one in (found["output"].values, found["output"].sizes)))
    if heads > 1:
        found["heads"] = merged
    if "W_O" in parameters:
        found["projected"] = _projected(merged, parameters, "O")
    return found


def softmax(logits: Array) -> Array:
    """Shares of each row; zeros where a row may look at nothing."""
    largest = logits.max(axis=-1, keepdims=True)
    exponentials = np.exp(logits - np.where(np.isfinite(largest), largest, 0))
    totals = exponentials.sum(axis=-1, keepdims=True)
    return np.asarray(exponentials / np.where(totals == 0, 1, totals), dtype=np.longdouble)


def _queries_keys_values(
    inputs: Mapping[str, Any], parameters: Mapping[str, Any], heads: int, kv_heads: int
) -> tuple[Sized, Sized, Sized]:
    if "X" in inputs:
        x = from_file(inputs["X"])
        y = from_file(inputs["Y"]) if "Y" in inputs else x
        return (
            _projected(x, parameters, "Q").heads(heads),
            _projected(y, parameters, "K").heads(kv_heads),
            _projected(y, parameters, "V").heads(kv_heads),
        )
    q, k, v = (from_file(_by_head(np.asarray(inputs[name]))) for name in ("Q", "K", "V"))
    return q, k, v


def _by_head(array: NDArray[Any]) -> NDArray[Any]:
    return array if array.ndim == 3 else array[None]


def _projected(x: Sized, parameters: Mapping[str, Any], letter: str) -> Sized:
    product = x.times(from_file(parameters[f"W_{letter}"]))
    bias = parameters.get(f"b_{letter}")
    return product if bias is None else product.plus(from_file(bias))


def _mask(settings: Mapping[str, Any], shape: tuple[int, ...]) -> Array | None:
    """Everything that is added to the scaled scores; None without any mask."""
    own, padding, causal = settings.get("mask"), settings.get("padding"), settings.get("causal", False)
    if own is None and padding is None and not causal:
        return None
    added = np.zeros(shape, dtype=np.longdouble)
    if own is not None:
        table = np.asarray(own)
        added += np.where(table, 0, -np.inf) if table.dtype == np.bool_ else table.astype(np.longdouble)
    if padding is not None:
        added[:, ~np.asarray(padding)] = -np.inf
    if causal:
        rows, columns = np.indices(shape)
        added[columns > rows] = -np.inf
    return added
