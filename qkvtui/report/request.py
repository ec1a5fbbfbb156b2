"""What is to be printed, and how: lessons as pages, or as numbers as far as they may be seen, for any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Any

from ..operations.operation import Drawing
from ..records import record
from ..trace.lesson import Lesson
from ..trace.parts import Step
from ..trace.walk import Place, step_at, to_step
from ..views.look import Look
from .formats import FORMATS

if TYPE_CHECKING:
    from ..pages.page import Page, PageWords
    from ..pages.pictures import Picture
    from ..pages.scene import Scene
    from ..trace.blanks import Blanks

UNBOUNDED = 10_000
"""Columns of a page that is not made for a terminal."""


@record(frozen=True)
class Request:
    """What one call of `qkvtui print` asks for."""

    lessons: tuple[Lesson, ...]
    look: Look
    steps: tuple[str, ...] | None = None
    """Only these step ids, or those of one layer (`left@1`); None: all."""
    all_heads: bool = False
    color: str | None = None
    """rich's colour system, or None for plain text."""
    no_color: bool = False
    """Escape codes for bold and reverse, but no colours (NO_COLOR on a terminal)."""

    blank: str | None = None
    """What is left to the learner, as `blanks` understands it; None: nothing."""
    key: bool = False
    """Whether the blanks are filled in."""
    questions: bool = False
    """The questions a beginner asks, in place of the steps."""
    stops: bool = False
    """The stops of a teacher and the lesson's own questions, in place of the steps."""
    picture: Picture | None = None
    """What is drawn in place of the steps; None: nothing."""
    standalone: bool = False
    """Whether LaTeX is written as a whole document."""
    sheets: tuple[str, ...] = ()
    """Of each lesson with blanks, how to make the same sheet again, as its file says it."""

    def blanks_of(self, lesson: Lesson) -> Blanks | None:
        """The blanks of a lesson, where it is to have any."""
        if self.blank is None:
            return None
        from ..trace.blanks import blanks

        heads = range(lesson.trace.shape.heads) if self.all_heads else (lesson.place.head,)
        shown = [step.id for step in self.steps_of(lesson)]
        return blanks(lesson.trace, lesson.place, self.blank, heads=heads, shown=shown)

    def steps_of(self, lesson: Lesson) -> tuple[Step, ...]:
        """The steps asked for that this lesson has; a worksheet is about the walk forward only."""
        walk = lesson.trace.walk
        walk = walk if lesson.steps is None else walk[lesson.steps.start : lesson.steps.stop]
        steps = (step for step in walk if self.blank is None or not _is_behind(step))
        if self.steps is None:
            return tuple(steps)
        asked, here = frozenset(self.steps), lesson.trace.example.layer
        return tuple(step for step in steps if not asked.isdisjoint((step.id, f"{step.id}@{here}")))


@record(frozen=True)
class PrintedLesson:
    """One lesson of a request."""

    lesson: Lesson
    request: Request
    sheet: str = ""
    """How to make the same sheet again; empty where it is none."""

    @cached_property
    def asked(self) -> Blanks | None:
        """What is left to the learner; None: nothing."""
        return self.request.blanks_of(self.lesson)

    @property
    def title(self) -> str:
        """What the lesson is called."""
        return self.lesson.trace.example.title.in_language(self.request.look.language)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Its tokens, which stay as they are wherever they name a row or a column."""
        return frozenset((*self.lesson.trace.example.tokens, *self.lesson.trace.example.keys))

    @cached_property
    def names(self) -> frozenset[str]:
        """All that rows and columns may be called."""
        from ..pages.reading import names_in

        return names_in(self.lesson.trace, self.request.look.language, self.lesson.place.head)

    @property
    def is_picture(self) -> bool:
        """Whether pictures stand in place of the steps."""
        return self.request.picture is not None

    @cached_property
    def look(self) -> Look:
        """How its pages are to look, blanks included."""
        look = self.request.look
        return look if self.asked is None else replace(look, hidden=self.asked.hidden, revealed=self.request.key)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are printed."""
        return self.request.steps_of(self.lesson)

    @property
    def scene(self) -> Scene:
        """Its numbers, without those that are hidden; a key hides none."""
        from ..pages.scene import Scene

        room = self.request.look if self.request.key else self.look
        return Scene(self.lesson.trace, self.lesson.place, room)

    @property
    def goes_on(self) -> bool:
        """Whether it is another layer of the lesson before it, or the rest of one."""
        trace, steps = self.lesson.trace, self.lesson.steps
        is_other = bool(trace.example.layer) and trace is not self.request.lessons[0].trace
        return is_other or (steps is not None and steps.start > 0)

    def front(self) -> Iterator[PageWords]:
        """What comes before the steps."""
        from ..pages import front

        trace = self.lesson.trace
        if self.goes_on:
            return  # it was said at the first layer
        if self.request.questions or self.request.stops:
            yield front.title(trace, self.look)
            if self.request.stops and not self.lesson.stops:
                from ..pages.stops import no_stops

                yield no_stops(self.look)
        elif self.request.picture is not None:
            yield from front.title_and_sentence(trace, self.lesson.place, self.look)
        elif self.request.steps is None:
            yield from front.opening(trace, self.lesson.place, self.look)
            if self.asked is not None:
                yield from front.credit(trace, self.look)
        elif self.asked is None and len(self.request.lessons) > 1:
            yield front.title(trace, self.look)
        if self.asked is not None:
            yield front.instructions(len(self.asked.cells), self.look)

    def pages(self) -> Iterator[Page]:
        """A page for each step; or for each question that is asked of them; or for each stop; or a picture."""
        if self.request.stops:
            return self._stops()
        if self.request.questions:
            from ..pages.questions.page import printed_pages

            return printed_pages(self.lesson.trace, self.lesson.place, self.steps, self.look)
        picture = self.request.picture
        if picture is None:
            return map(self._page, self.places())
        from ..pages.pictures import picture_page  # only here: most of what is printed are steps
        from .pictured import unasked_pictures

        trace, place = self.lesson.trace, self.lesson.place
        if picture == "heads":  # of all layers at once
            return iter(() if self.goes_on else (picture_page(picture, trace, place, self.look),))
        if self.request.steps is not None:
            return (picture_page(picture, trace, at, self.look) for at in self.places())
        heads = range(trace.shape.heads) if self.request.all_heads else range(place.head, place.head + 1)
        return unasked_pictures(picture, trace, place, self.look, heads)

    def scenes(self) -> Iterator[Scene | None]:
        """Of each page the numbers it is about; None where it is not about one place of a step."""
        if self.request.stops or self.request.questions or self.is_picture:
            return repeat(None)
        from ..pages.scene import Scene

        return (Scene(self.lesson.trace, place, self.look) for place in self.places())

    def unbounded(self) -> PrintedLesson:
        """The same for pages that end nowhere and are not drawn in characters: all columns, and every sign."""
        return self._in(replace(self.request.look, width=UNBOUNDED, ascii=False))

    def on_paper(self, width: int) -> PrintedLesson:
        """The same for pages that are so many columns wide."""
        return self._in(replace(self.request.look, width=width, ascii=False))

    def _in(self, look: Look) -> PrintedLesson:
        return PrintedLesson(self.lesson, replace(self.request, look=look), self.sheet)

    def whole_pages(self) -> Iterator[Page]:
        """Its pages; those of steps with the numbers of all queries, which a page of text has no room for."""
        request = self.request
        if request.stops or request.questions or request.picture is not None or self.lesson.others:
            yield from self.pages()
            return
        from ..pages.reading import whole_step

        for place, page in zip(self.places(), self.pages(), strict=True):
            yield whole_step(page, self.lesson.trace, place, self.look)

    def _stops(self) -> Iterator[Page]:
        from ..pages.stops import questions_page, stop_page

        trace, look = self.lesson.trace, replace(self.look, revealed=self.request.key)
        for number, stop in enumerate(self.lesson.stops, 1):
            yield stop_page(trace, stop, number, look)
        if trace.example.questions:
            yield questions_page(trace, look)

    def _page(self, place: Place) -> Page:
        from ..pages.step_page import step_page

        trace, others, look = self.lesson.trace, self.lesson.others, self.look
        if self.asked is not None:
            from ..pages.front import worksheet_page

            step = step_at(trace, place)
            cells = self.asked.of_step(step.id, place.head if step.type.per_head else 0)
            return worksheet_page(trace, place, look, cells)
        if not others or step_at(trace, place).type.kind is Drawing.TOLD:
            return step_page(trace, place, look)
        from ..pages.comparison import compared_page, matrix_page  # only here: most lessons are about one token

        if len(others) + 1 == trace.shape.queries > 2:
            return matrix_page(trace, place, look)
        return compared_page(trace, place, others, look)

    def places(self) -> Iterator[Place]:
        """Each step with its head: once, or where all heads are asked for each head's steps together."""
        trace, place = self.lesson.trace, self.lesson.place
        found = [(step, place.head) for step in self.steps]
        if self.request.all_heads:
            of_heads = [step for step in self.steps if step.type.per_head]
            alone = [(step, 0) for step in self.steps if not step.type.per_head]
            found = [one for one in alone if one[0].type.kind is Drawing.GIVEN]
            found += [(step, head) for head in range(trace.shape.heads) for step in of_heads]
            found += [one for one in alone if one[0].type.kind is not Drawing.GIVEN]
        return (replace(to_step(trace, place, step.number - 1), head=head) for step, head in found)


def _is_behind(step: Step) -> bool:
    """Whether it stands behind the walk forward."""
    return step.type.learns or step.type.kind is Drawing.TOLD


def formatted(request: Request, name: str) -> str:
    """The lessons of a request in a format of `print`."""
    sheets = request.sheets or ("",) * len(request.lessons)
    printed = (PrintedLesson(lesson, request, sheet) for lesson, sheet in zip(request.lessons, sheets, strict=True))
    return written(tuple(printed), request, name)


def written(printed: Sequence[Any], request: Request, name: str) -> str:
    """Lessons, or in a format of documents reports, as the module of the format writes them."""
    module: Any = import_module(f".{FORMATS[name].module}", __package__)
    write: Callable[[Sequence[Any], Request], str] = module.lessons
    return write(printed, request)
