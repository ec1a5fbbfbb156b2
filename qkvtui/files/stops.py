"""A teacher's stops: addresses to show one after the other, each with a text; a stop may ask."""

from __future__ import annotations

from typing import Literal

from ..graph.proposals import LessonQuestion, Stop
from ..operations.file_places import item_place
from ..said import say
from .clean import clean_line
from .draft import Table
from .names import CHANGES
from .phrases import is_kind
from .proposals import read_asked, ways_of
from .says import is_step
from .texts import read_told

_EXPECTED = say('each stop is a table, as in [[stops]] with address = "scores[it,animal]" and text = "..."')
_OF_A_QUESTION = ("right", "why", *CHANGES)


def read_stops(top: Table) -> tuple[Stop, ...]:
    """The stops in their order, after reporting what is wrong with any of them.

    Whether an address exists is seen when the example is computed.
    """
    given = top.values.get("stops", [])
    if not isinstance(given, list):
        top.report("stops", is_kind(given), _EXPECTED)
        return ()
    stops = (_stop(top, index, entry) for index, entry in enumerate(given))
    return tuple(stop for stop in stops if stop is not None)


def read_walk(top: Table) -> Literal["stops", "whole"]:
    """Whether a lesson with stops leads from one to the next, or through the whole walk with the stops on the way."""
    given = top.values.get("walk", "stops")
    if given not in ("stops", "whole"):
        top.report(
            "walk", is_kind(given), say('it is "stops", from stop to stop, or "whole", with the stops on the way')
        )
    return "whole" if given == "whole" else "stops"


def _stop(top: Table, index: int, entry: object) -> Stop | None:
    place = item_place("stops", index)
    if not isinstance(entry, dict):
        top.report(place, is_kind(entry), _EXPECTED)
        return None
    table = Table(entry, place, top.draft)
    table.refuse_others("stops")
    text, blank = read_told(table, "text"), _blank(table)
    address = entry.get("address")
    if not isinstance(address, str) or not address.strip():
        if address is None:
            table.report_missing("address", _EXPECTED)
        else:
            table.report("address", is_kind(address), _EXPECTED)
        return None
    address = clean_line(address)
    return Stop(address, text, _question(table, address), blank)


def _question(table: Table, address: str) -> LessonQuestion | None:
    """What is asked; None where nothing is. A number to be predicted is that of the stop's own address."""
    predict = table.values.get("predict", True)
    if predict is not True:
        table.report("predict", is_kind(predict), say("it is true: the number is the one at the stop's address"))
    if ways_of(table):
        if "text" not in table and "predict" not in table:
            table.report_missing("text", say("it is what is asked"))
        return read_asked(table, address if "predict" in table else "")
    for name in _OF_A_QUESTION:
        if name in table:
            table.report(name, say("belongs to a question"), say("the stop asks one with choose, watch or predict"))
    return None


def _blank(table: Table) -> bool | tuple[str, ...] | None:
    given = table.values.get("blank")
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, list) and given and all(isinstance(step, str) for step in given):
        return tuple(step for step in given if is_step(step, table, "blank"))
    expected = say('it is true, false, or a list of steps, as in ["scores", "weights"]')
    table.report("blank", is_kind(given), expected)
    return None
