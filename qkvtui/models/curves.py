"""The curves of feed-forward parts by the names that config.json has for them."""

from __future__ import annotations

from typing import Final

from ..files.clean import clean_line
from ..files.phrases import listed
from ..graph.block import Curve
from ..said import say
from .values import Values

CURVES: Final[dict[str, Curve]] = {
    "gelu": "gelu",
    "gelu_fast": "gelu_tanh",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
}
"""By the names that config.json has for them."""


def curve_of(values: Values, name: str, default: str) -> Curve:
    """The curve that a setting names. Raises UsageError."""
    value = values.text(name, default)
    if value in CURVES:
        return CURVES[value]
    known = listed(sorted(CURVES))
    raise values.refusal(say('{name} is "{value}"; known are {names}', name=name, value=clean_line(value), names=known))
