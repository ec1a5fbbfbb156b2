"""One head of a model, or all of a layer, on one sentence, as an example of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..files.names import TABLES
from ..graph.example import Example, Settings
from ..graph.layers import of_layer
from ..graph.mechanisms import Alibi, Relative
from ..graph.sides import DECODER, ENCODER, Side
from ..localized import Localized
from ..models import texts
from ..models.counts import heads_told, layers_and_heads_of, layers_of, tokens_with_numbers
from ..models.sentence import CONTINUES, query_index
from ..models.texts import filled, joined
from ..models.whole import WholeModel, title_of
from .model_layers import Progress, check_head, check_layer, worked_layers
from .trace import Trace

_OF_ALL_HEADS = ("W_O", "b_O")
_OF_KEYS = "KV"


def capture_layer(model: WholeModel, layer: int, head: int | None, query: str | None, progress: Progress) -> Example:
    """Head `head` of layer `layer` of the model, both from 0; None: all heads, W_O.

    X (t, m) is what enters the layer's attention, after the norm before it where there is one; W_Q, W_K and W_V
    (m, k) and the biases (k,) are the head's columns, or those of all heads side by side; all float32. The settings
    are those of the layer, as far as they are this head's. Raises UsageError.
    """
    check_layer(model.example, layer)
    if head is not None:
        check_head(model.example, layer, head)
    there = of_layer(model.example, layer)
    first = there.query if query is None else query_index(query, there.tokens)
    *_, trace = worked_layers(model.example, layer, progress)
    settings, parameters = trace.example.attention, _parameters(trace.example)
    return Example(
        name="capture",
        file="capture",
        title=_title(model, layer, head),
        tokens=there.tokens,
        query=first,
        context=there.context,
        inputs=_inputs(trace),
        parameters=parameters if head is None else _of_head(parameters, settings, head),
        attention=settings if head is None else _settings_of_head(settings, head),
        about=_about(model, trace, head),
        source=model.example.source,
    )


def _inputs(trace: Trace) -> dict[str, FloatArray]:
    """What queries are made of, X, and where a decoder looks at what the encoder left, that too, Y."""
    found = {"X": trace.matrix(trace.graph.roles.get("asking", "embeddings"))}
    if trace.example.context is not None:
        found["Y"] = trace.example.inputs["Y"]
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in found.items()}


def _parameters(example: Example) -> dict[str, FloatArray]:
    return {name: example.parameters[name] for name in TABLES["parameters"] if name in example.parameters}


def _of_head(parameters: Mapping[str, FloatArray], settings: Settings, head: int) -> dict[str, FloatArray]:
    """A head's own columns; W_O mixes all heads, so one head has none, and gains of norms are the same for all."""
    found = {}
    for name, array in parameters.items():
        if name in _OF_ALL_HEADS:
            continue
        if name.startswith("g_"):
            found[name] = array
            continue
        heads, own = (settings.kv_heads, _shared(settings, head)) if name[-1] in _OF_KEYS else (settings.heads, head)
        width = array.shape[-1] // heads
        found[name] = np.ascontiguousarray(array[..., own * width : (own + 1) * width])
    return found


def _shared(settings: Settings, head: int) -> int:
    """The key/value head that a head uses."""
    return head // (settings.heads // settings.kv_heads)


def _settings_of_head(settings: Settings, head: int) -> Settings:
    bias = settings.bias
    if isinstance(bias, Alibi):
        bias = Alibi((bias.slopes[head],))
    elif isinstance(bias, Relative):
        bias = Relative((bias.table[head],))
    return replace(settings, heads=1, kv_heads=1, bias=bias)


def _title(model: WholeModel, layer: int, head: int | None) -> Localized:
    title = texts.TITLE if head is not None else texts.TITLE_OF_LAYER
    return filled(title, model=model.name, layer=layer, head=head, text=title_of(model.sentence.text))


def _about(model: WholeModel, trace: Trace, head: int | None) -> Localized:
    example = trace.example
    layer, settings = example.layer, example.attention
    about = filled(
        texts.ABOUT if head is not None else texts.ABOUT_LAYER,
        model=model.name,
        layer=layer,
        head=head,
        of=layers_and_heads_of(example),
        layers=layers_of(example),
        next=texts.CROSS if _looks_across_next(example) else texts.FEED_FORWARD,
        heads=heads_told(settings.heads),
        given=tokens_with_numbers(len(example.tokens), example.inputs["X"].shape[1]),
        entering=_told_entering(trace),
        sharing=texts.NOT_SHARED if head is None else _sharing(settings, head),
    )
    if example.side is not None:
        about = joined(about, texts.BLANK, _told_side(example, example.side))
    if any(token.startswith(CONTINUES) for token in example.tokens):
        about = joined(about, texts.CONTINUED)
    return about if model.unknown is None else joined(about, texts.BLANK, model.unknown)


def _looks_across_next(example: Example) -> bool:
    """Whether a decoder's words look at each other here, and at the sentence before the layer ends."""
    return example.side is not None and example.side.name == DECODER and example.context is None


def _told_side(example: Example, side: Side) -> Localized:
    """Which layer of which side it is, and whom its words look at."""
    told = texts.ENCODER_LAYER if side.name == ENCODER else texts.DECODER_LAYER
    told = told if example.context is None else texts.CROSS_LAYER
    return filled(told, own=side.own_number(example.layer), count=side.own_layers)


def _told_entering(trace: Trace) -> Localized:
    """What X is."""
    layer, example = trace.example.layer, trace.example
    if not example.is_first:
        before = filled(texts.AFTER, layer=layer)
    else:
        before = texts.EMBEDDED if "positions" in example.parameters else texts.EMBEDDED_WORDS
    if "asking" not in trace.graph.roles or example.block is None:
        return before
    return filled(texts.NORMALISED if example.block.kind == "layer" else texts.RMS_NORMALISED, before=before)


def _sharing(settings: Settings, head: int) -> Localized:
    """Which heads have the same keys and values."""
    if settings.kv_heads == settings.heads:
        return texts.NOT_SHARED
    group = settings.heads // settings.kv_heads
    first = _shared(settings, head) * group
    return filled(texts.SHARED_KEYS, first=first, last=first + group - 1)
