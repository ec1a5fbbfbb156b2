"""`qkvtui patch`: a watched number while rows of another run are put in, as text, Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from ..narration.numbers import format_for
from ..pages.patches import heads_line, patches_page, strongest
from ..trace.addresses import format_address
from ..trace.patch_tables import PatchTable
from ..views.look import Look
from ..views.page import drawn
from .as_json import finite, json_text
from .console import plain_lines, report_console
from .markdown import code, escaped, pipe_table
from .spreadsheet import harmless


def table_as_text(table: PatchTable, look: Look, color: str | None, no_color: bool) -> str:
    """The page that the application shows, in the width given."""
    console = report_console(look, color, no_color)
    console.print(drawn(patches_page(table, strongest(table), look), look.palette))
    return plain_lines(console)


def table_as_markdown(table: PatchTable, look: Look) -> str:
    """Both tables as pipe tables."""
    written = format_for([*table.rows.ravel().tolist(), table.own, table.other], look.digits)

    def rows(values: Any, names: list[str]) -> str:
        lines = [["", *map(escaped, names)]]
        for layer, line in enumerate(values):
            texts = [escaped(written.text(float(one))) for one in line]
            lines.append([look.word("layer", layer=layer), *texts, *[""] * (len(names) - len(texts))])
        return pipe_table(lines)

    watched = look.word("patch_watched").format(
        address=code(format_address(table.trace, table.watch, look.language)),
        own=escaped(written.text(table.own)),
        other=escaped(written.text(table.other)),
        run=escaped(table.run.name),
    )
    parts = [watched, look.word("patch_rows"), rows(table.rows, list(table.tokens))]
    if len(table.heads):
        heads = [f"{look.word('head')} {head}" for head in range(max(map(len, table.heads)))]
        parts += [escaped(heads_line(table, look).text), rows(table.heads, heads)]
    return "\n\n".join(parts) + "\n"


def table_as_csv(table: PatchTable) -> str:
    """A line for each number: what was put over, where, and what became of the watched number."""
    file = io.StringIO()
    writer = csv.DictWriter(file, ["put", "layer", "row", "token", "head", "value", "share"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**line, "token": harmless(line["token"])} if "token" in line else line for line in _lines(table))
    return file.getvalue()


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
    tokens = table.trace.example.tokens
    for layer, line in enumerate(table.rows.tolist()):
        for row, value in enumerate(line):
            found = {"put": "row", "layer": layer, "row": row, "token": tokens[row]}
            yield {**found, "value": finite(value), "share": finite(table.share(value))}
    for layer, line in enumerate(table.heads):
        for head, value in enumerate(line.tolist()):
            found = {"put": "head", "layer": layer, "head": head}
            yield {**found, "value": finite(value), "share": finite(table.share(value))}
