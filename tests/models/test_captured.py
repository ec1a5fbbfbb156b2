"""A head, a layer or a model of every family, as `qkvtui capture` writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qkvtui.graph.example import Example
from qkvtui.models.load import load
from qkvtui.models.whole import WholeModel, read_model
from qkvtui.models.write import write_capture
from qkvtui.trace.captured import capture_layer
from qkvtui.trace.survey import survey
from qkvtui.trace.trace import Trace
from tests.cli.program import run
from tests.models.encoder_decoders_oracle import told_by_pair
from tests.models.families import FAMILIES, PAIRS, TEXTS, TinyFamily, family
from tests.models.families_oracle import Told, told_by

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

CLOSE = 1e-5
TEXT = TEXTS["en"]


def quiet(done: int, count: int) -> None:
    """Nobody watches."""


def read(tiny: TinyFamily) -> WholeModel:
    return read_model(str(tiny.path), TEXT)


def told_of(name: str, folder: Path) -> tuple[WholeModel, Told]:
    """A family's model on a sentence, and what NumPy makes of its tensors."""
    tiny = family(name, folder / name)
    model = read(tiny)
    return model, told_by(tiny.tensors, tiny.config, list(model.example.ids))


def written(model: WholeModel, layer: int, head: int | None, folder: Path) -> Example:
    """The head, or all of the layer, as it is read from the file that was written."""
    example = capture_layer(model, layer, head, None, quiet)
    write_capture(str(folder / "it.toml"), example, origin="tiny", overwrite=True)
    return load(str(folder / "it.toml"))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_head_attends_in_its_file_as_it_does_in_the_model(name: str, tmp_path: Path) -> None:
    """A head without its rotations, its window, its norm or its own keys looked right and was another one."""
    model, told = told_of(name, tmp_path)
    for layer, weights in enumerate(told.weights):
        for head, wanted in enumerate(weights):
            example = written(model, layer, head, tmp_path)
            assert (example.attention.heads, example.attention.kv_heads) == (1, 1)
            assert np.abs(Trace(example).matrix("weights") - wanted).max() < CLOSE


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_layer_finds_in_its_file_what_it_finds_in_the_model(name: str, tmp_path: Path) -> None:
    """Shared keys would have been given to the wrong heads, or what W_O makes of all heads been left out."""
    model, told = told_of(name, tmp_path)
    for layer, weights in enumerate(told.weights):
        trace, whole = Trace(written(model, layer, None, tmp_path)), Trace(model.example).at_layer(layer)
        for head, wanted in enumerate(weights):
            assert np.abs(trace.matrix("weights", head) - wanted).max() < CLOSE
        assert np.abs(trace.matrix("projected") - whole.matrix("projected")).max() < CLOSE


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FAMILIES)
def test_the_list_shows_each_head_as_it_is_in_the_model(name: str, tmp_path: Path) -> None:
    """The head that one chose from the list did something else once it was captured."""
    model, told = told_of(name, tmp_path)
    found = survey(model, None, None, quiet, to="0")
    assert len(found.heads) == sum(map(len, told.weights))
    assert [one.weights[0] for one in found.heads] == sorted((one.weights[0] for one in found.heads), reverse=True)
    for one in found.heads:
        wanted = told.weights[one.layer][one.head]
        assert np.abs(one.weights - wanted[found.query]).max() < CLOSE
        first = np.array([wanted[query, 0] for query in range(2, len(wanted))])
        assert "first" in one.roles
        if model.example.attention.causal:
            assert one.roles["first"] == pytest.approx(first.mean(), abs=CLOSE)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "bert",
            {"en": "numbers each, the embeddings of words and positions. W_Q", "zh": "个数，即词与位置的嵌入向量。"},
        ),
        ("gpt2", {"en": "words and positions, after layer normalisation. W_Q", "zh": "嵌入向量，再经层归一化。"}),
        (
            "llama",
            {
                "en": "the embeddings of the words, after RMSNorm. W_Q",
                "zh": "即词的嵌入向量，再经 RMSNorm。",
            },
        ),
    ],
)
def test_a_file_says_what_comes_into_the_head(name: str, language: str, said: dict[str, str], tmp_path: Path) -> None:
    """Rotated places would have been told to be in the embeddings, or a norm not been told at all."""
    about = written(read(family(name, tmp_path / name)), 0, 2, tmp_path).about
    assert about is not None
    told = about.in_language(language)
    assert said[language] in told
    shared = {"en": "Its keys and values serve heads 2 to 3 alike", "zh": "它的键和值由头 2 到头 3 共用"}
    assert (shared[language] in told) == (name == "llama")


@pytest.mark.parametrize("model", ["models/tiny", "models/tiny/", "way/tiny", "models/latest"])
def test_a_file_that_is_written_through_a_linked_folder_finds_its_model(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`..` in it led out of where the link leads, so the file could not be opened."""
    family("smollm", tmp_path / "models" / "tiny")
    (tmp_path / "far" / "away").mkdir(parents=True)
    (tmp_path / "class").symlink_to(tmp_path / "far" / "away", target_is_directory=True)
    (tmp_path / "way").symlink_to(tmp_path / "models", target_is_directory=True)
    (tmp_path / "models" / "latest").symlink_to("tiny", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert run("capture", model, TEXT, "-o", "class/mine.toml").status == 0
    assert load("class/mine.toml").ids == read_model(model, TEXT).example.ids
    monkeypatch.chdir(tmp_path / "models" / "tiny")
    assert run("capture", ".", TEXT, "-o", "../../class/other.toml").status == 0
    assert load("../../class/other.toml").ids == read_model(".", TEXT).example.ids


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_model_is_written_as_a_file_of_a_few_lines(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One would have had to write it by hand, and to find out how the path is meant."""
    tiny = family("smollm", tmp_path / "models" / "tiny")
    (tmp_path / "class").mkdir()
    monkeypatch.chdir(tmp_path)
    file = f"class/mine.{suffix}"
    text = 'The cat "sat"\t\\ on\x7f 😀'
    ended = run("capture", "models/tiny", text, "--query", "cat", "--title", "Mine", "-o", file)
    assert (ended.status, ended.messages) == (0, "")
    assert ended.output == (f"{file}: the whole model, 3 layers with 4 heads each; 'qkvtui {file}' walks through it\n")
    example = load(file)
    assert example.ids == read_model(str(tiny.path), text).example.ids
    assert example.tokens[example.query] == "cat"
    assert example.title.in_language("en") == "Mine"
    assert len((tmp_path / file).read_text(encoding="utf-8").splitlines()) < 9
    again = run("capture", "models/tiny", text, "-o", file)
    assert again.messages == f"qkvtui: {file}: there is such a file already; --force replaces it\n"
    absolute = tmp_path / "class" / f"other.{suffix}"
    assert run("capture", tiny.path, TEXT, "-o", absolute, "--lang", "zh").output.startswith(
        f"{absolute}：整个模型，3 层"
    )
    assert run("why", absolute, "weights@1.2[sat,cat]", "--depth", "0").status == 0


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PAIRS)
def test_heads_of_both_sides_of_an_encoder_decoder_attend_as_in_the_model(name: str, tmp_path: Path) -> None:
    """A decoder's head would have been given the encoder's words to ask with, or its own to look at."""
    tiny = family(name, tmp_path / name)
    model = read_model(str(tiny.path), TEXT, target="The dog")
    encoder, decoder = model.example.sides
    told = told_by_pair(tiny.tensors, tiny.config, list(encoder.ids), list(decoder.ids))
    wanted = dict(zip(encoder.layers, told.encoder_weights, strict=True))
    wanted |= {decoder.first + 2 * index: weights for index, weights in enumerate(told.own_weights)}
    wanted |= {decoder.first + 2 * index + 1: weights for index, weights in enumerate(told.cross_weights)}
    assert sorted(wanted) == list(range(len(model.example.layers)))
    for layer, weights in wanted.items():
        for head in (0, len(weights) - 1):
            example = written(model, layer, head, tmp_path)
            assert example.tokens == (encoder if layer in encoder.layers else decoder).tokens
            assert np.abs(Trace(example).matrix("weights") - weights[head]).max() < CLOSE
        together = Trace(written(model, layer, None, tmp_path))
        assert np.abs(together.matrix("weights", len(weights) - 1) - weights[-1]).max() < CLOSE
        found = survey(model, "0", layer, quiet)
        assert all(np.abs(one.weights - weights[one.head][0]).max() < CLOSE for one in found.heads)


def test_a_head_that_looks_across_says_so(tmp_path: Path) -> None:
    """A reader would have taken the rows for words of the sentence, and Y for nothing."""
    tiny = family("marian", tmp_path / "marian")
    asked = ("capture", tiny.path, TEXT, "--target", "The")
    cross = read_model(str(tiny.path), TEXT, target="The").example.sides[1].first + 1
    file = tmp_path / "it.toml"
    assert run(*asked, "--layer", str(cross), "--head", "0", "--query", "The", "-o", file).status == 0
    example = load(str(file))
    assert (example.tokens, example.context) == (("<pad>", "The"), read(tiny).sentence.tokens)
    assert example.about is not None
    assert "It is layer 0 of the decoder" in example.about.texts["en"]
    assert "Y 是编码器从原句得到的" in example.about.texts["zh"]
    listed = run(*asked, "--list", "--layer", str(cross), "--to", "cat", "--format", "json").json
    assert (listed["tokens"], listed["context"]) == (["<pad>", "The"], list(read(tiny).sentence.tokens))
    assert listed["to"]["token"] == "cat"
    assert run(*asked, "-o", tmp_path / "whole").status == 0
    assert load(str(tmp_path / "whole.toml")).sides[1].tokens == ("<pad>", "The")
