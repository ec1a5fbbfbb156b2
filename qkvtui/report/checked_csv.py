"""What `qkvtui check` found as CSV: a row a number that was printed, or an answer that was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..files.spreadsheet import csv_text, harmless
from ..operations.tensors import Address
from ..trace.addresses import format_address
from ..trace.labels import step_labels
from ..trace.published import Comparison
from ..trace.trace import Trace
from .checking import Check
from .grades import GradedFile

_NUMBERS = ("file", "step", "head", "row", "column", "address", "published", "computed", "holds", "slips", "error")
_ANSWERS = ("file", "address", "answer", "value", "right", "verdict", "points", "slips")


def checks_as_csv(checks: Sequence[Check], language: str) -> str:
    """A row for each number that a source printed, in full precision; of an unusable file a row for each error."""
    return csv_text((_NUMBERS, *(row for check in checks for row in _rows(check, language))))


def grade_as_csv(trace: Trace, graded: GradedFile) -> str:
    """A row for each answer."""
    rows = (
        (
            harmless(graded.name),
            format_address(trace, one.cell),
            harmless(one.written),
            "" if one.value is None else repr(float(one.value)),
            repr(float(one.right)),
            one.verdict.value,
            int(one.verdict.counts),
            " ".join(dict.fromkeys(slip for explanation in one.explanations for slip in explanation.slips)),
        )
        for one in graded.grade.answers
    )
    return csv_text((_ANSWERS, *rows))


def _rows(check: Check, language: str) -> Iterator[Sequence[object]]:
    for error in check.errors:
        yield harmless(check.path), *[""] * (len(_NUMBERS) - 2), harmless(error)
    for of_layer in check.each:
        if of_layer.trace is None:
            continue
        slips = {one: finding.slips for finding in of_layer.diagnosis.findings for one in finding.cells}
        for one in of_layer.diagnosis.published:
            yield _row(check, of_layer.trace, one, slips.get(one, ()), language)


def _row(check: Check, trace: Trace, one: Comparison, slips: Sequence[str], language: str) -> Sequence[object]:
    rows, columns = step_labels(trace, trace.step(one.step), language, one.head)
    return (
        harmless(check.path),
        one.step,
        one.head if trace.shape.heads > 1 else "",
        harmless(rows[one.row]),
        harmless(columns[one.column]),
        format_address(trace, Address(one.step, one.row, one.column, one.head)),
        repr(one.published),
        repr(one.computed),
        int(one.agrees),
        " ".join(slips),
        "",
    )
