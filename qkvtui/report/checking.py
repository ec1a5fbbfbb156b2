"""`qkvtui check`: is a file sound, and do its published numbers hold?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

from ..errors import ExampleError, Problem, QkvtuiError
from ..files.clean import clean_line
from ..files.find import as_typed, split_address
from ..models.load import load
from ..narration.sentences import Role, Span, filled, plain
from ..records import record
from ..said import in_language
from ..trace.published import Comparison, published_row
from ..trace.slips.clues import Clue
from ..trace.slips.diagnosis import Diagnosis, Finding, diagnose
from ..trace.stops import stop_places
from ..trace.told import check_texts
from ..trace.trace import Trace
from ..views.look import Look
from .as_json import Json, finite, head_of, json_text
from .findings import Found, evidence_lines, finding_parts
from .indented import Indented, indented_lines

_WIDTH = 100


@record(frozen=True)
class Check:
    """What was found about one file; as a text, what the command says of it."""

    path: str
    errors: tuple[str, ...]
    """What makes it unusable, a line each."""
    trace: Trace | None = None
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    problems: tuple[Problem, ...] = ()
    """The same with the lines of the file that they are about, where it is a file that has them."""
    more: tuple[Check, ...] = ()
    """What was found about its further layers, as far as something was published of them."""

    @property
    def each(self) -> tuple[Check, ...]:
        """The check of each layer, this one's first."""
        return (self, *self.more)

    @property
    def published(self) -> tuple[Comparison, ...]:
        """Every published number beside the computed one."""
        return tuple(one for check in self.each for one in check.diagnosis.published)

    @property
    def wrong(self) -> tuple[Comparison, ...]:
        """The published numbers that do not hold, in the order of the steps."""
        return tuple(one for check in self.each for one in check.diagnosis.wrong)

    @property
    def holds(self) -> bool:
        """Whether the file is sound and all its published numbers hold."""
        return not self.errors and not self.wrong

    def __str__(self) -> str:
        return checks_as_text([self], Look(_WIDTH))

    def __repr__(self) -> str:
        return str(self).rstrip()


def check_example(example: str | os.PathLike[str]) -> Check:
    """Read, compute and compare one example, a bundled name or a path; an unusable one is a finding, not an error.

    Also for tests of one's own: `assert check_example("book/chapter3.toml").holds`.
    """
    name, _ = split_address(os.fspath(example))
    try:
        trace = Trace(load(name))
        stop_places(trace)
        check_texts(trace)
        _work_layers(trace)
    except ExampleError as error:
        return Check(as_typed(name), tuple(str(problem) for problem in error.problems), problems=error.problems)
    except QkvtuiError as error:
        return Check(as_typed(name), (str(error),))
    return check_trace(trace, as_typed(name))


def _work_layers(trace: Trace) -> None:
    """Raise ExampleError where what stands around attention makes numbers too large."""
    for layer in range(len(trace.example.layers)):
        there = trace.at_layer(layer)
        there.row(there.steps[-1].id, there.example.query)


def check_trace(trace: Trace, path: str) -> Check:
    """The same for an example that is sound; `path` is what the findings call it."""
    layers = enumerate(trace.example.printed)
    more = (trace.at_layer(layer) for layer, printed in layers if printed is not None and layer)
    return Check(path, (), trace, diagnose(trace), more=tuple(Check(path, (), one, diagnose(one)) for one in more))


def check_status(checks: Sequence[Check]) -> int:
    """2 where a file is unusable, else 1 where a number does not hold, else 0."""
    if any(check.errors for check in checks):
        return 2
    return 0 if all(check.holds for check in checks) else 1


def checks_as_text(checks: Sequence[Check], look: Look) -> str:
    """Each file with what is wrong in it and why, and a summary where there are several."""
    lines = [line for check in checks for line in _lines(check, look)]
    return "".join(f"{line}\n" for line in [*lines, *summary(checks, look)])


def summary(checks: Sequence[Check], look: Look) -> Iterator[str]:
    """How many are unusable or wrong, where there are several."""
    if len(checks) > 1:
        unusable, wrong = sum(bool(check.errors) for check in checks), sum(bool(check.wrong) for check in checks)
        yield look.signs(look.texts.check["summary"].format(count=len(checks), unusable=unusable, wrong=wrong))


def checks_as_json(checks: Sequence[Check]) -> str:
    """All files in one object."""
    return json_text({"files": [_object(check) for check in checks]})


def _lines(check: Check, look: Look) -> Iterator[str]:
    for part in check_parts(check, look):
        yield from indented_lines(part, look) if isinstance(part, Indented) else evidence_lines(part, look)


def check_parts(check: Check, look: Look) -> Iterator[Found]:
    """What is said of one file, from top to bottom; the first is what came of it."""
    if check.errors:
        yield _as_a_whole(check, "unusable", look)
        told = [line for problem in check.problems for line in problem.lines] or check.errors
        for line in told:
            yield Indented((Span(in_language(line, look.language), Role.TOKEN),), 1, wraps=False)
        return
    yield _as_a_whole(check, "wrong" if check.wrong else "hold" if check.published else "no_numbers", look)
    if check.trace is not None and check.trace.example.causal_assumed:
        yield Indented(plain(look.texts.check["causal_assumed"]), 1, wraps=False)
    for one in check.each:
        if one.trace is not None and one.diagnosis.wrong:
            yield from finding_parts(one.trace, one.diagnosis, look)


def _as_a_whole(check: Check, name: str, look: Look) -> Indented:
    values = {"count": Span(str(len(check.published)), Role.NUMBER), "wrong": Span(str(len(check.wrong)), Role.NUMBER)}
    path = Span(clean_line(check.path), Role.TOKEN)
    said = filled(look.texts.check[name], lambda value: (path if value == "path" else values[value],))
    return Indented(said, wraps=False)


def _object(check: Check) -> dict[str, Any]:
    found = [(one.trace, one.diagnosis) for one in check.each]
    trace, first = next(((trace, one.first) for trace, one in found if one.first is not None), (check.trace, None))
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
            **head_of(first, trace),
            "row": first.row,
            "column": first.column,
            "published": finite(first.published),
            "computed": finite(first.computed),
        },
        "slips": list(dict.fromkeys(slip for _, one in found for slip in one.slips)),
        "findings": [_found(finding, of) for of, one in found for finding in one.findings],
        "clues": [_clue(clue) for _, one in found for clue in one.clues],
    }


def _found(finding: Finding, trace: Trace | None) -> Json:
    """Wrong numbers with one reason: where the first stands, each slip that explains them, and the evidence."""
    first = finding.first
    printed = None if trace is None else published_row(trace, first.step, first.row, first.head)
    right = None if trace is None else trace.row(first.step, first.row, first.head)
    return {
        "step": first.step,
        **head_of(first, trace),
        "row": first.row,
        "column": first.column,
        "cells": len(finding.cells),
        "explanations": [
            {
                "slips": list(one.slips),
                "parts": list(one.parts),
                "gives": None if one.gives is None else finite(one.gives),
                "row": [finite(number) for number in one.row] or None,
            }
            for one in finding.explanations
        ],
        "printed": None if printed is None else [finite(number) for number in printed],
        "right": None if right is None else [finite(float(number)) for number in right],
    }


def _clue(clue: Clue) -> Json:
    told = {} if clue.number is None else {"number": finite(clue.number)}
    return {"clue": clue.kind, "step": clue.step, **told}
