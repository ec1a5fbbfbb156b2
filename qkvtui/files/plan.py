"""Which steps an example has, and how long their rows are, as far as its inputs and settings tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .draft import Table
from .example import NO_SCALE
from .forms import Need, need
from .names import OF_KEYS
from .sizes import Sizes, times


class Plan(NamedTuple):
    """What the rest of the file says about the steps: which there are, and how wide and long they are."""

    tokens: tuple[str, ...] | None
    keys: tuple[str, ...] | None
    sizes: Sizes
    absent: Mapping[str, str]
    """The steps that this example does not have, and why."""

    def tokens_of(self, step: str) -> tuple[str, ...] | None:
        """The tokens whose rows the step has."""
        return self.keys if step in OF_KEYS else self.tokens

    def width_of(self, step: str) -> Need | None:
        """How many numbers a row of the step has, for one head."""
        sizes = self.sizes
        side_by_side = f"the outputs of {sizes.heads} heads side by side"
        widths = {
            "embeddings": (sizes.m, "as many as X has columns"),
            "queries": (sizes.k, "the length of a query (d_k)"),
            "keys": (sizes.k, "the length of a key (d_k)"),
            "values": (sizes.v, "the length of a value (d_v)"),
            "output": (sizes.v, "the length of a value (d_v)"),
            "heads": (times(sizes.heads, sizes.v), side_by_side),
            "projected": (sizes.projected, "as many as W_O has columns"),
        }
        return need(*widths.get(step, (sizes.s, "one for each token that is attended to")))


def absent_steps(inputs: Table, parameters: Table, attention: Table, heads: int | None) -> dict[str, str]:
    """The steps that the example does not have, and why; what a mistake elsewhere hides counts as there."""
    masked = attention.mentions("mask") or attention.mentions("padding") or attention.mentions("causal")
    there = {
        "embeddings": (inputs.mentions("X") or not inputs.mentions("Q"), "Q, K and V are given"),
        "scaled": (attention.values.get("scale") != NO_SCALE, f'scale is "{NO_SCALE}"'),
        "masked": (masked and not _is_looking_free(attention), "there is no mask"),
        "heads": (heads != 1, "there is one head"),
        "projected": (parameters.mentions("W_O"), "there is no W_O"),
    }
    return {step: why for step, (is_there, why) in there.items() if not is_there}


def _is_looking_free(attention: Table) -> bool:
    """Whether `causal = false` is all that is said about masks."""
    others = attention.mentions("mask") or attention.mentions("padding")
    return attention.values.get("causal") is False and not others
