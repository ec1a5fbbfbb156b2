"""SLIPS, the one table of known mistakes, most specific first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import NamedTuple

import numpy as np

from .exercise import Exercise
from .method import Method, Rounding

WHOLE_ROWS = "rows"
"""What early rounding was done to where each row of weights was rounded so that it adds up to 1."""


class Way(NamedTuple):
    """One way of committing a slip."""

    method: Method
    parts: tuple[str, ...] = ()
    """What of the example it was done to, where that is a choice (`b_Q`)."""


@dataclass(frozen=True)
class Slip:
    """One row of SLIPS."""

    id: str
    kind: str
    """Slips of one kind exclude each other; those of two kinds can be committed together."""
    ways: Callable[[Exercise, Method], Iterable[Way]]
    """The method with this mistake as well: none where it makes no sense for the example, several where it can be
    made in several places."""
    made_at: frozenset[str]
    """The steps at which somebody makes it, or sees it first."""
    single: bool = False
    """Whether it can befall one number of a row alone."""


def ways(slip: Slip, exercise: Exercise, method: Method) -> Iterator[Way]:
    """The ways of committing a slip that change the method at all."""
    return (way for way in slip.ways(exercise, method) if way.method != method)


def _no_scale(exercise: Exercise, method: Method) -> Iterator[Way]:
    if "scaled" in exercise.steps and exercise.scale != 1:
        yield Way(replace(method, scale=1.0))


def _scale_by_d_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    if _is_standard(exercise) and exercise.shape.d_k > 1:
        yield Way(replace(method, scale=1 / exercise.shape.d_k))


def _scale_by_d_model(exercise: Exercise, method: Method) -> Iterator[Way]:
    d_model = exercise.shape.d_model
    if _is_standard(exercise) and d_model not in (None, exercise.shape.d_k):
        yield Way(replace(method, scale=1 / sqrt(d_model or 1)))


def _is_standard(exercise: Exercise) -> bool:
    return "scaled" in exercise.steps and isclose(exercise.scale, 1 / sqrt(exercise.shape.d_k))


def _over_columns(exercise: Exercise, method: Method) -> Iterator[Way]:
    yield Way(replace(method, softmax_over="columns"))


def _mask_late(exercise: Exercise, method: Method) -> Iterator[Way]:
    if any(np.isneginf(mask).any() for mask in exercise.masks.values()):
        yield Way(replace(method, masks_late=True))


def _mask_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    for forgotten in _choices(tuple(exercise.masks)):
        parts = tuple(f"attention.{name}" for name in forgotten)
        yield Way(replace(method, masks_forgotten=frozenset(forgotten)), parts)


def _no_exp(exercise: Exercise, method: Method) -> Iterator[Way]:
    yield Way(replace(method, exponentials=False))


def _early_rounding(exercise: Exercise, method: Method) -> Iterator[Way]:
    decimals = exercise.decimals
    printed = frozenset(exercise.printed)
    for rounding in (
        Rounding(decimals),
        Rounding(decimals, "even"),
        Rounding(decimals, "shares"),
        Rounding(decimals, steps=printed),
        Rounding(decimals, exponentials=True),
    ):
        yield Way(replace(method, rounding=rounding), (WHOLE_ROWS,) if rounding.ties == "shares" else ())


def _swap_q_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    square = exercise.shape.queries == exercise.shape.keys
    if square or "X" in exercise.inputs:
        yield Way(replace(method, made_with=("K", "Q", "V")))
    if square:
        yield Way(replace(method, taken_for=("K", "Q", "V")))


def _swap_k_v(exercise: Exercise, method: Method) -> Iterator[Way]:
    if exercise.shape.d_k != exercise.shape.d_v:
        return
    yield Way(replace(method, made_with=("Q", "V", "K")))
    for taken_for in (("Q", "V", "K"), ("Q", "K", "K"), ("Q", "V", "V")):
        yield Way(replace(method, taken_for=taken_for))


def _transposed(exercise: Exercise, method: Method) -> Iterator[Way]:
    square = [
        letter
        for letter in "QKVO"
        if (w := exercise.parameters.get(f"W_{letter}")) is not None and w.shape[0] == w.shape[1]
    ]
    for letters in _choices(tuple(square), tuple(letter for letter in square if letter != "O")):
        parts = tuple(f"W_{letter}" for letter in letters)
        yield Way(replace(method, transposed=frozenset(letters)), parts)


def _bias_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    biased = tuple(letter for letter in "QKVO" if f"b_{letter}" in exercise.parameters)
    for letters in _choices(biased, tuple(letter for letter in biased if letter != "O")):
        yield Way(replace(method, unbiased=frozenset(letters)), tuple(f"b_{letter}" for letter in letters))


def _choices(everything: tuple[str, ...], *more: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All of it, then `more`, then one at a time; each choice once."""
    choices = [everything, *more, *((one,) for one in everything)]
    return (choice for choice in dict.fromkeys(choices) if choice)


def _none(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Not a way of calculating: recognized by what the numbers cannot be."""
    return iter(())


_SCALING = frozenset(("scaled", "masked", "weights"))
_MASKING = frozenset(("masked", "weights"))
_PROJECTING = frozenset(("queries", "keys", "values", "projected"))
_WEIGHTS = frozenset(("weights",))

SLIPS: tuple[Slip, ...] = (
    Slip("no-scale", "scale", _no_scale, _SCALING, single=True),
    Slip("scale-by-d_k", "scale", _scale_by_d_k, _SCALING, single=True),
    Slip("scale-by-d_model", "scale", _scale_by_d_model, _SCALING, single=True),
    Slip("softmax-over-columns", "axis", _over_columns, _WEIGHTS),
    Slip("mask-after-softmax", "mask", _mask_late, _MASKING),
    Slip("mask-forgotten", "mask", _mask_forgotten, _MASKING, single=True),
    Slip("no-exp", "exponential", _no_exp, _WEIGHTS),
    Slip(
        "early-rounding",
        "rounding",
        _early_rounding,
        _SCALING | _PROJECTING | {"scores", "output", "heads"},
        single=True,
    ),
    Slip("swap-q-k", "roles", _swap_q_k, frozenset(("queries", "keys", "scores"))),
    Slip("swap-k-v", "roles", _swap_k_v, frozenset(("keys", "values", "scores", "output"))),
    Slip("transposed-weights", "weights", _transposed, _PROJECTING),
    Slip("bias-forgotten", "bias", _bias_forgotten, _PROJECTING, single=True),
    Slip("impossible-softmax", "proof", _none, _WEIGHTS),
    Slip("arithmetic", "rest", _none, frozenset()),
)

SLIP_IDS: tuple[str, ...] = tuple(slip.id for slip in SLIPS)
IMPOSSIBLE, ARITHMETIC, EARLY_ROUNDING = "impossible-softmax", "arithmetic", "early-rounding"
