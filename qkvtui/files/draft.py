"""A file while it is being checked: its mistakes so far, and the tables they are found in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import Problem
from ..operations.file_places import inside
from ..said import say
from .names import TABLES
from .phrases import is_kind, listed, nearest, quoted

MOST_PROBLEMS = 30


class Draft:
    """Collects what is wrong: checks go on after a mistake, but are silent about what follows from it."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._excused: set[str] = set()
        self._more = 0

    def report(self, place: str, problem: str, expected: str = "", excerpt: tuple[str, ...] = ()) -> None:
        """Note one mistake."""
        self._problems.append(Problem(place, problem, expected, excerpt))

    def report_more(self, count: int) -> None:
        """Note that there are `count` more of them, none if it is not positive: of a great many, few are shown."""
        self._more += max(count, 0)

    def excuse(self, name: str) -> None:
        """`name` was found misspelt or misplaced: that it is missing elsewhere is no second mistake."""
        self._excused.add(name)

    def is_excused(self, name: str) -> bool:
        """Whether `name` was found elsewhere."""
        return name in self._excused

    @property
    def sound(self) -> bool:
        """Whether no mistake was found so far."""
        return not self._problems and not self._more

    @property
    def is_full(self) -> bool:
        """Whether so many were found that no more are shown: what else is wrong need only be counted."""
        return len(self._problems) >= MOST_PROBLEMS

    def problems(self) -> list[Problem]:
        """The mistakes, in the order of the file's format; of a great many, the first."""
        order = {name: index for index, name in enumerate(TABLES[""])}
        found = sorted(self._problems, key=lambda problem: order.get(_first_name(problem.place), -1))
        rest = len(found[MOST_PROBLEMS:]) + self._more
        return (
            found if rest <= 0 else [*found[:MOST_PROBLEMS], Problem("", say("and {count} more mistakes", count=rest))]
        )


class Table:
    """One table of the file: its values, and where it stands."""

    def __init__(self, values: Mapping[str, object], place: str, draft: Draft) -> None:
        self.values = values
        self.place = place
        self.draft = draft

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def mentions(self, name: str) -> bool:
        """Whether `name` is given here, or was found misspelt or misplaced."""
        return name in self.values or self.draft.is_excused(name)

    def place_of(self, name: str) -> str:
        """The path of one of its names."""
        return inside(self.place, name) if self.place else name

    def report(self, name: str, problem: str, expected: str = "") -> None:
        """Note a mistake at `name`."""
        self.draft.report(self.place_of(name), problem, expected)

    def report_missing(self, name: str, expected: str) -> None:
        """Note that `name` is not there, unless it, or its table, was found misspelt or misplaced."""
        if not self.draft.is_excused(name) and not self.draft.is_excused(self.place):
            self.report(name, say("is missing"), expected)

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        """A whole number in these bounds; the default where it is not given, or after reporting another one."""
        value = self.values.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        expected = (
            say("it is a whole number from {least} to {most}", least=least, most=most)
            if most > least
            else say("it can only be {least}", least=least)
        )
        self.report(name, is_kind(value), expected)
        return default

    def refuse_others(self, kind: str | None = None) -> None:
        """Report every name that the format does not have in this table, or in tables of its `kind`."""
        kind = self.place if kind is None else kind
        allowed = TABLES[kind]
        everything: str = say("{table} can have {names}", table=_holder(kind), names=listed(allowed, most=len(allowed)))
        unknown = [name for name in self.values if name not in allowed]
        self.draft.report_more(len(unknown) - MOST_PROBLEMS)
        for name in unknown[:MOST_PROBLEMS]:
            problem, expected = self._unknown(name, allowed)
            self.report(quoted(name)[1:-1], problem, expected or everything)
            everything = everything if expected else ""  # once is enough

    def _unknown(self, name: str, allowed: Sequence[str]) -> tuple[str, str]:
        home = next((table for table, names in TABLES.items() if name in names and table != "model"), None)
        if home is not None and f"{name}s" not in allowed:  # `head` in [attention] was meant to be `heads`
            self.draft.excuse(name)
            return say("does not belong here"), _belongs(home)
        meant = nearest(name, allowed)
        if meant is not None:
            self.draft.excuse(meant)
            return say("is unknown"), say("did you mean {meant}?", meant=quoted(meant))
        return say("is unknown"), ""

    def table(self, name: str) -> Table:
        """The table `name` inside this one; an empty one where it is not given or is no table."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.report(
                name,
                is_kind(value),
                say("it is a table: [{name}] in TOML, {{…}} in JSON", name=self.place_of(name)),
            )
            for inner in TABLES.get(name, ()):
                self.draft.excuse(inner)
            value = {}
        return Table(value, self.place_of(name), self.draft)


def _belongs(table: str) -> str:
    if table:
        return say("it belongs to {table}", table=_holder(table))
    return say("it belongs to the top of the file, above the first [table]")


def _holder(place: str) -> str:
    if place in ("learn.sentences", "questions", "stops", "blocks", "patch"):
        return f"[[{place}]]"
    return f"[{place}]" if place else say("a file")


def _first_name(place: str) -> str:
    return re.split(r"[.,\[]", place, maxsplit=1)[0]
