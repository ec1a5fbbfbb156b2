"""`qkvtui capture` as it is typed, and what it refuses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.models.folder import ModelFolder
from qkvtui.models.sentence import read_sentence
from qkvtui.models.tokenizer import folder_tokenizer
from qkvtui.models.whole import unknown_words
from qkvtui.report.progress import progress_bar
from tests.cli.program import Ended, run
from tests.models.tiny import BERT_TOKENS, TEXT, Tiny, bert, gpt2, save_as_brain_floats, save_tensors


@pytest.fixture
def model(tmp_path: Path) -> Tiny:
    return bert(tmp_path / "tiny")


def capture(model: Tiny | Path, *arguments: str | Path, text: str = TEXT) -> Ended:
    """Layer 1, head 2, unless the arguments say otherwise."""
    return run("capture", model.path if isinstance(model, Tiny) else model, text, *arguments)


def refusal(model: Tiny | Path, *arguments: str | Path, text: str = TEXT) -> str:
    """The message without the folder that the model lies in."""
    path = model.path if isinstance(model, Tiny) else model
    ended = run("capture", path, text, *(arguments or ("--layer", "1", "--head", "2", "-o", path.parent / "it.toml")))
    assert (ended.status, ended.output) == (2, "")
    assert "Traceback" not in ended.messages
    assert not (path.parent / "it.toml").exists()
    return ended.messages.removeprefix("qkvtui: ").removesuffix("\n").replace(f"{path.parent}/", "")


def change(file: Path, **values: object) -> None:
    """Change what a JSON file says; None takes it out."""
    found = json.loads(file.read_text(encoding="utf-8")) | values
    file.write_text(json.dumps({name: value for name, value in found.items() if value is not None}), encoding="utf-8")


@pytest.mark.parametrize("make", [bert, gpt2])
def test_what_is_written_opens_like_any_example(tmp_path: Path, make: Callable[..., Tiny]) -> None:
    """A captured head could not have been walked through."""
    tiny = make(tmp_path / "tiny")
    ended = capture(tiny, "--layer", "1", "--head", "2", "--query", "animal", "-o", tmp_path / "mine.toml")
    assert (ended.status, ended.messages) == (0, "")
    assert ended.output.startswith(f"{tmp_path}/mine.toml: “animal” gives most to ")
    example = load(str(tmp_path / "mine.toml"))
    assert (example.tokens, example.tokens[example.query]) == (tiny.tokens, "animal")
    assert example.inputs["X"].dtype == np.float32
    assert example.attention.causal == (make is gpt2)
    assert example.title.texts["en"] == "tiny, layer 1, head 2: the animals was tired."
    assert example.title.texts["zh"] == "tiny 第 1 层的头 2：the animals was tired."
    assert example.about is not None
    assert "## " in example.about.texts["en"]
    assert example.source is not None
    printed = run("print", tmp_path / "mine.toml")
    assert (printed.status, printed.messages) == (0, "")
    assert run("check", tmp_path / "mine.toml").status == 0


def test_the_licence_of_the_models_card_is_passed_on(model: Tiny, tmp_path: Path) -> None:
    """Whoever hands the example on would not have known under which terms."""
    (model.path / "README.md").write_text("---\ntags: [x]\nlicense: apache-2.0\n---\n# Tiny\n", encoding="utf-8")
    assert capture(model, "--layer", "0", "--head", "0", "-o", tmp_path / "it").status == 0
    source = load(str(tmp_path / "it.toml")).source
    assert source is not None
    assert "apache-2.0" in source.texts["en"]
    assert "apache-2.0" in source.texts["zh"]


def test_json_is_written_where_the_name_says_so(model: Tiny, tmp_path: Path) -> None:
    """A file called .json would have held TOML."""
    assert capture(model, "--layer", "0", "--head", "0", "-o", tmp_path / "it.json").status == 0
    assert json.loads((tmp_path / "it.json").read_text(encoding="utf-8"))["arrays"] == "it.npz"
    assert load(str(tmp_path / "it.json")).tokens == BERT_TOKENS


@pytest.mark.parametrize("there", ["it.toml", "it.npz"])
def test_nothing_is_overwritten_unless_it_is_asked_for(model: Tiny, tmp_path: Path, there: str) -> None:
    """Last week's example, or its numbers, would have been gone."""
    (tmp_path / there).write_bytes(b"precious")
    wanted = ("--layer", "1", "--head", "2", "-o", tmp_path / "it.toml")
    ended = capture(model, *wanted)
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages == f"qkvtui: {tmp_path / there}: there is such a file already; --force replaces it\n"
    assert (tmp_path / there).read_bytes() == b"precious"
    assert capture(model, *wanted, "--force").status == 0
    assert load(str(tmp_path / "it.toml")).tokens == BERT_TOKENS


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_file_of_the_model_is_never_replaced(model: Tiny, name: str) -> None:
    """A slip in the name behind -o would have taken a part of the model, gigabytes perhaps."""
    before = {path.name: path.read_bytes() for path in model.path.iterdir()}
    asked = ("--list", "--format", "text") if name == "model.safetensors" else ("--layer", "1", "--head", "2")
    ended = capture(model, *asked, "-o", model.path / name, "--force")
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages.endswith(f"{name}: is read, and what is read is never replaced; name another file\n")
    assert {path.name: path.read_bytes() for path in model.path.iterdir()} == before


def test_weights_in_several_files_are_found_by_their_index(model: Tiny, tmp_path: Path) -> None:
    """A large model, which is always stored in parts, could not have been read."""
    whole = tmp_path / "whole.toml"
    wanted = ("--layer", "2", "--head", "0", "-o")
    assert capture(model, *wanted, whole).status == 0
    names = sorted(model.tensors)
    parts = {f"part-{half}.safetensors": names[half::2] for half in (0, 1)}
    for file, held in parts.items():
        save_tensors(model.path / file, {name: model.tensors[name] for name in held})
    (model.path / "model.safetensors").unlink()
    index = {"weight_map": {name: file for file, held in parts.items() for name in held}}
    (model.path / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    assert capture(model, *wanted, tmp_path / "parts.toml").status == 0
    assert load(str(tmp_path / "parts.toml")).inputs["X"].tolist() == load(str(whole)).inputs["X"].tolist()

    (model.path / "part-1.safetensors").unlink()
    assert refusal(model).startswith("tiny: there is no part-1.safetensors in it")
    change(model.path / "model.safetensors.index.json", weight_map={names[0]: "../secret.safetensors"})
    assert "is not the name of a .safetensors file beside it" in refusal(model)


def test_half_precision_is_read_as_float32(model: Tiny, tmp_path: Path) -> None:
    """Models that are stored small could not have been read."""
    stored = {name: array.astype(np.float16) for name, array in model.tensors.items()}
    save_tensors(model.path / "model.safetensors", stored)
    assert capture(model, "--layer", "1", "--head", "1", "-o", tmp_path / "it.toml").status == 0
    assert load(str(tmp_path / "it.toml")).inputs["X"].dtype == np.float32


def test_brain_floats_are_read_as_what_they_stand_for(model: Tiny, tmp_path: Path) -> None:
    """Most models since 2023 are stored so, and could not have been read."""
    upper = {name: array.view(np.uint32) >> 16 for name, array in model.tensors.items()}
    exact = {name: (bits << 16).view(np.float32) for name, bits in upper.items()}
    wanted = ("--layer", "2", "--head", "1", "--force", "-o", tmp_path / "it.toml")
    save_tensors(model.path / "model.safetensors", exact)
    assert capture(model, *wanted).status == 0
    known = load(str(tmp_path / "it.toml"))
    save_as_brain_floats(model.path / "model.safetensors", upper)
    assert capture(model, *wanted).status == 0
    found = load(str(tmp_path / "it.toml"))
    assert found.inputs["X"].tolist() == known.inputs["X"].tolist()
    assert found.parameters["W_K"].tolist() == known.parameters["W_K"].tolist()


def test_the_list_comes_as_text_and_as_json(model: Tiny) -> None:
    """A script that looks for a head would have had to read a table."""
    text = capture(model, "--list", "--query", "was").output
    assert len(text.splitlines()) > 9
    assert "distant word" in text
    assert "heads more" not in text
    found = capture(model, "--layer", "all", "--query", "was", "--format", "json").json
    assert (found["format"], found["model"], found["text"]) == (1, "tiny", TEXT)
    assert (found["tokens"], found["query"]) == (list(BERT_TOKENS), {"index": 4, "token": "was"})
    assert len(found["heads"]) == 9
    for one in found["heads"]:
        assert found["tokens"][one["top"]["index"]] == one["top"]["token"]
        assert 1 <= one["effective"] <= len(BERT_TOKENS) + 1e-6
        assert len(one["weights"]) == len(BERT_TOKENS)
        assert max(one["weights"]) == one["top"]["weight"]
    assert "远处的词" in capture(model, "--list", "--lang", "zh").output


def test_the_list_of_a_layer_has_its_heads_only(model: Tiny, tmp_path: Path) -> None:
    """One would have had to look for a layer's heads among hundreds."""
    ended = capture(model, "--list", "--layer", "2", "--format", "json", "-o", tmp_path / "heads.json")
    assert (ended.status, ended.output, ended.messages) == (0, "", "")
    found = json.loads((tmp_path / "heads.json").read_text(encoding="utf-8"))
    assert {one["layer"] for one in found["heads"]} == {2}


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--layer", "3", "--head", "0", "-o", "x"), "--layer 3: the model has layers 0 to 2"),
        (("--layer", "0", "--head", "3", "-o", "x"), "--head 3: the model has heads 0 to 2"),
        (("--list", "--layer", "7"), "--layer 7: the model has layers 0 to 2"),
        (("--layer", "0", "--head", "0"), "-o is missing: the name of the example to write, such as -o mine.toml"),
        (("--layer", "0", "-o", "x"), "--head is missing: which head? with --list you see what each of them looks at"),
        (("--head", "0", "-o", "x"), "--layer is missing: which layer? with --list you see what each of them looks at"),
        (("--list", "--head", "0"), "--head goes with one layer; --list shows all heads"),
        (("--to", "was", "--layer", "0", "--head", "0", "-o", "x"), "--to goes with --list"),
        (("--top", "3", "--layer", "0", "--head", "0", "-o", "x"), "--top goes with --list"),
        (("--list", "--to", "wax"), '--to wax: no token is "wax"; did you mean "was"?'),
        (("--list", "--title", "x"), "--title goes with an example that is written, not with --list"),
        (("--list", "--causal"), "--causal goes with --from; the folder of a model says itself whether it is causal"),
        (("--list", "--tokens", "a b"), "--tokens goes with --from; a model cuts the sentence itself"),
        (("--list", "--from", "a.npz"), "give the folder of a model and a sentence, or --from FILE, not both"),
        (("--layer", "0", "--head", "0", "-o", "x.npz"), "-o x.npz: an example file ends in .toml or .json"),
        (
            ("--layer", "0", "--head", "0", "-o", "x", "--format", "json"),
            "--format goes with --list; -o mine.json writes the example as JSON",
        ),
        (
            ("--layer", "-1", "--head", "0"),
            "argument --layer: '-1' is not a whole number from 0 to 10000\nqkvtui: see 'qkvtui capture --help'",
        ),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_written(
    model: Tiny, arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message would have been a traceback, or about something else."""
    monkeypatch.chdir(tmp_path)
    assert refusal(model, *arguments) == said
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_without_a_folder_or_a_sentence_the_command_says_what_it_needs(model: Tiny) -> None:
    """`qkvtui capture` alone would have ended in a traceback."""
    assert run("capture").messages.startswith("qkvtui: give the folder of a model and a sentence, or --from FILE\n")
    assert run("capture", model.path).messages.startswith("qkvtui: there is no sentence")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_sentence_is_refused(model: Tiny, text: str) -> None:
    """A picture of [CLS] looking at [SEP] would have been written."""
    assert refusal(model, text=text) == "the sentence is empty; write one between quotation marks"


def test_a_sentence_that_is_too_long_is_refused(model: Tiny) -> None:
    """The model would have been asked for a position that it never learned."""
    assert refusal(model, text="the " * 15) == "the sentence has 17 tokens; the model has positions for 16"
    assert refusal(model, text="\udcff") == "the sentence is not UTF-8"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(model: Tiny, name: str) -> None:
    """One would have had to guess which of a dozen files was not downloaded."""
    (model.path / name).unlink()
    needed = "a model's folder holds config.json, model.safetensors and tokenizer.json"
    if name == "tokenizer.json":
        needed = (
            f"AutoTokenizer.from_pretrained('{model.path}').save_pretrained('{model.path}') in transformers writes it"
        )
        needed = needed.replace(f"{model.path.parent}/", "")
    assert refusal(model) == f"tiny: there is no {name} in it; {needed}"


def test_a_folder_that_is_none_is_refused(model: Tiny, tmp_path: Path) -> None:
    """The name of a model on the hub would have ended in a traceback."""
    assert refusal(tmp_path / "nowhere") == "nowhere: there is no such folder"
    assert refusal(model.path / "config.json") == "config.json: is a file, not the folder of a model"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"model_type": "deepseek"},
            'model_type is "deepseek"; known are albert, bart, bert, bloom, camembert, distilbert, electra, gemma, '
            "gemma2, gemma3_text, gpt2, gpt_neo, gpt_neox, gptj and 14 more; of any other model, save Q, K, V and the "
            "mask of a layer with the lines in 'qkvtui capture --help', and give that file to --from",
        ),
        (
            {"model_type": None},
            "there is no model_type; known are albert, bart, bert, bloom, camembert, distilbert, electra, gemma, "
            "gemma2, gemma3_text, gpt2, gpt_neo, gpt_neox, gptj and 14 more",
        ),
        ({"hidden_size": "big"}, 'hidden_size is the text "big"; it is a whole number from 1 to 16777216'),
        ({"hidden_size": None}, "hidden_size is missing; it is a whole number from 1 to 16777216"),
        ({"num_attention_heads": 5}, "5 heads cannot share 12 columns equally"),
        (
            {"hidden_act": "softplus"},
            'hidden_act is "softplus"; known are gelu, gelu_fast, gelu_new, gelu_pytorch_tanh, relu, silu and swish',
        ),
        (
            {"position_embedding_type": "relative_key"},
            "position_embedding_type is not absolute; capture knows no other positions",
        ),
        ({"layer_norm_eps": -1}, "layer_norm_eps is the number -1; it is a small number above 0, such as 1e-12"),
    ],
)
def test_a_model_that_is_not_known_is_refused_with_those_that_are(
    model: Tiny, values: dict[str, object], said: str
) -> None:
    """Numbers would have been computed as in a model that it is not."""
    change(model.path / "config.json", **values)
    assert refusal(model) == f"tiny/config.json: {said}"


def test_tensors_of_another_shape_are_refused(model: Tiny) -> None:
    """A half-downloaded or mixed-up model would have given a picture that is wrong."""
    name = "encoder.layer.0.attention.self.key.weight"
    save_tensors(model.path / "model.safetensors", model.tensors | {name: np.ones((12, 6), np.float32)})
    assert refusal(model) == (
        f'tiny/model.safetensors: the tensor "{name}" is 12 × 6; by the model\'s settings it is 12 × 12'
    )
    rest = {one: array for one, array in model.tensors.items() if one != name}
    save_tensors(model.path / "model.safetensors", rest)
    assert refusal(model) == f'tiny/model.safetensors: holds no tensor "{name}"'
    save_tensors(model.path / "model.safetensors", {"x": np.ones(3, np.float32)})
    assert refusal(model).endswith("is it another model?")


def test_numbers_that_are_none_are_refused(model: Tiny) -> None:
    """A broken model would have given a page full of NaN."""
    name = "embeddings.LayerNorm.weight"
    save_tensors(model.path / "model.safetensors", model.tensors | {name: np.full(12, np.nan, np.float32)})
    assert refusal(model).endswith(f'the tensor "{name}" holds numbers that are not finite')
    save_tensors(model.path / "model.safetensors", model.tensors | {name: np.ones(12, np.int64)})
    assert refusal(model).endswith(f'the tensor "{name}" holds I64 numbers; capture reads F64, F32, F16, BF16')


@pytest.mark.parametrize("make", [bert, gpt2])
def test_numbers_that_grow_too_large_are_refused(tmp_path: Path, make: Callable[..., Tiny]) -> None:
    """Warnings would have run over the screen, and then a page full of NaN."""
    tiny = make(tmp_path / "tiny")
    huge = {name: array * np.float32(1e30) for name, array in tiny.tensors.items()}
    save_tensors(tiny.path / "model.safetensors", huge)
    assert refusal(tiny).endswith("computes is not finite: float32 holds numbers up to about 3.4e+38")


@pytest.mark.parametrize("content", [b"", b"hello, this is no such file", b"\xff" * 100, b"PK\x03\x04"])
def test_a_file_that_is_not_safetensors_is_refused(model: Tiny, content: bytes) -> None:
    """A pickle or a page of HTML would have ended in a traceback."""
    (model.path / "model.safetensors").write_bytes(content)
    assert refusal(model) == "tiny/model.safetensors: is not a sound .safetensors file"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": {"type": "WordPiece"}}'])
def test_a_file_that_is_no_tokenizer_is_refused(model: Tiny, content: str) -> None:
    """A broken download would have ended in a traceback."""
    (model.path / "tokenizer.json").write_text(content, encoding="utf-8")
    assert refusal(model).startswith("tiny/tokenizer.json: is not a tokenizer's file (")


def test_a_tokenizer_of_another_model_is_noticed(model: Tiny) -> None:
    """Tokens that the model has never seen would have ended in a traceback."""
    name = "embeddings.word_embeddings.weight"
    save_tensors(model.path / "model.safetensors", model.tensors | {name: model.tensors[name][:5]})
    assert refusal(model).endswith(f'the tensor "{name}" has 5 rows, too few for row 9')


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    model: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ModuleNotFoundError would have been all that a user learns."""
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    said = refusal(model)
    assert said == (
        "reading a sentence needs the package tokenizers; pip install 'qkvtui[models]', or: pip install tokenizers"
    )


def test_progress_is_shown_to_people_only(model: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script's log would have been full of bars."""
    assert capture(model, "--list").messages == ""
    with progress_bar("layers") as progress:
        progress(1, 2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress_bar("[red]layers") as progress:
        progress(1, 2)
        progress(2, 2)


@pytest.mark.parametrize(
    ("text", "words", "count"),
    [("the 他喜 was 游泳 他喜 .", "“他喜”, “游泳”", "3 of 6"), ("他喜 游泳", "“他喜”, “游泳”", "2 of 2")],
)
def test_words_that_the_tokenizer_does_not_know_are_named(model: Tiny, text: str, words: str, count: str) -> None:
    """A sentence in another language would have been explained as if the model had read it."""
    file = model.path.parent / "it.toml"
    wanted = ("--layer", "1", "--head", "2", "-o", file, "--force")
    said = (
        f"The tokenizer of tiny does not know {words}. It puts [UNK] there ({count} tokens), whatever the word, so "
        "these numbers say nothing about it; a model trained on such words would know them."
    )
    written = capture(model, *wanted, text=text)
    assert (written.status, written.messages) == (0, f"qkvtui: {said}\n")
    about = load(str(file)).about
    assert about is not None
    assert about.texts["en"].endswith(f". {said}")
    assert about.texts["zh"].endswith("要看它们，请换一个学过这种语言的模型。")
    assert capture(model, "--list", text=text).messages == f"qkvtui: {said}\n"
    chinese = capture(model, *wanted, "--lang", "zh", text=text).messages
    assert chinese.startswith("qkvtui: tiny 的分词器不认识“他喜”、“游泳”，一律换成 [UNK]（")


def test_a_great_many_unknown_words_are_counted(tmp_path: Path) -> None:
    """A page of Chinese would have been repeated on one line."""
    tiny = bert(tmp_path / "tiny", max_position_embeddings=64)
    words = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
    tokenizer = folder_tokenizer(ModelFolder(str(tiny.path)))
    for parts in ((words,), (words[:9], words[9:])):  # a sentence, or what is read and what is written
        said = unknown_words("tiny", *(read_sentence(tokenizer, " ".join(part), 64) for part in parts))
        assert said is not None
        assert "“寅”, “卯” and 2 more. It" in said.texts["en"]
        assert "“寅”、“卯”等 16 个词，一律" in said.texts["zh"]


def test_tokens_with_brackets_are_shown_as_they_are(tmp_path: Path) -> None:
    """[CLS], or a token like [/red], would have been taken for a colour."""
    output: Any = capture(bert(tmp_path / "tiny"), "--list", "--query", "0").output
    assert "“[CLS]” (0)" in output


def test_a_whole_layer_is_one_file(model: Tiny, tmp_path: Path) -> None:
    """The next head would have taken a new command, a new file and a new start, and W_O could not have been had."""
    file = tmp_path / "layer.toml"
    ended = capture(model, "--layer", "1", "--head", "all", "-o", file)
    assert (ended.status, ended.messages) == (0, "")
    assert f"{file}: 3 heads; in head 0 “tired” gives most to" in ended.output
    example = load(str(file))
    assert example.attention.heads == 3
    assert example.parameters["W_O"].shape == (12, 12)
    assert example.title.texts["en"] == "tiny, layer 1: the animals was tired."
    assert example.about is not None
    assert "3 个头，以及把各头混在一起的 W_O" in example.about.texts["zh"]
    assert run("check", file).status == 0
    assert run("why", file, "weights@2[tired,was]").status == 0
    single = capture(model, "--layer", "1", "--head", "2", "-o", tmp_path / "one.toml").output
    assert "heads;" not in single


def test_the_heads_are_ranked_by_a_token(model: Tiny) -> None:
    """Whoever looks for the head that looks at "animal" would have had to read all of them."""
    asked = ("--list", "--query", "tired", "--to", "animal")
    found = capture(model, *asked, "--format", "json").json
    assert found["to"] == {"index": 2, "token": "animal"}
    shares = [one["weights"][2] for one in found["heads"]]
    assert shares == sorted(shares, reverse=True)
    text = capture(model, *asked, "--top", "2").output
    assert "“tired” (5) gives to “animal” (2)" in " ".join(text.split())
    first = found["heads"][0]
    assert text.splitlines()[-3].split()[:3] == [str(first["layer"]), str(first["head"]), f"{shares[0]:.2f}"]
    assert text.splitlines()[-1] == "and 7 heads more: --top 9"
    assert len(capture(model, *asked, "--top", "2", "--format", "json").json["heads"]) == 2
    chinese = capture(model, *asked, "--top", "2", "--lang", "zh").output
    assert "给“animal”" in chinese
    assert "还有 7 个头：--top 9" in chinese
