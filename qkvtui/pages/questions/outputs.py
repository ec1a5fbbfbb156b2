"""What a head is, what happens with the output, and how gradients get to W_Q."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.arrays import FloatArray
from ...graph.rows import is_plain
from ...narration.nudges import nudge_said
from ...narration.numbers import NumberFormat, digits_apart, number
from ...narration.sentences import plain
from ...operations.residual import Summed
from ...operations.tensors import Address
from ...trace.addresses import at_layer_of, format_address
from ...trace.changes import set_number
from ...trace.conditions import is_plain as is_plain_attention
from ...trace.terms import first_column
from ...trace.trace import Trace
from ...trace.walk import cell_of
from .inquiry import Inquiry, Said, Values

_NUDGE = 0.01
_MOST_HEADS = 6
_MOST_IN_TIE = 3
_NEAR = 1e-9


def what_a_head_is(asked: Inquiry) -> Iterator[Said]:
    """What belongs to it."""
    shape = asked.trace.shape
    yield asked.say("head_is", d_k=shape.d_k or shape.d_v)
    if shape.heads > 1:
        yield asked.say("head_here", heads=shape.heads)
        yield _heads_table(asked, asked.trace)
    else:
        split = _in_two(asked)
        yield asked.say("head_one" if split is None else "head_split")
        if split is not None:
            yield _heads_table(asked, split)
    yield asked.say("head_why")


def _in_two(asked: Inquiry) -> Trace | None:
    """The lesson with its columns divided among two heads; None where that cannot be."""
    example, shape = asked.example, asked.trace.shape
    uneven = shape.d_k % 2 or shape.d_v % 2
    if "W_Q" not in example.parameters or not is_plain_attention(example) or uneven:
        return None
    return asked.with_settings(heads=2, kv_heads=2)


def _heads_table(asked: Inquiry, trace: Trace) -> Said:
    """Whom the query looks at most in each head."""
    asked.tells("weights")
    heads = range(min(trace.shape.heads, _MOST_HEADS))
    weights = [trace.row("weights", asked.place.query, head) for head in heads]
    looks = [_looks_at(asked, row) for row in weights]
    labels = [f"{asked.room.word('head')} {head}" for head in heads]
    marks = [asked.marks(asked.word("looks_most"), looks)]
    if "W_Q" in asked.example.parameters:
        width = trace.shape.d_k
        starts = [first_column(trace, "queries", head) for head in heads]
        spans = [f"{start}" if width == 1 else f"{start}–{start + width - 1}" for start in starts]
        marks.insert(0, asked.marks(asked.word("its_columns"), [asked.room.signs(span) for span in spans]))
    given = [float(row.max()) for row in weights]
    return asked.by_line(
        labels, [asked.column(asked.room.word("weight"), given, NumberFormat(asked.room.digits))], marks
    )


def _looks_at(asked: Inquiry, row: FloatArray) -> str:
    """The token with the largest share; all that tie for it, of many the first."""
    if not row.any():
        return asked.room.word("nothing")
    first = np.flatnonzero(row >= row.max() * (1 - _NEAR)).tolist()
    if len(first) == len(row) > 1:
        return asked.word("looks_alike")
    named = [asked.example.keys[key] for key in first[:_MOST_IN_TIE]]
    more = [asked.room.signs("…")] if len(first) > _MOST_IN_TIE else []
    return asked.room.signs(asked.word("and")).join((*named, *more))


def added_to_what_it_was(asked: Inquiry) -> Iterator[Said]:
    """The query's row of X, what attention found for it, and their sum."""
    result = _found_by_attention(asked.trace)
    symbol, width = asked.room.symbols(asked.trace.step(result).symbol), asked.trace.step(result).shape[1]
    if "X" not in asked.example.inputs:
        yield asked.say("output_no_x", symbol=symbol, width=width)
        return
    before, found = asked.row("embeddings"), asked.row(result)
    if len(before) != width:
        yield asked.say("output_mismatch", symbol=symbol, width=width, d_model=len(before))
        return
    yield asked.say("output_added", symbol=symbol)
    total = before + found
    columns = [
        asked.column(asked.room.symbols("X"), before, asked.written("embeddings")),
        asked.column(symbol, found, asked.written(result), sign="+"),
        asked.column(f"{asked.room.symbols('X')} + {symbol}", total, sign="="),
    ]
    yield asked.by_line(asked.features("embeddings"), columns, shares=np.abs(found))


def _found_by_attention(trace: Trace) -> str:
    """The step with what attention gives: in a block what is added to X."""
    if trace.example.block is None:
        return trace.graph.roles["result"]
    sums = (step.type.operation for step in trace.steps if isinstance(step.type.operation, Summed))
    return next(one.addends[1] for one in sums if one.addends[0] in ("X", "embeddings"))


def what_comes_then(asked: Inquiry) -> Iterator[Said]:
    """The rest of a layer, the next one, the end."""
    yield asked.say("output_then")
    if asked.example.block is not None:
        return
    learn = asked.example.learn
    yield asked.say("output_label" if learn is not None and learn.objective == "label" else "output_here")


def a_nudge(asked: Inquiry) -> Iterator[Said]:
    """One number 0.01 larger: what becomes of the loss or, without a task, of the weight."""
    if asked.trace.graph.goes_back:
        yield from _nudged_loss(asked)
    else:
        yield from _nudged_weight(asked)


def _nudged_loss(asked: Inquiry) -> Iterator[Said]:
    trace, back = asked.trace, asked.trace.backward
    asked.tells("loss", "update", "weights", "output", *(step.id for step in trace.steps if step.type.learns))
    at = _number_to_nudge(asked)
    parameter = back.address_of(at)
    cell = plain(format_address(trace, parameter, asked.room.language))
    yield asked.say("gradient_is", cell=cell)
    nudge = nudge_said(back.nudge(at), asked.room.texts, asked.room.digits)
    yield asked.say("gradient_nudge", cell=cell, nudge=nudge)
    if path := _way_back(*at_layer_of(trace, parameter)):
        yield asked.say("gradient_way", path=asked.room.symbols(path))


def _number_to_nudge(asked: Inquiry) -> int:
    """The current number where that moves; else the one of W_Q, or of what moves first, with the largest gradient."""
    back = asked.trace.backward
    cell = cell_of(asked.trace, asked.place)
    name = back.name_of(cell.name)
    if cell.name == "update":
        return cell.row
    if cell.name.startswith("d_") and name in back.names:
        return back.index_of(name, cell.row, cell.column)
    wanted = back.name_of("W_Q") if back.name_of("W_Q") in back.names else back.names[0]
    entries = [at for at in range(len(back.entries)) if back.entry(at)[0] == wanted]
    return max(entries, key=lambda at: abs(float(back.gradient[at])))


def _way_back(trace: Trace, parameter: Address) -> str:
    """`L → dA → dS → dQ → dW_Q`: through which gradients the loss reaches the parameter in its layer."""
    name, found = f"d_{parameter.name}", []
    while trace.has(name):
        found.append(trace.step(name).symbol)
        sources = trace.graph.rows[name].operation.sources
        name = next((source for source in sources if source.startswith("d_") and trace.has(source)), "")
    return " → ".join(["L", *reversed(found)]) if found else ""


def _nudged_weight(asked: Inquiry) -> Iterator[Said]:
    yield asked.say("gradient_none")
    weights = asked.row("weights")
    leaf = _leaf_to_nudge(asked)
    if leaf is not None:
        lesson = asked.changed()
        old = lesson.value(leaf)
        nudged = set_number(lesson, leaf, old + _NUDGE)
        key = asked.place.key
        before, after = float(weights[key]), float(nudged.row("weights", asked.place.query, asked.place.head)[key])
        told: Values = {
            "cell": format_address(lesson, leaf, asked.room.language),
            "old": number(old, max(2, asked.room.digits)),
            "new": number(old + _NUDGE, max(2, asked.room.digits)),
        }
        if np.isclose(before, after, rtol=1e-9, atol=1e-12):
            yield asked.say("gradient_still", **told)
        else:
            digits = digits_apart(before, after, asked.room.digits)
            yield asked.say("gradient_moves", before=number(before, digits), after=number(after, digits), **told)
    yield asked.say("gradient_chain")


def _leaf_to_nudge(asked: Inquiry) -> Address | None:
    """The number of W_Q, of Q or of S that the query's weights are most likely to depend on."""
    example, trace, place = asked.example, asked.trace, asked.place
    if "S" in example.inputs:
        return Address("S", place.query, place.key, place.head)
    keys: FloatArray = trace.matrix(trace.graph.roles["keys"], place.head)
    column = int(np.argmax(keys.std(axis=0)[: trace.shape.d_k]))
    if "W_Q" in example.parameters:
        row = int(np.argmax(np.abs(trace.row("embeddings", place.query))))
        return Address("W_Q", row, first_column(trace, "queries", place.head) + column)
    return Address("X" if is_plain(example) else "Q", place.query, column, place.head)
