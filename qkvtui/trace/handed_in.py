"""What a handed-in file answers, and which numbers its worksheet must have asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import ExampleError, Problem, UsageError
from ..files.answers import GivenAnswer
from ..files.clean import clean_line
from ..operations.tensors import Address
from .addresses import format_address, parse_address
from .blanks import ALL, blanks, computed_steps, rows_of
from .trace import Trace
from .walk import Place


def written_at(trace: Trace, given: Sequence[GivenAnswer], file: str) -> dict[Address, GivenAnswer]:
    """The answers by their cells. Raises ExampleError with every address that names no number to be filled in."""
    found: dict[Address, GivenAnswer] = {}
    problems = []
    computed = [step.id for step in computed_steps(trace)]
    for one in given:
        place = f"{one.place}: {clean_line(one.address)}".removeprefix(": ")
        try:
            cell = parse_address(trace, one.address)
        except UsageError as error:
            problems.append(Problem(place, str(error)))
            continue
        if cell.name not in computed:
            what = "is nothing to be filled in"
            problems.append(Problem(place, what, f"answers belong to {', '.join(computed)}"))
        elif cell in found:
            problems.append(Problem(place, "is answered twice"))
        else:
            found[cell] = one
    if problems:
        raise ExampleError(clean_line(file), problems)
    return found


def asked_of(
    trace: Trace, place: Place, given: Mapping[Address, GivenAnswer], level: str | None, file: str
) -> tuple[Address, ...]:
    """The numbers that count: those of a level, or where none is named all of every row that is answered at all.

    Everything where nothing is answered. Raises ExampleError for an answer that the level does not ask for.
    """
    if level is None and given:
        return rows_of(trace, tuple(given))
    asked = blanks(trace, place, ALL if level is None else level, heads=(place.head,)).cells
    others = [cell for cell in given if cell not in asked]
    if others:
        problems = [
            Problem(
                format_address(trace, cell),
                f"is not asked for by --blank {level}",
                _elsewhere(trace, place, cell) if any(cell.name == one.name for one in asked) else "",
            )
            for cell in others
        ]
        raise ExampleError(clean_line(file), problems)
    return asked


def _elsewhere(trace: Trace, place: Place, cell: Address) -> str:
    """What would make it a number that is asked for."""
    if cell.head != place.head and trace.step(cell.name).type.per_head:
        return f"for another head say --head {cell.head}"
    return "for another token that asks say --query"
