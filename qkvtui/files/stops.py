"""A teacher's stops: addresses to show one after the other, each with a text."""

from __future__ import annotations

from ..graph.example import Stop
from ..said import say
from .clean import clean_line
from .draft import Table
from .phrases import is_kind
from .texts import read_told

_EXPECTED = say('each stop is a table, as in [[stops]] with address = "scores[it,animal]" and text = "..."')


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


def _stop(top: Table, index: int, entry: object) -> Stop | None:
    place = say("{name}, entry {index}", name="stops", index=index)
    if not isinstance(entry, dict):
        top.report(place, is_kind(entry), _EXPECTED)
        return None
    table = Table(entry, place, top.draft)
    unknown = [name for name in entry if name not in ("address", "text")]
    for name in unknown:
        table.report(name, say("is not a name that a stop can have"), say("those are address and text"))
    address = entry.get("address")
    if not isinstance(address, str) or not address.strip():
        table.report("address", say("is missing") if address is None else is_kind(address), _EXPECTED)
        return None
    return Stop(clean_line(address), read_told(table, "text"))
