"""What a click on a drawing means, as the drawing's styles say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..operations.tensors import Address
from ..trace.walk import cell_of, to_address, to_cell, to_query, to_step

if TYPE_CHECKING:
    from .lesson import LessonScreen


def clicked(screen: LessonScreen, meta: Mapping[str, Any]) -> None:
    """A token asks, a number becomes the current cell, a sign leads to its step, an entry of the footer acts."""
    trace, place = screen.trace, screen.place
    match meta:
        case {"query": int(query)}:
            screen.walk_to(to_query(trace, place, query))
        case {"key": int(key)}:
            screen.walk_to(replace(place, key=min(key, trace.shape.keys - 1)))
        case {"step": int(step)}:
            screen.walk_to(to_step(trace, place, step))
        case {"operand": Address() as operand}:
            trail, there = screen.trail.opened(trace, place, operand)
            screen.walk_to(there, trail)
        case {"cell": (str(name), int(row), int(column), int(head))}:
            if name == cell_of(trace, place).name:
                screen.walk_to(to_cell(trace, place, row, column))
            else:
                screen.walk_to(to_address(trace, place, Address(name, row, column, head)))
        case {"action": str(action)}:
            screen.call_next(screen.run_action, action)
