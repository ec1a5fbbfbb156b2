"""What a click on a drawing means, as the drawing's styles say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..operations.tensors import Address
from ..trace.walk import cell_of, to_cell, to_query, to_step
from .messages import ActionChosen
from .questioning import open_at
from .state import LessonState


def clicked(state: LessonState, meta: Mapping[str, Any]) -> LessonState:
    """A token asks, a number becomes the current cell, a sign leads to its step, an entry of the footer acts."""
    trace, place = state.trace, state.place
    match meta:
        case {"query": int(query)}:
            return state.walked(to_query(trace, place, query))
        case {"key": int(key)}:
            return state.walked(replace(place, key=min(key, trace.shape.keys - 1)))
        case {"step": int(step)}:
            return state.walked(to_step(trace, place, step))
        case {"question": int(index)}:
            return open_at(index)(state)
        case {"operand": Address() as operand}:
            return state.opened(operand)
        case {"cell": (str(name), int(row), int(column), int(head))}:
            if name == cell_of(trace, place).name:
                return state.walked(to_cell(trace, place, row, column))
            return state.walked_to(Address(name, row, column, head))
        case {"action": str(action)}:
            return state.telling(ActionChosen(action))
    return state
