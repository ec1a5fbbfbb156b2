"""What is said of a model that cannot be read, with what would work instead."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.clean import clean_line
from ..files.phrases import listed
from ..said import Phrase, say

_WITHOUT_ATTENTION = ("falcon_mamba", "mamba", "mamba2", "rwkv", "xlstm")
_OUT_OF_REACH = ("deberta", "deberta-v2")
"""They do not call the attention that a program can register with transformers."""

_RECIPE = say(
    "of any other model, save Q, K, V and the mask of a layer with the lines in 'qkvtui capture --help', and give "
    "that file to --from"
)
_BY_HAND = say(
    "the lines in 'qkvtui capture --help' do not reach its attention either: save Q, K, V, the scale and, as the mask, "
    "what is added to the scores from its own code, and give that file to --from"
)
_HOLDS = say("a model's folder holds config.json, model.safetensors and tokenizer.json")
QUANTISED = say(
    "its weights are quantised (quantization_config); take the model that it was made from, or let transformers write "
    "one: model.dequantize(), then model.save_pretrained('NEW_DIR')"
)
_OF_MARIAN = "source.spm"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_OTHER_WEIGHTS = (".h5", ".msgpack", ".onnx", ".npz", ".gguf")


def unknown_family(kind: str, known: Sequence[str]) -> Phrase:
    """Of a `model_type` that is none of `known`, or is missing."""
    names = listed(sorted(known))
    if not kind:
        return say("there is no model_type; known are {names}", names=names)
    named = say('model_type is "{value}"', value=clean_line(kind))
    if kind in _WITHOUT_ATTENTION:
        return say("{problem}: such a model has no attention, so there are no weights to show", problem=named)
    lead = _BY_HAND if kind in _OUT_OF_REACH else _RECIPE
    return say("{problem}; known are {names}; {expected}", problem=named, names=names, expected=lead)


def without_weights(folder: str, files: Sequence[str]) -> Phrase:
    """Of a folder, which messages call `folder`, without model.safetensors; `files` are in it."""
    again = say(
        "AutoModel.from_pretrained('{folder}').save_pretrained('NEW_DIR') in transformers writes such a folder",
        folder=folder,
    )
    found = _first(files, _PICKLES)
    if found is not None:
        why = say("{name} is a pickle, which can run any program and is never opened", name=clean_line(found))
        return say("{problem}; {expected}", problem=why, expected=again)
    found = _first(files, _OTHER_WEIGHTS)
    if found is not None:
        why = say("the weights are in {name}", name=clean_line(found))
        return say("{problem}; {expected}", problem=why, expected=again)
    return _HOLDS


def without_tokenizer(folder: str, files: Sequence[str]) -> Phrase:
    """Of a folder, which messages call `folder`, without a tokenizer that can be read; `files` are in it."""
    if _OF_MARIAN in files:  # transformers cannot write it as tokenizer.json
        return say(
            "its tokenizer is source.spm, which is not read; a copy of the model for transformers.js has the same as "
            "tokenizer.json (on the hub Xenova/opus-mt-en-de is that of Helsinki-NLP/opus-mt-en-de)"
        )
    return say(
        "AutoTokenizer.from_pretrained('{folder}').save_pretrained('{folder}') in transformers writes it",
        folder=folder,
    )


def without_configuration(folder: str, files: Sequence[str]) -> Phrase:
    """Of a folder without config.json."""
    if "adapter_config.json" in files:
        return say(
            "it is an adapter (LoRA), not a model: in peft, AutoPeftModel.from_pretrained('{folder}')"
            ".merge_and_unload().save_pretrained('NEW_DIR') writes the model that it makes",
            folder=folder,
        )
    return _HOLDS


def no_folder(path: str) -> Phrase:
    """Of a path at which nothing is; perhaps it is a name on the hub."""
    is_name = path.count("/") < 2 and not path.startswith((".", "/", "~"))
    if not is_name:
        return say("there is no such folder")
    return say(
        "there is no such folder, and nothing is downloaded; 'hf download {name} --local-dir DIR' brings a model of "
        "the Hugging Face hub",
        name=clean_line(path),
    )


def _first(files: Sequence[str], endings: tuple[str, ...]) -> str | None:
    return next((file for file in sorted(files) if file.lower().endswith(endings)), None)
