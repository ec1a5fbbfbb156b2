"""What a reader sees as one character: an emoji of several code points, a letter with its accents."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import split_graphemes

_JOINER = "\u200d"


@lru_cache(maxsize=1024)
def graphemes(text: str) -> tuple[tuple[str, int], ...]:
    """Each with its width in terminal cells; together they are as wide as `cell_len` says, whatever the text."""
    joined = 0
    while text.startswith(_JOINER, joined):  # with nothing before it, cell_len gives what it joins no width
        joined += 2
    rest = text[joined:]
    spans, _ = split_graphemes(rest)
    found = tuple((rest[start:end], width) for start, end, width in spans)
    return ((text[:joined], 0), *found) if joined else found
