"""What `check --answers` says: points, and for every lost one the right number and the slip behind the wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import __version__
from ..errors import Problem
from ..files.clean import clean_line
from ..narration.numbers import number
from ..narration.sentences import Role, Sentence, Span, filled, plain
from ..narration.slips import Wrong, guess_sentence
from ..records import record
from ..said import in_language
from ..trace.addresses import format_address
from ..trace.grading import LEAST_DECIMALS, Grade, GradedAnswer, Verdict
from ..trace.trace import Trace
from ..views.look import Look
from .as_json import finite, json_text
from .indented import Indented, indented_lines

FORMAT = 1
_LONGEST_ANSWER = 40
_NAMES = {
    Verdict.FOLLOWS: "follows",
    Verdict.WRONG: "wrong",
    Verdict.UNREADABLE: "unreadable",
    Verdict.MISSING: "missing",
}


@record(frozen=True)
class GradedFile:
    """A handed-in file and what it is worth."""

    name: str
    grade: Grade
    unread: tuple[Problem, ...] = ()
    """Its lines that answer nothing that was asked for."""


def grade_as_text(trace: Trace, graded: GradedFile, look: Look) -> str:
    """The total, the steps, every answer that is not simply right, and every line that is no answer."""
    parts = grade_parts(trace, graded, look)
    lines = (line for part in parts for line in ([""] if part is None else indented_lines(part, look)))
    return "".join(f"{line}\n" for line in lines)


def grade_as_json(trace: Trace, graded: GradedFile) -> str:
    """The same as one object."""
    grade = graded.grade
    return json_text(
        {
            "format": FORMAT,
            "program": f"qkvtui {__version__}",
            "example": trace.example.name,
            "file": graded.name,
            "points": grade.points,
            "total": len(grade.answers),
            "steps": step_objects(grade),
            "answers": [_object(trace, one) for one in grade.answers],
            "unread": unread_objects(graded.unread),
        }
    )


def step_objects(grade: Grade) -> list[dict[str, Any]]:
    """What each step is worth, for JSON."""
    return [{"id": step, "points": part.points, "total": len(part.answers)} for step, part in grade.steps]


def unread_objects(unread: Sequence[Problem]) -> list[dict[str, str]]:
    """The lines that are no answers, for JSON."""
    return [{"place": one.place, "problem": one.problem, "expected": one.expected} for one in unread]


def grade_parts(trace: Trace, graded: GradedFile, look: Look) -> Iterator[Indented | None]:
    """What is said, from top to bottom; None between what does not belong together."""
    says, grade, colon = look.texts.worksheet, graded.grade, Span(look.word("colon"))
    total = says["points"].format(points=grade.points, total=len(grade.answers))
    yield Indented((Span(clean_line(trace.example.name), Role.TOKEN), colon, Span(total)), wraps=False)
    for step, part in grade.steps:
        name = look.texts.step_names[step] + look.word("in_brackets", text=step)
        yield Indented(plain(f"{part.points}/{len(part.answers)}  {name}"), 1, wraps=False)
    told = [one for one in grade.answers if one.verdict is not Verdict.RIGHT]
    if told:
        yield None
    for one in told:
        yield Indented(_told(trace, one, look))
        yield from (Indented(sentence, 2) for sentence in _reasons(trace, one, look))
    if graded.unread:
        yield None
        yield Indented(plain(says["unread"]), wraps=False)
    for problem in graded.unread:
        yield Indented((Span(clean_line(in_language(str(problem), look.language)), Role.TOKEN),), 2)
    yield None
    yield Indented(plain(says["how"]))


def _told(trace: Trace, one: GradedAnswer, look: Look) -> Sentence:
    answer = one.written if len(one.written) <= _LONGEST_ANSWER else f"{one.written[:_LONGEST_ANSWER]}…"
    values = {
        "answer": Span(clean_line(answer), Role.TOKEN),
        "right": Span(_shown(one.right, max(one.decimals, look.digits, LEAST_DECIMALS)), Role.NUMBER),
    }
    verdict = filled(look.texts.worksheet[_NAMES[one.verdict]], lambda name: (values[name],))
    return (Span(format_address(trace, one.cell, look.language), Role.TOKEN), Span(look.word("colon")), *verdict)


def _reasons(trace: Trace, one: GradedAnswer, look: Look) -> Iterator[Sentence]:
    if one.problem:
        yield (Span(clean_line(in_language(one.problem, look.language)), Role.TOKEN),)
    if one.value is None:
        return
    wrong = Wrong(one.cell, one.value, max(one.decimals, 0))
    for explanation in one.explanations:
        label = plain(", ".join(explanation.slips))
        sentence = guess_sentence(trace, explanation, wrong, look.language)
        yield filled(look.texts.words["labelled"], {"label": label, "text": sentence}.__getitem__)


def _shown(value: float, decimals: int) -> str:
    return number(value, max(0, min(decimals, 6)))


def _object(trace: Trace, one: GradedAnswer) -> dict[str, Any]:
    return {
        "address": format_address(trace, one.cell),
        "answer": one.written,
        "value": None if one.value is None else finite(one.value),
        "right": finite(one.right),
        "verdict": one.verdict.value,
        "points": int(one.verdict.counts),
        **({"problem": one.problem} if one.problem else {}),
        "slips": list(dict.fromkeys(slip for explanation in one.explanations for slip in explanation.slips)),
    }
