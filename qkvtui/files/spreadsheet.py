"""Tables for a spreadsheet: as it reads them, and without text that it would take for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula, and works it out."""


def csv_text(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """Rows as RFC 4180 has them, but with lines that end as they do everywhere else here."""
    written = StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return written.getvalue()


def harmless(text: str) -> str:
    """A text of a file as a spreadsheet shows it, behind its own sign for text where it would be worked out."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
