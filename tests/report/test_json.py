"""`print --format json`: the names and types of the format, and every number beside plain Python's."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qkvtui import __version__
from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from tests.cli.program import Ended, run
from tests.oracle import Matrix, Row
from tests.written import FILES, Written, as_file

LESSON = {
    "format",
    "program",
    "example",
    "tokens",
    "context",
    "query",
    "head",
    "heads",
    "settings",
    "steps",
    "attends",
    "published",
}
SETTINGS = {"d_model", "d_k", "d_v", "scale", "causal", "masked"}
STEP = {"id", "symbol", "formula", "shape", "rows", "columns", "values"}
OF_ALL_HEADS = ("embeddings", "heads", "projected")

every_file = pytest.mark.parametrize("written", FILES, ids=lambda written: written.name)


def as_json(*arguments: str | Path, **more: Any) -> Any:
    return finished(run("print", *arguments, "--format", "json", **more))


def finished(ended: Ended) -> Any:
    assert (ended.status, ended.messages) == (0, "")
    return ended.json


def table(steps: list[dict[str, Any]], step_id: str) -> Any:
    return next(step["values"] for step in steps if step["id"] == step_id)


def assert_numbers(found: list[list[float | None]], expected: Matrix) -> None:
    assert [len(row) for row in found] == [len(row) for row in expected]
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            if other == -math.inf:
                assert one is None
            else:
                assert isinstance(one, float)
                assert one == pytest.approx(other, rel=1e-12, abs=1e-13)


def ranked(weights: Row) -> list[int]:
    return sorted(range(len(weights)), key=lambda index: (-weights[index], index))


def assert_attends(found: list[dict[str, Any]], weights: Row, keys: tuple[str, ...]) -> None:
    assert all(one.keys() == {"index", "token", "weight"} for one in found)
    assert [one["token"] for one in found] == [keys[one["index"]] for one in found]
    assert sorted(one["index"] for one in found) == list(range(len(keys)))
    for one in found:
        assert one["weight"] == pytest.approx(weights[one["index"]], rel=1e-12, abs=1e-13)
    for one, following in pairwise(found):
        assert (-one["weight"], one["index"]) < (-following["weight"], following["index"])


def assert_steps(found: list[dict[str, Any]], expected: dict[str, Matrix], written: Written) -> None:
    assert [step["id"] for step in found] == list(expected)
    for step in found:
        assert step.keys() - {"context"} == STEP
        assert all(isinstance(step[name], str) and step[name] for name in ("id", "symbol", "formula"))
        assert_numbers(step["values"], expected[step["id"]])
        assert step["shape"] == [len(step["rows"]), len(step["columns"])]
        assert step["shape"] == [len(step["values"]), len(step["values"][0])]
        assert step["rows"] == list(written.keys if step["id"] in ("keys", "values") else written.tokens)
        if step["id"] in ("scores", "scaled", "masked", "weights"):
            assert step["columns"] == list(written.keys)
        else:
            assert step["columns"] == [str(index) for index in range(step["shape"][1])]


@pytest.mark.sampled(6)
@every_file
@pytest.mark.parametrize("kind", ["toml", "json"])
def test_every_number_is_the_one_that_plain_python_computes(written: Written, kind: str, tmp_path: Path) -> None:
    """A script would have been given wrong numbers, or numbers under the wrong name, token or step."""
    found, expected = as_json(written.save(tmp_path, kind)), written.expected
    assert found.keys() == LESSON
    given = {"embeddings": written.inputs["X"]} if "X" in written.inputs else {}
    assert_steps(found["steps"], given | expected.steps(), written)
    query = written.query or 0
    assert found["query"] == {"index": query, "token": written.tokens[query]}
    assert (found["tokens"], found["context"]) == (list(written.tokens), list(written.keys))
    assert (found["head"], found["heads"], found["published"]) == (0, written.heads, [])
    assert_attends(found["attends"], expected.weights[0][query], written.keys)


@pytest.mark.sampled(6)
@every_file
def test_the_settings_say_how_it_was_computed(written: Written, tmp_path: Path) -> None:
    """A script would have scaled by another number, or taken a masked example for an unmasked one."""
    settings, expected = as_json(written.save(tmp_path))["settings"], written.expected
    assert settings.keys() == SETTINGS
    assert settings["d_model"] == (len(written.inputs["X"][0]) if "X" in written.inputs else None)
    assert (settings["d_k"], settings["d_v"]) == (len(expected.queries[0][0]), len(expected.values[0][0]))
    scale = written.attention.get("scale", 1 / math.sqrt(settings["d_k"]))
    assert isinstance(settings["scale"], float)
    assert settings["scale"] == pytest.approx(1.0 if scale == "none" else scale, rel=1e-15)
    assert settings["causal"] is written.attention.get("causal", False)
    assert settings["masked"] is any(name in written.attention for name in ("causal", "mask", "padding"))


def test_the_first_names_say_what_was_printed_by_what(tmp_path: Path) -> None:
    """A script could not have told which format it reads, or which example of a folder."""
    written = replace(as_file("plain"), source="A book, page 3")
    found = as_json(written.save(tmp_path))
    assert list(found)[:3] == ["format", "program", "example"]
    assert found["format"] == 1
    assert found["program"] == f"qkvtui {__version__}"
    assert found["example"] == {"name": "plain", "title": "The plain file", "source": "A book, page 3"}
    assert as_json(as_file("causal").save(tmp_path))["example"]["source"] is None


def test_formulas_are_those_of_the_field(tmp_path: Path) -> None:
    """A reader of the JSON would have seen a formula that is not the one computed."""
    steps = as_json(as_file("three_heads").save(tmp_path))["steps"]
    assert {step["id"]: (step["symbol"], step["formula"]) for step in steps} == {
        "embeddings": ("X", "X"),
        "queries": ("Q", "Q = X W_Q + b_Q"),
        "keys": ("K", "K = X W_K + b_K"),
        "values": ("V", "V = X W_V + b_V"),
        "scores": ("S", "S = Q Kᵀ"),
        "scaled": ("S′", "S′ = S / √d_k"),
        "weights": ("A", "A = softmax(S′)"),
        "output": ("O", "O = A V"),
        "heads": ("H", "H = [O@0 O@1 O@2]"),
        "projected": ("P", "P = H W_O + b_O"),
    }


def test_a_context_comes_with_its_embeddings(tmp_path: Path) -> None:
    """The numbers that keys and values are computed from would have been nowhere."""
    written = as_file("cross")
    embeddings = as_json(written.save(tmp_path))["steps"][0]
    assert embeddings["context"].keys() == STEP - {"id", "formula"}
    assert embeddings["context"]["symbol"] == "Y"
    assert embeddings["context"]["rows"] == list(written.keys)
    assert_numbers(embeddings["context"]["values"], written.inputs["Y"])


@pytest.mark.parametrize("head", [0, 1, 2])
def test_head_n_gives_that_head(head: int, tmp_path: Path) -> None:
    """Every head would have looked like the first."""
    written = as_file("three_heads")
    found, expected = as_json(written.save(tmp_path), "--head", str(head)), written.expected
    assert found.keys() == LESSON
    assert (found["head"], found["heads"]) == (head, 3)
    assert_steps(found["steps"], {"embeddings": written.inputs["X"]} | expected.steps(head), written)
    assert_attends(found["attends"], expected.weights[head][written.query or 0], written.keys)


@pytest.mark.sampled(5)
@every_file
def test_head_all_gives_each_head_and_apart_from_them_what_is_no_single_heads(written: Written, tmp_path: Path) -> None:
    """The heads could not have been compared, or W_O's product would have been told once for each of them."""
    found, expected = as_json(written.save(tmp_path), "--head", "all"), written.expected
    assert found.keys() == LESSON | {"heads_detail"}
    given = {"embeddings": written.inputs["X"]} if "X" in written.inputs else {}
    everything = given | expected.steps()
    assert_steps(found["steps"], {name: everything[name] for name in everything if name in OF_ALL_HEADS}, written)
    assert [one["head"] for one in found["heads_detail"]] == list(range(written.heads))
    for head, one in enumerate(found["heads_detail"]):
        assert one.keys() == {"head", "steps", "attends"}
        own = {name: matrix for name, matrix in expected.steps(head).items() if name not in OF_ALL_HEADS}
        assert list(own)[-1] == "output"
        assert_steps(one["steps"], own, written)
        assert_attends(one["attends"], expected.weights[head][written.query or 0], written.keys)


@pytest.mark.parametrize(("asked", "index"), [("q3", 3), ("0", 0), ("2", 2)])
def test_query_chooses_who_asks(asked: str, index: int, tmp_path: Path) -> None:
    """The attention of another token than the one asked for would have been printed."""
    written = as_file("three_heads")
    found = as_json(written.save(tmp_path), "--query", asked, "--head", "1")
    assert found["query"] == {"index": index, "token": f"q{index}"}
    assert_attends(found["attends"], written.expected.weights[1][index], written.keys)


def test_step_leaves_the_other_steps_out_and_nothing_else(tmp_path: Path) -> None:
    """A script that wants one matrix would have been sent all of them."""
    path = as_file("three_heads").save(tmp_path)
    everything, some = as_json(path), as_json(path, "--step", "weights,scores")
    assert [step["id"] for step in some["steps"]] == ["scores", "weights"]
    assert some | {"steps": []} == everything | {"steps": []}
    assert some["steps"] == [step for step in everything["steps"] if step["id"] in ("scores", "weights")]


def test_a_mask_of_minus_infinity_is_null(tmp_path: Path) -> None:
    """`-Infinity` would have stopped every JSON parser but Python's."""
    ended = run("print", as_file("causal").save(tmp_path), "--format", "json")
    masked = table(ended.json["steps"], "masked")
    assert [[number is None for number in row] for row in masked] == [
        [column > row for column in range(4)] for row in range(4)
    ]
    assert "Infinity" not in ended.output
    assert "NaN" not in ended.output


def test_a_query_that_may_look_at_nothing_gives_zeros(tmp_path: Path) -> None:
    """The row would have been NaN, which is not JSON, or equal shares of nothing."""
    found = as_json(as_file("blind").save(tmp_path))
    assert table(found["steps"], "masked")[1] == [None, None, None]
    assert table(found["steps"], "weights")[1] == [0.0, 0.0, 0.0]
    assert table(found["steps"], "output")[1] == [0.0, 0.0]
    assert [(one["index"], one["weight"]) for one in found["attends"]] == [(0, 0.0), (1, 0.0), (2, 0.0)]


def test_ties_are_sorted_by_position() -> None:
    """Two runs, or two machines, would have named different tokens first."""
    found = as_json("animal")
    assert [one["token"] for one in found["attends"]] == ["animal", "it", "tired", "street", "The"]
    assert found["attends"][1]["weight"] == found["attends"][2]["weight"]


def test_the_numbers_of_the_article_are_there_in_full() -> None:
    """A script could not have checked that `it` attends to `animal` with 0.257, not with the printed 0.45."""
    found = as_json("animal")
    assert table(found["steps"], "scores")[3] == pytest.approx([0.15, 0.85, 0.40, 0.50, 0.50])
    assert table(found["steps"], "weights")[3] == pytest.approx([0.156, 0.257, 0.187, 0.200, 0.200], abs=5e-4)
    assert found["settings"] == {
        "d_model": 2,
        "d_k": 2,
        "d_v": 2,
        "scale": 0.7071067811865475,
        "causal": False,
        "masked": False,
    }


def test_several_examples_give_an_array(tmp_path: Path) -> None:
    """Objects one after the other are no JSON."""
    one, other = as_file("plain").save(tmp_path), as_file("cross").save(tmp_path)
    found = as_json(one, other, "animal")
    assert isinstance(found, list)
    assert [each["example"]["name"] for each in found] == ["plain", "cross", "animal"]
    assert found[0] == as_json(one)
    assert found[1] == as_json(other)


def test_published_numbers_stand_beside_the_computed_ones(tmp_path: Path) -> None:
    """A wrong number in a book would have gone unnoticed, or been reported at another place."""
    plain = as_file("plain")
    right = plain.expected.weights[0][2]
    printed = [round(right[0], 2), round(right[1], 2) + 0.02, *(round(number, 2) for number in right[2:])]
    written = replace(plain, published={"decimals": 2, "weights": {"q2": printed}})
    found = as_json(written.save(tmp_path))["published"]
    assert [{**one, "computed": None} for one in found] == [
        {
            "step": "weights",
            "row": 2,
            "column": column,
            "published": printed[column],
            "computed": None,
            "agrees": column != 1,
        }
        for column in range(4)
    ]
    assert [one["computed"] for one in found] == pytest.approx(right, rel=1e-12)


def test_a_published_number_of_another_head_says_so(tmp_path: Path) -> None:
    """A number of head 1 would have been compared with head 0's, or told so that nobody knows whose it is."""
    plain = as_file("three_heads")
    right = plain.expected.weights[1][0]
    written = replace(plain, published={"tolerance": 1e-9, "weights@1": {"q0": right}})
    found = as_json(written.save(tmp_path))["published"]
    assert [(one["head"], one["row"], one["column"]) for one in found] == [(1, 0, column) for column in range(5)]
    assert all(one["agrees"] for one in found)


def test_a_published_minus_infinity_is_null_too(tmp_path: Path) -> None:
    """A book that prints −∞ would have made the JSON unreadable."""
    written = replace(as_file("causal"), published={"tolerance": 10.0, "masked": {"q0": [0.0, None, None, None]}})
    found = as_json(written.save(tmp_path))["published"]
    assert [(one["published"], one["computed"], one["agrees"]) for one in found[1:]] == [(None, None, True)] * 3


def test_the_language_of_title_and_source_is_the_one_asked_for() -> None:
    """A Chinese handout would have had English titles."""
    example = load("animal")
    assert example.source is not None
    for language in LANGUAGES:
        told = as_json("animal", "--lang", language)["example"]
        assert told["title"] == example.title.in_language(language)
        assert told["source"] == example.source.in_language(language)
    assert "指的是谁" in as_json("animal", "--lang", "zh")["example"]["title"]


def test_every_digit_survives(tmp_path: Path) -> None:
    """A second program that computes on would have started from rounded numbers."""
    written = as_file("plain")
    found = as_json(written.save(tmp_path), "--digits", "1")
    assert found["steps"][0]["values"] == written.inputs["X"]


@pytest.mark.parametrize("token", ["\x1b[2J", "\x9b31m", "\u202egnp.exe", "\x7f", 'a"b\\c', "小", "[/red]", "\u2028"])
def test_a_token_cannot_steer_a_terminal_through_json(token: str, tmp_path: Path) -> None:
    """`qkvtui print FILE --format json` on a stranger's file would have sent an escape sequence to the terminal."""
    tables = as_file("plain").tables() | {"tokens": ["a", token, "c", "d"], "query": 0}
    path = tmp_path / "it.json"
    path.write_text(json.dumps(tables), encoding="utf-8")
    ended = run("print", path, "--format", "json")
    assert len(ended.json["tokens"]) == 4
    assert all(character.isprintable() for character in ended.output.removesuffix("\n"))
