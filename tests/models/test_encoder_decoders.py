"""T5, BART, mBART and Marian opened whole: both sides' numbers, and where each of them comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.graph.block import end_of
from qkvtui.models.architecture import Distances
from qkvtui.models.load import load
from qkvtui.models.pieces import bucket_of
from qkvtui.models.whole import model_example
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.appending import appended, next_word
from qkvtui.trace.trace import Trace
from qkvtui.trace.why import why
from tests.cli.program import run
from tests.models.encoder_decoders_oracle import ToldPair, bucket, told_by_pair
from tests.models.families import PAIRS, TEXTS, TinyFamily, family, in_transformers
from tests.models.made_gguf import gguf_bytes
from tests.models.test_families import PLACE, leaves, weights_of

pytest.importorskip("tokenizers", reason="the extra `models` is not installed: tokenizers is missing")

CLOSE = 1e-5
TARGETS = {"en": "The dog", "zh": "狗跑了"}


def opened(tiny: TinyFamily, language: str = "en", *, target: str | None = None) -> Trace:
    return Trace(model_example(str(tiny.path), TEXTS[language], target=TARGETS[language] if target is None else target))


def compared(trace: Trace, told: ToldPair) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What is to be the same, pair by pair: ours and theirs."""
    encoder, decoder = trace.example.sides
    assert (encoder.own_layers, decoder.own_layers) == (len(told.encoded), len(told.left))
    for index, layer in enumerate(encoder.layers):
        there = trace.at_layer(layer)
        yield there.matrix(end_of(there.example.readout)), told.encoded[index]
        yield weights_of(there), told.encoder_weights[index]
    for index in range(decoder.own_layers):
        own, cross = (trace.at_layer(decoder.first + 2 * index + part) for part in (0, 1))
        yield weights_of(own), told.own_weights[index]
        yield weights_of(cross), told.cross_weights[index]
        yield cross.matrix("left"), told.left[index]
    last = trace.at_layer(decoder.last)
    yield last.matrix("tempered" if last.has("tempered") else "logits"), told.logits


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", PAIRS)
def test_both_sides_are_what_numpy_makes_of_the_tensors(name: str, language: str, tmp_path: Path) -> None:
    """A norm at the wrong place, a bias of the wrong side or keys of the wrong words gave numbers that look right."""
    tiny = family(name, tmp_path / name)
    trace = opened(tiny, language)
    encoder, decoder = trace.example.sides
    told = told_by_pair(tiny.tensors, tiny.config, list(encoder.ids), list(decoder.ids))
    for ours, theirs in compared(trace, told):
        assert np.abs(ours - theirs).max() < CLOSE


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", PAIRS)
def test_both_sides_are_what_transformers_makes_of_the_folder(name: str, language: str, tmp_path: Path) -> None:
    """Somebody would have compared the screen with what their own program prints, and found other numbers."""
    tiny = family(name, tmp_path / name)
    torch, model = in_transformers(tiny)
    trace = opened(tiny, language)
    source, target = (torch.tensor([side.ids]) for side in trace.example.sides)
    with torch.no_grad():
        made = model(input_ids=source, decoder_input_ids=target, output_hidden_states=True, output_attentions=True)
    encoded, left = ([one[0].numpy() for one in states[1:]] for states in _states(made))
    weights = [[one[0].numpy() for one in found] for found in _weights(made)]
    last = trace.at_layer(trace.example.sides[1].last)
    told = ToldPair(encoded, weights[0], left, weights[1], weights[2], made.logits[0].numpy())
    pairs = list(compared(trace, told))
    if last.has("normed_left"):  # transformers tells the last layer normed
        pairs[-2] = last.matrix("normed_left"), left[-1]
    for ours, theirs in pairs:
        assert np.abs(ours - theirs).max() < CLOSE


def _states(made: Any) -> tuple[Any, Any]:
    return made.encoder_hidden_states, made.decoder_hidden_states


def _weights(made: Any) -> tuple[Any, Any, Any]:
    return made.encoder_attentions, made.decoder_attentions, made.cross_attentions


@pytest.mark.parametrize("both_ways", [True, False])
def test_every_distance_has_the_row_that_t5_gives_it(both_ways: bool) -> None:
    """Far words got their neighbours' bias: every score of a long sentence was a little wrong."""
    for behind in range(-300, 301):
        assert bucket_of(behind, Distances(one_way=not both_ways)) == bucket(behind, both_ways), behind


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", PAIRS)
def test_every_number_opens_down_to_the_tensor_of_the_file(name: str, tmp_path: Path) -> None:
    """The row and the column that `why` names held another number, or none; the encoder's words led nowhere."""
    tiny = family(name, tmp_path / name)
    trace = opened(tiny)
    cross = trace.example.sides[1].first + 1
    tensors = set()
    for text in (
        f"keys@{cross}.1[0,1]",
        f"queries@{cross}[1,0]",
        f"left@{cross - 1}[1,2]",
        "logits[0,7]",
        "embeddings[1,2]",
    ):
        cell = parse_address(trace, text)
        for leaf in leaves(why(trace, cell, depth=7, most=2)):
            found = PLACE.fullmatch(str(leaf.given[0]))
            if found is None:
                known = ("attention.", "blocks[", "vocabulary.", "readout.", "sin(", "cos(")
                assert str(leaf.given[0]).startswith(known), leaf
                continue
            tensor = tiny.tensors[found["tensor"]]
            row = (int(found["row"]),) if found["row"] else ()
            assert leaf.value == pytest.approx(float(tensor[(*row, int(found["column"]))]), rel=1e-6), leaf
            tensors.add(found["tensor"])
    assert {one.partition("encoder")[2] != "" for one in tensors} == {True, False}
    assert len(tensors) > 5


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        (
            "t5",
            "bias@0.3[0,1]",
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, row 17, column 3",
        ),
        (
            "t5",
            "bias@5.1[2,1]",
            "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, row 1, column 1",
        ),
        ("t5_gated", "W_U@5[3,9]", "lm_head.weight, row 9, column 3"),
        ("t5_gated", "W_G@3[5,2]", "decoder.block.0.layer.2.DenseReluDense.wi_0.weight, row 2, column 5"),
        ("t5_gated", "W_1@0[5,2]", "encoder.block.0.layer.1.DenseReluDense.wi_1.weight, row 2, column 5"),
        ("bart", "b_U@6[9]", "final_logits_bias, row 0, column 9"),
        ("bart", "positions@3[2,4]", "model.decoder.embed_positions.weight, row 2, column 4"),
        ("mbart", "g_U@5[4]", "model.decoder.layer_norm.weight, column 4"),
        ("marian", "W_K@3[5,2]", "model.decoder.layers.0.encoder_attn.k_proj.weight, row 2, column 5"),
    ],
)
def test_a_parameter_of_either_side_names_its_tensor(name: str, address: str, said: str, tmp_path: Path) -> None:
    """Whoever wanted to look a number up in PyTorch would have looked at the other side's."""
    trace = opened(family(name, tmp_path / name))
    assert str(why(trace, parse_address(trace, address)).given[0]) == f"model.safetensors, {said}"


@pytest.mark.parametrize(
    ("name", "text"),
    [("t5", 1), ("bart", 2), ("mbart", 1), ("marian", 1)],
)
def test_the_decoder_starts_with_its_own_token_and_then_has_the_target(name: str, text: int, tmp_path: Path) -> None:
    """The first word would have been asked of another beginning than the one that the model was trained on."""
    tiny = family(name, tmp_path / name)
    start = tiny.config["decoder_start_token_id"]
    alone, more = (opened(tiny, target=target).example.sides[1] for target in ("", "The"))
    assert alone.ids == (start,)
    assert more.ids[0] == start
    assert more.tokens[text:] == ("The",)


def test_words_are_appended_to_the_target_one_by_one(tmp_path: Path) -> None:
    """They would have been appended to the sentence that is read, or have changed what is known of the words before."""
    tiny = family("t5", tmp_path / "t5")
    trace = opened(tiny, target="")
    ids = [0]
    for _ in range(3):
        told = told_by_pair(tiny.tensors, tiny.config, list(trace.example.sides[0].ids), ids)
        assert next_word(trace) == trace.example.sides[1].vocabulary.words[int(np.argmax(told.logits[-1]))]
        ids.append(int(np.argmax(told.logits[-1])))
        trace = appended(trace)
        assert trace.example.layer == 0
        assert list(trace.example.sides[1].ids) == ids
        assert len(trace.example.tokens) == len(trace.example.sides[0].tokens)
    assert trace.at_layer(4).shape.queries == 4


def test_a_change_of_the_words_table_is_one_on_both_sides(tmp_path: Path) -> None:
    """The encoder would have read another table than the decoder, which the model does not have."""
    from qkvtui.trace.changes import set_number

    trace = opened(family("t5", tmp_path / "t5"))
    changed = set_number(trace, Address("E", 7, 2), 5.0)
    last = trace.example.sides[1].last
    assert changed.at_layer(3).value(Address("E", 7, 2)) == 5.0
    assert changed.at_layer(last).value(Address("E", 7, 2)) == 5.0


def test_a_file_of_five_lines_gives_the_target_too(tmp_path: Path) -> None:
    """A teacher would have had to type the translation so far again and again."""
    family("marian", tmp_path / "marian")
    lines = 'format = 1\nmodel = "marian"\ntext = "The cat sat"\ntarget = "The"\n'
    (tmp_path / "mine.toml").write_text(lines, encoding="utf-8")
    assert load(str(tmp_path / "mine.toml")).sides[1].tokens == ("<pad>", "The")


def test_a_target_for_a_model_that_reads_one_sentence_is_refused(tmp_path: Path) -> None:
    """It would have been ignored without a word."""
    tiny = family("gpt2", tmp_path / "gpt2")
    with pytest.raises(UsageError, match="a target goes with an encoder-decoder"):
        model_example(str(tiny.path), "The cat", target="The")


def test_a_start_token_that_is_no_word_is_told(tmp_path: Path) -> None:
    """A wrong setting would have ended in a traceback."""
    tiny = family("bart", tmp_path / "bart")
    (tiny.path / "config.json").write_text(json.dumps({**tiny.config, "decoder_start_token_id": 300}), encoding="utf-8")
    with pytest.raises(UsageError, match="has 300 rows, too few for row 300"):
        model_example(str(tiny.path), "The cat")


def test_a_marian_folder_without_tokenizer_json_is_told_where_one_is(tmp_path: Path) -> None:
    """transformers writes none for Marian, so the usual advice would have led nowhere."""
    tiny = family("marian", tmp_path / "marian")
    (tiny.path / "tokenizer.json").unlink()
    (tiny.path / "source.spm").write_bytes(b"")
    with pytest.raises(UsageError, match=re.escape("Xenova/opus-mt-en-de is that of Helsinki-NLP/opus-mt-en-de")):
        model_example(str(tiny.path), "The cat")


@pytest.mark.parametrize("kind", ["pegasus", "whisper", "m2m_100"])
def test_another_encoder_decoder_is_led_to_its_arrays(kind: str, tmp_path: Path) -> None:
    """Its reader would have been left with a bare no."""
    tiny = family("bart", tmp_path / "bart")
    (tiny.path / "config.json").write_text(json.dumps({**tiny.config, "model_type": kind}), encoding="utf-8")
    with pytest.raises(UsageError, match="give that file to --from"):
        model_example(str(tiny.path), "The cat")


def test_capture_lists_the_heads_that_read_the_sentence_and_takes_one_of_either_side(tmp_path: Path) -> None:
    """The list of heads ended in a traceback at the decoder, which does not read the sentence."""
    tiny = family("t5", tmp_path / "t5")
    listed = json.loads(run("capture", tiny.path, "The cat sat", "--list", "--format", "json").output)
    assert {one["layer"] for one in listed["heads"]} == {0, 1, 2}
    whole = Trace(model_example(str(tiny.path), "The cat sat"))
    for layer in (2, 4):
        asked = ("--layer", str(layer), "--head", "1", "-o", tmp_path / f"{layer}.toml")
        written = run("capture", tiny.path, "The cat sat", *asked)
        assert (written.status, written.messages) == (0, "")
        head = Trace(load(str(tmp_path / f"{layer}.toml")))
        assert np.abs(head.matrix("weights") - weights_of(whole.at_layer(layer))[1]).max() < CLOSE


@pytest.mark.parametrize(
    ("language", "whole", "of", "given"),
    [
        (
            "en",
            "the whole model, an encoder of 3 layers and a decoder of 2 layers;",
            "of 7 layers, 3 in the encoder and two for each of the decoder's 2; this one has 2 heads. X is",
            "1 token with 16 numbers,",
        ),
        (
            "zh",
            "整个模型，编码器 3 层，解码器 2 层；",
            "模型共 7 层（编码器 3 层；解码器 2 层，每层在这里分成两层），这一层有 2 个头。",
            "1 个词元，有 16 个数，",
        ),
    ],
)
def test_layers_and_heads_are_counted_for_each_side(
    language: str, whole: str, of: str, given: str, tmp_path: Path
) -> None:
    """“7 layers with 4 heads each” was told of a decoder with 2 heads, and “1 tokens” of its only word."""
    tiny = family("bart", tmp_path / "bart")
    said = run("capture", tiny.path, "The cat", "-o", tmp_path / "whole.toml", "--lang", language).output
    assert whole in said
    run("capture", tiny.path, "The cat", "--layer", "3", "--head", "1", "-o", tmp_path / "head.toml")
    about = load(str(tmp_path / "head.toml")).about
    assert about is not None
    assert of in about.in_language(language)
    assert given in about.in_language(language)
    run("capture", tiny.path, "The cat", "--layer", "3", "--head", "all", "-o", tmp_path / "layer.toml")
    about = load(str(tmp_path / "layer.toml")).about
    assert about is not None
    follows = {"en": "and a look at the words of the sentence follows.", "zh": "再经过交叉注意力。"}
    assert follows[language] in about.in_language(language)


def test_a_gguf_file_of_t5_is_told_which_ones_are_read(tmp_path: Path) -> None:
    """It would have been told that d_model is missing, which no GGUF file has."""
    (tmp_path / "t5.gguf").write_bytes(gguf_bytes({"general.architecture": "t5", "t5.block_count": 2}, {}))
    with pytest.raises(UsageError, match='its tensors are those of "t5"; of GGUF files known are bert'):
        model_example(str(tmp_path / "t5.gguf"), "The cat")


def test_both_sides_say_where_they_begin_at_their_first_step_only(tmp_path: Path) -> None:
    """A learner would have walked from the one to the other without a word, or have read it twice."""
    path = family("bart", tmp_path / "bart").path
    for layer, said in ((0, "Here the encoder begins."), (3, "Here the decoder begins.")):
        steps = f"word_rows@{layer},placed@{layer},embeddings@{layer}"
        printed = run("print", path, "The cat", "--step", steps).output
        assert printed.count(said) == 1
        assert printed.index(said) < printed.index("step 3 of")
