"""A number opened into its terms, one level at a time, with the way that led to it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text

from ..narration.arithmetic import arithmetic
from ..narration.formats import cell_format
from ..operations.rules import Rule
from ..operations.tensors import Address, Opened
from ..trace.addresses import format_address, value_at
from ..trace.hidden import hides_operand
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import Place
from .blocks import Block, as_table, block, cell, left_cell
from .look import SLOT, Look
from .matrices import bracketed
from .page import BLANK_LINE, as_lines
from .steps import cell_block
from .windows import around, whole
from .wrapping import wrap

_LEAST_TERMS = 4


def trail_line(trace: Trace, trail: tuple[Address, ...], look: Look) -> Text:
    """`weights[it,animal] ‹ exp[it,animal] ‹ scaled[it,animal]`: where one is, and where one came from."""
    names = [format_address(trace, cell) for cell in reversed(trail)]
    line = cell("")
    for index, name in enumerate(names):
        line.append(look.signs(" ‹ ") if index else "", look.palette.dim)
        line.append(name, look.palette.cell if index == 0 else look.palette.dim)
    if line.cell_len > look.width:
        line.truncate(look.width - 3, overflow="crop")
        line.append(look.signs("…"))
    return line


def opened_body(trace: Trace, place: Place, trail: tuple[Address, ...], chosen: int, look: Look) -> RenderableType:
    """The cell at the end of the trail where it stands, its arithmetic, and its terms with one of them chosen."""
    found = opened(trace, trail[-1])
    worked = _arithmetic_lines(trace, found, look)
    height = look.height or 40
    terms_room = min(len(found.groups), max(_LEAST_TERMS, height // 3))
    room = max(3, height - len(worked) - terms_room - 4)
    drawn = cell_block(trace, place, trail[-1], look.sized(look.width, room))
    left = height - drawn.height - len(worked) - 4
    parts: list[RenderableType] = [trail_line(trace, trail, look), BLANK_LINE, as_table(drawn), BLANK_LINE]
    parts.append(as_lines(worked))
    if found.groups:
        parts.extend([BLANK_LINE, as_table(_terms(trace, found, chosen, look.sized(look.width, max(1, left))))])
    return Group(*parts)


def _arithmetic_lines(trace: Trace, found: Opened, look: Look) -> list[Text]:
    worked = arithmetic(trace, found.cell, look.digits, language=look.language)
    line = cell("")
    line.append(f"{format_address(trace, found.cell)}  ", look.palette.dim)
    value = SLOT if look.hides_cell(found.cell) else look.signs(worked.value)
    line.append(f"{value} ", look.palette.marked)
    if not (look.hidden.hides_cell(found.cell) or hides_operand(trace, found.cell, look.hidden)):
        line.append_text(look.styled(worked.equation))
    if found.rule is Rule.GIVEN:
        line.append(look.word("given", place=found.place))
    return wrap(line, look.width)


def _terms(trace: Trace, found: Opened, chosen: int, look: Look) -> Block:
    """One line a group: its numbers, and whose they are; the chosen one in brackets."""
    group, position = found.groups.place_of(chosen)
    count, room = len(found.groups), look.height or len(found.groups)
    shown = whole(count) if count <= room else around(group, count, max(1, room - 1))
    lines = [_term(trace, found.groups[index], position if index == group else None, look) for index in shown.shown]
    if not shown.whole:
        lines.append([left_cell(f" +{count - len(shown.shown)}", look.palette.dim)])
    widest = max(len(line) for line in lines)
    return block([*line, *[cell("")] * (widest - len(line))] for line in lines)


def _term(trace: Trace, group: tuple[Address, ...], chosen: int | None, look: Look) -> list[Text]:
    line: list[Text] = []
    for position, operand in enumerate(group):
        here = position == chosen
        written = cell_format(trace, operand, look.digits).text(value_at(trace, operand))
        number = SLOT if look.hides_cell(operand) else look.signs(written)
        click = Style(meta={"operand": operand})
        style = look.palette.marked if here else look.palette.dim
        line.append(cell(look.signs(" × ") if position else "   ", look.palette.dim))
        line.append(cell(bracketed(number, here), (look.palette.cell if here else Style()) + click))
        line.append(left_cell(f" {format_address(trace, operand)} ", style + click))
    return line
