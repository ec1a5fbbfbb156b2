"""What `check --answers` does: points for a filled-in worksheet."""

from __future__ import annotations

from .command_line import LessonOptions, given
from .commands import check_look, open_lesson
from .errors import ExampleError
from .files.answers import read_answers
from .report.asked import check_grading
from .report.grades import GradedFile, grade_as_json, grade_as_text
from .report.output import Output
from .trace.blanks import ALL, blanks, rows_of
from .trace.grading import grade
from .trace.handed_in import handed_in


def run_answers(options: LessonOptions) -> int:
    """`qkvtui check --answers`; 1 where a point was lost."""
    check_grading(options)
    output = Output(options.output, force=options.force)
    lesson = open_lesson(options.examples[0], options)
    trace, place = lesson.trace, lesson.place
    file = read_answers(given(options.answers))
    asked = None if options.blank is None else blanks(trace, place, options.blank, heads=(place.head,)).cells
    handed = handed_in(trace, place, file, asked, f"--blank {options.blank}")
    if handed.unread and not handed.written:
        raise ExampleError(file.name, handed.unread)
    if asked is None:
        whole = blanks(trace, place, ALL, heads=(place.head,)).cells
        asked = rows_of(trace, tuple(handed.written)) if handed.written else whole
    found = grade(trace, asked, handed.written, options.digits, refused=handed.refused)
    graded = GradedFile(file.name, found, handed.unread)
    if options.format == "json":
        output.write(grade_as_json(trace, graded))
    else:
        output.write(grade_as_text(trace, graded, check_look(options, output)))
    return 0 if found.full else 1
