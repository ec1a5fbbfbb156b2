"""What the program itself has written for a later session, read with no more trust than any other file."""

from __future__ import annotations

from typing import Any

_LARGEST_INDEX = 10**9


def of_kind(value: Any, kind: type) -> Any:
    """The value. Raises TypeError where it is of another kind than what was written."""
    if type(value) is not kind:
        raise TypeError("not what was written")
    return value


def index_of(value: Any) -> int:
    """A whole number from 0 on. Raises TypeError or ValueError."""
    index: int = of_kind(value, int)
    if not 0 <= index <= _LARGEST_INDEX:
        raise ValueError("no index")
    return index
