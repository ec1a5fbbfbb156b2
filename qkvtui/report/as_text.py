"""The lesson as text: what the application shows, one step below the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

from rich.console import Console, RenderableType
from rich.text import Text

from ..trace.trace import Step, Trace
from ..trace.walk import Place, to_step
from ..views.flow import flow_lines
from ..views.look import Look
from ..views.page import as_lines, body, step_heading
from ..views.strip import sentence_lines
from ..views.wrapping import wrap
from .request import Lesson, Request

_BLANK = Text("")


def lessons_as_text(request: Request) -> str:
    """All lessons, with escape codes only where a colour system is asked for."""
    console = _console(request)
    for index, lesson in enumerate(request.lessons):
        if index:
            console.print()
        for part in _lesson(lesson, request):
            console.print(part)
    file = console.file
    assert isinstance(file, StringIO)
    return "".join(line.rstrip() + "\n" for line in file.getvalue().splitlines())


def _console(request: Request) -> Console:
    """A console that asks neither terminal nor environment, so that the same input gives the same bytes."""
    return Console(
        file=StringIO(),
        width=request.look.width,
        height=1000,
        force_terminal=request.color is not None,
        color_system=request.color,  # type: ignore[arg-type]
        no_color=request.no_color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )


def _lesson(lesson: Lesson, request: Request) -> Iterator[RenderableType]:
    look = request.look
    if request.steps is None:
        yield from _opening(lesson.trace, lesson.place, look)
    for step, head in _stops(lesson, request):
        place = replace(to_step(lesson.trace, lesson.place, step.number - 1), head=head)
        yield _BLANK
        yield step_heading(lesson.trace, place, look)
        yield _BLANK
        yield body(lesson.trace, place, look)


def _opening(trace: Trace, place: Place, look: Look) -> Iterator[RenderableType]:
    example = trace.example
    yield as_lines(wrap(Text(example.title.in_language(look.language), look.palette.title), look.width))
    yield _BLANK
    yield as_lines(sentence_lines(trace, place, look))
    yield _BLANK
    yield as_lines(flow_lines(trace, None, look))
    if example.source is not None:
        credit = f"{look.word('source')}: {example.source.in_language(look.language).strip()}"
        yield _BLANK
        yield as_lines(wrap(Text(credit, look.palette.dim), look.width))


def _stops(lesson: Lesson, request: Request) -> Iterator[tuple[Step, int]]:
    """Each step once, or where all heads are asked for each head's steps together."""
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
