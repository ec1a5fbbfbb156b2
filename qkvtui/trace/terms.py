"""The terms of a cell: the numbers it was computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .addresses import Address, leaf_array
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

    left: tuple[Address, ...]
    right: tuple[Address, ...]
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


Terms = Given | SumOfProducts | Scaled | Masked | SoftmaxShare | Copied


def terms(trace: Trace, cell: Address) -> Terms:
    """What the number at `cell` was computed from. The summary has no cells of its own."""
    if leaf_array(trace, cell.name) is not None:
        return Given(_place(trace, cell))
    return _TERMS[trace.step(cell.name).type.kind](trace, cell)


def _given(trace: Trace, cell: Address) -> Terms:
    return Given(_place(trace, Address("X", cell.row, cell.column)))


def _scores(trace: Trace, cell: Address) -> Terms:
    features = range(trace.shape.d_k)
    return SumOfProducts(
        tuple(Address("queries", cell.row, feature, cell.head) for feature in features),
        tuple(Address("keys", cell.column, feature, cell.head) for feature in features),
    )


def _scaled(trace: Trace, cell: Address) -> Terms:
    return Scaled(_in_step("scores", cell), 1.0 if trace.scale is None else trace.scale)


def _masked(trace: Trace, cell: Address) -> Terms:
    source = "scaled" if is_scaled(trace.example) else "scores"
    return Masked(_in_step(source, cell), float(trace.mask_row(cell.row)[cell.column]))


def _softmax(trace: Trace, cell: Address) -> Terms:
    return SoftmaxShare(_in_step(logits_step(trace), cell), trace.softmax_row(cell.row, cell.head))


def _weighted_sum(trace: Trace, cell: Address) -> Terms:
    keys = range(trace.shape.keys)
    return SumOfProducts(
        tuple(Address("weights", cell.row, key, cell.head) for key in keys),
        tuple(Address("values", key, cell.column, cell.head) for key in keys),
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
        return Given(_place(trace, Address(letter, cell.row, cell.column, _given_head(trace, cell))))
    weights = trace.example.parameters[f"W_{letter}"]
    column = _parameter_column(trace, cell)
    bias = Address(f"b_{letter}", 0, column) if f"b_{letter}" in trace.example.parameters else None
    return SumOfProducts(
        tuple(Address(source, cell.row, i) for i in range(weights.shape[0])),
        tuple(Address(f"W_{letter}", i, column) for i in range(weights.shape[0])),
        bias,
    )


def projection_source(trace: Trace, step_id: str) -> str | None:
    """What a projection step projects: X, Y, `output` or `heads`; None where its result is given in the file."""
    if step_id == "projected":
        return "heads" if trace.shape.heads > 1 else "output"
    if "X" not in trace.example.inputs:
        return None
    return "Y" if step_id != "queries" and "Y" in trace.example.inputs else "X"


def projection_letter(step_id: str) -> str:
    """The letter of a projection's parameters: Q, K, V or O."""
    return {"queries": "Q", "keys": "K", "values": "V", "projected": "O"}[step_id]


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


def _place(trace: Trace, leaf: Address) -> str:
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
}
