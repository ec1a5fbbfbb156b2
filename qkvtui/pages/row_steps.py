"""Steps that are drawn for one query, a line for each token: scores, scaling, mask, softmax, weighted sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.arithmetic import MOST_TERMS
from ..narration.numbers import NumberFormat, format_for, number, percent
from ..narration.sentences import Role
from ..narration.tells import SLOT
from ..operations.elementwise import Added
from ..operations.tensors import Address, largest
from ..trace.attends import indices_of, lengths
from ..trace.parts import SoftmaxRow
from ..trace.terms import logits_step
from .listings import Column, Listing, Marks, bars, widest_table
from .operands import score_product
from .products import product_layout
from .query_row import (
    feature_columns,
    feature_names,
    in_rows,
    is_named,
    key_column,
    more_features,
    own_row,
    printed_marks,
    row_listing,
    shares_of_row,
)
from .scene import Scene, ShownNumbers, derived
from .tables import Layout, TableCell
from .windows import around

_FEW_FEATURES = 8
"""With more, nobody adds them up by eye: what each token adds in all has a column of its own."""


def scores(scene: Scene, at: Address) -> Layout:
    """The whole product where it fits, else the query's row."""
    return product_layout(score_product(scene, at), scene.room) or score_listing(scene, at)


def score_listing(scene: Scene, at: Address) -> Layout:
    """The query above, the keys below it, and the score of each."""
    trace, room = scene.trace, scene.room
    asks, answers = trace.graph.rows[at.name].operation.sources[:2]
    query = scene.row(asks, at.row, at.head)
    tops = replace(query, before=None).written(scene.format(asks, at.head), room)
    score = key_column(scene, at.name, at, sign="=")
    count = len(query.values)
    products = trace.row(asks, at.row, at.head) * trace.row(answers, at.column, at.head)
    told = scene.touches(asks, at.head) or scene.touches(answers, at.head)
    marks = printed_marks(scene, at)

    def listing(shown: int, longest: int) -> Listing:
        kept = range(shown) if told else largest(products, shown)
        features = feature_columns(scene, answers, kept, at, longest)
        columns = tuple(replace(column, top=tops[index]) for index, column in zip(kept, features, strict=True))
        more = tuple(replace(column, top="…") for column in more_features(count - shown, trace.shape.keys))
        label = room.of_token("q", trace.example.tokens[at.row])
        return Listing(trace.example.keys, scene.place.key, (*columns, *more, score), marks, top_label=label)

    drawn, shown = widest_table(listing, count, room, named=is_named(scene, answers))
    return drawn if told else replace(drawn, terms=shown)


def scaling(scene: Scene, at: Address) -> Layout:
    """Each number of one step × the scale."""
    trace, step = scene.trace, _step_of(scene, at, "scaled")
    source, factor = trace.graph.rows[step].operation.sources[:2]
    number_of = Address(factor, 0, 0)
    count, before = trace.shape.keys, trace.compared_to
    old = np.full(count, before.value(number_of)) if before is not None and before.has(step) else None
    times = ShownNumbers(np.full(count, trace.value(number_of)), before=old)
    columns = (
        key_column(scene, source, at, current=False),
        Column(
            scene.room.word("scale") if factor == "scale" else factor,
            times,
            NumberFormat(max(4, scene.room.digits)),
            current=in_rows(at, factor),
            sign="×",
        ),
        key_column(scene, step, at, current=at.name == step, sign="="),
    )
    return row_listing(scene, columns, printed_marks(scene, replace(at, name=step)))


def masking(scene: Scene, at: Address) -> Layout:
    """Each number of one step + a setting's: the mask's, or another's."""
    trace, step = scene.trace, _step_of(scene, at, "masked")
    operation = trace.graph.rows[step].operation
    assert isinstance(operation, Added)
    addend = trace.row(operation.addend, at.row, at.head)
    sign, here = operation.sign, in_rows(at, operation.addend)
    columns = (
        key_column(scene, operation.source, at, current=False),
        Column(sign, ShownNumbers(addend), format_for(addend, scene.room.digits), current=here, sign="+"),
        key_column(scene, step, at, current=at.name == step, sign="="),
    )
    masked = np.flatnonzero(np.isneginf(addend)).tolist()
    return row_listing(scene, columns, printed_marks(scene, replace(at, name=step)), always=masked)


def _step_of(scene: Scene, at: Address, otherwise: str) -> str:
    """The step that is drawn: the one of the cell, or the one that a setting belongs to."""
    return at.name if scene.trace.has(at.name) else otherwise


def softmax(scene: Scene, at: Address) -> Layout:
    """The row in stages: maximum, shift, exponential, sum, division."""
    trace, room, place = scene.trace, scene.room, scene.place
    here = Address("weights", place.query, place.key, at.head)
    row = trace.softmax_row(here.row, here.head)
    written = NumberFormat(room.digits)
    source = key_column(scene, logits_step(trace), here, current=False)
    exponentials = _exponentials(scene, row.exponentials, here)
    shifted = derived(
        row.shifted if row.totals.any() else np.full_like(row.shifted, np.nan), source.numbers, exponentials
    )
    shift = Column(f"{room.symbols(trace.graph.symbol(logits_step(trace)))} − {room.word('maximum')}", shifted, written)
    exp = Column(
        "exp",
        exponentials,
        written,
        lambda key: replace(here, name="exp", column=key),
        in_rows(at, "exp"),
        summed=True,
    )
    weights = replace(
        key_column(scene, "weights", here, current=at.name == "weights"),
        header=f"{room.symbols('A')} = exp ÷ {room.word('total')}",
        summed=True,
    )
    marks = (bars(weights.numbers, room, Role.BAR, halves=True), *printed_marks(scene, here))
    if trace.softmax_over == "columns":
        stages = _column_stages(scene, row, here, shift, exp)
        return row_listing(scene, (source, *stages, weights), marks, shares_of=here)
    columns = (
        replace(
            source,
            top=_unless_hidden(scene, "max", here, source.written.text(row.maximum)),
            current="top" if at.name == "max" else "",
        ),
        shift,
        replace(
            exp,
            bottom=_unless_hidden(scene, "sum", here, number(row.total, room.digits)),
            current="bottom" if at.name == "sum" else exp.current,
        ),
        replace(weights, bottom=_total_of_weights(scene, row, here)),
    )
    bottom = room.word("total")
    if trace.example.attention.sink:  # one more exponential than the lines show
        of_sink = number(float(trace.row("exp_sink", here.row, at.head)[0]), room.digits)
        bottom = f"{room.word('sink')} {_unless_hidden(scene, 'max', here, of_sink)} + {bottom}"
    return row_listing(scene, columns, marks, (room.word("maximum"), bottom), shares_of=here)


def _total_of_weights(scene: Scene, row: SoftmaxRow, here: Address) -> str:
    """What a row of weights adds up to: 1, which tells nothing, or what a sink has left of it."""
    if scene.trace.example.attention.sink and scene.room.withholds("weights", here.head):
        return SLOT
    return number(float(row.weights.sum()), scene.room.digits)


def _column_stages(
    scene: Scene, row: SoftmaxRow, here: Address, shift: Column, exp: Column
) -> tuple[Column, Column, Column, Column]:
    """Over columns, each number has a maximum and a sum of its own."""
    room = scene.room
    written = NumberFormat(room.digits)

    def stage(header: str, name: str, values: FloatArray) -> Column:
        hidden = scene.mask(name, here.head, ((key, 0) for key in range(len(values))))
        return Column(room.word("of_column", stage=header), ShownNumbers(values).veiled(hidden), written)

    maxima, totals = stage(room.word("maximum"), "max", row.maxima), stage(room.word("total"), "sum", row.totals)
    return maxima, shift, exp, totals


def _exponentials(scene: Scene, values: FloatArray, here: Address) -> ShownNumbers:
    """That of each token, as far as it is shown."""
    hidden = scene.mask("exp", here.head, ((here.row, key) for key in range(len(values))))
    return ShownNumbers(values).veiled(hidden)


def _unless_hidden(scene: Scene, name: str, here: Address, text: str) -> str:
    """What one number of the row is shown as."""
    return SLOT if scene.hides(Address(name, here.row, 0, here.head)) else text


def weighted_sum(scene: Scene, at: Address) -> Layout:
    """Each token's value × its weight, and their sum."""
    trace, room = scene.trace, scene.room
    handed_over = trace.graph.roles["values"]
    values, output = trace.matrix(handed_over, at.head), scene.row("output", at.row, at.head)
    sums = replace(output, before=None).written(scene.format("output", at.head), room)
    share = replace(key_column(scene, "weights", at, current=False), summed=True)
    terms = largest(trace.row("weights", at.row, at.head) * values[:, at.column], MOST_TERMS - 1)

    told = scene.touches(handed_over, at.head) or scene.touches("output", at.head)
    long = ShownNumbers(lengths(values)).veiled(np.ones(len(values), dtype=np.bool_) if told else None)
    adds = Column(room.symbols("|A·V|"), share.numbers.times(long), NumberFormat(room.digits), summed=True)

    def handed(feature: int, name: str, value: Column, sign: str) -> Column:
        products = share.numbers.times(value.numbers)
        if output.hides(feature):  # none that the sum could be told from
            products = products.veiled(np.ones(len(products.values), dtype=np.bool_))
        return Column(
            f"{room.symbols('A')}·{room.of_key(trace.graph.symbol(handed_over))} {name}",
            products,
            NumberFormat(room.digits),
            bottom=sums[feature],
            current="bottom" if feature == at.column else "",
            summed=True,
            sign=sign,
        )

    def listing(shown: int, longest: int) -> Listing:
        features = around(at.column, values.shape[1], shown).shown
        names = feature_names(scene, handed_over, features, longest, at.head)
        given = feature_columns(scene, handed_over, features, at, longest)
        products = [
            handed(feature, name, value, "=" if feature == features[0] else "")
            for feature, name, value in zip(features, names, given, strict=True)
        ]
        given[0] = replace(given[0], sign="×")
        sizes = (adds,) if len(features) < values.shape[1] > _FEW_FEATURES else ()
        more = (replace(one, bottom="…") for one in more_features(values.shape[1] - len(features), trace.shape.keys))
        return Listing(
            trace.example.keys,
            scene.place.key,
            (share, *given, *products, *sizes, *more),
            bottom_label=room.of_token("O", trace.example.tokens[at.row]),
            shares=shares_of_row(scene, at),
            always=(*own_row(scene, at.row), *terms),
        )

    return widest_table(listing, values.shape[1], room, named=is_named(scene, handed_over))[0]


def summary(scene: Scene, at: Address) -> Layout:
    """Whom the query attends to, largest share first; in the order of the tokens where a share is hidden."""
    room = scene.room
    weights = replace(key_column(scene, "weights", at), summed=True)
    numbers = weights.numbers

    def percentage(key: int) -> TableCell:
        share = numbers.share(key)
        return TableCell(left=True) if share is None else TableCell(percent(share), lead=" ", left=True)

    marks = (
        Marks(room.word("share"), percentage),
        bars(numbers, room, Role.BAR, halves=True),
        *printed_marks(scene, at),
    )
    seen = scene.attends(at.row, at.head)
    if seen is None:
        return row_listing(scene, (weights,), marks)
    return row_listing(scene, (weights,), marks, order=indices_of(seen.ranked), shares_of=at)


def several_queries(scene: Scene, others: Sequence[int], step_id: str) -> Layout:
    """One step's row for the query and, beside it, for others: attention depends on who asks."""
    place, tokens = scene.place, scene.trace.example.tokens
    columns: list[Column] = []
    marks: list[Marks] = []
    for query in (place.query, *others):
        column = key_column(scene, step_id, Address(step_id, query, place.key, place.head), query == place.query)
        columns.append(replace(column, header=f"{column.header} {tokens[query]}"))
        if column.shaded:
            marks.append(replace(bars(column.numbers, scene.room, Role.BAR, halves=True), header=tokens[query]))
    return row_listing(scene, columns, marks)
