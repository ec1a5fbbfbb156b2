"""Attention with everything that can be added to it, in plain NumPy, from the tables of a file as they stand there.

Nothing here comes from qkvtui. All of it is analytic but for the largest score of a row, which is only subtracted: fed
with complex numbers it gives its own derivatives (complex step), to the last digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = Any
Tables = Mapping[str, Mapping[str, Any]]


def steps(tables: Tables, tokens: int, keys: int) -> dict[str, Array]:
    """Step id → (h, rows, columns), with one head where a step is no single head's."""
    inputs, parameters, settings = (
        {name: _array(value) for name, value in tables.get(table, {}).items() if not name.endswith("features")}
        if table != "attention"
        else tables[table]
        for table in ("inputs", "parameters", "attention")
    )
    found: dict[str, Array] = {}
    first = keys - tokens if settings.get("causal") == "last" else 0
    q, k, v = _three(inputs, parameters, settings, found)
    found["values"] = v
    if q is None:
        scores = inputs["S"] if inputs["S"].ndim == 3 else inputs["S"][None]
        scores = np.broadcast_to(scores, (max(len(scores), len(v)), *scores.shape[1:]))
        found["scores"] = scores
    else:
        scores = _scores(q, k, parameters, settings, first, found)
    heads = len(scores)
    v = np.repeat(v, heads // len(v), axis=0)
    found["values"] = v
    scale = settings.get("scale", "none" if q is None else "1/sqrt(d_k)")
    if scale != "none":
        scores = scores * (1 / np.sqrt(float(found["queries"].shape[-1])) if isinstance(scale, str) else scale)
        found["scaled"] = scores
    if "softcap" in settings:
        scores = settings["softcap"] * np.tanh(scores / settings["softcap"])
        found["capped"] = scores
    if "bias" in settings:
        scores = scores + _bias(settings["bias"], heads, tokens, keys, first)
        found["biased"] = scores
    allowed, added = _mask(settings, heads, tokens, keys, first)
    if added is not None:
        found["masked"] = np.where(allowed, scores + np.where(allowed, added, 0), -np.inf)
    found["weights"] = weights = _softmax(
        scores + (0 if added is None else np.where(allowed, added, 0)), allowed, settings
    )
    found["output"] = last = weights @ v
    if heads > 1:
        last = np.concatenate(list(last), axis=-1)[None]
        found["heads"] = last
    if "W_O" in parameters:
        found["projected"] = last @ parameters["W_O"] + parameters.get("b_O", 0)
    return found


def last_of(found: Mapping[str, Array]) -> Array:
    """(t, d): what attention ends with."""
    return next(found[step] for step in ("projected", "heads", "output") if step in found)[0]


def _array(value: Any) -> Array:
    return value if isinstance(value, np.ndarray) else np.array(value, dtype=float)


def _three(inputs: Any, parameters: Any, settings: Any, found: dict[str, Array]) -> tuple[Array, Array, Array]:
    if "S" in inputs:
        return None, None, inputs["V"] if inputs["V"].ndim == 3 else inputs["V"][None]
    if "X" in inputs:
        heads = settings.get("heads", 1)
        groups = settings.get("kv_heads", heads)
        x = inputs["X"]
        y = inputs.get("Y", x)
        z = inputs.get("Z", y)
        found["embeddings"] = x[None]
        q, k, v = (
            _split(source @ parameters[f"W_{letter}"] + parameters.get(f"b_{letter}", 0), count)
            for letter, source, count in (("Q", x, heads), ("K", y, groups), ("V", z, groups))
        )
    else:
        q, k, v = (inputs[name] if inputs[name].ndim == 3 else inputs[name][None] for name in "QKV")
    k = np.repeat(k, len(q) // len(k), axis=0)
    found["queries"], found["keys"] = q, k
    return q, k, v


def _split(rows: Array, count: int) -> Array:
    width = rows.shape[1] // count
    return np.stack([rows[:, i * width : (i + 1) * width] for i in range(count)])


def _scores(q: Array, k: Array, parameters: Any, settings: Any, first: int, found: dict[str, Array]) -> Array:
    if settings.get("norm") == "rms":
        q, k = (
            x / np.sqrt((x * x).sum(-1, keepdims=True) / x.shape[-1] + 1e-6) * parameters[f"g_{letter}"]
            for letter, x in (("Q", q), ("K", k))
        )
        found["normed_queries"], found["normed_keys"] = q, k
    if "rotary" in settings:
        rotary = settings["rotary"]
        q, k = _rotated(q, rotary, first), _rotated(k, rotary, 0)
        found["rotated_queries"], found["rotated_keys"] = q, k
    scoring = settings.get("scoring", "dot")
    if scoring == "cosine":
        q, k = _of_length_1(q), _of_length_1(k)
        found["unit_queries"], found["unit_keys"] = q, k
    if scoring == "general":
        q = q @ parameters["W_S"]
        found["mapped_queries"] = q
    if scoring == "additive":
        scores = np.stack(
            [[[(parameters["v_S"] * np.tanh(a + b)).sum() for b in k[h]] for a in q[h]] for h in range(len(q))]
        )
    else:
        scores = q @ np.swapaxes(k, -1, -2)
    found["scores"] = scores
    return scores


def _of_length_1(x: Array) -> Array:
    squares = (x * x).sum(-1, keepdims=True)
    return np.where(squares == 0, 0, x / np.sqrt(np.where(squares == 0, 1, squares)))


def _rotated(x: Array, rotary: Any, first: int) -> Array:
    """By complex numbers a + ib, times e^(i·angle), pair by pair."""
    width = rotary.get("width", x.shape[-1])
    turned = x.copy()
    for row in range(x.shape[1]):
        for pair in range(width // 2):
            angle = (rotary.get("first", 0) + first + row) / rotary.get("theta", 10000.0) ** (2 * pair / width)
            c, s = np.cos(angle), np.sin(angle)
            a, b = (pair, pair + width // 2) if rotary.get("pairs", "halves") == "halves" else (2 * pair, 2 * pair + 1)
            turned[:, row, [a, b]] = x[:, row, [a, b]] @ np.array([[c, s], [-s, c]])
    return turned


def _bias(bias: Any, heads: int, tokens: int, keys: int, first: int) -> Array:
    if not isinstance(bias, dict):
        return np.array(bias, dtype=float)
    found = np.zeros((heads, tokens, keys))
    for h in range(heads):
        for i in range(tokens):
            for j in range(keys):
                if bias["kind"] == "alibi":
                    found[h, i, j] = -bias["slopes"][h] * abs(first + i - j)
                else:
                    row = bias["table"][h]
                    middle = len(row) // 2
                    found[h, i, j] = row[middle + max(-middle, min(middle, j - first - i))]
    return found


def _mask(settings: Any, heads: int, tokens: int, keys: int, first: int) -> tuple[Array, Array]:
    if not any(settings.get(name) for name in ("causal", "mask", "padding", "window")):
        return np.ones((heads, tokens, keys), dtype=bool), None
    allowed, added = np.ones((heads, tokens, keys), dtype=bool), np.zeros((heads, tokens, keys))
    if settings.get("mask"):
        numbers = [[-np.inf if cell is None else cell for cell in row] for row in _rows(settings["mask"], keys)]
        mask = np.array(numbers).reshape(-1, tokens, keys)
        if isinstance(numbers[0][0], bool):
            allowed &= mask.astype(bool)
        else:
            allowed &= np.isfinite(mask)
            added = added + mask
    for i in range(tokens):
        for j in range(keys):
            if settings.get("causal") and j > first + i:
                allowed[:, i, j] = False
            if settings.get("window") and abs(first + i - j) >= settings["window"]:
                allowed[:, i, j] = False
            if settings.get("padding") and not settings["padding"][j]:
                allowed[:, i, j] = False
    return allowed, added


def _rows(mask: Any, keys: int) -> list[list[Any]]:
    return mask if not isinstance(mask[0][0], list) else [row for head in mask for row in head]


def _softmax(scores: Array, allowed: Array, settings: Any) -> Array:
    found = np.zeros_like(scores)
    for h, rows in enumerate(scores):
        for i, row in enumerate(rows):
            seen = allowed[h, i]
            if not seen.any():
                continue
            sink = settings["sink"][h] if "sink" in settings else None
            largest = max([*(row[seen].real), *([] if sink is None else [sink])])
            powers = np.exp(row[seen] - largest)
            total = powers.sum() + (0 if sink is None else np.exp(sink - largest))
            found[h, i, seen] = powers / total
    return found
