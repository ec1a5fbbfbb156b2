"""A question asked at a place of a lesson: the lesson's numbers as far as they may be seen, and how they are said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...engine.arrays import FloatArray
from ...graph.example import Example
from ...narration.facts import Facts
from ...narration.formats import step_format
from ...narration.numbers import NumberFormat, format_for
from ...narration.sentences import Role, Sentence, Span, filled
from ...records import record
from ...trace.labels import step_labels
from ...trace.terms import logits_step
from ...trace.trace import Trace
from ..lines import Line
from ..listings import Column, Listing, Marks
from ..scene import Scene, ShownNumbers
from ..tables import TableCell

_MOST_PAIRS = 1 << 16
"""Scores up to which an answer looks at all queries; of a longer lesson, at the one that asks."""
_STAGES = ("exp", "sum", "max")

Value = Sentence | str | int | float
"""What a sentence is filled with. Floats have the digits that were asked for."""
Values = dict[str, Value]
Said = Line | Listing
"""What an answer is made of, from top to bottom: sentences and tables."""
Part = Callable[["Inquiry"], Iterator[Said]]
"""A piece of an answer. Left out where it would tell a hidden number."""


class HiddenNumberError(Exception):
    """A piece of an answer would tell a number that is hidden."""


@record(frozen=True)
class WhyQuestion:
    """One of the questions."""

    name: str
    """Its text stands in the language files under this name, the sentences of its answer under NAME_…."""
    steps: tuple[str, ...]
    """The ids of the steps at which it arises."""
    parts: tuple[Part, ...]
    """Its answer."""
    only_there: bool = False
    """Whether it is asked only in lessons that have one of those steps."""


class Inquiry:
    """Where a question is asked.

    What is said is true of the lesson as it ought to be computed: neither rounded at each step, nor with softmax over
    the wrong axis.
    """

    def __init__(self, scene: Scene) -> None:
        self.trace = _as_it_ought_to_be(scene.trace)
        self.place = scene.place
        self.room = scene.room
        self.facts = Facts(self.trace, scene.place, scene.room.texts, scene.room.digits)

    @property
    def example(self) -> Example:
        """The lesson's example."""
        return self.trace.example

    @property
    def own(self) -> int | None:
        """The asking token among those it looks at; None where it is not among them."""
        return None if self.example.context is not None else self.place.query

    @property
    def is_short(self) -> bool:
        """Whether the rows of all queries can be looked at at once."""
        return self.trace.shape.queries * self.trace.shape.keys <= _MOST_PAIRS

    @property
    def logits(self) -> str:
        """The step that softmax is taken of."""
        return logits_step(self.trace)

    @property
    def has_queries(self) -> bool:
        """Whether scores are made of queries and keys."""
        return "queries" in self.trace.graph.roles

    @property
    def has_dot_scores(self) -> bool:
        """Whether a score is the dot product of a query and a key."""
        return self.has_queries and self.example.attention.scoring != "additive"

    def features(self, step: str) -> Sequence[str]:
        """What the columns of a step are called."""
        return step_labels(self.trace, self.trace.step(step), self.room.language, self.place.head)[1]

    def tells(self, *names: str) -> None:
        """What is said next tells numbers of these steps. Raises HiddenNumberError where one of them is hidden."""
        stages = _STAGES if "weights" in names else ()
        if any(self.room.withholds(name, head) for name in (*names, *stages) for head in {0, self.place.head}):
            raise HiddenNumberError

    def row(self, name: str, row: int | None = None, *, of: Trace | None = None) -> FloatArray:
        """A row of a step, the query's unless another is named; of the lesson, or of a changed one."""
        self.tells(name)
        return (of or self.trace).row(name, self.place.query if row is None else row, self.place.head)

    def matrix(self, name: str) -> FloatArray:
        """All rows of a step."""
        self.tells(name)
        return self.trace.matrix(name, self.place.head)

    def compared(self) -> tuple[FloatArray, FloatArray]:
        """(k,) and (s, k): the query and the keys that a score is made of, after all that is done to them."""
        roles = self.trace.graph.roles
        self.tells("queries", "keys")
        return self.row(roles["queries"]), self.matrix(roles["keys"])

    def changed(self, **changes: object) -> Trace:
        """The lesson with another example: what would be. Without its task, which has no say in that."""
        return Trace(replace(self.example, learn=None, **changes))  # type: ignore[arg-type]

    def with_settings(self, **settings: object) -> Trace:
        """The lesson with other settings of attention."""
        return self.changed(attention=replace(self.example.attention, **settings))  # type: ignore[arg-type]

    def say(self, name: str, **values: Value) -> Line:
        """A sentence of the language files."""

        def value(of: str) -> Sentence:
            if of not in values:
                return self.token(self.place.query) if of == "query" else self.facts.key_token(self.place.key)
            given = values[of]
            if isinstance(given, float):
                return self.facts.number(given)
            return (Span(str(given), Role.NUMBER),) if isinstance(given, str | int) else given

        return self.room.spoken(filled(self.room.texts.answers[name], value))

    def word(self, name: str) -> str:
        """A heading of a table, or a few words."""
        return self.room.texts.answers[name]

    def named(self, name: str, role: str) -> str:
        """The same for queries or keys: with their sign where something was done to them."""
        step = self.trace.graph.roles[role]
        return (
            self.word(name)
            if step in (role, "embeddings")
            else f"{self.word(name)} {self.room.symbols(self.trace.graph.symbol(step))}"
        )

    def token(self, query: int) -> Sentence:
        """A token that asks."""
        return self.facts.token(self.example.tokens[query], Role.QUERY)

    def written(self, step: str) -> NumberFormat:
        """How the numbers of a step are written."""
        return step_format(self.trace, step, self.place.head, self.room.digits)

    def of_step(self, step: str, value: float) -> str:
        """A number of a step, as its table writes it."""
        return self.written(step).text(float(value))

    def column(
        self,
        header: str,
        values: FloatArray | Sequence[float],
        written: NumberFormat | None = None,
        *,
        shaded: bool = False,
        bottom: float | None = None,
        sign: str = "",
    ) -> Column:
        """A column of a table."""
        numbers: FloatArray = np.asarray(values, dtype=np.float64)
        how = format_for(numbers, self.room.digits) if written is None else written
        below = "" if bottom is None else how.text(bottom)
        return Column(header, ShownNumbers(numbers), how, shaded=shaded, bottom=below, sign=sign)

    def marks(self, header: str, texts: Sequence[str], role: Role = Role.PLAIN) -> Marks:
        """A column of words."""
        return Marks(header, lambda line: TableCell(texts[line], role, " ", left=True))

    def by_token(
        self,
        columns: Sequence[Column],
        marks: Sequence[Marks] = (),
        *,
        shares: FloatArray | None = None,
        always: Sequence[int] = (),
    ) -> Listing:
        """A table with a line for each token that is looked at; of many, those with the largest of `shares`."""
        kept = [key for key in (self.own, *always) if key is not None]
        return Listing(self.example.keys, self.place.key, columns, marks, shares=shares, always=kept)

    def by_line(
        self,
        labels: Sequence[str],
        columns: Sequence[Column],
        marks: Sequence[Marks] = (),
        *,
        shares: FloatArray | None = None,
        bottom: str = "",
    ) -> Listing:
        """A table with lines of its own; of many, those with the largest of `shares`."""
        return Listing(tuple(labels), None, columns, marks, shares=shares, bottom_label=bottom)


def _as_it_ought_to_be(trace: Trace) -> Trace:
    if trace.softmax_over == "rows" and trace.round_each is None:
        return trace
    return Trace(trace.example, memory=trace.memory)
