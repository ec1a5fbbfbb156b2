"""The published, or wanted, numbers of one step: the whole matrix, rows by token, or single cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..engine.arrays import FloatArray
from ..graph.printed import NOT_PRINTED
from ..graph.steps import PUBLISHED
from ..said import say
from .cells import read_numbers
from .clean import clean_line
from .digits import step_of
from .draft import Draft
from .forms import Form, need
from .literals import literal_vector
from .matrices import ArrayReader
from .phrases import is_kind, listed, quoted
from .plan import PublishedPlan
from .tokens import TokenError, index_in_any, pairs_in, token_index

Rows = dict[int, tuple[float, ...]]


def form_of(step: str, plan: PublishedPlan, *, wanted: bool = False) -> Form:
    """What the numbers of a step look like; those that are wanted are all there, and finite.

    Null is −∞ where there is a mask, as everywhere in JSON, and else a number that the source did not print.
    """
    operation = step_of(step)
    tokens = plan.tokens_of(operation)
    null = -math.inf if PUBLISHED[operation].needs == "mask" else NOT_PRINTED
    return Form(
        operation,
        rows=need(None if tokens is None else len(tokens), say("one for each token")),
        columns=plan.width_of(operation),
        minus_infinity=not wanted,
        gaps=not wanted,
        null=None if wanted else null,
    )


def read_rows(
    value: object, place: str, step: str, reader: ArrayReader, plan: PublishedPlan, *, wanted: bool = False
) -> Rows:
    """The rows by index, as far as they are sound; `step` is `weights`, or `weights@1` for another head."""
    operation = step_of(step)
    tokens = plan.tokens_of(operation)
    form = form_of(step, plan, wanted=wanted)
    if isinstance(value, dict):
        return _by_token(
            value, place, tokens, form._replace(name=say("a row of {operation}", operation=operation)), reader
        )
    if not isinstance(value, list | str):
        expected = say(
            "{operation} is a whole matrix, or rows by token, as in {{ it = [0.4, 0.6] }}", operation=operation
        )
        reader.draft.report(place, is_kind(value), expected)
        return {}
    matrix = reader.matrix(value, place, form)
    return {} if matrix is None else dict(enumerate(map(_numbers, matrix)))


def _by_token(
    given: dict[str, object], place: str, tokens: tuple[str, ...] | None, form: Form, reader: ArrayReader
) -> Rows:
    rows: Rows = {}
    labels: dict[int, str] = {}
    if not given:
        reader.draft.report(place, say("is an empty table"), say("it has a row for at least one token"))
    for label, value in given.items():
        where = f"{place}.{quoted(label)[1:-1]}"
        row = literal_vector(value, where, form, reader.draft)
        try:
            index = None if tokens is None else token_index(clean_line(label), tokens)
        except TokenError as error:
            reader.draft.report(where, error.problem, error.expected)
            continue
        if index is None:
            continue
        if index in labels:
            reader.draft.report(
                where,
                say("is row {index} again", index=index),
                say("{label} is that row already", label=quoted(labels[index])),
            )
        labels[index] = label
        if row is not None:
            rows[index] = _numbers(row)
    return rows


def _numbers(row: FloatArray) -> tuple[float, ...]:
    return tuple(NOT_PRINTED if math.isnan(number) else number for number in row.tolist())


def read_cell(value: object, place: str, step: str, inside: str, rows: Rows, plan: PublishedPlan, draft: Draft) -> None:
    """Put the number of `step[inside]` into the step's rows, or report what is wrong with it."""
    form = form_of(step, plan)
    operation = step_of(step)
    tokens, width = plan.tokens_of(operation), form.columns
    if isinstance(value, list | dict):
        draft.report(place, is_kind(value), say("a single cell has one number"))
        return
    numbers = read_numbers([value], lambda _: place, draft, form)
    if numbers is None or tokens is None or width is None:
        return
    columns = plan.columns_of(operation, int(step.partition("@")[2] or 0), width.number)
    cell = _named_cell(clean_line(inside), operation, tokens, columns, place, draft)
    if cell is None:
        return
    row, column = cell
    there = rows.get(row, (NOT_PRINTED,) * width.number)
    if there[column] == there[column]:
        draft.report(
            place,
            say("is given again"),
            say("row {row} of {operation} has this number already", row=row, operation=operation),
        )
        return
    rows[row] = (*there[:column], numbers[0], *there[column + 1 :])


def _named_cell(
    inside: str, step: str, rows: Sequence[str], columns: Sequence[Sequence[str]], place: str, draft: Draft
) -> tuple[int, int] | None:
    """Row and column."""

    def read(row: str, column: str) -> tuple[int, int]:
        return token_index(row, rows, noun="row"), index_in_any(column, columns, "column")

    found, failure = pairs_in(inside, read, ",，")
    if len(found) == 1:
        return found[0]
    if found:
        ways = listed([f'"{step}[#{row},#{column}]"' for row, column in found], "or")
        draft.report(
            place,
            say("can be read in {count} ways", count=len(found)),
            say("say which by its indices: {ways}", ways=ways),
        )
    elif failure is not None:
        draft.report(place, failure.problem, failure.expected)
    else:
        draft.report(place, say("names {text} only", text=quoted(inside)), say('write "{step}[ROW,COLUMN]"', step=step))
    return None
