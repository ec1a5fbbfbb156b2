"""Steps that are drawn for one query, a line for each token: scores, scaling, mask, softmax, weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from rich.text import Text

from ..engine.arrays import FloatArray
from ..narration.arithmetic import MOST_TERMS
from ..narration.formats import step_format
from ..narration.numbers import NumberFormat, format_for, number, percent
from ..operations.tensors import Address, largest
from ..trace.attends import attends, indices_of
from ..trace.changes import row_before
from ..trace.terms import logits_step
from ..trace.trace import SoftmaxRow, Trace
from ..trace.walk import Place
from .blocks import Block, left_cell
from .listings import Column, Listing, Marks, is_hidden, listing_block
from .look import SLOT, Look
from .matrix_steps import whole_scores
from .printed import printed_marks
from .windows import around

_BAR = 20
"""Cells of a bar that stands for the whole of the attention."""

ListingOf = Callable[[int], Listing]


def scores(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The whole product where it fits, else the query's row."""
    return whole_scores(trace, at, look) or score_listing(trace, place, at, look)


def score_listing(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The query above, the keys below it, and the score of each."""
    asks, answers = trace.graph.rows[at.name].operation.sources
    query = trace.row(asks, at.row, at.head)
    written = step_format(trace, asks, at.head, look.digits)
    tops = [
        SLOT if look.hides(asks, at.row, feature, at.head) else written.text(float(value))
        for feature, value in enumerate(query)
    ]
    score = key_column(trace, "scores", at, look, sign="=")

    products = query * trace.row(answers, at.column, at.head)
    told = any(look.hidden.touches(name, at.head) for name in (asks, answers))

    def listing(shown: int) -> Listing:
        kept = range(shown) if told else largest(products, shown)
        features = _features(trace, answers, trace.graph.symbol(answers), kept, at, look)
        columns = tuple(replace(column, top=tops[index]) for index, column in zip(kept, features, strict=True))
        more = tuple(replace(column, top="…") for column in _more(len(query) - shown, trace.shape.keys))
        return Listing(
            trace.example.keys,
            place.key,
            (*columns, *more, score),
            printed_marks(trace, "scores", at, look),
            top_label=f"q {trace.example.tokens[at.row]}",
        )

    return _widest(listing, len(query), look, terms=not told)


def scaling(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Each score × the scale."""
    factor, before = 1.0 if trace.scale is None else trace.scale, trace.compared_to
    written = NumberFormat(max(4, look.digits))
    times = Column("scale", np.full(trace.shape.keys, factor), written, sign="×", current=at.name == "scale")
    if before is not None and before.has("scaled"):
        times = replace(times, before=np.full(trace.shape.keys, before.scale))
    columns = (
        replace(key_column(trace, "scores", at, look), current=False),
        times,
        replace(key_column(trace, "scaled", at, look), sign="=", current=at.name == "scaled"),
    )
    return _listing(trace, place, columns, look, printed_marks(trace, "scaled", at, look))


def masking(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Each scaled score + the mask."""
    source = trace.graph.rows["masked"].operation.sources[0]
    mask = trace.mask_row(at.row, at.head)
    columns = (
        replace(key_column(trace, source, at, look), current=False),
        Column("M", mask, format_for(mask, look.digits), sign="+", current=at.name == "mask"),
        replace(key_column(trace, "masked", at, look), sign="=", current=at.name == "masked"),
    )
    return _listing(trace, place, columns, look, printed_marks(trace, "masked", at, look))


def softmax(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """The row in stages: maximum, shift, exponential, sum, division."""
    row = trace.softmax_row(place.query, at.head)
    here = Address("weights", place.query, place.key, at.head)
    source = replace(key_column(trace, logits_step(trace), here, look), current=False)
    shifted_row = row.shifted if row.totals.any() else np.full_like(row.shifted, np.nan)
    shifted = Column(f"{trace.step(logits_step(trace)).symbol} − max", shifted_row, NumberFormat(look.digits))
    shifted = replace(shifted, hides=lambda key: is_hidden(source, key, look) or is_hidden(exponentials, key, look))
    exponentials = Column("exp", row.exponentials, NumberFormat(look.digits), name="exp", current=at.name == "exp")
    exponentials = replace(exponentials, at=lambda key: (here.row, key), head=at.head, summed=True)
    weights = replace(
        key_column(trace, "weights", here, look),
        header=f"A = exp ÷ {look.word('total')}",
        current=at.name == "weights",
        shaded=True,
        summed=True,
    )
    marks = (*_bars(weights, look), *printed_marks(trace, "weights", here, look))
    if trace.softmax_over == "columns":
        stages = (source, *_column_stages(row, here, shifted, exponentials, look), weights)
        return _listing(trace, place, stages, look, marks, shares_of=here)
    maximum = SLOT if look.hides("max", here.row, 0, at.head) else source.written.text(row.maximum)
    total = SLOT if look.hides("sum", here.row, 0, at.head) else number(row.total, look.digits)
    columns = (
        replace(source, top=maximum, top_is_current=at.name == "max"),
        shifted,
        replace(exponentials, bottom=total, bottom_is_current=at.name == "sum"),
        replace(weights, bottom=number(float(row.weights.sum()), look.digits)),
    )
    bottom = look.word("total")
    if trace.example.attention.sink:  # one more exponential than the lines show
        bottom += f" + sink {number(float(trace.row('exp_sink', here.row, at.head)[0]), look.digits)}"
    return _listing(trace, place, columns, look, marks, "max", bottom, shares_of=here)


def _column_stages(
    row: SoftmaxRow, here: Address, shifted: Column, exponentials: Column, look: Look
) -> tuple[Column, Column, Column, Column]:
    """Over columns, each number has a maximum and a sum of its own."""
    written = NumberFormat(look.digits)

    def hides(name: str) -> Callable[[int], bool]:
        return lambda key: look.hides(name, key, 0, here.head)

    return (
        Column(f"max {look.word('of_column')}", row.maxima, written, hides=hides("max")),
        shifted,
        exponentials,
        Column(f"{look.word('total')} {look.word('of_column')}", row.totals, written, hides=hides("sum")),
    )


def weighted_sum(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Each token's value × its weight, and their sum."""
    weights, values = trace.row("weights", at.row, at.head), trace.values(at.head)
    output = trace.row("output", at.row, at.head)
    written = step_format(trace, "output", at.head, look.digits)
    share = replace(key_column(trace, "weights", at, look), current=False, summed=True)
    terms = largest(weights * values[:, at.column], MOST_TERMS - 1)

    def listing(shown: int) -> Listing:
        features = around(at.column, values.shape[1], shown).shown
        given = _features(trace, "values", "V", features, at, look)
        handed = [
            _handed(
                Column(
                    f"A·V {feature}",
                    weights * values[:, feature],
                    NumberFormat(look.digits),
                    before=_handed_before(trace, at, feature),
                    bottom=written.text(float(output[feature])),
                    bottom_is_current=feature == at.column,
                    summed=True,
                    sign="=" if feature == features[0] else "",
                ),
                (share, value),
                look.hides("output", at.row, feature, at.head),
                look,
            )
            for feature, value in zip(features, given, strict=True)
        ]
        given[0] = replace(given[0], sign="×")
        rest = values.shape[1] - len(features)
        more = (replace(column, bottom="…") for column in _more(rest, trace.shape.keys))
        return Listing(
            trace.example.keys,
            place.key,
            (share, *given, *handed, *more),
            bottom_label=f"O {trace.example.tokens[at.row]}",
            shares=_shares(trace, at, look),
            always=(*_own_row(trace, at.row), *terms),
        )

    return _widest(listing, values.shape[1], look)


def _handed(product: Column, factors: tuple[Column, Column], sum_is_hidden: bool, look: Look) -> Column:
    """A column of products: none that a hidden number could be told from."""
    if sum_is_hidden:
        return replace(product, bottom=SLOT, hides=lambda key: True)
    return replace(product, hides=lambda key: any(is_hidden(factor, key, look) for factor in factors))


def summary(trace: Trace, place: Place, at: Address, look: Look) -> Block:
    """Whom the query attends to, largest share first; in the order of the tokens where a share is hidden."""
    weights = key_column(trace, "weights", at, look)

    def percentage(key: int) -> Text:
        return left_cell("" if is_hidden(weights, key, look) else f" {percent(float(weights.values[key]))}")

    marks = (Marks(look.word("share"), percentage), *_bars(weights, look), *printed_marks(trace, "weights", at, look))
    weights = replace(weights, summed=True)
    if look.hidden.touches("weights", at.head):
        return _listing(trace, place, (weights,), look, marks)
    order = indices_of(attends(trace, at.row, at.head).ranked)
    return _listing(trace, place, (weights,), look, marks, order=order, shares_of=at)


def several_queries(trace: Trace, place: Place, others: Sequence[int], step_id: str, look: Look) -> Block:
    """One step's row for the query and, beside it, for others: attention depends on who asks."""
    columns: list[Column] = []
    marks: list[Marks] = []
    for query in (place.query, *others):
        at = Address(step_id, query, place.key, place.head)
        column = key_column(trace, step_id, at, look)
        header = f"{column.header} {trace.example.tokens[query]}"
        columns.append(replace(column, header=header, current=query == place.query))
        if step_id == "weights":
            marks.extend(replace(bar, header=trace.example.tokens[query]) for bar in _bars(column, look))
    return _listing(trace, place, columns, look, marks)


def key_column(trace: Trace, step_id: str, at: Address, look: Look, sign: str = "") -> Column:
    """One query's row of a step, a number for each key."""
    return Column(
        trace.step(step_id).symbol,
        trace.row(step_id, at.row, at.head),
        step_format(trace, step_id, at.head, look.digits),
        before=row_before(trace, step_id, at.row, at.head),
        name=step_id,
        at=lambda key: (at.row, key),
        head=at.head,
        current=True,
        shaded=step_id == "weights",
        sign=sign,
    )


def _features(
    trace: Trace, step_id: str, symbol: str, features: Sequence[int], at: Address, look: Look
) -> list[Column]:
    """Columns of keys or values."""
    written = step_format(trace, step_id, at.head, look.digits)
    vectors = trace.matrix(step_id, at.head)
    before = _vectors_before(trace, step_id, at.head)

    def column(feature: int) -> Column:
        return Column(
            f"{symbol} {feature}",
            vectors[:, feature],
            written,
            before=None if before is None else before[:, feature],
            name=step_id,
            at=lambda key: (key, feature),
            head=at.head,
        )

    return [column(feature) for feature in features]


def _vectors_before(trace: Trace, step_id: str, head: int) -> FloatArray | None:
    before = trace.compared_to
    return before.matrix(step_id, head) if before is not None and before.has(step_id) else None


def _handed_before(trace: Trace, at: Address, feature: int) -> FloatArray | None:
    weights, values = row_before(trace, "weights", at.row, at.head), _vectors_before(trace, "values", at.head)
    return None if weights is None or values is None else weights * values[:, feature]


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
    order: Sequence[int] | None = None,
    shares_of: Address | None = None,
) -> Block:
    """The listing with as many of its marks as fit, the last ones longest, then with as many columns.

    With `shares_of`, the tokens that the query of this cell attends to most are shown where not all fit.
    """
    shares = None if shares_of is None else _shares(trace, shares_of, look)
    always = () if shares_of is None else _own_row(trace, shares_of.row)
    kept, shown = list(marks), list(columns)
    while True:
        listing = Listing(
            trace.example.keys,
            place.key,
            shown,
            kept,
            order,
            top_label=top_label if any(column.top for column in shown) else "",
            bottom_label=bottom_label,
            shares=shares,
            always=always,
        )
        drawn = listing_block(listing, look)
        if drawn.width <= look.width or (not kept and len(shown) == 1):
            return drawn
        if kept:
            kept.pop(0)
        else:
            shown.pop(0)


def _widest(listing: ListingOf, most: int, look: Look, terms: bool = False) -> Block:
    """The listing with as many features as fit, at least one; `terms`: they are the terms of the current cell."""
    one = listing_block(listing(1), look)
    each = listing_block(listing(2), look).width - one.width if most > 1 else 1
    likely = 1 + max(0, look.width - one.width) // max(1, each)
    for shown in range(min(most, likely + 1), 0, -1):
        drawn = listing_block(listing(shown), look)
        if drawn.width <= look.width:
            break
    return replace(drawn, terms=shown) if terms else drawn


def _shares(trace: Trace, at: Address, look: Look) -> FloatArray | None:
    """(s,): the query's weights; None where a hidden one would be told by what is shown."""
    return None if look.hidden.touches("weights", at.head) else trace.row("weights", at.row, at.head)


def _own_row(trace: Trace, query: int) -> tuple[int, ...]:
    """The query among the keys, where it is one of them."""
    return (query,) if trace.example.context is None and query < trace.shape.keys else ()


def _bars(weights: Column, look: Look) -> tuple[Marks, ...]:
    """Bars as long as the shares that are not hidden."""

    def bar(key: int) -> Text:
        halves = 0 if is_hidden(weights, key, look) else round(float(weights.values[key]) * 2 * _BAR)
        return left_cell(look.signs(" " + "█" * (halves // 2) + "▌" * (halves % 2)), look.palette.key)

    return (Marks("", bar),)
