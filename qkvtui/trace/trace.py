"""Example → Trace: every step's numbers, computed when they are looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..engine.arrays import FloatArray, largest_of, quiet
from ..engine.magnitudes import LARGEST
from ..errors import ExampleError, Problem, UsageError
from ..files.same import same_example
from ..graph.closing import closing_rows
from ..graph.example import Example, Patch
from ..graph.layers import of_layer, reads_otherwise, with_own_layer
from ..graph.rows import Graph, GraphRow
from ..graph.settings import scale_of
from ..graph.steps import graph_of
from ..operations.elementwise import Added
from ..operations.operation import Drawing
from ..operations.softmax import Over, Softmax
from ..operations.tensors import Address, Axis
from ..said import Phrase, say
from .axes import axis_labels, equation_in_columns
from .layers import Layers, coming_in
from .masking import added_mask_row, forbids_target
from .parts import SoftmaxRow, Step, shape_of, stages_of_row
from .patching import Patching
from .rounding import rounded
from .row_blocks import blocks_of
from .table import Numbers

if TYPE_CHECKING:
    from ..engine.optimisers import State
    from .backward import Backward
    from .precision import Precision

SoftmaxOver = Over


class Trace(Numbers):
    """An example computed: its graph, worked (an operation's `Table`).

    Projections are computed at once, O((t + s)·m·d). From the scores on, rows are computed in blocks when one of
    them is looked at, and a few blocks are kept: a (t, s) matrix is never held whole unless `matrix` is asked for
    it.
    """

    def __init__(
        self,
        example: Example,
        *,
        softmax_over: SoftmaxOver = "rows",
        round_each: int | None = None,
        compared_to: Trace | None = None,
        memory: State | None = None,
        order: tuple[int, ...] | None = None,
        layers: Layers[Trace] | None = None,
        runs: dict[int, Trace] | None = None,
    ) -> None:
        self.layers: Layers[Trace] | None = None
        """All layers of the model that this is one of; None: the file has no more than one."""
        self.compared_to = compared_to
        """The trace that this one was changed from: what is drawn says before → after."""
        self.softmax_over: SoftmaxOver = softmax_over
        """`columns` is the well-known mistake, shown on request and labelled as wrong."""
        self.round_each = round_each
        """Decimals that each step is rounded to, as a person does by hand; None: not rounded."""
        self.order = order
        """Where each token stood in the trace that this one is compared to; None: where it stands here."""
        self.memory = memory
        """What the optimiser remembers, where the example is a moment of a training run; None: nothing."""
        self._runs: dict[int, Trace] = {} if runs is None else runs
        """The other runs that rows are taken from, by the identity of their examples."""
        self.example = example
        if example.layers:
            self.example = example = with_own_layer(example)
        if len(example.layers) > 1:
            self.example = example = self._among_layers(example, layers)
        self._patching = Patching(example, self._other)
        graph = self._rewritten(graph_of(self._patching.entering(example)))
        self.shape = shape_of(example, graph)
        self.scale = scale_of(example, self.shape.d_k or 1)
        self.factor = 1.0 if self.scale is None else self.scale  # of every score, scaled or not
        super().__init__(example, graph, blocks_of(graph, softmax_over), self._settle, exact=self._is_exact)
        for name in graph.roles_of("queries", "keys", "values"):
            self.working.whole(name)
        if self.layers is not None:
            self.layers.add(example.layer, self)

    @property
    def _is_exact(self) -> bool:
        """Whether every number is what its operation gives."""
        return self.round_each is None and not self._patching

    def _other(self, patch: Patch) -> Trace:
        """The layer of another run that a patch takes rows from."""
        example = patch.run.example
        if id(example) not in self._runs:
            self._runs[id(example)] = self.again(example, runs={})
        return self._runs[id(example)].at_layer(patch.layer)

    def _among_layers(self, example: Example, layers: Layers[Trace] | None) -> Example:
        """The example with what comes in from the layer before."""
        self.example = example
        self.layers = layers or Layers(len(example.layers), self._layer)
        return replace(example, inputs={**example.inputs, **coming_in(example, self.layers)})

    def _layer(self, layer: int) -> Trace:
        """Another layer, worked as this one is."""
        example = of_layer(self.example, layer)
        moved = self.order is not None and reads_otherwise(self.example, example)  # its words are not those moved
        before = None if self.compared_to is None or moved else self.compared_to.at_layer(layer)
        return self.again(example, compared_to=before, order=None if moved else self.order, layers=self.layers)

    def again(
        self,
        example: Example,
        *,
        compared_to: Trace | None = None,
        order: tuple[int, ...] | None = None,
        layers: Layers[Trace] | None = None,
        runs: dict[int, Trace] | None = None,
    ) -> Trace:
        """Another example, worked in the same way."""
        return Trace(
            example,
            softmax_over=self.softmax_over,
            round_each=self.round_each,
            compared_to=compared_to,
            memory=self.memory,
            order=order,
            layers=layers,
            runs=self._runs if runs is None else runs,
        )

    def at_layer(self, layer: int) -> Trace:
        """The trace of another layer. Raises UsageError where there is no such layer."""
        count = 1 if self.layers is None else len(self.layers)
        if layer >= count:
            there = say("the only layer is 0") if count == 1 else say("layers are 0 to {last}", last=count - 1)
            raise UsageError(say("layer {layer} is out of range; {there}", layer=layer, there=there))
        return self if self.layers is None else self.layers.trace(layer)

    def value(self, cell: Address) -> float:
        """One number: of a step, of a stage inside one, of a setting, an input or a parameter; of any layer."""
        if cell.layer is not None:
            return self.at_layer(cell.layer).value(replace(cell, layer=None))
        return super().value(cell)

    def taken_from(self, cell: Address) -> Phrase | None:
        """The other run that a number was taken from; None for one that was not."""
        return self._patching.place(cell) if self._patching else None

    def _rewritten(self, graph: Graph) -> Graph:
        if self.softmax_over == "columns":
            weights = graph.roles["weights"]
            source = graph.rows[weights].operation.sources[0]
            graph = graph.replaced({weights: Softmax(source, "columns")})
        if self._learns:
            self.backward.extend(graph, lambda layer, name: self.at_layer(layer).working.whole(name))
        return graph

    @property
    def _learns(self) -> bool:
        is_plain = self.softmax_over == "rows" and self._is_exact and not self.example.patches  # of whatever layer
        return is_plain and self.example.learn is not None and not forbids_target(self.example)

    def _settle(self, row: GraphRow, numbers: FloatArray, rows: slice) -> FloatArray:
        numbers = self._patching.settled(row, numbers, rows)
        if self.round_each is not None and row.is_step and row.kind is not Drawing.GIVEN:
            numbers = rounded(numbers, self.round_each)
        if row.is_step and not row.learns and row.kind is not Drawing.MASK and not _are_usable(numbers, row):
            raise _too_large(self.example, numbers)
        return numbers

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps with numbers, in order."""
        return self.walk[: len(self.graph.steps)]

    @cached_property
    def walk(self) -> tuple[Step, ...]:
        """All steps that one walks through: those with numbers, and behind them those that are only told."""
        return tuple(
            Step(
                row,
                number,
                row.operation.equation(self.graph, row.symbol),
                self._labels(row.rows, row),
                self._labels(row.columns, row),
                equation_in_columns(self, row),
            )
            for number, row in enumerate((*self.graph.steps, *closing_rows(self.graph)), 1)
        )

    @cached_property
    def backward(self) -> Backward:
        """The learning task with this example's numbers. Raises UsageError where the example has none."""
        from .backward import Backward  # only here: few examples learn, and few readers look

        return Backward(self.example, self.memory, self.at_layer)

    @cached_property
    def as_written(self) -> Trace:
        """The trace of the file as it was read: this one itself where its numbers and settings are the file's."""
        written = self.example.written
        if written is not None and written.layers:
            written = of_layer(written, self.example.layer)
        is_plain = self.softmax_over == "rows" and self.round_each is None
        if is_plain and (written is None or same_example(written, self.example)):
            return self
        return Trace(self.example if written is None else written)

    @cached_property
    def precision(self) -> Precision:
        """How far the published numbers may be from the computed ones."""
        from .precision import Precision  # only here: few examples have published numbers

        return Precision(self.example, self.working)

    @cached_property
    def _by_id(self) -> dict[str, Step]:
        return {step.id: step for step in self.walk}

    def step(self, step_id: str) -> Step:
        """The step with this id; KeyError where the example has no such step."""
        return self._by_id[step_id]

    def has(self, step_id: str) -> bool:
        """Whether the example has this step."""
        return step_id in self._by_id

    def kv_head(self, head: int) -> int:
        """The key/value head that query head `head` uses."""
        return head // (self.shape.heads // self.shape.kv_heads)

    def softmax_row(self, row: int, head: int = 0) -> SoftmaxRow:
        """The stages of one row's softmax."""
        operation = self.graph.rows[self.graph.roles["weights"]].operation
        assert isinstance(operation, Softmax)
        block, place = self.working.block_of(row)
        return stages_of_row(operation, block, (head, place), self.row("weights", row, head))

    @quiet
    def added_row(self, row: int, head: int) -> FloatArray:
        """(s,): all that settings add to the scores of this query, a mask and a bias."""
        addends = (one.operation.addend for one in self.graph.steps if isinstance(one.operation, Added))
        return sum((self.row(name, row, head) for name in addends), np.zeros(self.shape.keys))

    def mask_row(self, row: int, head: int = 0) -> FloatArray:
        """(s,): what a mask adds to the scores of this query; zeros where the example has no mask."""
        return added_mask_row(self.example, row, head)

    def _labels(self, axis: Axis, row: GraphRow) -> tuple[str, ...]:
        return axis_labels(self, axis, row, lambda axis: self.backward.labels(axis))

    def labels(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The labels of each index that an address of a tensor has: rows and columns, only rows, or none."""
        row = self.graph.rows[name]
        return tuple(self._labels(axis, row) for axis in (row.rows, row.columns) if axis is not Axis.ONE)


def _are_usable(numbers: FloatArray, row: GraphRow) -> bool:
    """Whether all are small enough to be computed with; NaN is not. Who is hidden by a bias may be as low as can be."""
    most = largest_of(numbers)
    least = np.finfo(numbers.dtype).min if isinstance(row.operation, Added) else -most
    return not numbers.size or bool(least <= numbers.min() and numbers.max() <= most)


def _too_large(example: Example, numbers: FloatArray) -> ExampleError:
    most = f"{largest_of(numbers):.2g}"
    if example.is_stored:
        layer = say(
            "what layer {index} computes is not finite: float32 holds numbers up to about {most}",
            index=example.layer,
            most=most,
        )
        return ExampleError(example.file, [Problem("", layer)])
    what = say("the numbers are so large that their products overflow")
    needed = say("attention needs numbers below about {most}", most=most)
    if numbers.dtype == np.float32:
        needed = say(
            "float32 holds numbers up to about {most}; with float64 arrays they may be as large as {wide}",
            most=most,
            wide=f"{LARGEST:g}",
        )
    return ExampleError(example.file, [Problem("inputs", what, needed)])
