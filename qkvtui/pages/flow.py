"""The flow as a picture: three lanes side by side, joined where they meet, with sizes, roles and "you are here"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.product import Product
from ..trace.flow import Lane, flow_of
from ..trace.parts import Step
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .front import steps_below_each_other
from .headings import heading_of, step_symbol
from .lines import Line, Pen, cell_len, line_of, shorten, wrap
from .page import GAP, Page, PageWords
from .room import PageRoom

_NARROWEST = 57
"""Columns below which three lanes have no room side by side."""
_LANES, _WIDEST_LANE = 3, 26
_ROLES = {"queries": "role_queries", "keys": "role_keys", "values": "role_values"}
"""What a lane is for: the name of its text."""


def flow_page(trace: Trace, place: Place | None, room: PageRoom) -> Page:
    """The whole computation with the step of `place` marked; none for None.

    Where it does not fit, it is drawn closer together, then as a list of steps around the current one.
    """
    here = None if place is None else step_at(trace, place)
    below = () if here is None else _where(trace, here, room)
    left = None if room.height is None else room.height - len(below) - bool(below)
    heading = None if place is None else heading_of(trace, place, room)
    drawn = PageWords("map", _fitting(trace, place, here, room.sized(room.width, left)))
    parts = [drawn, GAP, PageWords("caption", below)] if below else [drawn]
    return Page(tuple(parts), heading)


def _fitting(trace: Trace, place: Place | None, here: Step | None, room: PageRoom) -> tuple[Line, ...]:
    if room.width >= _NARROWEST:
        for close in range(3):
            lines = tuple(_Drawing(trace, here, room, close).lines())
            if room.height is None or len(lines) <= room.height:
                return lines
    return steps_below_each_other(trace, place, room)


def _where(trace: Trace, here: Step, room: PageRoom) -> tuple[Line, ...]:
    """`▸ you are here: step 5 of 9 · attention scores`."""
    step = room.word("step", number=here.number, count=len(trace.walk))
    name = room.step_name(here)
    text = f"{room.signs('▸')} {room.word('here')}{room.word('colon')}{step} {room.signs('·')} {name}"
    return tuple(wrap(line_of(text, Role.MARKED), room.width)[:1])


class _Drawing:
    """The lines of the flow: stems and texts in three columns, the middle and the end below the first.

    `close` 1 puts the steps of the middle and of the end behind each other, 2 also those of a lane.
    """

    def __init__(self, trace: Trace, here: Step | None, room: PageRoom, close: int) -> None:
        self.trace = trace
        self.here = here
        self.room = room
        self.close = close
        self.flow = flow_of(trace)
        self.lane_width = min(_WIDEST_LANE, (room.width - 1) // _LANES)
        self.stems = tuple(1 + index * self.lane_width for index in range(_LANES))
        """Where what becomes of the queries, the keys and the values stands."""
        self.lanes = tuple(zip(self.stems[-len(self.flow.lanes) :], self.flow.lanes, strict=True))

    def lines(self) -> Iterator[Line]:
        """From top to bottom."""
        yield from self._beginning()
        yield from self._lanes()
        yield from self._middle()
        yield from self._end()
        yield from self._learning()

    def _beginning(self) -> Iterator[Line]:
        """What is projected, and how it goes into the lanes."""
        groups = [list(group) for _, group in groupby(self.lanes, lambda one: one[1].source)]
        root = self.flow.root
        for step in root[:-1]:
            yield self._row([(self.stems[0], self._step(step, self.room.width - 1))])
        if not root:
            return
        inputs: list[tuple[int, Line]] = []
        for group in groups:
            (first, lane), (last, _) = group[0], group[-1]
            width = self.room.width - 1 if len(groups) == 1 else last - first + self.lane_width - 1
            inputs.append((first, self._input(root[-1], lane.source, width)))
        yield self._row(inputs)
        if any(len(group) > 1 for group in groups):
            yield self._row(fork for group in groups for fork in self._fork([stem for stem, _ in group]))

    def _input(self, step: Step, source: str, width: int) -> Line:
        """`X 5×2  embeddings`."""
        pen = self._sign(step, source or step.symbol)
        pen.write(f" {self._size(self.trace.size_of(source) if source else step.shape)}")
        return self._named(pen, step, width)

    def _lanes(self) -> Iterator[Line]:
        """What becomes of the queries, the keys and the values, side by side."""
        texts = [(stem, list(self._lane(lane))) for stem, lane in self.lanes]
        for row in range(max(len(text) for _, text in texts)):
            yield self._row((stem, text[row] if row < len(text) else self._stem()) for stem, text in texts)

    def _lane(self, lane: Lane) -> Iterator[Line]:
        room = self.lane_width - 2
        role = shorten(self.room.word(_ROLES[lane.role]), room + 1, self.room.signs("…"))
        if not lane.steps:
            yield line_of(f"{self.room.signs('↓')} {self.room.word('as_it_is')}", Role.DIM)
            yield line_of(role, Role.TOKEN)
        for number, step in enumerate(lane.steps):
            pen = self._sign(step, step.symbol).write(f" {self._size(step.shape)}")
            if self.close > 1 and not number:
                yield self._how(step, room - pen.width - 3, sized=False) + line_of(self.room.signs(" → ")) + pen.line
            else:
                yield from (self._how(step, room),) if self.close < 2 else ()
                yield pen.line
            if not number:
                yield line_of(role, Role.TOKEN)

    def _how(self, step: Step, width: int, *, sized: bool = True) -> Line:
        """`↓ × W_Q 2×2`: what makes a step of a lane; its name where it is no product with a parameter."""
        pen = Pen().write(self.room.signs("↓ "), Role.DIM)
        operation = step.type.operation
        if isinstance(operation, Product):
            factor = operation.pairs[0][1].name
            size = f" {self._size(self.trace.size_of(factor))}" if sized else ""
            sign = f"{factor}ᵀ{size} ×" if self.room.in_columns else f"× {factor}{size}"
            more = "" if operation.bias is None else f" + {operation.bias}"
            return pen.write(shorten(self.room.symbols(sign + more), width - 2, self.room.signs("…"))).line
        is_given = step.type.kind is Drawing.PROJECTION
        name = self.room.word("from_file") if is_given else self.room.step_name(step)
        return pen.write(shorten(name, width - 2, self.room.signs("…")), Role.DIM).line

    def _middle(self) -> Iterator[Line]:
        """The scores, where queries and keys meet, and what is made of them; beside it the values wait."""
        first, values, meeting = self.stems[0], self.stems[-1], len(self.flow.meeting)
        if meeting:
            yield self._row([*self._join(self.stems[:meeting]), (values, self._stem())])
        for line in self._chain(self.flow.middle, values - first - 2):
            yield self._row([(first, line), (values, self._stem())])
        yield self._row(self._join((first, values)))

    def _end(self) -> Iterator[Line]:
        """What each head ends with; that there are several; what becomes of all of them together."""
        after = self.flow.after
        of_a_head = list(takewhile(lambda step: step.type.per_head, after))
        for steps in (of_a_head, after[len(of_a_head) :]):
            for line in self._chain(steps, self.room.width - self.stems[0]) if steps else ():
                yield self._row([(self.stems[0], line)])
            if steps is of_a_head and self.trace.shape.heads > 1:
                yield line_of(f" {self._heads()}", Role.DIM)

    def _chain(self, steps: Sequence[Step], width: int) -> Iterator[Line]:
        """A step a line; or, close together, as many on a line as fit."""
        if not self.close:
            yield from (self._step(step, width) for step in steps)
            return
        pen = Pen()
        for before, step in zip((None, *steps), steps, strict=False):
            sign = self._sign(step, step_symbol(step)).line
            if step.type.kind is not Drawing.SUMMARY and (before is None or before.shape != step.shape):
                sign += line_of(f" {self._size(step.shape)}", Role.DIM)
            if pen.pieces and pen.width + cell_len(self.room.signs(" → ")) + sign.width > width:
                yield pen.line
                pen = Pen().write(self.room.signs("→ "), Role.DIM)
            elif pen.pieces:
                pen.write(self.room.signs(" → "), Role.DIM)
            pen.pieces.extend(sign.pieces)
        yield pen.line

    def _learning(self) -> Iterator[Line]:
        """The loss and the way back, sign by sign."""
        if not self.flow.learning:
            return
        pen = Pen().write(f" {self.room.word('way_back')}", Role.DIM)
        for step in self.flow.learning:
            sign = self._sign(step, step.symbol).line
            if pen.width + 2 + sign.width > self.room.width:
                yield pen.line
                pen = Pen().write("  ")
            pen.write("  ")
            pen.pieces.extend(sign.pieces)
        yield pen.line

    def _heads(self) -> str:
        shape = self.trace.shape
        name = "all_heads" if shape.kv_heads == shape.heads else "all_heads_shared"
        text = self.room.word(name, heads=shape.heads, kv_heads=shape.kv_heads)
        return shorten(text, self.room.width - 1, self.room.signs("…"))

    def _step(self, step: Step, width: int) -> Line:
        """`S = Q Kᵀ  5×5  attention scores`; what there is no room for is left out."""
        formula, symbol = self.room.formula(step), self.room.symbols(step_symbol(step))
        pen = self._sign(step, step_symbol(step))
        rest = formula.removeprefix(symbol) if formula.startswith(f"{symbol} ") else ""
        size = f"  {self._size(step.shape)}" if rest else ""
        for text, role in ((rest, Role.PLAIN), (size, Role.DIM)):
            if pen.width + cell_len(text) <= width:
                pen.write(text, role)
        return self._named(pen, step, width)

    def _named(self, pen: Pen, step: Step, width: int) -> Line:
        """With the step's name, and after the current one's that one is here, as far as there is room."""
        names = [f"  {self.room.step_name(step)}"]
        if step == self.here:
            names.append(self.room.signs(f"  ◂ {self.room.texts.words['here']}"))
        for text, role in zip(names, (Role.DIM, Role.MARKED), strict=False):
            if pen.width + cell_len(text) <= width:
                pen.write(text, role)
        return pen.line

    def _sign(self, step: Step, symbol: str) -> Pen:
        """A step's sign, in brackets at the current one; a click goes there."""
        symbol, click = self.room.symbols(symbol), ("step", step.number - 1)
        if step == self.here:
            return Pen().write(f"[{symbol}]", Role.CURRENT, click=click)
        return Pen().write(symbol, Role.MARKED, click=click)

    def _size(self, shape: tuple[int, int]) -> str:
        rows, columns = shape[::-1] if self.room.in_columns else shape
        return self.room.signs(f"{rows}×{columns}")

    def _stem(self) -> Line:
        return line_of(self.room.signs("│"), Role.DIM)

    def _fork(self, stems: Sequence[int]) -> list[tuple[int, Line]]:
        """`├────┬────┐`: one becomes several."""
        return self._bar(stems, "├", "┬", "┐")

    def _join(self, stems: Sequence[int]) -> list[tuple[int, Line]]:
        """`├────┴────┘`: several become one."""
        return self._bar(stems, "├", "┴", "┘")

    def _bar(self, stems: Sequence[int], first: str, between: str, last: str) -> list[tuple[int, Line]]:
        if len(stems) == 1:
            return [(stems[0], self._stem())]
        text = first
        for number, (left, right) in enumerate(pairwise(stems)):
            text += "─" * (right - left - 1) + (last if number == len(stems) - 2 else between)
        return [(stems[0], line_of(self.room.signs(text), Role.DIM))]

    def _row(self, parts: Iterable[tuple[int, Line]]) -> Line:
        """Lines at their columns; the current one with its mark before it."""
        pen = Pen()
        for column, line in parts:
            current = any(piece.role is Role.CURRENT for piece in line.pieces[:1])
            mark = self.room.signs("▸") if current else " "
            pen.write(" " * (column - 1 - pen.width)).write(mark, Role.MARKED)
            pen.pieces.extend(line.pieces)
        return pen.line
