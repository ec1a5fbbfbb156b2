"""Pieces of Markdown, as GitHub reads it: text that stays text, code, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What Markdown takes for a sign of its own; an underscore inside a word it leaves alone."""
_STARTS = re.compile(r"^\s*(?:(?P<sign>[-+=])|(?P<number>\d+)(?P<mark>[.)])(?=\s|$))")
"""What begins a list, or makes a heading of the line above."""


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, also inside a table."""
    return _SPECIAL.sub(r"\\\1", text)


def paragraph(text: str) -> str:
    """Escaped text as a paragraph of its own, whatever it begins with."""
    return _STARTS.sub(lambda it: f"\\{it['sign']}" if it["sign"] else f"{it['number']}\\{it['mark']}", text.strip())


def fenced(lines: Iterable[str]) -> str:
    """Lines as they are, in letters of one width."""
    kept = [line.rstrip() for line in lines]
    fence = "`" * max(3, 1 + _longest_run(kept))
    return "\n".join([f"{fence}text", *kept, fence])


def code(text: str) -> str:
    """A name as code, whatever is in it; outside of tables only, where `|` would end a cell."""
    fence = "`" * (1 + _longest_run([text]))
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """A table of escaped cells; the first row is its heading, and all columns but the first stand at the right."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"| --- |{' ---: |' * (len(rows[0]) - 1)}"
    return "\n".join([lines[0], rule, *lines[1:]])


def _longest_run(lines: Iterable[str]) -> int:
    return max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
