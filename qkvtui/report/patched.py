"""`qkvtui patch`: a watched number while rows of another run are put in, as text, a document, CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.arrays import FloatArray
from ..files.clean import clean_line
from ..files.spreadsheet import csv_text, harmless
from ..narration.numbers import format_for
from ..pages.lines import line_of
from ..pages.page import GAP, Page, PageWords, said
from ..pages.patches import as_told_apart, heads_line, patches_page, strongest, told_line, watched_line
from ..pages.tables import Layout
from ..trace.addresses import format_address
from ..trace.patch_tables import PatchTable
from ..views.look import Look
from ..views.page import drawn
from .as_json import finite, json_text
from .console import plain_lines, report_console
from .told import ToldReport, listing

_COMMAND = "qkvtui patch"


def table_as_text(table: PatchTable, look: Look, color: str | None, no_color: bool) -> str:
    """The page that the application shows, in the width given."""
    console = report_console(look, color, no_color)
    console.print(drawn(patches_page(table, strongest(table), look), look.palette))
    return plain_lines(console)


def patched_report(table: PatchTable, look: Look) -> ToldReport:
    """Both tables as a document, and what the cell says whose number has gone farthest."""

    def pages(room: Look) -> Iterator[Page]:
        room = replace(room, digits=as_told_apart(table, room).digits)
        written = format_for([*np.concatenate(table.rows).tolist(), table.own, table.other], room.digits)

        def rows(values: Sequence[FloatArray], names: Sequence[str], first: int) -> Iterator[Layout | PageWords]:
            lines = [[written.text(float(one)) for one in line] for line in values]
            named = [[room.word("layer", layer=layer), *line] for layer, line in enumerate(lines, first)]
            yield from listing([["", *names], *(line + [""] * (len(names) + 1 - len(line)) for line in named)], room)

        parts: list[Layout | PageWords] = [said("sentences", [watched_line(table, room)], room)]
        for layers in table.sides:
            names, values = table.both_tokens(layers.start), table.rows[layers.start : layers.stop]
            parts += [said("caption", [line_of(room.word("patch_rows"))], room), *rows(values, names, layers.start)]
        heads = [f"{room.word('head')} {head}" for head in range(max(map(len, table.heads), default=0))]
        for layers in table.sides:
            if found := table.heads[layers.start : layers.stop]:
                told = said("caption", [heads_line(table, layers.start, room)], room)
                parts += [GAP, told, *rows(found, heads, layers.start)]
        yield Page((*parts, GAP, said("sentences", [told_line(table, strongest(table), room)], room)))

    tokens = (token for layers in table.sides for token in table.both_tokens(layers.start))
    return ToldReport(" ".join((_COMMAND, clean_line(table.trace.example.name))), look, pages, frozenset(tokens))


def table_as_csv(table: PatchTable) -> str:
    """A line for each number: what was put over, where, and what became of the watched number."""
    columns = ("put", "layer", "row", "token", "head", "value", "share")
    rows = ({**line, "token": harmless(line.get("token", ""))} for line in _lines(table))
    return csv_text((columns, *([row.get(column, "") for column in columns] for row in rows)))


def table_as_json(table: PatchTable) -> str:
    """The same as one object; shares are parts of the way from this run's number to the other's."""
    found = {
        "format": 1,
        "example": table.trace.example.name,
        "other": table.run.name,
        "watch": format_address(table.trace, table.watch),
        "tokens": list(table.trace.example.tokens),
        "other_tokens": list(table.run.example.tokens),
        "own_value": finite(table.own),
        "other_value": finite(table.other),
        "patches": list(_lines(table)),
    }
    return json_text(found)


def _lines(table: PatchTable) -> Iterator[dict[str, Any]]:
    for layer, line in enumerate(table.rows):
        for row, value in enumerate(line.tolist()):
            found = {"put": "row", "layer": layer, "row": row, "token": table.tokens(layer)[row]}
            yield {**found, "value": finite(value), "share": finite(table.share(value))}
    for layer, line in enumerate(table.heads):
        for head, value in enumerate(line.tolist()):
            found = {"put": "head", "layer": layer, "head": head}
            yield {**found, "value": finite(value), "share": finite(table.share(value))}
