"""Columns with names: every address reads them, pages show them, and what programs read stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qkvtui.errors import UsageError
from qkvtui.files.placeholders import Placeholder
from qkvtui.graph.features import axis_names
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import format_address, parse_address
from qkvtui.trace.changes import parse_assignment
from qkvtui.trace.labels import labels_of
from qkvtui.trace.told import mentioned
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import Node, why
from tests import samples

READ = {
    "X[it,living]": Address("X", 1, 0),
    "X[it,生物]": Address("X", 1, 0),
    "X[it, Points Back]": Address("X", 1, 2),
    "embeddings[1,small]": Address("embeddings", 1, 3),
    "queries[it,place]": Address("queries", 1, 1),
    "queries@1[it,who]": Address("queries", 1, 0, 1),
    "queries@1[it,living]": Address("queries", 1, 1, 1),
    "keys@1[fish,谁]": Address("keys", 2, 0, 1),
    "values@1[fish,how]": Address("values", 2, 2, 1),
    "output[it,2]": Address("output", 1, 2),
    "W_Q[living,place]": Address("W_Q", 0, 1),
    "W_Q[living,1:living]": Address("W_Q", 0, 3),
    "W_Q[points back,2]": Address("W_Q", 2, 2),
    "b_V[1:怎样]": Address("b_V", 0, 5),
    "heads[it,1:how]": Address("heads", 1, 5),
    "W_O[0:how,small]": Address("W_O", 2, 3),
    "projected[it,points back]": Address("projected", 1, 2),
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("text", "cell"), READ.items())
def test_a_column_is_found_by_its_name_in_any_language_and_by_its_index(text: str, cell: Address) -> None:
    """`g`, `e`, `--set` and `why` did not know what the table's own heading said."""
    assert parse_address(samples.trace("named_heads"), text) == cell


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("W_Q[living,living]", 'the column "living" occurs 2 times; say which by its index: #0 or #3'),
        ("b_V[how]", 'the column "how" occurs 2 times; say which by its index: #2 or #5'),
        ("heads[it,how]", 'the column "how" occurs 2 times; say which by its index: #2 or #5'),
        ("X[it,livin]", 'no column is "livin"; did you mean "living"?'),
        ("queries@1[it,place]", 'no column is "place"'),
        ("W_Q[how,place]", 'no row is "how"'),
        ("X[it,4]", "there is no column 4; the columns are counted from 0 to 3"),
    ],
)
def test_a_name_of_several_columns_or_of_none_is_refused_with_what_to_say(text: str, told: str) -> None:
    """A reader was shown one of two columns of that name, or left alone with an error."""
    with pytest.raises(UsageError) as caught:
        parse_address(samples.trace("named_heads"), text)
    assert told in str(caught.value)


def test_a_page_calls_a_column_by_its_name_in_the_readers_language_and_a_program_by_its_index() -> None:
    """A Chinese page had English names, or a script that reads JSON broke as soon as a file named its columns."""
    trace = samples.trace("named_heads")
    cells = [Address("W_Q", 2, 3), Address("queries", 1, 0, 1), Address("b_K", 0, 1), Address("heads", 1, 4)]
    for language, shown in {
        "en": ["W_Q[points back,1:living]", "queries@1[it,who]", "b_K[0:place]", "heads[it,1:place]"],
        "zh": ["W_Q[回指,1:生物]", "queries@1[it,谁]", "b_K[0:地点]", "heads[it,1:地点]"],
        "": ["W_Q[2,3]", "queries@1[it,0]", "b_K[1]", "heads[it,4]"],
    }.items():
        assert [format_address(trace, cell, language) for cell in cells] == shown


def test_a_long_name_or_one_with_a_comma_is_shown_by_its_index() -> None:
    """A page began with a name of 2,000 characters where an address belongs."""
    trace = samples.trace("named_across")
    shown = [format_address(trace, Address(name, 1, column), "en") for name, column in (("X", 1), ("queries", 0))]
    assert shown == ["X[it,1]", "queries[it,0]"]
    assert format_address(trace, Address("keys", 2, 0), "zh") == "keys[c,b]"


def test_an_assignment_names_its_column_and_row() -> None:
    """`--set 'W_Q[living,place]=2'` and `e` took no name."""
    trace = samples.trace("named_heads")
    assert parse_assignment(trace, "W_Q[生物,place]=2") == (Address("W_Q", 0, 1), 2.0)
    assert parse_assignment(trace, "embeddings[it,small]＝−1") == (Address("X", 1, 3), -1.0)


def test_a_lessons_own_texts_name_rows_and_numbers_by_column_names() -> None:
    """A teacher's sentence could not say {W_Q[points back]}, though that is what stands before the row."""
    trace = samples.trace("named_heads")
    found = [mentioned(trace, Placeholder(one)) for one in ("W_Q[points back]", "W_Q[回指,1:who]", "queries@1[it,who]")]
    assert [one.address for one in found] == [
        Address("W_Q", 2, 0),
        Address("W_Q", 2, 2),
        Address("queries", 1, 0, 1),
    ]
    assert [one.is_row for one in found] == [True, False, False]


def test_the_tree_behind_a_number_has_the_names() -> None:
    """The tree of `why` counted the columns whose names stood in the table above it."""

    def addresses(node: Node) -> set[str]:
        return {node.address, *(one for term in node.terms for one in addresses(term))}

    trace = samples.trace("named_heads")
    found = addresses(why(trace, Address("queries", 1, 0, 1), "en"))
    assert {"queries@1[it,who]", "X[it,living]", "W_Q[living,1:who]", "b_Q[1:who]"} <= found
    assert not any("living" in one for one in addresses(why(trace, Address("queries", 1, 0, 1))))


def test_what_is_made_of_named_columns_has_the_names_it_can_have() -> None:
    """Keys stayed without names although they are compared with queries that have some, number by number."""
    example = samples.example("named_heads")
    assert labels_of(Trace(example), "keys", "en", 1)[1] == ("who", "living")
    mapped = replace(example, attention=replace(example.attention, scoring="general"))
    narrow = {**example.parameters, "W_K": example.parameters["W_K"][:, :2]}
    shared = replace(example, parameters=narrow, attention=replace(example.attention, kv_heads=1))
    assert axis_names(mapped, "keys")[1] is axis_names(shared, "keys")[1] is None
    assert axis_names(samples.example("named_across"), "Y")[1] is not None
    assert axis_names(samples.example("plain"), "X") == (None, None)


def test_heads_that_share_values_share_their_names() -> None:
    """With fewer key/value heads than heads, the last heads had names of no column, or the page broke."""
    example = samples.example("grouped")
    heads, kv_heads, width = example.attention.heads, example.attention.kv_heads, Trace(example).shape.d_v
    given = samples.names([f"h{head}c{column}" for head in range(kv_heads) for column in range(width)])
    trace = Trace(replace(example, features={"V": given}))
    for head in range(heads):
        of_head = head // (heads // kv_heads)
        assert labels_of(trace, "output", "en", head)[1] == tuple(f"h{of_head}c{one}" for one in range(width))
    side_by_side = labels_of(trace, "heads", "en")[1]
    assert side_by_side[-1] == f"{heads - 1}:h{kv_heads - 1}c{width - 1}"
    assert len(side_by_side) == heads * width
