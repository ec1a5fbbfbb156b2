"""What `grade` and `check --answers` do: points for filled-in worksheets."""

from __future__ import annotations

import os
from collections.abc import Sequence

from .command_line import GradeOptions, LessonOptions, given
from .errors import ExampleError, Problem, UsageError
from .files.answers import AnswerFile, read_answers
from .files.find import STANDARD_INPUT, split_address
from .lesson_asked import open_lesson
from .look_asked import check_look, page_look, usual_format
from .operations.tensors import Address
from .report.asked import check_grading, check_seed
from .report.class_grades import ClassGrades, HandedInGrade, class_as_csv, class_as_json, class_as_text
from .report.formats import format_asked
from .report.grades import GradedFile, grade_as_json, grade_as_text
from .report.output import Output
from .report.request import Request
from .report.sheets import another_sheet, complete, read_sheet
from .report.steps_asked import step_ids
from .said import say
from .trace.blanks import ALL, blanks, rows_of
from .trace.grading import grade
from .trace.handed_in import HandedIn, handed_in
from .trace.lesson import Lesson
from .trace.trace import Trace
from .views.look import Look

_SHEETS = (".csv", ".tsv", ".txt")
"""Endings of a worksheet's own file; anything else is an example."""


def run_answers(options: LessonOptions) -> int:
    """`qkvtui check --answers`; 1 where a point was lost."""
    options.format = format_asked("check", options, otherwise=usual_format(options))
    output = Output(options.output, force=options.force)
    file = read_answers(given(options.answers))
    if file.sheet:
        complete(options, read_sheet(file.sheet), file.name)
        options.examples = [_beside(one, given(options.answers)) for one in options.examples]
    check_grading(options)
    lesson = open_lesson(options.examples[0], options)
    asked = _asked(lesson, options, output)
    handed = _handed_in(lesson, file, asked, f"--blank {options.blank}")
    cells = _whole_rows(lesson, [handed]) if asked is None else asked
    found = grade(lesson.trace, cells, handed.written, options.digits, refused=handed.refused)
    graded = GradedFile(file.name, found, handed.unread)
    output.write(_told(lesson.trace, graded, options, check_look(options, output)))
    return 0 if found.full else 1


def _told(trace: Trace, graded: GradedFile, options: LessonOptions, look: Look) -> str:
    """One file of answers, in the format that is asked for."""
    if options.format == "text":
        return grade_as_text(trace, graded, look)
    if options.format == "json":
        return grade_as_json(trace, graded)
    if options.format == "csv":
        from .report.checked_csv import grade_as_csv

        return grade_as_csv(trace, graded)
    from .report.checked_pages import grade_report
    from .report.told import report_written

    return report_written(grade_report(trace, graded, look), options)


def run_grade(options: GradeOptions) -> int:
    """`qkvtui grade`; 2 where a file cannot be used: the others are graded all the same."""
    options.format = format_asked("grade", options)
    output = Output(options.output, force=options.force)
    sheet = _open_sheet(options)
    check_seed(options)
    lesson = open_lesson(options.examples[0], options)
    asked = _asked(lesson, options, output) if sheet is None else _of_sheet(lesson, sheet)
    handed = {path: _usable(lesson, path, asked, options) for path in _paths(options, sheet)}
    usable = [one for one in handed.values() if isinstance(one, HandedIn)]
    if not handed:
        raise UsageError(say("{file}: is the sheet itself; name the answers to it as well", file=options.sheet))
    found = ClassGrades(
        lesson.trace,
        cells := _whole_rows(lesson, usable) if asked is None else asked,
        tuple(_graded(lesson, path, one, cells, options.digits) for path, one in handed.items()),
    )
    if options.format == "json":
        output.write(class_as_json(found))
    elif options.format == "csv":
        output.write(class_as_csv(found, check_look(options, output).language))
    else:
        output.write(class_as_text(found, check_look(options, output)))
    return 0 if found.usable else 2


def _open_sheet(options: GradeOptions) -> AnswerFile | None:
    """The worksheet's file, whose options and example are then those asked for; None where SHEET is an example."""
    if not split_address(options.sheet)[0].lower().endswith(_SHEETS):
        options.examples = [options.sheet]
        return None
    file = read_answers(options.sheet)
    if not file.sheet:
        raise UsageError(
            say(
                "{file}: its first line does not say which sheet it is; name the example, with --blank LEVEL",
                file=file.name,
            )
        )
    complete(options, read_sheet(file.sheet), file.name)
    if not options.examples:
        raise UsageError(
            say("{file}: its example came from standard input; name the example, with --blank LEVEL", file=file.name)
        )
    options.examples = [_beside(options.examples[0], options.sheet)]
    return file


def _of_sheet(lesson: Lesson, sheet: AnswerFile) -> tuple[Address, ...]:
    """The numbers whose addresses stand in a sheet's file: the teacher may have left some out."""
    handed = handed_in(lesson.trace, lesson.place, sheet, None)
    if handed.unread:
        raise ExampleError(sheet.name, handed.unread)
    return tuple(handed.written)


def _beside(example: str, sheet: str) -> str:
    """An example that a sheet's file names, from where we are or from where that file is."""
    name = split_address(example)[0]
    there = os.path.join(os.path.dirname(sheet), name)
    return example if os.path.exists(name) or not os.path.exists(there) else there + example[len(name) :]


def _paths(options: GradeOptions, sheet: AnswerFile | None) -> list[str]:
    """The files to grade, each once; the sheet's own is none of them, though `*.csv` names it as well."""
    own = os.path.realpath(options.sheet) if sheet is not None else None
    found = {path if path == STANDARD_INPUT else os.path.realpath(path): path for path in options.files}
    return [path for real, path in found.items() if real != own]


def _usable(
    lesson: Lesson, path: str, asked: Sequence[Address] | None, options: GradeOptions
) -> HandedIn | tuple[Problem, ...]:
    """What a file answers, or why it cannot be used."""
    try:
        file = read_answers(path)
        other = another_sheet(read_sheet(file.sheet), options) if file.sheet else ""
        if other:
            return (Problem("", say("is of another sheet: {difference}", difference=other)),)
        return _handed_in(lesson, file, asked)
    except ExampleError as error:
        return error.problems
    except UsageError as error:
        return (Problem("", str(error)),)


def _graded(
    lesson: Lesson, path: str, handed: HandedIn | tuple[Problem, ...], asked: Sequence[Address], digits: int
) -> HandedInGrade:
    if not isinstance(handed, HandedIn):
        return HandedInGrade(path, None, handed)
    found = grade(lesson.trace, asked, handed.written, digits, refused=handed.refused)
    return HandedInGrade(path, found, handed.unread)


def _asked(lesson: Lesson, options: LessonOptions, output: Output) -> tuple[Address, ...] | None:
    """The numbers of the sheet that `print` makes with these options; None where no level is named."""
    request = Request(
        lessons=(lesson,),
        steps=step_ids(options.step, (lesson,)),
        all_heads=options.head == "all",
        look=page_look(options, output),
        blank=options.blank,
    )
    found = request.blanks_of(lesson)
    return None if found is None else found.cells


def _handed_in(
    lesson: Lesson, file: AnswerFile, asked: Sequence[Address] | None, by: str = say("the sheet")
) -> HandedIn:
    handed = handed_in(lesson.trace, lesson.place, file, asked, by)
    if handed.unread and not handed.written:
        raise ExampleError(file.name, handed.unread)
    return handed


def _whole_rows(lesson: Lesson, handed: Sequence[HandedIn]) -> tuple[Address, ...]:
    """All of every row that is answered at all; everything where nothing is."""
    cells = [cell for one in handed for cell in one.written]
    if cells:
        return rows_of(lesson.trace, cells)
    return blanks(lesson.trace, lesson.place, ALL, heads=(lesson.place.head,)).cells
