"""The numbers of a trace as they may be seen from a place: hidden ones are taken away here, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from ..engine.arrays import BoolArray, FloatArray
from ..narration.formats import cell_format, step_format
from ..narration.numbers import NumberFormat
from ..narration.tells import SLOT
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..records import record
from ..trace.addresses import value_at
from ..trace.attends import Attends, attends
from ..trace.before import column_before, row_before
from ..trace.parts import Step
from ..trace.published import published_row
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from .room import PageRoom

_Made = TypeVar("_Made")


_FEW = 32
"""So many numbers are measured one by one."""


@record(frozen=True, eq=False)
class ShownNumbers:
    """A row or a column of numbers, as far as they may be seen."""

    values: FloatArray
    """(n,): NaN where one is hidden."""
    hidden: BoolArray | None = None
    """(n,); None where none is."""
    before: FloatArray | None = None
    """(n,): the same before the last change, where there was one."""

    def hides(self, index: int) -> bool:
        """Whether a blank stands for this one."""
        return self.hidden is not None and bool(self.hidden[index])

    def share(self, index: int) -> float | None:
        """This one, as a share of the attention that is drawn; None where it is hidden."""
        return None if self.hides(index) else float(self.values[index])

    def veiled(self, hidden: BoolArray | None) -> ShownNumbers:
        """With these hidden too."""
        if hidden is None:
            return self
        together = hidden if self.hidden is None else hidden | self.hidden
        return ShownNumbers(np.where(together, np.nan, self.values), together, self.before)

    def some(self, indices: Sequence[int] | None) -> ShownNumbers:
        """Only these; None: all."""
        if indices is None:
            return self
        at = list(indices)
        return ShownNumbers(*(None if part is None else part[at] for part in (self.values, self.hidden, self.before)))  # type: ignore[arg-type]

    def times(self, other: ShownNumbers) -> ShownNumbers:
        """Each number times the other's: hidden where one of the two is, so that it cannot be told from the other."""
        before = None if self.before is None or other.before is None else self.before * other.before
        return derived(self.values * other.values, self, other, before=before)

    def written(self, how: NumberFormat, room: PageRoom) -> list[str]:
        """Their texts; of one that the last change changed visibly `before→after`."""
        texts = [how.text(value) for value in self.values.tolist()]
        if self.before is not None:
            old = [how.text(float(value)) for value in self.before]
            texts = [now if now == was else f"{was}→{now}" for was, now in zip(old, texts, strict=True)]
        if room.ascii:
            texts = [room.signs(text) for text in texts]
        if self.hidden is None:
            return texts
        return [SLOT if hidden else text for text, hidden in zip(texts, self.hidden, strict=True)]

    def widest(self, how: NumberFormat, room: PageRoom) -> int:
        """The width of the widest text; of many changed numbers that of the widest before and the widest after."""
        seen = self if self.hidden is None else self.some(np.flatnonzero(~self.hidden).tolist())
        widths = [len(SLOT)] if self.hidden is not None and self.hidden.any() else []
        if seen.values.size:
            widths.append(_widest(seen.values, how, room))
        if seen.before is not None:
            changed = np.flatnonzero(seen.before != seen.values).tolist()
            now, before = seen.values[changed], seen.before[changed]
            if len(changed) > _FEW:
                widths.append(sum(_widest(values, how, room) for values in (before, now)) + len(room.signs("→")))
            else:
                widths.extend(map(len, ShownNumbers(now, before=before).written(how, room)))
        return max(widths, default=0)


def _widest(values: FloatArray, how: NumberFormat, room: PageRoom) -> int:
    """Of numbers that are written alike the largest or the smallest is the widest, or one that is no number."""
    is_finite = np.isfinite(values)
    finite = values[is_finite]
    odd = np.sort(values[~is_finite])[:1]  # -∞ before ∞ before what is no number: the first is the widest
    ends = [*odd, *([finite.max(), finite.min()] if finite.size else [])]
    return max(len(room.signs(how.text(float(end)))) for end in ends)


def derived(values: FloatArray, *sources: ShownNumbers, before: FloatArray | None = None) -> ShownNumbers:
    """Numbers that were worked out from others place by place: hidden where those are."""
    masks = [source.hidden for source in sources if source.hidden is not None]
    if not masks:
        return ShownNumbers(values, before=before)
    return ShownNumbers(values, before=before).veiled(np.isnan(values) | np.logical_or.reduce(masks))


class Scene:
    """A place in a trace, and the room in which it is drawn."""

    def __init__(
        self, trace: Trace, place: Place, room: PageRoom, kept: dict[tuple[object, ...], object] | None = None
    ) -> None:
        self.trace = trace
        self.place = place
        if place.feature is None and room.hidden and not room.revealed:
            self.place = replace(place, feature=0)  # the largest of hidden numbers is not to be pointed at
        self.room = room
        self._kept = {} if kept is None else kept
        """What was fetched once is the same in every room."""

    @property
    def step(self) -> Step:
        """The step one is at."""
        return step_at(self.trace, self.place)

    @property
    def at(self) -> Address:
        """The current cell."""
        return cell_of(self.trace, self.place)

    def sized(self, width: int, height: int | None) -> Scene:
        """The same in other room."""
        return Scene(self.trace, self.place, self.room.sized(width, height), self._kept)

    def lower(self, by: int) -> Scene:
        """The same in so many rows less, where they are counted."""
        height = self.room.height
        return self.sized(self.room.width, None if height is None else max(0, height - by))

    def touches(self, name: str, head: int = 0) -> bool:
        """Whether a number of this step is hidden, or would be if it were not filled in: nothing may depend on it."""
        return self.room.hidden.touches(name, head)

    def hides(self, cell: Address) -> bool:
        """Whether a blank stands for this number."""
        return not self.room.revealed and self.room.hidden.hides_cell(cell)

    def mask(self, name: str, head: int, cells: Iterable[tuple[int, int]]) -> BoolArray | None:
        """Which of these (row, column) of a step are hidden; None where none is."""
        if not self.room.withholds(name, head):
            return None
        found = np.array([self.room.hidden.hides(name, row, column, head) for row, column in cells], dtype=np.bool_)
        return found if found.any() else None

    def mask_of(self, cells: Iterable[Address | None]) -> BoolArray | None:
        """Which of these cells are hidden, wherever they stand; None where none is."""
        if not self.room.hidden:
            return None
        found = np.array([cell is not None and self.hides(cell) for cell in cells], dtype=np.bool_)
        return found if found.any() else None

    def row(self, step_id: str, row: int, head: int = 0) -> ShownNumbers:
        """One row of a step."""
        return self._once(self._row, step_id, row, head)

    def _row(self, step_id: str, row: int, head: int) -> ShownNumbers:
        values = self.trace.row(step_id, row, head)
        hidden = self.mask(step_id, head, ((row, column) for column in range(len(values))))
        return ShownNumbers(values, before=row_before(self.trace, step_id, row, head)).veiled(hidden)

    def matrix(self, step_id: str, head: int = 0) -> FloatArray:
        """All rows of a step, (rows, columns): NaN where a number is hidden."""
        values = self.trace.matrix(step_id, head)
        hidden = self.mask(step_id, head, np.ndindex(values.shape))
        return values if hidden is None else np.where(hidden.reshape(values.shape), np.nan, values)

    def attends(self, query: int, head: int) -> Attends | None:
        """Whom a query attends to; None where a hidden weight would be told."""
        return None if self.touches("weights", head) else attends(self.trace, query, head)

    def published(self, at: Address) -> tuple[float, ...] | None:
        """What a source printed for the row of a cell; None too where it would tell a hidden number."""
        if not self.trace.has(at.name) or self.touches(at.name, at.head):
            return None
        return published_row(self.trace, at.name, at.row, at.head)

    def feature(self, step_id: str, column: int, head: int) -> ShownNumbers:
        """One column of a step with a row for each token that is looked at, such as the keys or the values."""
        now, before = self.trace.matrix(step_id, head), column_before(self.trace, step_id, column, head)
        hidden = self.mask(step_id, head, ((key, column) for key in range(len(now))))
        return ShownNumbers(now[:, column], before=before).veiled(hidden)

    def format(self, step_id: str, head: int = 0) -> NumberFormat:
        """How the numbers of a step are written."""
        return self._once(step_format, self.trace, step_id, head, self.room.digits)

    def text(self, cell: Address) -> str:
        """One number as it is shown, or a blank."""
        if self.hides(cell):
            return SLOT
        return self.room.signs(cell_format(self.trace, cell, self.room.digits).text(value_at(self.trace, cell)))

    def is_shaded(self, step_id: str) -> bool:
        """Whether the numbers of a step are shares of the attention."""
        return self.trace.step(step_id).type.kind is Drawing.SOFTMAX

    def _once(self, make: Callable[..., _Made], *of: object) -> _Made:
        name = (make.__name__, *of[-3:])
        if name not in self._kept:
            self._kept[name] = make(*of)
        return self._kept[name]  # type: ignore[return-value]
