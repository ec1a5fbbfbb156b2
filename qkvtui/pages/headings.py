"""Which step this is: the lines at the top of a page, with all steps in one line."""

from __future__ import annotations

from ..graph.example import Example
from ..graph.sides import ENCODER
from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..records import record
from ..trace.parts import Step
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .lines import Line, Pen, cell_len, ends, line_of, shorten, wrap
from .room import PageRoom

_FEWEST_CRUMBS = 3
_APART = 2


@record(frozen=True)
class PageHeading:
    """Which step of which lesson a page is about."""

    title: str
    number: int
    count: int
    name: str
    formula: str
    head: int | None = None
    """None where there is one head, or where the step is no single head's."""
    layer: str = ""
    """Which layer, in words; empty where there is one."""

    def where(self, room: PageRoom) -> str:
        """`step 5 of 9`, in a model with several layers after `layer 1`."""
        step = room.word("step", number=self.number, count=self.count)
        return f"{self.layer} {room.signs('·')} {step}" if self.layer else step

    def line(self, room: PageRoom) -> Line:
        """`step 5 of 9 · attention scores`, with the head where there are several."""
        number = self.where(room)
        head = "" if self.head is None else f" {room.signs('·')} {room.word('head')} {self.head}"
        return line_of(f"{room.signs('──')} {number} {room.signs('·')} {self.name}{head} ", Role.TITLE)

    def rule(self, room: PageRoom) -> tuple[Line, ...]:
        """A line for print mode: which step this is, and its formula."""
        left, right = self.line(room), line_of(f" {self.formula}", Role.TITLE)
        left_over = room.width - left.width - right.width
        if left_over < 0:
            return (*wrap(left, room.width), *wrap(right, room.width))
        return (left + line_of(room.signs("─") * left_over, Role.DIM) + right,)


def heading_of(trace: Trace, place: Place, room: PageRoom) -> PageHeading:
    """What a page is about."""
    step = step_at(trace, place)
    return PageHeading(
        title=trace.example.title.in_language(room.language),
        number=step.number,
        count=len(trace.walk),
        name=room.step_name(step),
        formula=room.formula(step),
        head=place.head if trace.shape.heads > 1 and step.type.per_head else None,
        layer="" if trace.layers is None else layer_of(trace.example, room),
    )


def layer_of(example: Example, room: PageRoom) -> str:
    """`layer 3 of 6`; of an encoder-decoder `layer 9: decoder 1 of 6, cross`."""
    side, layer = example.side, example.layer
    if side is None:
        return room.word("layer_of", layer=layer, layers=len(example.layers))
    kind = "layer_of_encoder" if side.name == ENCODER else "layer_self" if example.context is None else "layer_cross"
    return room.word(kind, layer=layer, own=side.own_number(layer), layers=side.own_layers)


def heading_lines(trace: Trace, place: Place, room: PageRoom, before: str = "") -> tuple[Line, ...]:
    """Two lines: the title, after what stands `before` it, and which step this is; all steps and this one's formula."""
    heading = heading_of(trace, place, room)
    right = f"{heading.where(room)} {room.signs('·')} {heading.name}"
    cut = room.signs("…")
    right = shorten(right, room.width - _APART - cell_len(cut), cut)
    formula = line_of(heading.formula, Role.TITLE)
    if trace.shape.heads > 1:
        heads = {"head": place.head, "heads": trace.shape.heads}
        long, short = (line_of(f"{room.word(name, **heads)}   ") + formula for name in ("head_of", "head_short"))
        formula = long if crumbs(trace, place, room).width + long.width + _APART <= room.width else short
    steps = crumbs(trace, place, room.sized(max(1, room.width - formula.width - _APART), None))
    return (
        ends(line_of(before + heading.title, Role.TITLE), line_of(right), room.width, room.signs("…"), Role.TITLE),
        ends(steps, formula, room.width, room.signs("…"), Role.DIM),
    )


def crumbs(trace: Trace, place: Place, room: PageRoom) -> Line:
    """All steps in one line, `X › Q › K › V › [S] › S′ › A › O`; where not all fit, those around the current one."""
    here = step_at(trace, place).number - 1
    shown = range(len(trace.walk))
    while (line := _crumbs(trace, shown, here, room)).width > room.width and len(shown) > _FEWEST_CRUMBS:
        shown = shown[1:] if here - shown[0] > shown[-1] - here else shown[:-1]
    return line


def _crumbs(trace: Trace, shown: range, here: int, room: PageRoom) -> Line:
    pen = Pen(Role.DIM).write(room.signs("… › ") if shown[0] > 0 else "")
    for index in shown:
        if index > shown[0]:
            pen.write(room.signs(" › "), Role.DIM)
        symbol = room.symbols(step_symbol(trace.walk[index]))
        is_here = index == here
        role = Role.CURRENT if is_here else Role.DIM
        pen.write(f"[{symbol}]" if is_here else symbol, role, click=("step", index))
    if shown[-1] < len(trace.walk) - 1:
        pen.write(room.signs(" › …"), Role.DIM)
    return pen.line


def step_symbol(step: Step) -> str:
    """The sign of what a step makes; a tick for the answer."""
    return "✓" if step.type.kind is Drawing.SUMMARY else step.symbol
