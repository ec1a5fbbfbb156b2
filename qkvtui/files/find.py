"""Where examples are: bundled with the program, at a path, or on standard input.

Every command imports this module, so it loads nothing that `import argparse` does not load already.
"""

from __future__ import annotations

import errno
import os

from ..errors import UsageError
from ..said import say
from .clean import clean_line
from .course import LESSONS
from .restricted import require_inside

TYPE_CHECKING = False  # for a type checker it is true
if TYPE_CHECKING:
    from ..graph.document import Kind

STANDARD_INPUT = "-"
_APART, _ON = "\x1f", "\x1e"
"""Between a model, the sentence that it is to read, and an address, where these are one name."""
GGUF = ".gguf"

LONGEST_SHOWN = 200
"""How much of an unknown name a message repeats."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Located:
    """An example that was asked for, found."""

    __slots__ = ("display", "name", "path", "sentence", "target")

    name: str
    """The bundled name, the file's name without its ending, or `-`."""
    path: str | None
    """Where the file is; None for standard input."""
    display: str
    """What messages call it: the name or path as it was given, or "standard input"."""
    sentence: str | None
    """What a model is to read, where `path` is that of a model; None for a file."""
    target: str
    """What an encoder-decoder has written so far; empty: nothing."""

    def __init__(
        self, name: str, path: str | None, display: str, sentence: str | None = None, target: str = ""
    ) -> None:
        self.name = name
        self.path = path
        self.display = display
        self.sentence = sentence
        self.target = target

    @property
    def is_bundled(self) -> bool:
        """Whether it came with the program."""
        return self.path is not None and os.path.dirname(self.path) == bundled_folder()


def bundled_folder() -> str:
    """The folder of the bundled examples: inside the package (a wheel) or beside it (a checkout)."""
    packaged = os.path.join(_PACKAGE, "examples")
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(_PACKAGE), "examples")


def bundled_names() -> tuple[str, ...]:
    """The names of the bundled examples, in the order of the course."""
    try:
        files = os.listdir(bundled_folder())
    except OSError:
        return ()
    there = {file.removesuffix(".toml") for file in files if file.endswith(".toml")}
    return (*(name for name in LESSONS if name in there), *sorted(there.difference(LESSONS)))


def lesson_after(name: str) -> str | None:
    """The bundled example that follows in the course; None behind the last one, and where `name` is none of them."""
    names = bundled_names()
    at = names.index(name) + 1 if name in names else len(names)
    return names[at] if at < len(names) else None


def bundled(name: str) -> Located:
    """The bundled example `name`, which must be one of `bundled_names()`."""
    return Located(name, os.path.join(bundled_folder(), name + ".toml"), name)


def bundled_with(table: str) -> tuple[str, ...]:
    """The names of the bundled examples that have this table, in the order of the course."""
    return tuple(name for name in bundled_names() if _has_table(bundled(name).path or "", table))


def _has_table(path: str, table: str) -> bool:
    try:
        with open(path, encoding="utf-8") as file:
            return f"\n[{table}]" in file.read()
    except (OSError, UnicodeDecodeError):
        return False


def locate(name: str) -> Located:
    """The example that `name` stands for: a bundled name, a path, or `-`. Raises UsageError otherwise."""
    if name == STANDARD_INPUT:
        return Located(STANDARD_INPUT, None, say("standard input"))
    if _APART in name:
        path, words = name.split(_APART)[:2]
        require_inside(path)
        sentence, _, target = words.partition(_ON)
        return Located(model_name(path), path, clean_line(path), sentence, target)
    if not looks_like_a_path(name) and name in bundled_names():
        return bundled(name)
    require_inside(name)
    if _exists(name):
        return Located(clean_line(stem_of(name)), name, clean_line(name))
    raise UsageError(_unknown(name))


def stem_of(path: str) -> str:
    """The name of a file without its folder and its ending."""
    return os.path.splitext(os.path.basename(path))[0]


def kind_of_file(path: str) -> Kind:
    """What an example file at a path is written in, as its ending says."""
    return "json" if path.lower().endswith(".json") else "toml"


def split_address(text: str) -> tuple[str, str | None]:
    """`animal#scores[it,animal]` as example and address; the address is None where there is none.

    A path may contain `#` itself: the longest beginning that is an example is the example.
    """
    if _APART in text:
        path, sentence, *address = text.split(_APART)
        return _APART.join([path, sentence]), address[0] if address else None
    if "#" not in text or _exists(text):
        return text, None
    cuts = [position for position, character in enumerate(text) if character == "#"]
    cut = next((at for at in reversed(cuts) if is_example(text[:at])), cuts[0])
    return text[:cut], text[cut + 1 :] or None


def is_model(path: str) -> bool:
    """Whether it may be a model, and is no example: a folder, or a GGUF file."""
    return os.path.isdir(path) or (path.lower().endswith(GGUF) and _exists(path))


def model_name(path: str) -> str:
    """What a model is called: as its folder or its file is."""
    name = os.path.basename(os.path.abspath(path))
    return clean_line(name[: -len(GGUF)] if name.lower().endswith(GGUF) else name)


def with_sentence(model: str, sentence: str) -> str:
    """A model, which an address may follow behind #, and what it is to read, as one name of an example."""
    path, address = split_address(model)
    return _APART.join([path, _plain(sentence), *([] if address is None else [address])])


def with_target(name: str, target: str) -> str:
    """The name of a model and what it reads, and what it has written so far; any other name as it is."""
    if _APART not in name:
        return name
    path, sentence, *address = name.split(_APART)
    return _APART.join([path, f"{sentence}{_ON}{_plain(target)}", *address])


def _plain(text: str) -> str:
    return text.replace(_APART, " ").replace(_ON, " ")


def from_anywhere(name: str) -> str:
    """The name under which a session in any folder finds the same example."""
    if name in bundled_names():
        return name
    path, apart, sentence = name.partition(_APART)
    return os.path.realpath(path) + apart + sentence


def as_typed(name: str) -> str:
    """The name of an example as one types it: a model with its sentence in quotation marks."""
    path, *words = name.split(_APART)[:2]
    if not words:
        return name
    sentence, on, target = words[0].partition(_ON)
    return f'{path} "{sentence}" --target "{target}"' if on else f'{path} "{sentence}"'


def words_of(name: str) -> list[str]:
    """The words of a command line that name the example: one, or a model and the sentence that it reads."""
    path, *rest = name.split(_APART)
    return ["#".join([path, *rest[1:]]), rest[0]] if rest else [name]


def is_example(name: str) -> bool:
    """Whether an example of that name is bundled, or there is a file, or a model."""
    if _APART in name:
        return is_model(name.partition(_APART)[0])
    return name == STANDARD_INPUT or name in bundled_names() or _exists(name)


def looks_like_a_path(name: str) -> bool:
    """Whether it can only be a file: it names a folder, or has an ending."""
    return os.path.basename(name) != name or bool(os.path.splitext(name)[1])


def _exists(path: str) -> bool:
    """Whether something is there; what cannot be looked at counts, so that reading it can say why."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a path with a NUL
        return False
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG
    return True


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(stem_of(name).lower(), bundled_names(), n=1)
    shown = name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
    problem = say('no file and no bundled example is called "{name}"', name=clean_line(shown))
    if nearest:
        problem = say('{problem}; did you mean "{name}"?', problem=problem, name=nearest[0])
    return say("{problem} (qkvtui list shows the bundled ones)", problem=problem)
