"""From layer to layer: where a walk goes on when a layer's part of the way forward, or of the way back, is done."""

from __future__ import annotations

from ..graph.block import end_of
from .trace import Trace

SENT_BACK = "d_left"
"""The first step of a layer on the way back, where another one follows it."""


def onward(trace: Trace, step: int) -> tuple[int, int] | None:
    """(layer, index of a step) behind a step, where that is in another layer; None where it is not."""
    layer = trace.example.layer
    if trace.walk[step].id == end_of(trace.example.readout) and layer < len(trace.example.layers) - 1:
        return layer + 1, 0
    if step == len(trace.walk) - 1 and layer > 0 and _has_way_back(trace.at_layer(layer - 1)):
        return layer - 1, trace.at_layer(layer - 1).step(SENT_BACK).number - 1
    return None


def backward(trace: Trace, step: int) -> tuple[int, int] | None:
    """(layer, index of a step) before a step, where that is in another layer; None where it is not."""
    layer = trace.example.layer
    if trace.walk[step].id == SENT_BACK and _has_way_back(trace):
        return layer + 1, len(trace.at_layer(layer + 1).walk) - 1
    if step == 0 and layer > 0:
        below = trace.at_layer(layer - 1)
        return layer - 1, below.step(end_of(below.example.readout)).number - 1
    return None


def _has_way_back(trace: Trace) -> bool:
    """Whether a later layer sends something back to this one."""
    return trace.has(SENT_BACK) and trace.example.layer < len(trace.example.layers) - 1
