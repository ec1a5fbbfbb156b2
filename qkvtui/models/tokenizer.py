"""A model's tokenizer: from tokenizer.json, or put together from its vocabulary as older folders and GGUF have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import ExampleError, UsageError
from ..files.source import read_file
from ..records import record
from ..said import say
from .folder import ModelFolder

TOKENIZER = "tokenizer.json"
_SETTINGS = "tokenizer_config.json"
_WORDS, _PIECES, _MERGES = "vocab.txt", "vocab.json", "merges.txt"
_CLASS, _SEPARATOR, _UNKNOWN, _START, _END = "[CLS]", "[SEP]", "[UNK]", "<s>", "</s>"
_SPECIAL = ("[PAD]", _UNKNOWN, _CLASS, _SEPARATOR, "[MASK]")


@record(frozen=True, eq=False)
class SentenceTokenizer:
    """What cuts sentences, a `tokenizers.Tokenizer`, and what messages call the file that it comes from."""

    tokenizer: Any
    file: str

    def encode(self, text: str, *, special: bool = True) -> Any:
        """The whole sentence in tokens, however long it is; with those around it. Raises UsageError."""
        with told_apart(self.file):
            self.tokenizer.no_truncation()
            self.tokenizer.no_padding()
            return self.tokenizer.encode(text, add_special_tokens=special)


def folder_tokenizer(folder: ModelFolder) -> SentenceTokenizer:
    """The tokenizer of a folder: tokenizer.json, else vocab.txt, else vocab.json and merges.txt. Raises UsageError."""
    package = tokenizers_package()
    if folder.has(TOKENIZER) or not (folder.has(_WORDS) or (folder.has(_PIECES) and folder.has(_MERGES))):
        path, shown = folder.require(TOKENIZER), folder.shown(TOKENIZER)
        with told_apart(shown):
            return SentenceTokenizer(package.Tokenizer.from_file(path), shown)
    settings = folder.read_json(_SETTINGS) if folder.has(_SETTINGS) else {}
    if folder.has(_WORDS):
        shown = folder.shown(_WORDS)
        words = _text(folder, _WORDS).splitlines()
        with told_apart(shown):
            return SentenceTokenizer(word_pieces(words, settings.get("do_lower_case")), shown)
    shown = folder.shown(_MERGES)
    pieces: dict[str, Any] = folder.read_json(_PIECES)
    lines = [line for line in _text(folder, _MERGES).splitlines() if line and not line.startswith("#version")]
    with told_apart(shown):
        made = byte_pieces(pieces, lines)
        made.add_special_tokens([token for token in (_START, "<pad>", _END, "<unk>", "<mask>") if token in pieces])
        if _START in pieces and _END in pieces:
            ends = ((token, pieces[token]) for token in (_END, _START))
            made.post_processor = package.processors.RobertaProcessing(*ends, trim_offsets=True, add_prefix_space=False)
        return SentenceTokenizer(made, shown)


def word_pieces(words: Sequence[str], lower: object = None) -> Any:
    """BERT's tokenizer, from its vocabulary in the order of the ids.

    Unless `lower` says so, letters are made small if the vocabulary has no capital ones.
    """
    package = tokenizers_package()
    ids = {word: index for index, word in enumerate(words)}
    if not isinstance(lower, bool):
        lower = all(word == word.lower() for word in words if not (word.startswith("[") and word.endswith("]")))
    made = package.Tokenizer(package.models.WordPiece(ids, unk_token=_UNKNOWN))
    made.normalizer = package.normalizers.BertNormalizer(lowercase=lower)
    made.pre_tokenizer = package.pre_tokenizers.BertPreTokenizer()
    made.decoder = package.decoders.WordPiece()
    made.add_special_tokens([word for word in _SPECIAL if word in ids])
    made.post_processor = package.processors.BertProcessing((_SEPARATOR, ids[_SEPARATOR]), (_CLASS, ids[_CLASS]))
    return made


def byte_pieces(ids: Mapping[str, int], merges: Sequence[str], cut: Any = None, *, own_pattern: bool = True) -> Any:
    """A tokenizer of byte-level pieces, as GPT-2 has it.

    `cut` is a pre-tokenizer that comes first; `own_pattern`: whether GPT-2's own pattern cuts then.
    """
    package = tokenizers_package()
    pairs = [tuple(line.split(" ", 1)) for line in merges]
    made = package.Tokenizer(package.models.BPE(dict(ids), pairs))
    as_bytes = package.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=own_pattern)
    made.pre_tokenizer = as_bytes if cut is None else package.pre_tokenizers.Sequence([cut, as_bytes])
    made.decoder = package.decoders.ByteLevel()
    return made


def tokenizers_package() -> Any:
    """The package that cuts sentences into tokens. Raises UsageError where it is not installed."""
    try:
        import tokenizers
    except ImportError:
        needed = say("reading a sentence needs the package tokenizers")
        install = say("pip install 'qkvtui[models]', or: pip install tokenizers")
        raise UsageError(say("{problem}; {expected}", problem=needed, expected=install)) from None
    return tokenizers


@contextmanager
def told_apart(file: str) -> Iterator[None]:
    """What a bad file makes the package raise, as a message; Ctrl+C goes on its way.

    The package raises plain Exceptions; a file that is wrong in an odd way makes it panic, which is a BaseException.
    """
    try:
        yield
    except UsageError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise UsageError(say("{file}: is not a tokenizer's file ({error})", file=file, error=error)) from None
        raise


def _text(folder: ModelFolder, name: str) -> str:
    try:
        return read_file(folder.require(name), folder.shown(name))
    except ExampleError as error:
        raise UsageError(str(error)) from None
