"""What the application remembers from one session to the next, as it stands in its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ..environment import THEMES
from ..files.find import bundled_names
from ..files.kept import index_of, of_kind
from ..localized import LANGUAGES
from ..records import record

FORMAT = 1
CHOICES = {"language": LANGUAGES, "theme": tuple(theme for theme in THEMES if theme != "auto")}
"""What can be chosen by a key in the application, and what it may be; settings have the same names."""


@record(frozen=True)
class KeptPlace:
    """A place in a lesson. Whether it exists is for the lesson to say: its file may have changed."""

    step: str
    """The step's id."""
    query: int = 0
    key: int = 0
    feature: int | None = None
    head: int = 0


@record(frozen=True)
class Recollection:
    """What is known of earlier sessions."""

    seen: frozenset[str] = frozenset()
    """The bundled lessons whose last step was reached."""
    places: Mapping[str, KeptPlace] = field(default_factory=dict)
    """Bundled lesson → where it was left, until it is seen."""
    last: str = ""
    """The bundled lesson that was walked through last."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """What was chosen in the application, by the names of CHOICES."""


def read_remembered(data: bytes) -> Recollection | None:
    """What a file says; None where this program has not written it, or a later version of it has.

    Lessons that there are no longer are left out.
    """
    if not data.strip():  # somebody has emptied it
        return Recollection()
    try:
        return _remembered(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def written_remembered(known: Recollection) -> bytes:
    """The file that says so."""
    names = bundled_names()
    table: dict[str, Any] = {"format": FORMAT, "seen": [name for name in names if name in known.seen]}
    table["places"] = {name: _written_place(known.places[name]) for name in names if name in known.places}
    table |= {"last": known.last} if known.last else {}
    table |= {name: known.choices[name] for name in CHOICES if name in known.choices}
    return (json.dumps(table, indent=1) + "\n").encode("ascii")


def _remembered(table: Any) -> Recollection:
    """Raises ValueError, TypeError or KeyError where the table is not as it was written."""
    if of_kind(table, dict)["format"] != FORMAT or isinstance(table["format"], bool):
        raise ValueError("of another version")
    names = bundled_names()
    seen = {of_kind(name, str) for name in of_kind(table.get("seen", []), list)}
    places = {name: _place(of_kind(place, dict)) for name, place in of_kind(table.get("places", {}), dict).items()}
    last = of_kind(table.get("last", ""), str)
    choices = {name: of_kind(table[name], str) for name in CHOICES if name in table}
    return Recollection(
        frozenset(seen.intersection(names)),
        {name: place for name, place in places.items() if name in names},
        last if last in names else "",
        {name: value for name, value in choices.items() if value in CHOICES[name]},
    )


def _written_place(place: KeptPlace) -> dict[str, Any]:
    return {name: value for name, value in vars(place).items() if value is not None}


def _place(table: dict[str, Any]) -> KeptPlace:
    """A place; of another program's names TypeError."""
    indices = {name: index_of(value) for name, value in table.items() if name != "step"}
    return KeptPlace(of_kind(table["step"], str), **indices)
