"""`qkvtui learn` as pages of a document: the same parts as its page of text, with all rows of all tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..narration.sentences import Role
from ..pages.lines import Line, line_of
from ..pages.page import GAP, Page, PageWords, said
from ..pages.tables import Layout, lines_block
from ..trace.story import Story
from ..views.answers import as_row
from ..views.look import Look
from .learned import Curve, LearnedHeading, LearnedTable, Moves, Part, Reasons
from .told import ToldReport, heading, listing


def learned_report(story: Story, look: Look, parts: Callable[[Look], Iterable[Part]]) -> ToldReport:
    """The parts of the story as a document."""

    def pages(room: Look) -> Iterator[Page]:
        found: list[PageWords | Layout] = []
        for part in parts(room):
            if isinstance(part, LearnedHeading) and found:
                yield Page(tuple(found))
                found = []
            found = _joined(found, _written(part, room), room)
        yield Page(tuple(found))

    tokens = {*story.example.tokens, *story.example.keys}
    return ToldReport(story.example.title.in_language(look.language), look, pages, frozenset(tokens))


def _joined(
    before: list[PageWords | Layout], new: Iterable[PageWords | Layout], look: Look
) -> list[PageWords | Layout]:
    """The parts, with sentences that follow each other in one."""
    found = list(before)
    for part in new:
        last = found[-1] if found else None
        if isinstance(part, PageWords) and isinstance(last, PageWords) and part.about == last.about == "sentences":
            found[-1] = said("sentences", [*last.whole, *part.whole], look)
        else:
            found.append(part)
    return found


def _written(part: Part, look: Look) -> Iterator[PageWords | Layout]:
    match part:
        case LearnedHeading(told):
            yield heading(look.spoken(told), look)
        case Curve(drawn, rows):
            yield lines_block(line_of(line) for line in drawn.plain.split("\n"))
            yield GAP
            yield from listing(rows, look)
        case LearnedTable(rows=rows, numbers=numbers):
            yield from listing([as_row(row, look) for row in rows], look, numbers=numbers)
            yield GAP
        case Moves(matrices=matrices, rows=rows_of):
            for name, _, told in matrices:
                for title, rows in rows_of(name):
                    yield _caption(f"{name}{look.word('colon')}{title}", look)
                    yield from listing(rows, look)
                yield said("sentences", [look.spoken(told)], look)
                yield GAP
        case Reasons(moments):
            yield said("sentences", [_reason(number, look.spoken(told), look) for number, told in moments], look)
        case told:
            yield said("sentences", [look.spoken(told)], look)


def _reason(number: str, told: Line, look: Look) -> Line:
    """`11: half of the fall in loss is done`."""
    return line_of(f"{number}{look.word('colon')}", Role.NUMBER) + told


def _caption(text: str, look: Look) -> PageWords:
    return said("caption", [line_of(text, Role.DIM)], look)
