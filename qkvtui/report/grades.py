"""What `check --answers` says: points, and for every lost one the right number and the slip behind the wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import __version__
from ..errors import Problem
from ..files.clean import clean_line
from ..narration.numbers import number
from ..narration.sentences import plain
from ..narration.slips import Wrong, guess_sentence
from ..pages.lines import line_of, wrap
from ..records import record
from ..said import in_language
from ..trace.addresses import format_address
from ..trace.grading import LEAST_DECIMALS, Grade, GradedAnswer, Verdict
from ..trace.trace import Trace
from ..views.look import Look
from .as_json import finite, json_text

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
    return "".join(f"{line}\n" for line in _lines(trace, graded, look))


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
            "steps": [{"id": step, "points": part.points, "total": len(part.answers)} for step, part in grade.steps],
            "answers": [_object(trace, one) for one in grade.answers],
            "unread": unread_objects(graded.unread),
        }
    )


def unread_objects(unread: Sequence[Problem]) -> list[dict[str, str]]:
    """The lines that are no answers, for JSON."""
    return [{"place": one.place, "problem": one.problem, "expected": one.expected} for one in unread]


def _lines(trace: Trace, graded: GradedFile, look: Look) -> Iterator[str]:
    says, grade = look.texts.worksheet, graded.grade
    total = says["points"].format(points=grade.points, total=len(grade.answers))
    yield look.signs(f"{clean_line(trace.example.name)}{look.word('colon')}{total}")
    for step, part in grade.steps:
        name = look.signs(look.texts.step_names[step]) + look.word("in_brackets", text=step)
        yield f"  {part.points}/{len(part.answers)}  {name}"
    told = [one for one in grade.answers if one.verdict is not Verdict.RIGHT]
    if told:
        yield ""
    for one in told:
        yield from _wrapped(_told(trace, one, look), "", look)
        for sentence in _reasons(trace, one, look):
            yield from _wrapped(sentence, "    ", look)
    if graded.unread:
        yield ""
        yield look.signs(says["unread"])
    for problem in graded.unread:
        yield from _wrapped(look.signs(clean_line(in_language(str(problem), look.language))), "    ", look)
    yield ""
    yield from _wrapped(look.signs(says["how"]), "", look)


def _told(trace: Trace, one: GradedAnswer, look: Look) -> str:
    answer = one.written if len(one.written) <= _LONGEST_ANSWER else f"{one.written[:_LONGEST_ANSWER]}…"
    right = _shown(one.right, max(one.decimals, look.digits, LEAST_DECIMALS))
    text = look.texts.worksheet[_NAMES[one.verdict]]
    filled = text.format(answer=clean_line(answer), right=right)
    return f"{format_address(trace, one.cell, look.language)}{look.word('colon')}{look.signs(filled)}"


def _reasons(trace: Trace, one: GradedAnswer, look: Look) -> Iterator[str]:
    if one.problem:
        yield look.signs(clean_line(in_language(one.problem, look.language)))
    if one.value is None:
        return
    wrong = Wrong(one.cell, one.value, max(one.decimals, 0))
    for explanation in one.explanations:
        label = plain(", ".join(explanation.slips))
        sentence = guess_sentence(trace, explanation, wrong, look.language)
        yield look.filled_word("labelled", label=label, text=sentence).text


def _shown(value: float, decimals: int) -> str:
    return number(value, max(0, min(decimals, 6)))


def _wrapped(text: str, shift: str, look: Look) -> Iterator[str]:
    for line in wrap(line_of(text), look.width - len(shift)):
        yield f"{shift}{line.text}"


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
