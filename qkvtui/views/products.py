"""A matrix product A × B = C.

Beside each other where there is room; else crosswise: A and C share their rows, B and C their columns, so
that each number of C stands where its row of A meets its column of B.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..operations.tensors import largest
from .blocks import BLANK, Block, above, beside, blank, cell, gap
from .look import Look
from .matrices import Matrix, column_width, label_width, matrix_block
from .windows import Window, around, only, picked, whole

_GAP = 2
_FEWEST_INNER = 3
_NARROWEST_COLUMN = 3
_MOST_ROWS = 64


@dataclass(frozen=True)
class Product:
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


def product_block(product: Product, look: Look) -> Block | None:
    """The whole product beside each other or crosswise, or None where it does not fit."""
    rows, inner = (whole(count) for count in product.left.shape)
    columns = whole(product.result.shape[1])
    if look.height is None and product.result.shape[0] > _MOST_ROWS:
        return None
    if _cells(product) > 4096 or _surely_too_large(product, look):
        return None
    for drawn in (_beside, _crosswise):
        candidate = drawn(product, rows, inner, columns, look)
        if fits(candidate, look):
            return candidate
    return None


def product_row_block(product: Product, look: Look) -> Block:
    """The current token's row only (its column, where tokens are columns).

    Shown are the terms that contribute most to the current cell, and as much around it as fits.
    """
    draw = _token_column if product.result.turned else _token_row
    inner_count = product.left.shape[1]
    inner_room = inner_count if look.height is None else max(1, look.height - 5 - product.bias_below)
    most = min(inner_count, inner_room, max(_FEWEST_INNER, look.width // _NARROWEST_COLUMN))
    terms = product.left.line(product.row) * product.right.column(product.column)
    told = any(look.hidden.touches(one.name, one.head) for one in (product.left, product.right))
    least = min(most, _FEWEST_INNER)
    for room in range(most, least - 1, -1):
        inner = picked(range(room) if told else largest(terms, room), inner_count)
        drawn = draw(product, inner, look, room == least)
        if drawn is not None:
            return replace(drawn, terms=None if told else room)
    raise AssertionError("the smallest window is always drawn")


def _token_row(product: Product, inner: Window, look: Look, whatever: bool) -> Block | None:
    """Crosswise, with enough columns beside the current one; `whatever`: as many as there is room for."""
    rows = only(product.row, product.left.shape[0])
    columns = _columns_that_fit(product, rows, inner, look)
    if not (columns.whole or whatever or len(columns.shown) >= min(4, product.result.shape[1])):
        return None
    return _crosswise(product, rows, inner, columns, look)


def _token_column(product: Product, inner: Window, look: Look, whatever: bool) -> Block | None:
    """Beside each other or crosswise, with as many rows around the current one as there is room for."""
    narrowest = column_width(product.left, only(product.row, product.left.shape[0]), look)
    if len(inner.shown) * narrowest > look.width and not whatever:
        return None
    column = picked((product.column,), product.result.shape[1])
    height = look.height or _MOST_ROWS
    above_it = len(inner.shown) + 1 + (not inner.whole)
    for drawn, room in ((_beside, height), (_crosswise, height - above_it if look.height else height)):
        candidate = drawn(product, _rows_that_fit(product, max(1, room - 1)), inner, column, look)
        if fits(candidate, look):
            return candidate
    return candidate if whatever else None


def _rows_that_fit(product: Product, room: int) -> Window:
    count = product.result.shape[0]
    if count <= room:
        return whole(count)
    return around(product.row, count, room - 2) if room > 2 else only(product.row, count)


def fits(drawn: Block, look: Look) -> bool:
    """Whether a block fits the room."""
    return drawn.width <= look.width and (look.height is None or drawn.height <= look.height)


def _surely_too_large(product: Product, look: Look) -> bool:
    """Whether a glance at the sizes tells that it does not fit; a column takes three cells at least."""
    (rows, inner), columns = product.left.shape, product.result.shape[1]
    too_high = look.height is not None and max(rows, inner) >= look.height
    return too_high or _NARROWEST_COLUMN * (inner + columns) > look.width


def _cells(product: Product) -> int:
    (rows, inner), columns = product.left.shape, product.result.shape[1]
    return rows * inner + inner * columns + rows * columns


def _columns_that_fit(product: Product, rows: Window, inner: Window, look: Look) -> Window:
    count = product.result.shape[1]
    left = label_width(product.left, rows) + len(inner.shown) * column_width(product.left, rows, look)
    left += 0 if inner.whole else _ellipsis_width(inner)
    width = _common_width(product, rows, inner, look)
    room = look.width - left - _GAP - _common_label_width(product, rows, inner)
    if room >= count * width:
        return whole(count)
    return around(product.column, count, max(1, (room - _ellipsis_width(whole(count))) // width))


def _ellipsis_width(window: Window) -> int:
    return 2 * max(4, len(str(window.count)) + 2)  # four for an ellipsis in ASCII


def _common_width(product: Product, rows: Window, inner: Window, look: Look) -> int:
    widths = [column_width(product.right, inner, look), column_width(product.result, rows, look)]
    if product.bias is not None and product.bias_below:
        widths.append(column_width(product.bias, whole(1), look))
    return max(widths)


def _common_label_width(product: Product, rows: Window, inner: Window) -> int:
    return max(label_width(product.right, inner), label_width(product.result, rows))


def _left(product: Product, rows: Window, inner: Window, look: Look) -> Block:
    drawn = matrix_block(product.left, rows, inner, look)
    if product.bias is None or product.bias_below:
        return drawn
    bias = matrix_block(product.bias, rows, whole(1), look)
    return beside(drawn, Block(tuple(row[1:] for row in bias.rows), bias.widths[1:]))


def _right(product: Product, inner: Window, columns: Window, look: Look) -> Block:
    drawn = matrix_block(product.right, inner, columns, look)
    if product.bias is None or not product.bias_below:
        return drawn
    bias = matrix_block(product.bias, whole(1), columns, look)
    return above(drawn, Block(bias.rows[1:], bias.widths))


def _beside(product: Product, rows: Window, inner: Window, columns: Window, look: Look) -> Block:
    return beside(
        _left(product, rows, inner, look),
        _sign("×", look),
        _right(product, inner, columns, look),
        _sign("=", look),
        matrix_block(product.result, rows, columns, look),
    )


def _sign(text: str, look: Look) -> Block:
    return gap(4, cell(look.signs(f"{text} "), look.palette.title))


def _crosswise(product: Product, rows: Window, inner: Window, columns: Window, look: Look) -> Block:
    left = _left(product, rows, inner, look)
    right = _right(product, inner, columns, look)
    result = matrix_block(product.result, rows, columns, look)
    corner = blank(right.height, left.widths)
    between = Block(((BLANK,),) * (right.height + result.height), (_GAP,))
    return beside(above(corner, left), between, above(right, result))
