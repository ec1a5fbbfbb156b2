"""Slips with masks and with what is added to the scores."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import numpy as np

from ...engine.arrays import FloatArray
from ...engine.masks import causal_mask, window_mask
from ...graph.masks import Mask, Masks
from ...graph.mechanisms import first_position
from .changes import ForbiddenAs, Plus, Times, WithoutInfinity
from .estimates import bias_factor_that_was_used, mask_number_that_was_used
from .exercise import Exercise
from .method import Method
from .mistakes import FixedNumbers, Same
from .ways import Way, after, before, choices
from .working import working_of

_LARGE = -1e9
"""What many write for −∞: where everything is masked, all shares are equal."""
_USUAL = (_LARGE, -1e4, -1e5, -65504.0, -1e6, -3.4028235e38, -100.0, -1000.0, -10.0)
_LARGE_SCORE = 30.0


def late(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Only after softmax: 0, and nothing shared out again."""
    if _forbids(exercise):
        finite = before(exercise, method, "masked", "mask", WithoutInfinity())
        yield Way(after(exercise, finite, {"weights": ForbiddenAs(0.0)}))


def forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    """One mask, or all."""
    if "masked" not in exercise.worked:
        return
    for names in choices(tuple(exercise.masks)):
        left = tuple(mask for name, mask in exercise.masks.items() if name not in names)
        yield Way(method.with_changes({"mask": Masks(left)}), _parts(names))


def inverted(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Looking allowed where it is forbidden, and the other way round."""
    turned = {name: _inverted(array) for name, array in _arrays(exercise).items() if np.isneginf(array).any()}
    for names in choices(tuple(turned)):
        yield from _masked_by(exercise, method, {name: turned[name] for name in names}, _parts(names))


def multiplied(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Scores times 0 where looking is forbidden: a score of 0, which has its share.

    Where scores are large, or whole rows forbidden, a finite mask gives the same and is likelier.
    """
    if _forbids(exercise):
        forbidden = np.isneginf(_total(exercise))
        last = working_of(exercise).whole(exercise.graph.rows["masked"].operation.sources[0])
        sure = bool((forbidden.any(-1) & ~forbidden.all(-1)).any() and np.abs(last).max() < _LARGE_SCORE)
        yield Way(after(exercise, method, {"masked": ForbiddenAs(0.0)}), sure=sure)


def added_as_numbers(exercise: Exercise, method: Method) -> Iterator[Way]:
    """1 added where looking is allowed, and 0 where it is forbidden."""
    if _forbids(exercise):
        yield Way(method.with_changes({"mask": FixedNumbers(np.where(np.isneginf(_total(exercise)), 0.0, 1.0))}))


def not_infinite(exercise: Exercise, method: Method) -> Iterator[Way]:
    """A finite number for −∞: added to the scores, or put in their place."""
    if not _forbids(exercise):
        return
    total = _total(exercise)
    forbidden = np.isneginf(total)
    for filled in (False, True):
        found = mask_number_that_was_used(exercise, total, filled=filled)
        for number in dict.fromkeys((*_USUAL, *found)):
            if filled:
                way = after(exercise, method, {"masked": ForbiddenAs(number)})
            else:
                way = method.with_changes({"mask": FixedNumbers(np.where(forbidden, number, total))})
            yield Way(way, (f"{number:g}",), sure=number in _USUAL)


def shifted(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The causal mask one off, or aligned with the other end; also one that is written out."""
    settings, shape = exercise.example.attention, exercise.shape
    queries, keys = shape.queries, shape.keys
    if settings.causal:
        first = first_position(settings.causal, queries, keys)
        for start in dict.fromkeys((first - 1, first + 1, 0, keys - queries)):
            if start != first:
                changed = {"causal": causal_mask(queries, keys, start)}
                if settings.window is not None and start not in (first - 1, first + 1):
                    changed["window"] = window_mask(queries, keys, settings.window, start)
                yield from _masked_by(exercise, method, changed)
    elif _written_band(exercise) is not None:
        low, high = _written_band(exercise) or (0, 0)
        for end in (high - 1, high + 1, keys - queries):
            if end != high and high < keys - 1:
                yield from _masked_by(exercise, method, {"mask": _band(queries, keys, low, end)})


def window_off(exercise: Exercise, method: Method) -> Iterator[Way]:
    """A window one too short or one too long; also one that is written out."""
    settings, shape = exercise.example.attention, exercise.shape
    queries, keys = shape.queries, shape.keys
    if settings.window is not None:
        first = first_position(settings.causal, queries, keys)
        for width in (settings.window - 1, settings.window + 1):
            if width > 0:
                changed = {"window": window_mask(queries, keys, width, first)}
                yield from _masked_by(exercise, method, changed, (str(width),))
    elif _written_band(exercise) is not None:
        low, high = _written_band(exercise) or (0, 0)
        for start in (low + 1, low - 1):
            if low > 1 - queries and start <= high:
                yield from _masked_by(exercise, method, {"mask": _band(queries, keys, start, high)}, (str(1 - start),))


def on_queries(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Padding that takes rows away, not columns."""
    padding = exercise.example.attention.padding
    if padding is not None and exercise.shape.queries == exercise.shape.keys:
        rows = np.where(padding, 0.0, -inf)[:, None]
        changed = {"padding": np.broadcast_to(rows, (len(rows), len(rows)))}
        yield from _masked_by(exercise, method, changed)


def negated(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The bias taken away, not added."""
    yield from _with_bias_times(exercise, method, -1.0)


def before_scale(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The bias added first and scaled with the scores."""
    if "scaled" not in exercise.worked or exercise.scale == 1:
        return
    yield from _with_bias_times(exercise, method, exercise.scale)
    if "biased" in exercise.worked:
        source = exercise.graph.rows["biased"].operation.sources[0]
        early = before(exercise, method, "scaled", "scores", Plus(Same("bias")))
        yield Way(early.with_changes({"biased": Same(source)}))
    elif _bias(exercise) is not None:
        forbidden = np.isneginf(_total(exercise))
        finite = FixedNumbers(np.where(forbidden, 0.0, _total(exercise)))
        early = before(exercise, method, "scaled", "scores", Plus(finite))
        yield Way(early.with_changes({"mask": FixedNumbers(np.where(forbidden, -inf, 0.0))}))


def rescaled(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The bias multiplied by something."""
    bias = _bias(exercise)
    if bias is not None:
        for factor in bias_factor_that_was_used(exercise, bias):
            if factor not in (-1.0, exercise.scale, 0.0):
                ways = _with_bias_times(exercise, method, factor, (f"{factor:.4g}",))
                yield from (way._replace(sure=False) for way in ways)


def bias_left_out(exercise: Exercise, method: Method) -> Iterator[Way]:
    """What is added to the scores, forgotten."""
    if "biased" in exercise.worked:
        yield from _with_bias_times(exercise, method, 0.0, ("attention.bias",))


def _with_bias_times(exercise: Exercise, method: Method, factor: float, parts: tuple[str, ...] = ()) -> Iterator[Way]:
    """The bias multiplied: the setting of that name, or the finite numbers of a mask."""
    if "biased" in exercise.worked:
        yield Way(after(exercise, method, {"bias": Times(factor)}), parts)
    elif _bias(exercise) is not None:
        total = _total(exercise)
        with np.errstate(over="ignore", invalid="ignore"):
            changed = np.where(np.isneginf(total), -inf, total * factor)
        yield Way(method.with_changes({"mask": FixedNumbers(changed)}), parts)


def _bias(exercise: Exercise) -> FloatArray | None:
    """(h | 1, t, s): what is added to the scores where looking is allowed; None where nothing is."""
    if "biased" in exercise.worked:
        return working_of(exercise).whole("bias")
    if "masked" not in exercise.worked:
        return None
    total = _total(exercise)
    finite = np.where(np.isneginf(total), 0.0, total)
    return finite if finite.any() else None


def _masked_by(
    exercise: Exercise, method: Method, others: dict[str, FloatArray], parts: tuple[str, ...] = ()
) -> Iterator[Way]:
    """The method with these masks instead of those of their names; where all is masked, with −∞ and with −1e9."""
    total = sum({**_arrays(exercise), **others}.values(), np.zeros((1, 1, 1)))
    yield Way(method.with_changes({"mask": FixedNumbers(total)}), parts)
    if np.isneginf(total).all(axis=-1).any():
        masked = method.with_changes({"mask": FixedNumbers(total)})
        yield Way(after(exercise, masked, {"masked": ForbiddenAs(_LARGE)}), parts)


def _written_band(exercise: Exercise) -> tuple[int, int] | None:
    """(lowest, highest) key − query that a written mask of truth values allows, if it allows just those between."""
    mask, shape = exercise.example.attention.mask, exercise.shape
    if mask is None or mask.dtype != np.bool_ or mask.ndim != 2 or not mask.any():
        return None
    offsets = np.arange(shape.keys)[None] - np.arange(shape.queries)[:, None]
    low, high = int(offsets[mask].min()), int(offsets[mask].max())
    return (low, high) if bool((mask == ((offsets >= low) & (offsets <= high))).all()) else None


def _band(queries: int, keys: int, low: int, high: int) -> FloatArray:
    """(1, t, s): 0 where low ≤ key − query ≤ high, −∞ elsewhere."""
    offsets = np.arange(keys)[None] - np.arange(queries)[:, None]
    return np.where((offsets >= low) & (offsets <= high), 0.0, -inf)[None]


def _arrays(exercise: Exercise) -> dict[str, FloatArray]:
    """Each mask as (h | 1, t, s)."""
    shape = exercise.shape
    return {name: _of(mask, shape.queries, shape.keys) for name, mask in exercise.masks.items()}


def _of(mask: Mask, queries: int, keys: int) -> FloatArray:
    numbers = np.asarray(mask.numbers(slice(0, queries)))
    return numbers if numbers.ndim == 3 else np.broadcast_to(numbers, (queries, keys))[None]


def _total(exercise: Exercise) -> FloatArray:
    found: FloatArray = sum(_arrays(exercise).values(), np.zeros((1, exercise.shape.queries, exercise.shape.keys)))
    return found


def _forbids(exercise: Exercise) -> bool:
    return "masked" in exercise.worked and bool(np.isneginf(_total(exercise)).any())


def _inverted(mask: FloatArray) -> FloatArray:
    return np.where(np.isneginf(mask), 0.0, -inf)


def _parts(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"attention.{name}" for name in names)
