"""Around attention: why rows are normed, what the feed-forward part does, and how a word is chosen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.softmax import softmax
from ...operations.row_norm import RowNormed
from ...trace.walk import step_at
from .inquiry import Inquiry, Said, Values
from .scores import length

_TEMPERATURES = (0.5, 1.0, 2.0)
_MOST_WORDS = 6


def sizes_before_and_after(asked: Inquiry) -> Iterator[Said]:
    """How large the rows are before a norm and after it."""
    name = _norm_asked(asked)
    operation = asked.trace.graph.rows[name].operation
    source = operation.sources[0]
    asked.tells(name, source)
    symbols = [asked.room.symbols(asked.trace.graph.symbol(one)) for one in (source, name)]
    rows = [asked.trace.row(one, asked.place.query) for one in (source, name)]
    told: Values = {"source": symbols[0], "here": symbols[1], "before": length(rows[0]), "after": length(rows[1])}
    yield asked.say("norm_here", **told)
    if asked.is_short:
        sizes = [np.linalg.norm(asked.matrix(one).astype(np.float64), axis=1) for one in (source, name)]
        headers = [asked.word("norm_size").format(symbol=symbol) for symbol in symbols]
        columns = [asked.column(header, values) for header, values in zip(headers, sizes, strict=True)]
        yield asked.by_line(asked.example.tokens, columns)


def _norm_asked(asked: Inquiry) -> str:
    """The norm one is at, or else the first one."""
    here = step_at(asked.trace, asked.place)
    steps = [here, *asked.trace.steps] if asked.trace.has(here.id) else asked.trace.steps
    return next(step.id for step in steps if isinstance(step.type.operation, RowNormed))


def why_one_size(asked: Inquiry) -> Iterator[Said]:
    """What rows would come to without it."""
    yield asked.say("norm_why")


def what_gets_through(asked: Inquiry) -> Iterator[Said]:
    """How many of the inner numbers get through the curve, and what comes out."""
    asked.tells("hidden", "gate", "gated")
    inner, found = asked.row("activated"), asked.row("fed")
    told: Values = {
        "count": int((inner > 0).sum()),
        "width": len(inner),
        "m": len(found),
        "largest": float(inner.max()),
    }
    yield asked.say("mlp_here", **told)


def why_a_curve(asked: Inquiry) -> Iterator[Said]:
    """What it is for, and why there is a curve in it."""
    yield asked.say("mlp_why")


def at_temperatures(asked: Inquiry) -> Iterator[Said]:
    """The probabilities of the best words at three temperatures."""
    asked.tells("tempered", "probabilities")
    logits = asked.row("logits").astype(np.float64)
    words = asked.trace.step("logits").column_labels
    best = np.argsort(-logits, kind="stable")[:_MOST_WORDS]
    shares = {temperature: softmax(logits / temperature) for temperature in _TEMPERATURES}
    told: Values = {"word": asked.facts.token(words[int(best[0])]), "share": float(shares[1.0][best[0]])}
    yield asked.say("next_here", **told)
    columns = [asked.column(f"T = {temperature:g}", of[best]) for temperature, of in shares.items()]
    yield asked.by_line([words[index] for index in best.tolist()], columns)


def why_not_the_best(asked: Inquiry) -> Iterator[Said]:
    """What always taking the best one comes to."""
    yield asked.say("next_why")
