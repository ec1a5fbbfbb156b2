"""What the commands do, once their options are read."""

from __future__ import annotations

import argparse
import os

from .environment import color_system, page_width, preferred_language, wants_color
from .errors import UsageError
from .files.find import split_address
from .files.read import load
from .report.output import Output
from .report.request import Lesson, Request
from .trace.addresses import find_token, parse_address
from .trace.steps import STEP_IDS
from .trace.trace import Trace
from .trace.walk import start, to_address
from .views.look import Look
from .views.palette import palette_for


def run_print(options: argparse.Namespace) -> int:
    """`qkvtui print`."""
    output = Output(options.output)
    request = Request(
        lessons=tuple(open_lesson(example, options) for example in options.examples),
        steps=_step_ids(options.step),
        all_heads=options.head == "all",
        look=_look(options, output),
        color=_color(options, output),
        no_color=options.color == "auto" and bool(os.environ.get("NO_COLOR")),
    )
    if options.format == "json":
        from .report.as_json import lessons_as_json as report
    else:
        from .report.as_text import lessons_as_text as report
    output.write(report(request))
    return 0


def run_check(options: argparse.Namespace) -> int:
    """`qkvtui check`; 2 where a file is unusable, 1 where numbers do not hold."""
    from .report.checking import check_example, check_status

    results = [check_example(example) for example in options.examples]
    if options.format == "json":
        from .report.checking import checks_as_json as report
    else:
        from .report.checking import checks_as_text as report
    Output(options.output).write(report(results))
    return check_status(results)


def run_application(options: argparse.Namespace) -> int:
    """`qkvtui` and `qkvtui EXAMPLE`."""
    from .tui.start import require_terminal, run

    lesson = None
    if options.example is not None:
        lesson = open_lesson(options.example, options)
    require_terminal(options.example)
    return run(lesson, _application_look(options))


def open_lesson(text: str, options: argparse.Namespace) -> Lesson:
    """The example of the command line, computed, at the place that its address and the options name."""
    name, address = split_address(text)
    trace = Trace(load(name))
    head = _head(trace, options.head)
    query = None if options.query is None else find_token(trace.example.tokens, options.query)
    place = start(trace, query=query, head=head)
    if address is not None:
        place = to_address(trace, place, parse_address(trace, address))
    return Lesson(trace, place, name)


def _head(trace: Trace, asked: str | None) -> int:
    if asked is None or asked == "all":
        return 0
    count = trace.shape.heads
    if not (asked.isdecimal() and asked.isascii() and int(asked) < count):
        heads = "only head 0" if count == 1 else f"heads 0 to {count - 1}"
        raise UsageError(f"--head {asked}: {trace.example.name} has {heads}")
    return int(asked)


def _step_ids(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    ids = tuple(part.strip() for part in text.split(","))
    for step_id in ids:
        if step_id not in STEP_IDS:
            raise UsageError(f"--step {step_id}: there is no such step; there are {', '.join(STEP_IDS)}")
    return ids


def _look(options: argparse.Namespace, output: Output) -> Look:
    return Look(
        width=page_width(options.width, output.terminal_width, os.environ),
        digits=options.digits,
        language=options.lang or preferred_language(os.environ),
        ascii=options.ascii or not output.can_show("≈√ᵀ▸"),
        palette=palette_for(os.environ.get("COLORFGBG", "")),
    )


def _application_look(options: argparse.Namespace) -> Look:
    return Look(
        width=80,
        height=24,
        digits=options.digits,
        language=options.lang or preferred_language(os.environ),
        ascii=options.ascii,
        palette=palette_for(os.environ.get("COLORFGBG", "")),
    )


def _color(options: argparse.Namespace, output: Output) -> str | None:
    if not wants_color(options.color, output.is_terminal, os.environ):
        return None
    return color_system(options.color, os.environ)
