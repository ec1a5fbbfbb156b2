"""The text that an example was read from: what is needed to write it again with only some numbers changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..records import record

Kind = Literal["toml", "json"]
"""What a file is written in."""


@record(frozen=True)
class Document:
    """A file as it was read."""

    text: str
    """All of it but a byte-order mark, with the line endings it has; its numbers and signs in ASCII."""
    kind: Kind
    folder: str | None
    """Where a file of arrays lies; None for a text that lies in no folder."""
    arrays: Mapping[str, str] | None = None
    """By place, the name of the array that stands for the numbers.

    Places are `inputs.X`, `attention.mask`, `published.weights`, `learn.target`, …
    None where no file of arrays is named.
    """
