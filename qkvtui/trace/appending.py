"""Writing on: the most probable word is appended, and what comes next is asked of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import UsageError
from ..graph.example import arrays_of
from ..graph.layers import of_layer
from ..said import say
from .trace import Trace

MOST_TOKENS = 512
"""A sentence is not written on beyond that."""


def next_word(trace: Trace) -> str:
    """The word that is most probable after the last token; of equal ones the first of the table.

    Raises UsageError where the example reads no next word.
    """
    if trace.example.last_readout is None:
        raise UsageError(say("this example reads no next word; a file has one with [vocabulary] and [readout]"))
    last = trace.at_layer(max(0, len(trace.example.layers) - 1))
    row = last.row("probabilities", last.shape.queries - 1)
    return last.step("probabilities").column_labels[int(np.argmax(row))]


def appended(trace: Trace) -> Trace:
    """The trace with the next word behind the others; in the same layer.

    What the words before it were made into stays as it was where nothing looks ahead: only the last row is new.
    Raises UsageError where there is none, or where the file says something of as many tokens as it has.
    """
    example, word = trace.example, next_word(trace)
    if len(example.tokens) >= MOST_TOKENS:
        raise UsageError(say("the sentence has {count} tokens already", count=len(example.tokens)))
    for layer in example.layers:
        for name, array in arrays_of(layer.attention).items():
            if array is not None:
                raise UsageError(say("{name} is for {count} tokens", name=name, count=len(example.tokens)))
    places = example.layers[0].parameters.get("positions")
    if places is not None and len(places) <= len(example.tokens):
        raise UsageError(
            say("the file has no place behind the last token: positions has {count} rows", count=len(places))
        )
    longer = replace(example, tokens=(*example.tokens, word), query=len(example.tokens), gloss=(), published=None)
    return trace.again(of_layer(longer, example.layer))
