"""Why e to the power, why the largest is taken away, and why rows and not columns add up to 1."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...engine.arrays import FloatArray, quiet
from ...narration.numbers import NumberFormat, digits_apart, number
from ...narration.sentences import Role
from ...trace.changes import set_softmax
from .inquiry import Inquiry, Said, Values

_LARGEST_FLOAT32 = float(np.finfo(np.float32).max)
_LARGEST_POWER = float(np.log(_LARGEST_FLOAT32))
"""The largest x whose e^x a float32 still holds."""


def _seen(asked: Inquiry) -> tuple[FloatArray, FloatArray]:
    """(s,): the scores that softmax is taken of, and which of them may be looked at."""
    asked.tells("weights")
    scores = asked.row(asked.logits).astype(np.float64)
    return scores, np.isfinite(scores)


def _squares(scores: FloatArray, seen: FloatArray) -> FloatArray:
    """(s,): the squares, in units of the largest, for that of the lowest number of all is none."""
    sizes = np.where(seen, np.abs(scores), 0.0)
    return (sizes / (sizes.max() or 1.0)) ** 2


@quiet
def _divided(scores: FloatArray, seen: FloatArray) -> FloatArray:
    """Each number ÷ the sum of all; NaN where one may not look, or where the sum is 0."""
    total = float(scores[seen].sum())
    shares: FloatArray = np.full(len(scores), np.nan)
    if abs(total) > 1e-12:
        shares[seen] = scores[seen] / total
    return shares


def three_kinds_of_share(asked: Inquiry) -> Iterator[Said]:
    """Score ÷ sum, square ÷ sum of squares, e to the power ÷ sum."""
    scores, seen = _seen(asked)
    if not seen.any():
        yield asked.say("exp_blind")
        return
    weights = asked.row("weights")
    plain, squared = _divided(scores, seen), _divided(_squares(scores, seen), seen)
    digits = NumberFormat(asked.room.digits)
    symbol = asked.room.symbols(asked.trace.step(asked.logits).symbol)
    wrong = [asked.word("no_share") if share < 0 else "" for share in plain]
    yield asked.by_token(
        [
            asked.column(symbol, scores, asked.written(asked.logits)),
            asked.column(asked.word("by_sum"), plain, digits),
            asked.column(asked.word("by_square"), squared, digits),
            asked.column(asked.word("by_exp"), weights, digits, shaded=True),
        ],
        [asked.marks("", [asked.room.signs(one) for one in wrong], Role.WRONG)],
        shares=weights,
        always=[int(np.nanargmin(np.where(seen, scores, np.nan)))],
    )
    yield from _what_is_wrong(asked, scores, plain, squared, seen)


def _what_is_wrong(
    asked: Inquiry, scores: FloatArray, plain: FloatArray, squared: FloatArray, seen: FloatArray
) -> Iterator[Said]:
    """What is wrong with the first two, by these very numbers."""
    key, digits = asked.facts.key_token, asked.room.digits
    lowest = int(np.nanargmin(np.where(seen, scores, np.nan)))
    if np.isnan(plain).all():
        yield asked.say("exp_zero")
    elif (plain[seen] < 0).any():
        at = int(np.nanargmin(plain))
        yield asked.say("exp_negative", token=key(at), share=number(float(plain[at]), digits))
    else:
        at = asked.place.key if seen[asked.place.key] else int(np.flatnonzero(seen)[0])
        less = _divided(scores - 1, seen)
        before, after = float(plain[at]), float(less[at])
        by_exp = float(asked.row("weights")[at])
        if not np.isnan(after):
            apart = digits_apart(before, after, digits)
            shares: Values = {"before": number(before, apart), "after": number(after, apart)}
            yield asked.say("exp_moved", token=key(at), weight=by_exp, **shares)
    if scores[lowest] < 0 and round(float(squared[lowest]), digits) > 0:
        told: Values = {"score": asked.of_step(asked.logits, scores[lowest]), "share": float(squared[lowest])}
        yield asked.say("exp_square", token=key(lowest), **told)


def why_e(asked: Inquiry) -> Iterator[Said]:
    """What e to the power does."""
    yield asked.say("exp_why", e=number(float(np.e), max(2, asked.room.digits)))


def with_and_without(asked: Inquiry) -> Iterator[Said]:
    """e^score and e^(score − largest), and the same shares from both."""
    scores, seen = _seen(asked)
    if not seen.any():
        yield asked.say("exp_blind")
        return
    largest = asked.trace.softmax_row(asked.place.query, asked.place.head).maximum
    with np.errstate(over="ignore"):
        without, taken = np.exp(scores), np.exp(scores - largest)
    symbol = asked.room.symbols(asked.trace.step(asked.logits).symbol)
    weights = asked.row("weights")
    yield asked.by_token(
        [
            asked.column(symbol, scores, asked.written(asked.logits)),
            asked.column(f"e^{symbol}", without),
            asked.column(f"e^({symbol} − {asked.word('largest')})", taken, NumberFormat(asked.room.digits)),
            asked.column(asked.word("share"), weights, NumberFormat(asked.room.digits), shaded=True),
        ],
        shares=weights,
    )
    yield asked.say("max_same", largest=asked.of_step(asked.logits, largest))


def the_end_of_float32(asked: Inquiry) -> Iterator[Said]:
    """How near the scores come to it, scaled and not."""
    yield asked.say("max_limit", most=number(_LARGEST_POWER, 1), limit=f"{_LARGEST_FLOAT32:.1e}")
    scores, seen = _seen(asked)
    found = [("max", asked.logits, scores[seen])]
    if asked.logits != "scores":
        found.append(("max_raw", "scores", asked.row("scores")[seen]))
    for prefix, step, numbers in found if seen.any() else []:
        largest = float(numbers.max())
        fits = largest <= _LARGEST_POWER
        with np.errstate(over="ignore"):
            power = float(np.exp(largest))
        yield asked.say(
            f"{prefix}_{'fits' if fits else 'too_large'}",
            largest=asked.of_step(step, largest),
            power=f"{power:.1e}" if power >= 1e6 else number(power, asked.room.digits),
        )
    yield asked.say("max_one")


def sums_of_rows_and_columns(asked: Inquiry) -> Iterator[Said]:
    """What each row and each column of the weights adds up to."""
    total = float(asked.row("weights").sum())
    kind = "rows_blind" if asked.facts.blind else "rows_sink" if asked.example.attention.sink else "rows_row"
    yield asked.say(kind, **({} if asked.facts.blind else {"total": total}))
    if not asked.is_short:
        yield asked.say("rows_column")
        return
    weights = asked.matrix("weights")
    columns = weights.sum(axis=0)
    digits = NumberFormat(asked.room.digits)
    rows = [asked.column(asked.word("row_sum"), weights.sum(axis=1), digits)] if asked.own is not None else []
    yield asked.by_token([*rows, asked.column(asked.word("column_sum"), columns, digits)], shares=columns)
    yield asked.say("rows_column")
    most, least = int(np.argmax(columns)), int(np.argmin(columns))
    key = asked.facts.key_token
    if columns[most] - columns[least] > 1e-9:
        told: Values = {"most": key(most), "least": key(least)}
        yield asked.say("rows_uneven", **told, largest=float(columns[most]), smallest=float(columns[least]))
    else:
        yield asked.say("rows_even", each=float(columns[most]))


def down_the_columns(asked: Inquiry) -> Iterator[Said]:
    """What the query's row would add up to."""
    if asked.is_short and not asked.facts.blind:
        wrong = set_softmax(asked.changed(), "columns")
        total = float(asked.row("weights", of=wrong).sum())
        if np.isclose(total, 1.0, rtol=1e-9):
            yield asked.say("rows_by_chance")
        else:
            yield asked.say("rows_wrong", total=number(total, digits_apart(total, 1.0, asked.room.digits)))
