"""What sound files come out as."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from qkvtui.files.same import same_example
from qkvtui.graph.example import Example, Settings
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from tests.files.samples import DIRECT, PROJECTED, TOP, example_text, read, refusal


def assert_equal(one: Example, other: Example) -> None:
    """Equal in everything but the file."""
    for name in ("title", "about", "source", "tokens", "context", "query", "published", "features"):
        assert getattr(one, name) == getattr(other, name), name
    for group in ("inputs", "parameters"):
        ours, theirs = getattr(one, group), getattr(other, group)
        assert ours.keys() == theirs.keys()
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    for name in Settings.__dataclass_fields__:
        assert np.array_equal(getattr(one.attention, name), getattr(other.attention, name)), name


def test_the_smallest_file_has_the_defaults_of_the_format() -> None:
    """A file without settings would have been computed with settings nobody asked for."""
    example = read(TOP + PROJECTED)
    assert example.title.in_language("zh") == "Two words"
    assert (example.tokens, example.keys, example.query) == (("one", "two"), ("one", "two"), 0)
    assert example.attention == Settings(heads=1, kv_heads=1, scale="1/sqrt(d_k)", causal=False)
    assert (example.about, example.source, example.context, example.published) == (None, None, None, None)


def test_numbers_arrive_exactly_as_they_are_written() -> None:
    """The screen would have shown other inputs than the book."""
    example = read(TOP + PROJECTED.replace("[[1, 2], [3, 4]]", "[[0.1, 1e-5], [-3, 9007199254740993]]"))
    assert example.inputs["X"].tolist() == [[0.1, 1e-5], [-3.0, 9007199254740992.0]]
    assert example.inputs["X"].dtype == np.float64


def test_all_arrays_are_read_only() -> None:
    """One screen's change would have shown up in another's numbers."""
    text = TOP + PROJECTED + "b_Q = [1, 2]\n[attention]\nmask = [[true, false], [true, true]]\npadding = [true, true]"
    example = read(text)
    mask, padding = example.attention.mask, example.attention.padding
    assert mask is not None
    assert padding is not None
    for array in (*example.inputs.values(), *example.parameters.values(), mask, padding):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_texts_may_be_in_one_language_or_in_both() -> None:
    """A Chinese reader would have seen the English title."""
    text = TOP.replace('"Two words"', '{ en = "Two words", zh = "两个词" }\nabout.zh = "说明"\nsource = "me"')
    example = read(text + PROJECTED)
    assert example.title.in_language("zh") == "两个词"
    assert example.title.in_language("en") == "Two words"
    assert example.about is not None
    assert example.about.in_language("en") == "说明"
    assert example.source is not None
    assert example.source.in_language("en") == "me"


@pytest.mark.parametrize("given", ['"two"', "1"])
def test_the_query_is_a_text_or_an_index(given: str) -> None:
    """The lesson would have started with another token than the file says."""
    assert read(f"{TOP}query = {given}\n{PROJECTED}").query == 1


def test_the_head_that_is_shown_first_is_read_and_written_again() -> None:
    """A lesson about head 1 could not open there, or no longer did once it was saved."""
    text = f"{TOP}head = 1\n{PROJECTED}\n[attention]\nheads = 2\n"
    example = read(text)
    assert example.head == start(Trace(example)).head == 1
    assert read(example_text(example)).head == 1
    assert not same_example(example, replace(example, head=0))


def test_cross_attention_has_its_own_tokens_and_rows() -> None:
    """Keys would have been made from the wrong sentence."""
    text = f'{TOP}context = ["eins", "zwei", "drei"]\n{PROJECTED}'
    example = read(text.replace("[parameters]", "Y = [[1, 1], [2, 2], [3, 3]]\n[parameters]"))
    assert example.keys == ("eins", "zwei", "drei")
    assert example.inputs["Y"].shape == (3, 2)


def test_grouped_query_attention_and_every_parameter_are_read() -> None:
    """A model with fewer key/value heads could not have been shown."""
    example = read(
        f"""{TOP}
        [inputs]
        X = [[1, 2], [3, 4]]
        [parameters]
        W_Q = [[1, 2, 3, 4], [5, 6, 7, 8]]
        W_K = [[1], [2]]
        W_V = [[1, 2], [3, 4]]
        b_Q = [1, 2, 3, 4]
        b_K = [1]
        b_V = [1, 2]
        W_O = [[1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]
        b_O = [1, 2]
        [attention]
        heads = 4
        kv_heads = 1
        scale = -0.5
        causal = true
        """
    )
    assert set(example.parameters) == {"W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V", "W_O", "b_O"}
    assert (example.attention.heads, example.attention.kv_heads, example.attention.scale) == (4, 1, -0.5)
    assert example.attention.causal


def test_queries_keys_and_values_may_be_given_themselves() -> None:
    """A file that starts from Q, K and V would have been refused, or projected a second time."""
    example = read(TOP + DIRECT)
    assert {name: array.shape for name, array in example.inputs.items()} == {
        "Q": (2, 2),
        "K": (2, 2),
        "V": (2, 3),
    }
    assert not example.parameters


def test_heads_of_given_queries_come_from_their_leading_axis() -> None:
    """Two heads would have been shown as one."""
    heads = "[[[1], [2]], [[3], [4]]]"
    example = read(f"{TOP}[inputs]\nQ = {heads}\nK = [[1], [2]]\nV = [[1], [2]]\n")
    assert (example.attention.heads, example.attention.kv_heads) == (2, 1)
    assert {name: array.shape for name, array in example.inputs.items()} == {
        "Q": (2, 2, 1),
        "K": (1, 2, 1),
        "V": (1, 2, 1),
    }


def test_heads_may_stand_side_by_side_in_given_queries_keys_and_values() -> None:
    """The Q, K and V of a layer as it prints them had to be cut into heads by hand."""
    inputs = """
        [inputs]
        Q = [[1, 2, 3, 4], [5, 6, 7, 8]]
        K = [[1, 2], [3, 4]]
        V = [[5, 6, 7], [8, 9, 0]]
        """
    example = read(f"{TOP}{inputs}[attention]\nheads = 2\nkv_heads = 1\n")
    assert (example.attention.heads, example.attention.kv_heads) == (2, 1)
    assert example.inputs["Q"].tolist() == [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]
    assert example.inputs["K"].tolist() == [[[1, 2], [3, 4]]]
    text = f"{TOP}{inputs}[attention]\nheads = 2\n".replace("[[1, 2], [3, 4]]", "[[1, 2, 0, 0], [3, 4, 0, 1]]")
    example = read(text.replace("[[5, 6, 7], [8, 9, 0]]", "[[5, 6], [8, 9]]"))
    assert example.inputs["K"].tolist() == [[[1, 2], [3, 4]], [[0, 0], [0, 1]]]
    assert example.inputs["V"].tolist() == [[[5], [8]], [[6], [9]]]


def test_true_is_read_as_first_where_printed_numbers_can_tell_otherwise() -> None:
    """The numbers of a source that masks from the other end could not have been checked at all."""
    text = f'{TOP}context = ["eins", "zwei", "drei"]\n' + DIRECT.replace("[[1, 0], [0, 1]]", "[[1, 0], [0, 1], [1, 1]]")
    text = text.replace("[8, 9, 0]]", "[8, 9, 0], [1, 1, 1]]") + "[attention]\ncausal = true\n"
    assert 'write "first"' in refusal(text)
    example = read(text + "[published]\nweights = { one = [1, 0, 0] }\n")
    assert (example.attention.causal, example.causal_assumed) == ("first", True)
    told = read(text.replace("true", '"first"') + "[published]\nweights = { one = [1, 0, 0] }\n")
    assert (told.attention.causal, told.causal_assumed) == ("first", False)
    assert not read(f"{TOP}{PROJECTED}[attention]\ncausal = true\n").causal_assumed


def test_an_output_projection_of_given_values_may_have_any_width() -> None:
    """W_O would have been measured against an X that the file does not have."""
    text = f"{TOP}{DIRECT}[parameters]\nW_O = [[1], [2], [3]]\n[published]\nprojected = [[1], [2]]\n"
    assert read(text).parameters["W_O"].shape == (3, 1)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ('"none"', "none"),
        ('"1/sqrt(d_k)"', "1/sqrt(d_k)"),
        ('"1 / √d_k"', "1/sqrt(d_k)"),
        ('"d_k**-0.5"', "1/sqrt(d_k)"),
        ("2", 2.0),
        ('"0.5"', 0.5),
        ('"1/30"', 1 / 30),
        ('"1/sqrt(3)"', 1 / math.sqrt(3)),
        ('"1/√d_model"', 1 / math.sqrt(2)),
        ('"－1／4"', -0.25),
    ],
)
def test_a_scale_is_a_word_or_a_number(given: str, read_as: object) -> None:
    """The scores would have been scaled by something else."""
    assert read(f"{TOP}{PROJECTED}[attention]\nscale = {given}\n").attention.scale == read_as


def test_a_mask_holds_truth_values_or_numbers() -> None:
    """A query would have looked where it may not."""
    allowed = read(f"{TOP}{PROJECTED}[attention]\nmask = [[true, false], [true, true]]\n").attention.mask
    added = read(f"{TOP}{PROJECTED}[attention]\nmask = [[0, -inf], [-0.5, 0]]\n").attention.mask
    assert allowed is not None
    assert added is not None
    assert allowed.dtype == np.bool_
    assert added.tolist() == [[0, -math.inf], [-0.5, 0]]


@pytest.mark.parametrize("mask", ["[[0, 0], [0, 0]]", "[[0, 1], [-0.5, 0]]", "[[1, -inf], [0, 1]]"])
def test_numbers_to_add_may_be_zeros_or_ones_among_others(mask: str) -> None:
    """A bias of the scores would have been taken for truth values that became numbers."""
    assert read(f"{TOP}{PROJECTED}[attention]\nmask = {mask}\n").attention.mask is not None


def test_a_query_that_may_look_at_nothing_is_legal() -> None:
    """A fully masked row, which the lesson explains, would have been refused."""
    text = f"{TOP}{PROJECTED}[attention]\nmask = [[false, false], [true, true]]\npadding = [false, false]\n"
    assert read(text).attention.padding is not None


TOKENS = ["[/red]", "\u001b[31m", "\t", " ", "它", "🙂", "אבג", "\u202eabc", "x" * 2000, "3"]


def test_tokens_may_be_anything_and_come_out_harmless() -> None:
    """A token would have coloured the terminal, turned the line around or vanished as markup."""
    inputs = PROJECTED.replace("[[1, 2], [3, 4]]", str([[1, 2]] * len(TOKENS)))
    text = f"format = 1\ntitle = '[b]t'\ntokens = {json.dumps(TOKENS, ensure_ascii=False)}\n{inputs}"
    tokens = read(text).tokens
    assert tokens == ("[/red]", "␛[31m", "␉", " ", "它", "🙂", "אבג", "�abc", "x" * 2000, "3")


def test_notes_keep_their_lines_and_titles_have_one() -> None:
    """A note would have come out as one endless line, or a title as a page."""
    text = TOP.replace('"Two words"', r'"Two\nwords"' + '\nabout = "a\\r\\nb\\tc\\u001b"')
    example = read(text + PROJECTED)
    assert example.title.in_language("en") == "Two␊words"
    assert example.about is not None
    assert example.about.in_language("en") == "a\nb␉c␛"


def test_a_json_file_is_the_twin_of_a_toml_file() -> None:
    """The same example would have meant two things."""
    text = f"""{TOP.replace('"Two words"', '{ en = "Two words", zh = "两个词" }')}query = 1
        {PROJECTED}
        [attention]
        mask = [[0, -inf], [0, 0]]
        [published]
        masked = {{ two = [0.25, -inf] }}
        """
    assert_equal(read(json.dumps(_null_for_infinity(tomllib.loads(text))), kind="json"), read(text))


def _null_for_infinity(value: object) -> object:
    match value:
        case dict():
            return {name: _null_for_infinity(inner) for name, inner in value.items()}
        case list():
            return [_null_for_infinity(inner) for inner in value]
        case date():
            raise TypeError(value)
    return None if value == -math.inf else value
