"""A sentence as the model's own tokenizer cuts it, with pieces that a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, overload

from ..errors import UsageError
from ..files.clean import clean_line
from ..files.phrases import counted
from ..files.tokens import TokenError, token_index
from ..records import record
from ..said import say
from .tokenizer import SentenceTokenizer

CONTINUES = "##"
"""Stands before a piece that continues the word before it, as BERT's tokenizer has it."""
BLANK = "␣"
"""A piece that is only a blank."""
_CJK = "\u2e80"


@record(frozen=True)
class Unknown:
    """What the tokenizer does not know of a sentence."""

    sign: str
    """The token that the model sees in its place, such as [UNK]."""
    words: tuple[str, ...]
    """One for each such token, as the sentence has it."""


@record(frozen=True)
class ReadSentence:
    """A sentence as a model sees it."""

    text: str
    ids: tuple[int, ...]
    types: tuple[int, ...]
    """Which of two sentences a token belongs to: always 0 here, as far as the tokenizer knows."""
    tokens: tuple[str, ...]
    """The pieces, readable."""
    special: tuple[bool, ...]
    """Which tokens the tokenizer added, such as [CLS]."""
    unknown: Unknown | None
    """None where it knows every word."""

    @property
    def last_word(self) -> int:
        """The index of the last token with a letter or a digit in it, or of the last ordinary one, or of the last."""
        ordinary = [index for index, special in enumerate(self.special) if not special]
        words = [index for index in ordinary if is_word(self.tokens[index])]
        return (words or ordinary or [len(self.ids) - 1])[-1]

    def query(self, asked: str | None) -> int:
        """The token that is asked for by its text or index, or the last word. Raises UsageError."""
        return self.last_word if asked is None else query_index(asked, self.tokens)


def query_index(asked: str, tokens: tuple[str, ...], option: str = "--query") -> int:
    """The token that `--query`, or another option, names. Raises UsageError."""
    try:
        return token_index(clean_line(asked), tokens)
    except TokenError as error:
        raise UsageError(
            say("{option} {text}: {problem}", option=option, text=clean_line(asked), problem=str(error))
        ) from None


def is_word(token: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in token)


def read_sentence(tokenizer: SentenceTokenizer, text: str, most: int) -> ReadSentence:
    """The sentence in the tokens of a model, at most `most` of them. Raises UsageError."""
    if not text.strip():
        raise UsageError(say("the sentence is empty; write one between quotation marks"))
    encoding = tokenizer.encode(_checked(text))
    ids = tuple(encoding.ids)
    if all(encoding.special_tokens_mask):
        raise UsageError(say("{file}: finds no tokens in the sentence", file=tokenizer.file))
    _check_length(len(ids), most)
    special = tuple(map(bool, encoding.special_tokens_mask))
    tokens = readable(encoding.tokens, special, _marks(tokenizer.tokenizer))
    return ReadSentence(
        text, ids, tuple(encoding.type_ids), tokens, special, _unknown(tokenizer.tokenizer, encoding, text)
    )


def read_target(
    tokenizer: SentenceTokenizer, text: str, start: tuple[int, ...], before: tuple[int, ...], most: int
) -> ReadSentence:
    """What a decoder has written so far: the tokens that it starts with, and a text, which may be empty.

    `before` are the tokens between these. Raises UsageError.
    """
    text = _checked(text) if text.strip() else ""
    encoding = tokenizer.encode(text, special=False)
    first = (*start, *before) if text else start
    ids = (*first, *encoding.ids)
    _check_length(len(ids), most)
    given = [tokenizer.tokenizer.id_to_token(one) or f"<{one}>" for one in first]
    special = tuple([True] * len(first) + [False] * len(encoding.ids))
    tokens = readable([*given, *encoding.tokens], special, _marks(tokenizer.tokenizer))
    unknown = _unknown(tokenizer.tokenizer, encoding, text)
    return ReadSentence(text, ids, (0,) * len(ids), tokens, special, unknown)


def _checked(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(say("the sentence is not UTF-8")) from None
    return text


def _check_length(count: int, most: int) -> None:
    if count > most:
        raise UsageError(
            say(
                "the sentence has {tokens}; the model has positions for {most}",
                tokens=counted(count, "token"),
                most=most,
            )
        )


def _unknown(tokenizer: Any, encoding: Any, text: str) -> Unknown | None:
    """Most models of tokenizers have a token for what they do not know.

    "Unigram" does not tell which, but writes the word itself as the piece, which its vocabulary does not have.
    """
    sign = getattr(tokenizer.model, "unk_token", None)
    number = None if sign is None else tokenizer.token_to_id(sign)
    pieces = zip(encoding.ids, encoding.tokens, encoding.offsets, encoding.special_tokens_mask, strict=True)
    found = [
        (index, clean_line(text[slice(*place)].strip() or piece))
        for index, piece, place, special in pieces
        if not special and (tokenizer.token_to_id(piece) is None if sign is None else index == number)
    ]
    if not found:
        return None
    return Unknown(clean_line(sign or tokenizer.id_to_token(found[0][0])), tuple(word for _, word in found))


def readable(pieces: list[str], special: tuple[bool, ...], marks: str) -> tuple[str, ...]:
    """The pieces as a person reads them.

    Where the tokenizer marks the beginning of words ("ByteLevel": Ġ, "Metaspace": ▁), that mark is left out and the
    pieces that continue a word get `##`; bytes that are no whole character are written <0xE5>. Other pieces, BERT's
    for one, stay as they are.
    """
    found: list[str] = []
    before = ""
    for piece, is_special in zip(pieces, special, strict=True):
        text = piece if is_special or not marks else _plain(piece, marks)
        glued = bool(marks) and not is_special and _continues(before, text)
        before = "" if is_special else text
        found.append(clean_line(f"{CONTINUES}{text}" if glued else text.removeprefix(" ") or BLANK))
    return tuple(found)


def _readable_words(tokenizer: Any, count: int) -> tuple[str, ...]:
    """Each of the first `count` entries of a vocabulary as `readable` would have it after a word."""
    marks = _marks(tokenizer)
    pieces = {index: piece for piece, index in tokenizer.get_vocab(with_added_tokens=True).items()}
    special = {index for index, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    found = []
    for index in range(count):
        piece = pieces.get(index)
        if piece is None:
            found.append(f"<{index}>")
        elif index in special or not marks:
            found.append(clean_line(piece) or BLANK)
        else:
            text = _plain(piece, marks)
            found.append(clean_line(f"{CONTINUES}{text}" if _continues("a", text) else text.removeprefix(" ")) or BLANK)
    return tuple(found)


def _continues(before: str, text: str) -> bool:
    """Whether the piece goes on with the word before it; Chinese has no blanks to tell that by."""
    if not before or not text:
        return False
    last, first = before[-1], text[0]
    return last.isalnum() and first.isalnum() and last < _CJK and first < _CJK


def _plain(piece: str, marks: str) -> str:
    """The text of a piece, with a blank where it begins a word."""
    if marks == "Metaspace":
        return piece.replace("▁", " ")
    table = _byte_table()
    if not all(character in table for character in piece):
        return piece
    data = bytes(table[character] for character in piece)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in data)


@cache
def _byte_table() -> dict[str, int]:
    """The characters that GPT-2's tokenizer writes for bytes: itself where it can be seen, else one from U+0100 on."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(0x100) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(0x100 + index): byte for index, byte in enumerate(hidden)}


def _marks(tokenizer: Any) -> str:
    """How the tokenizer marks words: "ByteLevel", "Metaspace", or "" for any other way.

    Llama's says "Metaspace" nowhere, but has that mark in its vocabulary.
    """
    kinds = {type(part).__name__ for part in (tokenizer.decoder, tokenizer.pre_tokenizer)}
    found = next((kind for kind in ("ByteLevel", "Metaspace") if kind in kinds), "")
    has_mark = type(tokenizer.model).__name__ == "BPE" and tokenizer.token_to_id("▁") is not None
    return found or ("Metaspace" if has_mark else "")


class WordLabels(Sequence[str]):
    """A label for each of `count` rows."""

    def __init__(self, tokenizer: SentenceTokenizer, count: int) -> None:
        self._tokenizer = tokenizer
        self._count = count

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return _readable_words(self._tokenizer.tokenizer, self._count)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._all[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return self._count
