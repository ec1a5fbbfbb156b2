"""The terms of a cell: the numbers it was computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..files.example import STANDARD_SCALE
from .addresses import VOCABULARY, Address, leaf_array
from .cells import Cells, Line
from .derived import DERIVED
from .learning_conditions import last_step
from .operations import Operation
from .steps import Kind, is_scaled
from .trace import SoftmaxRow, Trace


@dataclass(frozen=True)
class Given:
    """A number from the file."""

    place: str
    """`inputs.X, row 3, column 0`."""


@dataclass(frozen=True)
class SumOfProducts:
    """Σ left · right (+ bias)."""

    left: Line
    right: Line
    bias: Address | None = None


@dataclass(frozen=True)
class Scaled:
    """One score times the scale."""

    score: Address
    factor: float


@dataclass(frozen=True)
class Masked:
    """One scaled score plus the mask's number (0 or −∞, or what the file adds)."""

    score: Address
    added: float


@dataclass(frozen=True)
class SoftmaxShare:
    """exp(score − maximum) ÷ total over the row."""

    score: Address
    row: SoftmaxRow


@dataclass(frozen=True)
class Copied:
    """The same number, from one head's output."""

    cell: Address


@dataclass(frozen=True)
class Exponential:
    """exp(score − maximum)."""

    score: Address
    maximum: Address


@dataclass(frozen=True)
class RowSum:
    """A plain sum: of the exponentials that softmax divides by, of gradients."""

    cells: Line


@dataclass(frozen=True)
class RowMaximum:
    """The largest of the scores that softmax takes away."""

    scores: Cells


@dataclass(frozen=True)
class Formula:
    """What an operation makes of a few numbers."""

    operation: Operation
    operands: tuple[Address, ...]


Terms = Given | SumOfProducts | Scaled | Masked | SoftmaxShare | Copied | Exponential | RowSum | RowMaximum | Formula


def terms(trace: Trace, cell: Address) -> Terms:
    """What the number at `cell` was computed from. The summary's numbers are weights."""
    if leaf_array(trace, cell.name) is not None:
        return Given(leaf_place(trace, cell))
    if cell.name in _DERIVED:
        return _DERIVED[cell.name](trace, cell)
    if cell.name in DERIVED or (trace.step(cell.name).type.learns and cell.name != "logits"):
        from .learning_terms import learning_terms  # which is built on this

        return learning_terms(trace, cell)
    return _TERMS[trace.step(cell.name).type.kind](trace, cell)


def _given(trace: Trace, cell: Address) -> Terms:
    return Given(leaf_place(trace, Address("X", cell.row, cell.column)))


def _scores(trace: Trace, cell: Address) -> Terms:
    return SumOfProducts(
        Cells("queries", trace.shape.d_k, row=cell.row, head=cell.head),
        Cells("keys", trace.shape.d_k, row=cell.column, head=cell.head),
    )


def _scaled(trace: Trace, cell: Address) -> Terms:
    return Scaled(_in_step("scores", cell), 1.0 if trace.scale is None else trace.scale)


def _masked(trace: Trace, cell: Address) -> Terms:
    source = "scaled" if is_scaled(trace.example) else "scores"
    return Masked(_in_step(source, cell), float(trace.mask_row(cell.row)[cell.column]))


def _softmax(trace: Trace, cell: Address) -> Terms:
    return SoftmaxShare(_in_step(logits_step(trace), cell), trace.softmax_row(cell.row, cell.head))


def _weighted_sum(trace: Trace, cell: Address) -> Terms:
    return SumOfProducts(
        Cells("weights", trace.shape.keys, row=cell.row, head=cell.head),
        Cells("values", trace.shape.keys, column=cell.column, head=cell.head),
    )


def _concatenation(trace: Trace, cell: Address) -> Terms:
    head, column = divmod(cell.column, trace.shape.d_v)
    return Copied(Address("output", cell.row, column, head))


def logits_step(trace: Trace) -> str:
    """The id of the step that softmax is taken of."""
    return next(name for name in ("masked", "scaled", "scores") if trace.has(name))


def _in_step(step_id: str, cell: Address) -> Address:
    return Address(step_id, cell.row, cell.column, cell.head)


def _projection(trace: Trace, cell: Address) -> Terms:
    source, letter = projection_source(trace, cell.name), projection_letter(cell.name)
    if source is None:
        return Given(leaf_place(trace, Address(letter, cell.row, cell.column, _given_head(trace, cell))))
    weights = trace.example.parameters[f"W_{letter}"]
    column = _parameter_column(trace, cell)
    bias = Address(f"b_{letter}", 0, column) if f"b_{letter}" in trace.example.parameters else None
    return SumOfProducts(
        Cells(source, weights.shape[0], row=cell.row),
        Cells(f"W_{letter}", weights.shape[0], column=column),
        bias,
    )


def softmax_line(trace: Trace, row: int, head: int, name: str) -> Cells:
    """The cells of one softmax: those of a row, or, over columns, those of a column."""
    if trace.softmax_over == "columns":
        return Cells(name, trace.shape.queries, column=row, head=head)
    return Cells(name, trace.shape.keys, row=row, head=head)


def softmax_index(trace: Trace, cell: Address) -> int:
    """The row (or, over columns, the column) along which this cell's softmax goes."""
    return cell.column if trace.softmax_over == "columns" else cell.row


def _exponential(trace: Trace, cell: Address) -> Terms:
    return Exponential(_in_step(logits_step(trace), cell), Address("max", softmax_index(trace, cell), 0, cell.head))


def _row_sum(trace: Trace, cell: Address) -> Terms:
    return RowSum(softmax_line(trace, cell.row, cell.head, "exp"))


def _row_maximum(trace: Trace, cell: Address) -> Terms:
    return RowMaximum(softmax_line(trace, cell.row, cell.head, logits_step(trace)))


def _scale_setting(trace: Trace, cell: Address) -> Terms:
    scale = trace.example.attention.scale
    written = f"{scale}, d_k = {trace.shape.d_k}" if scale == STANDARD_SCALE else str(scale)
    return Given(f"attention.scale: {written}")


def _mask_setting(trace: Trace, cell: Address) -> Terms:
    settings = trace.example.attention
    places = []
    if settings.mask is not None:
        places.append(f"attention.mask, row {cell.row}, column {cell.column}")
    if settings.causal:
        places.append("attention.causal")
    if settings.padding is not None:
        places.append(f"attention.padding, column {cell.column}")
    return Given("; ".join(places))


def projection_source(trace: Trace, step_id: str) -> str | None:
    """What a projection step projects: X, Y or a step's id; None where its result is given in the file."""
    if step_id == "logits":
        return last_step(trace.example)
    if step_id == "projected":
        return "heads" if trace.shape.heads > 1 else "output"
    if "X" not in trace.example.inputs:
        return None
    return "Y" if step_id != "queries" and "Y" in trace.example.inputs else "X"


def projection_letter(step_id: str) -> str:
    """The letter of a projection's parameters: Q, K, V, O or R."""
    return {"queries": "Q", "keys": "K", "values": "V", "projected": "O", "logits": "R"}[step_id]


def first_column(trace: Trace, step_id: str, head: int) -> int:
    """The column of W (and b) at which this head's part begins."""
    match step_id:
        case "queries":
            return head * trace.shape.d_k
        case "keys":
            return trace.kv_head(head) * trace.shape.d_k
        case "values":
            return trace.kv_head(head) * trace.shape.d_v
        case _:
            return 0


def _parameter_column(trace: Trace, cell: Address) -> int:
    return first_column(trace, cell.name, cell.head) + cell.column


def _given_head(trace: Trace, cell: Address) -> int:
    return cell.head if cell.name == "queries" else trace.kv_head(cell.head)


def leaf_place(trace: Trace, leaf: Address) -> str:
    """Where an input or a parameter stands in the file."""
    learn = trace.example.learn
    if learn is not None and learn.vocabulary is not None and leaf.name in (VOCABULARY, "X"):
        word = learn.vocabulary.words[leaf.row] if leaf.name == VOCABULARY else trace.example.tokens[leaf.row]
        return f"learn.vocabulary, {word}, column {leaf.column}"
    table = "inputs" if leaf.name in trace.example.inputs else "parameters"
    array = leaf_array(trace, leaf.name)
    assert array is not None
    if array.ndim == 1:
        return f"{table}.{leaf.name}, column {leaf.column}"
    head = f"head {leaf.head}, " if array.ndim == 3 else ""
    return f"{table}.{leaf.name}, {head}row {leaf.row}, column {leaf.column}"


_TERMS: dict[Kind, Callable[[Trace, Address], Terms]] = {
    Kind.GIVEN: _given,
    Kind.PROJECTION: _projection,
    Kind.SCORES: _scores,
    Kind.SCALE: _scaled,
    Kind.MASK: _masked,
    Kind.SOFTMAX: _softmax,
    Kind.WEIGHTED_SUM: _weighted_sum,
    Kind.CONCATENATION: _concatenation,
    Kind.SUMMARY: _softmax,
}

_DERIVED: dict[str, Callable[[Trace, Address], Terms]] = {
    "exp": _exponential,
    "sum": _row_sum,
    "max": _row_maximum,
    "scale": _scale_setting,
    "mask": _mask_setting,
}
