"""What a handed-in file answers, of the numbers that its worksheet asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field

from ..errors import PartError, Problem, UsageError
from ..files.answers import AnswerFile, GivenAnswer
from ..files.clean import clean_line
from ..files.expression import evaluate
from ..files.phrases import nearest, quoted, with_commas
from ..operations.tensors import Address
from ..records import record
from ..said import say
from .address_names import AddressError
from .addresses import format_address, parse_address
from .blanks import ALL, blanks, computed_steps
from .trace import Trace
from .walk import Place


@record(frozen=True)
class HandedIn:
    """The answers of one file."""

    written: Mapping[Address, str]
    """As they were written."""
    refused: Mapping[Address, str] = field(default_factory=dict)
    """Those of them that cannot be judged, and why."""
    unread: tuple[Problem, ...] = ()
    """Lines that answer nothing that was asked for."""


def handed_in(
    trace: Trace, place: Place, file: AnswerFile, asked: Sequence[Address] | None, by: str = say("this sheet")
) -> HandedIn:
    """The answers by their cells; `asked`: the numbers that count, None: any that are computed; `by`: who asks.

    An answer that stands there twice is one; of two different ones nobody knows which is meant, and neither counts.
    """
    unread = list(file.unread)
    found: dict[Address, list[GivenAnswer]] = {}
    for one in file.answers:
        try:
            found.setdefault(_cell_of(trace, place, one.address, asked, by), []).append(one)
        except _NotAskedError as error:
            address = clean_line(one.address)
            where = say("{place}: {address}", place=one.place, address=address) if one.place else address
            unread.append(Problem(where, error.problem, error.expected))
    several = {cell: _different(given) for cell, given in found.items()}
    refused = {
        cell: say("is answered {count} times: {answers}", count=len(given), answers=with_commas([*map(_told, given)]))
        for cell, given in several.items()
        if len(given) > 1
    }
    return HandedIn({cell: given[0].answer for cell, given in several.items()}, refused, tuple(unread))


class _NotAskedError(PartError):
    """An address that names no number that was asked for."""


def _cell_of(trace: Trace, place: Place, text: str, asked: Sequence[Address] | None, by: str) -> Address:
    try:
        cell = parse_address(trace, text)
    except AddressError as error:
        meant = _nearest(trace, place, text, asked) if error.expected.startswith("did you") else None
        expected = error.expected if meant is None else say("did you mean {meant}?", meant=meant)
        raise _NotAskedError(error.problem, expected) from None
    if cell.layer is not None:
        expected = say("the sheet is about layer {layer}", layer=trace.example.layer)
        raise _NotAskedError(say("belongs to another layer"), expected)
    computed = [step.id for step in computed_steps(trace)]
    if cell.name not in computed:
        raise _NotAskedError(
            say("is nothing to be filled in"), say("answers belong to {names}", names=with_commas(computed))
        )
    if asked is not None and cell not in asked:
        raise _NotAskedError(say("is not asked for by {sheet}", sheet=by), _elsewhere(trace, place, cell, asked))
    return cell


def _nearest(trace: Trace, place: Place, text: str, asked: Sequence[Address] | None) -> str | None:
    """The address that a mistyped one was probably meant to be."""
    cells = blanks(trace, place, ALL, heads=(place.head,)).cells if asked is None else asked
    return nearest(text, [format_address(trace, cell) for cell in cells])


def _elsewhere(trace: Trace, place: Place, cell: Address, asked: Sequence[Address]) -> str:
    """What would make it a number that is asked for."""
    if not any(cell.name == one.name for one in asked):
        return ""
    if cell.head != place.head and trace.step(cell.name).type.per_head:
        return say("for another head say --head {head}", head=cell.head)
    return say("for another token that asks say --query")


def _told(one: GivenAnswer) -> str:
    answer = quoted(one.answer)
    return say("{answer} ({place})", answer=answer, place=one.place) if one.place else answer


def _different(given: Sequence[GivenAnswer]) -> list[GivenAnswer]:
    """Each answer once; an empty one is none where there is another."""
    found: dict[object, GivenAnswer] = {}
    for one in given:
        what: object = one.answer
        with suppress(UsageError):
            what = evaluate(one.answer)
        if one.answer.strip():
            found.setdefault(what, one)
    return list(found.values()) or [given[0]]
