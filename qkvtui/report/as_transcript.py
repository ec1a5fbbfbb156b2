"""Lessons as sentences in reading order, for screen readers and braille: no boxes, no columns, no signs to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..graph.example import Example
from ..narration.sentences import Role, filled, quoted
from ..narration.spoken import closed_up, spelled
from ..pages.lines import Line, line_of
from ..pages.page import Page, PageWords
from ..pages.reading import ReadRow, ReadTable, read_tables
from ..pages.tables import Layout, Lines, TableCell
from ..trace.lesson import Lesson
from ..trace.trace import Trace
from ..views.look import Look
from .request import PrintedLesson, Request
from .told import Printed

_APART = re.compile(r" {3,}")
_VERDICTS = {"✓": "holds", "✗": "fails"}


def lessons(printed: Sequence[Printed], request: Request) -> str:
    """All lessons, a sentence or a row of a table a line, and a blank line between what does not belong together."""
    parts = [part for one in printed for part in Transcript(one).parts()]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def sentences_told(example: Example, look: Look) -> list[str]:
    """The words that ask, and those that are looked at where they are others."""
    listed = look.texts.list_separator
    sentences = [("sentence", example.tokens), *([("context", example.context)] if example.context else [])]
    return [f"{look.word(name)}{look.word('colon')}{listed.join(tokens)}" for name, tokens in sentences]


def steps_told(trace: Trace, look: Look) -> Iterator[str]:
    """All steps in order, with their formulas."""
    for step in trace.walk:
        formula = look.formula(step) if step.type.has_numbers else ""
        yield f"{step.number}. {look.step_name(step)}{look.word('colon') if formula else ''}{formula}"


class Transcript:
    """One lesson, or one report, as it is read to somebody."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed.unbounded()
        self._signs = printed.look.signs
        self._look: Look = self._printed.look
        self._read: set[tuple[object, ...]] = set()

    def parts(self) -> Iterator[list[str]]:
        """What belongs together, each on lines of its own."""
        for words in self._printed.front():
            yield self._front(words)
        for page in self._printed.whole_pages():
            yield from self._page(page)

    def _front(self, words: PageWords) -> list[str]:
        if isinstance(self._printed, PrintedLesson) and words.about == "sentence":
            return self._sentence(self._printed.lesson)
        if isinstance(self._printed, PrintedLesson) and words.about == "map":
            return self._steps(self._printed.lesson)
        return [self._said(line) for line in words.whole]

    def _sentence(self, lesson: Lesson) -> list[str]:
        look, example = self._look, lesson.trace.example
        query = quoted(example.tokens[lesson.place.query], look.texts.quotes)
        asks = filled(look.texts.spoken["asks"], lambda _: query)
        return [*sentences_told(example, look), self._spoken((one.text, one.role) for one in asks)]

    def _steps(self, lesson: Lesson) -> list[str]:
        return [self._word("steps"), *map(self._spelled, steps_told(lesson.trace, self._look))]

    def _page(self, page: Page) -> Iterator[list[str]]:
        if page.heading is not None:
            yield self._heading(page)
        drawn = any(isinstance(part, Lines) for part in page.parts)
        for part in page.parts:
            if isinstance(part, Layout):
                for table in read_tables(part, self._printed.names):
                    yield list(self._table(table))
            elif part.about == "blanks":
                yield [self._spelled(one) for line in part.whole for one in _APART.split(line.text)]
            elif part.about == "worked":
                yield [self._worked(line) for line in part.whole]
            elif not (part.about == "caption" and drawn):
                yield [self._said(line) for line in part.whole if line.text.strip()]

    def _heading(self, page: Page) -> list[str]:
        heading, look = page.heading, self._look
        assert heading is not None
        step = look.word("step", number=heading.number, count=heading.count)
        told = [self._word("step_heading", step=step, name=self._spelled(heading.name))]
        if heading.head is not None:
            told.append(self._word("in_head", head=heading.head))
        formula = self._spelled(heading.formula)
        if "=" in heading.formula or "←" in heading.formula:
            told.append(self._word("formula", formula=formula))
        said = "".join(told)
        return [said[:1].upper() + said[1:]]

    def _table(self, table: ReadTable) -> Iterator[str]:
        columns = [self._label(one) for one in table.columns]
        symbol = self._spelled(table.symbol)
        known = (symbol, *columns, *(cell.text for row in table.rows for cell in row.cells))
        if symbol and known in self._read:
            yield self._word("as_above", symbol=symbol)
            return
        self._read.add(known)
        listed = self._look.texts.list_separator.join(one for one in columns if one)
        how = "table_plain" if not symbol else "table_of_one" if len(table.rows) == 1 else "table"
        yield self._word(how, symbol=symbol, rows=len(table.rows), columns=listed)
        short = [self._label(one.partition(" = ")[0]) for one in table.columns]
        for row in table.rows:
            yield self._row(row, short)

    def _row(self, row: ReadRow, columns: Sequence[str]) -> str:
        if row.is_left_out:
            return self._word("more_rows", count=row.label.removeprefix("+"))
        cells = (self._cell(cell, label) for cell, label in zip(row.cells, columns, strict=True) if cell.text)
        before, _, after = self._word("row", label=self._label(row.label), cells="\n").partition("\n")
        return closed_up(before) + self._word("end_of_cells").join(cells) + after

    def _cell(self, cell: TableCell, column: str) -> str:
        number, verdict = _without_verdict(cell.text)
        how = "of_token" if column in self._printed.labels else "numbered" if column.isdecimal() else "named"
        told = self._word(how, column=column, number=self._spelled(number)) if column else self._spelled(number)
        notes = [*(["current"] if cell.role is Role.CURRENT else []), *([verdict] if verdict else [])]
        for note in notes:
            told = self._word("noted", number=told, note=self._word(note))
        return told

    def _worked(self, line: Line) -> str:
        """The address, a colon, and what comes of what; a verdict at the end in words."""
        text, verdict = _without_verdict(line.text.rstrip())
        text = _APART.sub(self._word("end_of_cells"), text.replace("   (", " ("))
        text = text.replace("  ", self._look.word("colon"), 1)
        told = self._spelled(text)
        return self._word("noted", number=told, note=self._word(verdict)) if verdict else told

    def _label(self, text: str) -> str:
        return text if text in self._printed.labels else self._spelled(text)

    def _said(self, line: Line) -> str:
        return self._spoken((piece.text, piece.role) for piece in line.pieces)

    def _spoken(self, pieces: Iterable[tuple[str, Role]]) -> str:
        return spelled(pieces, self._look.texts, self._signs)

    def _spelled(self, text: str) -> str:
        return self._said(line_of(text))

    def _word(self, name: str, /, **values: object) -> str:
        return self._look.texts.spoken[name].format(**values)


def _without_verdict(text: str) -> tuple[str, str]:
    """The text before a sign of a verdict, and the name of the verdict; empty where there is none."""
    for sign, name in _VERDICTS.items():
        if text.endswith(f" {sign}"):
            return text.removesuffix(f" {sign}"), name
    return text, ""
