"""The `[attention]` table, but for the heads: scale and masks."""

from __future__ import annotations

import math

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..engine.magnitudes import LARGEST, is_usable
from ..errors import UsageError
from ..graph.example import NO_SCALE, STANDARD_SCALE, Scale, Settings
from ..operations.file_places import cell_place, entry_place, head_place
from ..said import say
from .cells import MOST_PER_ARRAY
from .draft import Table
from .forms import Form, fits, need
from .literals import is_stack, literal_matrix, literal_rows
from .masks import SAVE_MASK, SAVE_PADDING, WRITE_MASK, WRITE_PADDING, ZEROS_AND_ONES, is_zeros_and_ones
from .matrices import ArrayReader
from .phrases import counted, is_kind, kind_of
from .scales import read_scale
from .sizes import FileSizes
from .variants import (
    has_heads,
    read_bias,
    read_causal,
    read_norm,
    read_rotary,
    read_scoring,
    read_sink,
    read_softcap,
    read_window,
)

_AS_ROWS = "[[true, false], [true, true]]"
_SCALES = say(
    'it is "{standard_scale}", "{no_scale}" or a number other than 0, such as 0.5 or "1/sqrt(3)"',
    standard_scale=STANDARD_SCALE,
    no_scale=NO_SCALE,
)


def read_settings(
    attention: Table, reader: ArrayReader, sizes: FileSizes, *, is_scored: bool = False, is_published: bool = False
) -> Settings:
    """The settings, with the heads that `sizes` has; what is not sound is left at its default.

    Scores that are given (`is_scored`) are not scaled unless the file says so.
    `is_published`: a source printed numbers.
    """
    return Settings(
        heads=sizes.heads or 1,
        kv_heads=sizes.kv_heads or sizes.heads or 1,
        scale=_read_scale(attention, NO_SCALE if is_scored else STANDARD_SCALE, sizes),
        causal=read_causal(attention, sizes, is_published=is_published),
        mask=_read_mask(attention, reader, sizes),
        padding=_read_padding(attention, reader, sizes),
        window=read_window(attention),
        rotary=read_rotary(attention, sizes),
        norm=read_norm(attention),
        softcap=read_softcap(attention),
        bias=read_bias(attention, reader, sizes),
        sink=read_sink(attention, sizes),
        scoring=read_scoring(attention),
    )


def _read_scale(attention: Table, default: Scale, sizes: FileSizes) -> Scale:
    value = attention.values.get("scale", default)
    if isinstance(value, str):
        try:
            return read_scale(value, {"d_k": sizes.k, "d_model": sizes.m, "d_v": sizes.v, "heads": sizes.heads})
        except UsageError as error:
            attention.report("scale", str(error), _SCALES)
            return STANDARD_SCALE
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = _usable(value)
        if abs(number) >= 1 / LARGEST:
            return number
    attention.report("scale", is_kind(value), _SCALES)
    return STANDARD_SCALE


def _usable(value: float) -> float:
    """The number, or 0 where it is none to compute with."""
    try:
        return float(value) if is_usable(value) else 0.0
    except OverflowError:
        return 0.0


def _read_mask(attention: Table, reader: ArrayReader, sizes: FileSizes) -> BoolArray | FloatArray | None:
    if "mask" not in attention:
        return None
    value, place = attention.values["mask"], attention.place_of("mask")
    form = Form(
        "mask",
        need(sizes.t, say("one for each token that asks")),
        need(sizes.s, say("one for each token that is attended to")),
        minus_infinity=True,
        null=-math.inf,
        as_rows=_AS_ROWS,
    )
    if not isinstance(value, list | str):
        attention.report(
            "mask",
            is_kind(value),
            say("it is a list of rows, as in {as_rows}; see also causal", as_rows=_AS_ROWS),
        )
        return None
    if isinstance(value, str):
        found = _named_mask(value, place, form, reader)
        return found if found is None or has_heads(attention, "mask", found, sizes) else None
    if is_zeros_and_ones(value):
        attention.report("mask", ZEROS_AND_ONES, WRITE_MASK)
    if is_stack(value):
        return _mask_a_head(value, form, attention, sizes)
    if _has_truth_values(value):
        return _truth_mask(value, place, form, attention)
    return literal_matrix(value, place, form, attention.draft)


def _mask_a_head(value: list[object], form: Form, attention: Table, sizes: FileSizes) -> BoolArray | FloatArray | None:
    """A mask for each head, all of truth values or all of numbers."""
    place, truths = attention.place_of("mask"), any(map(_has_truth_values, value))
    matrices: list[BoolArray | FloatArray] = []
    for head, one in enumerate(value):
        here = head_place(place, head)
        made = _truth_mask(one, here, form, attention) if truths else literal_matrix(one, here, form, attention.draft)
        if made is not None:
            matrices.append(made)
    if len(matrices) < len(value):
        return None
    found: BoolArray | FloatArray = np.stack(matrices)  # type: ignore[assignment]
    return found if has_heads(attention, "mask", found, sizes) else None


def _named_mask(name: str, place: str, form: Form, reader: ArrayReader) -> BoolArray | FloatArray | None:
    array = reader.named(name, place, form)
    if array is None:
        return None
    if is_zeros_and_ones(array):
        reader.draft.report(place, say("the array {problem}", problem=ZEROS_AND_ONES), SAVE_MASK)
    sound = reader.has_shape if array.dtype == np.bool_ else reader.holds_numbers
    return array if sound(array, place, form, (2, 3)) else None


def _has_truth_values(value: object) -> bool:
    rows = value if isinstance(value, list) else []
    return any(isinstance(cell, bool) for row in rows if isinstance(row, list) for cell in row)


def _truth_mask(value: object, place: str, form: Form, attention: Table) -> BoolArray | None:
    rows = literal_rows(value, place, form, attention.draft)
    if rows is None:
        return None
    wrong = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if not isinstance(cell, bool)]
    for row, column in wrong[:MOST_PER_ARRAY]:
        found = kind_of(rows[row][column])
        attention.draft.report(
            cell_place(place, row, column),
            say("is {kind}", kind=found),
            say("a mask is all true and false, or all numbers"),
        )
    return None if wrong else np.array(rows, dtype=np.bool_)


def _read_padding(attention: Table, reader: ArrayReader, sizes: FileSizes) -> BoolArray | None:
    if "padding" not in attention:
        return None
    value, place = attention.values["padding"], attention.place_of("padding")
    form = Form("padding", columns=need(sizes.s, say("one for each token that is attended to")))
    if isinstance(value, str):
        return _named_padding(value, place, form, reader)
    if not isinstance(value, list):
        attention.report("padding", is_kind(value), say("it is a list of true and false, true = a real token"))
        return None
    if is_zeros_and_ones(value):
        attention.report("padding", ZEROS_AND_ONES, WRITE_PADDING)
        return None
    wrong = [index for index, entry in enumerate(value) if not isinstance(entry, bool)]
    for index in wrong[:MOST_PER_ARRAY]:
        found = kind_of(value[index])
        attention.draft.report(
            entry_place(place, index), say("is {kind}", kind=found), say("true is a real token, false is padding")
        )
    if wrong or not fits(len(value), form.columns, "value", place, form, attention.draft):
        return None
    return np.array(value, dtype=np.bool_)


def _named_padding(name: str, place: str, form: Form, reader: ArrayReader) -> BoolArray | None:
    array = reader.named(name, place, form)
    if array is None or not reader.has_shape(array, place, form, (1,)):
        return None
    if is_zeros_and_ones(array):
        reader.draft.report(place, say("the array {problem}", problem=ZEROS_AND_ONES), SAVE_PADDING)
        return None
    if array.dtype != np.bool_:
        reader.draft.report(
            place,
            say("the array holds {numbers}", numbers=counted(len(array), "number")),
            say("padding holds truth values"),
        )
        return None
    return array
