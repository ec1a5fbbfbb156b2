"""What stands before the steps of a printed lesson, and around a step on the screen: sentence, map, instructions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.parts import Step
from ..trace.terms import projection_parameters, projection_source
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .headings import heading_of
from .lines import Line, Pen, cell_len, line_of, padded
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .step_page import narration_of, step_page
from .strip import sentence_lines
from .windows import around, whole

_MAP_COLUMN, _MAP_GAP = 19, 2
"""Where the names of the steps stand on the map, where no formula is longer, and how far behind the longest."""


def title(trace: Trace, room: PageRoom) -> PageWords:
    """The lesson's title."""
    return said("title", [line_of(trace.example.title.in_language(room.language), Role.TITLE)], room)


def title_and_sentence(trace: Trace, place: Place, room: PageRoom) -> Iterator[PageWords]:
    """The lesson's title, and the sentence with whom the query attends to."""
    yield title(trace, room)
    yield PageWords("sentence", sentence_lines(trace, place, room))


def opening(trace: Trace, place: Place, room: PageRoom) -> Iterator[PageWords]:
    """Title, sentence, map."""
    yield from title_and_sentence(trace, place, room)
    yield PageWords("map", map_lines(trace, None, room))


def credit(trace: Trace, room: PageRoom) -> Iterator[PageWords]:
    """Where the numbers come from, on a page without the step that tells it."""
    source = trace.example.source
    if source is not None:
        told = f"{room.word('source')}{room.word('colon')}{source.in_language(room.language).strip()}"
        yield said("source", [line_of(told, Role.DIM)], room)


def instructions(count: int, room: PageRoom) -> PageWords:
    """What to do with so many blanks, or that this is the key."""
    says = room.texts.worksheet
    texts = (says["answers" if room.revealed else "fill_in"].format(count=count), says["how"])
    return said("instructions", [line_of(room.signs(text), Role.MARKED) for text in texts], room)


def worksheet_page(trace: Trace, place: Place, room: PageRoom, blanks: Sequence[Address]) -> Page:
    """A step with blanks; a question where the step would say in words what is left to the learner."""
    if step_at(trace, place).type.kind is not Drawing.SUMMARY or not room.hidden.touches("weights", place.head):
        return step_page(trace, place, room, blanks=blanks)
    opening, closing = room.texts.quotes
    before, after = (room.signs(part) for part in room.texts.worksheet["in_words"].split("{query}"))
    pen = Pen().write(before + room.signs(opening)).write(trace.example.tokens[place.query])
    question = said("question", [pen.write(room.signs(closing) + after).line], room)
    return Page((question,), heading_of(trace, place, room))


def map_lines(trace: Trace, place: Place | None, room: PageRoom) -> tuple[Line, ...]:
    """The map, one step a line, and below it that one is here; `place` None marks nothing."""
    if place is None:
        return steps_below_each_other(trace, None, room)
    here = (Line(), line_of(f"{room.signs('▸')} {room.word('here')}", Role.MARKED))
    return (*steps_below_each_other(trace, place, room.sized(room.width, None)), *here)


def steps_below_each_other(trace: Trace, place: Place | None, room: PageRoom) -> tuple[Line, ...]:
    """Each step with its formula and name; where not all fit, those around the current one."""
    here = 0 if place is None else place.step
    afters = (*trace.walk[1:], None)
    ways = [_how(trace, step, after, room) for step, after in zip(trace.walk, afters, strict=True)]
    names = [room.step_name(step).replace("gradient: ", room.signs("∇ ")) for step in trace.walk]
    longest = max(map(cell_len, ways))
    apart = max(1, min(_MAP_GAP, room.width - 1 - longest - max(map(cell_len, names))))
    column = max(_MAP_COLUMN, longest + apart)
    count = len(ways)
    shown = whole(count) if room.height is None or count <= room.height else around(here, count, room.height)
    return tuple(
        _map_line(ways[at] + " " * (column - cell_len(ways[at])) + names[at], place is not None and at == here, room)
        for at in shown.shown
    )


def _map_line(text: str, is_here: bool, room: PageRoom) -> Line:
    role, mark = (Role.MARKED, room.signs("▸")) if is_here else (Role.PLAIN, " ")
    return line_of(mark + padded(text, min(cell_len(text), max(1, room.width - 1))), role)


def side_page(trace: Trace, place: Place, room: PageRoom, turned: int = 0) -> Page:
    """What stands beside the tables where there is room: the narration, and at the bottom the map if it fits."""
    told = narration_of(trace, place, room, turned)
    drawn = PageWords("map", map_lines(trace, place, room))
    left = (room.height or told.height) - told.height - drawn.height
    fits = left > 0 and all(line.width <= room.width for line in drawn.lines)
    return Page((told, *([GAP] * left + [drawn] if fits else [])))


def _how(trace: Trace, step: Step, after: Step | None, room: PageRoom) -> str:
    """How the step's matrix comes about, as a branch of the map."""
    match step.type.kind:
        case Drawing.GIVEN:
            return room.formula(step)
        case Drawing.PROJECTION:
            source = projection_source(trace, step.id)
            if source is None:
                return room.symbols(f"├─→ {step.symbol}")
            goes_on = step.type.learns or (after is not None and after.type.kind is Drawing.PROJECTION)
            if _follows(trace, step):
                return room.formula(step)
            name, weights = _source_symbol(trace, source), projection_parameters(trace, step.id)[0].name
            product = f"{weights}ᵀ·{name}" if room.in_columns else f"{name}·{weights}"
            return room.symbols(f"{'├' if goes_on else '└'}─ {product} → {step.symbol}")
        case Drawing.SUMMARY:
            return room.signs("✓")
        case Drawing.TOLD:
            return room.signs(step.symbol)
        case _:
            return room.formula(step)


def _follows(trace: Trace, step: Step) -> bool:
    """Whether it only goes on from the step before it, in a block: then it is no branch."""
    before = step.type.operation.sources[0]
    return trace.example.block is not None and sum(before in one.type.operation.sources for one in trace.steps) == 1


def _source_symbol(trace: Trace, source: str) -> str:
    """The letter of what is projected: a step's, or that of an input."""
    return trace.step(source).symbol if trace.has(source) else source
