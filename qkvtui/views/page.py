"""A whole step on a page: heading, sentence, drawing, one cell's arithmetic, narration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from ..narration.arithmetic import MOST_TERMS, arithmetic
from ..narration.formats import step_format, value_before
from ..narration.narrate import narrate
from ..operations.operation import Drawing
from ..trace.addresses import format_address
from ..trace.hidden import hides_operand
from ..trace.published import agree, published_row
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from .blocks import as_table, cell
from .changed import change_lines
from .flow import crumbs
from .head_maps import head_maps, maps_beside
from .look import SLOT, Look
from .matrix_steps import attention_matrix
from .printed import printed_block, shows_printed
from .steps import row_block, step_block
from .wrapping import wrap

_LEAST_NARRATION = 4
_LOW = 10


def heading_lines(trace: Trace, place: Place, look: Look, before: str = "") -> list[Text]:
    """Two lines: the title, after what stands `before` it, and which step this is; all steps and this one's formula."""
    step = step_at(trace, place)
    name = look.signs(look.texts.step_names[step.id])
    right = cell(f"{look.word('step', number=step.number, count=len(trace.steps))} {look.signs('·')} {name}")
    title = cell(before + trace.example.title.in_language(look.language), look.palette.title)
    formula = cell(look.formula(step), look.palette.title)
    if trace.shape.heads > 1:
        heads = {"head": place.head, "heads": trace.shape.heads}
        long, short = (
            cell(f"{look.word(name, **heads)}   ").append_text(formula) for name in ("head_of", "head_short")
        )
        formula = long if crumbs(trace, place, look).cell_len + long.cell_len + 2 <= look.width else short
    steps = crumbs(trace, place, look.sized(max(1, look.width - formula.cell_len - 2), None))
    return [ends(title, right, look), ends(steps, formula, look)]


def step_heading(trace: Trace, place: Place, look: Look) -> Text:
    """One line for print mode: which step this is, and its formula."""
    step = step_at(trace, place)
    name = look.signs(look.texts.step_names[step.id])
    number = look.word("step", number=step.number, count=len(trace.steps))
    head = (
        f" {look.signs('·')} {look.word('head')} {place.head}" if trace.shape.heads > 1 and step.type.per_head else ""
    )
    left = cell(f"{look.signs('──')} {number} {look.signs('·')} {name}{head} ", look.palette.title)
    right = cell(f" {look.formula(step)}", look.palette.title)
    room = look.width - left.cell_len - right.cell_len
    if room < 0:
        return as_lines([*wrap(left, look.width), *wrap(right, look.width)])
    rule = look.signs("─") * room
    return Text.assemble(left, (rule, look.palette.dim), right, no_wrap=True)


def body(trace: Trace, place: Place, look: Look, skip: int = 0, numbers: list[Text] | None = None) -> RenderableType:
    """The step's drawing, its current cell's arithmetic and its narration, in the room given.

    The drawing takes what it needs but leaves room for four lines of narration; `skip` lines of a narration that
    does not fit are left out at its beginning. `numbers` are lines to stand in place of the arithmetic.
    """
    working = numbers is None
    numbers = numbers if numbers is not None else _numbers(trace, place, look)
    words = narration_lines(trace, place, look)
    drawn = step_block(trace, place, look.sized(look.width, _room_for_drawing(look, numbers, words)))
    gaps = [] if _is_low(look) else [BLANK_LINE]
    left = None if look.height is None else look.height - drawn.height - len(numbers) - 2 * len(gaps)
    if look.height is not None and left is not None and left < 1:
        drawn = row_block(trace, place, look.sized(look.width, max(3, left + drawn.height - 1)))
        left = look.height - drawn.height - len(numbers) - 2 * len(gaps)
    if working and drawn.terms is not None:  # the line works with the terms that are seen above it
        fewer = _numbers(trace, place, look, drawn.terms + 1)
        left = None if left is None else left + len(numbers) - len(fewer)
        numbers = fewer
    extras = list(_extras(trace, place, look.sized(look.width, None if left is None else left - len(words) - 1)))
    if not extras and left is not None and step_at(trace, place).type.kind is Drawing.CONCATENATION:
        room = look.sized(look.width, drawn.height + max(0, left - len(words)))
        wider = maps_beside(trace, place, drawn, room) or drawn
        drawn, left = wider, left - (wider.height - drawn.height)
    parts: list[RenderableType] = [as_table(drawn), *gaps, as_lines(numbers), *gaps]
    for extra in extras:
        parts.extend([extra.table, BLANK_LINE])
        left = None if left is None else left - extra.height - 1
    told = _part_of(words, left, skip, look)
    if not told and look.height is None and parts[-1] is BLANK_LINE:
        parts.pop()
    return Group(*parts, *([as_lines(told)] if told else []))


BLANK_LINE = Text("")


def as_lines(lines: Iterable[Text]) -> Text:
    """The lines as one text."""
    return Text("\n", no_wrap=True).join(lines)


@dataclass(frozen=True)
class _Extra:
    table: RenderableType
    height: int


def _extras(trace: Trace, place: Place, look: Look) -> Iterable[_Extra]:
    """What else belongs to the step, where there is room: the source's own row, the weights of all queries."""
    if look.height is not None and look.height < 3:
        return
    step = step_at(trace, place)
    if step.id == "weights":
        if look.hidden.covers("weights", place.head):
            return
        title = wrap(Text(look.word("matrix"), look.palette.dim), look.width)
        room = None if look.height is None else max(0, look.height - len(title))
        matrix = attention_matrix(trace, place, look.sized(look.width, room))
        if matrix is not None:
            yield _Extra(Group(as_lines(title), as_table(matrix)), matrix.height + len(title))
        return
    if step.type.kind is Drawing.CONCATENATION:
        title = wrap(Text(look.word("head_maps"), look.palette.dim), look.width)
        room = None if look.height is None else max(0, look.height - len(title))
        maps = head_maps(trace, place, look.sized(look.width, room))
        if maps is not None:
            yield _Extra(Group(as_lines(title), as_table(maps)), maps.height + len(title))
    printed = printed_block(trace, cell_of(trace, place), look)
    if printed is not None:
        yield _Extra(as_table(printed), printed.height)


def _room_for_drawing(look: Look, numbers: list[Text], words: list[Text]) -> int | None:
    if look.height is None:
        return None
    # A second line of arithmetic comes and goes from cell to cell; the drawing is to stay as it is.
    gaps = 0 if _is_low(look) else 2
    return max(3, look.height - max(len(numbers), 2) - gaps - min(len(words), _LEAST_NARRATION))


def _is_low(look: Look) -> bool:
    """Whether the room is too low for blank lines."""
    return look.height is not None and look.height < _LOW


def _numbers(trace: Trace, place: Place, look: Look, most_terms: int = MOST_TERMS) -> list[Text]:
    """The arithmetic, with fewer terms where the room is low, and what the last change did."""
    for most in (4, 3, 2) if _is_low(look) else (MOST_TERMS,):
        lines = arithmetic_lines(trace, place, look, min(most, most_terms))
        if len(lines) <= 2:
            break
    return [*lines, *change_lines(trace, place, look)]


def _part_of(lines: list[Text], room: int | None, skip: int, look: Look) -> list[Text]:
    """The lines that fit; the last one says how many more there are."""
    if room is None or len(lines) <= room:
        return lines
    if room <= 0:
        return []
    skip = max(0, min(skip, len(lines) - room + (1 if room > 1 else 0)))
    shown = lines[skip : skip + room]
    after = len(lines) - skip - len(shown)
    if after > 0 and room > 1:
        shown[-1] = cell(look.signs(f"▾ +{after + 1}  PgDn"), look.palette.dim)
    return shown


def arithmetic_lines(trace: Trace, place: Place, look: Look, most_terms: int = MOST_TERMS) -> list[Text]:
    """The current cell in digits, and what a source printed for it; only a blank for a hidden one.

    Where one of its operands is hidden, only the cell itself.
    """
    at = cell_of(trace, place)
    worked = arithmetic(trace, at, look.digits, most_terms, look.language)
    line = cell("")
    line.append(f"{format_address(trace, at)}  ", look.palette.dim)
    if look.hidden.hides_cell(at):
        line.append(SLOT if look.hides_cell(at) else look.signs(worked.value), look.palette.marked)
        return wrap(line, look.width)
    before = value_before(trace, at, look.digits)
    if before is not None:
        line.append(look.signs(f"{before} → "), look.palette.marked)
    line.append(look.signs(worked.value), look.palette.marked)
    if worked.place:
        line.append(look.signs(f"  {look.word('given', place=worked.place)}"), look.palette.dim)
    line.append(" ")
    if not hides_operand(trace, at, look.hidden):
        line.append_text(look.styled(worked.equation))
    printed = published_row(trace, at.name, at.row, at.head)
    if printed is not None and not shows_printed(trace, at):
        value = printed[at.column]
        good = agree(trace, value, float(trace.row(at.name, at.row, at.head)[at.column]))
        shown = step_format(trace, at.name, at.head, look.digits).text(value)
        note = f"   {look.word('printed_here', published=shown)} {'✓' if good else '✗'}"
        line.append(look.signs(note), None if good else look.palette.wrong)
    line.rstrip()
    return wrap(line, look.width)


def narration_lines(trace: Trace, place: Place, look: Look) -> list[Text]:
    """The step in words, each sentence on lines of its own, so that a number that changes moves no other sentence.

    The first step begins with what the file says about itself, which may be anything: not where numbers are hidden.
    """
    lines: list[Text] = []
    about = trace.example.about
    if step_at(trace, place).number == 1 and about is not None and not look.hidden:
        lines.extend([*wrap(Text(about.in_language(look.language).strip()), look.width), Text("")])
    hidden = look.hidden.names(place.head)
    sentences = narrate(trace, place, look.language, look.digits, hidden, look.revealed, look.in_columns)
    lines.extend(line for sentence in sentences for line in wrap(look.styled(sentence), look.width))
    return lines


def ends(left: Text, right: Text, look: Look) -> Text:
    """One line with one text at each end; the left one gives way."""
    room = look.width - right.cell_len - 2
    if left.cell_len > room:
        left.truncate(max(0, room - cell_len(look.signs("…"))), overflow="crop")
        left.append(look.signs("…"))
    return Text.assemble(left, " " * max(2, look.width - left.cell_len - right.cell_len), right, no_wrap=True, end="")
