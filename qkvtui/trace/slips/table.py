"""SLIPS, the one table of known mistakes, most specific first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import NamedTuple

from ...graph.masks import Masks
from ...graph.steps import STEPS
from ...operations.elementwise import Scaled
from ...operations.operation import Operation
from ...operations.product import Product
from ...operations.softmax import Softmax
from .exercise import Exercise
from .method import Method, Rounding
from .mistakes import FiniteMask, MaskedLate, PlainShares, RoundedPowers

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
    if "scaled" in exercise.worked and exercise.scale != 1:
        yield _scaled_by(exercise, method, 1.0)


def _scale_by_d_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    if _is_standard(exercise) and exercise.shape.d_k > 1:
        yield _scaled_by(exercise, method, 1 / exercise.shape.d_k)


def _scale_by_d_model(exercise: Exercise, method: Method) -> Iterator[Way]:
    d_model = exercise.shape.d_model
    if _is_standard(exercise) and d_model not in (None, exercise.shape.d_k):
        yield _scaled_by(exercise, method, 1 / sqrt(d_model or 1))


def _is_standard(exercise: Exercise) -> bool:
    d_k = exercise.shape.d_k  # 0 where the scores are given
    return "scaled" in exercise.worked and d_k > 0 and isclose(exercise.scale, 1 / sqrt(d_k))


def _scaled_by(exercise: Exercise, method: Method, factor: float) -> Way:
    scaled = method.operation(exercise.graph, "scaled")
    assert isinstance(scaled, Scaled)
    return Way(method.with_changes({"scaled": replace(scaled, other=factor)}))


def _over_columns(exercise: Exercise, method: Method) -> Iterator[Way]:
    softmax = method.operation(exercise.graph, "weights")
    if isinstance(softmax, Softmax):
        yield Way(method.with_changes({"weights": replace(softmax, over="columns")}))


def _mask_late(exercise: Exercise, method: Method) -> Iterator[Way]:
    if any(setting.forbids for setting in exercise.masks.values()):
        masked, weights = (method.operation(exercise.graph, name) for name in ("masked", "weights"))
        source = masked.sources[0]
        late = MaskedLate("masked", weights)
        yield Way(method.with_changes({"masked": FiniteMask(source), "weights": late}))


def _mask_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    masked = exercise.graph.rows.get("masked")
    if masked is None:
        return
    for forgotten in _choices(tuple(exercise.masks)):
        parts = tuple(f"attention.{name}" for name in forgotten)
        left = tuple(mask for name, mask in exercise.masks.items() if name not in forgotten)
        yield Way(method.with_changes({"mask": Masks(left)}), parts)


def _no_exp(exercise: Exercise, method: Method) -> Iterator[Way]:
    weights = method.operation(exercise.graph, "weights")
    yield Way(method.with_changes({"weights": _with_shares(weights, lambda one: PlainShares(one.source, one.over))}))


def _with_shares(weights: Operation, make: Callable[[Softmax], Operation]) -> Operation:
    """What makes the weights, with something else in place of its softmax."""
    if isinstance(weights, Softmax):
        return make(weights)
    return replace(weights, made=_with_shares(weights.made, make)) if isinstance(weights, MaskedLate) else weights


def _early_rounding(exercise: Exercise, method: Method) -> Iterator[Way]:
    decimals = exercise.decimals
    printed = frozenset(exercise.printed)
    for rounding in (
        Rounding(decimals),
        Rounding(decimals, "even"),
        Rounding(decimals, "shares"),
        Rounding(decimals, steps=printed),
    ):
        yield Way(replace(method, rounding=rounding), (WHOLE_ROWS,) if rounding.ties == "shares" else ())
    weights = method.operation(exercise.graph, "weights")
    powers = {"weights": _with_shares(weights, lambda one: RoundedPowers(one.source, one.over, decimals))}
    yield Way(replace(method, rounding=Rounding(decimals)).with_changes(powers))


def _swap_q_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    if not {"queries", "keys"} <= exercise.graph.rows.keys():
        return
    square = exercise.shape.queries == exercise.shape.keys
    if square or "X" in exercise.leaves:
        yield from _ways_that_fit(exercise, _made_with(exercise, method, {"queries": "keys", "keys": "queries"}))
    if square:
        yield Way(_taken_for(exercise, method, {"queries": "keys", "keys": "queries"}))


def _swap_k_v(exercise: Exercise, method: Method) -> Iterator[Way]:
    if exercise.shape.d_k != exercise.shape.d_v or "keys" not in exercise.graph.rows:
        return
    swapped = {"keys": "values", "values": "keys"}
    yield from _ways_that_fit(exercise, _made_with(exercise, method, swapped))
    for taken in (swapped, {"values": "keys"}, {"keys": "values"}):
        yield Way(_taken_for(exercise, method, taken))


def _made_with(exercise: Exercise, method: Method, others: Mapping[str, str]) -> Method:
    """Each of these steps made with the matrices of another, from its own tokens."""
    changes: dict[str, Operation] = {}
    for step, other in others.items():
        own, theirs = (method.operation(exercise.graph, name) for name in (step, other))
        if isinstance(own, Product) and isinstance(theirs, Product):
            changes[step] = replace(theirs, pairs=((own.pairs[0][0], theirs.pairs[0][1]),))
        else:
            changes[step] = theirs
    return method.with_changes(changes)


def _ways_that_fit(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The method, unless it multiplies an input by a matrix that is for one of another width."""
    pairs = (pair for made in method.changes.values() if isinstance(made, Product) for pair in made.pairs)
    inside = ((left.name, right.name) for left, right in pairs if not right.turned)
    leaves = exercise.leaves
    if all(leaves[one].shape[-1] == leaves[other].shape[-2] for one, other in inside if {one, other} <= leaves.keys()):
        yield Way(method)


def _taken_for(exercise: Exercise, method: Method, others: Mapping[str, str]) -> Method:
    """Others taken for queries, keys or values in the two products of attention."""
    changes: dict[str, Operation] = {}
    for step in ("scores", "output"):
        product = method.operation(exercise.graph, step)
        if not isinstance(product, Product):  # additive scores
            continue
        pair = [replace(factor, name=others.get(factor.name, factor.name)) for factor in product.pairs[0]]
        changes[step] = replace(product, pairs=((pair[0], pair[1]),))
    own = exercise.graph.rows
    return method.with_changes({step: one for step, one in changes.items() if one != own[step].operation})


def _transposed(exercise: Exercise, method: Method) -> Iterator[Way]:
    square = [letter for letter in _LETTERS if _is_square(exercise, f"W_{letter}")]
    for letters in _choices(tuple(square), tuple(letter for letter in square if letter != "O")):
        changes = {}
        for letter in letters:
            step, product = _projection(exercise, method, letter)
            ((left, right),) = product.pairs
            changes[step] = replace(product, pairs=((left, replace(right, turned=True)),))
        yield Way(method.with_changes(changes), tuple(f"W_{letter}" for letter in letters))


def _is_square(exercise: Exercise, name: str) -> bool:
    return name in exercise.leaves and exercise.leaves[name].shape[1] == exercise.leaves[name].shape[2]


def _bias_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    biased = tuple(letter for letter in _LETTERS if f"b_{letter}" in exercise.leaves)
    for letters in _choices(biased, tuple(letter for letter in biased if letter != "O")):
        projections = [_projection(exercise, method, letter) for letter in letters]
        changes = {step: replace(product, bias=None) for step, product in projections}
        yield Way(method.with_changes(changes), tuple(f"b_{letter}" for letter in letters))


_LAST = next(kind.id for kind in STEPS if kind.needs == "W_O")
_LETTERS = {"Q": "queries", "K": "keys", "V": "values", "O": _LAST}
"""The letter of a matrix and its bias → the step that they make."""


def _projection(exercise: Exercise, method: Method, letter: str) -> tuple[str, Product]:
    """The step that a matrix and its bias stand in, by the method so far: another one where they were swapped."""
    for step in _LETTERS.values():
        product = method.changes.get(step) or (
            exercise.graph.rows[step].operation if step in exercise.graph.rows else None
        )
        if isinstance(product, Product) and product.pairs[0][1].name == f"W_{letter}":
            return step, product
    raise KeyError(letter)


def _choices(everything: tuple[str, ...], *more: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All of it, then `more`, then one at a time; each choice once."""
    choices = [everything, *more, *((one,) for one in everything)]
    return (choice for choice in dict.fromkeys(choices) if choice)


def _none(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Not a way of calculating: recognized by what the numbers cannot be."""
    return iter(())


_SCALING = frozenset(("scaled", "masked", "weights"))
_MASKING = frozenset(("masked", "weights"))
_PROJECTING = frozenset(_LETTERS.values())
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
