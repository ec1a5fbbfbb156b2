"""A number opened into its terms, one level at a time, with the way that led to it."""

from __future__ import annotations

from collections.abc import Sequence

from ..narration.meanings import meaning_of, tiny_number
from ..narration.sentences import Role
from ..operations.rules import Rule
from ..operations.tensors import Address, Opened
from ..trace.addresses import format_address
from ..trace.terms import opened
from ..trace.trace import Trace
from ..trace.walk import Place
from .headings import heading_of
from .lines import Line, Pen, cropped, line_of
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .scene import Scene
from .steps import cell_drawing
from .tables import EMPTY, Layout, PageTable, TableCell, number_cell, table
from .windows import around, whole
from .worked import WorkedPage, worked_cell

_LEAST_TERMS = 4


def opened_page(trace: Trace, place: Place, trail: tuple[Address, ...], chosen: int, room: PageRoom) -> Page:
    """The cell at the end of the trail where it stands, its arithmetic, and its terms with one of them chosen."""
    scene, found = Scene(trace, place, room), opened(trace, trail[-1])
    cell = worked_cell(scene, found.cell)
    worked = said("worked", [_worked_line(cell, found, room), *_meaning(scene, found.cell)], room)
    height = room.height or 40
    terms_room = min(len(found.groups), max(_LEAST_TERMS, height // 3))
    drawn = cell_drawing(scene.sized(room.width, max(3, height - worked.height - terms_room - 4)), trail[-1])
    parts: list[PageWords | Layout] = [PageWords("trail", (_trail_line(trace, trail, room),)), drawn, GAP, worked]
    if found.groups:
        left = max(1, height - drawn.height - worked.height - 4)
        parts.extend([GAP, _terms(scene.sized(room.width, left), found, chosen)])
    return Page(tuple(parts), heading_of(trace, place, room), cell)


def _meaning(scene: Scene, cell: Address) -> list[Line]:
    """What the number is, and how small where one cannot see it."""
    room = scene.room
    told = [meaning_of(scene.trace, cell, room.texts)]
    if not scene.hides(cell):
        told.append(tiny_number(scene.trace.value(cell), scene.text(cell), room.texts))
    return [room.spoken(sentence) for sentence in told if sentence]


def _trail_line(trace: Trace, trail: tuple[Address, ...], room: PageRoom) -> Line:
    """`weights[it,animal] ‹ exp[it,animal] ‹ scaled[it,animal]`: where one is, and where one came from."""
    pen = Pen()
    for index, cell in enumerate(reversed(trail)):
        pen.write(room.signs(" ‹ ") if index else "", Role.DIM)
        pen.write(format_address(trace, cell, room.language), Role.DIM if index else Role.CURRENT)
    line = pen.line
    return line if line.width <= room.width else cropped(line, room.width - 3) + line_of(room.signs("…"))


def _worked_line(cell: WorkedPage, found: Opened, room: PageRoom) -> Line:
    pen = Pen().write(f"{cell.address}  ", Role.DIM).write(f"{cell.value} ", Role.MARKED)
    pen.pieces.extend(cell.equation.pieces)
    return pen.write(room.word("given", place=cell.place) if found.rule is Rule.GIVEN else "").line


def _terms(scene: Scene, found: Opened, chosen: int) -> PageTable:
    """One line a group: its numbers, and whose they are; the chosen one in brackets."""
    group, position = found.groups.place_of(chosen)
    count, room = len(found.groups), scene.room.height or len(found.groups)
    shown = whole(count) if count <= room else around(group, count, max(1, room - 1))
    lines = [_term(scene, found.groups[index], position if index == group else None) for index in shown.shown]
    if not shown.whole:
        lines.append([TableCell(f"+{count - len(shown.shown)}", Role.DIM, " ", left=True)])
    widest = max(len(line) for line in lines)
    return table([*line, *[EMPTY] * (widest - len(line))] for line in lines)


def _term(scene: Scene, group: Sequence[Address], chosen: int | None) -> list[TableCell]:
    line: list[TableCell] = []
    for position, operand in enumerate(group):
        here, click = position == chosen, ("operand", operand)
        sign = TableCell(scene.room.signs("×"), Role.DIM, " ", " ") if position else TableCell("", Role.DIM, "   ")
        number = number_cell(scene.text(operand), Role.CURRENT if here else Role.PLAIN, click=click)
        name = format_address(scene.trace, operand, scene.room.language)
        line.extend(
            [sign, number, TableCell(name, Role.MARKED if here else Role.DIM, " ", " ", click=click, left=True)]
        )
    return line
