"""A single published cell, `"scores@1[it,animal]" = 0.9`: which one it names; its number joins those of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..graph.printed import NOT_PRINTED
from ..said import say
from .cells import read_numbers
from .clean import clean_line
from .digits import step_of
from .draft import Draft
from .phrases import is_kind, listed, quoted
from .plan import PublishedPlan
from .printed import Rows, form_of
from .tokens import TokenError, index_in_any, token_index


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
    cell = _cell(clean_line(inside), operation, tokens, columns, place, draft)
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


def _cell(
    inside: str, step: str, rows: Sequence[str], columns: Sequence[Sequence[str]], place: str, draft: Draft
) -> tuple[int, int] | None:
    """Row and column. A token may hold a comma itself, so every comma is tried as the one that divides them."""
    found: list[tuple[int, int]] = []
    failure: TokenError | None = None
    for row, column in _splits(inside):
        try:
            found.append((token_index(row, rows, noun="row"), index_in_any(column, columns, "column")))
        except TokenError as error:
            failure = failure or error
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


def _splits(inside: str) -> Iterator[tuple[str, str]]:
    for position, character in enumerate(inside):
        if character in ",，":
            yield inside[:position], inside[position + 1 :]
