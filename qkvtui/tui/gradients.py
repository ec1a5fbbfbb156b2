"""From a number on the learning screen into the walk that computes its gradient."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import UsageError
from ..graph.example import Example
from ..operations.tensors import Address, split_name
from ..said import say
from ..trace.addresses import at_layer_of, parse_address
from ..trace.lesson import Lesson
from ..trace.shown_at import to_address
from ..trace.study import Study
from ..trace.trace import Trace
from ..trace.walk import start
from .messages import MomentOpened

_IN_THE_WALK = ("X", "Y", "Z", "W_Q", "W_K", "W_V", "g_Q", "g_K", "W_S", "v_S", "W_O", "b_Q", "b_K", "b_V", "b_O")
"""Parameters that a step of the forward pass shows."""


def gradient_opened(study: Study, original: Example) -> MomentOpened:
    """Walk through the moment one looks at, beginning at the gradient of the current number; `original` is the file's.

    Raises QkvtuiError where no walk leads there.
    """
    moment = study.moment
    trace = Trace(moment.example, memory=moment.memory)
    trace, cell = at_layer_of(trace, _gradient_of_cell(study, trace))
    place = to_address(trace, start(trace, query=study.query, head=study.head), cell)
    return MomentOpened(Lesson(trace, place, moment.example.file), moment.number, original)


def _gradient_of_cell(study: Study, trace: Trace) -> Address:
    """Where the walk computes it, or shows the number itself. Raises UsageError where it does neither."""
    for text in _names(study, trace):
        try:
            return parse_address(trace, text)
        except UsageError:
            continue
    raise UsageError(say("{address} has no place in the walk through this sentence", address=study.cursor.address()))


def _names(study: Study, trace: Trace) -> Iterator[str]:
    cell = study.cursor.cell
    (name, layer), row, column = split_name(cell.name), cell.row, cell.column
    at = "" if layer is None else f"@{layer}"
    if name == "E" and study.learn.vocabulary is not None:
        word = study.run.labels(name)[0][row]
        if word not in trace.example.tokens:
            return
        name, row = "X", trace.example.tokens.index(word)
    yield f"d_{name}{at}[{row},{column}]"
    yield f"d_{name}{at}[{column}]"
    if name in _IN_THE_WALK:
        yield f"{name}{at}[{column}]" if name.startswith("b") else f"{name}{at}[{row},{column}]"
