"""The folder of a model: its files, its name, and the packages that read them."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from ..errors import ExampleError, UsageError
from ..files.clean import clean_line
from ..files.source import note_read, read_file
from ..said import say

_NEEDED = say("reading a model needs the packages safetensors and tokenizers")
_INSTALL = say("pip install 'qkvtui[models]', or: pip install safetensors tokenizers")
_LICENCE = re.compile(r"^license:[ \t]*([\w.+-]+)", re.MULTILINE)
_SAYS_NOTHING = ("checkpoint", "model", "onnx")
"""Folders' names that leave it to the folder above to say which model it is."""
_LONGEST_CARD = 1 << 20


def safetensors_package() -> Any:
    """The package that reads weights. Raises UsageError where it is not installed."""
    try:
        import safetensors
    except ImportError:
        raise UsageError(say("{problem}; {expected}", problem=_NEEDED, expected=_INSTALL)) from None
    return safetensors


def tokenizers_package() -> Any:
    """The package that cuts sentences into tokens. Raises UsageError where it is not installed."""
    try:
        import tokenizers
    except ImportError:
        raise UsageError(say("{problem}; {expected}", problem=_NEEDED, expected=_INSTALL)) from None
    return tokenizers


class ModelFolder:
    """A folder as Hugging Face has it: config.json, model.safetensors, tokenizer.json."""

    def __init__(self, path: str) -> None:
        """Raises UsageError where there is no such folder."""
        self.path = path
        if not os.path.isdir(path):
            found = (
                say("is a file, not the folder of a model") if os.path.exists(path) else say("there is no such folder")
            )
            raise UsageError(
                say("{file}: {problem}", file=clean_line(path) or say("the folder of the model"), problem=found)
            )

    @property
    def name(self) -> str:
        """What the model is called: as its folder is, or as the hub has it where the folder is of the hub's cache."""
        parts = os.path.abspath(self.path).split(os.sep)
        cached = next((part for part in reversed(parts) if part.startswith("models--")), None)
        if cached is not None and "snapshots" in parts:
            return clean_line(cached.removeprefix("models--").replace("--", "/"))
        return clean_line("/".join(parts[-2:]) if parts[-1] in _SAYS_NOTHING else parts[-1])

    @property
    def licence(self) -> str | None:
        """What the model's card says about its licence; None where it says nothing."""
        try:
            with open(self.file("README.md"), encoding="utf-8", errors="replace") as card:
                start = card.read(_LONGEST_CARD)
        except OSError:
            return None
        found = _LICENCE.search(start.partition("---")[2].partition("\n---")[0])
        return found[1] if found else None

    def file(self, name: str) -> str:
        """The path of one of its files, for reading."""
        path = os.path.join(self.path, name)
        note_read(path)
        return path

    def shown(self, name: str) -> str:
        """The path of one of its files, for messages."""
        return clean_line(os.path.join(self.path, name))

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return os.path.isfile(self.file(name))

    def require(self, name: str) -> str:
        """The path of a file that must be there. Raises UsageError that says what a model's folder holds."""
        if not self.has(name):
            needed = say("a model's folder holds config.json, model.safetensors and tokenizer.json")
            raise UsageError(
                say(
                    "{folder}: there is no {name} in it; {expected}",
                    folder=clean_line(self.path),
                    name=name,
                    expected=needed,
                )
            )
        return self.file(name)

    def read_json(self, name: str) -> dict[str, object]:
        """What a JSON file says, which is an object. Raises UsageError."""
        try:
            found = json.loads(read_file(self.require(name), self.shown(name)))
        except ExampleError as error:
            raise UsageError(str(error)) from None
        except (ValueError, RecursionError):
            raise UsageError(say("{file}: is not JSON", file=self.shown(name))) from None
        if not isinstance(found, dict):
            raise UsageError(say("{file}: is not a JSON object", file=self.shown(name)))
        return found
