"""What if a number or a setting were different? Changed examples, and what the change did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..engine.magnitudes import LARGEST, is_usable
from ..errors import UsageError
from ..files.numerals import plain_signs
from ..files.scales import read_scale
from ..graph.block import WORDS
from ..graph.example import NO_SCALE, STANDARD_SCALE, Example, Scale
from ..graph.layers import with_own_layer
from ..graph.mechanisms import Causal
from ..graph.proposals import WhatIf
from ..graph.stored import shape_in, with_number
from ..graph.task import Vocabulary
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..said import say, typed
from .addresses import at_layer_of, format_address, parse_address
from .terms import opened
from .trace import SoftmaxOver, Trace

SAME = 1e-12
"""Numbers closer than this, relative to the larger one, are the same number."""

_FULL_WIDTH_EQUALS = "＝"


def leaf_behind(trace: Trace, cell: Address) -> Address:
    """The number of the file that contributes most to a cell, found by following the largest term at each level.

    Raises UsageError for what comes from no input and no parameter: a setting, a target, a gradient that is 0.
    """
    asked, of = cell, trace
    trace, cell = at_layer_of(trace, cell)
    while (name := leaf_name(trace, cell.name)) is None:
        found = opened(trace, cell)
        order = range(len(found.groups))
        if found.rule is Rule.SUM:
            order = np.argsort(-np.abs(found.groups.products(trace)), kind="stable").tolist()
        terms = (found.groups[index][0] for index in order)
        behind = next((term for term in terms if not _is_setting(trace, term)), None)
        if behind is None:
            raise UsageError(say("no input or parameter is behind {address}", address=format_address(of, asked)))
        trace, cell = at_layer_of(trace, behind)
    return replace(cell, name=name, layer=None if trace is of else trace.example.layer)


def parse_assignment(trace: Trace, text: str) -> tuple[Address, float]:
    """`W_Q[0,0]=2` as an input or a parameter and its new value. Raises UsageError."""
    place, equals, number = _divided(text)
    if not equals:
        raise UsageError(say("{text} is not an assignment; write one like W_Q[0,0]=2", text=typed(text)))
    address = parse_address(trace, place)
    name = leaf_name(at_layer_of(trace, address)[0], address.name)
    if name is None:
        behind = format_address(trace, leaf_behind(trace, address))
        raise UsageError(
            say(
                "{place} is computed, so it cannot be set; set what it comes from, such as {behind}",
                place=place.strip(),
                behind=behind,
            )
        )
    return replace(address, name=name), parse_number(number)


def is_assignment(text: str) -> bool:
    """Whether a text that was typed names what it changes, as in `W_Q[0,0]=2`."""
    return bool(_divided(text)[1])


def _divided(text: str) -> tuple[str, str, str]:
    """At the last equals sign, which may be a full-width one."""
    return text.rpartition("=" if text.rfind("=") > text.rfind(_FULL_WIDTH_EQUALS) else _FULL_WIDTH_EQUALS)


def parse_number(text: str) -> float:
    """A finite number as one types it, `-0.5` or `−０．５`. Raises UsageError."""
    if not text.strip():
        raise UsageError(say("no number was typed"))
    try:
        value = float(plain_signs(text))
    except ValueError:
        raise UsageError(say("{text} is not a number", text=typed(text.strip()))) from None
    if not np.isfinite(value):
        raise UsageError(say("{text} is not a finite number", text=typed(text.strip())))
    if not is_usable(value):
        raise UsageError(say("{text} is so large that products of it overflow", text=typed(text.strip())))
    return value


def parse_scale(trace: Trace, text: str) -> Scale:
    """`none`, `1/sqrt(d_k)`, or a number other than 0, which may be a sum as in a file. Raises UsageError."""
    shape, x = trace.shape, trace.example.inputs.get("X")
    d_model = None if x is None else x.shape[1]
    return read_scale(text, {"d_k": shape.d_k, "d_model": d_model, "d_v": shape.d_v, "heads": shape.heads})


def temperature_scale(text: str) -> Scale:
    """The scale of a temperature T above 0: scores are divided by T. Raises UsageError."""
    temperature = parse_number(text)
    if temperature < 1 / LARGEST:
        raise UsageError(say("a temperature of {text} is not above 0; near 0 one token gets everything", text=text))
    return 1.0 / temperature


def apply_change(trace: Trace, change: WhatIf) -> Trace:
    """The trace with all that a change says. Raises UsageError for what this example does not allow."""
    for assignment in change.assignments:
        trace = set_number(trace, *parse_assignment(trace, assignment))
    if change.temperature is not None:
        trace = set_scale(trace, temperature_scale(change.temperature))
    if change.scale is not None:
        trace = set_scale(trace, parse_scale(trace, change.scale))
    if change.causal is not None:
        trace = set_causal(trace, change.causal)
    if change.softmax == "columns":
        trace = set_softmax(trace, "columns")
    return trace if change.round_each is None else set_rounding(trace, change.round_each)


def leaf_name(trace: Trace, name: str) -> str | None:
    """The input or parameter that this name stands for (`embeddings` is X); None for what is computed."""
    if trace.is_leaf(name):
        return name
    alias = {"embeddings": "X", "queries": "Q", "keys": "K", "values": "V", "scores": "S"}.get(name)
    return alias if alias is not None and trace.is_leaf(alias) else None


def of_file(trace: Trace, cell: Address) -> Address:
    """The cell by the name that the file has for it: `X[it,0]` for `embeddings[it,0]`; what is computed as it is."""
    name = leaf_name(trace, cell.name)
    return cell if name is None else replace(cell, name=name)


def set_number(trace: Trace, leaf: Address, value: float, *, compared_to: Trace | None = None) -> Trace:
    """The trace with one number of the file changed, compared to this one, or to another that is given."""
    if leaf.layer is not None:
        there, own = at_layer_of(trace, leaf)
        before = None if compared_to is None else compared_to.at_layer(leaf.layer)
        return set_number(there, own, value, compared_to=before).at_layer(trace.example.layer)
    example, before = trace.example, compared_to or trace
    if example.learn is not None and example.learn.vocabulary is not None and leaf.name in (WORDS, "X"):
        return trace.again(_with_embedding(example, example.learn.vocabulary, leaf, value), compared_to=before)
    table = "inputs" if leaf.name in example.inputs else "parameters"
    arrays = example.inputs if table == "inputs" else example.parameters
    axes = len(shape_in(arrays, leaf.name))
    index = {1: (leaf.column,), 2: (leaf.row, leaf.column), 3: (leaf.head, leaf.row, leaf.column)}[axes]
    changed = with_number(arrays, leaf.name, index, value)
    if table == "inputs":
        return trace.again(replace(example, inputs=changed), compared_to=before)
    return trace.again(replace(example, parameters=changed), compared_to=before)


def before_numbers(trace: Trace) -> Trace:
    """The trace as it was before its last changes, as long as those were of numbers only; itself where they were not.

    What several numbers do together is seen beside what there was before the first of them.
    """
    before = trace.compared_to
    if before is None or trace.order is not None or before.example.tokens != trace.example.tokens:
        return trace
    ways = ((one.softmax_over, one.round_each, switches(one.example)) for one in (before, trace))
    return before if next(ways) == next(ways) else trace


def switches(example: Example) -> list[tuple[Scale, Causal]]:
    """The settings that one can change, of every layer."""
    settings = [layer.attention for layer in with_own_layer(example).layers] if example.layers else [example.attention]
    return [(one.scale, one.causal) for one in settings]


def _with_embedding(example: Example, vocabulary: Vocabulary, leaf: Address, value: float) -> Example:
    """A word has the same numbers wherever it stands."""
    from .learning import example_with  # only here: few examples learn

    row = leaf.row if leaf.name == WORDS else vocabulary.words.index(example.tokens[leaf.row])
    embeddings = vocabulary.embeddings.copy()
    embeddings[row, leaf.column] = value
    embeddings.setflags(write=False)
    return example_with(example, {WORDS: embeddings})


def set_scale(trace: Trace, scale: Scale) -> Trace:
    """The trace with another scale, compared to this one."""
    return _again(trace, replace(trace.example, attention=replace(trace.example.attention, scale=scale)))


def set_causal(trace: Trace, causal: bool) -> Trace:
    """The trace with the causal mask on or off, compared to this one.

    With another number of keys than queries it goes on as `first`: query i sees keys 0 … i.
    """
    square = trace.shape.queries == trace.shape.keys
    kind: Causal = "first" if causal and not square else causal
    return _again(trace, replace(trace.example, attention=replace(trace.example.attention, causal=kind)))


def set_softmax(trace: Trace, over: SoftmaxOver) -> Trace:
    """The trace with softmax along rows or, wrongly, along columns, compared to this one."""
    return Trace(trace.example, softmax_over=over, round_each=trace.round_each, compared_to=trace, memory=trace.memory)


def set_rounding(trace: Trace, decimals: int | None) -> Trace:
    """The trace as one computes it who rounds at each step (None: not), compared to this one."""
    return Trace(
        trace.example, softmax_over=trace.softmax_over, round_each=decimals, compared_to=trace, memory=trace.memory
    )


def toggled_scale(trace: Trace, original: Trace) -> Scale:
    """No scale where there is one; else the file's own, or the standard one."""
    if trace.example.attention.scale != NO_SCALE:
        return NO_SCALE
    own = original.example.attention.scale
    return STANDARD_SCALE if own == NO_SCALE else own


def differ(before: float, after: float) -> bool:
    """Whether two numbers differ by more than rounding."""
    if np.isinf(before) or np.isinf(after):
        return before != after
    return abs(before - after) > SAME * max(abs(before), abs(after), SAME)


def _again(trace: Trace, example: Example) -> Trace:
    return trace.again(example, compared_to=trace)


def _is_setting(trace: Trace, address: Address) -> bool:
    return address.name in trace.graph.rows and trace.graph.rows[address.name].is_setting
