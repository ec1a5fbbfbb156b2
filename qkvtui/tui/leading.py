"""A teacher's session: where it is stands in a file, which others follow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import numpy as np

from ..engine.arrays import FloatArray
from ..errors import UsageError
from ..files.atomic import AlreadyThereError, why_unwritable, write_file
from ..files.clean import clean_line
from ..files.find import STANDARD_INPUT, from_anywhere
from ..files.restricted import require_writing
from ..files.teacher import MOST_ASSIGNMENTS, TeacherPlace, hold, read_place, written_place
from ..graph.example import Example
from ..graph.layers import with_own_layer
from ..graph.proposals import NO_CHANGE, WhatIf
from ..graph.stored import StoredArrays
from ..operations.tensors import Address
from ..said import say
from ..trace.addresses import format_address
from ..trace.changes import switches
from ..trace.trace import Trace
from ..trace.walk import step_at
from .state import LessonState

_Arrays = Mapping[str, FloatArray]
_MODE = 0o644
"""Whoever may read the folder may read the file, whatever the teacher's umask."""


class Leading:
    """Writes where a lesson is at each move, as one whole file; takes the file away at the end."""

    def __init__(self, path: str) -> None:
        """Raises UsageError where the file cannot be written, or is there and was not written for this."""
        require_writing(f"--lead {path}")
        self._path = path
        self._written = b""
        self._can_hold = True
        self._held: int | None = None
        """What locks the file: whoever follows it sees that the session lasts, even where it is killed."""
        self._change: tuple[Trace, Trace, tuple[WhatIf, bool]] | None = None
        """The trace that was compared last, the file's, and what differs."""
        if os.path.lexists(path):
            try:
                read_place(path)
            except UsageError:
                raise AlreadyThereError(path) from None
        folder = os.path.dirname(path) or os.curdir
        if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
            problem = PermissionError(13, os.strerror(13)) if os.path.isdir(folder) else FileNotFoundError()
            raise _refusal(problem, path)

    def walked(self, state: LessonState, asked: str) -> None:
        """The lesson is here now. A moment of a run cannot be followed: the file stays. Raises UsageError."""
        if state.moment is not None or asked.partition("#")[0] == STANDARD_INPUT:
            return
        place = self._place(state, asked)
        self._write(place)
        if self._can_hold and self._held is None:  # a file system without locks
            self._can_hold = False
            self._write(replace(place, held=False))

    def _write(self, place: TeacherPlace) -> None:
        data = written_place(place)
        if data == self._written:
            return
        try:
            write_file(self._path, data, overwrite=True, mode=_MODE)
        except OSError as error:
            raise _refusal(error, self._path) from None
        self._written = data
        self._let_go()
        self._held = hold(self._path)

    def _let_go(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def ended(self) -> None:
        """Nobody is to follow any more."""
        with suppress(OSError, UsageError):
            if self._written and written_place(read_place(self._path)) == self._written:
                os.unlink(self._path)
        self._let_go()

    def _place(self, state: LessonState, asked: str) -> TeacherPlace:
        place, trail = state.place, state.trail
        original = state.history.of_file
        change, beyond = self._difference(state.trace, original.at_layer(state.layer))
        return TeacherPlace(
            example=from_anywhere(asked),
            step=step_at(state.trace, place).id,
            query=place.query,
            key=place.key,
            feature=place.feature,
            head=place.head,
            layer=state.layer,
            moving=place.moving,
            word=place.word,
            opened=format_address(state.trace, trail.cells[-1]) if trail.cells else "",
            chosen=trail.chosen,
            picture=state.picture or "",
            change=change,
            beyond=beyond,
            held=self._can_hold,
        )

    def _difference(self, trace: Trace, original: Trace) -> tuple[WhatIf, bool]:
        """What is different from the file; worked out once for a trace."""
        if self._change is None or self._change[0] is not trace or self._change[1] is not original:
            self._change = (trace, original, difference(trace, original))
        return self._change[2]


def difference(trace: Trace, original: Trace) -> tuple[WhatIf, bool]:
    """What makes the second trace the first one; and whether there is more to it."""
    if trace is original:
        return NO_CHANGE, False
    example, before = trace.example, original.example
    if example.tokens != before.tokens or example.patches is not before.patches:
        return NO_CHANGE, True
    pairs = enumerate(zip(switches(example), switches(before), strict=True))
    beyond = any(one != was for layer, (one, was) in pairs if example.layers and layer != example.layer)
    assignments, more = _assignments(trace, before)
    now, was = example.attention, before.attention
    scale = None if now.scale == was.scale else str(now.scale) if isinstance(now.scale, str) else repr(float(now.scale))
    causal = None if now.causal == was.causal else bool(now.causal)
    return WhatIf(assignments, scale, None, causal, trace.softmax_over, trace.round_each), beyond or more


def _assignments(trace: Trace, before: Example) -> tuple[tuple[str, ...], bool]:
    """The numbers that are different, as one types them; and whether there are more."""
    example = trace.example
    tables: list[tuple[int | None, _Arrays, _Arrays]] = []
    if example.layers:
        layers = zip(with_own_layer(example).layers, with_own_layer(before).layers, strict=True)
        tables += [(at, one.parameters, was.parameters) for at, (one, was) in enumerate(layers)]
    else:
        tables.append((None, example.parameters, before.parameters))
    if not example.layer:
        tables.append((None, example.inputs, before.inputs))
    found: dict[str, None] = {}
    for layer, after, earlier in tables:
        if after is earlier:
            continue
        if isinstance(after, StoredArrays):
            return (), True
        for name, array in after.items():
            for index in _different(array, earlier[name]):
                head, row, column = (0, 0, 0, *index)[-3:]
                address = Address(name, row, column, head, layer)
                found[f"{format_address(trace, address)}={float(array[index])!r}"] = None
                if len(found) > MOST_ASSIGNMENTS:
                    return (), True
    return tuple(found), False


def _different(array: FloatArray, before: FloatArray) -> list[tuple[int, ...]]:
    """Where two arrays differ, as far as that can be followed."""
    if array is before or array.shape != before.shape:
        return []
    return [tuple(map(int, index)) for index in islice(np.argwhere(array != before), MOST_ASSIGNMENTS + 1)]


def _refusal(error: OSError, path: str) -> UsageError:
    return UsageError(say("--lead {file}: {problem}", file=clean_line(path), problem=why_unwritable(error, path)))
