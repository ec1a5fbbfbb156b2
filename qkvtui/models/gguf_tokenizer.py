"""The tokenizer that a GGUF file holds: its pieces, and how they are joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import UsageError
from ..files.phrases import listed, quoted
from ..said import say
from .gguf import GgufFile, Setting
from .tokenizer import SentenceTokenizer, byte_pieces, tokenizers_package, told_apart, word_pieces

_PREFIX = "tokenizer.ggml."
_CONTROL, _USER = 3, 4
"""The types of tokens that are never made of pieces: signs such as [CLS], and words that somebody added."""
_BLANK = "▁"
_LONGEST_PIECE = 64

_LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_PATTERNS = {"llama-bpe": _LLAMA_3 % "{1,3}", "qwen2": _LLAMA_3 % ""}
"""Where words are cut, by the names that llama.cpp has for it."""
_AS_GPT2 = ("", "default", "gpt-2")
_DIGITS = ("smollm",)
"""As GPT-2, but each digit by itself."""


def gguf_tokenizer(file: GgufFile) -> SentenceTokenizer:
    """The tokenizer of a GGUF file. Raises UsageError where there is none, or one of an unknown kind."""
    kind = _text(file, "model")
    if kind not in _KINDS:
        names = listed(sorted(_KINDS))
        problem = say("its tokenizer is of the kind {kind}; capture knows {names}", kind=quoted(kind), names=names)
        raise file.refusal(problem)
    tokens = _texts(file, "tokens")
    with told_apart(file.shown):
        made = _KINDS[kind](file, tokens)
        if kind != "bert":
            _add_special(made, file, tokens)
            _add_ends(made, file, tokens)
    return SentenceTokenizer(made, file.shown)


def _bytes(file: GgufFile, tokens: Sequence[str]) -> Any:
    """Byte-level pieces and their merges."""
    package, cuts = tokenizers_package(), _text(file, "pre")
    ids, merges = _ids(tokens), _texts(file, "merges")
    if cuts in _PATTERNS:
        pattern = package.Regex(_PATTERNS[cuts])
        return byte_pieces(ids, merges, package.pre_tokenizers.Split(pattern, "isolated"), own_pattern=False)
    if cuts in _DIGITS:
        return byte_pieces(ids, merges, package.pre_tokenizers.Digits(individual_digits=True))
    if cuts in _AS_GPT2:
        return byte_pieces(ids, merges)
    names = listed(sorted({*_PATTERNS, *_DIGITS, *_AS_GPT2} - {""}))
    problem = say("its words are cut in the way {kind}; capture knows {names}", kind=quoted(cuts), names=names)
    raise file.refusal(problem)


def _words(file: GgufFile, tokens: Sequence[str]) -> Any:
    """BERT's pieces: those that begin a word are marked here, not those that go on."""
    return word_pieces([_as_bert(token) for token in tokens])


def _as_bert(token: str) -> str:
    if token.startswith("[") and token.endswith("]"):
        return token
    return token.removeprefix(_BLANK) if token.startswith(_BLANK) else f"##{token}"


def _sentence_pieces(file: GgufFile, tokens: Sequence[str]) -> Any:
    """SentencePiece's pieces: of two neighbours those are joined first whose piece has the best score."""
    package = tokenizers_package()
    ids, scores = _ids(tokens), _numbers(file, "scores")
    made = package.Tokenizer(
        package.models.BPE(ids, _merges(ids, scores), unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    steps = [package.normalizers.Replace(" ", _BLANK)]
    if file.settings.get(f"{_PREFIX}add_space_prefix", True):
        steps.insert(0, package.normalizers.Prepend(_BLANK))
    made.normalizer = package.normalizers.Sequence(steps)
    return made


_KINDS: Mapping[str, Callable[[GgufFile, Sequence[str]], Any]] = {
    "bert": _words,
    "gpt2": _bytes,
    "llama": _sentence_pieces,
}


def _merges(ids: Mapping[str, int], scores: Sequence[float]) -> list[tuple[str, str]]:
    """All ways to join two pieces to a third, the best third first."""
    found = [
        (-scores[index], ids[piece[:at]], ids[piece[at:]], piece[:at], piece[at:])
        for piece, index in ids.items()
        if len(piece) <= _LONGEST_PIECE
        for at in range(1, len(piece))
        if piece[:at] in ids and piece[at:] in ids
    ]
    return [(left, right) for *_, left, right in sorted(found)]


def _add_special(made: Any, file: GgufFile, tokens: Sequence[str]) -> None:
    typed = list(zip(tokens, _numbers(file, "token_type", optional=True), strict=False))
    made.add_special_tokens([token for token, kind in typed if kind == _CONTROL])
    made.add_tokens([token for token, kind in typed if kind == _USER])


def _add_ends(made: Any, file: GgufFile, tokens: Sequence[str]) -> None:
    """The signs before and behind a sentence, where the file wants them."""
    is_old = _text(file, "model") == "llama" or _text(file, "pre") == "llama-bpe"
    ends = []
    for side, default in (("bos", is_old), ("eos", False)):
        index = file.settings.get(f"{_PREFIX}{side}_token_id")
        wanted = file.settings.get(f"{_PREFIX}add_{side}_token", default)
        ends.append(tokens[index] if wanted and isinstance(index, int) and 0 <= index < len(tokens) else "")
    first, last = ends
    if first or last:
        ids = [(token, made.token_to_id(token)) for token in ends if token]
        single = " ".join(filter(None, (first, "$A", last)))
        made.post_processor = tokenizers_package().processors.TemplateProcessing(single=single, special_tokens=ids)


def _ids(tokens: Sequence[str]) -> dict[str, int]:
    return {token: index for index, token in enumerate(tokens)}


def _text(file: GgufFile, name: str) -> str:
    found = file.settings.get(f"{_PREFIX}{name}", "")
    return found if isinstance(found, str) else ""


def _texts(file: GgufFile, name: str) -> list[str]:
    found = file.settings.get(f"{_PREFIX}{name}")
    if isinstance(found, list):
        return found
    raise _missing(file, name)


def _numbers(file: GgufFile, name: str, *, optional: bool = False) -> list[Any]:
    found: Setting | None = file.settings.get(f"{_PREFIX}{name}")
    if isinstance(found, np.ndarray):
        return list(found.tolist())
    if optional:
        return []
    raise _missing(file, name)


def _missing(file: GgufFile, name: str) -> UsageError:
    return UsageError(say("{file}: holds no {name}", file=file.shown, name=quoted(f"{_PREFIX}{name}")))
