"""The tables of a file with whole layers as they are written."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.block import SINUSOIDAL, BlockSettings
from ..graph.example import Example, ModelLayer
from ..graph.layers import with_own_layer
from .names import TABLES
from .npy import AnyArray
from .settingtables import Structure, present, settings_structure


def blocks_structure(example: Example, features: object) -> Structure:
    """`[vocabulary]`, with the `features` that its columns have, `[[blocks]]` and `[readout]`."""
    example = with_own_layer(example)
    first, last, words = example.layers[0].parameters, example.layers[-1].parameters, example.vocabulary
    given: Structure = {}
    if words is not None:
        scale = None if words.scale == 1.0 else words.scale
        places = SINUSOIDAL if words.sinusoidal else _list(first, "positions")
        table = {"tokens": list(words.words), "features": features, "E": _list(first, "E")}
        norm = {"types": _list(first, "types"), "norm": words.norm or None}
        more = {name: _list(first, name) for name in ("g_E", "b_En", "W_E", "b_E")}
        given["vocabulary"] = present({**table, "scale": scale, "positions": places, **norm, **more})
    given["blocks"] = [_block(layer) for layer in example.layers]
    readout = example.last_readout
    if readout is not None:
        learned = {name: _list(last, name) for name in ("g_U", "b_Un", "W_U", "b_U")}
        temperature = None if readout.temperature == 1.0 else readout.temperature
        settings: Structure = {"tied": readout.tied or None, "norm": readout.norm or None, "softcap": readout.softcap}
        settings["temperature"] = temperature
        given["readout"] = present({**learned, **settings})
    return given


def _list(arrays: Mapping[str, AnyArray], name: str) -> object:
    return arrays[name].tolist() if name in arrays else None


def _block(layer: ModelLayer) -> Structure:
    plain = BlockSettings()
    settings = {name: getattr(layer.block, name) for name in ("norm", "kind", "epsilon", "mlp", "gated", "parallel")}
    changed = {name: value for name, value in settings.items() if value != getattr(plain, name)}
    parameters = {name: _list(layer.parameters, name) for name in TABLES["blocks.parameters"]}
    attention = settings_structure(layer.attention, {}, direct=False)
    return {**changed, "parameters": present(parameters), **({"attention": attention} if attention else {})}
