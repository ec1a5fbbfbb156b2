"""The file that the user may write: what it sets, and what in it makes no sense."""

from __future__ import annotations

import re

from ..errors import ExampleError, reason_of
from ..files.clean import clean_line
from ..said import Phrase, say
from .folders import is_there, read_bytes

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `qkvtui list`
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST_LINE = 60


class Config:
    """What the file sets; nothing where there is none. What is wrong in it has no effect; all else has."""

    __slots__ = ("lines", "path", "problems", "values")

    path: str | None
    values: dict[str, object]
    """By name; only names and values that there are."""
    lines: dict[str, str]
    """The number of the line in which a value stands, by name; empty where that cannot be told."""
    problems: list[Phrase]

    def __init__(self, path: str | None, allowed: Mapping[str, Sequence[object]]) -> None:
        """`allowed`: what each name may be set to."""
        self.path, self.values, self.lines, self.problems = path, {}, {}, []
        if path is not None and is_there(path):
            text, table = self._read(path)
            for name, value in table.items():
                self._take(name, value, text, allowed)

    def _read(self, path: str) -> tuple[str, dict[str, object]]:
        """The text and the table in it, empty where it cannot be used."""
        from ..files.source import decode
        from ..files.syntax import parse_structure

        try:
            text = decode(read_bytes(path), path)
            return text, parse_structure(text, "toml", path) if text.strip() else {}
        except OSError as error:
            self._add(say("not used: {reason}", reason=reason_of(error)))
        except ExampleError as error:
            first = error.problems[0]
            self._add(
                say(
                    "not used: {reason}",
                    reason=say("{place}: {problem}", place=first.place or "…", problem=first.problem),
                )
            )
        except ValueError as error:
            self._add(say("not used: {reason}", reason=str(error)))
        return "", {}

    def _take(self, name: str, value: object, text: str, allowed: Mapping[str, Sequence[object]]) -> None:
        from ..files.phrases import nearest, quoted, with_commas

        number, line = _line_of(name, text)
        if name not in allowed:
            near = nearest(name, list(allowed))
            expected = (
                say("did you mean {meant}?", meant=near)
                if near
                else say("there are {names}", names=with_commas(list(allowed)))
            )
            self._add_in_line(number, say("there is no setting {name}", name=quoted(name)), expected)
        elif not any(value == one and type(value) is type(one) for one in allowed[name]):
            expected = say("{name} may be {allowed}", name=name, allowed=written_values(allowed[name]))
            self._add_in_line(number, say("{written}: not used", written=line), expected)
        else:
            self.values[name] = value
            self.lines[name] = number

    def _add(self, problem: Phrase) -> None:
        self.problems.append(say("{file}: {problem}", file=clean_line(self.path or ""), problem=problem))

    def _add_in_line(self, number: str, problem: Phrase, expected: Phrase) -> None:
        told = say("{problem}; {expected}", problem=problem, expected=expected)
        self._add(say("{place}: {problem}", place=say("line {line}", line=number), problem=told))


def written_values(values: Sequence[object]) -> str:
    """What a name may be set to, as it would stand in the file; of many numbers the first and the last."""
    if isinstance(values, range):
        return f"{values[0]} … {values[-1]}"
    return ", ".join(written_value(one) for one in values)


def written_value(value: object) -> str:
    """One value as it stands in the file."""
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()


def _line_of(name: str, text: str) -> tuple[str, str]:
    """The number of the line that sets a name, and the line."""
    named = re.compile(rf"""\s*\[*\s*(["']?){re.escape(name)}\1\s*[=＝.\]]""")
    for number, line in enumerate(text.split("\n"), 1):
        if named.match(line):
            shown = clean_line(line.strip())
            return str(number), shown if len(shown) <= _LONGEST_LINE else shown[: _LONGEST_LINE - 1] + "…"
    return "?", name[:_LONGEST_LINE]
