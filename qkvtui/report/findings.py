"""What `check` says about published numbers that do not hold: the first mistakes, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len

from ..narration.numbers import digits_apart, number
from ..narration.sentences import Role, Sentence, Span, filled, plain
from ..narration.slips import Wrong, slip_names, slip_sentence
from ..operations.tensors import Address
from ..records import record
from ..trace.addresses import format_address
from ..trace.published import Comparison, published_row
from ..trace.slips.clues import Clue
from ..trace.slips.diagnosis import Diagnosis, Finding
from ..trace.slips.rounding_off import WHOLE_ROWS
from ..trace.slips.search import MOST_FOR_PAIRS, MOST_FOR_SINGLES
from ..trace.slips.table import ARITHMETIC, EARLY_ROUNDING
from ..trace.trace import Trace
from ..views.look import Look
from .indented import SHIFT, Indented, indented_lines

MOST_CELLS = 12
"""A finding with more wrong numbers counts the rest."""
_TEXTS = ("cell", "cells", "step")
"""What is filled into a text and is no number."""


@record(frozen=True)
class Evidence:
    """A row as it was printed, as a slip gives it, and as it should be."""

    first: Comparison
    """Its first wrong number."""
    rows: tuple[tuple[str, Sequence[float], int], ...]
    """What each is called, its numbers, and their decimals."""


Found = Indented | Evidence


def finding_parts(trace: Trace, diagnosis: Diagnosis, look: Look) -> Iterator[Found]:
    """Every finding: its first number, the reason, its other numbers; then what was only dragged along."""
    says = _Says(trace, look)
    for finding in diagnosis.findings:
        yield from says.finding(finding)
    if diagnosis.carried:
        yield Indented(says.carried(diagnosis.carried), 1)
    for clue in diagnosis.clues:
        yield Indented(says.clue(clue), 1)
    if not diagnosis.searched:
        yield Indented(says.phrase("too_large", most=MOST_FOR_SINGLES), 1)
    elif not diagnosis.paired and not set(diagnosis.slips) - {ARITHMETIC}:
        yield Indented(says.phrase("unpaired", most=MOST_FOR_PAIRS), 1)


def finding_lines(trace: Trace, diagnosis: Diagnosis, look: Look) -> Iterator[str]:
    """The same as lines of text."""
    for part in finding_parts(trace, diagnosis, look):
        yield from evidence_lines(part, look) if isinstance(part, Evidence) else indented_lines(part, look)


def evidence_lines(part: Evidence, look: Look) -> Iterator[str]:
    """The rows below each other, number below number."""
    labels = max(cell_len(label) for label, _, _ in part.rows)
    written = [[number(one, decimals) for one in values[:MOST_CELLS]] for _, values, decimals in part.rows]
    widths = [max(map(len, column)) for column in zip_longest(*written, fillvalue="")]
    more = " …" if any(len(values) > MOST_CELLS for _, values, _ in part.rows) else ""
    for (label, _, _), numbers in zip(part.rows, written, strict=True):
        shown = " ".join(text.ljust(width) for text, width in zip(numbers, widths, strict=False)).rstrip()
        yield look.signs(f"{SHIFT * 3}{label}{' ' * (labels - cell_len(label))}  {shown}{more}")


class _Says:
    """Sentences and lines about one trace, as they are to look."""

    def __init__(self, trace: Trace, look: Look) -> None:
        published = trace.example.published
        assert published is not None
        self._trace = trace
        self._look = look
        self._published = published

    def _digits(self, one: Comparison) -> int:
        return self._published.decimals_of(one.step)

    def finding(self, finding: Finding) -> Iterator[Found]:
        """The parts of one finding."""
        first, *others = (self._cell(finding, index) for index in range(len(finding.cells)))
        yield Indented(first, 1, wraps=False)
        yield from (Indented(sentence, 2) for sentence in self._reasons(finding))
        yield from self._evidence(finding)
        if others:
            yield Indented(self.phrase("likewise"), 2, wraps=False)
            yield from (Indented(one, 3, wraps=False) for one in others[:MOST_CELLS])
        if len(others) > MOST_CELLS:
            yield Indented(self.phrase("more", count=len(others) - MOST_CELLS), 3, wraps=False)

    def _reasons(self, finding: Finding) -> Iterator[Sentence]:
        if not finding.explanations:
            return
        language, first = self._look.language, finding.first
        wrong = Wrong(_address(first), first.published, self._digits(first), finding.conflict, finding.softmaxed)
        explanation, *others = finding.explanations
        label = plain(" + ".join(explanation.slips))
        if finding.follows:
            told = self.phrase("from_print", printed=number(first.published, self._digits(first)))
        else:
            told = slip_sentence(self._trace, explanation, wrong, language)
        yield filled(self._look.texts.words["labelled"], {"label": label, "text": told}.__getitem__)
        if explanation.slips == (ARITHMETIC,) and self._is_last_digit(finding):
            yield self.phrase("last_digit")
        if finding.conflict is not None and first.step != "weights":
            yield self.phrase("invented")
        if finding.misprint:
            yield self.phrase("misprint")
        if WHOLE_ROWS in explanation.parts:
            yield self.phrase("whole_rows")
        if explanation.slips == (EARLY_ROUNDING,) and len(finding.cells) > 1:
            yield self.phrase("furthest", **self._furthest(finding.cells))
        code = self._look.texts.slip_code
        yield from (plain(code[slip]) for slip in explanation.slips if slip in code)
        if others:
            names = slip_names(self._trace, others, wrong, language)
            yield filled(self._look.texts.check["also_fits"], lambda name: names)

    def _evidence(self, finding: Finding) -> Iterator[Evidence]:
        """The printed row of the first number, as the slip gives it, and as it should be."""
        row = finding.explanations[0].row if finding.explanations else ()
        if not row:
            return
        first, says = finding.first, self._look.texts.check
        printed = published_row(self._trace, first.step, first.row, first.head) or ()
        digits = self._digits(first)
        lines = (
            (says["evidence_printed"], printed, digits),
            (says["evidence_slip"], row, digits + 2),
            (says["evidence_right"], self._trace.row(first.step, first.row, first.head).tolist(), digits + 2),
        )
        yield Evidence(first, lines)

    def clue(self, clue: Clue) -> Sentence:
        """What wrong numbers have in common."""
        shown = "" if clue.number is None else f"{clue.number:.4g}"
        values = {"step": clue.step, "number": shown}
        return filled(self._look.texts.clues[clue.kind], lambda value: (_value(value, values[value]),))

    def _furthest(self, cells: Sequence[Comparison]) -> dict[str, str]:
        worst = max(cells, key=lambda one: abs(one.published - one.computed))
        return {
            "cell": self._name(worst),
            "published": number(worst.published, self._digits(worst)),
            "computed": number(worst.computed, self._digits(worst) + 2),
        }

    def _is_last_digit(self, finding: Finding) -> bool:
        near = (abs(one.published - one.computed) < 10.0 ** -self._digits(one) for one in finding.cells)
        return not finding.follows and all(near)

    def _cell(self, finding: Finding, index: int) -> Sentence:
        """`weights[it,animal]: published 0.45, computed 0.2565`."""
        one = finding.cells[index]
        digits = self._digits(one)
        follows = finding.follows[index] if finding.follows else None
        return self.phrase(
            "cell" if follows is None else "cell_from_print",
            cell=self._name(one),
            published=number(one.published, digits),
            computed=number(one.computed, digits_apart(one.computed, one.published, digits + 2)),
            follows=number(follows or 0.0, digits + 2),
        )

    def carried(self, cells: Sequence[Comparison]) -> Sentence:
        """The numbers that were only dragged along."""
        names = self._look.texts.list_separator.join(self._name(one) for one in cells[:MOST_CELLS])
        rest = self._look.texts.check["more"].format(count=len(cells) - MOST_CELLS)
        more = f"{self._look.texts.list_separator}{rest}" if len(cells) > MOST_CELLS else ""
        return self.phrase("carried", cells=f"{names}{more}")

    def phrase(self, name: str, **values: object) -> Sentence:
        """One of the language's texts for `check`; addresses may have tokens in them, which stay as they are."""
        return filled(self._look.texts.check[name], lambda value: (_value(value, values[value]),))

    def _name(self, one: Comparison) -> str:
        return format_address(self._trace, _address(one), self._look.language)


def _value(name: str, value: object) -> Span:
    return Span(str(value), Role.TOKEN if name in _TEXTS else Role.NUMBER)


def _address(one: Comparison) -> Address:
    return Address(one.step, one.row, one.column, one.head)
