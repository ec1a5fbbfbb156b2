"""What stands around attention as lines of Python: words, norms, sums, the feed-forward part, the next word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..graph.positions import sinusoidal
from ..operations.activation import Activated, Gated
from ..operations.look_up import LookedUp
from ..operations.loss import Probabilities
from ..operations.operation import Operation
from ..operations.residual import Below, Summed
from ..operations.row_norm import RowNormed
from ..operations.rules import Rule
from ..trace.trace import Trace
from .code_arrays import Library, array_code

_CURVES: Mapping[Rule, Mapping[Library, str]] = {
    Rule.RELU: {"np": "np.maximum({x}, 0)", "torch": "torch.relu({x})"},
    Rule.GELU: {
        "np": "{x} * 0.5 * (1 + np.vectorize(math.erf)({x} / 2**0.5))",
        "torch": "torch.nn.functional.gelu({x})",
    },
    Rule.GELU_TANH: {
        "np": "0.5 * {x} * (1 + np.tanh((2 / math.pi) ** 0.5 * ({x} + 0.044715 * {x} ** 3)))",
        "torch": 'torch.nn.functional.gelu({x}, approximate="tanh")',
    },
    Rule.SILU: {"np": "{x} / (1 + np.exp(-{x}))", "torch": "torch.nn.functional.silu({x})"},
}


def around_settings(trace: Trace, library: Library) -> list[str]:
    """The settings that stand for numbers: places told by sines, and the temperature."""
    example, found = trace.example, []
    if "place_rows" in trace.graph.rows and example.vocabulary is not None and example.vocabulary.sinusoidal:
        places = sinusoidal(trace.shape.queries, trace.graph.shape("word_rows")[1], example.vocabulary.pairs)
        found.append(f"positions = {array_code(places, library)}")
    if "per_temperature" in trace.graph.rows and example.readout is not None:
        found.append(f"per_temperature = 1 / {example.readout.temperature!r}")
    return found


def around_code(trace: Trace, operation: Operation, library: Library) -> str | None:
    """The line of an operation; None for one of attention itself."""
    write = _CODE.get(type(operation))
    return None if write is None else write(trace, operation, library)


def _looked_up(trace: Trace, operation: LookedUp, library: Library) -> str:
    return f"{operation.table}[{list(operation.rows)}]"


def _below(trace: Trace, operation: Below, library: Library) -> str:
    return array_code(np.asarray(operation.left), library)


def _summed(trace: Trace, operation: Summed, library: Library) -> str:
    return " + ".join(operation.addends)


def _normed(trace: Trace, operation: RowNormed, library: Library) -> str:
    x, block = operation.source, trace.example.block
    epsilon = 0.0 if block is None else block.epsilon
    apart = f"({x} - {x}.mean(-1, keepdims=True))" if operation.is_centred else x
    code = f"{apart} / {library}.sqrt(({apart} ** 2).mean(-1, keepdims=True) + {epsilon!r})"
    code = code if operation.gain is None else f"{code} * {operation.gain}"
    return code if operation.bias is None else f"{code} + {operation.bias}"


def _activated(trace: Trace, operation: Activated, library: Library) -> str:
    return _CURVES[operation.rule][library].format(x=operation.operands[0].name)


def _gated(trace: Trace, operation: Gated, library: Library) -> str:
    return " * ".join(operation.sources)


def _probabilities(trace: Trace, operation: Probabilities, library: Library) -> str:
    return f"softmax({operation.source})"


_Writer = Callable[[Trace, Operation, Library], str]
_CODE: dict[type[Operation], _Writer] = {
    Activated: _activated,  # type: ignore[dict-item]
    Below: _below,  # type: ignore[dict-item]
    Gated: _gated,  # type: ignore[dict-item]
    LookedUp: _looked_up,  # type: ignore[dict-item]
    Probabilities: _probabilities,  # type: ignore[dict-item]
    RowNormed: _normed,  # type: ignore[dict-item]
    Summed: _summed,  # type: ignore[dict-item]
}
