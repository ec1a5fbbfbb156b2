"""Which steps' numbers a fact tells, for pages on which those numbers are hidden."""

from __future__ import annotations

from ..graph.rows import PARAMETERS
from ..graph.steps import STEPS

_SCORES, _SCALED, _WEIGHTS = ("scores",), ("scaled",), ("weights",)
_READ = ("logits", "probabilities")
_GRADIENTS = tuple(
    f"d_{name}" for name in (*(kind.id for kind in STEPS if kind.has_gradient), "logits", *PARAMETERS, "X", "Y")
)
_PRINTED = ("scores", "scaled", "weights")
_FIRST_AND_OTHERS = ("first", "first_one", "first_weight", "first_percent", "others", "effective", "ties", "mixture")

_ROWS = ("queries", "keys")
_NORMED = ("normed_queries", "normed_keys")
_CHANGED = (
    *("rotated_queries", "rotated_keys", "unit_queries", "unit_keys", "mapped_queries"),
    *("capped", "biased"),
)

_AROUND = (
    *("word_rows", "scaled_rows", "place_rows", "type_rows", "placed", "normed_rows"),
    *("normed", "normed_found", "added", "normed_added", "hidden", "gate", "activated", "gated"),
    *("fed", "normed_fed", "fed_added", "left", "normed_left"),
    *("logits", "capped_logits", "tempered", "probabilities"),
)

TELLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("here", "cell_here"), (*_NORMED, *_CHANGED, *_AROUND)),
    **dict.fromkeys(("before", "cell_before", "squares"), (*_ROWS, *_NORMED, *_CHANGED, "scores", "scaled", *_AROUND)),
    "found": ("output", "heads", "projected", *_AROUND),
    **dict.fromkeys(("mean_here", "variance_here", "mean_square_here"), ("projected", *_AROUND)),
    "next_words": ("logits", "capped_logits", "tempered", "probabilities"),
    **dict.fromkeys(("sunk", "sunk_percent"), ("weights",)),
    **dict.fromkeys(("x_query", "x_features", "has_x_features"), ("embeddings",)),
    "q_query": ("queries",),
    "k_key": ("keys",),
    "v_key": ("values",),
    **dict.fromkeys(("asks", "avoids", "asks_for", "asks_not"), ("queries",)),
    **dict.fromkeys(("offers", "has_offers"), ("keys",)),
    **dict.fromkeys(("hands", "own", "hands_over"), ("values",)),
    **dict.fromkeys(("products", "has_products"), (*_ROWS, *_NORMED, *_CHANGED, *_SCORES)),
    "mixed": ("output", "heads"),
    **dict.fromkeys(("mixed_with_own", "mixed_alone"), ("values", "output", "heads")),
    **dict.fromkeys(("empty", "empty_share", "empty_part", "has_empty"), ("weights", "values", "output", "heads")),
    "score": _SCORES,
    "best_score": _SCORES,
    "best_score_token": _SCORES,
    "best_score_tokens": _SCORES,
    "score_tie": _SCORES,
    "scaled": _SCALED,
    "weight": _WEIGHTS,
    "weight_percent": _WEIGHTS,
    **dict.fromkeys(_FIRST_AND_OTHERS, _WEIGHTS),
    "other_heads": _WEIGHTS,
    "row_total": _WEIGHTS,
    "has_second": _WEIGHTS,
    "has_ties": _WEIGHTS,
    "printed_key": _WEIGHTS,
    "printed_first": _WEIGHTS,
    "printed_differs": _WEIGHTS,
    "printed_differs_first": _WEIGHTS,
    **dict.fromkeys(("conflict_larger", "conflict_smaller", "order_conflict"), _PRINTED),
    **{f"conflict_{which}_{what}": _PRINTED for which in ("larger", "smaller") for what in ("score", "weight")},
    "blind": ("weights", "output", "heads"),
    "o_query": ("output", "heads"),
    "p_query": ("projected",),
    "identity_q": ("queries",),
    "identity_k": ("keys",),
    "identity_v": ("values",),
    "z_query": ("logits",),
    **dict.fromkeys(("shares_query", "label_probability", "answer", "reads_right", "reads_wrong"), _READ),
    **dict.fromkeys(("guesses_right", "guesses_wrong"), _READ),
    **dict.fromkeys(("loss", "own_loss", "missing"), ("loss", "weights", "output", *_READ)),
    **dict.fromkeys(("gradient", "rises", "falls", "whole", "whole_rises", "whole_falls"), _GRADIENTS),
    "nudge": ("loss", "weights", "output", *_READ, *_GRADIENTS),
    "mean": ("weights", "d_weights"),
    **dict.fromkeys(("direction", "new"), ("update", *_GRADIENTS)),
}
"""Fact or condition → the steps; one that is not here tells of no computed number."""

SLOT = "____"
"""Stands where a number is hidden, as wide whatever the number is."""

CAN_BE_BLANK = frozenset(
    (
        *("here", "before", "cell_here", "cell_before"),
        *("q_query", "k_key", "v_key", "score", "scaled", "o_query", "p_query", "z_query", "gradient", "new"),
    )
)
"""Facts that can be blanks in a sentence that still says how the number is found; other sentences are left out."""
