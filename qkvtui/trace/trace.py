"""Example → Trace: every step's numbers, computed when they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..engine import (
    Attention,
    attention,
    default_scale,
    project,
    row_blocks,
    share_heads,
    split_heads,
)
from ..engine.arrays import FloatArray
from ..errors import ExampleError, Problem, UsageError
from ..files.example import NO_SCALE, STANDARD_SCALE, Example
from .learning_steps import LEARNING_IDS
from .masking import added_mask, forbids_target
from .rounding import attention_rounded_each, rounded
from .steps import STEPS, Axis, StepType

if TYPE_CHECKING:
    from ..engine.optimisers import State
    from .backward import Backward

_BLOCKS_KEPT = 4
LARGEST_OVER_COLUMNS = 1 << 20
"""Scores that may be held at once to take softmax over columns."""

SoftmaxOver = Literal["rows", "columns"]


@dataclass(frozen=True)
class Shape:
    """The sizes of an example, in the letters of the field."""

    queries: int  # t
    keys: int  # s
    d_model: int | None  # m; None where Q, K and V are given
    d_k: int
    d_v: int
    heads: int  # h
    kv_heads: int


@dataclass(frozen=True)
class Step:
    """One step of one trace."""

    type: StepType
    number: int
    """Counted from 1."""
    formula: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    formula_in_columns: str
    """The same for readers whose tokens are columns."""

    @property
    def id(self) -> str:
        """The stable id (`scores`)."""
        return self.type.id

    @property
    def symbol(self) -> str:
        """The matrix the step makes (`S`)."""
        return self.type.symbol

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.row_labels), len(self.column_labels)


class Trace:
    """An example computed.

    Projections are computed at once, O((t + s)·m·d). From the scores on, rows are computed in blocks when one of
    them is looked at, and a few blocks are kept: an (t, s) matrix is never held whole unless `matrix` is asked for
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
    ) -> None:
        self.example = example
        self.round_each = round_each
        """Decimals that each step is rounded to, as a person does by hand; None: not rounded."""
        self.softmax_over: SoftmaxOver = softmax_over
        """`columns` is the well-known mistake, shown on request and labelled as wrong."""
        self.memory = memory
        """What the optimiser remembers, where the example is a moment of a training run; None: nothing."""
        self.compared_to = compared_to
        """The trace that this one was changed from: what is drawn says before → after."""
        projections = (rounded(array, round_each) for array in _projections(example))
        self._queries, keys, values = projections  # (h, t, k), (g, s, k), (g, s, v)
        if not all(np.isfinite(array).all() for array in (self._queries, keys, values)):
            raise _too_large(example)
        self._shared_keys = share_heads(keys, example.attention.heads)  # (h, s, k)
        self._shared_values = share_heads(values, example.attention.heads)  # (h, s, v)
        x = example.inputs.get("X")
        self.shape = Shape(
            queries=len(example.tokens),
            keys=len(example.keys),
            d_model=None if x is None else x.shape[1],
            d_k=self._queries.shape[-1],
            d_v=values.shape[-1],
            heads=example.attention.heads,
            kv_heads=example.attention.kv_heads,
        )
        self.scale = _scale(example, self.shape.d_k)
        self._blocks = self._row_blocks()
        self._block = lru_cache(maxsize=_BLOCKS_KEPT)(self._attend)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps this example has, in order."""
        is_plain = self.softmax_over == "rows" and self.round_each is None
        learns = is_plain and self.example.learn is not None and not forbids_target(self.example)
        present = [kind for kind in STEPS if kind.present(self.example) and (learns or not kind.learns)]
        return tuple(
            Step(
                kind,
                number,
                kind.formula(self.example),
                self._labels(kind.rows, kind),
                self._labels(kind.columns, kind),
                kind.formula_in_columns(self.example),
            )
            for number, kind in enumerate(present, 1)
        )

    @cached_property
    def backward(self) -> Backward:
        """The numbers of the learning steps. Raises UsageError where the example has no learning task."""
        from .backward import Backward  # only here: few examples learn, and few readers look

        return Backward(self.example, self.memory)

    def step(self, step_id: str) -> Step:
        """The step with this id; KeyError where the example has no such step."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def has(self, step_id: str) -> bool:
        """Whether the example has this step."""
        return any(step.id == step_id for step in self.steps)

    def kv_head(self, head: int) -> int:
        """The key/value head that query head `head` uses."""
        return head // (self.shape.heads // self.shape.kv_heads)

    def keys(self, head: int = 0) -> FloatArray:
        """(s, k): all keys of the key/value head that this head uses."""
        keys: FloatArray = self._shared_keys[head]
        return keys

    def values(self, head: int = 0) -> FloatArray:
        """(s, v): all values of the key/value head that this head uses."""
        values: FloatArray = self._shared_values[head]
        return values

    def row(self, step_id: str, row: int, head: int = 0) -> FloatArray:
        """One row of a step, 1-D; `head` matters only where the step has heads."""
        found: FloatArray
        match step_id:
            case "embeddings":
                found = self.example.inputs["X"][row]
            case "queries":
                found = self._queries[head, row]
            case "keys":
                found = self._shared_keys[head, row]
            case "values":
                found = self._shared_values[head, row]
            case "heads":
                found = np.concatenate([self.row("output", row, other) for other in range(self.shape.heads)])
            case "projected":
                source = self.row("heads", row) if self.shape.heads > 1 else self.row("output", row)
                output = project(source, self.example.parameters["W_O"], self.example.parameters.get("b_O"))
                found = rounded(output, self.round_each)
            case _ if step_id in LEARNING_IDS:
                found = self.backward.row(step_id, row, head)
            case _:
                record, start = self._block_of(row)
                found = _of(record, step_id)[head, row - start]
        return found

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        """A whole step, (rows, columns). For an (t, s) step of a long example that is a lot of memory."""
        rows, _ = self.step(step_id).shape
        return np.stack([self.row(step_id, row, head) for row in range(rows)])

    def softmax_row(self, row: int, head: int = 0) -> SoftmaxRow:
        """The stages of one row's softmax."""
        record, start = self._block_of(row)
        stages, index = record.softmax, (head, row - start)
        over_columns = self.softmax_over == "columns"
        along = (head, 0) if over_columns else index
        return SoftmaxRow(
            scores=stages.scores[index],
            maxima=np.broadcast_to(stages.maximum[along], self.shape.keys),
            shifted=stages.shifted[index],
            exponentials=stages.exponentials[index],
            totals=np.broadcast_to(stages.total[along], self.shape.keys),
            weights=stages.weights[index],
        )

    def mask_row(self, row: int) -> FloatArray:
        """(s,): what is added to the scaled scores of this query; zeros where the example has no mask."""
        mask = added_mask(self.example, slice(row, row + 1))
        if mask is None:
            return np.zeros(self.shape.keys)
        row_of_mask: FloatArray = np.broadcast_to(mask, (1, self.shape.keys))[0]
        return row_of_mask

    def _labels(self, axis: Axis, kind: StepType) -> tuple[str, ...]:
        if axis is Axis.QUERY:
            return self.example.tokens
        if axis is Axis.KEY:
            return self.example.keys
        if kind.learns:
            return self.backward.labels(axis, kind)
        return tuple(str(index) for index in range(self._width(kind.id)))

    def _width(self, step_id: str) -> int:
        match step_id:
            case "embeddings":
                return int(self.example.inputs["X"].shape[1])
            case "queries" | "keys":
                return self.shape.d_k
            case "heads":
                return self.shape.heads * self.shape.d_v
            case "projected":
                return int(self.example.parameters["W_O"].shape[1])
            case _:
                return self.shape.d_v

    def _row_blocks(self) -> list[slice]:
        """Blocks of rows that are computed together; all rows where softmax goes down the columns."""
        if self.softmax_over == "columns":
            if self.shape.queries * self.shape.keys > LARGEST_OVER_COLUMNS:
                raise UsageError("softmax over columns needs all rows at once; this example is too long for that")
            return [slice(0, self.shape.queries)]
        return list(row_blocks(self.shape.queries, self.shape.keys * self.shape.heads))

    def _block_of(self, row: int) -> tuple[Attention, int]:
        size = self._blocks[0].stop
        index = row // size
        return self._block(index), self._blocks[index].start

    def _attend(self, index: int) -> Attention:
        """All heads for one block of rows, arrays (h, rows, ·)."""
        rows = self._blocks[index]
        scale, mask = 1.0 if self.scale is None else self.scale, added_mask(self.example, rows)
        axis = -2 if self.softmax_over == "columns" else -1
        record = attention(
            self._queries[:, rows],
            self._shared_keys,
            self._shared_values,
            scale=scale,
            mask=mask,
            softmax_axis=axis,
        )
        if self.round_each is not None:
            record = attention_rounded_each(record, mask, axis, self.round_each)
        if not (np.isfinite(record.scaled).all() and np.isfinite(record.output).all()):
            raise _too_large(self.example)
        return record


@dataclass(frozen=True)
class SoftmaxRow:
    """One row of softmax in stages; arrays (s,)."""

    scores: FloatArray
    maxima: FloatArray
    """What is taken away from each score: the row's maximum, everywhere the same (its column's, over columns)."""
    shifted: FloatArray
    exponentials: FloatArray
    totals: FloatArray
    """What each exponential is divided by: the row's sum, everywhere the same (its column's, over columns)."""
    weights: FloatArray

    @property
    def maximum(self) -> float:
        """The row's maximum."""
        return float(self.maxima[0])

    @property
    def total(self) -> float:
        """The sum of the row's exponentials."""
        return float(self.totals[0])


def _of(record: Attention, step_id: str) -> FloatArray:
    arrays = {
        "scores": record.scores,
        "scaled": record.scaled,
        "masked": record.masked,
        "weights": record.weights,
        "summary": record.weights,
        "output": record.output,
    }
    return arrays[step_id]


def _too_large(example: Example) -> ExampleError:
    what = "the numbers are so large that their products overflow"
    return ExampleError(example.file, [Problem("inputs", what, "attention needs scores below about 1e308")])


def _scale(example: Example, d_k: int) -> float | None:
    scale = example.attention.scale
    if scale == NO_SCALE:
        return None
    return default_scale(d_k) if scale == STANDARD_SCALE else float(scale)


def _projections(example: Example) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Q (h, t, k), K (g, s, k) and V (g, s, v): computed from X (and Y), or as given."""
    settings, inputs, parameters = example.attention, example.inputs, example.parameters
    if "X" not in inputs:
        given = [inputs[name] if inputs[name].ndim == 3 else inputs[name][None] for name in ("Q", "K", "V")]
        return given[0], given[1], given[2]
    x = inputs["X"]
    y = inputs.get("Y", x)
    return (
        split_heads(project(x, parameters["W_Q"], parameters.get("b_Q")), settings.heads),
        split_heads(project(y, parameters["W_K"], parameters.get("b_K")), settings.kv_heads),
        split_heads(project(y, parameters["W_V"], parameters.get("b_V")), settings.kv_heads),
    )
