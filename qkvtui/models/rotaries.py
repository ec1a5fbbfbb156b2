"""Rotary positions as config.json has them: theta, how much of a query is turned, and slower turns for long texts."""

from __future__ import annotations

import math

from ..errors import UsageError
from ..files.clean import clean_line
from ..files.phrases import with_commas
from ..graph.mechanisms import Pairs, Rotary
from ..said import say
from .values import Values

_KNOWN = ("default", "linear", "llama3")
_UNCHANGED = ("default", "dynamic", "")
"""Kinds of turns that are the usual ones while a text is no longer than the model was trained for."""


def rotary_of(
    own: Values,
    values: Values,
    *,
    theta: float = 10000.0,
    width: int | None = None,
    pairs: Pairs = "halves",
    factors: tuple[float, ...] = (),
    head: int = 0,
) -> Rotary:
    """The rotary positions: `own` are the settings for this kind of layer, `values` those of the model.

    Of a query of `head` numbers `width` are turned; None: all. Raises UsageError for turns that are not known.
    """
    theta = own.number("rope_theta", values.number("rope_theta", theta)) or theta
    scaling = values.table("rope_scaling") if values.given.get("rope_scaling") else own
    kind = scaling.text("rope_type", scaling.text("type", ""))
    turned = width or head
    if kind == "linear":
        factors = (scaling.number("factor", 1.0) or 1.0,) * (turned // 2)
    elif kind == "llama3":
        factors = _llama3(scaling, theta, turned)
    elif kind not in _UNCHANGED and not factors:
        raise _unknown(values, kind)
    if all(factor == 1.0 for factor in factors):
        factors = ()
    return Rotary(theta=theta, width=width, pairs=pairs, factors=factors)


def _unknown(values: Values, kind: str) -> UsageError:
    return values.refusal(
        say('rope_type is "{value}"; known are {names}', value=clean_line(kind), names=with_commas(_KNOWN))
    )


def _llama3(scaling: Values, theta: float, turned: int) -> tuple[float, ...]:
    """For each pair: slow ones turn `factor` times more slowly, fast ones as usual, those between in between."""
    factor = scaling.number("factor", 8.0) or 8.0
    low, high = scaling.number("low_freq_factor", 1.0) or 1.0, scaling.number("high_freq_factor", 4.0) or 4.0
    trained = scaling.count("original_max_position_embeddings", 8192)
    found = []
    for pair in range(turned // 2):
        length = 2 * math.pi * theta ** (2 * pair / turned)  # in how many places it turns once
        smooth = (trained / length - low) / (high - low) if high != low else 0.0
        share = min(1.0, max(0.0, smooth))
        found.append(1 / ((1 - share) / factor + share))
    return tuple(found)
