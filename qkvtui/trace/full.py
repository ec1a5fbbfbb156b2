"""All rows of a long example's output at once, by the engine's fast path."""

from __future__ import annotations

from ..engine.arrays import FloatArray
from ..engine.outputs import attend_output
from ..operations.elementwise import Scaled
from ..operations.product import Product
from ..operations.softmax import Softmax
from .working import Working


def full_output(working: Working, step_id: str) -> FloatArray | None:
    """(h, t, v): the step, where it is softmax(Q Kᵀ · scale) V and nothing else; None where it is not."""
    rows = working.graph.rows
    output = rows[step_id].operation
    if not isinstance(output, Product) or len(output.pairs) != 1 or output.pairs[0][0].name not in rows:
        return None
    weights, values = output.pairs[0]
    softmax = rows[weights.name].operation
    if not isinstance(softmax, Softmax) or softmax.over != "rows":
        return None
    scale, scores = 1.0, working.graph.operation(softmax.source)
    if isinstance(scores, Scaled):
        scale, scores = working.block(0).number(scores.factor), working.graph.operation(scores.source)
    if not isinstance(scores, Product) or not scores.pairs[0][1].turned:
        return None
    queries, keys = scores.pairs[0]
    q, k, v = (working.whole(factor.name) for factor in (queries, keys, values))
    return attend_output(q, k, v, scale=scale)
