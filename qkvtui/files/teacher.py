"""A teacher's place in a lesson, as it stands in the file that the sessions of a class follow.

One line of JSON. Whoever follows it trusts it no more than any file: it can lead to a place, and to nothing else.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any

from ..errors import UsageError, reason_of
from ..graph.proposals import NO_CHANGE, WhatIf
from ..records import record
from ..said import say
from .clean import clean_line
from .kept import index_of, of_kind
from .locks import lock
from .restricted import require_inside
from .source import open_file

LARGEST = 4096
"""Bytes of the file."""
MOST_ASSIGNMENTS = 32
"""Numbers that can be followed."""
_FORMAT = 1
_TRIES, _A_LOOK = 10, 0.001
"""How often a lock is tried, and how many seconds apart."""
_INDICES = ("query", "key", "head", "layer", "chosen")
_MAYBE = ("feature", "moving", "word")
_PICTURES = ("", "flow", "matrix", "arrows", "heads")


@record(frozen=True)
class TeacherPlace:
    """Where a teacher is. Whether there is such a place is for the lesson to say."""

    example: str
    """A bundled name, or the absolute path of a file or of a model, with the sentence that it reads."""
    step: str
    """The step's id."""
    query: int = 0
    key: int = 0
    feature: int | None = None
    head: int = 0
    layer: int = 0
    moving: int | None = None
    word: int | None = None
    opened: str = ""
    """The address of the number that is opened; empty: none is."""
    chosen: int = 0
    """Which of the numbers that it is made of."""
    picture: str = ""
    """What stands in the step's place; empty: the step."""
    change: WhatIf = NO_CHANGE
    """What is different from the file; scale and mask of the layer."""
    beyond: bool = False
    """Whether more is different than that."""
    held: bool = False
    """Whether the session that wrote it locks the file as long as it lasts."""


def written_place(place: TeacherPlace) -> bytes:
    """The file that says so: at most LARGEST bytes, if need be without the numbers that are different."""
    data = _written(place)
    if len(data) <= LARGEST:
        return data
    change = WhatIf((), place.change.scale, None, place.change.causal, place.change.softmax, place.change.round_each)
    values = {name: getattr(place, name) for name in ("example", "step", *_INDICES, *_MAYBE, "picture", "held")}
    return _written(TeacherPlace(**values, change=change, beyond=True))


def _written(place: TeacherPlace) -> bytes:
    table: dict[str, Any] = {"format": _FORMAT, **vars(place)}
    change = table.pop("change")
    table |= {"set": list(change.assignments), "scale": change.scale, "causal": change.causal}
    table |= {"softmax": change.softmax, "round_each": change.round_each}
    return (json.dumps(table) + "\n").encode("ascii")


def read_place(path: str) -> TeacherPlace:
    """The place that a file says. Raises UsageError where there is none, or it says something else."""
    require_inside(path)
    try:
        return _place(json.loads(_data(path)))
    except OSError as error:
        reason = reason_of(error)
    except (ValueError, TypeError, KeyError, RecursionError):
        reason = say("it is not what --lead writes")
    raise UsageError(say("{file}: no place of a teacher ({reason})", file=clean_line(path), reason=reason))


def hold(path: str) -> int | None:
    """Lock the file until what is returned is closed, if only by the end of the process; None where that cannot be."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        with suppress(OSError):  # nothing can be locked here
            if lock(descriptor, shared=True, turns=_TRIES, turn=_A_LOOK):  # a student's session may just be looking
                return descriptor
        os.close(descriptor)
    return None


def is_left(path: str) -> bool:
    """Whether nobody holds the file although it says so: a session was killed, and could not take it away."""
    try:
        if not read_place(path).held:
            return False
        with open_file(path) as file:
            return lock(file.fileno())
    except (OSError, UsageError):
        return False


def _data(path: str) -> bytes:
    """What stands in the file. Raises OSError where there is none, ValueError where it is too large."""
    with open_file(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("too large")
    return data


def _place(table: Any) -> TeacherPlace:
    """Raises ValueError, TypeError or KeyError where the table is not as it is written."""
    table = dict(of_kind(table, dict))
    if of_kind(table.pop("format"), int) != _FORMAT:
        raise ValueError("of another version")
    assignments = tuple(of_kind(one, str) for one in of_kind(table.pop("set"), list))
    scale, causal = _maybe(table.pop("scale"), str), _maybe(table.pop("causal"), bool)
    softmax, round_each = of_kind(table.pop("softmax"), str), _maybe(table.pop("round_each"), int)
    for name in _INDICES:
        index_of(table[name])
    for name in _MAYBE:
        if table[name] is not None:
            index_of(table[name])
    for name in ("example", "step", "opened", "picture"):
        of_kind(table[name], str)
    of_kind(table["beyond"], bool)
    of_kind(table["held"], bool)
    is_known = softmax in ("rows", "columns") and table["picture"] in _PICTURES
    if not is_known or len(assignments) > MOST_ASSIGNMENTS or not 0 <= (round_each or 0) <= 15:
        raise ValueError("unknown")
    return TeacherPlace(**table, change=WhatIf(assignments, scale, None, causal, softmax, round_each))


def _maybe(value: Any, kind: type) -> Any:
    return None if value is None else of_kind(value, kind)
