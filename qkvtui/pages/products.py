"""A matrix product A × B = C.

Beside each other where there is room; else crosswise: A and C share their rows, B and C their columns, so
that each number of C stands where its row of A meets its column of B.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

import numpy as np

from ..narration.sentences import Role
from ..operations.tensors import largest
from ..records import record
from .cut_names import lengths_of
from .matrices import Matrix, column_width, columns_near, label_width, matrix_table, shortened
from .room import PageRoom
from .tables import Gap, Layout, TableCell, above, beside, blank, fits, gap, headless, unlabelled
from .windows import Picked, Window, around, only, picked, whole

_GAP = 2
_FEWEST_INNER = 3
_NARROWEST_COLUMN = 3
_MOST_ROWS = 64


@record(frozen=True)
class ProductTable:
    """left (r, n) × right (n, c) = result (r, c), with the result's current cell."""

    left: Matrix
    right: Matrix
    result: Matrix
    row: int
    column: int
    bias: Matrix | None = None
    """What is added to every row (1, c); to every column (r, 1) where tokens are columns."""

    @property
    def bias_below(self) -> bool:
        """Whether a bias stands below `right`; else beside `left`."""
        return self.bias is not None and not self.bias.turned


def product_layout(product: ProductTable, room: PageRoom) -> Layout | None:
    """The whole product beside each other or crosswise, or None where it does not fit."""
    rows, inner = (whole(count) for count in product.left.shape)
    columns = whole(product.result.shape[1])
    if room.height is None and product.result.shape[0] > _MOST_ROWS:
        return None
    if _cells(product) > 4096 or _surely_too_large(product, room):
        return None
    for cut in _with_names_cut(product):
        for drawn in (_beside, _crosswise):
            candidate = drawn(cut, rows, inner, columns, room)
            if fits(candidate, room):
                return candidate
    return None


def _with_names_cut(product: ProductTable) -> Iterator[ProductTable]:
    """The product, and then with shorter and shorter names of features."""
    named = any(any(one.named) for one in (product.left, product.right, product.result))
    for longest in lengths_of(named):
        left, right, result = (shortened(one, longest) for one in (product.left, product.right, product.result))
        bias = None if product.bias is None else shortened(product.bias, longest)
        yield replace(product, left=left, right=right, result=result, bias=bias)


def product_row_layout(product: ProductTable, room: PageRoom) -> Layout:
    """The current token's row only (its column, where tokens are columns).

    Shown are the terms that contribute most to the current cell, and as much around it as fits.
    """
    draw = _token_column if product.result.turned else _token_row
    inner_count = product.left.shape[1]
    inner_room = inner_count if room.height is None else max(1, room.height - 5 - product.bias_below)
    most = min(inner_count, inner_room, max(_FEWEST_INNER, room.width // _NARROWEST_COLUMN))
    terms = product.left.line(product.row) * product.right.column(product.column)
    factors = (product.left, product.right)
    told = bool(room.hidden) and (
        any(room.hidden.touches(one.name, one.head) for one in factors) or bool(np.isnan(terms).any())
    )
    least = min(most, _FEWEST_INNER)
    *longer, shortest = _with_names_cut(product)
    most = max(
        least, min(most, room.width // column_width(shortest.left, only(product.row, product.left.shape[0]), room))
    )
    for count in range(most, least - 1, -1):
        inner = picked(range(count) if told else largest(terms, count), inner_count)
        drawings = (draw(one, inner, room, _Least.ALL_COLUMNS) for one in longer)
        drawn = next((one for one in drawings if one is not None and one.width <= room.width), None)
        drawn = drawn or draw(shortest, inner, room, _Least.ANYTHING if count == least else _Least.SOME_COLUMNS)
        if drawn is not None and drawn.width > room.width:  # what is out of sight takes room that there is not
            drawn = draw(shortest, replace(inner, is_steady=False), room, _Least.ANYTHING)
        if drawn is not None:
            return replace(drawn, terms=None if told else count)
    raise AssertionError("the smallest window is always drawn")


class _Least(Enum):
    """What a drawing of one row must show to be worth it."""

    ALL_COLUMNS = "all columns of the result"
    SOME_COLUMNS = "some of them"
    ANYTHING = "as many as there is room for"


def _token_row(product: ProductTable, inner: Window, room: PageRoom, least: _Least) -> Layout | None:
    """Crosswise, with enough columns beside the current one."""
    rows = replace(only(product.row, product.left.shape[0]), is_steady=inner.is_steady)
    columns = _columns_that_fit(product, rows, inner, room)
    enough = least is _Least.SOME_COLUMNS and len(columns.shown) >= min(4, product.result.shape[1])
    if not (columns.whole or enough or least is _Least.ANYTHING):
        return None
    return _crosswise(product, rows, inner, columns, room)


def _token_column(product: ProductTable, inner: Window, room: PageRoom, least: _Least) -> Layout | None:
    """Beside each other or crosswise, with as many rows around the current one as there is room for."""
    whatever = least is _Least.ANYTHING
    narrowest = column_width(product.left, only(product.row, product.left.shape[0]), room)
    if len(inner.shown) * narrowest > room.width and not whatever:
        return None
    column = picked((product.column,), product.result.shape[1])
    height = room.height or _MOST_ROWS
    above_it = len(inner.shown) + 1 + (not inner.whole)
    for drawn, rows in ((_beside, height), (_crosswise, height - above_it if room.height else height)):
        seen = replace(_rows_that_fit(product, max(1, rows - 1)), is_steady=inner.is_steady)
        candidate = drawn(product, seen, inner, column, room)
        if fits(candidate, room):
            return candidate
    return candidate if whatever else None


def _rows_that_fit(product: ProductTable, most: int) -> Window:
    count = product.result.shape[0]
    if count <= most:
        return whole(count)
    return around(product.row, count, most - 2) if most > 2 else only(product.row, count)


def _surely_too_large(product: ProductTable, room: PageRoom) -> bool:
    """Whether a glance at the sizes tells that it does not fit; a column takes three cells at least."""
    (rows, inner), columns = product.left.shape, product.result.shape[1]
    too_high = room.height is not None and max(rows, inner) >= room.height
    return too_high or _NARROWEST_COLUMN * (inner + columns) > room.width


def _cells(product: ProductTable) -> int:
    (rows, inner), columns = product.left.shape, product.result.shape[1]
    return rows * inner + inner * columns + rows * columns


def _columns_that_fit(product: ProductTable, rows: Window, inner: Window, room: PageRoom) -> Window:
    count = product.result.shape[1]
    left = label_width(product.left, rows, room) + len(inner.shown) * column_width(product.left, rows, room)
    left += 0 if inner.whole else _ellipsis_width(inner)
    width = _common_width(product, rows, inner, room)
    left_over = room.width - left - _GAP - _common_label_width(product, rows, inner, room)
    if left_over >= count * width:
        return whole(count)
    most = max(1, (left_over - _ellipsis_width(whole(count))) // width)
    return columns_near(product.result, product.column, most)


def _ellipsis_width(window: Window) -> int:
    sides = 1 if isinstance(window, Picked) else 2
    return sides * max(4, len(str(window.count)) + 2)  # four for an ellipsis in ASCII


def _common_width(product: ProductTable, rows: Window, inner: Window, room: PageRoom) -> int:
    widths = [column_width(product.right, inner, room), column_width(product.result, rows, room)]
    if product.bias is not None and product.bias_below:
        widths.append(column_width(product.bias, whole(1), room))
    return max(widths)


def _common_label_width(product: ProductTable, rows: Window, inner: Window, room: PageRoom) -> int:
    return max(label_width(product.right, inner, room), label_width(product.result, rows, room))


def _left(product: ProductTable, rows: Window, inner: Window, room: PageRoom) -> Layout:
    drawn = matrix_table(product.left, rows, inner, room)
    if product.bias is None or product.bias_below:
        return drawn
    bias = matrix_table(product.bias, rows, whole(1), room)
    return beside(drawn, unlabelled(bias))


def _right(product: ProductTable, inner: Window, columns: Window, room: PageRoom, least: int = 0) -> Layout:
    drawn = matrix_table(product.right, inner, columns, room, least)
    if product.bias is None or not product.bias_below:
        return drawn
    bias = matrix_table(product.bias, whole(1), columns, room)
    return above(drawn, headless(bias))


def _beside(product: ProductTable, rows: Window, inner: Window, columns: Window, room: PageRoom) -> Layout:
    return beside(
        _left(product, rows, inner, room),
        _sign("×", room),
        _right(product, inner, columns, room),
        _sign("=", room),
        matrix_table(product.result, rows, columns, room),
    )


def _sign(text: str, room: PageRoom) -> Gap:
    return gap(4, TableCell(room.signs(text), Role.TITLE, trail=" "))


def _crosswise(product: ProductTable, rows: Window, inner: Window, columns: Window, room: PageRoom) -> Layout:
    left = _left(product, rows, inner, room)
    width = _common_width(product, rows, inner, room)
    right = _right(product, inner, columns, room, width)
    result = matrix_table(product.result, rows, columns, room, width)
    corner = blank(right.height, left.widths)
    between = blank(right.height + result.height, (_GAP,))
    return beside(above(corner, left), between, above(right, result))
