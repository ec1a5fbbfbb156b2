"""Addresses: names for one number of a trace, `scores[it,animal]`, `weights@1[3,1]`, `W_Q[0,1]`, `X[it,living]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.numerals import plain_signs
from ..files.phrases import listed, nearest, with_commas
from ..files.tokens import TokenError, index_in_any, token_name
from ..graph.closing import CLOSING
from ..graph.features import axis_names
from ..operations.tensors import Address, Axis
from ..said import Phrase, say, typed
from .parts import Step
from .table import VOCABULARY
from .trace import Trace

Labels = tuple[Sequence[str], ...]
"""Of each index that the address has: rows and columns, only rows, or none."""

Readings = Sequence[Sequence[str]]
"""What the places along one axis may be called, once for each way of naming them."""

_SHAPE = re.compile(r"(?P<name>[A-Za-z_]+)(?:@(?P<head>[0-9]{1,9}))?(?:\[(?P<inside>.*)\]|:(?P<plain>.*))?", re.DOTALL)

_LONGEST_LABEL = 24
"""A longer token is named by its index: an address is to be read and typed."""


def leaf_array(trace: Trace, name: str) -> FloatArray | None:
    """The input or parameter of this name as given, or None."""
    return trace.leaf(name) if trace.is_leaf(name) else None


def value_at(trace: Trace, address: Address) -> float:
    """The number at an address."""
    return trace.value(address)


def exists(trace: Trace, address: Address) -> bool:
    """Whether the trace has a number at this address."""
    return trace.is_leaf(address.name) or address.name in trace.graph.rows


def is_behind_step(trace: Trace, name: str) -> bool:
    """Whether this is a stage inside a step, a setting, or what an optimiser remembers."""
    return name in trace.graph.rows and not trace.graph.rows[name].is_step


class AddressError(UsageError):
    """An address that names no number, or several."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(say("{problem}; {expected}", problem=problem, expected=expected))
        self.problem = problem
        self.expected = expected


def format_address(trace: Trace, address: Address, language: str = "") -> str:
    """The address as a reader would write it: tokens by their text where that is unique and short, else by index.

    What columns are called is said only to a reader of a `language`: what programs read, and files that may go to
    readers of another one, have the index.
    """
    head = f"@{address.head}" if _has_heads(trace, address.name) and address.head else ""
    labels = axes_of(trace, address.name, language, address.head)
    places: tuple[int, ...] = (address.row, address.column)
    if _is_vector(trace, address.name):
        places, head = places[1:], ""
    inside = ",".join(
        token_name(index, one, longest=_LONGEST_LABEL) for one, index in zip(labels, places, strict=False)
    )
    return f"{address.name}{head}[{inside}]" if labels else address.name


def parse_address(trace: Trace, text: str) -> Address:
    """The address that `text` names; `scores` alone is the file's query's row, column 0.

    Also `scores:it,animal`, which needs no quoting in a shell, and with full-width punctuation where no token has that
    punctuation itself. Raises AddressError, which says what can be said instead.
    """
    try:
        return _parsed(trace, text)
    except AddressError:
        plain = plain_signs(text)
        if plain == text:
            raise
        return _parsed(trace, plain)


def _parsed(trace: Trace, text: str) -> Address:
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise AddressError(
            say("{text} is not an address", text=typed(text)), say("write one like scores[it,animal] or W_Q[0,1]")
        )
    name, head = match["name"], int(match["head"] or 0)
    inside = match["inside"] if match["inside"] is not None else match["plain"]
    _check_name(trace, name)
    _check_head(trace, name, match["head"])
    if inside is None:
        return Address(name, _first_row(trace, name), 0, head)
    readings = _readings_of(trace, name, head)
    if _is_vector(trace, name):
        return Address(name, 0, _index(readings[1], inside, name, "column"), head)
    if not readings:
        raise AddressError(say("{name} is one number", name=name), say("leave out [{inside}]", inside=inside))
    if len(readings) == 1:
        return Address(name, _index(readings[0], inside, name, "row"), 0, head)
    return _pair(readings, name, inside, head)


def _first_row(trace: Trace, name: str) -> int:
    """The row that a name alone means: the query's, or the first where rows are no tokens."""
    if not trace.has(name) or trace.step(name).type.rows not in (Axis.QUERY, Axis.KEY):
        return 0
    return min(trace.example.query, trace.step(name).shape[0] - 1)


def _pair(axes: Sequence[Readings], name: str, inside: str, head: int) -> Address:
    """A token may hold a comma itself, so every comma is tried as the one that divides row from column."""
    rows, columns = axes
    splits = list(_splits(inside))
    if not splits:
        raise AddressError(
            say("{address} names a row only", address=f"{name}[{inside}]"),
            say("write {address}", address=f"{name}[{inside},COLUMN]"),
        )
    failure: AddressError | None = None
    readings: list[Address] = []
    for row, column in splits:
        try:
            readings.append(
                Address(name, _index(rows, row, name, "row"), _index(columns, column, name, "column"), head)
            )
        except AddressError as error:
            failure = failure or error
    if len(readings) > 1:
        ways = listed([f"{name}[{one.row},{one.column}]" for one in readings], "or")
        raise AddressError(
            say("{address} can be read in {count} ways", address=f"{name}[{inside}]", count=len(readings)),
            say("say which by its indices: {ways}", ways=ways),
        )
    if not readings:
        assert failure is not None
        raise failure
    return readings[0]


def _splits(inside: str) -> Iterator[tuple[str, str]]:
    for position, character in enumerate(inside):
        if character == ",":
            yield inside[:position], inside[position + 1 :]


def find_token(labels: Sequence[str], text: str) -> int:
    """The index of a token named by its text, or by its index; AddressError where that is none or several."""
    return _index((labels,), text, "", "token")


def _index(readings: Readings, text: str, name: str, axis: str) -> int:
    try:
        return index_in_any(text, readings, axis)
    except TokenError as error:
        problem = say("{place}: {problem}", place=name, problem=error.problem) if name else error.problem
        raise AddressError(problem, error.expected) from None


def find_row(trace: Trace, address: Address, text: str) -> int | None:
    """The row of the tensor of `address` that `text` names, however one may call it; None where it has no rows.

    Raises UsageError where that is none or several.
    """
    readings = _readings_of(trace, address.name, address.head)
    if len(readings) != 2 or _is_vector(trace, address.name):
        return None
    return _index(readings[0], text, address.name, "row")


def find_place(trace: Trace, name: str, texts: Sequence[str], head: int = 0) -> Address:
    """The number of a tensor at the places that `texts` name, one for each of its `axes_of`, however one may call them.

    Raises UsageError where that is none or several.
    """
    readings = _readings_of(trace, name, head)
    if _is_vector(trace, name):
        return Address(name, 0, _index(readings[1], texts[0], name, "column"), head)
    axes = zip(readings, texts, ("row", "column"), strict=False)
    row, column, *_ = *(_index(names, text, name, axis) for names, text, axis in axes), 0, 0
    return Address(name, row, column, head)


def axes_of(trace: Trace, name: str, language: str = "", head: int = 0) -> Labels:
    """The labels along each axis that a tensor has: rows and columns, one of them, or none for a single number."""
    labels = labels_of(trace, name, language, head)
    return labels[1:] if _is_vector(trace, name) else labels


def labels_of(trace: Trace, name: str, language: str = "", head: int = 0) -> Labels:
    """Row and column labels of a step, an array or derived numbers.

    Columns and rows that have names are called by them in a `language`; without one they are only counted.
    """
    counted = _counted_labels(trace, name)
    if not language:
        return counted
    both = zip(counted, axis_names(trace.example, name, head), strict=False)
    return tuple(labels if names is None else names.labels(language) for labels, names in both)


def step_labels(trace: Trace, step: Step, language: str, head: int = 0) -> tuple[Sequence[str], Sequence[str]]:
    """The labels of a step's rows and of its columns, which are called by their names where they have some."""
    rows, columns = axis_names(trace.example, step.id, head)
    return (
        step.row_labels if rows is None else rows.labels(language),
        step.column_labels if columns is None else columns.labels(language),
    )


def _readings_of(trace: Trace, name: str, head: int) -> tuple[Readings, ...]:
    """For each index of an address, all that one may call what it counts."""
    both = zip(_counted_labels(trace, name), axis_names(trace.example, name, head), strict=False)
    return tuple((labels,) if names is None else names.readings for labels, names in both)


def _counted_labels(trace: Trace, name: str) -> Labels:
    array = leaf_array(trace, name)
    if array is None:
        return trace.labels(name)
    rows: Sequence[str] = {
        "X": trace.example.tokens,
        "Q": trace.example.tokens,
        "S": trace.example.tokens,
        "Y": trace.example.keys,
        "Z": trace.example.keys,
        "K": trace.example.keys,
        "V": trace.example.keys,
        VOCABULARY: _words(trace),
    }.get(name, tuple(str(index) for index in range(array.shape[0])))
    return rows, trace.example.keys if name == "S" else tuple(str(index) for index in range(array.shape[-1]))


def _is_vector(trace: Trace, name: str) -> bool:
    """Whether it is a parameter of one row, whose addresses have only the column."""
    array = leaf_array(trace, name)
    return array is not None and array.ndim == 1


def _range(count: int) -> Phrase:
    return say("the only index is 0") if count == 1 else say("indices are 0 to {last}", last=count - 1)


def _has_heads(trace: Trace, name: str) -> bool:
    return trace.per_head(name)


def _words(trace: Trace) -> tuple[str, ...]:
    learn = trace.example.learn
    return () if learn is None or learn.vocabulary is None else learn.vocabulary.words


def known_steps() -> tuple[str, ...]:
    """The ids of all steps that an example may have."""
    from ..graph.learning import step_ids  # only here: needed for a mistake only

    return (*step_ids(), *CLOSING)


def meant_step(name: str, trace: Trace) -> str | None:
    """The step of the example that was probably meant: one spelt nearly so, or the one with that sign, such as `S`."""
    by_sign = {step.symbol.replace("′", "'"): step.id for step in reversed(trace.steps)}
    return by_sign.get(name) or nearest(name, [step.id for step in trace.walk], 0.65)


def _check_name(trace: Trace, name: str) -> None:
    if name in trace.graph.rows or trace.is_leaf(name):
        return
    names = [step.id for step in trace.steps] + list(trace.example.inputs) + list(trace.example.parameters)
    if name in known_steps():
        raise AddressError(
            say("this example has no step {name}", name=typed(name)), say("it has {names}", names=with_commas(names))
        )
    meant = nearest(name, names)
    raise AddressError(
        say("there is no step, input or parameter {name}", name=typed(name)),
        say("did you mean {meant}?", meant=typed(meant))
        if meant
        else say("there are {names}", names=with_commas(names)),
    )


def _check_head(trace: Trace, name: str, head: str | None) -> None:
    if head is None:
        return
    count = trace.shape.heads if _has_heads(trace, name) else 0
    if count == 0:
        raise AddressError(say("{name} has no heads of its own", name=name), say("leave out @{head}", head=head))
    if int(head) >= count:
        raise AddressError(say("{name}@{head}: head {head} is out of range", name=name, head=head), _range(count))
