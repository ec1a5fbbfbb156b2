"""What the mask adds, and why keys and values may be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from ...engine.arrays import FloatArray
from ...graph.example import Example, Settings, arrays_of
from ...narration.numbers import NumberFormat, digits_apart, fixed_format, number
from ...trace.changes import set_causal
from ...trace.conditions import is_masked
from ...trace.trace import Trace
from ...trace.walk import Place
from .inquiry import Inquiry, Said, Values

_SAME = 1e-9
_MOST_TRIED = 64
"""Queries that are looked through for one from which something is hidden."""


def what_is_added(asked: Inquiry) -> Iterator[Said]:
    """The scores of one query, the mask, and their sum; of a lesson without a mask, with the causal one."""
    has_mask = is_masked(asked.example)
    masked = asked.trace if has_mask else set_causal(asked.changed(), True)
    query = _hidden_from(masked, asked.place)
    if not has_mask:
        yield asked.say("mask_none", asking=asked.token(query))
    else:
        yield asked.say("mask_adds")
        if query != asked.place.query:
            yield asked.say("mask_other", asking=asked.token(query))
    asked.tells("weights", "masked", asked.logits)
    before = masked.graph.rows["masked"].operation.sources[0]
    scores, mask = masked.row(before, query, asked.place.head), masked.mask_row(query, asked.place.head)
    weights = masked.row("weights", query, asked.place.head)
    asked.tells(before)
    written = asked.written(before)
    yield asked.by_token(
        [
            asked.column(asked.room.symbols(masked.step(before).symbol), scores, written),
            asked.column("M", mask, sign="+"),
            asked.column(
                asked.room.symbols(masked.step("masked").symbol),
                masked.row("masked", query, asked.place.head),
                written,
                sign="=",
            ),
            asked.column(asked.word("by_exp"), weights, NumberFormat(asked.room.digits), shaded=True),
        ],
        shares=weights,
        always=[query] if asked.own is not None else [],
    )
    yield from _what_minus_infinity_does(asked, masked, query, scores, mask)


def _hidden_from(masked: Trace, place: Place) -> int:
    """The query that asks, or if nothing is hidden from it, one from which something is."""
    rows = (place.query, *range(min(masked.shape.queries, _MOST_TRIED)))
    return next((row for row in rows if not np.isfinite(masked.mask_row(row, place.head)).all()), place.query)


def _what_minus_infinity_does(
    asked: Inquiry, masked: Trace, query: int, scores: FloatArray, mask: FloatArray
) -> Iterator[Said]:
    """What would be with 0 in place of the score."""
    hidden = np.flatnonzero(np.isneginf(mask))
    asking = asked.token(query)
    if not len(hidden):
        yield asked.say("mask_all_seen", asking=asking)
    elif len(hidden) == len(mask):
        yield asked.say("mask_blind", asking=asking)
    else:
        zeroed = np.where(np.isneginf(mask), 0.0, scores + np.where(np.isneginf(mask), 0.0, mask))
        powers = np.exp(zeroed - zeroed.max())
        token, share = asked.facts.key_token(int(hidden[0])), float(powers[hidden[0]] / powers.sum())
        digits = digits_apart(share, 0.0, asked.room.digits)
        yield asked.say("mask_infinite", asking=asking, token=token)
        yield asked.say("mask_not_zero", token=token, share=number(share, digits))
    if np.any(np.isfinite(mask) & (mask != 0)):
        yield asked.say("mask_numbers")


def what_stays(asked: Inquiry) -> Iterator[Said]:
    """Which rows of K, V and O are the same without the last token."""
    example, head = asked.example, asked.place.head
    if example.context is not None:
        yield asked.say("cache_context")
        return
    if len(example.tokens) < 2:
        yield asked.say("cache_alone")
        return
    asked.tells("keys", "values", "output", "weights")
    causal = asked.with_settings(causal=True)
    open_ = asked.with_settings(causal=False)
    short = _without_last(causal.example), _without_last(open_.example)
    last = asked.facts.key_token(len(example.tokens) - 1)
    yield asked.say("cache_how", last=last)
    changes = {}
    for name, long, cut in (
        ("K", causal, short[0]),
        ("V", causal, short[0]),
        ("O", causal, short[0]),
        ("", open_, short[1]),
    ):
        step = {"K": "keys", "V": "values"}.get(name, "output")
        if long.has(step) and asked.is_short:
            changes[name] = _largest_change(long.matrix(step, head), Trace(cut).matrix(step, head))
    if changes:
        yield _changes_table(asked, changes)
    yield asked.say("cache_rows", last=last)
    if changes:
        moved = float(changes[""].max())
        yield asked.say("cache_open" if moved > _SAME else "cache_open_same", last=last)
    yield asked.say("cache_next")


def _changes_table(asked: Inquiry, changes: Mapping[str, FloatArray]) -> Said:
    """A line for each token that stays: by how much its rows change at most."""
    words = {"K": "K", "V": "V", "O": asked.word("with_mask"), "": asked.word("without_mask")}
    written = fixed_format(np.concatenate(list(changes.values())), asked.room.digits)
    columns = [asked.column(words[name], found, written) for name, found in changes.items()]
    return asked.by_line(asked.example.tokens[:-1], columns, shares=changes[""])


def how_much_is_kept(asked: Inquiry) -> Iterator[Said]:
    """How many numbers that are."""
    shape = asked.trace.shape
    each = shape.kv_heads * (shape.d_k + shape.d_v)
    told: Values = {"tokens": shape.keys, "each": each, "kept": shape.keys * each}
    yield asked.say("cache_kept", **told)


def _largest_change(long: FloatArray, short: FloatArray) -> FloatArray:
    """(n − 1,): by how much each row of the shorter one differs at most; differences of rounding are none."""
    found: FloatArray = np.abs(long[: len(short)] - short).max(axis=1)
    return np.where(found > _SAME, found, 0.0)


def _without_last(example: Example) -> Example:
    """The example without its last token, and without what is said of it."""
    count = len(example.tokens) - 1
    inputs = {
        name: array[:count, :count] if name == "S" and array.ndim == 2 else _cut(name, array, count)
        for name, array in example.inputs.items()
    }
    return replace(
        example,
        tokens=example.tokens[:count],
        query=min(example.query, count - 1),
        inputs=inputs,
        attention=_cut_settings(example.attention, count),
        published=None,
        stops=(),
    )


def _cut(name: str, array: FloatArray, count: int) -> FloatArray:
    return array[:, :count, :count] if name == "S" else array[..., :count, :]


def _cut_settings(settings: Settings, count: int) -> Settings:
    arrays = {
        name: array[..., :count] if array.ndim == 1 else array[..., :count, :count]
        for name, array in arrays_of(settings).items()
        if array is not None
    }
    return replace(settings, **arrays)  # type: ignore[arg-type]
