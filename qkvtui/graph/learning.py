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
from ..operations.residual import SentDown
from ..operations.tensors import Address, Axis, split_name
from ..operations.update import Entries, Learning, Update
from ..said import Phrase, say
from .back import go_back, go_on_back
from .block import WORDS
from .example import Example
from .moving import lowest, movable, own_moving
from .rows import INPUTS, PARAMETERS, Draft, Graph, GraphRow, StepType
from .steps import STEPS
from .task import LabelledSentence, Learn

if TYPE_CHECKING:
    from ..engine.optimisers import State

TotalGradient = Callable[[At], FloatArray]
Elsewhere = Callable[[int, str], FloatArray]
"""(layer, tensor) → its numbers there, (1, rows, columns), when they are looked at."""


def wanted_of(example: Example, learn: Learn) -> tuple[tuple[int, int], ...]:
    """(row, label) of the example's own sentence, whether it is learned from or not; none where nobody says one."""
    found = _own((*learn.sentences, *learn.test), example)
    return () if found is None else found.wanted


def label_of(example: Example, learn: Learn) -> int | None:
    """The right label at the example's query; None where nobody says one."""
    return dict(wanted_of(example, learn)).get(example.query)


def is_learned_from(example: Example, learn: Learn) -> bool:
    """Whether the example has a part in the loss: a sentence that is only there to test has none."""
    return not learn.reads or _own(learn.sentences, example) is not None


def _own(sentences: tuple[LabelledSentence, ...], example: Example) -> LabelledSentence | None:
    return next((one for one in sentences if is_own(one, example)), None)


def is_own(sentence: LabelledSentence, example: Example) -> bool:
    """Whether it is the sentence that the example walks through."""
    asks = sentence.query == example.query or bool(sentence.others)
    return sentence.tokens == example.tokens and asks


def add_learning(
    graph: Graph, learn: Learn, state: State, total: TotalGradient | None, elsewhere: Elsewhere | None = None
) -> None:
    """The rows from the logits to the update; of several layers those of the graph's own.

    `total` is the gradient over all sentences of a task that reads some. `elsewhere` has the numbers of other layers.
    Of a sentence that is never learned from only what is read from it: no loss, and nothing that goes back.
    """
    example = graph.example
    is_last = example.layer >= len(example.layers) - 1
    if is_last:
        _add_settings(graph, learn)
        _add_forward(graph, learn)
    if not is_learned_from(example, learn) or example.layer < lowest(example):
        return
    if is_last:
        go_back(graph, LEARNING_STEPS[-1].id, own_moving(example))
    else:
        assert elsewhere is not None
        _go_on_back(graph, elsewhere)
    if example.layer == lowest(example):
        _add_update(graph, learn, state, total, elsewhere)


def _add_forward(graph: Graph, learn: Learn) -> None:
    for kind in LEARNING_STEPS:
        operation = kind.made(graph)
        if operation is not None:
            rows, columns, per_head = _axes(learn) if kind.id == "loss" else (kind.rows, kind.columns, kind.per_head)
            graph.add(GraphRow(kind.id, kind.symbol, operation, rows, columns, per_head, learns=True))


def _go_on_back(graph: Graph, elsewhere: Elsewhere) -> None:
    """From what the next layer sends back, and of a table of words that is read with again, from the last one."""
    example, last = graph.example, len(graph.example.layers) - 1

    def above(gradient: str, layer: int, like: str, symbol: str) -> SentDown:
        return SentDown(layer, gradient, symbol, lambda: elsewhere(layer, gradient), graph.shape(like)[1])

    moving = own_moving(example)
    reads = example.learn is not None and example.learn.reads
    is_shared = reads and WORDS in moving and WORDS in example.layers[last].parameters
    table = above(f"d_{WORDS}", last, WORDS, f"d{WORDS}") if is_shared else None
    go_on_back(graph, moving, above("d_embeddings", example.layer + 1, "left", "dX"), table)


def _logits(draft: Draft) -> Operation | None:
    if _learn(draft).objective != "label" or "logits" in draft.rows:
        return None
    bias = "b_R" if "b_R" in draft.example.parameters else None
    pair = (Factor(draft.roles["result"]), Factor("W_R"))
    return Product((pair,), bias, drawing=Drawing.PROJECTION)


def _probabilities(draft: Draft) -> Operation | None:
    return Probabilities("logits") if _learn(draft).objective == "label" else None


def _read(draft: Draft) -> str:
    """What the probabilities are made of."""
    return draft.rows["probabilities"].operation.sources[0]


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
            return LabelLoss(_read(draft), "probabilities", wanted_of(draft.example, learn))


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
    return tuple(dict.fromkeys((*(kind.id for kind in kinds), *gradients, *leaves, "update")))  # words are read too


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
        count = sum(len(one.wanted) for one in learn.sentences)
        return count, say("{setting}: how many", setting="learn.sentences")
    count = learn.target.size if learn.objective == "output" else len(learn.rows)
    return count, say("{setting}: how many", setting="learn.target")


def _target(example: Example, learn: Learn) -> Callable[[At], FloatArray]:
    """(h, t, ·): what each query's row should be; 0 where it has no target. Of "label", 1 at the right one."""
    rows = len(example.tokens)
    if learn.target is None:
        wanted = np.zeros((1, rows, len(learn.labels)))
        for row, label in wanted_of(example, learn):
            wanted[0, row, label] = 1.0
    elif learn.objective == "attention":
        wanted = np.zeros((example.attention.heads, rows, learn.target.shape[1]))
        wanted[learn.head, list(learn.rows)] = learn.target
    else:
        wanted = np.zeros((1, rows, learn.target.shape[1]))
        wanted[0, list(learn.rows)] = learn.target
    return lambda at: wanted[:, at.slice]


def _target_said(example: Example, learn: Learn) -> Callable[[Address], Phrase]:
    labels = dict(wanted_of(example, learn))
    rows = learn.rows if learn.target is not None else tuple(labels)

    def said(cell: Address) -> Phrase:
        if cell.row not in rows or (learn.objective == "attention" and cell.head != learn.head):
            return NO_TARGET
        if cell.row in labels and learn.reads:
            return say("learn.sentences: label {label}", label=learn.labels[labels[cell.row]])
        return entry("learn.target", cell.row, cell.column)

    return said


def _add_update(
    graph: Graph, learn: Learn, state: State, total: TotalGradient | None, elsewhere: Elsewhere | None
) -> None:
    """The update of all that moves, in whatever layer it is."""
    example = graph.example
    arrays = movable(example)
    rows: dict[int, tuple[int, ...]] = {}
    if learn.vocabulary is not None:
        for word, text in enumerate(learn.vocabulary.words):
            rows[word] = tuple(index for index, token in enumerate(example.tokens) if token == text)
    steps = frozenset(f"d_{name}" for name in learn.train if _has_gradient(graph, name))
    learning = Learning(
        Entries(tuple((name, arrays[name].shape) for name in learn.train)),
        learn.optimizer,
        learn.rate,
        state,
        steps,
        total,
        max(1, len(learn.sentences)),
        lambda word: rows.get(word, ()),
        example.layer if len(example.layers) > 1 else None,
        elsewhere,
    )
    graph.add(GraphRow("update", "W′", Update(learning), Axis.ENTRY, Axis.NEW, learns=True, is_gradient=True))


def _has_gradient(graph: Graph, name: str) -> bool:
    """Whether there is a step for it: in another layer always, since what moves there takes part in the loss."""
    plain, layer = split_name(name)
    return layer not in (None, graph.example.layer) or f"d_{plain}" in graph.rows
