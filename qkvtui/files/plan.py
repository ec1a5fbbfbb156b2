"""Which steps an example has, and how long their rows are, as far as its inputs and settings tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..graph.example import NO_SCALE, STANDARD_SCALE
from ..graph.features import NamedColumns, axis_names
from ..graph.steps import PUBLISHED
from ..operations.tensors import Axis
from ..said import say
from .draft import Table
from .forms import Need, need
from .sizes import FileSizes, times


class PublishedPlan(NamedTuple):
    """What the rest of the file says about the steps: which there are, and how wide and long they are."""

    tokens: tuple[str, ...] | None
    keys: tuple[str, ...] | None
    sizes: FileSizes
    absent: Mapping[str, str]
    """The steps that this example does not have, and why."""
    named: NamedColumns | None = None
    """What the columns are called, where the file says so."""

    def tokens_of(self, step: str) -> tuple[str, ...] | None:
        """The tokens whose rows the step has."""
        return self.keys if PUBLISHED[step].rows is Axis.KEY else self.tokens

    def width_of(self, step: str) -> Need | None:
        """How many numbers a row of the step has, for one head; None where that is not known."""
        sizes, kind = self.sizes, PUBLISHED[step]
        if kind.columns is Axis.KEY:
            return need(sizes.s, say("one for each token that is attended to"))
        widths = {
            "m": (sizes.m, say("as many as X has columns")),
            "k": (sizes.k, say("the length of a query (d_k)")),
            "keys": (sizes.keys, say("the length of a key (d_k)")),
            "v": (sizes.v, say("the length of a value (d_v)")),
            "side_by_side": (
                times(sizes.heads, sizes.v),
                say("the outputs of {heads} heads side by side", heads=sizes.heads),
            ),
            "out": (sizes.projected, say("as many as W_O has columns")),
        }
        return need(*widths[kind.width]) if kind.width in widths else None

    def columns_of(self, step: str, head: int, width: int) -> Sequence[Sequence[str]]:
        """All that one may call the columns of a step, once for each way of naming them."""
        if PUBLISHED[step].columns is Axis.KEY and self.keys is not None:
            return (self.keys,)
        names = None if self.named is None else axis_names(self.named, step, head)[1]
        return (tuple(map(str, range(width))),) if names is None else names.readings

    @property
    def last(self) -> str:
        """The step that attention ends with."""
        return [kind.id for kind in PUBLISHED.values() if kind.role == "result" and kind.id not in self.absent][-1]


def absent_steps(inputs: Table, parameters: Table, attention: Table, heads: int | None) -> dict[str, str]:
    """The steps that the example does not have, and why; what a mistake elsewhere hides counts as there."""
    masked = any(map(attention.mentions, ("mask", "padding", "causal", "window")))
    scored, scoring = inputs.mentions("S"), attention.values.get("scoring")
    plain = inputs.mentions("X") and not parameters.values
    given = say("the scores are given") if scored else say("Q, K and V are given")
    scaled = attention.values.get("scale", NO_SCALE if scored else STANDARD_SCALE) != NO_SCALE
    there = {
        "X": (inputs.mentions("X") or not (scored or inputs.mentions("Q")), given),
        "Q": (not scored and not plain, given if scored else say("there are no matrices")),
        "V": (not plain, say("there are no matrices")),
        "scale": (scaled, given if scored else say('scale is "{scale}"', scale=NO_SCALE)),
        "mask": (masked and not _is_looking_free(attention), say("there is no mask")),
        **{
            name: (attention.mentions(name), say("there is no {what}", what=name))
            for name in ("norm", "rotary", "softcap", "bias")
        },
        **{name: (scoring == name, say('scoring is not "{name}"', name=name)) for name in ("cosine", "general")},
        "heads": (heads != 1, say("there is one head")),
        "W_O": (parameters.mentions("W_O"), say("there is no W_O")),
    }
    around = {kind.needs: say("there are no blocks") for kind in PUBLISHED.values() if kind.needs not in {"", *there}}
    lacking = {**around, **{needs: why for needs, (is_there, why) in there.items() if not is_there}}
    return {kind.id: lacking[kind.needs] for kind in PUBLISHED.values() if kind.needs in lacking}


def _is_looking_free(attention: Table) -> bool:
    """Whether `causal = false` is all that is said about masks."""
    others = any(map(attention.mentions, ("mask", "padding", "window")))
    return attention.values.get("causal") is False and not others
