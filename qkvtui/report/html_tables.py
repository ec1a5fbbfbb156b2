"""Drawings of a page as tables of HTML: captions, scopes, shades, and how each number was computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element

from ..narration.sentences import Role
from ..operations.tensors import Address
from ..pages.lines import stripped
from ..pages.reading import Grid, is_bar, is_number, parts_of
from ..pages.scene import Scene
from ..pages.tables import Layout, Lines, TableCell
from ..pages.worked import worked_cell, worked_line
from .html_words import formula, heat, isolated
from .markup import Child, element
from .svg_lines import lines_picture

MOST_WORKED = 600
"""Numbers of one drawing that are worked out; of a larger one only the current one is, below it."""
How = Callable[[Address], str]
"""How a number was computed, as a line of text."""


def how_of(scene: Scene) -> How:
    """How each number was computed, as the line below a drawing says it of the current one; each worked out once."""
    known: dict[Address, str] = {}

    def how(at: Address) -> str:
        if at not in known:
            known[at] = stripped(worked_line(worked_cell(scene, at), scene)).text
        return known[at]

    return how


def drawing(layout: Layout, name: str, how: How | None) -> Element:
    """What stands beside each other; `name` is what a table without a sign is called."""
    parts = list(parts_of(layout))
    count = sum(len(one.rows) * one.width for one in parts if isinstance(one, Grid))
    worked = how if count <= MOST_WORKED else None
    found = element("div", *_beside(parts, name, worked), class_="drawing")
    if next(found.iter("td"), None) is not None and not any("title" in one.attrib for one in found.iter("td")):
        found.set("tabindex", "0")  # what may be wider than the window has to be reached by keyboard
        found.set("role", "group")
        found.set("aria-label", name)
    return found


def _beside(parts: Sequence[Grid | str | Layout], name: str, how: How | None) -> Iterator[Child]:
    for part in parts:
        if isinstance(part, Grid):
            yield table(part, name, how)
        elif isinstance(part, Lines):
            yield lines_picture(part.lines, name)
        elif isinstance(part, str):
            yield element("span", part, class_="sign")


def table(grid: Grid, name: str, how: How | None, *, styled: bool = False) -> Element:
    """One table; `styled` where there is no style sheet that says at which side its cells stand."""
    named = element("span", name, class_=None if styled else "unseen")
    caption = formula(grid.symbol, "symbol") if grid.symbol else named
    head = None if not grid.header else element("thead", element("tr", *_header(grid)))
    body = element("tbody", *(_row(grid, row, how) for row in grid.rows))
    found = element("table", element("caption", caption), head, body)
    for cell, drawn in zip(body.iter("td"), _cells_below(grid), strict=False) if styled else ():
        cell.set("style", f"text-align: {'left' if drawn.left else 'right'}")
    return found


def _cells_below(grid: Grid) -> Iterator[TableCell]:
    return (cell for row in grid.rows for cell in row[grid.labelled :])


def _header(grid: Grid) -> Iterator[Element]:
    for column, cell in enumerate(grid.header):
        if (grid.labelled and not column) or not cell.text:
            yield element("td")
            continue
        marked = cell.role is Role.MARKED
        sign = f"{grid.signs[column]} " if grid.signs and grid.signs[column] else None
        yield element("th", sign, *_label(cell), scope="col", class_="marked" if marked else None)


def _row(grid: Grid, row: tuple[TableCell, ...], how: How | None) -> Element:
    cells = row[1:] if grid.labelled else row
    found = element("tr")
    if grid.labelled:
        if row[0].text:
            role = {Role.MARKED: "marked", Role.KEY: "key"}.get(row[0].role)
            found.append(element("th", *_label(row[0]), scope="row", class_=role))
        else:
            found.append(element("td"))
    found.extend(_cell(cell, how) for cell in cells)
    numbers = [cell for cell in cells if is_number(cell)]
    if numbers and all(cell.role is Role.QUERY for cell in numbers):
        found.set("class", "query")
    elif grid.labelled and row[0].role is Role.TITLE:
        found.set("class", "edge")
    return found


def _label(cell: TableCell) -> Iterator[Child]:
    """A heading with its mark, which a voice need not read."""
    if cell.lead.strip():
        yield element("span", cell.lead.strip(), aria_hidden="true")
    yield isolated(cell.text)


def _cell(cell: TableCell, how: How | None) -> Element:
    if is_bar(cell) and not is_number(cell):
        return element("td", element("span", cell.text, aria_hidden="true"), class_="bar")
    at = _address(cell)
    title = how(at) if how is not None and at is not None else None
    attributes = {
        "class_": _class(cell),
        "title": title,
        "tabindex": 0 if title else None,
        "data_cell": None if at is None else f"{at.name}@{at.head}:{at.row},{at.column}",
    }
    if cell.role is Role.CURRENT:
        return element("td", element("mark", cell.text), **attributes)
    return element("td", cell.text, **attributes)


def _class(cell: TableCell) -> str | None:
    names = {Role.QUERY: "query", Role.KEY: "column", Role.BAR: "column", Role.WRONG: "wrong", Role.MARKED: "marked"}
    found = [names[cell.role]] if cell.role in names else []
    shade = heat(cell.share)
    if shade is not None:
        found.append(shade)
    if cell.left:
        found.append("left")
    return " ".join(found) or None


def _address(cell: TableCell) -> Address | None:
    match cell.click:
        case ("cell", (str(name), int(row), int(column), int(head))):
            return Address(name, row, column, head)
        case _:
            return None
