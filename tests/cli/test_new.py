"""`qkvtui new`: an example to start from, for a sentence or from arrays."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import parse_example
from qkvtui.trace.attends import attends
from qkvtui.trace.sketch import LONGEST, words_of
from qkvtui.trace.trace import Trace
from tests.cli.program import run

SENTENCES = [
    "The cat sat on the mat because it was soft.",
    "big fish eat small fish",
    "我爱北京",
    "我 喜欢 GPT",
    "hi",
    "[/red] \x1b[31m a'b\"c \\ #1 # =",
    " ".join(f"word{index}" for index in range(LONGEST)),
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("seed", ["0", "7"])
def test_every_sentence_gives_a_sound_example_with_whole_numbers(sentence: str, seed: str) -> None:
    """A newcomer would have started from a file that the program refuses, or that no one can work out by hand."""
    text = run("new", sentence, "--seed", seed).output
    example = parse_example(text)
    assert run("check", "-", stdin=text).status == 0
    assert run("print", "-", stdin=text).status == 0
    matrices = re.sub(" #.*", "", text[text.index("X = ") : text.index("[attention]")])
    assert example.tokens == words_of(sentence)
    assert re.search(r"[0-9]", matrices)
    assert not re.search(r"[.-]", matrices)
    assert max(array.max() for array in (*example.inputs.values(), *example.parameters.values())) <= 2


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("sentence", SENTENCES[:4])
def test_the_numbers_tell_something(sentence: str, seed: int) -> None:
    """Every word would have got the same weight, or one all of it, or the query would have looked at itself."""
    example = parse_example(run("new", sentence, "--seed", str(seed)).output)
    trace = Trace(example)
    found = attends(trace, example.query)
    assert example.tokens[found.ranked[0].index] != example.tokens[example.query]
    assert 0.2 < found.ranked[0].weight < 0.9
    assert np.abs(trace.matrix("scores")[example.query]).max() <= 9
    assert trace.scale == 0.5
    rows = {token: tuple(row) for token, row in zip(example.tokens, example.inputs["X"].tolist(), strict=True)}
    assert all(
        rows[token] == tuple(row) for token, row in zip(example.tokens, example.inputs["X"].tolist(), strict=True)
    )


def test_the_same_sentence_and_seed_give_the_same_bytes() -> None:
    """Two students would have met different numbers under one seed."""
    assert run("new", "the cat sat").output == run("new", "the cat sat", "--seed", "0").output
    assert run("new", "the cat sat").output != run("new", "the cat sat", "--seed", "1").output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_hint_is_sound_once_it_is_no_comment_any_more(language: str) -> None:
    """An author would have followed a hint and been refused."""
    text = run("new", SENTENCES[0], "--lang", language).output
    hints = re.findall(r"^# (\w+ = .*|\[published\].*)$", text, flags=re.MULTILINE)
    assert len(hints) == 7
    for hint in hints:
        if hint.startswith(("weights", "[published]")):
            continue
        parse_example(text.replace(f"# {hint}", hint))
    published = text.replace("# [published]", "[published]").replace("# weights", "weights")
    assert run("check", "-", "--format", "json", stdin=published).json["files"][0]["disagree"] == 0
    assert 'title = { en = "Attention in “The cat' in text
    assert "里的注意力" in text


@pytest.mark.parametrize(
    ("sentence", "tokens"),
    [
        ("Hello, world!", ("Hello", "world")),
        ("don't (stop)", ("don't", "stop")),
        ("我爱北京。", ("我", "爱", "北", "京")),
        ("我 爱 北京。", ("我", "爱", "北京")),
        ("用GPT写诗", ("用", "GPT", "写", "诗")),
        ("3.14 is C++", ("3.14", "is", "C++")),
    ],
)
def test_words_are_cut_as_a_reader_would(sentence: str, tokens: tuple[str, ...]) -> None:
    """A full stop would have been a token with numbers of its own, or a Chinese sentence one single token."""
    assert words_of(sentence) == tokens


def test_a_file_is_written_once_and_says_what_to_do_with_it(tmp_path: Path) -> None:
    """An author's file would have been written over, or the author would not have known how to open it."""
    path = tmp_path / "mine"
    ended = run("new", "the cat sat", "--query", "cat", "-o", path)
    assert ended.output.startswith(f"{path}.toml: “cat” gives most to ")
    before = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    again = run("new", "another one", "-o", path)
    assert (again.status, (tmp_path / "mine.toml").read_text(encoding="utf-8")) == (2, before)
    assert "there is such a file already; --force replaces it" in again.messages
    assert run("new", "another one", "-o", path, "--force").status == 0


def test_json_is_written_where_the_name_says_so(tmp_path: Path) -> None:
    """TOML would have stood in a file that claims to be JSON."""
    path = tmp_path / "mine.json"
    run("new", "the cat sat", "-o", path)
    assert run("check", path).status == 0
    assert path.read_text(encoding="utf-8").startswith("{\n")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a sentence, or --from FILE"),
        ([" . "], "there is no word in the sentence"),
        (["a b", "--query", "c"], '--query: no token is "c"'),
        (["a " * 33], "the sentence has 33 words, and an example to be worked out by hand at most 32"),
        (["a b", "--tokens", "a"], "--tokens goes with --from"),
        (["a b", "--causal"], "--causal goes with --from"),
        (["a b", "--from", "x.npz"], "give a sentence, or --from FILE, not both"),
        (["--from", "x.npz", "--seed", "1"], "--seed goes with a sentence"),
        (["--from", "nowhere.npz"], "nowhere.npz: there is no such file"),
        (["a b", "-o", "x.csv"], "-o x.csv: an example file ends in .toml or .json"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str) -> None:
    """Something would have been left out without a word."""
    ended = run("new", *arguments)
    assert (ended.status, ended.output) == (2, "")
    assert said in ended.messages


def saved(folder: Path, **arrays: Any) -> Path:
    """A file of arrays."""
    path = folder / "arrays.npz"
    np.savez(path, **arrays)
    return path


def drawn(*shape: int) -> Any:
    """Numbers of this shape, as a model has them."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def test_arrays_become_an_example_with_all_that_they_hold(tmp_path: Path) -> None:
    """W_O, a bias or the second head would have been silently dropped, as `capture` once did."""
    arrays = {"X": drawn(3, 4), **{name: drawn(4, 4) for name in ("W_Q", "W_K", "W_V", "W_O")}, "b_Q": drawn(4)}
    path = saved(tmp_path, tokens=["it", "was", "tired"], heads=2, causal=True, **arrays)
    example = parse_example(run("new", "--from", path).output)
    assert example.tokens == ("it", "was", "tired")
    assert example.query == 2
    assert (example.attention.heads, example.attention.causal) == (2, True)
    for name, array in arrays.items():
        np.testing.assert_array_equal(({**example.inputs, **example.parameters})[name].astype(np.float32), array)


def test_queries_keys_and_values_of_many_numbers_lie_in_a_file_beside_the_example(tmp_path: Path) -> None:
    """A file of megabytes would have been written, or only half of it."""
    path = saved(tmp_path, Q=drawn(2, 40, 32), K=drawn(2, 40, 32), V=drawn(2, 40, 32))
    assert "holds too many numbers to be written out; name a file with -o" in run("new", "--from", path).messages
    ended = run("new", "--from", path, "-o", tmp_path / "mine.toml", "--causal", "--query", "3")
    assert ended.status == 0
    assert run("check", tmp_path / "mine.toml").status == 0
    printed = run("print", tmp_path / "mine.toml", "--format", "json", "--step", "weights").json
    assert printed["query"]["index"] == 3
    assert printed["settings"]["causal"]
    refused = run("new", "--from", path, "-o", tmp_path / "arrays.toml", "--force")
    assert "is read, and what is read is never replaced" in refused.messages


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"Wq": drawn(2, 2)}, 'arrays.npz: parameters.Wq: is unknown; did you mean "W_Q"?'),
        ({"gamma": drawn(2)}, "arrays.npz: gamma: is unknown"),
        ({"W_K": drawn(3, 2)}, "arrays.npz: parameters.W_K: has 3 rows; W_K needs 2"),
        ({"mask": np.ones((2, 2))}, "arrays.npz: attention.mask: is made of 0 and 1"),
        ({"W_O": np.array([object()])}, "arrays.npz: W_O holds Python objects"),
        ({"tokens": ["a"]}, "arrays.npz: inputs.X: has 2 rows; X needs 1"),
    ],
)
def test_an_array_that_an_example_cannot_have_is_refused(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    """It would have been left out, and the picture would have been wrong."""
    whole = {"X": drawn(2, 2), "W_Q": drawn(2, 2), "W_K": drawn(2, 2), "W_V": drawn(2, 2), **arrays}
    ended = run("new", "--from", saved(tmp_path, **whole), "-o", tmp_path / "mine.toml")
    assert ended.status == 2
    assert said in ended.messages
    assert not (tmp_path / "mine.toml").exists()


def test_what_is_no_file_of_arrays_is_refused(tmp_path: Path) -> None:
    """A newcomer would have met a traceback of zipfile."""
    path = tmp_path / "x.npz"
    path.write_text("no zip")
    assert "is not a sound .npz file; numpy.savez writes such files" in run("new", "--from", path).messages
