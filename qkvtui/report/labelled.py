"""Tables of texts with labels, as a prompt of Python and a notebook show them."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..narration.formats import cell_format, leaf_format, step_format
from ..narration.numbers import NumberFormat
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..pages.reading import Grid
from ..pages.tables import TableCell, number_cell, text_cell
from ..records import record
from ..trace.addresses import format_address
from ..trace.labels import axes_of
from ..trace.trace import Trace
from ..views.look import Look
from .console import plain_lines, report_console

MOST_ROWS, MOST_COLUMNS = 20, 12
"""Of a larger table the first rows and columns are shown, and how many more there are."""


@record(frozen=True)
class LabelledTable:
    """A table of texts with a label for each row and each column."""

    caption: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    is_numbers: bool = True

    def drawn(self, look: Look) -> RenderableType:
        """As rich draws it."""
        table = Table(
            title=Text(self.caption, look.palette.title),
            title_justify="left",
            box=box.ASCII2 if look.ascii else box.SIMPLE_HEAD,
            pad_edge=False,
            show_edge=False,
            show_header=any(self.columns),
        )
        for index, label in enumerate(("", *self.columns)):
            is_right = self.is_numbers and index > 0
            table.add_column(Text(label, look.palette.header), justify="right" if is_right else "left", no_wrap=True)
        for label, cells in zip(self.rows, self.cells, strict=True):
            table.add_row(Text(label, look.palette.label), *map(Text, cells))
        return table

    def text(self, look: Look) -> str:
        """Without colours, a line a row."""
        console = report_console(look, None, False)
        console.print(self.drawn(look))
        return plain_lines(console).rstrip("\n")

    def html(self) -> str:
        """A table of HTML whose headers say what they head; it stands in pages whose style is somebody else's."""
        from .html_tables import table
        from .markup import as_html

        cell = number_cell if self.is_numbers else text_cell
        rows = ((TableCell(label), *map(cell, cells)) for label, cells in zip(self.rows, self.cells, strict=True))
        header = ("", *self.columns) if any(self.columns) else ()
        grid = Grid("", tuple(map(TableCell, header)), tuple(rows), labelled=True)
        return as_html(table(grid, self.caption, None, styled=True))


def numbers_table(trace: Trace, name: str, head: int, look: Look) -> LabelledTable:
    """The numbers of a tensor in one head, as its page writes them; of a large one the first rows and columns."""
    labels = axes_of(trace, name, look.language, head)
    is_line = len(labels) < 2
    columns = labels[-1] if labels else ("",)
    is_down = is_line and bool(labels) and not trace.is_leaf(name)
    shape = (len(columns), 1) if is_down else (1 if is_line else len(labels[0]), len(columns))
    rows, width = min(shape[0], MOST_ROWS), min(shape[1], MOST_COLUMNS)
    written = _written(trace, name, head, look)
    cells = []
    for row in range(rows):
        numbers = trace.row(name, row, head)[:width].tolist()
        cells.append((*map(written.text, numbers), *_more(shape[1] - width, look)))
    down = columns if is_down else ("",) if is_line else labels[0]
    across = ("",) if is_down else columns
    return LabelledTable(
        _caption(trace, name, head, look),
        (*down[:rows], *_more(shape[0] - rows, look)),
        (*across[:width], *_more(shape[1] - width, look)),
        (*cells, *([("",) * (width + bool(shape[1] > width))] if shape[0] > rows else [])),
    )


def steps_table(trace: Trace, look: Look) -> LabelledTable:
    """The steps of an example: what each is called, its formula and its shape."""
    steps = [step for step in trace.walk if step.type.kind is not Drawing.TOLD and step.type.has_numbers]
    return LabelledTable(
        trace.example.title.in_language(look.language),
        tuple(step.id for step in steps),
        ("", "", ""),
        tuple((look.step_name(step), look.formula(step), look.signs("{} × {}".format(*step.shape))) for step in steps),
        is_numbers=False,
    )


def _caption(trace: Trace, name: str, head: int, look: Look) -> str:
    """Which tensor it is, with its head and the way it is made."""
    called = format_address(trace, Address(name, 0, 0, head)).partition("[")[0]
    return look.signs(f"{called}: {trace.step(name).formula}") if trace.has(name) else called


def _written(trace: Trace, name: str, head: int, look: Look) -> NumberFormat:
    if trace.is_leaf(name):
        return leaf_format(trace, name, look.digits)
    if trace.has(name):
        return step_format(trace, name, head, look.digits)
    return cell_format(trace, Address(name, 0, 0, head), look.digits)


def _more(count: int, look: Look) -> Sequence[str]:
    return (look.signs(f"… +{count}"),) if count > 0 else ()
