"""What a learning task adds to a graph: reading a label, the loss, the way back, and the update."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.file_places import NO_TARGET, entry
from ..operations.given import Setting
from ..operations.loss import LabelLoss, Probabilities, attention_loss, output_loss
from ..operations.operation import At, Drawing, Operation
from ..operations.product import Factor, Product
from ..operations.tensors import Address, Axis
from ..operations.update import Entries, Learning, Update
from ..said import Phrase, say
from .back import go_back
from .example import Example, LabelledSentence, Learn
from .rows import INPUTS, PARAMETERS, Draft, Graph, GraphRow, StepType
from .steps import STEPS

if TYPE_CHECKING:
    from ..engine.optimisers import State

TotalGradient = Callable[[At], FloatArray]


def label_of(example: Example, learn: Learn) -> int | None:
    """The right label of the example's own sentence, whether it is learned from or not; None where nobody says one."""
    return _label_in((*learn.sentences, *learn.test), example)


def is_learned_from(example: Example, learn: Learn) -> bool:
    """Whether the example has a part in the loss: a sentence that is only there to test has none."""
    return learn.objective != "label" or _label_in(learn.sentences, example) is not None


def _label_in(sentences: tuple[LabelledSentence, ...], example: Example) -> int | None:
    asked = (example.tokens, example.query)
    return next((one.label for one in sentences if (one.tokens, one.query) == asked), None)


def add_learning(graph: Graph, learn: Learn, state: State, total: TotalGradient | None) -> None:
    """The rows from the logits to the update. `total` is the gradient over all sentences of a task with labels.

    Of a sentence that is never learned from only what is read from it: no loss, and nothing that goes back.
    """
    _add_settings(graph, learn)
    for kind in LEARNING_STEPS:
        operation = kind.made(graph)
        if operation is not None:
            rows, columns, per_head = _axes(learn) if kind.id == "loss" else (kind.rows, kind.columns, kind.per_head)
            graph.add(GraphRow(kind.id, kind.symbol, operation, rows, columns, per_head, learns=True))
    if not is_learned_from(graph.example, learn):
        return
    go_back(graph, LEARNING_STEPS[-1].id, learn.train)
    _add_update(graph, learn, state, total)


def _logits(draft: Draft) -> Operation | None:
    if _learn(draft).objective != "label" or "logits" in draft.rows:
        return None
    bias = "b_R" if "b_R" in draft.example.parameters else None
    pair = (Factor(draft.roles["result"]), Factor("W_R"))
    return Product((pair,), bias, drawing=Drawing.PROJECTION)


def _probabilities(draft: Draft) -> Operation | None:
    return Probabilities("logits") if _learn(draft).objective == "label" else None


def _loss(draft: Draft) -> Operation | None:
    learn = _learn(draft)
    if not is_learned_from(draft.example, learn):
        return None
    match learn.objective:
        case "attention":
            weights = draft.roles["weights"]
            return attention_loss(weights, draft.symbol(weights))
        case "output":
            last = draft.roles["result"]
            return output_loss(last, draft.symbol(last), learn.rows)
        case _:
            label = label_of(draft.example, learn)
            assert label is not None  # it is learned from
            return LabelLoss("logits", "probabilities", draft.example.query, label)


def _learn(draft: Draft) -> Learn:
    assert draft.example.learn is not None
    return draft.example.learn


LEARNING_STEPS: tuple[StepType, ...] = (
    StepType("logits", "Z", Axis.QUERY, Axis.LABEL, _logits, per_head=False, learns=True),
    StepType(
        "probabilities", "p", Axis.QUERY, Axis.LABEL, _probabilities, per_head=False, learns=True, has_gradient=False
    ),
    StepType("loss", "L", Axis.QUERY, Axis.KEY, _loss, learns=True, has_gradient=False),
)
"""What follows the way forward where there is a learning task; the way back and the update follow from it."""


def step_ids() -> tuple[str, ...]:
    """The id of every step that an example may have, in the order in which they come."""
    kinds = (*STEPS, *LEARNING_STEPS)
    gradients = [f"d_{kind.id}" for kind in reversed(kinds) if kind.has_gradient]
    leaves = [f"d_{name}" for name in (*PARAMETERS, *INPUTS)]
    return (*(kind.id for kind in kinds), *gradients, *leaves, "update")


def _add_settings(graph: Graph, learn: Learn) -> None:
    example = graph.example
    target = Setting(_target(example, learn), _target_said(example, learn), like=graph.roles["result"])
    graph.add_setting("target", target, *_axes(learn))
    count, said = _count(learn)
    number = np.full((1, 1, 1), float(count))
    graph.add_setting("count", Setting(lambda at: number, lambda cell: said), Axis.ONE, Axis.ONE)


def _axes(learn: Learn) -> tuple[Axis, Axis, bool]:
    """Rows and columns of a target, and whether each head has its own."""
    if learn.objective == "attention":
        return Axis.QUERY, Axis.KEY, True
    return Axis.QUERY, Axis.FEATURE if learn.objective == "output" else Axis.LABEL, False


def _count(learn: Learn) -> tuple[int, Phrase]:
    if learn.target is None:
        return len(learn.sentences), say("{setting}: how many", setting="learn.sentences")
    count = learn.target.size if learn.objective == "output" else len(learn.rows)
    return count, say("{setting}: how many", setting="learn.target")


def _target(example: Example, learn: Learn) -> Callable[[At], FloatArray]:
    """(h, t, ·): what each query's row should be; 0 where it has no target. Of "label", 1 at the right one."""
    rows = len(example.tokens)
    if learn.target is None:
        wanted = np.zeros((1, rows, len(learn.labels)))
        label = label_of(example, learn)
        wanted[0, example.query, [] if label is None else [label]] = 1.0
    elif learn.objective == "attention":
        wanted = np.zeros((example.attention.heads, rows, learn.target.shape[1]))
        wanted[learn.head, list(learn.rows)] = learn.target
    else:
        wanted = np.zeros((1, rows, learn.target.shape[1]))
        wanted[0, list(learn.rows)] = learn.target
    return lambda at: wanted[:, at.slice]


def _target_said(example: Example, learn: Learn) -> Callable[[Address], Phrase]:
    label = label_of(example, learn)
    rows = learn.rows if learn.target is not None else () if label is None else (example.query,)

    def said(cell: Address) -> Phrase:
        if cell.row not in rows or (learn.objective == "attention" and cell.head != learn.head):
            return NO_TARGET
        if label is not None:
            return say("learn.sentences: label {label}", label=learn.labels[label])
        return entry("learn.target", cell.row, cell.column)

    return said


def _add_update(graph: Graph, learn: Learn, state: State, total: TotalGradient | None) -> None:
    shapes = tuple((name, graph.sizes.leaves[name]) for name in learn.train)
    rows: dict[int, tuple[int, ...]] = {}
    if learn.vocabulary is not None:
        for word, text in enumerate(learn.vocabulary.words):
            rows[word] = tuple(index for index, token in enumerate(graph.example.tokens) if token == text)
    steps = frozenset(f"d_{name}" for name in learn.train if f"d_{name}" in graph.rows)
    learning = Learning(
        Entries(shapes),
        learn.optimizer,
        learn.rate,
        state,
        steps,
        total,
        max(1, len(learn.sentences)),
        lambda word: rows.get(word, ()),
    )
    graph.add(GraphRow("update", "W′", Update(learning), Axis.ENTRY, Axis.NEW, learns=True, is_gradient=True))
