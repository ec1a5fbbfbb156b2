"""A whole step as a page: heading, drawing, one cell's arithmetic, narration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..narration.arithmetic import MOST_TERMS
from ..narration.formats import telling_digits
from ..narration.narrate import narrate
from ..narration.numbers import format_for
from ..narration.own import own_sentence
from ..narration.sentences import Role
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.labels import step_labels
from ..trace.trace import Trace
from ..trace.walk import Place
from .closing import closing_lines
from .cut_names import LONGEST_COLUMN_LABEL, told_apart
from .headings import heading_of
from .lines import Line, line_of, stripped, wrap
from .page import GAP, Page, PageWords, part_of, said
from .query_row import printed_cell, published_word
from .room import PageRoom
from .rounding import digits_mislead
from .scene import Scene
from .steps import matrix_of_all, row_drawing, step_drawing
from .tables import EMPTY, Layout, PageTable, TableCell, fits, table, tables_in
from .worked import WorkedPage, blank_lines, change_lines, lists_printed, worked_cell, worked_line

_LEAST_NARRATION, _LEAST_IN_LITTLE_ROOM, _LEAST_IN_LOW_ROOM = 4, 2, 1
_LITTLE_ROOM = 16
"""Rows below which the rows of the table come before the narration, which can be turned."""
_LOW = 10


def step_page(
    trace: Trace,
    place: Place,
    room: PageRoom,
    turned: int = 0,
    blanks: Sequence[Address] = (),
    *,
    is_told: bool = True,
    above: int = 0,
) -> Page:
    """The step's drawing, its current cell's arithmetic and its narration, in the room given.

    The drawing takes what it needs but leaves room for four lines of narration, for all of it at the first step; one
    that does not fit is shown in parts, the one after so many that were `turned`. `blanks` are cells to be filled in,
    in place of the arithmetic. Where it is not `is_told` here, the narration stands elsewhere; `above` are lines that
    stand above the page and are taken from the narration rather than from the drawing.
    """
    scene = Scene(trace, place, room)
    if scene.step.type.kind is Drawing.TOLD:
        words = said("sentences", closing_lines(scene), room)
        left = None if room.height is None else room.height - above
        return Page((part_of(words, left, turned, room),), heading_of(trace, place, room))
    below, worked = (said("blanks", blank_lines(scene, blanks), room), None) if blanks else _worked(scene)
    words = said("sentences", _narration(scene) if is_told else (), room)
    # The first page says what the lesson is about: there the drawing gives way, elsewhere it leaves a few lines.
    least = min(words.height, _least_narration(room))
    if scene.step.number == 1 and not _is_low(room):
        least = words.height
    drawn = step_drawing(scene.sized(room.width, _room_for_drawing(room, below, max(above, least))))
    gaps = 0 if _is_low(room) else 2
    left = None if room.height is None else room.height - above - drawn.height - below.height - gaps
    if room.height is not None and left is not None and left < 1:
        drawn = row_drawing(scene.sized(room.width, max(3, left + drawn.height - 1)))
        left = room.height - above - drawn.height - below.height - gaps
    if not blanks and drawn.terms is not None:  # the line works with the terms that are seen above it
        fewer, worked = _worked(scene, drawn.terms + 1)
        left = None if left is None else left + below.height - fewer.height
        below = fewer
    extras = list(_extras(scene.sized(room.width, None if left is None else left - words.height - 1), drawn))
    if not extras and left is not None and scene.step.type.kind is Drawing.CONCATENATION:
        drawn, left = _with_maps(scene, drawn, left, words)
    parts: list[PageWords | Layout] = [drawn, *_gap(gaps), below, *_gap(gaps)]
    for extra in extras:
        parts.extend([*extra, GAP])
        left = None if left is None else left - sum(part.height for part in extra) - 1
    told = part_of(words, left, turned, room)
    if told.lines:
        parts.append(told)
    elif room.height is None and parts[-1] is GAP:
        parts.pop()
    return Page(tuple(parts), heading_of(trace, place, room), worked)


def narration_of(trace: Trace, place: Place, room: PageRoom, turned: int = 0) -> PageWords:
    """The step's narration alone, as far as it fits; the part after so many that were `turned`.

    None of a step that is only told: its page is narration already.
    """
    scene = Scene(trace, place, room)
    words = said("sentences", () if scene.step.type.kind is Drawing.TOLD else _narration(scene), room)
    return part_of(words, room.height, turned, room)


def _least_narration(room: PageRoom) -> int:
    """Rows that the drawing leaves to the narration where it does not fit beside it."""
    if _is_low(room):
        return _LEAST_IN_LOW_ROOM
    return _LEAST_IN_LITTLE_ROOM if _is_little(room) else _LEAST_NARRATION


def _is_little(room: PageRoom) -> bool:
    return room.height is not None and room.height < _LITTLE_ROOM


def _gap(count: int) -> list[PageWords]:
    return [GAP] * (count // 2)


def _with_maps(scene: Scene, drawn: Layout, left: int, words: PageWords) -> tuple[Layout, int]:
    """The drawing with the maps of all heads beside it where they fit there, and the rows that are then left."""
    from .head_maps import maps_beside

    beside_it = scene.sized(scene.room.width, drawn.height + max(0, left - words.height))
    wider = maps_beside(beside_it, drawn) or drawn
    return wider, left - (wider.height - drawn.height)


def _extras(scene: Scene, drawn: Layout) -> Iterator[tuple[PageWords | Layout, ...]]:
    """What else belongs to the step, where there is room: the source's own row, the numbers of all queries."""
    room, kind = scene.room, scene.step.type.kind
    if room.height is not None and room.height < 3:
        return
    if kind is Drawing.SOFTMAX or (kind in _BY_KEY and room.height is not None and not _shows_all(drawn, scene)):
        if room.hidden.covers(scene.step.id, scene.place.head):
            return
        title = said("caption", [line_of(room.word("matrix"), Role.DIM)], room)
        matrix = matrix_of_all(scene.lower(title.height))
        if matrix is not None:
            yield title, matrix
        if kind is Drawing.SOFTMAX or matrix is not None:
            return
    if kind is Drawing.CONCATENATION:
        from .head_maps import head_maps  # only here: most examples have one head

        title = said("caption", [line_of(room.word("head_maps"), Role.DIM)], room)
        maps = head_maps(scene.lower(title.height))
        if maps is not None:
            yield title, maps
    printed = printed_table(scene, scene.at)
    if printed is not None:
        yield (printed,)


_BY_KEY = (Drawing.SCORES, Drawing.SCALE, Drawing.MASK)
"""Steps whose matrix of all queries stands on a screen where there is room; on paper one can ask for it."""


def _shows_all(drawn: Layout, scene: Scene) -> bool:
    """Whether more than one query's row of the step is drawn already."""
    clicks = (cell.click for one in tables_in(drawn) for row in one.rows for cell in row if cell.click is not None)
    rows = {click[1][1] for click in clicks if click[0] == "cell" and click[1][0] == scene.step.id}  # type: ignore[index]
    return len(rows) > 1


def printed_table(scene: Scene, at: Address) -> PageTable | None:
    """The row as a source printed it below the computed one, for steps whose drawing has no room for it.

    None where a number of the step is hidden: a source that is right would tell it.
    """
    trace, room = scene.trace, scene.room
    row = scene.published(at)
    if row is None or lists_printed(scene, at):
        return None
    computed = trace.row(at.name, at.row, at.head)
    written = format_for([*row, *computed], telling_digits(trace, at.name, at.head, room.digits))
    labels = step_labels(trace, trace.step(at.name), room.language, at.head)[1]
    names = told_apart(labels, range(len(labels)), LONGEST_COLUMN_LABEL, room)
    drawn = table(
        [
            (EMPTY, *(TableCell(name, Role.HEADER, " ", " ") for name in names)),
            (
                TableCell(room.word("computed")),
                *(TableCell(room.signs(written.text(float(value))), lead=" ", trail="  ") for value in computed),
            ),
            (
                TableCell(published_word(scene)),
                *(
                    printed_cell(scene, replace(at, column=column), printed, float(value), written)
                    for column, (printed, value) in enumerate(zip(row, computed, strict=True))
                ),
            ),
        ]
    )
    return drawn if fits(drawn, room) else None


def _room_for_drawing(room: PageRoom, below: PageWords, words: int) -> int | None:
    if room.height is None:
        return None
    # A second line of arithmetic comes and goes from cell to cell; the drawing is to stay as it is.
    gaps = 0 if _is_low(room) else 2
    return max(3, room.height - max(below.height, 2) - gaps - words)


def _is_low(room: PageRoom) -> bool:
    """Whether the room is too low for blank lines."""
    return room.height is not None and room.height < _LOW


def _worked(scene: Scene, most_terms: int = MOST_TERMS) -> tuple[PageWords, WorkedPage]:
    """The arithmetic, with fewer terms where the room is low, and what the last change did."""
    for most in (4, 3, 2) if _is_low(scene.room) else (MOST_TERMS,):
        worked = worked_cell(scene, scene.at, min(most, most_terms))
        line = stripped(worked_line(worked, scene))
        if len(wrap(line, scene.room.width)) <= 2:
            break
    lines = [line, *change_lines(scene)]
    if not _is_little(scene.room) and (not worked.adds_up or digits_mislead(scene)):
        lines.append(line_of(scene.room.word("digits_rounded"), Role.DIM))
    return said("worked", lines, scene.room), worked


def _narration(scene: Scene) -> list[Line]:
    """The step in words, each sentence on lines of its own, so that a number that changes moves no other sentence.

    The first step begins with what the file says about itself, which may be anything: not where numbers are hidden.
    """
    trace, place, room = scene.trace, scene.place, scene.room
    lines: list[Line] = []
    about = trace.example.about
    is_first = scene.step.number == 1 and trace.example.layer == 0
    if is_first and about is not None and not room.hidden:
        lines.extend(
            [room.spoken(own_sentence(about.in_language(room.language), trace.as_written, room.digits)), Line()]
        )
    if is_first and room.called.said:
        lines.extend([line_of(room.signs(room.texts.words[room.called.said]), Role.DIM), Line()])
    hidden = room.hidden.names(place.head)
    sentences = narrate(trace, place, room.language, room.digits, hidden, room.revealed, room.in_columns)
    return [*lines, *map(room.spoken, sentences)]
