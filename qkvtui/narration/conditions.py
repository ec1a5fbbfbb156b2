"""Whether a template's `when` or `unless` is true, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..graph.example import STANDARD_SCALE
from ..graph.rows import is_plain
from .block_facts import BLOCK_CONDITIONS
from .closing_facts import CLOSING_CONDITIONS
from .facts import Facts
from .feature_facts import FEATURE_CONDITIONS
from .learning_facts import LEARNING_CONDITIONS
from .part_facts import PART_CONDITIONS
from .variant_facts import VARIANT_CONDITIONS


def _identity(name: str) -> Callable[[Facts], bool]:
    def holds(facts: Facts) -> bool:
        matrix = facts.trace.example.parameters.get(name)
        biased = name.replace("W", "b") in facts.trace.example.parameters
        return (
            matrix is not None
            and matrix.shape[0] == matrix.shape[1]
            and not biased
            and facts.trace.shape.heads == 1
            and "asking" not in facts.trace.graph.roles
            and bool((matrix == np.eye(matrix.shape[0])).all())
        )

    return holds


def _is_additive(facts: Facts) -> bool:
    mask = facts.trace.example.attention.mask
    return mask is not None and mask.dtype != np.bool_ and bool((np.isfinite(mask) & (mask != 0)).any())


def _own_mask(facts: Facts) -> bool:
    mask = facts.trace.example.attention.mask
    return mask is not None and mask.dtype == np.bool_


CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    **LEARNING_CONDITIONS,
    **VARIANT_CONDITIONS,
    **CLOSING_CONDITIONS,
    **FEATURE_CONDITIONS,
    **BLOCK_CONDITIONS,
    **PART_CONDITIONS,
    "awaits_label": lambda facts: facts.trace.example.readout is None and not LEARNING_CONDITIONS["has_target"](facts),
    "in_columns": lambda facts: facts.texts.in_columns,
    "projected_in_columns": lambda facts: facts.texts.in_columns and "X" in facts.trace.example.inputs,
    "has_context": lambda facts: facts.trace.example.context is not None,
    "projected_inputs": lambda facts: "X" in facts.trace.example.inputs,
    "plain": lambda facts: is_plain(facts.trace.example),
    "plain_scores": lambda facts: is_plain(facts.trace.example) and facts.trace.example.attention.scoring == "dot",
    "hands_rows": lambda facts: not facts.blind and is_plain(facts.trace.example),
    "hands_values": lambda facts: not facts.blind and not is_plain(facts.trace.example),
    "same_source": lambda facts: "X" in facts.trace.example.inputs and facts.trace.example.context is None,
    "identity_q": _identity("W_Q"),
    "identity_k": _identity("W_K"),
    "identity_v": _identity("W_V"),
    "has_heads": lambda facts: facts.trace.shape.heads > 1,
    "own_mask": _own_mask,
    "shares_keys": lambda facts: facts.trace.shape.kv_heads < facts.trace.shape.heads,
    "score_tie": lambda facts: len(facts.best) > 1,
    "standard_scale": lambda facts: facts.trace.example.attention.scale == STANDARD_SCALE,
    "positive_scale": lambda facts: facts.trace.scale is not None and 0 < facts.trace.scale < 1,
    "padding": lambda facts: facts.trace.example.attention.padding is not None,
    "additive": _is_additive,
    "blind": lambda facts: facts.blind,
    "shared": lambda facts: facts.shares,
    "has_second": lambda facts: not facts.attends.blind and bool(facts.others),
    "has_ties": lambda facts: bool(facts.attends.ties),
    "printed_differs": lambda facts: facts.printed_differs(facts.place.key),
    "printed_differs_first": lambda facts: not facts.attends.blind and facts.printed_differs(facts.first),
    "order_conflict": lambda facts: facts.conflict is not None,
}
