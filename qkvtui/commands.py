"""What the commands do, once their options are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .command_line import LessonOptions, PageOptions, WhyOptions, given
from .environment import color_system, page_width, wants_color, without_colors
from .errors import UsageError
from .files.find import split_address
from .graph.example import Example
from .graph.proposals import WhatIf
from .graph.stored import StoredArrays
from .memory.state import memory_of
from .models.load import load
from .report.asked import check_no_answers, check_one_query, check_picture, check_standalone, check_worksheet
from .report.formats import FORMATS, format_asked
from .report.output import Output
from .report.request import Request, formatted
from .report.sheets import sheet_of
from .report.steps_asked import step_ids
from .said import say
from .trace.addresses import at_layer_of, find_token, parse_address
from .trace.changes import apply_change
from .trace.lesson import Lesson, as_walked, layers_of
from .trace.rounding import ROUNDING_DIGITS
from .trace.stops import stop_places
from .trace.told import check_texts
from .trace.trace import Trace
from .trace.walk import start, to_address
from .views.look import Look
from .views.palette import palette_for

TYPE_CHECKING = False
if TYPE_CHECKING:
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
        sheets=tuple(sheet_of(example, options) for example in options.examples if options.blank is not None),
    )
    output.write(formatted(request, options.format))
    return 0


def _parts(lesson: Lesson, options: LessonOptions) -> Iterator[Lesson]:
    """The lesson layer by layer, from its own on; a worksheet is about its own only.

    A model has too many layers to print all their steps: it is printed at its own, unless some steps are asked for.
    """
    is_model = isinstance(lesson.trace.example.parameters, StoredArrays)
    if options.blank is not None or (is_model and options.step is None):
        yield lesson
    elif "questions" in FORMATS[options.format].shows:  # read from the first step on
        yield from as_walked(lesson)
    else:
        yield from layers_of(lesson)


def usual_format(options: PageOptions) -> str:
    """What is written unless it is told: sentences for a terminal that says it can show nothing else."""
    is_drawn = getattr(options, "picture", None) is not None or wants_color(options.color, False, os.environ)
    return "transcript" if os.environ.get("TERM") == "dumb" and not is_drawn and not options.output else "text"


def run_why(options: WhyOptions) -> int:
    """`qkvtui why`."""
    from .report.whys import why_as_json, why_as_text
    from .trace.why import why

    options.format = format_asked("why", options)
    output = Output(options.output, force=options.force)
    trace = _what_if(Trace(load(given(options.example))), options)
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


def check_look(options: LessonOptions, output: Output) -> Look:
    """How the findings about an example, or about answers, are to look."""
    return Look(
        width=page_width(None, output.terminal_width, os.environ),
        digits=options.digits,
        language=options.lang,
        ascii=options.ascii or not output.can_show("≈√×“"),
    )


def run_application(options: LessonOptions) -> int:
    """`qkvtui` and `qkvtui EXAMPLE`."""
    from .tui.start import require_terminal, run

    if options.head == "all":
        raise UsageError(say("--head all: the application shows one head at a time; 'qkvtui print' can print them all"))
    lesson = None
    if options.follow is not None and options.example is None:
        options.example = _led_to(options.follow)
    if options.example is not None:
        lesson = open_lesson(options.example, options)
    require_terminal(options.example)
    is_settled = "lang" not in options.given
    memory = memory_of(os.environ, settled_language=options.lang if is_settled else "", no_state=options.no_state)
    look = _application_look(options)
    if memory.known.language and is_settled:
        look = replace(look, language=memory.known.language)
    return run(lesson, look, memory, options)


def _led_to(path: str) -> str:
    """The example that a teacher is in. Raises UsageError."""
    from .files.teacher import read_place

    try:
        return read_place(path).example
    except UsageError as error:
        hint = say("name an example to wait in: qkvtui animal --follow FILE")
        raise UsageError(say("{problem}; {expected}", problem=str(error), expected=hint)) from None


def open_lesson(text: str, options: LessonOptions) -> Lesson:
    """The example of the command line, computed, at the place that its address and the options name."""
    name, address = split_address(text)
    return lesson_at(_what_if(Trace(_example(name, options)), options), name, options, address)


def lesson_at(trace: Trace, name: str, options: LessonOptions, address: str | None = None) -> Lesson:
    """A trace at the place that an address and the options name."""
    one_head = options.head if options.head != "all" else None
    head = None if one_head is None else head_index(one_head, trace.example.name, trace.shape.heads)
    first, *others = _queries(trace, options.query)
    place = start(trace, query=first, head=head)
    if options.to is not None:
        place = replace(place, key=find_token(trace.example.keys, options.to))
    if address is not None:
        trace, cell = at_layer_of(trace, parse_address(trace, address))
        place = to_address(trace, start(trace, query=first, head=place.head), cell)
    elif options.blank is not None:
        from .trace.blanks import neutral_key

        place = replace(place, key=neutral_key(trace, first, place.head), word=0)
    if options.blank is not None:
        check_one_query(tuple(others))
    check_texts(trace)
    return Lesson(trace, place, name, stop_places(trace), tuple(others))


def _example(name: str, options: LessonOptions) -> Example:
    """The example of this name, with other numbers where that is asked for."""
    example = load(name)
    if not options.random:
        return example
    from .trace.fresh import with_fresh_numbers

    return with_fresh_numbers(example, given(options.seed))


def _queries(trace: Trace, asked: str | None) -> list[int]:
    """The queries asked for; a text with a comma may be one token or several."""
    if asked is None:
        return [trace.example.query]
    tokens = trace.example.tokens
    if asked == "all" and asked not in tokens:
        own = trace.example.query
        return [own, *(index for index in range(len(tokens)) if index != own)]
    if "," not in asked or asked in tokens:
        return [find_token(tokens, asked)]
    return [find_token(tokens, part) for part in asked.split(",")]


def _what_if(trace: Trace, options: LessonOptions) -> Trace:
    """The trace with the changes that the options ask for, compared to the file's own where that is asked."""
    change = WhatIf(
        tuple(options.assignments),
        options.scale,
        options.temperature,
        options.causal or None,
        options.softmax,
        options.round_each,
    )
    changed = apply_change(trace, change)
    if changed is trace:
        return trace
    compared_to = trace if options.before or changed.round_each is not None else None
    return Trace(
        changed.example,
        softmax_over=changed.softmax_over,
        round_each=changed.round_each,
        compared_to=compared_to,
    )


def head_index(asked: str, name: str, count: int) -> int:
    """The head that `--head` names, of the `count` heads of the example `name`."""
    if not (asked.isdecimal() and asked.isascii() and int(asked) < count):
        heads = say("only head 0") if count == 1 else say("heads 0 to {last}", last=count - 1)
        raise UsageError(say("--head {head}: {name} has {heads}", head=asked, name=name, heads=heads))
    return int(asked)


def page_look(options: PageOptions, output: Output) -> Look:
    """How the options and the terminal say that a page is to look."""
    return Look(
        width=page_width(options.width, output.terminal_width, os.environ),
        digits=_shown_digits(options),
        language=options.lang,
        ascii=options.ascii or not output.can_show("≈√ᵀ▸"),
        palette=palette_for(os.environ.get("COLORFGBG", "")),
        tokens_as=options.tokens_as,
        notation=options.notation,
    )


def _shown_digits(options: PageOptions) -> int:
    round_each = options.round_each
    return int(options.digits if round_each is None else max(options.digits, round_each + ROUNDING_DIGITS))


def _application_look(options: LessonOptions) -> Look:
    return Look(
        width=80,
        height=24,
        digits=options.digits,
        language=options.lang,
        ascii=options.ascii,
        palette=palette_for(os.environ.get("COLORFGBG", "")),
        tokens_as=options.tokens_as,
        notation=options.notation,
    )


def page_color(options: PageOptions, output: Output) -> str | None:
    """rich's colour system for the page; None for plain text."""
    if not wants_color(options.color, output.is_terminal, os.environ):
        return None
    return color_system(options.color, os.environ)
