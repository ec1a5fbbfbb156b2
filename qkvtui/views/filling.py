"""The blanks of a step, each with its address: what a learner fills in, or what was to be filled in."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from ..narration.formats import cell_format
from ..operations.tensors import Address
from ..trace.addresses import format_address, value_at
from ..trace.trace import Trace
from .look import SLOT, Look
from .wrapping import wrap

_GAP = 3


def blank_lines(trace: Trace, cells: Sequence[Address], look: Look) -> list[Text]:
    """`weights[it,The] = ____   weights[it,animal] = ____`, below each other as far as there is room."""
    entries = [_entry(trace, cell, look) for cell in cells]
    width = max(cell_len(entry) for entry in entries)
    each = max(1, (look.width + _GAP) // (width + _GAP))
    lines = []
    for start in range(0, len(entries), each):
        padded = (entry + " " * (width - cell_len(entry)) for entry in entries[start : start + each])
        lines.extend(wrap(Text((" " * _GAP).join(padded).rstrip(), look.palette.marked), look.width))
    return lines


def _entry(trace: Trace, cell: Address, look: Look) -> str:
    value = cell_format(trace, cell, look.digits).text(value_at(trace, cell))
    return f"{format_address(trace, cell)} = {SLOT if look.hides_cell(cell) else look.signs(value)}"
