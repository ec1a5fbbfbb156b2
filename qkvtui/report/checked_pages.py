"""What `qkvtui check` found, as pages of a document: about files, or about the answers to a worksheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from ..files.clean import clean_line
from ..narration.numbers import number
from ..pages.lines import Line, line_of
from ..pages.page import GAP, Page, PageWords, said
from ..pages.tables import Layout
from ..trace.labels import step_labels
from ..trace.trace import Trace
from ..views.look import Look
from .checking import Check, check_parts, summary
from .findings import Evidence
from .grades import GradedFile, grade_parts
from .indented import Indented
from .told import ToldReport, heading, listing

_COMMAND = "qkvtui check"
_MOST_NAMED = 3


def check_report(checks: Sequence[Check], look: Look) -> ToldReport:
    """Each file with what is wrong in it and why, and a summary where there are several."""

    def pages(room: Look) -> Iterator[Page]:
        for check in checks:
            yield Page(tuple(_parts(check_parts(check, room), check.trace, room)))
        for told in summary(checks, room):
            yield Page((said("sentences", [line_of(told)], room),))

    names = [clean_line(check.path) for check in checks[:_MOST_NAMED]]
    more = [look.signs("…")] if len(checks) > _MOST_NAMED else []
    labels = {token for check in checks if check.trace is not None for token in check.trace.example.keys}
    return ToldReport(" ".join([_COMMAND, *names, *more]), look, pages, frozenset(labels))


def grade_report(trace: Trace, graded: GradedFile, look: Look) -> ToldReport:
    """The points, every answer that is not simply right, and every line that is no answer."""

    def pages(room: Look) -> Iterator[Page]:
        yield Page(tuple(_parts(grade_parts(trace, graded, room), trace, room)))

    title = " ".join((_COMMAND, clean_line(trace.example.name), "--answers", clean_line(graded.name)))
    return ToldReport(title, look, pages, frozenset(trace.example.keys))


def _parts(
    parts: Iterable[Indented | Evidence | None], trace: Trace | None, look: Look
) -> Iterator[PageWords | Layout]:
    """What came of it as a heading, what belongs together in paragraphs that follow each other, rows as tables."""
    lines: list[Line] = []
    for index, part in enumerate(parts):
        if isinstance(part, Indented) and index:
            lines.append(look.spoken(part.said))
            continue
        if lines:
            yield said("sentences", lines, look)
            lines = []
        if isinstance(part, Evidence) and trace is not None:
            yield from listing(_rows(part, trace, look), look)
        elif isinstance(part, Indented):
            yield heading(look.spoken(part.said), look)
        else:
            yield GAP
    if lines:
        yield said("sentences", lines, look)


def _rows(part: Evidence, trace: Trace, look: Look) -> list[list[str]]:
    """The rows below the labels of their columns."""
    labels = step_labels(trace, trace.step(part.first.step), look.language, part.first.head)[1]
    written = [[label, *(number(one, decimals) for one in values)] for label, values, decimals in part.rows]
    whole = zip_longest(["", *labels], *written, fillvalue="")
    return [list(row) for row in zip(*whole, strict=True)]
