"""What a name on a command line stands for: an example's file, or a model with a sentence."""

from __future__ import annotations

import os
from functools import partial

from ..errors import UsageError
from ..files.clean import clean_line
from ..files.find import Located, is_model, locate, model_name
from ..files.modelfile import named_model, told_in_file
from ..files.read import example_in, text_of
from ..graph.example import Example
from ..said import say

_SAYS_MODEL = ("config.json", "snapshots", "0_Transformer", "model.safetensors")


def load(source: str, *, again: bool = False) -> Example:
    """The example that `source` names: bundled, at a path, on standard input, or a model on a sentence.

    `again`: for the second time, which only a file can be read. Raises UsageError where there is none, ExampleError
    for one that cannot be used.
    """
    located = locate(source)
    if located.sentence is not None and located.path is not None:
        return _on_sentence(located, located.path, located.sentence)
    if located.path is not None and _is_model(located.path):
        expected = say('write a sentence for it: qkvtui {file} "A sentence"', file=located.display)
        raise UsageError(say("{file}: is a model; {expected}", file=located.display, expected=expected))
    found = text_of(located, again=again)
    named = named_model(found)
    if named is None:
        return example_in(found)
    from .whole import model_example  # only here: few examples are models

    read = partial(model_example, named.path, target=named.target)
    example = told_in_file(named, read(named.text, name=found.name, file=found.file))
    if "patch" not in named.top:
        return example
    from ..files.patches import patched_in_file

    return patched_in_file(named.top, found.file, example, read)


def other_reading(source: str, sentence: str) -> Example | None:
    """The model that `source` names reading another sentence; None where it names no model. Raises UsageError."""
    from .whole import model_example

    located = locate(source)
    if located.path is None:
        return None
    if located.sentence is not None:
        return model_example(located.path, sentence, target=located.target)
    named = named_model(text_of(located))
    return None if named is None else model_example(named.path, sentence, target=named.target)


def _on_sentence(located: Located, path: str, sentence: str) -> Example:
    from .whole import model_example  # only here: few examples are models

    return model_example(path, sentence, target=located.target, name=model_name(path), file=located.display)


def _is_model(path: str) -> bool:
    """Whether a folder, or a file, is a model and no example."""
    if not is_model(path) or not os.path.isdir(path):
        return is_model(path)
    try:
        files = os.listdir(path)
    except OSError:
        return False
    return any(file in _SAYS_MODEL or file.endswith(".gguf") for file in map(clean_line, files))
