"""The published, or wanted, numbers of one step: the whole matrix, or rows by token."""

from __future__ import annotations

import math

from ..engine.arrays import FloatArray
from ..graph.printed import NOT_PRINTED
from ..graph.steps import PUBLISHED
from ..said import say
from .clean import clean_line
from .digits import step_of
from .forms import Form, need
from .literals import literal_vector
from .matrices import ArrayReader
from .phrases import is_kind, quoted
from .plan import PublishedPlan
from .tokens import TokenError, token_index

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
