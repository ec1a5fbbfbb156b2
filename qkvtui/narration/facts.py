"""Facts about one place in a trace, and how a sentence says them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from ..engine.arrays import FloatArray
from ..operations.operation import Operation
from ..operations.tensors import Address
from ..records import record
from ..trace.attends import Attended, Attends, attends
from ..trace.published import OrderConflict, agree, is_printed_run, order_conflict, published_row
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .formats import step_format
from .language import LanguageTexts
from .numbers import format_for, number
from .sentences import Role, Sentence, Span, joined, quoted

_MOST_IN_VECTOR = 6
_MOST_IN_LIST = 3
_MOST_IN_TIE = 6


@record(frozen=True)
class Facts:
    """The facts of one place in one trace, worked out when a sentence asks for them."""

    trace: Trace
    place: Place
    texts: LanguageTexts
    digits: int

    @cached_property
    def attends(self) -> Attends:
        """Whom the query attends to."""
        return attends(self.trace, self.place.query, self.place.head)

    @cached_property
    def conflict(self) -> OrderConflict | None:
        """The clearest proof that no softmax gives the published weights, where there is one."""
        return order_conflict(self.trace, self.place.query, self.place.head)

    @cached_property
    def best(self) -> list[int]:
        """The keys with the highest score; several in a tie."""
        scores = self.row("scores", self.place.query)
        return [int(index) for index in np.flatnonzero(np.isclose(scores, scores.max(), rtol=1e-9, atol=1e-12))]

    @cached_property
    def allowed(self) -> int:
        """How many keys the query may look at."""
        return int(np.isfinite(self.trace.mask_row(self.place.query, self.place.head)).sum())

    @property
    def blind(self) -> bool:
        """Whether the query may look at nothing."""
        return self.allowed == 0

    @property
    def shares(self) -> bool:
        """Whether the query's row is shared out among its keys, so that it adds up to 1."""
        return not self.blind and self.trace.softmax_over == "rows"

    @property
    def first(self) -> int:
        """The key that gets most."""
        return self.attends.ranked[0].index

    @property
    def operation(self) -> Operation:
        """That of the step one is at."""
        return step_at(self.trace, self.place).type.operation

    @property
    def others(self) -> list[Attended]:
        """Those that get something, after the first."""
        return [one for one in self.attends.ranked[len(self.attends.first) :][:_MOST_IN_LIST] if one.weight > 0]

    def printed(self, key: int) -> float | None:
        """The weight that a source printed for this key; None where it printed none."""
        row = published_row(self.trace, "weights", self.place.query, self.place.head)
        return None if row is None or math.isnan(row[key]) else row[key]

    def printed_differs(self, key: int) -> bool:
        """Whether a source printed another weight of this run for this key."""
        printed = self.printed(key)
        cell = Address("weights", self.place.query, key, self.place.head)
        if printed is None or not is_printed_run(self.trace):
            return False
        return not agree(self.trace, cell, printed, self.trace.value(cell))

    def row(self, step_id: str, row: int) -> FloatArray:
        """One row of a step in the current head."""
        return self.trace.row(step_id, row, self.place.head)

    def token(self, text: str, role: Role = Role.TOKEN) -> Sentence:
        """A token in the language's quotation marks."""
        return quoted(text, self.texts.quotes, role)

    def key_token(self, index: int) -> Sentence:
        """A token that is attended to; with its index where its text occurs more than once."""
        role = Role.QUERY if self.trace.example.context is None and index == self.place.query else Role.KEY
        keys = self.trace.example.keys
        position = (Span(self.texts.word("numbered", index=index)),) if keys.count(keys[index]) > 1 else ()
        return (*self.token(keys[index], role), *position)

    def number(self, value: float) -> Sentence:
        """A number with the digits that were asked for."""
        return (Span(number(value, self.digits), Role.NUMBER),)

    def weight(self, value: float) -> Sentence:
        """A weight, printed or computed, written as the table of weights writes it."""
        return (Span(step_format(self.trace, "weights", self.place.head, self.digits).text(value), Role.NUMBER),)

    def cell(self, step_id: str) -> Sentence:
        """The query's number for the key, written as the step's table writes it."""
        written = step_format(self.trace, step_id, self.place.head, self.digits)
        return (Span(written.text(float(self.row(step_id, self.place.query)[self.place.key])), Role.NUMBER),)

    def vector(self, values: FloatArray) -> Sentence:
        """A row of numbers in brackets, a long one with its end left out."""
        written = format_for(values, self.digits)
        shown = ", ".join(written.text(float(value)) for value in values[:_MOST_IN_VECTOR])
        rest = f", … +{len(values) - _MOST_IN_VECTOR}" if len(values) > _MOST_IN_VECTOR else ""
        return (Span(f"[{shown}{rest}]", Role.NUMBER),)

    def listed(self, items: Iterable[Sentence]) -> Sentence:
        """A list as the language writes it."""
        return joined(items, self.texts.list_separator, self.texts.list_last)

    def tokens(self, indices: Sequence[int]) -> Sentence:
        """Tokens in a list; of many, the first and how many more."""
        shown = [self.key_token(index) for index in indices[:_MOST_IN_TIE]]
        if len(indices) > _MOST_IN_TIE:
            shown.append((Span(self.texts.word("more_tokens", count=len(indices) - _MOST_IN_TIE)),))
        return self.listed(shown)

    def with_weight(self, one: Attended) -> Sentence:
        """`“animal” 0.26`."""
        return (*self.key_token(one.index), Span(" "), *self.number(one.weight))


def is_by(kind: type[Operation]) -> Callable[[Facts], bool]:
    """Whether the step one is at has such an operation."""
    return lambda facts: isinstance(facts.operation, kind)
