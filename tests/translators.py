"""A tiny encoder-decoder in memory: one layer that reads, two of the decoder's that look at themselves, two at it."""

from __future__ import annotations

import numpy as np

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.block import BlockSettings, Readout, WordTable
from qkvtui.graph.example import Example, ModelLayer, Settings
from qkvtui.graph.positions import entering_rows
from qkvtui.graph.sides import DECODER, ENCODER, Side
from qkvtui.localized import Localized
from qkvtui.trace.trace import Trace

WORDS = ("<s>", "the", "cat", "sat", "die", "Katze", "saß")
SOURCE, TARGET = ("the", "cat", "sat"), ("<s>", "die")
WIDTH, HEADS = 4, 2
ENCODED, FIRST_CROSS, LAST = 0, 2, 4


def translator(source: tuple[str, ...] = SOURCE, target: tuple[str, ...] = TARGET) -> Example:
    """The model reading `source`, with `target` as what it has written so far."""
    rng = np.random.default_rng(5)
    words = {"E": _drawn(rng, len(WORDS), WIDTH)}
    own, fed = BlockSettings(norm="before", kind="rms"), BlockSettings(norm="before", kind="rms", mlp="relu")
    attention, causal = Settings(heads=HEADS, kv_heads=HEADS), Settings(heads=HEADS, kv_heads=HEADS, causal=True)
    norm = {"g_U": _drawn(rng, WIDTH)}
    layers = (
        ModelLayer(fed, {**words, **_parameters(rng, fed=True), **norm}, attention),
        ModelLayer(own, {**words, **_parameters(rng, fed=False)}, causal),
        ModelLayer(fed, _parameters(rng, fed=True), attention, ENCODED),
        ModelLayer(own, _parameters(rng, fed=False), causal),
        ModelLayer(fed, {**words, **_parameters(rng, fed=True), **norm}, attention, ENCODED),
    )
    table, encoded, read = (
        WordTable(WORDS),
        Readout(norm=True, reads=False),
        Readout(tied=True, norm=True, temperature=2.0),
    )
    sides = (
        Side(ENCODER, 0, 0, source, len(source) - 1, (), (), table, encoded, 1),
        Side(DECODER, 1, LAST, target, len(target) - 1, (), (), table, read, 2),
    )
    entering = entering_rows(layers[0].parameters, len(source))
    return Example(
        name="translator",
        file="translator",
        title=Localized({"": "A translator"}),
        tokens=source,
        query=len(source) - 1,
        inputs={"X": entering},
        parameters=layers[0].parameters,
        attention=attention,
        vocabulary=table,
        block=fed,
        layers=layers,
        entering=entering,
        last_readout=encoded,
        sides=sides,
    )


def translated(source: tuple[str, ...] = SOURCE, target: tuple[str, ...] = TARGET) -> Trace:
    """The same, computed."""
    return Trace(translator(source, target))


def _parameters(rng: np.random.Generator, *, fed: bool) -> dict[str, FloatArray]:
    found = {f"W_{letter}": _drawn(rng, WIDTH, WIDTH) for letter in "QKVO"} | {"g_1": _drawn(rng, WIDTH)}
    if fed:
        found |= {"g_2": _drawn(rng, WIDTH), "W_1": _drawn(rng, WIDTH, 6), "W_2": _drawn(rng, 6, WIDTH)}
    return found


def _drawn(rng: np.random.Generator, *shape: int) -> FloatArray:
    found = rng.normal(1.0 if len(shape) == 1 else 0.0, 0.5, shape)
    found.setflags(write=False)
    return found
