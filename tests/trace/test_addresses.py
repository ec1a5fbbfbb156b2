"""Addresses: every cell can be named, what is ambiguous is refused, and every refusal helps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qkvtui.errors import UsageError
from qkvtui.localized import LANGUAGES
from qkvtui.operations.tensors import Address
from qkvtui.said import in_language
from qkvtui.trace.addresses import find_token, format_address, parse_address, value_at
from qkvtui.trace.trace import Trace
from tests import samples

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["", *LANGUAGES])
"""As programs read it, and as a reader of each language does."""


def cells(trace: Trace) -> Iterator[Address]:
    """Every cell of every step and of every array of the file."""
    for step in trace.steps:
        rows, columns = step.shape
        for head in range(trace.shape.heads if step.type.per_head else 1):
            yield from (Address(step.id, row, column, head) for row in range(rows) for column in range(columns))
    yield from leaves(trace)
    yield from derived(trace)


def derived(trace: Trace) -> Iterator[Address]:
    """Every number inside softmax, and those that settings give."""
    queries, keys = range(trace.shape.queries), range(trace.shape.keys)
    for head in range(trace.shape.heads):
        yield from (Address("exp", query, key, head) for query in queries for key in keys)
        yield from (Address(name, query, 0, head) for query in queries for name in ("sum", "max"))
    if trace.has("masked"):
        yield from (Address("mask", query, key) for query in queries for key in keys)
    if trace.has("scaled"):
        yield Address("scale", 0, 0)


def leaves(trace: Trace) -> Iterator[Address]:
    """Every number of the file."""
    for name, array in (dict(trace.example.given) | dict(trace.example.parameters)).items():
        shape = (1,) * (3 - array.ndim) + array.shape
        for head in range(shape[0]):
            yield from (Address(name, row, column, head) for row in range(shape[1]) for column in range(shape[2]))


@pytest.mark.sampled(3)
@NAMES
@IN_EACH_LANGUAGE
def test_what_a_page_calls_a_cell_leads_back_to_that_cell(name: str, language: str) -> None:
    """A reader who copied an address from a page into `qkvtui why` was shown another number, or an error."""
    trace = samples.trace(name)
    for cell in cells(trace):
        text = format_address(trace, cell, language)
        assert parse_address(trace, text) == cell, text


@pytest.mark.sampled(4)
@NAMES
@IN_EACH_LANGUAGE
def test_no_two_cells_have_the_same_name(name: str, language: str) -> None:
    """Two numbers of a page were called alike, so that neither could be asked for."""
    trace = samples.trace(name)
    found = list(cells(trace))
    assert len({format_address(trace, cell, language) for cell in found}) == len(found)


@pytest.mark.sampled(4)
@NAMES
def test_an_index_can_always_be_said(name: str) -> None:
    """A token that reads like a number, or like a bracket, could not have been named at all."""
    trace = samples.trace(name)
    of_layer = "" if trace.layers is None else f"{trace.example.layer}."
    for cell in cells(trace):
        head = f"@{of_layer}{cell.head}" if cell.head else ""
        array = trace.example.given.get(cell.name, trace.example.parameters.get(cell.name))
        inside = f"{cell.column}" if array is not None and array.ndim == 1 else f"{cell.row},{cell.column}"
        if cell.name in ("sum", "max"):
            inside = str(cell.row)
        assert cell.name == "scale" or parse_address(trace, f"{cell.name}{head}[{inside}]") == cell


@pytest.mark.sampled(4)
@NAMES
def test_an_address_is_short_enough_to_be_typed(name: str) -> None:
    """The page began with a token of 2,000 characters where the cell's name belongs."""
    trace = samples.trace(name)
    assert max(len(format_address(trace, cell)) for cell in cells(trace)) <= 70


SAID = [
    ("scores[it,animal]", Address("scores", 3, 1)),
    ("scores:it,animal", Address("scores", 3, 1)),
    ("scores[3,1]", Address("scores", 3, 1)),
    ("scores[it,1]", Address("scores", 3, 1)),
    (" scores[ it , animal ] ", Address("scores", 3, 1)),
    ("weights@0[it,animal]", Address("weights", 3, 1)),
    ("summary[it,animal]", Address("summary", 3, 1)),
    ("W_Q[0,1]", Address("W_Q", 0, 1)),
    ("W_Q:0,1", Address("W_Q", 0, 1)),
    ("X[it,1]", Address("X", 3, 1)),
    ("scores", Address("scores", 3, 0)),
    ("W_Q", Address("W_Q", 0, 0)),
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("text", "expected"), SAID)
def test_an_address_is_understood_as_people_write_it(text: str, expected: Address) -> None:
    """A reader was told that an address makes no sense that says clearly which number is meant."""
    assert parse_address(samples.trace("animal"), text) == expected


def test_a_head_is_named_after_the_at_sign() -> None:
    """The second head's weight could not have been asked for, or the first head's was shown for it."""
    trace = samples.trace("three_heads")
    address = parse_address(trace, "weights@2[it,cat]")
    assert address == Address("weights", 4, 1, 2)
    assert format_address(trace, address) == "weights@2[it,cat]"
    assert value_at(trace, address) == trace.matrix("weights", 2)[4, 1]
    assert parse_address(trace, "b_K[3]") == Address("b_K", 0, 3)
    assert parse_address(trace, "weights@1") == Address("weights", 4, 0, 1)
    given = samples.trace("given_heads")
    assert value_at(given, parse_address(given, "K@1[q,0]")) == given.example.inputs["K"][1, 1, 0]


REFUSED = [
    ("animal", "", "'' is not an address; write one like scores[it,animal] or W_Q[0,1]"),
    ("animal", "it→animal", "'it→animal' is not an address; write one like scores[it,animal] or W_Q[0,1]"),
    (
        "animal",
        "scores[it,animal",
        "'scores[it,animal' is not an address; write one like scores[it,animal] or W_Q[0,1]",
    ),
    ("animal", "scores[it]", "scores[it] names a row only; write scores[it,COLUMN]"),
    ("animal", "scores[it,anmal]", 'scores: no column is "anmal"; did you mean "animal"?'),
    ("animal", "scores[zzz,animal]", 'scores: no row is "zzz"; there is "The", "animal", "street", "it" and "tired"'),
    ("animal", "scores[5,animal]", "scores: there is no row 5; the rows are counted from 0 to 4"),
    ("animal", "scores[0,-1]", 'scores: no column is "-1"; there is "The", "animal", "street", "it" and "tired"'),
    ("animal", "W_Q[0,2]", "W_Q: there is no column 2; the columns are counted from 0 to 1"),
    ("animal", "scroes[it,animal]", "there is no step, input or parameter 'scroes'; did you mean 'scores'?"),
    (
        "animal",
        "masked[it,animal]",
        "this example has no step 'masked'; it has embeddings, queries, keys, values, scores, scaled, weights, "
        "output, summary, X, W_Q, W_K, W_V",
    ),
    (
        "given",
        "nonsense",
        "there is no step, input or parameter 'nonsense'; there are queries, keys, values, scores, scaled, weights, "
        "output, summary, Q, K, V",
    ),
    ("animal", "weights@1[it,animal]", "weights@1: head 1 is out of range; the only index is 0"),
    ("three_heads", "weights@3[it,cat]", "weights@3: head 3 is out of range; indices are 0 to 2"),
    ("three_heads", "projected@1[it,0]", "projected has no heads of its own; leave out @1"),
    ("three_heads", "W_Q@0[0,0]", "W_Q has no heads of its own; leave out @0"),
    ("three_heads", "b_Q[6]", "b_Q: there is no column 6; the columns are counted from 0 to 5"),
    ("one_number", "X[1,0]", "X: there is no row 1; the only index is 0"),
    ("awkward_tokens", "scores[it,0]", 'scores: the row "it" occurs 2 times; say which by its index: #10 or #11'),
    ("awkward_tokens", "scores[0,it]", 'scores: the column "it" occurs 2 times; say which by its index: #10 or #11'),
    (
        "awkward_tokens",
        "scores[a,b,a]",
        "scores[a,b,a] can be read in 2 ways; say which by its indices: scores[24,26] or scores[7,24]",
    ),
]


@pytest.mark.sampled(7)
@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_a_refused_address_is_told_what_can_be_said_instead(name: str, text: str, message: str) -> None:
    """A reader was left with a traceback, with "invalid", or without a way to say what was meant."""
    with pytest.raises(UsageError) as caught:
        parse_address(samples.trace(name), text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["scores@" + "1" * 5000, "scores[" + "1" * 5000 + ",0]", "[" * 5000, "scores[²,0]"])
def test_whatever_is_typed_is_answered_with_a_message(text: str) -> None:
    """A finger left on a key ended the program with a traceback."""
    with pytest.raises(UsageError):
        parse_address(samples.trace("animal"), text)


def test_awkward_tokens_can_be_named_by_their_text() -> None:
    """A sentence with a comma, a bracket or a number in it could only have been asked about by counting."""
    trace = samples.trace("awkward_tokens")
    tokens = samples.AWKWARD_TOKENS
    assert parse_address(trace, "scores[],[/red]]") == Address("scores", 2, 0)
    assert parse_address(trace, "scores[,,小红]") == Address("scores", 1, 4)
    assert parse_address(trace, "scores[a, b,🙂]") == Address("scores", 8, 5)
    assert parse_address(trace, "scores[99,שלום]") == Address("scores", tokens.index("99"), 6)
    assert parse_address(trace, "scores[ it,x@1[it,]") == Address("scores", 9, tokens.index("x@1[it,"))
    assert parse_address(trace, "scores[3,0]") == Address("scores", 3, 0)  # the index, which is the token here too
    assert parse_address(trace, "scores[:,٣]") == Address("scores", tokens.index(":"), tokens.index("٣"))


def test_a_token_on_its_own_is_found_by_text_or_index() -> None:
    """`--query it` chose another token than the one that is called so."""
    assert find_token(("The", "it", "2"), "it") == 1
    assert find_token(("The", "it", "2"), " 2 ") == 2
    assert find_token(("4", "3", "2", "1", "0"), "0") == 4
    assert find_token(("4", "3", "2", "1", "0"), "#0") == 0
    with pytest.raises(UsageError) as caught:
        find_token(("a", "b", "a"), "a")
    assert str(caught.value) == 'the token "a" occurs 2 times; say which by its index: #0 or #2'


@pytest.mark.sampled(4)
@NAMES
def test_the_number_at_an_address_is_the_number_of_the_step(name: str) -> None:
    """The line below the matrix worked out another number than the one that is marked in it."""
    trace = samples.trace(name)
    for step in trace.steps:
        for head in range(trace.shape.heads if step.type.per_head else 1):
            matrix = trace.matrix(step.id, head)
            for cell in (Address(step.id, 0, 0, head), Address(step.id, len(matrix) - 1, matrix.shape[1] - 1, head)):
                assert value_at(trace, cell) == matrix[cell.row, cell.column]


def test_a_column_that_is_not_there_is_answered_with_those_that_are_as_the_reader_sees_them() -> None:
    """The names of columns were told in English to a reader whose page shows them in Chinese."""
    with pytest.raises(UsageError) as refusal:
        parse_address(samples.trace("bank"), "X[bank,qqq]")
    assert '"water"' in str(refusal.value)
    told = in_language(refusal.value.args[0], "zh")
    assert "“水”" in told
    assert "water" not in told
