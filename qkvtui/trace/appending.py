"""Writing on: the most probable word is appended, and what comes next is asked of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import UsageError
from ..graph.example import Example, arrays_of
from ..graph.layers import decoder_of, last_layer, of_layer
from ..graph.stored import shape_in
from ..said import say
from .trace import Trace

MOST_TOKENS = 512
"""A sentence is not written on beyond that."""


def next_word(trace: Trace) -> str:
    """The word that is most probable after the last token; of equal ones the first of the table.

    Raises UsageError where the example reads no next word.
    """
    return _next(trace)[1]


def _next(trace: Trace) -> tuple[int, str]:
    """The row of that word in the table, and the word."""
    example = _writing(trace.example)
    if example.last_readout is None or not example.last_readout.reads:
        raise UsageError(say("this example reads no next word; a file has one with [vocabulary] and [readout]"))
    last = trace.at_layer(last_layer(example))
    row = int(np.argmax(last.row("probabilities", last.shape.queries - 1)))
    return row, last.step("probabilities").column_labels[row]


def appended(trace: Trace) -> Trace:
    """The trace with the next word behind the others, those of the decoder where there is one; in the same layer.

    What the words before it were made into stays as it was where nothing looks ahead: only the last row is new.
    Raises UsageError where there is none, or where the file says something of as many tokens as it has.
    """
    example, (row, word) = _writing(trace.example), _next(trace)
    if len(example.tokens) >= MOST_TOKENS:
        raise UsageError(say("the sentence has {count} tokens already", count=len(example.tokens)))
    for layer in example.layers:
        for name, array in arrays_of(layer.attention).items():
            if array is not None:
                raise UsageError(say("{name} is for {count} tokens", name=name, count=len(example.tokens)))
    there = example.layers[0 if example.side is None else example.side.first].parameters
    rows = shape_in(there, "positions")[0] if "positions" in there else 0
    first = 0 if example.vocabulary is None else example.vocabulary.first
    if rows and rows - first <= len(example.tokens):
        raise UsageError(say("the file has no place behind the last token: positions has {count} rows", count=rows))
    longer = replace(
        example,
        tokens=(*example.tokens, word),
        ids=(*example.ids, row) if example.ids else (),
        types=(*example.types, example.types[-1]) if example.types else (),
        special=(*example.special, False) if example.special else (),
        query=len(example.tokens),
        gloss=(),
        published=None,
    )
    return trace.again(of_layer(longer, trace.example.layer))


def _writing(example: Example) -> Example:
    """The example at a layer that reads the words to which one is appended."""
    decoder = decoder_of(example)
    return example if decoder is None or example.layer in decoder.layers else of_layer(example, decoder.first)
