"""The lesson as text: what the application shows, one step below the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from ..trace.lesson import Lesson
from ..trace.trace import Step, Trace
from ..trace.walk import Place, to_step
from ..views.comparison import compared_body, whole_matrix
from ..views.flow import flow_lines
from ..views.look import Look
from ..views.page import as_lines, body, step_heading
from ..views.strip import sentence_lines
from ..views.wrapping import wrap
from .console import plain_lines, report_console
from .request import Request

_BLANK = Text("")


def lessons_as_text(request: Request) -> str:
    """All lessons, with escape codes only where a colour system is asked for."""
    console = report_console(request.look, request.color, request.no_color)
    for index, lesson in enumerate(request.lessons):
        if index:
            console.print()
        for part in _lesson(lesson, request):
            console.print(part)
    return plain_lines(console)


def _lesson(lesson: Lesson, request: Request) -> Iterator[RenderableType]:
    look = request.look
    opened = True
    if request.steps is None:
        yield from opening(lesson.trace, lesson.place, look)
    elif len(request.lessons) > 1:
        yield _title(lesson.trace, look)
    else:
        opened = False
    for step, head in step_places(lesson, request):
        place = replace(to_step(lesson.trace, lesson.place, step.number - 1), head=head)
        if opened:
            yield _BLANK
        opened = True
        yield step_heading(lesson.trace, place, look)
        yield _BLANK
        yield _step(lesson, place, look)


def _step(lesson: Lesson, place: Place, look: Look) -> RenderableType:
    if not lesson.others:
        return body(lesson.trace, place, look)
    if len(lesson.others) + 1 == lesson.trace.shape.queries > 2:
        return whole_matrix(lesson.trace, place, look)
    return compared_body(lesson.trace, place, lesson.others, look)


def _title(trace: Trace, look: Look) -> Text:
    return as_lines(wrap(Text(trace.example.title.in_language(look.language), look.palette.title), look.width))


def opening(trace: Trace, place: Place, look: Look) -> Iterator[RenderableType]:
    """What comes before the steps: title, sentence, map, source."""
    example = trace.example
    yield _title(trace, look)
    yield _BLANK
    yield as_lines(sentence_lines(trace, place, look))
    yield _BLANK
    yield as_lines(flow_lines(trace, None, look))
    if example.source is not None:
        credit = f"{look.word('source')}: {example.source.in_language(look.language).strip()}"
        yield _BLANK
        yield as_lines(wrap(Text(credit, look.palette.dim), look.width))


def step_places(lesson: Lesson, request: Request) -> Iterator[tuple[Step, int]]:
    """Each step with its head: once, or where all heads are asked for each head's steps together."""
    steps = request.steps_of(lesson.trace)
    if not request.all_heads:
        yield from ((step, lesson.place.head) for step in steps)
        return
    before = [step for step in steps if step.id == "embeddings"]
    after = [step for step in steps if not step.type.per_head and step.id != "embeddings"]
    yield from ((step, 0) for step in before)
    for head in range(lesson.trace.shape.heads):
        yield from ((step, head) for step in steps if step.type.per_head)
    yield from ((step, 0) for step in after)
