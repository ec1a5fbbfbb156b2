"""What `check` found as workflow commands of GitHub Actions: each mistake beside its line of the file.

The format: docs.github.com, "Workflow commands for GitHub Actions", setting an error message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..files.clean import clean_line
from ..files.find import STANDARD_INPUT, bundled_names
from ..said import in_language
from ..trace.printed_at import PrintedPositions
from ..trace.slips.diagnosis import Diagnosis, Finding
from ..trace.trace import Trace
from ..views.look import Look
from .checking import Check

_ONE_LINE = 10_000
"""Columns of a message, which GitHub breaks itself."""
_PLACE = re.compile(r"line (?P<line>[0-9]+)(?:, column (?P<col>[0-9]+))?: ")


def checks_as_annotations(checks: Sequence[Check], look: Look) -> str:
    """A line for each problem of an unusable file, and for each finding at its first number; none where all holds."""
    wide = replace(look, width=_ONE_LINE)
    return "".join(f"{line}\n" for check in checks for line in _lines(check, wide))


def _lines(check: Check, look: Look) -> Iterator[str]:
    for error in check.errors:
        place = _PLACE.match(error)
        where = {} if place is None else place.groupdict()
        yield _command(
            check.path, where, look.texts.check["unusable"].format(path=check.path), in_language(error, look.language)
        )
    for one in check.each:
        if one.trace is not None:
            yield from _of_layer(one, one.trace, look)


def _of_layer(check: Check, trace: Trace, look: Look) -> Iterator[str]:
    positions = PrintedPositions(trace)
    for finding in check.diagnosis.findings:
        place_of = positions.of(finding.first)
        where: dict[str, str | None] = {}
        if place_of is not None:
            where = {"line": str(place_of.line), "col": str(place_of.column)}
        title = " + ".join(finding.slips[:1]) or finding.first.step
        yield _command(check.path, where, title, _message(trace, check.diagnosis, finding, look))


def _message(trace: Trace, diagnosis: Diagnosis, finding: Finding, look: Look) -> str:
    """What the command says of one finding."""
    from .findings import finding_lines  # drawing and sentences are needed for mistakes only

    alone = replace(diagnosis, findings=(finding,), carried=(), clues=())
    return "\n".join(line.strip() for line in finding_lines(trace, alone, look))


def _command(path: str, where: dict[str, str | None], title: str, message: str) -> str:
    is_file = path != STANDARD_INPUT and path not in bundled_names()
    properties = {"file": path if is_file else None, **(where if is_file else {}), "title": title}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value is not None)
    return f"::error {told}::{_data(message)}"


def _data(text: str) -> str:
    """A message, whose line breaks stay: GitHub writes them as %0A."""
    lines = "\n".join(clean_line(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value that stands before the message: a comma or a colon would end it."""
    return _data(clean_line(text)).replace(":", "%3A").replace(",", "%2C")
