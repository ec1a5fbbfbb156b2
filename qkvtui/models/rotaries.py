"""Rotary positions as config.json has them: theta, how much of a query is turned, and slower turns for long texts."""

from __future__ import annotations

import math

from ..errors import UsageError
from ..files.clean import clean_line
from ..files.phrases import with_commas
from ..graph.mechanisms import Pairs, Rotary
from ..said import say
from .values import Values

SLOWER = "rope_freqs.weight"
"""What the angles of slow pairs are divided by, as a GGUF file of Llama 3 has it."""
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
    head: int,
) -> Rotary:
    """The rotary positions: `own` are the settings for this kind of layer, `values` those of the model.

    Of a query of `head` numbers `width` are turned; None: all. Raises UsageError for turns that are not known.
    """
    theta = own.number("rope_theta", values.number("rope_theta", theta)) or theta
    scaling = values.table("rope_scaling") if values.given.get("rope_scaling") else own
    kind = scaling.text("rope_type", scaling.text("type", ""))
    turned = head if width is None else width
    _check(values, turned, head, factors)
    if kind == "linear":
        slower = scaling.number("factor", 1.0) or 1.0
        factors = tuple(slower * factor for factor in factors or (1.0,) * (turned // 2))
    elif kind == "llama3":
        factors = _llama3(scaling, theta, turned)
    elif kind not in _UNCHANGED:
        raise _unknown(values, kind)
    if all(factor == 1.0 for factor in factors):
        factors = ()
    return Rotary(theta=theta, width=width, pairs=pairs, factors=factors)


def plain_rotary(
    values: Values, *, head: int, theta: float = 10000.0, width: int | None = None, pairs: Pairs = "halves"
) -> Rotary:
    """Rotary positions that nothing slows down, whatever the model's settings say. Raises UsageError."""
    none = Values({}, values.file)
    return rotary_of(none, none, theta=theta, width=width, pairs=pairs, head=head)


def _check(values: Values, turned: int, head: int, factors: tuple[float, ...]) -> None:
    if turned % 2 or not 0 < turned <= head:
        raise values.refusal(
            say(
                "of the {head} numbers of a query, {turned} are to be turned by its position; it is an even number "
                "from 2 to {head}",
                head=head,
                turned=turned,
            )
        )
    if factors and len(factors) != turned // 2:
        raise values.refusal(
            say(
                "{name} has {count} numbers; {pairs} pairs are turned",
                name=SLOWER,
                count=len(factors),
                pairs=turned // 2,
            )
        )
    if not all(0 < factor < math.inf for factor in factors):
        raise values.refusal(say("{name} has a number that is not finite and above 0", name=SLOWER))


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
