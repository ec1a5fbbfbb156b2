"""A file that names a model and a sentence, in place of all numbers."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import NamedTuple

from ..errors import ExampleError
from ..graph.example import Example
from ..said import say
from .draft import Draft, Table
from .names import TABLES
from .phrases import is_kind
from .read import FORMAT, FileText
from .syntax import parse_structure
from .texts import read_note, read_title, read_told
from .tokens import read_query
from .unpasted import Unpasted

_NAMED = re.compile(r"""^\s*["']?model["']?\s*[=:]|[{,]\s*"model"\s*:""", re.MULTILINE)


class ModelFile(NamedTuple):
    """A sound file that names a model."""

    top: Table
    file: FileText
    path: str
    """Of the model; one in the file is seen from the file's folder."""
    text: str
    target: str
    """What an encoder-decoder has written so far; empty: nothing."""


def named_model(found: FileText) -> ModelFile | None:
    """The model that the file names; None for a file with numbers of its own. Raises ExampleError."""
    if not _NAMED.search(found.text):
        return None
    draft = Draft()
    values = parse_structure(found.text, found.kind, found.file)
    if "model" not in values:
        return None
    top = Table(Unpasted(Draft(), ()).file(values), "", draft)
    for name in top.values:
        if name in TABLES[""] and name not in TABLES["model"]:
            top.report(name, say("does not go with model"), say("leave it out; the model has its own"))
    unknown = {name: value for name, value in top.values.items() if name not in TABLES[""]}
    Table(unknown, "", draft).refuse_others("model")
    if top.values.get("format") != FORMAT:
        top.report("format", say("is not {format}", format=FORMAT), say("write format = {format}", format=FORMAT))
    texts = {name: _text(top, name) for name in ("model", "text", *(["target"] if "target" in top else []))}
    if not draft.sound:
        raise ExampleError(found.file, draft.problems())
    return ModelFile(top, found, os.path.join(found.folder, texts["model"]), texts["text"], texts.get("target", ""))


def _text(top: Table, name: str) -> str:
    value = top.values.get(name)
    if isinstance(value, str) and value.strip():
        return value
    expected = {
        "model": say("it is the path of a model's folder, or of a GGUF file"),
        "text": say('it is what the model reads, as in text = "A sentence"'),
        "target": say('it is what the model has written so far, as in target = "Ein Satz"'),
    }
    if name not in top:
        top.report_missing(name, expected[name])
    else:
        top.report(name, is_kind(value), expected[name])
    return ""


def told_in_file(named: ModelFile, example: Example) -> Example:
    """The model's example with what the file says of it. Raises ExampleError."""
    top = named.top
    query = read_query(top, example.tokens) if "query" in top else example.query
    found = replace(example, query=query)
    if "title" in top:
        found = replace(found, title=read_title(top) or example.title)
    if "about" in top:
        found = replace(found, about=read_told(top, "about"))
    if "source" in top:
        found = replace(found, source=read_note(top, "source"))
    if not top.draft.sound:
        raise ExampleError(named.file.file, top.draft.problems())
    return replace(found, written=found)
