"""The answers of a class as one table: a row a file, a column a step; and what most got wrong."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from .. import __version__
from ..errors import Problem
from ..files.clean import clean_line
from ..files.spreadsheet import FORMULA_STARTS, csv_text
from ..narration.sentences import text_of
from ..narration.slips import Wrong, slip_names
from ..operations.tensors import Address
from ..pages.lines import cell_len, line_of, shorten, wrap
from ..records import record
from ..said import in_language
from ..trace.addresses import format_address
from ..trace.grading import Grade, GradedAnswer
from ..trace.trace import Trace
from ..views.look import Look
from .as_json import json_text
from .grades import FORMAT, step_objects, unread_objects

_MOST_MISSED = 10
_LONGEST_NAME = 30
_GAP = 2


@record(frozen=True)
class HandedInGrade:
    """One file of a class."""

    name: str
    grade: Grade | None
    """None where the file cannot be used."""
    problems: tuple[Problem, ...] = ()
    """Its lines that are no answers, or why it cannot be used."""


@record(frozen=True)
class ClassGrades:
    """All files of a class, by one sheet."""

    trace: Trace
    asked: tuple[Address, ...]
    files: tuple[HandedInGrade, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that are asked for, in their order."""
        return tuple(dict.fromkeys(cell.name for cell in self.asked))

    @property
    def totals(self) -> tuple[int, ...]:
        """How many points each of them gives."""
        return tuple(sum(cell.name == step for cell in self.asked) for step in self.steps)

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Those of the files that can be used."""
        return tuple(one.grade for one in self.files if one.grade is not None)

    @property
    def usable(self) -> bool:
        """Whether all files are."""
        return len(self.grades) == len(self.files)


@record(frozen=True)
class MissedCell:
    """A number that several got wrong."""

    cell: Address
    lost: tuple[GradedAnswer, ...]
    slips: tuple[tuple[GradedAnswer, int], ...]
    """An answer for each likeliest slip of those answers, and how many have it; the most frequent first."""


def class_as_text(found: ClassGrades, look: Look) -> str:
    """The table, what most got wrong, and what could not be read."""
    return "".join(f"{line}\n" for line in _lines(found, look))


def class_as_csv(found: ClassGrades, language: str) -> str:
    """The table alone, for a spreadsheet."""
    rows: list[Sequence[object]] = [("file", *found.steps, "points", "total", "problems")]
    for one in found.files:
        name = f"./{one.name}" if one.name.startswith(FORMULA_STARTS) else one.name
        problems = "; ".join(clean_line(in_language(str(problem), language)) for problem in one.problems)
        rows.append((name, *_points(found, one), len(found.asked), problems))
    return csv_text(rows)


def class_as_json(found: ClassGrades) -> str:
    """Everything as one object."""
    return json_text(
        {
            "format": FORMAT,
            "program": f"qkvtui {__version__}",
            "example": found.trace.example.name,
            "total": len(found.asked),
            "files": [_object(found, one) for one in found.files],
            "missed": [_missed_object(found.trace, one) for one in missed(found)],
        }
    )


def missed(found: ClassGrades) -> tuple[MissedCell, ...]:
    """The numbers that most of the class got wrong, the most frequent first; of several files at least two."""
    cells = []
    for index, cell in enumerate(found.asked):
        lost = tuple(grade.answers[index] for grade in found.grades if not grade.answers[index].verdict.counts)
        if len(lost) >= min(2, len(found.grades)) and lost:
            cells.append(MissedCell(cell, lost, _likeliest(lost)))
    return tuple(sorted(cells, key=lambda one: -len(one.lost))[:_MOST_MISSED])


def _likeliest(lost: Sequence[GradedAnswer]) -> tuple[tuple[GradedAnswer, int], ...]:
    explained = [one for one in lost if one.explanations]
    counts = Counter(one.explanations[0].slips for one in explained)
    return tuple(
        (next(one for one in explained if one.explanations[0].slips == slips), count)
        for slips, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


def _lines(found: ClassGrades, look: Look) -> Iterator[str]:
    says, name = look.texts.worksheet, clean_line(found.trace.example.name)
    yield look.signs(says["class"].format(name=name, count=len(found.files), total=len(found.asked)))
    yield ""
    yield from _table(found, look)
    most = missed(found)
    if most:
        yield from ("", look.signs(says["missed"]))
    for one in most:
        yield from _indented(_missed_line(found, one, look), look)
    names = _names(found)
    problems = [(names[one.name], problem) for one in found.files for problem in one.problems]
    if problems:
        yield from ("", look.signs(says["not_used"]))
    for file, problem in problems:
        yield from _indented(
            look.signs(file + look.word("colon") + clean_line(in_language(str(problem), look.language))), look
        )


def _table(found: ClassGrades, look: Look) -> Iterator[str]:
    says, steps = look.texts.worksheet, found.steps
    names = _names(found)
    rows = [[shorten(names[one.name], _LONGEST_NAME), *map(str, _points(found, one))] for one in found.files]
    head = ["", *steps, says["points_column"]]
    legend: list[str] = []
    if _width([head, *rows]) > look.width:  # steps by number, and what the numbers stand for below
        head = ["", *(str(number) for number, _ in enumerate(steps, 1)), says["points_column"]]
        legend = [f"{number} {step}" for number, step in enumerate(steps, 1)]
    of = [says["possible"], *map(str, (*found.totals, len(found.asked)))]
    table = [[look.signs(cell) for cell in row] for row in (head, of, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for first, *numbers in table:
        cells = [f"{' ' * (width - cell_len(one))}{one}" for one, width in zip(numbers, widths[1:], strict=True)]
        yield (" " * _GAP).join((f"{first}{' ' * (widths[0] - cell_len(first))}", *cells))
    if legend:
        yield from ("", *(line.text for line in wrap(line_of(", ".join(legend)), look.width)))


def _names(found: ClassGrades) -> dict[str, str]:
    """Path → what stands for it on the page: the name of the file, where no other has that."""
    short = {one.name: os.path.basename(one.name) for one in found.files}
    often = Counter(short.values())
    return {path: clean_line(name if often[name] == 1 else path) for path, name in short.items()}


def _width(table: Sequence[Sequence[str]]) -> int:
    columns = list(zip(*table, strict=True))
    return sum(max(map(cell_len, column)) for column in columns) + _GAP * (len(columns) - 1)


def _points(found: ClassGrades, one: HandedInGrade) -> Sequence[int | str]:
    """The points of each step and in all; a file that cannot be used has none."""
    if one.grade is None:
        return [""] * len(found.steps) + ["-"]
    of_steps = {step: part.points for step, part in one.grade.steps}
    return [*(of_steps[step] for step in found.steps), one.grade.points]


def _missed_line(found: ClassGrades, one: MissedCell, look: Look) -> str:
    says = look.texts.worksheet
    said = says["missed_by"].format(
        cell=format_address(found.trace, one.cell, look.language), count=len(one.lost), files=len(found.grades)
    )
    if one.slips:
        answer, count = one.slips[0]
        wrong = Wrong(one.cell, answer.value or 0.0, max(0, answer.decimals))
        name = text_of(slip_names(found.trace, answer.explanations[:1], wrong, look.language))
        said += says["missed_slip"].format(slip=name, count=count)
    return look.signs(said)


def _indented(text: str, look: Look) -> Iterator[str]:
    for line in wrap(line_of(text), look.width - 4):
        yield f"    {line.text}"


def _object(found: ClassGrades, one: HandedInGrade) -> dict[str, Any]:
    grade = one.grade
    return {
        "path": one.name,
        "valid": grade is not None,
        "errors": [str(problem) for problem in one.problems] if grade is None else [],
        "points": None if grade is None else grade.points,
        "steps": [] if grade is None else step_objects(grade),
        "unread": [] if grade is None else unread_objects(one.problems),
    }


def _missed_object(trace: Trace, one: MissedCell) -> dict[str, Any]:
    return {
        "address": format_address(trace, one.cell),
        "lost": len(one.lost),
        "slips": [{"id": "+".join(answer.explanations[0].slips), "count": count} for answer, count in one.slips],
    }
