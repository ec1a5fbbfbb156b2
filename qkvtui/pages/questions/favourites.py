"""Why one token is looked at by many, and not each most by itself: length and direction of the keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ...engine.arrays import FloatArray
from ...narration.numbers import NumberFormat, digits_apart
from ...narration.sentences import plain
from ...records import record
from ..lines import Line
from .inquiry import Inquiry, Said, Values
from .scores import cosines, length

_NEAR = 1e-9


def first_of_all(asked: Inquiry) -> Iterator[Said]:
    """Whom all tokens look at most."""
    trace = asked.trace
    if not asked.is_short or trace.shape.queries < 2 or trace.shape.keys < 2:
        return
    weights = asked.matrix("weights")
    looked = [np.flatnonzero(row >= row.max() * (1 - _NEAR)) for row in weights if row.any()]
    first = Counter(int(keys[0]) for keys in looked if len(keys) == 1)
    tied = len(looked) - first.total()
    for most, count in first.most_common(1):
        told: Values = {"most": asked.facts.key_token(most), "count": count, "queries": trace.shape.queries}
        if count > 1:
            yield asked.say("everybody_most", **told)
        else:
            yield asked.say("everybody_apart" if tied else "everybody_nobody", queries=trace.shape.queries)
    if tied:
        yield asked.say("everybody_tied", tied=tied, queries=trace.shape.queries)


@record(frozen=True)
class _Fit:
    """What a score is made of, for every key."""

    lengths: FloatArray
    cosines: FloatArray
    scores: FloatArray
    best: int

    @property
    def longest(self) -> int:
        return int(np.argmax(self.lengths))

    @property
    def nearest(self) -> int:
        return int(np.nanargmax(self.cosines))

    @property
    def is_longest(self) -> bool:
        return bool(self.lengths[self.best] >= self.lengths.max() * (1 - _NEAR))

    @property
    def is_one_of_longest(self) -> bool:
        """Whether it is as long as another, and none is longer."""
        return self.is_longest and int((self.lengths >= self.lengths.max() * (1 - _NEAR)).sum()) > 1

    @property
    def is_nearest(self) -> bool:
        return bool(self.cosines[self.best] >= np.nanmax(self.cosines) - _NEAR)


def _fit(asked: Inquiry) -> _Fit | None:
    """None where scores are no dot products, or where one side is all 0."""
    if not asked.has_dot_scores:
        return None
    query, keys = asked.compared()
    found = cosines(query, keys)
    if np.isnan(found).all():
        return None
    scores, key = asked.row("scores"), asked.place.key
    best = key if key in asked.facts.best else int(np.argmax(scores))
    return _Fit(np.linalg.norm(keys.astype(np.float64), axis=1), found, scores, best)


def length_and_direction(asked: Inquiry) -> Iterator[Said]:
    """Length and direction of every key, and which of the two decides for the query."""
    fit = _fit(asked)
    if fit is None:
        yield asked.say("everybody_zero" if asked.has_dot_scores else "everybody_other")
        return
    query, _ = asked.compared()
    yield _compared(asked, fit)
    key, cosine = asked.facts.key_token, _cosine_format(asked, fit).text
    told: Values = {
        "best": key(fit.best),
        "length": float(fit.lengths[fit.best]),
        "cosine": cosine(float(fit.cosines[fit.best])),
    }
    yield asked.say("everybody_product", query_length=length(query))
    if len(asked.facts.best) > 1:
        score = asked.of_step("scores", fit.scores[fit.best])
        yield asked.say("everybody_tie", best=asked.facts.tokens(asked.facts.best), score=score)
    elif fit.is_one_of_longest:
        yield asked.say("everybody_of_longest", **told)
    else:
        yield _because(asked, fit, told)
    if asked.logits not in ("scores", "scaled"):
        yield asked.say("everybody_added")


def _because(asked: Inquiry, fit: _Fit, told: Values) -> Line:
    """Which of length and direction decides, where there is one first and no other as long."""
    key, cosine = asked.facts.key_token, _cosine_format(asked, fit).text
    match fit.is_longest, fit.is_nearest:
        case True, True:
            return asked.say("everybody_both", **told)
        case True, False:
            is_own = fit.nearest == asked.own
            nearest: Values = {
                "nearest": plain(asked.word("its_own")) if is_own else key(fit.nearest),
                "other_cosine": cosine(float(fit.cosines[fit.nearest])),
            }
            return asked.say("everybody_long", **told, **nearest)
        case False, True:
            longest: Values = {"longest": key(fit.longest), "other_length": float(fit.lengths[fit.longest])}
            return asked.say("everybody_direction", **told, **longest)
        case _:
            return asked.say("everybody_neither", **told)


def _compared(asked: Inquiry, fit: _Fit, only: Sequence[int] | None = None) -> Said:
    """A line for each key: its length, the cosine, the score."""
    shown = range(len(fit.scores)) if only is None else only
    columns = [
        asked.column(asked.word("length"), fit.lengths[list(shown)], NumberFormat(asked.room.digits)),
        asked.column(asked.word("cosine"), fit.cosines[list(shown)], _cosine_format(asked, fit), sign="×"),
        asked.column(asked.word("score"), fit.scores[list(shown)], asked.written("scores")),
    ]
    marks = [asked.marks("", [_superlatives(asked, fit, key) for key in shown])]
    if only is not None:
        return asked.by_line([asked.example.keys[key] for key in only], columns, marks)
    kept = [fit.best, fit.longest, fit.nearest]
    return asked.by_token(columns, marks, shares=fit.scores - fit.scores.min(), always=kept)


def _cosine_format(asked: Inquiry, fit: _Fit) -> NumberFormat:
    """With the digits in which the first and the nearest differ."""
    return NumberFormat(digits_apart(float(fit.cosines[fit.best]), float(fit.cosines[fit.nearest]), asked.room.digits))


def _superlatives(asked: Inquiry, fit: _Fit, key: int) -> str:
    found = []
    if fit.lengths[key] >= fit.lengths.max() * (1 - _NEAR):
        found.append(asked.word("longest"))
    if fit.cosines[key] >= np.nanmax(fit.cosines) - _NEAR:
        found.append(asked.word("nearest"))
    return asked.room.signs(asked.word("and").join(found))


def itself_and_the_first(asked: Inquiry) -> Iterator[Said]:
    """What the query gives itself, and whom it gives most."""
    own, weights = asked.own, asked.row("weights")
    if own is None:
        yield asked.say("itself_context")
    elif asked.facts.blind:
        yield asked.say("itself_blind")
    elif not np.isfinite(asked.trace.mask_row(asked.place.query, asked.place.head)[own]):
        yield asked.say("itself_masked")
    else:
        best = int(np.argmax(weights))
        told: Values = {"own": asked.of_step("weights", weights[own]), "most": asked.of_step("weights", weights[best])}
        if weights[own] >= weights[best] * (1 - _NEAR):
            yield asked.say("itself_most", **told)
        else:
            yield asked.say("itself_less", best=asked.facts.key_token(best), **told)


def why_not_itself(asked: Inquiry) -> Iterator[Said]:
    """Its own key beside the one that fits best."""
    fit, own = _fit(asked), asked.own
    if fit is None or own is None:
        yield asked.say("itself_why")
        return
    query, keys = asked.compared()
    yield _compared(asked, fit, sorted({own, fit.best, asked.place.key}))
    yield asked.say("itself_why")
    if np.allclose(query, keys[own], rtol=1e-9, atol=1e-12):
        best: Values = {"best": asked.facts.key_token(fit.best), "length": float(fit.lengths[fit.best])}
        if fit.scores[own] < fit.scores[fit.best]:
            yield asked.say("itself_alike", own_length=float(fit.lengths[own]), **best)
        else:
            yield asked.say("itself_alike_most")


def nothing_forgotten(asked: Inquiry) -> Iterator[Said]:
    """What becomes of what it was."""
    yield asked.say("itself_kept")
