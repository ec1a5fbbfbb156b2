"""What the commands do, once their options are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from .command_line import LessonOptions, WhyOptions, given
from .environment import without_colors
from .errors import UsageError
from .files.find import bundled_names
from .lesson_asked import open_lesson, what_if
from .look_asked import application_look, check_look, page_color, page_look, usual_format
from .memory.settings import without_flag
from .models.load import load
from .report.asked import check_no_answers, check_picture, check_standalone, check_worksheet
from .report.formats import FORMATS, format_asked
from .report.output import Output
from .report.request import Request, formatted
from .report.steps_asked import step_ids
from .said import say
from .trace.addresses import parse_address
from .trace.lesson import Lesson, as_walked, layers_of
from .trace.trace import Trace
from .views.look import Look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .memory.state import Memory
    from .report.checking import Check


def run_print(options: LessonOptions) -> int:
    """`qkvtui print`."""
    options.format = format_asked("print", options, otherwise=usual_format(options))
    check_worksheet(options)
    output = Output(options.output, force=options.force)
    opened = tuple(open_lesson(example, options) for example in options.examples)
    lessons = tuple(part for one in opened for part in _parts(one, options))
    for lesson in lessons:
        check_picture(options, lesson.others)
    request = Request(
        lessons=lessons,
        steps=step_ids(options.step, lessons),
        all_heads=options.head == "all",
        look=page_look(options, output),
        color=page_color(options, output) if FORMATS[options.format].colours else None,
        no_color=without_colors(options.color, os.environ),
        blank=options.blank,
        key=options.key,
        questions=options.questions,
        stops=options.stops,
        picture=options.picture,
        standalone=options.standalone,
        sheets=_sheets(options),
    )
    output.write(formatted(request, options.format))
    return 0


def _parts(lesson: Lesson, options: LessonOptions) -> Iterator[Lesson]:
    """The lesson layer by layer, from its own on; a worksheet is about its own only.

    A model has too many layers to print all their steps: it is printed at its own, unless some steps are asked for.
    """
    is_model = lesson.trace.example.is_stored
    if options.blank is not None or (is_model and options.step is None):
        yield lesson
    elif "questions" in FORMATS[options.format].shows:  # read from the first step on
        yield from as_walked(lesson)
    else:
        yield from layers_of(lesson)


def _sheets(options: LessonOptions) -> tuple[str, ...]:
    """What each sheet says of itself, so that its answers can be graded; nothing where none is a sheet."""
    if options.blank is None:
        return ()
    from .report.sheets import sheet_of

    return tuple(sheet_of(example, options) for example in options.examples)


def run_why(options: WhyOptions) -> int:
    """`qkvtui why`."""
    from .report.whys import why_as_json, why_as_text
    from .trace.why import why

    options.format = format_asked("why", options)
    output = Output(options.output, force=options.force)
    trace = what_if(Trace(load(given(options.example))), options)
    cell = parse_address(trace, options.address)
    if options.format == "json":
        output.write(why_as_json(why(trace, cell, depth=options.depth, most=64)))
    else:
        look = page_look(options, output)
        text = why_as_text(
            why(trace, cell, look.language, depth=options.depth),
            look,
            page_color(options, output),
            without_colors(options.color, os.environ),
        )
        output.write(text)
    return 0


def run_check(options: LessonOptions) -> int:
    """`qkvtui check`, without answers; 2 where a file is unusable, 1 where numbers do not hold."""
    check_no_answers(options)
    from .report.checking import check_example, check_status

    options.format = format_asked("check", options, otherwise=usual_format(options))
    check_standalone(options)
    output = Output(options.output, force=options.force)
    results = [check_example(example) for example in options.examples]
    output.write(_checked(results, options, check_look(options, output)))
    return check_status(results)


def _checked(results: Sequence[Check], options: LessonOptions, look: Look) -> str:
    """What was found, in the format that is asked for."""
    from .report import checking

    if options.format == "text":
        return checking.checks_as_text(results, look)
    if options.format == "json":
        return checking.checks_as_json(results)
    if options.format == "csv":
        from .report.checked_csv import checks_as_csv

        return checks_as_csv(results, look.language)
    if options.format == "github":
        from .report.annotations import checks_as_annotations

        return checks_as_annotations(results, look)
    from .report.checked_pages import check_report
    from .report.told import report_written

    return report_written(check_report(results, look), options)


def run_application(options: LessonOptions) -> int:
    """`qkvtui` and `qkvtui EXAMPLE`."""
    from .memory.state import memory_of
    from .tui.behind import can_be_asked
    from .tui.looks import choices_of, recalled
    from .tui.start import require_terminal, run

    if options.head == "all":
        raise UsageError(say("--head all: the application shows one head at a time; 'qkvtui print' can print them all"))
    lesson = None
    if options.follow is not None and options.example is None:
        options.example = _led_to(options.follow)
    if options.example is not None:
        lesson = open_lesson(options.example, options)
    if not options.in_browser and not options.linear:
        require_terminal(options.example)
    look = application_look(options)
    free = without_flag(options)
    settled = {name: value for name, value in choices_of(look).items() if name in free}
    if options.theme == "auto" and can_be_asked(os.environ):
        settled.pop("theme", None)  # it is for the terminal to say, and until then every choice is one
    memory = memory_of(os.environ, settled=settled, no_state=options.no_state)
    look = recalled(look, {name: value for name, value in memory.known.choices.items() if name in free})
    if options.linear:
        return _run_linear(lesson, look, memory, options)
    return run(lesson, look, memory, options)


def _run_linear(lesson: Lesson | None, look: Look, memory: Memory, options: LessonOptions) -> int:
    """`qkvtui --linear EXAMPLE`; without an example the lesson to go on with. Raises UsageError."""
    from .linear.lines import run

    for flag, is_given in (("--watch", options.watch), ("--lead", options.lead), ("--follow", options.follow)):
        if is_given:
            raise UsageError(say("{flag} goes with a screen, not with --linear", flag=flag))
    if options.example is not None and options.example.partition("#")[0] == "-":
        raise UsageError(say("--linear reads commands from standard input, so the example cannot come from there"))
    first = lesson or open_lesson(memory.next_lesson or bundled_names()[0], options)
    return run(first, look, memory, lambda name: open_lesson(name, LessonOptions()))


def _led_to(path: str) -> str:
    """The example that a teacher is in. Raises UsageError."""
    from .files.teacher import read_place

    try:
        return read_place(path).example
    except UsageError as error:
        hint = say("name an example to wait in: qkvtui animal --follow FILE")
        raise UsageError(say("{problem}; {expected}", problem=str(error), expected=hint)) from None
