"""Addresses: names for one number of a trace, `scores[it,animal]`, `weights@1[3,1]`, `W_Q[0,1]`, `X[it,living]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..errors import UsageError
from ..files.numerals import plain_signs
from ..files.phrases import listed
from ..files.tokens import TokenError, index_in_any, pairs_in, token_name
from ..graph.block import WORDS
from ..operations.tensors import Address, Axis
from ..said import say, typed
from .address_names import AddressError, check_head, check_name, only_layer_with
from .labels import Readings, axes_of, is_vector, readings_of
from .parts import reads_words
from .trace import Trace

_SHAPE = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z_0-9]*)(?:@(?:(?P<layer>[0-9]{1,9})\.)?(?P<head>[0-9]{1,9}))?(?:\[(?P<inside>.*)\]|:(?P<plain>.*))?",
    re.DOTALL,
)

_LONGEST_LABEL = 24
"""A longer token is named by its index: an address is to be read and typed."""


def at_layer_of(trace: Trace, cell: Address) -> tuple[Trace, Address]:
    """The trace of the layer that an address names, and the address there."""
    if cell.layer is None:
        return trace, cell
    return trace.at_layer(cell.layer), replace(cell, layer=None)


def value_at(trace: Trace, address: Address) -> float:
    """The number at an address."""
    return trace.value(address)


def exists(trace: Trace, address: Address) -> bool:
    """Whether the trace has a number at this address."""
    trace, address = at_layer_of(trace, address)
    return trace.is_leaf(address.name) or address.name in trace.graph.rows


def is_behind_step(trace: Trace, name: str) -> bool:
    """Whether this is a stage inside a step, a setting, or what an optimiser remembers."""
    return name in trace.graph.rows and not trace.graph.rows[name].is_step


def format_address(trace: Trace, address: Address, language: str = "") -> str:
    """The address as a reader would write it: tokens by their text where that is unique and short, else by index.

    What columns are called is said only to a reader of a `language`: what programs read, and files that may go to
    readers of another one, have the index.
    """
    trace, address = at_layer_of(trace, address)
    head = _at(trace, address)
    labels = axes_of(trace, address.name, language, address.head)
    places: tuple[int, ...] = (address.row, address.column)
    if is_vector(trace, address.name):
        places, head = places[1:], "" if trace.layers is None else head
    inside = ",".join(
        token_name(index, one, longest=_LONGEST_LABEL) for one, index in zip(labels, places, strict=False)
    )
    return f"{address.name}{head}[{inside}]" if labels else address.name


def _at(trace: Trace, address: Address) -> str:
    """`@1`: head 1; in a model with several layers `@3.1`, layer 3, head 1, or `@3`. Of head 0 nothing is said."""
    has_heads = trace.per_head(address.name)
    if trace.layers is None:
        return f"@{address.head}" if has_heads and address.head else ""
    if address.name == WORDS:  # one table, whichever layers use it
        return ""
    of_head = f".{address.head}" if has_heads and trace.shape.heads > 1 else ""
    return f"@{trace.example.layer}{of_head}"


def parse_address(trace: Trace, text: str) -> Address:
    """The address that `text` names; `scores` alone is the file's query's row, column 0, `logits` alone its top word.

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


def places_said(text: str) -> int:
    """How many of layer and head the text of an address says; in a model of layers the first is the layer."""
    match = _SHAPE.fullmatch(text.strip()) or _SHAPE.fullmatch(plain_signs(text).strip())
    return 0 if match is None else sum(match[name] is not None for name in ("layer", "head"))


def _parsed(trace: Trace, text: str) -> Address:
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise AddressError(
            say("{text} is not an address", text=typed(text)), say("write one like scores[it,animal] or W_Q[0,1]")
        )
    if trace.layers is not None and match["head"] is not None:
        return _of_layer(trace, text, match)
    if match["layer"] is not None:
        raise AddressError(
            say("{name} has no layers", name=trace.example.name), say("leave out {layer}.", layer=match["layer"])
        )
    elsewhere = only_layer_with(trace, match["name"])
    if elsewhere is not None:
        return replace(_inside(trace.at_layer(elsewhere), match, 0), layer=elsewhere)
    check_name(trace, match["name"])
    check_head(trace, match["name"], match["head"], "@")
    return _inside(trace, match, int(match["head"] or 0))


def _inside(trace: Trace, match: re.Match[str], head: int) -> Address:
    """The number that a checked name and what stands in brackets name."""
    name = match["name"]
    inside = match["inside"] if match["inside"] is not None else match["plain"]
    if inside is None:
        row = _first_row(trace, name)
        return Address(name, row, _first_column(trace, name, row), head)
    readings = readings_of(trace, name, head)
    if is_vector(trace, name):
        return Address(name, 0, _index(readings[1], inside, name, "column"), head)
    if not readings:
        raise AddressError(say("{name} is one number", name=name), say("leave out [{inside}]", inside=inside))
    if len(readings) == 1:
        return Address(name, _index(readings[0], inside, name, "row"), 0, head)
    return _pair(readings, name, inside, head)


def _of_layer(trace: Trace, text: str, match: re.Match[str]) -> Address:
    """`left@2[it,0]`: of layer 2; `weights@2.1[it,animal]`: of its head 1."""
    layer, head = (match["layer"], match["head"]) if match["layer"] is not None else (match["head"], None)
    try:
        there = trace.at_layer(int(layer))
    except UsageError as error:
        raise AddressError(typed(text), str(error)) from None
    name = match["name"]
    check_name(there, name)
    check_head(there, name, head, f"@{layer}.")
    found = _inside(there, match, int(head or 0))
    return replace(found, layer=None if there is trace else int(layer))


def _first_row(trace: Trace, name: str) -> int:
    """The row that a name alone means: the query's, or the first where rows are no tokens."""
    if not trace.has(name) or trace.step(name).type.rows not in (Axis.QUERY, Axis.KEY):
        return 0
    return min(trace.example.query, trace.step(name).shape[0] - 1)


def _first_column(trace: Trace, name: str, row: int) -> int:
    """The column that a name alone means: the largest number's where columns are the words that may come next."""
    if not trace.has(name) or not reads_words(trace.example, trace.step(name)):
        return 0
    return int(trace.row(name, row).argmax())


def _pair(axes: Sequence[Readings], name: str, inside: str, head: int) -> Address:
    rows, columns = axes

    def read(row: str, column: str) -> Address:
        return Address(name, _index(rows, row, name, "row"), _index(columns, column, name, "column"), head)

    readings, failure = pairs_in(inside, read)
    if not readings and failure is None:
        raise AddressError(
            say("{address} names a row only", address=f"{name}[{inside}]"),
            say("write {address}", address=f"{name}[{inside},COLUMN]"),
        )
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
    trace, address = at_layer_of(trace, address)
    readings = readings_of(trace, address.name, address.head)
    if len(readings) != 2 or is_vector(trace, address.name):
        return None
    return _index(readings[0], text, address.name, "row")


def find_place(trace: Trace, name: str, texts: Sequence[str], head: int = 0) -> Address:
    """The number of a tensor at the places that `texts` name, one for each of its `axes_of`, however one may call them.

    Raises UsageError where that is none or several.
    """
    readings = readings_of(trace, name, head)
    if is_vector(trace, name):
        return Address(name, 0, _index(readings[1], texts[0], name, "column"), head)
    axes = zip(readings, texts, ("row", "column"), strict=False)
    row, column, *_ = *(_index(names, text, name, axis) for names, text, axis in axes), 0, 0
    return Address(name, row, column, head)
