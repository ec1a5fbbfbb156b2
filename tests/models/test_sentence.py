"""How a model's pieces are written so that a person can read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.models.folder import ModelFolder
from qkvtui.models.sentence import Unknown, read_sentence, readable
from qkvtui.models.tokenizer import folder_tokenizer
from tests.models.tiny import BERT_TOKENS, GPT2_TOKENS, TEXT, bert, gpt2


def shown(marks: str, *pieces: str) -> tuple[str, ...]:
    return readable(list(pieces), (False,) * len(pieces), marks)


def test_a_sentence_is_cut_whole_whatever_the_file_says_of_lengths(tmp_path: Path) -> None:
    """A sentence would have lost its end, or got a tail of [PAD]."""
    sentence = read_sentence(folder_tokenizer(ModelFolder(str(bert(tmp_path / "model").path))), TEXT, 16)
    assert sentence.tokens == BERT_TOKENS
    assert sentence.special == (True, *[False] * 6, True)
    assert sentence.tokens[sentence.last_word] == "tired"


def test_a_blank_before_a_word_is_not_shown_as_a_letter(tmp_path: Path) -> None:
    """`--query animal` would have found nothing, and the sentence would have been full of Ġ."""
    sentence = read_sentence(folder_tokenizer(ModelFolder(str(gpt2(tmp_path / "model").path))), TEXT, 16)
    assert sentence.tokens == GPT2_TOKENS
    assert sentence.query("animal") == 1


def test_words_that_a_tokenizer_of_words_does_not_know_are_found(tmp_path: Path) -> None:
    """[UNK] would have been explained as a word."""
    folder = folder_tokenizer(ModelFolder(str(bert(tmp_path / "model").path)))
    assert read_sentence(folder, TEXT, 16).unknown is None
    assert read_sentence(folder, "the zebra \x1b[ was", 16).unknown == Unknown("[UNK]", ("zebra", "␛", "["))
    assert read_sentence(folder_tokenizer(ModelFolder(str(gpt2(tmp_path / "gpt2").path))), "斑马", 16).unknown is None


def test_words_that_a_unigram_tokenizer_does_not_know_are_found(tmp_path: Path) -> None:
    """Its pieces look as if it knew them: nothing on the screen would have said that it does not."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0), ("▁the", -1.0), ("▁", -9.0)], unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<mask>"])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    folder = folder_tokenizer(ModelFolder(str(tmp_path)))
    found = read_sentence(folder, "the 斑马 the <mask>", 16)
    assert found.unknown == Unknown("<unk>", ("斑马",))
    assert read_sentence(folder, "the <mask>", 16).unknown is None


@pytest.mark.parametrize(
    ("pieces", "tokens"),
    [
        (("didn", "'t", "Ġcross"), ("didn", "'t", "cross")),
        (("token", "ization", "Ġis"), ("token", "##ization", "is")),
        (("Ġ", "Ġ", "x"), ("␣", "␣", "x")),
        (("line", "Ċ", "Next"), ("line", "␊", "Next")),
        (("å°ı", "çº¢"), ("小", "红")),
        (("ðŁ", "Ĵ", "¡"), ("<0xF0><0x9F>", "<0x92>", "<0xA1>")),
        (("cafÃ©", "s"), ("café", "##s")),
        (("↯",), ("↯",)),
    ],
)
def test_byte_level_pieces_read_as_text(pieces: tuple[str, ...], tokens: tuple[str, ...]) -> None:
    """Chinese would have been shown as å°ı, or a piece of a word as a word."""
    assert shown("ByteLevel", *pieces) == tokens


def test_other_pieces_stay_what_they_are() -> None:
    """A tokenizer's own marks would have been changed or doubled."""
    assert shown("", "token", "##ization", "Ġx") == ("token", "##ization", "Ġx")
    assert shown("Metaspace", "▁token", "ization", "▁", "!") == ("token", "##ization", "␣", "!")
    assert readable(["<s>", "it", "</s>"], (True, False, True), "ByteLevel") == ("<s>", "it", "</s>")


def test_what_could_steer_a_terminal_is_a_picture() -> None:
    """A model's vocabulary would have written to the terminal."""
    assert shown("", "\x1b[2J", "a\nb") == ("␛[2J", "a␊b")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("anmial", '--query anmial: no token is "anmial"; did you mean "animal"?'),
        ("99", "--query 99: there is no token 99; the tokens are counted from 0 to 7"),
    ],
)
def test_a_query_that_is_no_token_is_told_what_there_is(tmp_path: Path, asked: str, problem: str) -> None:
    """A slip of the finger would have cost another guess."""
    sentence = read_sentence(folder_tokenizer(ModelFolder(str(bert(tmp_path / "model").path))), TEXT, 16)
    with pytest.raises(UsageError) as caught:
        sentence.query(asked)
    assert str(caught.value) == problem
