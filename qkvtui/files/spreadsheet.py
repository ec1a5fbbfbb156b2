"""What a spreadsheet does with a cell of a table that it opens: text may begin as its formulas do."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula, and works it out."""


def harmless(text: str) -> str:
    """A text of a file as a spreadsheet shows it, behind its own sign for text where it would be worked out."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
