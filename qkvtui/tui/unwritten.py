"""Changes that no file has: how many they are, asked about before they are lost, kept, and offered again."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import date, datetime

from ..errors import QkvtuiError
from ..files.find import locate
from ..files.restricted import is_restricted
from ..files.same import same_example
from ..graph.example import Example
from ..memory.unwritten import KeptChanges, UnwrittenChanges
from ..trace.edits import Edit, again, as_tables, from_tables
from ..trace.history import History
from .messages import Asked
from .state import LessonState


def count(state: LessonState) -> int:
    """How many changes neither the file has that was read, nor the one that was written last.

    None of a session that may only read: there is nothing to choose about.
    """
    if is_restricted():
        return 0
    history = state.history
    number = 0
    for at in range(history.at, history.base, -1):
        if _is_in_a_file(history.traces[at].example, state):
            return number
        edit = history.edits[at]
        number += edit is not None and edit.is_of_file
    return number


def _is_in_a_file(example: Example, state: LessonState) -> bool:
    """Whether it is what was read, or what was written last."""
    files = (state.original,) if state.written is None else (state.original, state.written)
    return any(_is_same(example, one, state) for one in files)


def _is_same(example: Example, other: Example, state: LessonState) -> bool:
    return example is other or same_example(_comparable(example, state), _comparable(other, state))


def _comparable(example: Example, state: LessonState) -> Example:
    """The example at the layer at which the file was read."""
    if example.layers and example.layer != state.original.layer:
        from ..graph.layers import of_layer

        return of_layer(example, state.original.layer)
    return example


def asked_before_leaving(state: LessonState) -> Asked:
    """Whether they are to be written, dropped, or stayed with."""
    values = {"count": str(count(state))}
    if state.trace.example.is_stored:  # a model's, which no example could hold
        return Asked("leave", "", "leave_model_hint", values, keys="ds")
    return Asked("leave", "", "leave_hint", values, keys="wds")


class Recovery:
    """The changes of one lesson, kept when the program is ended and offered when the lesson is opened again.

    `asked` is the example as it was asked for. What came in through a pipe nobody can open again, and a moment of a
    run stands in no file: of these nothing is kept.
    """

    def __init__(self, kept: UnwrittenChanges, asked: str, *, is_moment: bool = False) -> None:
        self._all = kept
        self._example = "" if is_moment else _place_of(asked)
        self._own: KeptChanges | None = None
        """What this session has kept."""
        self._offered: tuple[KeptChanges, History] | None = None
        """What an earlier one has kept, and what it makes of the lesson."""

    def offer(self, state: LessonState) -> Asked | None:
        """What is asked where an earlier session has left changes; None where it has not."""
        kept = self._all.newest(self._example) if self._example else None
        if kept is None:
            return None
        self._offered = kept, state.history
        values = {"count": str(kept.count), "when": _when(kept.when, state.look.texts.screen)}
        history = _made_again(kept, state.history)
        if history is None:
            return Asked("unfitting", "", "unfitting_hint", values, keys="ds")
        self._offered = kept, history
        is_same = kept.fingerprint == _fingerprint(state.original)
        return Asked("recover", "", "recover_hint" if is_same else "recover_changed_hint", values, keys="yn")

    def answered(self, key: str, state: LessonState) -> LessonState:
        """The lesson with the changes taken or dropped; `s` keeps what does not fit."""
        if self._offered is None or key == "s":
            return state
        kept, history = self._offered
        self._offered = None
        self._all.drop(kept)
        return state.showing(history).saying("recovered") if key == "y" else state.saying("recovered_not")

    def keep(self, state: LessonState) -> None:
        """Keep what nobody can be asked about any more."""
        number = count(state) if self._example else 0
        if number:
            edits = as_tables(edit for edit in state.history.made if edit is not None)
            file = "" if self._own is None else self._own.file
            kept = KeptChanges(self._example, _fingerprint(state.original), time.time(), number, edits, file)
            self._own = self._all.keep(kept)


def _made_again(kept: KeptChanges, history: History) -> History | None:
    """The lesson after the changes that were kept; None where they do not fit it."""
    try:
        edits: tuple[Edit, ...] = from_tables(kept.edits)
    except (ValueError, TypeError, KeyError):
        return None
    traces = again(history.trace, edits)
    if traces is None:
        return None
    for trace, edit in zip(traces, edits, strict=True):
        history = history.changed(trace, edit)
    return history


def _place_of(asked: str) -> str:
    """The example under the one name that it has from wherever it is opened; empty where it stands in no file."""
    try:
        found = locate(asked)
    except QkvtuiError:
        return ""
    if found.path is None:
        return ""
    place = os.path.realpath(found.path)
    return place if found.sentence is None else f"{place} {found.sentence}"


def _fingerprint(example: Example) -> str:
    """Of the text that it was read from; empty for a model, whose numbers each change looks at itself."""
    from hashlib import sha256  # only here: most sessions have nothing to keep

    document = example.document
    return "" if document is None else sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def _when(seconds: float, texts: Mapping[str, str]) -> str:
    """The time of day, and which day."""
    then = datetime.fromtimestamp(seconds)
    days = (date.today() - then.date()).days
    name = {0: "when_today", 1: "when_yesterday"}.get(days, "when_on")
    return texts[name].format(time=f"{then:%H:%M}", date=f"{then:%Y-%m-%d}")
