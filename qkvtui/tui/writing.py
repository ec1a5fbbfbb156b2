"""Writing what a screen shows as a new example file."""

from __future__ import annotations

import os

from ..errors import QkvtuiError
from ..files.find import stem_of
from ..files.write import refuse_stored, write_example
from ..graph.example import Example
from .messages import Asked, Said


def write(original: Example, how: str) -> Asked:
    """Ask for the name of a new file; `how` it differs from the example's own is a word of the proposal.

    Raises UsageError for a model, which is no file of an example.
    """
    refuse_stored(original)
    name = stem_of(original.name)
    return _name_asked(f"{name if name != '-' else 'example'}-{how}.toml")


def answered(asked: Asked, text: str, original: Example, changed: Example) -> Asked | Said:
    """Write the changed example under a typed name, or over the file that was asked about; or ask once more.

    Raises QkvtuiError where it cannot be written.
    """
    if asked.purpose == "overwrite":
        return _overwritten(asked.about, text, original, changed)
    if os.path.exists(text):
        return Asked("overwrite", "", "overwrite_hint", {"file": text}, about=text)
    write_example(text, original, changed)
    return Said("written", {"file": text})


def is_written(said: Asked | Said) -> bool:
    """Whether what came of an answer is a file."""
    return isinstance(said, Said) and said.name == "written"


def _overwritten(path: str, answer: str, original: Example, changed: Example) -> Asked | Said:
    """Only `y` replaces the file. Where that cannot be, it is the name that is refused: another one is asked for."""
    if answer.strip().lower() not in ("y", "yes", "是"):
        return Said("not_written", {"file": path})
    try:
        write_example(path, original, changed, overwrite=True)
    except QkvtuiError as error:
        return _name_asked(path, str(error))
    return Said("written", {"file": path})


def _name_asked(proposal: str, refusal: str = "") -> Asked:
    return Asked("write", proposal, "write_hint", refusal=refusal)
