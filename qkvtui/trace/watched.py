"""The number that is watched while rows of another run are put in: which one an address names, and a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import UsageError
from ..graph.example import OtherRun
from ..graph.layers import look_alike
from ..operations.tensors import Address, Axis
from ..said import Phrase, say
from .addresses import at_layer_of, format_address, parse_address, places_said
from .survey import distant_words
from .trace import Trace


def watched(trace: Trace, run: OtherRun, text: str = "") -> Address:
    """The number to watch: `text`, or what the file says.

    Raises UsageError where neither names one of a step, and where it leaves open of which layer or head it is.
    """
    asked = text or run.watch
    if not asked:
        raise UsageError(say("there is no number to watch: name one, such as {address}", address=_proposed(trace)))
    cell = parse_address(trace, asked)
    there, own = at_layer_of(trace, cell)
    if not there.has(own.name):
        raise UsageError(say("{address} is no number of a step: no patch changes it", address=asked))
    if trace.layers is None:
        return replace(cell, layer=None)
    _check_told_apart(trace, cell, asked)
    return replace(cell, layer=there.example.layer)


def _check_told_apart(trace: Trace, cell: Address, asked: str) -> None:
    """Raise UsageError for an address that says no layer or head in a model that has several."""
    places = places_said(asked)
    there, own = at_layer_of(trace, cell)
    heads = there.shape.heads if there.per_head(own.name) else 1
    layers = 1 if cell.layer is not None or trace.layers is None else len(trace.layers)
    if not places and layers > 1:
        problem: Phrase = say("{address} says none of the {count} layers", address=asked, count=layers)
    elif places < 2 and heads > 1:
        problem = say("{address} says none of the {count} heads", address=asked, count=heads)
    else:
        return
    meant = format_address(trace, _strongest(trace, cell, any_layer=not places))
    raise UsageError(say("{problem}; name one, such as {address}", problem=problem, address=meant))


def _proposed(trace: Trace) -> str:
    """The weight of the file's query for a distant word, in the head of all that gives most to one."""
    if trace.layers is None:
        return format_address(trace, Address("weights", trace.example.query, 0))
    example = trace.example
    others = distant_words(example, example.query) or range(trace.shape.keys)
    candidates = [_strongest(trace, Address("weights", example.query, key), any_layer=True) for key in others]
    return format_address(trace, max(candidates, key=trace.value))


def _strongest(trace: Trace, cell: Address, *, any_layer: bool) -> Address:
    """The same place in the head, of its layer or of any, that gives most to that token.

    Where rows and columns are no tokens: in the last of the layers, its first head.
    """
    here = trace.example.layer if cell.layer is None else cell.layer
    layers = list(_alike(trace)) if any_layer and cell.layer is None else [here]
    kind = trace.at_layer(layers[-1]).step(cell.name).type
    if not kind.per_head or (kind.rows, kind.columns) != (Axis.QUERY, Axis.KEY):
        return replace(cell, layer=layers[-1])
    heads = [replace(cell, layer=at, head=head) for at in layers for head in range(trace.at_layer(at).shape.heads)]
    return max(heads, key=lambda one: trace.value(replace(one, name="weights")))


def _alike(trace: Trace) -> Iterator[int]:
    """The layers in which the same words look at the same words."""
    assert trace.layers is not None
    example = trace.example
    return (layer for layer in range(len(trace.layers)) if look_alike(example, example.layer, layer))
