"""SLIPS, the one table of known mistakes, most specific first."""

from __future__ import annotations

from collections.abc import Iterator

from . import cutting, dropping, masking, roles, rotating, rounding_off, scaling, softmaxes
from .exercise import Exercise
from .method import Method
from .ways import LETTERS, MASKING, MIXING, PROJECTING, SCALING, WEIGHTS, Slip, Way


def _bias_forgotten(exercise: Exercise, method: Method) -> Iterator[Way]:
    """A bias of the projections, or what is added to the scores."""
    yield from roles.bias_forgotten(exercise, method)
    yield from masking.bias_left_out(exercise, method)


def _none(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Not a way of calculating: recognized by what the numbers cannot be."""
    return iter(())


_ROLES = frozenset(("queries", "keys", "scores"))
_CUT = frozenset(("queries", "keys", "values", "heads", "scores", "weights", "output"))
_ROTATING = frozenset(("rotated_queries", "rotated_keys", "scores"))

SLIPS: tuple[Slip, ...] = (
    Slip("no-scale", "scale", scaling.no_scale, SCALING, usual=True),
    Slip("scale-by-d_k", "scale", scaling.by_d_k, SCALING, usual=True),
    Slip("scale-by-d_model", "scale", scaling.by_d_model, SCALING, usual=True),
    Slip("scale-after-softmax", "scale", scaling.after_softmax, WEIGHTS),
    Slip("softmax-over-columns", "axis", softmaxes.over_columns, WEIGHTS, usual=True),
    Slip("softmax-over-all", "axis", softmaxes.over_all, WEIGHTS),
    Slip("softmax-twice", "again", softmaxes.twice, WEIGHTS),
    Slip("softmax-plus-one", "axis", softmaxes.plus_one, WEIGHTS),
    Slip("no-exp", "exponential", softmaxes.without_exp, WEIGHTS, usual=True),
    Slip("mask-forgotten", "mask", masking.forgotten, MASKING, usual=True),
    Slip("mask-after-softmax", "mask", masking.late, MASKING, usual=True),
    Slip("mask-inverted", "mask", masking.inverted, MASKING, usual=True),
    Slip("mask-multiplied", "mask", masking.multiplied, MASKING),
    Slip("mask-added-as-numbers", "mask", masking.added_as_numbers, MASKING),
    Slip("causal-shifted", "mask", masking.shifted, MASKING, usual=True),
    Slip("window-off-by-one", "mask", masking.window_off, MASKING),
    Slip("padding-on-queries", "mask", masking.on_queries, MASKING),
    Slip("mask-not-infinite", "mask", masking.not_infinite, MASKING),
    Slip("bias-forgotten", "bias", _bias_forgotten, PROJECTING | {"biased"}, usual=True),
    Slip("bias-before-scale", "added", masking.before_scale, MASKING | {"biased", "scaled"}),
    Slip("bias-negated", "added", masking.negated, MASKING | {"biased"}),
    Slip("swap-q-k", "roles", roles.swapped_q_k, _ROLES, usual=True),
    Slip("swap-k-v", "roles", roles.swapped_k_v, frozenset(("keys", "values", "scores", "output")), usual=True),
    Slip("values-are-inputs", "roles", roles.values_are_inputs, frozenset(("output",))),
    Slip("transposed-weights", "weights", roles.transposed, PROJECTING, usual=True),
    Slip("keys-not-transposed", "roles", roles.keys_not_transposed, frozenset(("scores",))),
    Slip("attention-transposed", "mixing", roles.attention_transposed, frozenset(("output",)), usual=True),
    Slip("weights-times-scores", "mixing", roles.weights_times_scores, frozenset(("output",))),
    Slip("heads-cut-wrongly", "heads", cutting.cut_wrongly, _CUT, usual=True),
    Slip("heads-averaged", "heads", cutting.averaged, WEIGHTS),
    Slip("groups-tiled", "heads", cutting.groups_tiled, frozenset(("keys", "values", "scores", "output"))),
    Slip("output-projection-forgotten", "last", roles.projection_forgotten, frozenset((LETTERS["O"],)), usual=True),
    Slip("residual-added", "last", roles.residual_added, MIXING),
    Slip("rotation-forgotten", "rotation", rotating.forgotten, _ROTATING, usual=True),
    Slip("rotation-pairs-swapped", "rotation", rotating.pairs_swapped, _ROTATING),
    Slip(
        "early-rounding",
        "rounding",
        rounding_off.early,
        SCALING | PROJECTING | {"scores", "output", "heads"},
        usual=True,
    ),
    Slip("truncated", "rounding", rounding_off.cut, frozenset()),
    Slip("dropout-on", "dropout", dropping.left_on, WEIGHTS),
    Slip("other-scale", "scale", scaling.another, SCALING),
    Slip("bias-rescaled", "added", masking.rescaled, MASKING | {"biased"}),
    Slip("row-adjusted", "proof", _none, WEIGHTS),
    Slip("misprinted-parameter", "proof", _none, PROJECTING),
    Slip("copied-wrong", "proof", _none, frozenset()),
    Slip("impossible-softmax", "proof", _none, WEIGHTS),
    Slip("arithmetic", "rest", _none, frozenset()),
)

SLIP_IDS: tuple[str, ...] = tuple(slip.id for slip in SLIPS)
USUAL: frozenset[str] = frozenset(slip.id for slip in SLIPS if slip.usual)
IMPOSSIBLE, ARITHMETIC, EARLY_ROUNDING = "impossible-softmax", "arithmetic", "early-rounding"
ADJUSTED, MISPRINTED, COPIED = "row-adjusted", "misprinted-parameter", "copied-wrong"
