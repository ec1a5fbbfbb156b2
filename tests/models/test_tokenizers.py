"""Tokenizers put together from a vocabulary, where there is no tokenizer.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.models.folder import ModelFolder
from qkvtui.models.gguf import GgufFile
from qkvtui.models.gguf_tokenizer import gguf_tokenizer
from qkvtui.models.sentence import ReadSentence, read_sentence
from qkvtui.models.tokenizer import folder_tokenizer
from tests.models.made_gguf import gguf_bytes
from tests.models.test_gguf import SMOLLM2, needs_smollm2
from tests.models.test_minilm import MODEL, needs_the_model
from tests.models.tiny import BERT_TOKENS, BERT_WORDS, GPT2_TOKENS, TEXT, bert, gpt2

TYPED = [
    "The animal didn't cross the street because it was too tired.",
    "  Café—naïve ÜBER 12,345 小动物没有过马路，因为它太累了。 ",
    "e-mail: x_y@z.org\n\ttabs [MASK] and ##s",
]


def read(folder: Path, text: str = TEXT) -> ReadSentence:
    return read_sentence(folder_tokenizer(ModelFolder(str(folder))), text, 512)


def with_vocabulary(folder: Path, words: list[str]) -> Path:
    """A folder that has only vocab.txt."""
    (folder / "tokenizer.json").unlink(missing_ok=True)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    return folder


def test_a_vocabulary_in_lines_is_enough(tmp_path: Path) -> None:
    """Many older folders, Chinese ones among them, would have been refused for want of a tokenizer.json."""
    tiny = bert(tmp_path / "tiny")
    found = read(with_vocabulary(tiny.path, BERT_WORDS))
    assert (found.ids, found.tokens) == (tiny.ids, BERT_TOKENS)
    assert found.special == (True, *[False] * 6, True)


@needs_the_model
@pytest.mark.parametrize("text", TYPED)
def test_a_real_vocabulary_cuts_as_the_tokenizer_beside_it(text: str, tmp_path: Path) -> None:
    """Another sentence than the model's own would have been read."""
    words = (MODEL / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert read(with_vocabulary(tmp_path, words), text) == read(MODEL, text)


def test_capital_letters_are_kept_where_the_vocabulary_has_them(tmp_path: Path) -> None:
    """`Paris` would have been unknown to a model that knows it, or known to one that does not."""
    words = [*BERT_WORDS, "Paris", "paris"]
    folder = with_vocabulary(tmp_path, words)
    assert read(folder, "Paris").ids[1] == words.index("Paris")
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true}', encoding="utf-8")
    assert read(folder, "Paris").ids[1] == words.index("paris")
    assert read(with_vocabulary(tmp_path, [*BERT_WORDS, "paris"]), "Paris").ids[1] == len(BERT_WORDS)


def test_a_vocabulary_without_the_signs_of_bert_is_refused(tmp_path: Path) -> None:
    """Any file called vocab.txt would have ended in a traceback."""
    with pytest.raises(UsageError, match=r"vocab\.txt: is not a tokenizer's file"):
        read(with_vocabulary(tmp_path, ["a", "b"]))


def test_pieces_and_merges_are_enough(tmp_path: Path) -> None:
    """GPT-2's folder as it was first published would have been refused."""
    tiny = gpt2(tmp_path / "tiny")
    model = json.loads((tiny.path / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    merges = [one if isinstance(one, str) else " ".join(one) for one in model["merges"]]
    (tiny.path / "tokenizer.json").unlink()
    (tiny.path / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
    (tiny.path / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
    found = read(tiny.path)
    assert (found.ids, found.tokens) == (tiny.ids, GPT2_TOKENS)
    ends = model["vocab"] | {"<s>": len(model["vocab"]), "</s>": len(model["vocab"]) + 1}
    (tiny.path / "vocab.json").write_text(json.dumps(ends), encoding="utf-8")
    assert read(tiny.path).tokens == ("<s>", *GPT2_TOKENS, "</s>")


def of_gguf(folder: Path, text: str, **settings: object) -> ReadSentence:
    path = folder / "it.gguf"
    path.write_bytes(gguf_bytes({f"tokenizer.ggml.{name}": value for name, value in settings.items()}, {}))
    return read_sentence(gguf_tokenizer(GgufFile(str(path))), text, 512)


def test_sentence_pieces_are_joined_by_their_scores(tmp_path: Path) -> None:
    """A Llama's sentence would have been cut into other pieces than the model learned."""
    tokens = ["<unk>", "<s>", "</s>", "<0xE7>", "<0x89>", "<0x9B>", "▁", "i", "t", "s", "ts", "▁i", "it", "▁it", "<x>"]
    scores = [0.0, 0, 0, 0, 0, 0, -9, -9, -9, -9, -3, -4, -1, -2, 0]
    types = [2, 3, 3, 6, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1, 4]
    given: dict[str, object] = {"model": "llama", "tokens": tokens, "scores": scores, "token_type": types}
    found = of_gguf(tmp_path, "its it", bos_token_id=1, eos_token_id=2, **given)
    assert [tokens[index] for index in found.ids] == ["<s>", "▁it", "s", "▁it"]
    assert found.tokens == ("<s>", "it", "##s", "it")
    ends = of_gguf(tmp_path, "it牛", add_bos_token=False, add_eos_token=True, bos_token_id=1, eos_token_id=2, **given)
    assert [tokens[index] for index in ends.ids] == ["▁it", "<0xE7>", "<0x89>", "<0x9B>", "</s>"]
    added = of_gguf(tmp_path, "<x>it", add_space_prefix=False, add_bos_token=False, **given)
    assert [tokens[index] for index in added.ids] == ["<x>", "it"]


@pytest.mark.parametrize(
    ("pre", "numbers"),
    [
        ("gpt-2", ["1234"]),
        ("smollm", ["1", "2", "3", "4"]),
        ("llama-bpe", ["123", "4"]),
        ("qwen2", ["1", "2", "3", "4"]),
    ],
)
def test_digits_are_cut_as_the_model_learned_them(tmp_path: Path, pre: str, numbers: list[str]) -> None:
    """1234 would have been one token to a model that has only ever seen digits."""
    tokens = ["1", "2", "3", "4", "12", "123", "1234", "x"]
    merges = ["1 2", "12 3", "123 4"]
    found = of_gguf(tmp_path, "1234", model="gpt2", pre=pre, tokens=tokens, merges=merges, token_type=[1] * 8)
    assert [tokens[index] for index in found.ids] == numbers


@needs_smollm2
def test_the_tokenizer_of_a_real_file_cuts_words_whole() -> None:
    """SmolLM2 would have read something else than the sentence that was typed."""
    tokenizer = gguf_tokenizer(GgufFile(str(SMOLLM2)))
    found = read_sentence(tokenizer, "The animal didn't cross the street because it was too", 8192)
    words = "The animal didn 't cross the street because it was too"
    assert found.tokens == tuple(words.split())
    assert not any(found.special)
    for text in TYPED:
        assert tokenizer.tokenizer.decode(read_sentence(tokenizer, text, 8192).ids) == text
    assert read_sentence(tokenizer, "<|im_start|>user", 8192).tokens == ("<|im_start|>", "user")
