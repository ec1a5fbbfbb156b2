"""Pages, and the lines around them, as rich draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text

from qkvtui.operations.tensors import Address
from qkvtui.pages import comparison, front, headings, opening, strip
from qkvtui.pages.lines import Line
from qkvtui.pages.scene import Scene
from qkvtui.pages.step_page import step_page
from qkvtui.pages.steps import step_drawing
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place
from qkvtui.views.blocks import CellBlock, block_of
from qkvtui.views.look import Look
from qkvtui.views.page import as_lines, drawn
from qkvtui.views.palette import text_of

__all__ = ["as_lines"]


def body(trace: Trace, place: Place, look: Look, *, is_told: bool = True) -> RenderableType:
    """The step of a place."""
    return drawn(step_page(trace, place, look, is_told=is_told), look.palette)


def side(trace: Trace, place: Place, look: Look) -> RenderableType:
    """What stands beside the step on a wide screen."""
    return drawn(front.side_page(trace, place, look), look.palette)


def step_block(trace: Trace, place: Place, look: Look) -> CellBlock:
    """The step's drawing alone."""
    return block_of(step_drawing(Scene(trace, place, look)), look.palette)


def compared_body(trace: Trace, place: Place, others: Sequence[int], look: Look) -> RenderableType:
    """The step for several queries."""
    return drawn(comparison.compared_page(trace, place, others, look), look.palette)


def whole_matrix(trace: Trace, place: Place, look: Look) -> RenderableType:
    """The step for all queries."""
    return drawn(comparison.matrix_page(trace, place, look), look.palette)


def opened_body(trace: Trace, place: Place, trail: tuple[Address, ...], chosen: int, look: Look) -> RenderableType:
    """An opened cell."""
    return drawn(opening.opened_page(trace, place, trail, chosen, look), look.palette)


def heading_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """The two lines at the top of the screen."""
    return _texts(headings.heading_lines(trace, place, look), look)


def step_heading(trace: Trace, place: Place, look: Look) -> Text:
    """The line above a step in print mode."""
    return as_lines(_texts(headings.heading_of(trace, place, look).rule(look), look))


def sentence_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """The sentence with the weights below it."""
    return _texts(strip.sentence_lines(trace, place, look), look)


def flow_lines(trace: Trace, place: Place | None, look: Look) -> list[Text]:
    """The map."""
    return _texts(front.map_lines(trace, place, look), look)


def _texts(lines: Iterable[Line], look: Look) -> list[Text]:
    return [text_of(line, look.palette) for line in lines]
