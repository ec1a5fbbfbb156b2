"""What the lesson screen draws: views of print mode, chosen by the screen's state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from ..operations.operation import Drawing
from ..trace.rounding import ROUNDING_DIGITS
from ..trace.walk import step_at
from ..views.comparison import compared_body
from ..views.flow import flow_lines
from ..views.look import Look
from ..views.opening import opened_body
from ..views.page import BLANK_LINE, as_lines, body, heading_lines
from ..views.strip import sentence_lines
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
        return as_lines(heading_lines(screen.trace, screen.place, look, after))

    def sentence(self, width: int, height: int) -> RenderableType:
        """The sentence and whom the query attends to."""
        return as_lines(sentence_lines(self._screen.trace, self._screen.place, self._look(width, height)))

    def body(self, width: int, height: int) -> RenderableType:
        """The step, an opened cell, or two queries side by side."""
        screen, look = self._screen, self._look(width, height)
        if screen.trail.cells:
            return opened_body(screen.trace, screen.place, screen.trail.cells, screen.trail.chosen, look)
        if screen.pinned is not None:
            return compared_body(screen.trace, screen.place, (screen.pinned,), look)
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
            return body(screen.trace, screen.place, look, screen.skipped)
        below = look.sized(look.width, max(1, (look.height or 0) - len(said) - 1))
        return Group(as_lines(said), BLANK_LINE, body(screen.trace, screen.place, below, screen.skipped))

    def map(self, width: int, height: int) -> RenderableType:
        """All steps with "you are here"."""
        return as_lines(flow_lines(self._screen.trace, self._screen.place, self._look(width, height)))

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
