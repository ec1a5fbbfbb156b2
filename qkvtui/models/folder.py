"""The folder of a model: its files and its name."""

from __future__ import annotations

import json
import os
import re

from ..errors import ExampleError, UsageError
from ..files.clean import clean_line
from ..files.source import note_read, open_file, read_file
from ..said import Phrase, say
from .refusals import no_folder, without_configuration, without_tokenizer, without_weights

_LICENCE = re.compile(r"^license:[ \t]*([\w.+-]+)", re.MULTILINE)
_SAYS_NOTHING = ("0_Transformer", "checkpoint", "model", "onnx")
"""Folders' names that leave it to the folder above to say which model it is."""
_LONGEST_CARD = 1 << 20
"""In bytes."""
_SNAPSHOTS = "snapshots"
_TRANSFORMER = "0_Transformer"
"""Where sentence-transformers once put the model itself."""


class ModelFolder:
    """A folder as Hugging Face has it: config.json, model.safetensors, tokenizer.json."""

    def __init__(self, path: str) -> None:
        """Raises UsageError where there is no such folder.

        A folder of the hub's cache stands for its snapshot, one of sentence-transformers for the model in it.
        """
        if not os.path.isdir(path):
            found = say("is a file, not the folder of a model") if os.path.exists(path) else no_folder(path)
            raise UsageError(
                say("{file}: {problem}", file=clean_line(path) or say("the folder of the model"), problem=found)
            )
        self.path = _snapshot(path)
        if not self.has("config.json") and os.path.isdir(os.path.join(self.path, _TRANSFORMER)):
            self.path = os.path.join(self.path, _TRANSFORMER)

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
            with open_file(self.file("README.md")) as card:
                start = card.read(_LONGEST_CARD).decode("utf-8", "replace").replace("\r\n", "\n")
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

    def only_file(self, ending: str) -> str | None:
        """The path of the one file in it whose name ends so; None where there is none, or more than one."""
        found = [name for name in self._files() if name.lower().endswith(ending)]
        return self.file(found[0]) if len(found) == 1 else None

    def require(self, name: str) -> str:
        """The path of a file that must be there. Raises UsageError that says what would help."""
        if not self.has(name):
            folder = clean_line(self.path)
            lead = self._lead(name, folder)
            raise UsageError(
                say("{folder}: there is no {name} in it; {expected}", folder=folder, name=name, expected=lead)
            )
        return self.file(name)

    def _lead(self, name: str, folder: str) -> Phrase:
        if name == "config.json":
            return without_configuration(folder, self._files())
        if name == "tokenizer.json":
            return without_tokenizer(folder, self._files())
        return without_weights(folder, self._files())

    def _files(self) -> list[str]:
        try:
            return sorted(os.listdir(self.path))
        except OSError:
            return []

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


def _snapshot(path: str) -> str:
    """The folder itself, or, of a model in the hub's cache, the version that it last used. Raises UsageError."""
    there = os.path.join(path, _SNAPSHOTS)
    if os.path.isfile(os.path.join(path, "config.json")) or not os.path.isdir(there):
        return path
    versions = sorted(one for one in os.listdir(there) if os.path.isdir(os.path.join(there, one)))
    try:
        with open_file(os.path.join(path, "refs", "main")) as file:
            wanted = file.read(100).decode("utf-8", "replace").strip()
    except OSError:
        wanted = ""
    if wanted not in versions:
        if len(versions) != 1:
            problem = say("holds several versions, or none; name one of the folders in {name}", name=_SNAPSHOTS)
            raise UsageError(say("{file}: {problem}", file=clean_line(path), problem=problem))
        wanted = versions[0]
    return os.path.join(there, wanted)
