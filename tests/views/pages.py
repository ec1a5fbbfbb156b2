"""Pages as a terminal would show them: lines of text, and which cell each number on them is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO

import pytest
from _pytest.mark import ParameterSet
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType

from qkvtui.operations.tensors import Address
from qkvtui.pages.lines import Line
from qkvtui.pages.page import Page as LessonPage
from qkvtui.pages.page import PageWords
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, start, to_step
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import body

SIZES = ((80, 18), (60, 14), (120, 34), (40, 6))
"""The room for a step in terminals of 80 × 24, 60 × 20, 120 × 40 and 40 × 12."""

_IN_ROWS: dict[str, Look] = {
    f"{width}x{height}-{language}{'-ascii' if plain else ''}": Look(width, height, language=language, ascii=plain)
    for (width, height), language, plain in (
        (SIZES[0], "en", False),
        (SIZES[0], "zh", False),
        (SIZES[1], "en", False),
        (SIZES[1], "zh", True),
        (SIZES[2], "en", True),
        (SIZES[3], "en", False),
        (SIZES[3], "zh", False),
    )
}

_IN_COLUMNS: dict[str, Look] = {
    f"{name}-columns": replace(_IN_ROWS[name], tokens_as="columns")
    for name in ("80x18-en", "60x14-zh-ascii", "120x34-en-ascii", "40x6-en")
}
LOOKS = _IN_ROWS | _IN_COLUMNS

FEW_LOOKS = ("80x18-en", "60x14-zh-ascii", "40x6-en", "60x14-zh-ascii-columns")
_CONSOLE = Console(
    file=StringIO(), color_system=None, legacy_windows=False, markup=False, emoji=False, highlight=False, _environ={}
)


@dataclass(frozen=True)
class Page:
    """What stands on a page."""

    trace: Trace
    place: Place
    look: Look
    lines: tuple[str, ...]
    width: int
    """The columns it takes, blanks at the ends of lines included."""
    cells: frozenset[tuple[str, int, int, int]]
    """Step, row, column and head of every number that can be clicked."""

    @property
    def at(self) -> Address:
        """The current cell."""
        return cell_of(self.trace, self.place)

    @property
    def end_of_drawing(self) -> int:
        """The index of the line below the drawing: the one that works out the current cell."""
        name = re.escape(self.at.name) + r"(@[\d.]+)?\["
        return next(index for index, line in enumerate(self.lines) if re.match(name, line))

    @property
    def drawing(self) -> tuple[str, ...]:
        """The lines of the drawing."""
        return tuple(line for line in self.lines[: self.end_of_drawing] if line)

    @property
    def below(self) -> tuple[str, ...]:
        """Everything below the drawing: the arithmetic, what else there is room for, and the narration."""
        return self.lines[self.end_of_drawing :]


def steps(name: str) -> tuple[str, ...]:
    """The ids of a sample's steps."""
    return tuple(step.id for step in samples.trace(name).steps)


def rooms() -> list[ParameterSet]:
    """Each lesson with the names of LOOKS in which its pages are tested, all of them for a sample.

    The quick run looks at few lessons and few looks, and at sixty tokens, which are more than any room has lines for.
    Samples that learn have up to thirty steps, alike in kind: one of them is tested in every look.
    """
    found = []
    for name in samples.LESSONS:
        every = name in samples.SAMPLES and (name == "learn_label" or samples.example(name).learn is None)
        rest = tuple(look for look in LOOKS if look not in FEW_LOOKS) if every else ()
        if name in samples.FEW or name == "sixty":
            found.append(pytest.param(name, FEW_LOOKS, id=name))
        else:
            rest = (*FEW_LOOKS, *rest)
        if rest:
            found.append(pytest.param(name, rest, id=f"{name}-slow", marks=pytest.mark.slow))
    return found


def pages(name: str, looks: Iterable[str]) -> Iterator[tuple[str, str, Page]]:
    """Each page of a lesson in these of LOOKS, with its step and look."""
    yield from ((step_id, look, page(name, step_id, look)) for step_id in steps(name) for look in looks)


def place_at(name: str, step_id: str) -> Place:
    """A sample's start, at this step, in its last head."""
    trace = samples.trace(name)
    return to_step(trace, start(trace, head=trace.shape.heads - 1), trace.step(step_id).number - 1)


@cache
def page(name: str, step_id: str, look: str) -> Page:
    """The page of a sample's step in one of LOOKS, on a terminal with more columns, where nothing is cut."""
    return page_in(name, step_id, LOOKS[look])


@cache
def unbounded(name: str, step_id: str) -> Page:
    """The page in English with as much room as it wants."""
    return page_in(name, step_id, Look(2000))


def page_in(name: str, step_id: str, look: Look) -> Page:
    """The page of a sample's step."""
    trace, place = samples.trace(name), place_at(name, step_id)
    drawn = body(trace, place, look)
    rendered = _CONSOLE.render_lines(drawn, _options(look.width + 60), pad=False)
    lines = tuple("".join(segment.text for segment in line) for line in rendered)
    metas = (segment.style.meta for line in rendered for segment in line if segment.style is not None)
    cells = frozenset(meta["cell"] for meta in metas if "cell" in meta)
    return Page(trace, place, look, tuple(line.rstrip() for line in lines), widest(lines), cells)


def lines_of(drawn: RenderableType, width: int) -> tuple[str, ...]:
    """What a terminal of this width shows."""
    rendered = _CONSOLE.render_lines(drawn, _options(width), pad=False)
    return tuple("".join(segment.text for segment in line).rstrip() for line in rendered)


def widest(lines: tuple[str, ...]) -> int:
    """The terminal cells of the widest line."""
    return max(map(cell_len, lines), default=0)


def _options(width: int) -> ConsoleOptions:
    return _CONSOLE.options.update(width=width, height=None, no_wrap=True)


def narration_of(page: LessonPage) -> tuple[Line, ...]:
    """The narration of a page, a line a sentence."""
    spoken = (part for part in page.parts if isinstance(part, PageWords) and part.about == "sentences")
    return tuple(line for part in spoken for line in part.whole)
