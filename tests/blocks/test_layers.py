"""Several layers: each from what the one before left, by address, in `why`, changed and written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files.read import load, parse_example
from qkvtui.files.same import same_example
from qkvtui.files.write import composed, write_example
from qkvtui.graph.layers import of_layer
from qkvtui.trace.address_names import AddressError
from qkvtui.trace.addresses import format_address, parse_address
from qkvtui.trace.changes import set_causal, set_number, set_scale
from qkvtui.trace.reordering import swapped
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import Node, why
from tests.blocks.drawn import drawn, grown, read
from tests.blocks_oracle import model
from tests.cli.program import run


@pytest.mark.sampled(8)
@pytest.mark.parametrize("seed", range(30))
def test_every_layer_is_what_numpy_makes_of_the_one_before(seed: int) -> None:
    """The second layer began again with the words, or with what attention alone had found."""
    structure = drawn(seed, layers=3)
    trace = Trace(read(structure))
    for layer, expected in enumerate(model(structure)):
        there = trace.at_layer(layer)
        for step, matrix in expected.items():
            if step in ("weights", "output"):
                found = np.array([there.matrix(step, head) for head in range(there.shape.heads)])
            else:
                found = there.matrix(step)
            np.testing.assert_allclose(found, matrix.real, rtol=1e-9, atol=1e-9, err_msg=f"{step}@{layer}")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(8))
def test_every_number_can_be_named_from_every_layer(seed: int) -> None:
    """An address that the screen shows was refused when it was typed."""
    trace = Trace(read(drawn(seed, layers=2)))
    for layer in (0, 1):
        there = trace.at_layer(layer)
        for step in there.steps:
            address = format_address(there, parse_address(there, f"{step.id}@{layer}[1,0]"))
            for reader in (trace, trace.at_layer(1)):
                assert format_address(reader, parse_address(reader, address)) == address
                assert reader.value(parse_address(reader, address)) == there.row(step.id, 1)[0]


def leaves(node: Node) -> set[str]:
    return {str(one) for one in node.given} | {leaf for term in node.terms for leaf in leaves(term)}


@pytest.mark.slow
def test_why_leads_from_the_last_layer_down_to_the_words() -> None:
    """The tree ended where the layer began."""
    seed = next(seed for seed in range(50) if "vocabulary" in drawn(seed))
    trace = Trace(read(drawn(seed, layers=2)))
    found = leaves(why(trace, parse_address(trace, "left@1[0,0]"), most=64))
    assert any(place.startswith("vocabulary.E, row") for place in found), found
    assert any(place.startswith("blocks[0].parameters.W_Q") for place in found)
    assert any(place.startswith("blocks[1].parameters.W_Q") for place in found)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("seed", range(12))
def test_a_number_of_an_earlier_layer_changes_the_later_ones(seed: int) -> None:
    """What was changed below did not reach the layer that one looks at."""
    structure = drawn(seed, layers=2)
    trace = Trace(read(structure)).at_layer(1)
    changed = set_number(trace, parse_address(trace, "W_V@0[0,0]"), 3.5)
    assert changed.example.layer == 1
    assert changed.compared_to is not None
    structure["blocks"][0]["parameters"]["W_V"][0][0] = 3.5
    np.testing.assert_allclose(changed.matrix("left"), model(structure)[1]["left"].real, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(changed.compared_to.matrix("left"), trace.matrix("left"))


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", ["toml", "json"])
@pytest.mark.parametrize("seed", range(12))
def test_a_file_with_blocks_is_written_as_it_was_read(seed: int, kind: str, tmp_path: Path) -> None:
    """A layer, or what stands around attention, was not in the file that was written."""
    example = read(drawn(seed, layers=2))
    last = Trace(example).at_layer(1)
    changed = set_number(last, parse_address(last, "W_K@0[0,0]"), 0.25).example
    path = write_example(tmp_path / f"one.{kind}", example, changed)
    again = load(path)
    assert same_example(of_layer(again, 1), of_layer(changed, 1))
    assert again.layers[0].parameters["W_K"][0, 0] == 0.25


def test_what_a_learner_changes_is_changed_where_it_stands() -> None:
    """The comments of a file with blocks were gone when it was written."""
    example = parse_example(TEXT)
    trace = Trace(example).at_layer(1)
    changed = set_scale(set_number(trace, parse_address(trace, "W_1@1[0,1]"), 7.0), "none")
    written = composed(example, changed.example, "toml", None).text
    assert written == TEXT.replace("[[1, 2]]", "[[1, 7.0]]").replace(
        "heads = 1 # two", 'heads = 1 # two\nscale = "none"'
    )
    words = set_number(trace, parse_address(trace, "E@0[cat,0]"), -2.0)
    assert composed(example, words.example, "toml", None).text == TEXT.replace("[2], # cat", "[-2.0], # cat")


TEXT = """format = 1
title = "two"
tokens = ["the", "cat"]
[vocabulary]
tokens = ["the", "cat"]
E = [
    [1], # the
    [2], # cat
]
[[blocks]] # the first
[blocks.parameters]
W_Q = [[1]]
W_K = [[1]]
W_V = [[1]]
[[blocks]]
mlp = "relu"
[blocks.parameters]
W_Q = [[1]]
W_K = [[1]]
W_V = [[1]]
W_1 = [[1, 2]] # widened
W_2 = [[1], [2]]
[blocks.attention]
heads = 1 # two
[readout]
tied = true
"""


def test_the_json_has_an_object_for_each_layer(tmp_path: Path) -> None:
    """A script saw the first layer only, or could not tell which one it saw."""
    path = tmp_path / "two.json"
    path.write_text(json.dumps(drawn(3, layers=2)), encoding="utf-8")
    found = run("print", path, "--format", "json").json
    assert [(one["layer"], one["layers"]) for one in found] == [(0, 2), (1, 2)]
    first, second = ({step["id"]: step["values"] for step in one["steps"]} for one in found)
    assert first["left"] == second["embeddings"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("W_V@1.1[0,0]", "W_V has no heads of its own; leave out .1"),
        ("weights@1.2[the,cat]", "weights@1.2: head 2 is out of range; the only index is 0"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_of_the_address_that_was_typed(address: str, expected: str) -> None:
    """Who left out what the message named had an address that is none."""
    with pytest.raises(AddressError) as caught:
        parse_address(Trace(parse_example(TEXT)), address)
    assert str(caught.value) == expected


@pytest.mark.parametrize("layer", [0, 1])
def test_a_token_takes_its_padding_along_in_every_layer(layer: int) -> None:
    """Two tokens swapped in layer 1 left the padding of layer 0 where it was: another token was hidden."""
    text = TEXT.replace("heads = 1 # two", "padding = [false, true]")
    text = text.replace("[[blocks]]\nmlp", "[blocks.attention]\npadding = [false, true]\n[[blocks]]\nmlp")
    trace = Trace(parse_example(text)).at_layer(layer)
    moved = swapped(trace, 0, 1)
    for each in (0, 1):
        np.testing.assert_allclose(moved.at_layer(each).matrix("left"), trace.at_layer(each).matrix("left")[::-1])


def test_a_step_that_no_layer_has_is_told_once_for_the_lesson() -> None:
    """`no such step in two-layers, two-layers`."""
    assert "in two-layers; there are" in run("print", "two-layers", "--step", "masked").messages


@pytest.mark.parametrize(("layer", "before"), [(0, "[[blocks]]\nmlp"), (1, "[readout]")])
def test_a_setting_of_a_block_without_any_is_written_in_a_table_of_its_own(layer: int, before: str) -> None:
    """Pressing s or m in such a layer cost all comments of the file when it was written."""
    text = TEXT.replace("[blocks.attention]\nheads = 1 # two\n", "")
    example = parse_example(text)
    changed = set_causal(set_scale(Trace(example).at_layer(layer), "none"), causal=True)
    table = '\n[blocks.attention]\nscale = "none"\ncausal = true\n'
    assert composed(example, changed.example, "toml", None).text == text.replace(before, table + before)


IN_JSON = """{"format": 1, "title": "two",
  "tokens": ["the", "cat"],
  "vocabulary": {"tokens": ["the", "cat"], "E": [[1],   [2]]},
  "blocks": [
     {"parameters": {"W_Q": [[1]], "W_K": [[1]], "W_V": [[1]]}},
     {"parameters": {"W_Q": [[1]], "W_K": [[1]],
          "W_V": [[3]]}, "attention": {"heads": 1}}
  ]
}
"""


@pytest.mark.parametrize(("layer", "before"), [(0, '"W_V": [[1]]}}'), (1, '"heads": 1}')])
def test_json_with_blocks_is_changed_where_it_stands(layer: int, before: str) -> None:
    """A JSON file with blocks was written anew, in another layout."""
    example = parse_example(IN_JSON, kind="json")
    trace = Trace(example)
    changed = set_number(trace, parse_address(trace, "W_V@1[0,0]"), 7.0)
    assert composed(example, changed.example, "json", None).text == IN_JSON.replace("[[3]]", "[[7.0]]")
    words = set_number(trace, parse_address(trace, "E@0[cat,0]"), -2.0)
    assert composed(example, words.example, "json", None).text == IN_JSON.replace("[[1],   [2]]", "[[1],   [-2.0]]")
    without = composed(example, set_scale(trace.at_layer(layer), "none").example, "json", None).text
    added = '"W_V": [[1]]}, "attention": {"scale": "none"}}' if layer == 0 else '"heads": 1, "scale": "none"}'
    assert without == IN_JSON.replace(before, added)


def test_arrays_of_a_file_with_blocks_stay_arrays(tmp_path: Path) -> None:
    """Whoever changed one number got all numbers of a large file of arrays written out in the text."""
    np.savez(tmp_path / "a.npz", table=np.array([[1.0], [2.0]]), one=np.array([[1.0]]))
    text = TEXT.replace('title = "two"', 'title = "two"\narrays = "a.npz"').replace("[[1]]", '"one"')
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    example = load(path.as_posix())
    trace = Trace(example)
    changed = set_number(trace, parse_address(trace, "W_K@0[0,0]"), 5.0).example
    written = Path(write_example(tmp_path / "b.toml", example, changed)).read_text(encoding="utf-8")
    first = text.replace('W_K = "one"', 'W_K = "W_K"', 1)
    assert written == first.replace("a.npz", "b.npz")
    again = load((tmp_path / "b.toml").as_posix())
    assert again.layers[0].parameters["W_K"][0, 0] == 5.0
    assert again.layers[1].parameters["W_K"][0, 0] == 1.0
    words = set_number(trace, parse_address(trace, "E@0[cat,0]"), 3.0).example
    kept = Path(write_example(tmp_path / "c.toml", example, words)).read_text(encoding="utf-8")
    assert kept == text.replace("a.npz", "c.npz").replace("[2], # cat", "[3.0], # cat")


def test_a_step_that_only_one_end_has_is_found_from_every_layer() -> None:
    """`g probabilities` in the first layer said that the example has no next word; it stands in the last one."""
    trace = Trace(read(grown(0, 2)))
    assert parse_address(trace, "probabilities").layer == 1
    first, last = ({step.id for step in trace.at_layer(layer).steps} for layer in range(2))
    assert {parse_address(trace.at_layer(1), name).layer for name in first - last} == {0}
    with pytest.raises(AddressError, match="no step"):
        parse_address(Trace(load("two-layers")), "probabilities")
