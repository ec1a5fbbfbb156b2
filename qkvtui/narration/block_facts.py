"""What sentences say of what stands around attention: words, places, norms, sums, feed-forward part and readout."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..graph.block import end_of
from ..graph.sides import DECODER, ENCODER, SideName
from ..operations.activation import CURVES
from ..operations.product import Product
from ..operations.residual import Below, Copied, Summed
from ..operations.row_norm import RowNormed, ThroughRowNorm
from ..operations.rules import Rule
from ..trace.walk import step_at
from .facts import Facts, is_by
from .numbers import format_for
from .sentences import Role, Sentence, Span, filled, joined, plain

_MOST_WORDS = 3
_SLOPES = tuple(through for _, through in CURVES.values())
"""What makes the gradient in front of a curve."""


def _norm(facts: Facts) -> RowNormed:
    operation = facts.operation
    assert isinstance(operation, RowNormed)
    return operation


def _stage(name: str) -> Callable[[Facts], Sentence]:
    """A stage of the norm one is at, of the query's row."""

    def said(facts: Facts) -> Sentence:
        value = float(facts.row(f"{name}_{_norm(facts).letter}", facts.place.query)[0])
        return (Span(format_for([value], facts.digits).text(value), Role.NUMBER),)

    return said


def _found(facts: Facts) -> Sentence:
    """The second of what is added up."""
    return facts.vector(facts.row(facts.operation.sources[1], facts.place.query))


def _next_words(facts: Facts) -> Sentence:
    """The most probable words, each with its probability."""
    return _largest("probabilities", facts)


def _logits(facts: Facts) -> Sentence:
    """The query's row; of many words, which stand by size, the first ones."""
    if not _ranks_words(facts):
        return facts.vector(facts.row("logits", facts.place.query))
    return filled(facts.texts.words["largest_first"], {"words": _largest("logits", facts)}.__getitem__)


def _ranks_words(facts: Facts) -> bool:
    return step_at(facts.trace, facts.place).ranks_words


def _largest(step_id: str, facts: Facts) -> Sentence:
    """The words with the largest numbers of a step, each with its number."""
    row = facts.row(step_id, facts.place.query)
    best = np.argsort(-row, kind="stable")[:_MOST_WORDS]
    labels = facts.trace.step(step_id).column_labels
    return joined(
        ((*facts.token(labels[index]), Span(" "), *facts.number(float(row[index]))) for index in best.tolist()),
        facts.texts.list_separator,
    )


def _learned_names(facts: Facts) -> Sentence:
    norm = _norm(facts)
    return facts.listed(plain(name) for name in (norm.gain, norm.bias) if name is not None)


def _temperature(facts: Facts) -> Sentence:
    readout = facts.trace.example.readout
    return (Span(f"{1.0 if readout is None else readout.temperature:g}", Role.NUMBER),)


def _word_scale(facts: Facts) -> Sentence:
    vocabulary = facts.trace.example.vocabulary
    return (Span(f"{1.0 if vocabulary is None else vocabulary.scale:.4g}", Role.NUMBER),)


def _curve(*rules: Rule) -> Callable[[Facts], bool]:
    return lambda facts: getattr(facts.operation, "rule", None) in rules


def _goes_on(facts: Facts) -> bool:
    """Whether what the layer leaves is the X of the next one."""
    example = facts.trace.example
    return example.layer < (len(example.layers) - 1 if example.side is None else example.side.last)


def _begins(name: SideName) -> Callable[[Facts], bool]:
    """Whether one is at the first step of an encoder, or of a decoder."""

    def begins(facts: Facts) -> bool:
        example = facts.trace.example
        is_side = example.side is not None and example.side.name == name
        return is_side and example.is_first and facts.place.step == 0

    return begins


def _is_encoded(facts: Facts) -> bool:
    """Whether one is at what an encoder leaves in the end."""
    example, trace = facts.trace.example, facts.trace
    is_end = step_at(trace, facts.place).id == end_of(example.readout)
    return is_end and example.side is not None and example.side.name == ENCODER and not _goes_on(facts)


def _encoder_layer(facts: Facts) -> Sentence:
    """The layer whose rows are looked at."""
    layer = facts.trace.example.context_layer
    return plain("" if layer is None else str(layer))


def _by_width(facts: Facts) -> bool:
    """Whether the temperature is no choice, but the square root of a row's length, as T5 has it."""
    readout, width = facts.trace.example.readout, facts.trace.shape.d_model or 0
    return readout is not None and bool(facts.trace.example.sides) and readout.temperature == math.sqrt(width)


BLOCK_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "place_here": lambda facts: plain(str(facts.place.query)),
    "factor_here": _word_scale,
    "width_here": lambda facts: plain(str(step_at(facts.trace, facts.place).shape[1])),
    "mean_here": _stage("mean"),
    "variance_here": _stage("variance"),
    "mean_square_here": _stage("mean_square"),
    "learned_names": _learned_names,
    "found": _found,
    "layer_below": lambda facts: plain(str(facts.trace.example.layer - 1)),
    "layer_above": lambda facts: plain(str(facts.trace.example.layer + 1)),
    "encoder_layer": _encoder_layer,
    "first_token": lambda facts: facts.token(facts.trace.example.tokens[0]),
    "temperature": _temperature,
    "next_words": _next_words,
    "z_query": _logits,
}
"""What a template's {name} stands for."""


BLOCK_CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "from_words": lambda facts: facts.trace.has("place_rows") and is_by(Summed)(facts),
    "from_norm": lambda facts: facts.trace.has("word_rows") and is_by(RowNormed)(facts),
    "widened": lambda facts: facts.trace.has("word_rows") and is_by(Product)(facts),
    "from_below": is_by(Below),
    "centred": lambda facts: is_by(RowNormed)(facts) and _norm(facts).is_centred,
    "not_centred": lambda facts: is_by(RowNormed)(facts) and not _norm(facts).is_centred,
    "has_gain": lambda facts: is_by(RowNormed)(facts) and _norm(facts).gain is not None,
    "is_sum": is_by(Summed),
    "is_norm": is_by(RowNormed),
    "row_norm_back": is_by(ThroughRowNorm),
    "curve_back": _curve(*_SLOPES),
    "copy_back": is_by(Copied),
    "sum_back": lambda facts: is_by(Summed)(facts) and step_at(facts.trace, facts.place).type.is_gradient,
    "relu": _curve(Rule.RELU),
    "gelu": _curve(Rule.GELU, Rule.GELU_TANH),
    "silu": _curve(Rule.SILU),
    "goes_on": _goes_on,
    "encoder_begins": _begins(ENCODER),
    "decoder_begins": _begins(DECODER),
    "is_encoded": _is_encoded,
    "by_width": _by_width,
    "is_read": lambda facts: facts.trace.has("logits") and facts.trace.example.readout is not None,
    "ranks_words": _ranks_words,
    "parallel": lambda facts: facts.trace.example.block is not None and facts.trace.example.block.parallel,
    "tied": lambda facts: facts.trace.example.readout is not None and facts.trace.example.readout.tied,
}
"""Whether a template's `when` or `unless` is true."""
