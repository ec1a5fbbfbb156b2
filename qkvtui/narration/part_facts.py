"""What sentences say of the parts that tokens add to an output: of one that is looked at and adds next to nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..trace.attends import contributions
from .facts import Facts
from .numbers import percent
from .sentences import Role, Sentence, Span

_MUCH, _LITTLE = 0.05, 0.25
"""A token that gets so much attention, and adds less than this part of its share."""


def _emptiest(facts: Facts) -> tuple[int, float, float] | None:
    """The token that gets most attention for next to nothing: its index, its share, and the part that it adds."""
    if facts.blind:
        return None
    weights = facts.row("weights", facts.place.query)
    added = contributions(facts.trace, facts.place.query, facts.place.head)
    empty = np.flatnonzero((weights >= _MUCH) & (added < _LITTLE * weights))
    if not len(empty) or not added.any():
        return None
    index = int(empty[np.argmax(weights[empty])])
    return index, float(weights[index]), float(added[index])


def _of_emptiest(part: int) -> Callable[[Facts], Sentence]:
    def said(facts: Facts) -> Sentence:
        found = _emptiest(facts)
        assert found is not None
        return facts.key_token(found[0]) if part == 0 else (Span(percent(found[part]), Role.NUMBER),)

    return said


PART_SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    "empty": _of_emptiest(0),
    "empty_share": _of_emptiest(1),
    "empty_part": _of_emptiest(2),
}
"""What a template's {name} stands for."""

PART_CONDITIONS: dict[str, Callable[[Facts], bool]] = {"has_empty": lambda facts: _emptiest(facts) is not None}
"""Whether a template's `when` or `unless` is true."""
