"""The terms of the learning steps' cells: what a loss, a gradient or an updated number was computed from."""

from __future__ import annotations

from collections.abc import Callable

from ..files.example import Example
from .addresses import VOCABULARY, Address
from .cells import Cells, CellsInTurn, Line
from .learning_conditions import last_step, reads_label
from .operations import Operation
from .steps import is_scaled
from .terms import Copied, Formula, Given, RowSum, Scaled, SumOfProducts, Terms, projection_source
from .trace import Trace

_COUNT = Address("count", 0, 0)
_RATE = Address("rate", 0, 0)


def learning_terms(trace: Trace, cell: Address) -> Terms:
    """What the number at `cell`, of a learning step or derived from one, was computed from."""
    if cell.name in _GIVEN:
        return Given(_GIVEN[cell.name](trace, cell))
    return _TERMS[cell.name](trace, cell)


def attended_name(example: Example) -> str:
    """X, or with a context Y: what keys and values are made of."""
    return "X" if example.context is None else "Y"


def _same(name: str, cell: Address) -> Address:
    return Address(name, cell.row, cell.column, cell.head)


def _heads_of_group(trace: Trace, head: int) -> range:
    """The query heads that share this head's keys and values."""
    size = trace.shape.heads // trace.shape.kv_heads
    first = head // size * size
    return range(first, first + size)


def _in_turn(parts: list[Cells]) -> Line:
    return parts[0] if len(parts) == 1 else CellsInTurn(tuple(parts))


def _probabilities(trace: Trace, cell: Address) -> Terms:
    logits = Cells("logits", len(trace.backward.learn.labels), row=cell.row)
    return Formula(Operation.SHARE, (logits[cell.column], *(logits[i] for i in range(len(logits)) if i != cell.column)))


def _loss(trace: Trace, cell: Address) -> Terms:
    match trace.backward.learn.objective:
        case "attention":
            return Formula(Operation.CROSS_ENTROPY, (_same("target", cell), _same("weights", cell), _COUNT))
        case "output":
            if cell.row not in trace.backward.rows:
                return Given(_without_target(trace, cell))
            return Formula(Operation.SQUARED_ERROR, (_last(trace, cell), _same("target", cell), _COUNT))
        case _:
            if (cell.row, cell.column) != (trace.example.query, trace.backward.label):
                return Given(_without_target(trace, cell))
            return Formula(Operation.NEGATIVE_LOG, (_same("probabilities", cell), _COUNT))


def _without_target(trace: Trace, cell: Address) -> str:
    return "learn has no target for it, so 0"


def _last(trace: Trace, cell: Address) -> Address:
    return Address(last_step(trace.example), cell.row, cell.column)


def _d_logits(trace: Trace, cell: Address) -> Terms:
    if cell.row != trace.example.query:
        return Given(_without_target(trace, cell))
    return Formula(Operation.DIFFERENCE, (_same("probabilities", cell), _same("target", cell), _COUNT))


def _d_last(trace: Trace, cell: Address) -> Terms:
    """The gradient by the layer's last step, from the loss."""
    if reads_label(trace.example):
        labels = len(trace.backward.learn.labels)
        return SumOfProducts(Cells("d_logits", labels, row=cell.row), Cells("W_R", labels, row=cell.column))
    if cell.row not in trace.backward.rows:
        return Given(_without_target(trace, cell))
    return Formula(Operation.TWICE_DIFFERENCE, (_last(trace, cell), _same("target", cell), _COUNT))


def _d_merged(trace: Trace, cell: Address) -> Terms:
    """The gradient by the heads' outputs side by side, or by the one head's."""
    if "W_O" not in trace.example.parameters:
        return _d_last(trace, cell)
    width = trace.step("projected").shape[1]
    return SumOfProducts(Cells("d_projected", width, row=cell.row), Cells("W_O", width, row=cell.column))


def _d_output(trace: Trace, cell: Address) -> Terms:
    if trace.shape.heads == 1:
        return _d_merged(trace, cell)
    return Copied(Address("d_heads", cell.row, cell.head * trace.shape.d_v + cell.column))


def _d_values(trace: Trace, cell: Address) -> Terms:
    """A value gets what every query that looked at it, in every head that shares it, sends back."""
    heads, queries = _heads_of_group(trace, cell.head), trace.shape.queries
    return SumOfProducts(
        _in_turn([Cells("weights", queries, column=cell.row, head=head) for head in heads]),
        _in_turn([Cells("d_output", queries, column=cell.column, head=head) for head in heads]),
    )


def _d_weights(trace: Trace, cell: Address) -> Terms:
    if trace.backward.learn.objective == "attention":
        return Formula(Operation.PER_WEIGHT, (_same("target", cell), _same("weights", cell), _COUNT))
    return SumOfProducts(
        Cells("d_output", trace.shape.d_v, row=cell.row, head=cell.head),
        Cells("values", trace.shape.d_v, row=cell.column, head=cell.head),
    )


def _through_softmax(trace: Trace, cell: Address) -> Terms:
    mean = Address("mean", cell.row, 0, cell.head)
    return Formula(Operation.JACOBIAN, (_same("weights", cell), _same("d_weights", cell), mean))


def _mean(trace: Trace, cell: Address) -> Terms:
    keys = trace.shape.keys
    return SumOfProducts(
        Cells("weights", keys, row=cell.row, head=cell.head), Cells("d_weights", keys, row=cell.row, head=cell.head)
    )


def _d_scores(trace: Trace, cell: Address) -> Terms:
    if not is_scaled(trace.example):
        return _through_softmax(trace, cell)
    return Scaled(_same("d_scaled", cell), 1.0 if trace.scale is None else trace.scale)


def _d_queries(trace: Trace, cell: Address) -> Terms:
    keys = trace.shape.keys
    return SumOfProducts(
        Cells("d_scores", keys, row=cell.row, head=cell.head),
        Cells("keys", keys, column=cell.column, head=cell.head),
    )


def _d_keys(trace: Trace, cell: Address) -> Terms:
    heads, queries = _heads_of_group(trace, cell.head), trace.shape.queries
    return SumOfProducts(
        _in_turn([Cells("d_scores", queries, column=cell.row, head=head) for head in heads]),
        _in_turn([Cells("queries", queries, column=cell.column, head=head) for head in heads]),
    )


def made_by(trace: Trace, letter: str) -> tuple[str, int, int]:
    """(step that W and b make, its width in one head, query heads to each of its heads)."""
    group = trace.shape.heads // trace.shape.kv_heads
    return {
        "Q": ("queries", trace.shape.d_k, 1),
        "K": ("keys", trace.shape.d_k, group),
        "V": ("values", trace.shape.d_v, group),
        "O": ("projected", 1 << 62, 1),
        "R": ("logits", 1 << 62, 1),
    }[letter]


def _by_parameter(trace: Trace, cell: Address) -> Terms:
    """W gets the sum over all rows that went through it, b the plain sum of what came out."""
    letter = cell.name[-1]
    step, width, group = made_by(trace, letter)
    head, column = divmod(cell.column, width)
    rows = trace.shape.keys if letter in "KV" else trace.shape.queries
    gradient = Cells(f"d_{step}", rows, column=column, head=head * group)
    if cell.name.startswith("d_b"):
        return RowSum(gradient)
    source = projection_source(trace, step)
    assert source is not None
    return SumOfProducts(Cells(source, rows, column=cell.row), gradient)


def _by_input(trace: Trace, cell: Address) -> Terms:
    """A row of X gets what comes back through queries, keys and values, of every head."""
    letters = [] if cell.name == "d_Y" else ["Q"]
    if cell.name == f"d_{attended_name(trace.example)}":
        letters += ["K", *(["V"] if trace.has("d_values") else [])]
    left: list[Cells] = []
    right: list[Cells] = []
    for letter in letters:
        step, width, group = made_by(trace, letter)
        heads = range(0, trace.shape.heads, group)
        left += [Cells(f"d_{step}", width, row=cell.row, head=head) for head in heads]
        right.append(Cells(f"W_{letter}", width * len(heads), row=cell.column))
    return SumOfProducts(_in_turn(left), _in_turn(right))


def _update(trace: Trace, cell: Address) -> Terms:
    name, row, column = trace.backward.entry(cell.row)
    plain = trace.backward.learn.optimizer == "sgd"
    direction = gradient_of(trace, cell.row) if plain else Address("direction", cell.row, 0)
    return Formula(Operation.DESCENT, (Address(name, row, column), _RATE, direction))


def gradient_of(trace: Trace, entry: int) -> Address:
    """The whole gradient by a number that moves: its step's cell, or the sum over all sentences."""
    name, row, column = trace.backward.entry(entry)
    if reads_label(trace.example) or not trace.has(f"d_{name}"):
        return Address("total", entry, 0)
    return Address(f"d_{name}", row, column)


def _total(trace: Trace, cell: Address) -> Terms:
    name, row, column = trace.backward.entry(cell.row)
    if not reads_label(trace.example):
        step = f"d_{name}"
        return (
            Copied(Address(step, row, column))
            if trace.has(step)
            else Given(f"learn: the loss does not look at {name}, so 0")
        )
    others = Address("others", cell.row, 0)
    if name != VOCABULARY:
        return Formula(Operation.SUM, (Address(f"d_{name}", row, column), others))
    assert trace.backward.learn.vocabulary is not None
    word = trace.backward.learn.vocabulary.words[row]
    places = (index for index, token in enumerate(trace.example.tokens) if token == word)
    return Formula(Operation.SUM, (*(Address("d_X", index, column) for index in places), others))


def _direction(trace: Trace, cell: Address) -> Terms:
    if trace.backward.learn.optimizer == "momentum":
        return Formula(Operation.VELOCITY, (Address("u", cell.row, 0), gradient_of(trace, cell.row)))
    return Formula(Operation.DIRECTION, (Address("m_hat", cell.row, 0), Address("v_hat", cell.row, 0)))


def _adam(operation: Operation, memory: str) -> Callable[[Trace, Address], Terms]:
    def found(trace: Trace, cell: Address) -> Terms:
        share = Address(f"{memory}_share", 0, 0)
        return Formula(operation, (Address(memory, cell.row, 0), gradient_of(trace, cell.row), share))

    return found


_TERMS: dict[str, Callable[[Trace, Address], Terms]] = {
    "probabilities": _probabilities,
    "loss": _loss,
    "d_logits": _d_logits,
    "d_projected": _d_last,
    "d_heads": _d_merged,
    "d_output": _d_output,
    "d_values": _d_values,
    "d_weights": _d_weights,
    "d_scaled": _through_softmax,
    "d_scores": _d_scores,
    "d_queries": _d_queries,
    "d_keys": _d_keys,
    **{f"d_{kind}_{letter}": _by_parameter for kind in "Wb" for letter in "QKVOR"},
    "d_X": _by_input,
    "d_Y": _by_input,
    "update": _update,
    "mean": _mean,
    "total": _total,
    "direction": _direction,
    "m_hat": _adam(Operation.MEAN, "m"),
    "v_hat": _adam(Operation.MEAN_SQUARE, "v"),
}


def _remembered(trace: Trace, cell: Address) -> str:
    return f"what the optimiser remembers of {trace.backward.updates - 1} updates"


def _target_place(trace: Trace, cell: Address) -> str:
    learn = trace.backward.learn
    if cell.row not in trace.backward.rows or (learn.objective == "attention" and cell.head != learn.head):
        return _without_target(trace, cell)
    if learn.objective == "label":
        return f"learn.sentences: label {learn.labels[trace.backward.label]}"
    return f"learn.target, row {cell.row}, column {cell.column}"


_GIVEN: dict[str, Callable[[Trace, Address], str]] = {
    "target": lambda trace, cell: _target_place(trace, cell),
    "count": lambda trace, cell: (
        "learn.sentences: how many" if reads_label(trace.example) else "learn.target: how many"
    ),
    "rate": lambda trace, cell: "learn.rate",
    "others": lambda trace, cell: f"from the other {len(trace.backward.learn.sentences) - 1} of learn.sentences",
    "u": _remembered,
    "m": _remembered,
    "v": _remembered,
    "m_share": lambda trace, cell: f"1 - 0.9^{trace.backward.updates}, from the number of updates",
    "v_share": lambda trace, cell: f"1 - 0.999^{trace.backward.updates}, from the number of updates",
}
"""Where a number that nothing was computed from comes from."""
