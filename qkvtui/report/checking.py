"""`qkvtui check`: is a file sound, and do its published numbers hold?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ExampleError, QkvtuiError
from ..files.find import split_address
from ..files.read import load
from ..narration.numbers import number
from ..trace.addresses import Address, format_address
from ..trace.published import Comparison, comparisons
from ..trace.trace import Trace
from .as_json import finite

FORMAT = 1


@dataclass(frozen=True)
class Check:
    """What was found about one file."""

    path: str
    errors: tuple[str, ...]
    trace: Trace | None = None
    published: tuple[Comparison, ...] = ()

    @property
    def wrong(self) -> tuple[Comparison, ...]:
        """The published numbers that do not hold, in the order of the steps."""
        return tuple(one for one in self.published if not one.agrees)


def check_example(text: str) -> Check:
    """Read, compute and compare one example; an unusable one is a finding, not an error."""
    name, _ = split_address(text)
    try:
        trace = Trace(load(name))
    except ExampleError as error:
        return Check(name, tuple(str(problem) for problem in error.problems))
    except QkvtuiError as error:
        return Check(name, (str(error),))
    return Check(name, (), trace, comparisons(trace))


def check_status(checks: Sequence[Check]) -> int:
    """2 where a file is unusable, else 1 where a number does not hold, else 0."""
    if any(check.errors for check in checks):
        return 2
    return 1 if any(check.wrong for check in checks) else 0


def checks_as_text(checks: Sequence[Check]) -> str:
    """Each file in a few lines, and a summary where there are several."""
    lines = [line for check in checks for line in _lines(check)]
    if len(checks) > 1:
        unusable = sum(bool(check.errors) for check in checks)
        wrong = sum(bool(check.wrong) for check in checks)
        lines.append(f"{len(checks)} examples: {unusable} unusable, {wrong} with published numbers that do not hold")
    return "".join(f"{line}\n" for line in lines)


def checks_as_json(checks: Sequence[Check]) -> str:
    """All files in one object, format 1."""
    return json.dumps({"format": FORMAT, "files": [_object(check) for check in checks]}, ensure_ascii=False) + "\n"


def _lines(check: Check) -> list[str]:
    if check.errors:
        return [f"{check.path}: unusable", *(f"  {error}" for error in check.errors)]
    if not check.published:
        return [f"{check.path}: sound; it publishes no numbers"]
    count = len(check.published)
    if not check.wrong:
        return [f"{check.path}: sound; all {count} published numbers hold"]
    return [
        f"{check.path}: sound; {len(check.wrong)} of {count} published numbers do not hold",
        *(f"  {_difference(check, one)}" for one in check.wrong),
    ]


def _difference(check: Check, one: Comparison) -> str:
    assert check.trace is not None
    address = format_address(check.trace, Address(one.step, one.row, one.column, one.head))
    digits = _digits(check)
    return f"{address}: published {number(one.published, digits)}, computed {number(one.computed, digits + 2)}"


def _digits(check: Check) -> int:
    assert check.trace is not None
    published = check.trace.example.published
    return 2 if published is None or published.decimals is None else published.decimals


def _object(check: Check) -> dict[str, Any]:
    first = check.wrong[0] if check.wrong else None
    return {
        "path": check.path,
        "valid": not check.errors,
        "errors": list(check.errors),
        "published": len(check.published),
        "disagree": len(check.wrong),
        "first_wrong": None
        if first is None
        else {
            "step": first.step,
            "row": first.row,
            "column": first.column,
            "published": finite(first.published),
            "computed": finite(first.computed),
        },
        "slips": [],
    }
