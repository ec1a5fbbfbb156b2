"""Why the dot product, and why divide by a root."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, sqrt

import numpy as np

from ...engine.arrays import FloatArray
from ...graph.example import NO_SCALE, STANDARD_SCALE
from ...graph.printed import scale_text
from ...narration.numbers import NumberFormat
from .inquiry import Inquiry, Said, Values

_WIDTHS = (1, 4, 16, 64, 256)
"""How many products are added up, for the table of the root."""
_NEAR = 1e-9


def length(row: FloatArray) -> float:
    """How long a query or a key is."""
    return float(np.linalg.norm(row.astype(np.float64)))


def cosines(query: FloatArray, keys: FloatArray) -> FloatArray:
    """(s,): of the angle between the query and each key; NaN where one of the two is all 0."""
    lengths = np.linalg.norm(keys.astype(np.float64), axis=1) * length(query)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: FloatArray = np.where(lengths > 0, (keys @ query) / lengths, np.nan)
    return found


def typical_sum(count: int) -> float:
    """Root of the mean square of a sum of so many +1 or −1, over all the ways there are to choose them."""
    squares = sum(comb(count, minus) * (count - 2 * minus) ** 2 for minus in range(count + 1))
    return sqrt(squares / 2**count)


def product_by_product(asked: Inquiry) -> Iterator[Said]:
    """The current score, number by number."""
    if not asked.has_queries:
        yield asked.say("dot_given")
        return
    query, keys = asked.compared()
    key = keys[asked.place.key]
    if not asked.has_dot_scores:
        yield asked.say("dot_other", formula=asked.room.formula(asked.trace.step("scores")))
        return
    products = query * key
    score = float(asked.row("scores")[asked.place.key])
    roles, labels = asked.trace.graph.roles, asked.features(asked.trace.graph.roles["queries"])
    yield asked.by_line(
        labels,
        [
            asked.column(asked.named("query", "queries"), query, asked.written(roles["queries"])),
            asked.column(asked.named("key_column", "keys"), key, asked.written(roles["keys"]), sign="×"),
            asked.column(asked.word("product"), products, asked.written("scores"), sign="=", bottom=score),
        ],
        shares=np.abs(products),
        bottom=asked.room.word("total"),
    )
    yield asked.say("dot_signs")


def length_times_length(asked: Inquiry) -> Iterator[Said]:
    """The current score as lengths and an angle."""
    if not asked.has_dot_scores:
        return
    query, keys = asked.compared()
    cosine = float(cosines(query, keys)[asked.place.key])
    if np.isnan(cosine):
        yield asked.say("dot_zero")
        return
    told: Values = {"query_length": length(query), "key_length": length(keys[asked.place.key]), "cosine": cosine}
    yield asked.say("dot_length", score=asked.of_step("scores", asked.row("scores")[asked.place.key]), **told)


def all_at_once(asked: Inquiry) -> Iterator[Said]:
    """How little work it is."""
    if asked.has_dot_scores:
        shape = asked.trace.shape
        pairs = shape.queries * shape.keys
        yield asked.say("dot_cheap", pairs=pairs, count=pairs * shape.d_k, d_k=shape.d_k)


def growing_sums(asked: Inquiry) -> Iterator[Said]:
    """How large sums of products get, and what is left of that after a division."""
    own = asked.trace.shape.d_k
    widths = sorted({*_WIDTHS, own} - {0})
    sums = [typical_sum(width) for width in widths]
    digits = asked.room.digits
    whole = NumberFormat(0 if all(one.is_integer() for one in sums) else digits)
    mark = [asked.room.signs("◂ ") + asked.word("root_this") if width == own else "" for width in widths]
    yield asked.say("root_grows")
    yield asked.by_line(
        [str(width) for width in widths],
        [
            asked.column(asked.word("typical"), sums, whole),
            asked.column("÷ d_k", [one / width for one, width in zip(sums, widths, strict=True)], NumberFormat(digits)),
            asked.column("÷ √d_k", [one / sqrt(width) for one, width in zip(sums, widths, strict=True)]),
        ],
        [asked.marks("", mark)],
    )


def three_scales(asked: Inquiry) -> Iterator[Said]:
    """What the first token would get without the division, and divided by d_k itself."""
    shape, scale = asked.trace.shape, asked.example.attention.scale
    if not shape.d_k or asked.facts.blind:
        yield asked.say("root_given" if not shape.d_k else "root_blind")
        return
    weights = asked.row("weights")
    first = int(np.argmax(weights))
    none, usual, flat = (
        float(asked.row("weights", of=asked.with_settings(scale=how))[first])
        for how in (NO_SCALE, STANDARD_SCALE, 1.0 / shape.d_k)
    )
    yield asked.say("root_here", d_k=shape.d_k, first=asked.facts.key_token(first), none=none, usual=usual, flat=flat)
    if scale == NO_SCALE:
        yield asked.say("root_left_out")
    elif scale != STANDARD_SCALE:
        yield asked.say("root_another", scale=scale_text(scale))
    yield asked.say("root_why")
