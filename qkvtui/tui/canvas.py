"""What the lesson screen draws: views of print mode, chosen by the screen's state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from ..operations.operation import Drawing
from ..pages.comparison import compared_page
from ..pages.front import map_lines, sentence_lines
from ..pages.headings import heading_lines
from ..pages.opening import opened_page
from ..pages.page import step_page
from ..trace.rounding import ROUNDING_DIGITS
from ..trace.walk import step_at
from ..views.look import Look
from ..views.page import BLANK_LINE, as_lines, drawn, written
from .footer import footer_line

if TYPE_CHECKING:
    from .lesson import LessonScreen


class Canvas:
    """Draws each part of a lesson screen for the size it is given."""

    def __init__(self, screen: LessonScreen) -> None:
        self._screen = screen

    def heading(self, width: int, height: int) -> RenderableType:
        """Title, step, all steps, formula."""
        screen, look = self._screen, self._look(width, height)
        after = "" if screen.moment is None else look.studying("after", number=screen.moment.number)
        return written(heading_lines(screen.trace, screen.place, look, after), look.palette)

    def sentence(self, width: int, height: int) -> RenderableType:
        """The sentence and whom the query attends to."""
        look = self._look(width, height)
        return written(sentence_lines(self._screen.trace, self._screen.place, look), look.palette)

    def body(self, width: int, height: int) -> RenderableType:
        """The step, an opened cell, or two queries side by side."""
        screen, look = self._screen, self._look(width, height)
        if screen.trail.cells:
            trail = screen.trail
            return drawn(opened_page(screen.trace, screen.place, trail.cells, trail.chosen, look), look.palette)
        if screen.pinned is not None:
            return drawn(compared_page(screen.trace, screen.place, (screen.pinned,), look), look.palette)
        return self._step(look)

    def _step(self, look: Look) -> RenderableType:
        """The step, and above it what a tutor or the teacher says."""
        screen = self._screen
        said = screen.tour.lines(screen.place, look)
        if screen.predictions.verdict is not None:
            said = screen.predictions.verdict.lines(look)
        elif step_at(screen.trace, screen.place).type.kind is Drawing.SUMMARY and screen.predictions.asked:
            said = [*said, Text(screen.predictions.tally(look), look.palette.key)]
        if not said:
            return drawn(step_page(screen.trace, screen.place, look, screen.skipped), look.palette)
        below = look.sized(look.width, max(1, (look.height or 0) - len(said) - 1))
        page = step_page(screen.trace, screen.place, below, screen.skipped)
        return Group(as_lines(said), BLANK_LINE, drawn(page, look.palette))

    def map(self, width: int, height: int) -> RenderableType:
        """All steps with "you are here"."""
        look = self._look(width, height)
        return written(map_lines(self._screen.trace, self._screen.place, look), look.palette)

    def footer(self, width: int, height: int) -> RenderableType:
        """The keyboard, or what there is to say."""
        screen = self._screen
        look = self._look(width, height)
        return footer_line(screen.trace, screen.notice, screen.player.tempo, bool(screen.trail.cells), look)

    def _look(self, width: int, height: int) -> Look:
        """The application's look in this room; what is to be predicted is hidden, and what rounding does is seen."""
        look, trace = self._screen.app.look, self._screen.trace
        hidden = self._screen.predictions.hidden_at(trace, self._screen.place)
        digits = look.digits if trace.round_each is None else max(look.digits, trace.round_each + ROUNDING_DIGITS)
        return replace(look, width=width, height=height, digits=digits, hidden=hidden)
