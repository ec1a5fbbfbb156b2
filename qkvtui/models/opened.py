"""A model on this machine: the folder of one, or a GGUF file."""

from __future__ import annotations

import os

from ..files.clean import clean_line
from ..records import record
from .configuration import CONFIG, Configuration, read_configuration
from .folder import ModelFolder
from .gguf import GgufFile
from .gguf_names import names_of, settings_of
from .gguf_tokenizer import gguf_tokenizer
from .tokenizer import SentenceTokenizer, folder_tokenizer
from .weights import Weights, folder_weights, gguf_weights

_GGUF = ".gguf"


@record(frozen=True, eq=False)
class OpenedModel:
    """What there is to know of a model; its tensors are read when they are asked for."""

    name: str
    licence: str | None
    configuration: Configuration
    weights: Weights
    tokenizer: SentenceTokenizer


def open_model(path: str) -> OpenedModel:
    """The model in the folder or the GGUF file `path`. Raises UsageError."""
    if path.lower().endswith(_GGUF) and not os.path.isdir(path):
        return _from_gguf(path)
    folder = ModelFolder(path)
    only = folder.only_file(_GGUF)
    if only is not None and not folder.has(CONFIG):
        return _from_gguf(only)
    configuration = read_configuration(folder.read_json(CONFIG), folder.shown(CONFIG))
    weights = folder_weights(folder)
    return OpenedModel(folder.name, folder.licence, configuration, weights, folder_tokenizer(folder))


def _from_gguf(path: str) -> OpenedModel:
    file = GgufFile(path)
    configuration = read_configuration(settings_of(file), file.shown)
    weights = gguf_weights(file, names_of(file, configuration.family))
    licence = file.settings.get("general.license")
    name = clean_line(os.path.splitext(os.path.basename(path))[0])
    said = clean_line(licence) if isinstance(licence, str) else None
    return OpenedModel(name, said, configuration, weights, gguf_tokenizer(file))
