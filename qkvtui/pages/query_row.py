"""One query's row, a line for each token: its columns, what was printed beside it, and the listing that they make."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from ..graph.features import axis_names
from ..narration.numbers import NumberFormat
from ..narration.sentences import Role
from ..operations.tensors import Address
from ..trace.labels import step_labels
from ..trace.published import agree, is_printed_run
from ..trace.trace import Trace
from .cut_names import told_apart
from .listings import Column, Listing, Marks, fitting_table
from .scene import Scene, ShownNumbers
from .tables import Layout, TableCell


def key_column(scene: Scene, step_id: str, at: Address, current: bool = True, sign: str = "") -> Column:
    """One query's row of a step, a number for each key."""
    return Column(
        scene.room.symbols(scene.trace.step(step_id).symbol),
        scene.row(step_id, at.row, at.head),
        scene.format(step_id, at.head),
        lambda key: Address(step_id, at.row, key, at.head),
        current="rows" if current else "",
        shaded=scene.is_shaded(step_id),
        sign=sign,
    )


def printed_marks(scene: Scene, at: Address) -> tuple[Marks, ...]:
    """What a source printed for this row token by token, and whether the computed numbers agree."""
    row = scene.published(at)
    if row is None:
        return ()
    computed, written = scene.row(at.name, at.row, at.head).values, scene.format(at.name, at.head)

    def printed(key: int) -> TableCell:
        cell = printed_cell(scene, replace(at, column=key), row[key], float(computed[key]), written)
        return replace(cell, left=True)

    return (Marks(published_word(scene), printed, is_kept=True),)


def published_word(scene: Scene) -> str:
    """What stands beside numbers that a source printed: of which run they are, too, where this is another."""
    return scene.room.word("published" if is_printed_run(scene.trace) else "published_before")


def agreement(trace: Trace, agrees: bool) -> str:
    """The sign behind a number that a source printed; none for one of another run that differs: that is no mistake."""
    return " ✓" if agrees else " ✗" if is_printed_run(trace) else ""


def printed_cell(scene: Scene, at: Address, printed: float, computed: float, written: NumberFormat) -> TableCell:
    """One number that a source printed, whether the computed one of its run agrees; empty where it printed none."""
    if math.isnan(printed):
        return TableCell("", Role.PLAIN, " ")
    good = agree(scene.trace, at, printed, computed)
    sign = agreement(scene.trace, good)
    text = scene.room.signs(f"{written.text(printed)}{sign or '  '}")
    return TableCell(text, Role.PLAIN if good or not sign else Role.WRONG, " ")


def in_rows(at: Address, name: str) -> Literal["", "rows"]:
    """How a column of this name is marked: where the current cell is in it, line by line."""
    return "rows" if at.name == name else ""


def feature_names(scene: Scene, step_id: str, features: Sequence[int], longest: int, head: int) -> list[str]:
    """What stands above columns of keys or values, cut to so many terminal columns."""
    labels = step_labels(scene.trace, scene.trace.step(step_id), scene.room.language, head)[1]
    return told_apart(labels, features, longest, scene.room)


def is_named(scene: Scene, step_id: str) -> bool:
    """Whether the columns of a step have names."""
    return axis_names(scene.trace.example, step_id)[1] is not None


def feature_columns(scene: Scene, step_id: str, features: Sequence[int], at: Address, longest: int) -> list[Column]:
    """Columns of keys or values."""
    symbol, written = scene.room.of_key(scene.trace.step(step_id).symbol), scene.format(step_id, at.head)
    names = dict(zip(features, feature_names(scene, step_id, features, longest, at.head), strict=True))

    def column(feature: int) -> Column:
        return Column(
            f"{symbol} {names[feature]}",
            scene.feature(step_id, feature, at.head),
            written,
            lambda key: Address(step_id, key, feature, at.head),
        )

    return [column(feature) for feature in features]


def more_features(hidden: int, keys: int) -> tuple[Column, ...]:
    """A column that counts features that do not fit."""
    return (Column(f"+{hidden}", ShownNumbers(np.full(keys, np.nan)), _Ellipsis(0)),) if hidden else ()


class _Ellipsis(NumberFormat):
    """Writes no numbers: something is left out here."""

    def text(self, value: float) -> str:
        """An ellipsis."""
        return "…"


def row_listing(
    scene: Scene,
    columns: Sequence[Column],
    marks: Sequence[Marks],
    labels: tuple[str, str] = ("", ""),
    order: Sequence[int] | None = None,
    shares_of: Address | None = None,
    always: Sequence[int] = (),
) -> Layout:
    """The listing with what fits of it; `labels` stand before the lines above and below the tokens.

    Where not all fit, the tokens that the query of the cell `shares_of` attends to most are shown, or else those
    around the current one, with some of `always`.
    """
    listing = Listing(
        scene.trace.example.keys,
        scene.place.key,
        columns,
        marks,
        order,
        shares=None if shares_of is None else shares_of_row(scene, shares_of),
        always=always if shares_of is None else own_row(scene, shares_of.row),
        top_label=labels[0],
        bottom_label=labels[1],
    )
    return fitting_table(listing, scene.room)


def shares_of_row(scene: Scene, at: Address) -> FloatArray | None:
    """(s,): the query's weights; None where a hidden one would be told by what is shown."""
    return None if scene.touches("weights", at.head) else scene.trace.row("weights", at.row, at.head)


def own_row(scene: Scene, query: int) -> tuple[int, ...]:
    """The query among the keys, where it is one of them."""
    return (query,) if scene.trace.example.context is None and query < scene.trace.shape.keys else ()
