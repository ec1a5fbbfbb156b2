"""A model on this machine: the folder of one, or a GGUF file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from ..files.clean import clean_line
from ..files.find import GGUF, stem_of
from ..files.restricted import require_inside
from ..records import record
from .architecture import Architecture, Family
from .families import FAMILIES, family_of
from .folder import ModelFolder
from .gguf import GgufFile
from .gguf_names import names_of, settings_of
from .gguf_tokenizer import gguf_tokenizer
from .tokenizer import SentenceTokenizer, folder_tokenizer
from .weights import Weights, folder_weights, gguf_weights

_CONFIG = "config.json"


@record(frozen=True, eq=False)
class OpenedModel:
    """What there is to know of a model; its tensors are read when they are asked for."""

    name: str
    licence: str | None
    settings: Mapping[str, object]
    """What its config.json says, or a GGUF file under the same names."""
    shown: str
    """What messages call the file of these."""
    family: Family
    architecture: Architecture
    weights: Weights
    tokenizer: SentenceTokenizer


def open_model(path: str) -> OpenedModel:
    """The model in the folder or the GGUF file `path`. Raises UsageError."""
    require_inside(path)
    if path.lower().endswith(GGUF) and not os.path.isdir(path):
        return _from_gguf(path)
    folder = ModelFolder(path)
    only = folder.only_file(GGUF)
    if only is not None and not folder.has(_CONFIG):
        return _from_gguf(only)
    settings, shown = folder.read_json(_CONFIG), folder.shown(_CONFIG)
    family, architecture = family_of(settings, shown)
    weights, tokenizer = folder_weights(folder), folder_tokenizer(folder)
    return OpenedModel(folder.name, folder.licence, settings, shown, family, architecture, weights, tokenizer)


def _from_gguf(path: str) -> OpenedModel:
    file = GgufFile(path)
    settings = settings_of(file)
    kind = str(settings.get("model_type", ""))
    names = names_of(file, kind) if kind in FAMILIES else {}  # told before what its settings lack
    family, architecture = family_of(settings, file.shown)
    weights = gguf_weights(file, names)
    licence = file.settings.get("general.license")
    name = clean_line(stem_of(path))
    said = clean_line(licence) if isinstance(licence, str) else None
    family = replace(family, gain_less=0.0)  # a GGUF file has gains as they are
    return OpenedModel(name, said, settings, file.shown, family, architecture, weights, gguf_tokenizer(file))
