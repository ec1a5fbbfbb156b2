"""A page as one reads it without seeing it: its tables one by one, without the signs and bars that stand between."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ..narration.sentences import Role
from ..records import record
from ..trace.labels import step_labels
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .lines import line_of
from .operands import matrix_of
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .scene import Scene
from .tables import Above, Beside, Gap, Layout, PageTable, TableCell

_BARS = frozenset("█▉▊▋▌▍▎▏#:")
_HEADERS = (Role.HEADER, Role.MARKED, Role.TITLE, Role.DIM)
_LEAVES_OUT = "⋮"
_CUT = "…"


@record(frozen=True)
class ReadRow:
    """A row of a table."""

    label: str
    cells: tuple[TableCell, ...]

    @property
    def is_left_out(self) -> bool:
        """Whether it stands for rows that are not shown: its label then says how many, `+3`."""
        return any(cell.text == _LEAVES_OUT for cell in self.cells)


@record(frozen=True)
class ReadTable:
    """A table with the labels of its columns and rows."""

    symbol: str
    """The sign of the matrix; empty where the columns are different things."""
    columns: tuple[str, ...]
    rows: tuple[ReadRow, ...]


@record(frozen=True)
class Grid:
    """A table whose columns mean something."""

    symbol: str
    """The sign of the matrix; empty for a listing."""
    header: tuple[TableCell, ...]
    """What stands above the columns, that of the labels included; empty where nothing does."""
    rows: tuple[tuple[TableCell, ...], ...]
    labelled: bool
    """Whether the first cell of each row is its label."""

    signs: tuple[str, ...] = ()
    """Of each column the sign that stands before it; empty where none does."""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


def grid_of(one: PageTable) -> Grid:
    """The table, without the columns in which nothing stands."""
    rows = list(one.rows)
    header = rows.pop(0) if has_header(one) else ()
    labelled = not rows or not is_number(rows[0][0])
    symbol = header[0].text if header and labelled else ""
    kept: list[int] = []
    signs: list[str] = []
    sign = ""
    for column in range(len(one.rows[0])):
        texts = {row[column].text for row in rows} - {""}
        if labelled and not column:
            kept.append(column)
            signs.append("")
        elif _is_sign(rows, column) and header and not header[column].text:
            sign = next(iter(texts))
        elif texts or (header and header[column].text):
            kept.append(column)
            signs.append(sign)
            sign = ""
    return Grid(
        symbol,
        tuple(header[column] for column in kept) if header else (),
        tuple(tuple(row[column] for column in kept) for row in rows),
        labelled,
        tuple(signs),
    )


def is_number(cell: TableCell) -> bool:
    """Whether a cell has room for the brackets of the current one, as all numbers have."""
    return cell.lead in (" ", "[") and cell.trail in (" ", "]")


def is_bar(cell: TableCell) -> bool:
    """Whether a cell holds a bar that is as long as the number beside it is large."""
    return bool(cell.text) and set(cell.text) <= _BARS


def _is_sign(rows: Sequence[Sequence[TableCell]], column: int) -> bool:
    """Whether in the column stands nothing but one sign between two numbers."""
    found = [row[column] for row in rows if row[column].text]
    return bool(found) and all(cell.role is Role.DIM and not cell.lead and len(cell.text) == 1 for cell in found)


def parts_of(layout: Layout) -> Iterator[Grid | str | Layout]:
    """What stands beside each other in a drawing: tables, signs between them, and what is no table."""
    for one in glued(layout):
        if isinstance(one, PageTable):
            yield grid_of(one)
        elif not isinstance(one, Gap):
            yield one
        elif one.sign.text:
            yield one.sign.text


def read_tables(layout: Layout, names: Collection[str] = ()) -> Iterator[ReadTable]:
    """The tables of a drawing, each whole: a bias below its matrix is a row more, beside it a column more.

    Of `names` are the labels that were cut to fit above a column.
    """
    for grid in parts_of(layout):
        if isinstance(grid, Grid):
            first = int(grid.labelled)
            kept = [at for at in range(first, grid.width) if _is_read(grid, at)]
            yield ReadTable(
                grid.symbol,
                tuple(_uncut(grid.header[at].text, names) if grid.header else "" for at in kept),
                tuple(
                    ReadRow(_uncut(row[0].text, names) if first else "", tuple(row[at] for at in kept))
                    for row in grid.rows
                ),
            )


def names_in(trace: Trace, language: str, head: int) -> frozenset[str]:
    """All that rows and columns of the trace's steps may be called."""
    labels = (step_labels(trace, step, language, head) for step in trace.walk if step.type.has_numbers)
    return frozenset(name for both in labels for axis in both for name in axis)


def _uncut(label: str, names: Collection[str]) -> str:
    """A label that was cut, whole again, where only one name can be meant."""
    before, cut, after = label.partition(_CUT)
    if not cut:
        return label
    meant = [name for name in names if name.startswith(before) and name.endswith(after)]
    return meant[0] if len(meant) == 1 else label


def glued(layout: Layout) -> Iterator[Layout]:
    """The parts of a drawing as one reads them: tables, those in one that touch, and what stands between them."""
    if not isinstance(layout, Above | Beside):
        yield layout
        return
    before: PageTable | None = None
    for part in layout.parts:
        for index, drawn in enumerate(glued(part)):
            if not isinstance(drawn, PageTable):
                yield from () if before is None else (before,)
                yield drawn
                before = None
                continue
            touches = before is not None and index == 0 and isinstance(part, PageTable)
            if before is not None and touches and isinstance(layout, Beside) and len(drawn.rows) == len(before.rows):
                rows = tuple(left + right for left, right in zip(before.rows, drawn.rows, strict=True))
                before = replace(before, rows=rows, widths=before.widths + drawn.widths)
                continue
            if before is not None and touches and isinstance(layout, Above) and not has_header(drawn):
                before = replace(before, rows=before.rows + drawn.rows)
                continue
            if before is not None:
                yield before
            before = drawn
    if before is not None:
        yield before


def has_header(drawn: PageTable) -> bool:
    """Whether its first row says what its columns are."""
    return all(not cell.text or cell.role in _HEADERS for cell in drawn.rows[0])


def _is_read(grid: Grid, column: int) -> bool:
    """Whether a column says something: bars, which have no name, do not, nor what is only there for the eye."""
    if grid.header and grid.header[column].text:
        return True
    cells = [row[column] for row in grid.rows if row[column].text]
    return not all(cell.role is Role.DIM or is_bar(cell) for cell in cells)


def whole_step(page: Page, trace: Trace, place: Place, room: PageRoom) -> Page:
    """The page of a step, with the numbers of all queries where it shows only some of them."""
    step = step_at(trace, place)
    if not step.type.has_numbers or room.hidden.covers(step.id, place.head):
        return page
    head = place.head if step.type.per_head else 0
    rows, columns = step.shape
    seen = {cell.click for one in page.tables for row in one.rows for cell in row if cell.click is not None}
    if all(("cell", (step.id, row, column, head)) in seen for row in range(rows) for column in range(columns)):
        return page
    scene = Scene(trace, place, room)
    told = room.texts.spoken["whole"].format(symbol=room.symbols(step.symbol))
    title = said("caption", [line_of(room.signs(told), Role.DIM)], room)
    words = [part for part in page.parts if isinstance(part, PageWords) and part.about == "sentences"]
    before = page.parts[: page.parts.index(words[0])] if words else (*page.parts, GAP)
    return replace(page, parts=(*before, title, matrix_of(scene, scene.at), *((GAP, *words) if words else ())))
