"""A learner's changes as plain data: made, kept in a file, and made again where each finds what it found before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, Literal, cast, get_args

from ..errors import QkvtuiError
from ..graph.example import Patch, Scale
from ..operations.tensors import Address
from ..records import record
from .addresses import value_at
from .appending import appended, next_word
from .changes import before_numbers, set_causal, set_number, set_rounding, set_scale, set_softmax
from .reordering import swapped
from .trace import SoftmaxOver, Trace

EditKind = Literal["number", "scale", "causal", "softmax", "rounding", "swap", "append", "patch"]
EditValue = float | int | str | bool | None
"""What a number, a switch or a token was or is."""

_OF_NO_FILE = ("softmax", "rounding")
"""Ways to compute, which stand in no file."""
_APART = "\x1f"
_NONE = -1


@record(frozen=True)
class Edit:
    """One change of a lesson."""

    kind: EditKind
    value: EditValue = None
    """What there is after it; None where the rest says so."""
    name: str = ""
    """Of an input or a parameter; or of the step whose rows are put in."""
    at: tuple[int, ...] = ()
    """Row, column, head and layer of a number; the places of two tokens; layer, row and head of rows put in."""
    layer: int = 0
    """In which it was made."""
    found: EditValue = None
    """What there was before it."""

    @property
    def is_of_file(self) -> bool:
        """Whether a file can say it."""
        return self.kind not in _OF_NO_FILE

    def __call__(self, trace: Trace) -> Trace:
        """The trace with the change, in its layer. Raises QkvtuiError where it is impossible."""
        match self.kind:
            case "number":
                value = float(cast(float, self.value))
                return set_number(trace, self._cell, value, compared_to=before_numbers(trace))
            case "scale":
                return set_scale(trace, cast(Scale, self.value))
            case "causal":
                return set_causal(trace, bool(self.value))
            case "softmax":
                return set_softmax(trace, cast(SoftmaxOver, self.value))
            case "rounding":
                return set_rounding(trace, cast(int | None, self.value))
            case "swap":
                return swapped(trace, *self.at)
            case "append":
                return appended(trace)
            case "patch":
                return self._put_in(trace)

    def made_in(self, trace: Trace, layer: int) -> Edit:
        """The change as it is made in this trace, which shows that layer."""
        return replace(self, layer=layer, found=self._there(trace))

    def again(self, trace: Trace) -> Trace:
        """The change made once more. Raises LookupError where it would not find what it found then."""
        there = trace.at_layer(self.layer)
        if self._there(there) != self.found:
            raise LookupError(self.kind)
        return self(there)

    def _put_in(self, trace: Trace) -> Trace:
        """Rows of the other run that the file names first. Raises LookupError where there are none such."""
        from .patch_tables import put_in  # only here: few examples have another run beside them

        layer, row, head = (None if one == _NONE else one for one in self.at)
        there = trace.at_layer(layer or 0)
        heads = there.shape.heads if there.step(self.name).type.per_head else 0
        if (row or 0) >= len(trace.example.tokens) or (head is not None and head >= heads):
            raise LookupError(self.name)
        return put_in(trace, Patch(trace.example.others[0], self.name, layer or 0, row, head))

    @property
    def _cell(self) -> Address:
        row, column, head, layer = self.at
        return Address(self.name, row, column, head, None if layer == _NONE else layer)

    def _there(self, trace: Trace) -> EditValue:
        match self.kind:
            case "number":
                return float(value_at(trace, self._cell))
            case "scale":
                return trace.example.attention.scale
            case "causal":
                return trace.example.attention.causal
            case "softmax":
                return trace.softmax_over
            case "rounding":
                return trace.round_each
            case "swap":
                return _APART.join(trace.example.tokens[place] for place in self.at)
            case "append":
                return next_word(trace)
            case "patch":
                return trace.example.others[0].name if trace.example.others else None


def number_edit(leaf: Address, value: float) -> Edit:
    """Another value of a number of the file."""
    layer = _NONE if leaf.layer is None else leaf.layer
    return Edit("number", value, leaf.name, (leaf.row, leaf.column, leaf.head, layer))


def patch_edit(patch: Patch) -> Edit:
    """Rows put in from the other run that the file names first."""
    at = tuple(_NONE if one is None else one for one in (patch.layer, patch.row, patch.head))
    return Edit("patch", None, patch.step, at)


def again(trace: Trace, edits: Iterable[Edit]) -> list[Trace] | None:
    """What each of the changes leads to, one after the other; None where they do not fit what they are made in."""
    made: list[Trace] = []
    try:
        for edit in edits:
            trace = edit.again(trace)
            trace.row("weights", trace.shape.queries - 1)
            made.append(trace)
    except (QkvtuiError, LookupError, ValueError, TypeError):  # a file that somebody has changed says anything
        return None
    return made


def as_tables(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """The changes as JSON has them."""
    return [{**vars(edit), "at": list(edit.at)} for edit in edits]


def from_tables(tables: Iterable[Mapping[str, Any]]) -> tuple[Edit, ...]:
    """The changes that JSON says. Raises ValueError, TypeError or KeyError for what `as_tables` has not written."""
    return tuple(_edit(table) for table in tables)


def _edit(table: Mapping[str, Any]) -> Edit:
    edit = Edit(**{**table, "at": tuple(table["at"])})
    counts = (*edit.at, edit.layer)
    if edit.kind not in get_args(EditKind) or not all(type(one) is int and one >= _NONE for one in counts):
        raise ValueError("not what was written")
    for value in (edit.value, edit.found):
        if not isinstance(value, EditValue) or (isinstance(value, float) and not isfinite(value)):
            raise ValueError("not a value")
    return edit
