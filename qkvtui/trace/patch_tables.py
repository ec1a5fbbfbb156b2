"""Which row, which layer and which head carries it: one number watched while rows of another run are put in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.patches import misfit
from ..graph.example import Example, OtherRun, Patch
from ..graph.layers import of_layer, words_at
from ..operations.tensors import Address, Axis
from ..records import record
from ..said import say
from .layers import Layers
from .trace import Trace

_ENTERING, _FOUND = "embeddings", "output"
"""The steps that are put over: a token's row as it comes into a layer, and what a head has found."""


@record(frozen=True, eq=False)
class PatchTable:
    """A watched number, each time with something else taken from another run."""

    trace: Trace
    """The run that is patched."""
    run: OtherRun
    watch: Address
    own: float
    """The number in the run itself."""
    other: float
    """The number in the other run."""
    rows: tuple[FloatArray, ...]
    """(t,) for each layer: with one token's row put over as it comes into it."""
    heads: tuple[FloatArray, ...]
    """(h,) for each layer that can still tell: with what one head has found for `asks` put over."""
    asks: int | None
    """The token whose number is watched; None where rows are no queries: then heads are put over for every token."""

    @property
    def sides(self) -> tuple[range, ...]:
        """The layers that read the same words: all, or those of the encoder and those of the decoder."""
        sides, count = self.trace.example.sides, len(self.rows)
        both = [range(side.first, min(side.last + 1, count)) for side in sides] if sides else [range(count)]
        return tuple(layers for layers in both if layers)

    def tokens(self, layer: int) -> tuple[str, ...]:
        """The tokens of a layer."""
        return words_at(self.trace.example, layer)

    def both_tokens(self, layer: int) -> tuple[str, ...]:
        """The tokens of a layer, where the runs differ both: `tired → wide`."""
        pairs = zip(self.tokens(layer), words_at(self.run.example, layer), strict=True)
        return tuple(ours if ours == theirs else f"{ours} → {theirs}" for ours, theirs in pairs)

    def asks_in(self, layer: int) -> int | None:
        """The token for which a head of a layer is put over; None: every token."""
        alike = any(layer in layers and (self.watch.layer or 0) in layers for layers in self.sides)
        return self.asks if alike else None

    def share(self, value: float) -> float:
        """How far a number has gone from this run's to the other's: 0 not at all, 1 all the way.

        From or to a number that is not finite, as one behind a mask, there is no way: 0.
        """
        if self.own == self.other or not np.isfinite((self.own, self.other, value)).all():
            return 0.0
        return (value - self.own) / (self.other - self.own) + 0.0

    def distance(self, values: FloatArray) -> FloatArray:
        """How far numbers are from this run's own; 0 where they are the same, as -∞ from -∞."""
        apart = np.zeros(values.shape)
        np.subtract(values, self.own, out=apart, where=values != self.own)
        return np.abs(apart)


def check_alike(example: Example, run: OtherRun, name: str) -> None:
    """Raise UsageError for a run whose rows cannot be put into the example, which is called `name`."""
    unlike = misfit(example, run.example)
    if unlike is not None:
        what, ours, theirs = unlike
        must = say("both runs must have as many {what}", what=what)
        counts = say("{ours} in “{name}”, {theirs} in “{other}”", ours=ours, name=name, theirs=theirs, other=run.name)
        raise UsageError(say("{problem}: {names}", problem=must, names=counts))


def patch_table(trace: Trace, run: OtherRun, watch: Address) -> PatchTable:
    """The watched number with every row of every layer put over, and with every head of every layer."""
    if trace.example.patches:
        trace = trace.again(replace(trace.example, patches=()))
    layer = watch.layer or 0
    there = trace.at_layer(layer)
    after = there.step(watch.name).number > there.step(_FOUND).number
    runs: dict[int, Trace] = {}

    def value(step: str, at: int, row: int | None, head: int | None) -> float:
        return _patched(trace, Patch(run, step, at, row, head), layer, runs).value(replace(watch, layer=None))

    def by_row(at: int) -> FloatArray:
        return np.array([value(_ENTERING, at, row, None) for row in range(trace.at_layer(at).shape.queries)])

    def by_head(at: int) -> FloatArray:
        heads, row = trace.at_layer(at).shape.heads, table.asks_in(at)
        return np.array([value(_FOUND, at, row, head) for head in range(heads)])

    table = PatchTable(
        trace,
        run,
        watch,
        own=trace.value(watch),
        other=trace.again(run.example, runs={}).at_layer(layer).value(replace(watch, layer=None)),
        rows=tuple(map(by_row, range(layer + 1))),
        heads=(),
        asks=watch.row if there.step(watch.name).type.rows is Axis.QUERY else None,
    )
    return replace(table, heads=tuple(map(by_head, range(layer + after))))


def _patched(trace: Trace, patch: Patch, layer: int, runs: dict[int, Trace]) -> Trace:
    """One layer of the trace with a patch put in. The layers below the patch are as they were, and not worked again."""
    example = replace(trace.example, patches=(patch,))
    if trace.layers is None:
        return trace.again(example, runs=runs)

    def make(at: int) -> Trace:
        return trace.again(of_layer(example, at), layers=layers, runs=runs)

    layers = Layers(len(trace.layers), make)
    for below in range(min(patch.layer, layer + 1)):
        layers.add(below, trace.at_layer(below))
    return layers.trace(layer)


def put_in(trace: Trace, patch: Patch) -> Trace:
    """The trace with one more patch, compared to this one."""
    example = replace(trace.example, patches=(*trace.example.patches, patch))
    return trace.again(example, compared_to=trace)


def row_patch(table: PatchTable, layer: int, row: int) -> Patch:
    """The patch that a cell of the table by rows is of."""
    return Patch(table.run, _ENTERING, layer, row)


def head_patch(table: PatchTable, layer: int, head: int) -> Patch:
    """The patch that a cell of the table by heads is of."""
    return Patch(table.run, _FOUND, layer, table.asks_in(layer), head)
