"""A step's drawing, chosen by what the step does: full where there is room, else the query's row or a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.arithmetic import step_format
from ..narration.numbers import NumberFormat, format_for, number, percent
from ..trace.addresses import Address
from ..trace.attends import attends
from ..trace.published import agree, published_row
from ..trace.steps import Kind, logits_symbol
from ..trace.terms import logits_step
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from .blocks import BLANK, Block, beside, block, cell, gap, left_cell, shorten
from .listings import Column, Listing, Marks, listing_block
from .look import Look
from .matrices import Matrix, matrix_block
from .operands import context_matrix, projection, score_product, step_matrix
from .products import fits, product_block, product_row_block
from .windows import Window, around, only, whole

_BAR = 20
_LARGEST_MATRIX = 64
_DRAWN_AS_MATRIX = (Kind.PROJECTION, Kind.SCORES, Kind.CONCATENATION, Kind.GIVEN, Kind.WEIGHTED_SUM)

ListingOf = Callable[[int], Listing]


def step_block(trace: Trace, place: Place, look: Look) -> Block:
    """The drawing of the step one is at, no larger than the room `look` gives."""
    return _DRAWINGS[step_at(trace, place).type.kind](trace, place, cell_of(trace, place), look)


def attention_matrix(trace: Trace, place: Place, look: Look) -> Block | None:
    """The weights of all queries as one shaded matrix, or None where it does not fit."""
    if max(trace.shape.queries, trace.shape.keys) > _LARGEST_MATRIX:
        return None
    matrix = replace(step_matrix(trace, "weights", place.head, look), marked_row=place.query, marked_column=place.key)
    drawn = matrix_block(matrix, whole(trace.shape.queries), whole(trace.shape.keys), look)
    return drawn if fits(drawn, look) else None


def shows_printed(trace: Trace, at: Address) -> bool:
    """Whether the step's own drawing shows what a source printed."""
    return trace.step(at.name).type.kind not in _DRAWN_AS_MATRIX


def printed_block(trace: Trace, at: Address, look: Look) -> Block | None:
    """The row as a source printed it below the computed one, for steps whose drawing has no room for it."""
    row = published_row(trace, at.name, at.row, at.head)
    if row is None or shows_printed(trace, at):
        return None
    computed = trace.row(at.name, at.row, at.head)
    matrix = step_matrix(trace, at.name, at.head, look)
    labels, written = matrix.column_labels, format_for([*row, *computed], look.digits)
    good = [agree(trace, printed, float(value)) for printed, value in zip(row, computed, strict=True)]
    signs = [look.signs("✓" if one else "✗") for one in good]
    drawn = block(
        [
            (BLANK, *(cell(f" {shorten(label, 9)} ", look.palette.header) for label in labels)),
            (
                cell(look.word("computed")),
                *(cell(f" {look.signs(written.text(float(value)))}  ") for value in computed),
            ),
            (
                cell(look.word("published")),
                *(
                    cell(f" {look.signs(written.text(value))} {sign}", None if one else look.palette.wrong)
                    for value, sign, one in zip(row, signs, good, strict=True)
                ),
            ),
        ]
    )
    return drawn if fits(drawn, look) else None


def _matrix_that_fits(matrix: Matrix, at: Address, look: Look) -> Block:
    """The whole matrix, else the current row, else a window of that row."""
    rows, columns = matrix.shape
    marked = replace(matrix, marked_row=at.row, marked_column=at.column)
    if rows <= (look.height or 64) and columns <= look.width:
        drawn = matrix_block(marked, whole(rows), whole(columns), look)
        if fits(drawn, look):
            return drawn
    visible = _rows_around(at.row, rows, look)
    for room in range(min(columns, look.width // 3), 0, -1):
        drawn = matrix_block(marked, visible, around(at.column, columns, room), look)
        if drawn.width <= look.width:
            return drawn
    return matrix_block(marked, only(at.row, rows), only(at.column, columns), look)


def _rows_around(row: int, count: int, look: Look) -> Window:
    room = (look.height or 64) - 1
    return whole(count) if count <= room else around(row, count, max(1, room - 2))


def _given(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    x = _matrix_that_fits(step_matrix(trace, "embeddings", 0, look), at, look)
    if "Y" not in trace.example.inputs:
        return x
    y_look = look.sized(look.width - x.width - 4, look.height)
    y = context_matrix(trace, y_look)
    if y_look.width < 20:
        return x
    return beside(x, gap(4), _matrix_that_fits(y, Address("Y", place.key, at.column), y_look))


def _projection(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    product = projection(trace, at, look)
    if product is None:
        return _matrix_that_fits(step_matrix(trace, at.name, at.head, look), at, look)
    return product_block(product, look) or product_row_block(product, look)


def _scores(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    whole_product = product_block(score_product(trace, at, look), look)
    return whole_product or _score_listing(trace, place, at, look)


def _score_listing(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The query above, every key below it, and beside each key the score that the two rows give."""
    keys, query = trace.keys(at.head), trace.row("queries", at.row, at.head)
    key_format, query_format = (step_format(trace, name, at.head, look.digits) for name in ("keys", "queries"))
    features = [
        Column(
            f"K {feature}",
            keys[:, feature],
            key_format,
            name="keys",
            at=lambda key, feature=feature: (key, feature),  # type: ignore[misc]
            head=at.head,
            top=query_format.text(float(query[feature])),
        )
        for feature in range(keys.shape[1])
    ]
    score = _key_column(trace, "scores", at, look, sign="=")
    return _widest(
        lambda shown: Listing(
            trace.example.keys,
            place.key,
            (*features[:shown], *_more(keys.shape[1] - shown, trace.shape.keys), score),
            _printed(trace, "scores", at, look),
            top_label=f"q {trace.example.tokens[at.row]}",
        ),
        len(features),
        look,
    )


def _scale(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    scores, scaled = (_key_column(trace, name, at, look) for name in ("scores", "scaled"))
    factor = trace.scale or 1.0
    times = Column("scale", np.full(trace.shape.keys, factor), NumberFormat(max(4, look.digits)), sign="×")
    columns = (replace(scores, current=False), times, replace(scaled, sign="="))
    return _listing(trace, place, columns, look, _printed(trace, "scaled", at, look))


def _mask(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    source = "scaled" if trace.has("scaled") else "scores"
    mask = trace.mask_row(at.row)
    columns = (
        replace(_key_column(trace, source, at, look), current=False),
        Column("M", mask, format_for(mask, look.digits), sign="+"),
        _key_column(trace, "masked", at, look, sign="="),
    )
    return _listing(trace, place, columns, look, _printed(trace, "masked", at, look))


def _softmax(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    row = trace.softmax_row(at.row, at.head)
    logits = logits_symbol(trace.example)
    source = replace(_key_column(trace, logits_step(trace), at, look), current=False)
    highest = source.written.text(row.maximum)
    columns = (
        replace(source, top=highest),
        Column(f"{logits} − max", row.shifted, NumberFormat(look.digits)),
        Column("exp", row.exponentials, NumberFormat(look.digits), bottom=number(row.total, look.digits)),
        replace(
            _key_column(trace, "weights", at, look),
            header=f"A = exp ÷ {look.word('total')}",
            bottom=number(float(row.weights.sum()), look.digits),
            shaded=True,
        ),
    )
    marks = (*_bars(row.weights, look), *_printed(trace, "weights", at, look))
    return _listing(trace, place, columns, look, marks, "max", look.word("total"))


def _weighted_sum(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    weights, values = trace.row("weights", at.row, at.head), trace.values(at.head)
    output = trace.row("output", at.row, at.head)
    value_format, output_format = (step_format(trace, name, at.head, look.digits) for name in ("values", "output"))
    share = replace(_key_column(trace, "weights", at, look), current=False)

    def listing(shown: int) -> Listing:
        features = around(at.column, values.shape[1], shown).shown
        given = [
            Column(
                f"V {feature}",
                values[:, feature],
                value_format,
                name="values",
                at=lambda key, feature=feature: (key, feature),  # type: ignore[misc]
                head=at.head,
                sign="×" if feature == features[0] else "",
            )
            for feature in features
        ]
        handed = [
            Column(
                f"A·V {feature}",
                weights * values[:, feature],
                NumberFormat(look.digits),
                bottom=output_format.text(float(output[feature])),
                bottom_is_current=feature == at.column,
                sign="=" if feature == features[0] else "",
            )
            for feature in features
        ]
        rest = values.shape[1] - len(features)
        columns = (share, *given, *handed, *_more(rest, trace.shape.keys))
        return Listing(trace.example.keys, place.key, columns, bottom_label=f"O {trace.example.tokens[at.row]}")

    return _widest(listing, values.shape[1], look)


def _concatenation(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    width = trace.shape.d_v
    labels = tuple(f"{head}:{column}" for head in range(trace.shape.heads) for column in range(width))
    return _matrix_that_fits(replace(step_matrix(trace, "heads", 0, look), column_labels=labels), at, look)


def _summary(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    seen = attends(trace, at.row, at.head)
    weights = trace.row("weights", at.row, at.head)
    share = Marks(look.word("share"), lambda key: left_cell(f" {percent(float(weights[key]))}"))
    return listing_block(
        Listing(
            trace.example.keys,
            place.key,
            (_key_column(trace, "weights", at, look),),
            (share, *_bars(weights, look), *_printed(trace, "weights", at, look)),
            order=[one.index for one in seen.ranked],
            rest=lambda hidden: number(float(weights[list(hidden)].sum()), look.digits),
        ),
        look,
    )


def _key_column(trace: Trace, step_id: str, at: Address, look: Look, sign: str = "") -> Column:
    step = trace.step(step_id)
    return Column(
        step.symbol,
        trace.row(step_id, at.row, at.head),
        step_format(trace, step_id, at.head, look.digits),
        name=step_id,
        at=lambda key: (at.row, key),
        head=at.head,
        current=True,
        shaded=step_id == "weights",
        sign=sign,
    )


def _more(hidden: int, keys: int) -> tuple[Column, ...]:
    """A column that counts features that do not fit."""
    return (Column(f"+{hidden}", np.full(keys, np.nan), _Ellipsis(0)),) if hidden else ()


class _Ellipsis(NumberFormat):
    """Writes no numbers: something is left out here."""

    def text(self, value: float) -> str:
        """An ellipsis."""
        return "…"


def _listing(
    trace: Trace,
    place: Place,
    columns: Sequence[Column],
    look: Look,
    marks: Sequence[Marks],
    top_label: str = "",
    bottom_label: str = "",
) -> Block:
    """The listing with as many of its marks as fit; the printed numbers go last."""

    def rest(hidden: Sequence[int]) -> str:
        last = columns[-1]
        return number(float(last.values[list(hidden)].sum()), look.digits) if last.shaded else ""

    kept = list(marks)
    while True:
        drawn = listing_block(
            Listing(
                trace.example.keys,
                place.key,
                columns,
                kept,
                top_label=top_label,
                bottom_label=bottom_label,
                rest=rest,
            ),
            look,
        )
        if drawn.width <= look.width or not kept:
            return drawn
        kept.pop(0)


def _widest(listing: ListingOf, most: int, look: Look) -> Block:
    """The listing with as many features as fit, at least one."""
    for shown in range(min(most, look.width // 5), 0, -1):
        drawn = listing_block(listing(shown), look)
        if drawn.width <= look.width:
            return drawn
    return drawn


def _bars(weights: FloatArray, look: Look) -> tuple[Marks, ...]:
    """Bars as long as the shares; one fifth of the bar's room is 20 %."""

    def bar(key: int) -> Text:
        halves = round(float(weights[key]) * 2 * _BAR)
        return left_cell(look.signs(" " + "█" * (halves // 2) + "▌" * (halves % 2)), look.palette.key)

    return (Marks("", bar),)


def _printed(trace: Trace, step_id: str, at: Address, look: Look) -> tuple[Marks, ...]:
    """What a source printed for this row, and whether the computed numbers agree."""
    row = published_row(trace, step_id, at.row, at.head)
    if row is None:
        return ()
    computed = trace.row(step_id, at.row, at.head)
    written = format_for(row, look.digits)

    def printed(key: int) -> Text:
        good = agree(trace, row[key], float(computed[key]))
        sign = look.signs("✓" if good else "✗")
        return left_cell(f" {look.signs(written.text(row[key]))} {sign}", None if good else look.palette.wrong)

    return (Marks(look.word("published"), printed),)


_DRAWINGS: dict[Kind, Callable[[Trace, Place, Address, Look], Block]] = {
    Kind.GIVEN: _given,
    Kind.PROJECTION: _projection,
    Kind.SCORES: _scores,
    Kind.SCALE: _scale,
    Kind.MASK: _mask,
    Kind.SOFTMAX: _softmax,
    Kind.WEIGHTED_SUM: _weighted_sum,
    Kind.CONCATENATION: _concatenation,
    Kind.SUMMARY: _summary,
}
