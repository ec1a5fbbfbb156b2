"""Predict a number before it is shown: typed, told how far off, and which slip gives exactly that number."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from rich.text import Text

from ..narration.formats import cell_format, more_digits
from ..narration.numbers import NumberFormat, number
from ..narration.sentences import Sentence
from ..narration.slips import Wrong, slip_sentence
from ..operations.tensors import Address
from ..trace.addresses import find_token, format_address, value_at
from ..trace.attends import attends, indices_of
from ..trace.blanks import LEVELS, blanks
from ..trace.expression import evaluate
from ..trace.grading import Verdict as Judgement
from ..trace.grading import judge
from ..trace.hidden import NOTHING, Hidden, Part, hidden_cell
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, step_at
from ..views.look import Look
from ..views.wrapping import wrap
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .lesson import LessonScreen


@dataclass(frozen=True)
class Verdict:
    """What a tutor says of one answer."""

    right: bool
    said: str
    """The answer and what is right, in the language's words."""
    why: Sentence = ()
    """The slip that gives exactly that number."""

    def lines(self, look: Look) -> list[Text]:
        """The verdict, wrapped."""
        lines = wrap(Text(look.signs(self.said), look.palette.key if self.right else look.palette.wrong), look.width)
        return lines + (wrap(look.styled(self.why), look.width) if self.why else [])


class Predictions:
    """What is hidden now, the last verdict, how many were right, and which steps are left blank."""

    def __init__(self) -> None:
        self.hidden: Hidden = NOTHING
        self.verdict: Verdict | None = None
        self.level = ""
        """One of LEVELS, as a worksheet has them; empty: nothing is left blank."""
        self._worked: set[str] = set()
        """Blank steps that were answered or skipped, and are shown since."""
        self.asked = 0
        self.right = 0

    def hide(self, hidden: Hidden) -> None:
        """Something is to be predicted."""
        self.hidden, self.verdict = hidden, None

    def skip(self) -> None:
        """Nothing is hidden any more, and nothing was answered."""
        self.hidden, self.verdict = NOTHING, None

    def next_level(self) -> None:
        """More blanks, or after all of them none."""
        levels = ("", *LEVELS)
        self.level = levels[(levels.index(self.level) + 1) % len(levels)]
        self._worked.clear()

    def show(self, step_id: str) -> None:
        """A blank step was answered or skipped."""
        self._worked.add(step_id)

    def hidden_at(self, trace: Trace, place: Place) -> Hidden:
        """What is not shown at a place: the number that is asked for, and the blanks of the level."""
        if not self.level:
            return self.hidden
        steps = [step for step in blanks(trace, place, self.level).steps if step not in self._worked]
        if not steps:
            return self.hidden
        left = blanks(trace, place, ",".join(steps), heads=(place.head,)).hidden
        return Hidden((*left.parts, *self.hidden.parts))

    def answer(self, verdict: Verdict) -> None:
        """Show the number and what there is to say."""
        self.hidden, self.verdict = NOTHING, verdict
        self.asked += 1
        self.right += verdict.right

    def tally(self, look: Look) -> str:
        """`2 of 3 predicted`; empty while nothing was predicted."""
        return look.word("tally", right=self.right, asked=self.asked) if self.asked else ""


def fade(screen: LessonScreen) -> None:
    """Leave more steps blank, as on a worksheet: the last, every second, all, none."""
    screen.predictions.next_level()
    screen.redraw()
    screen.say(f"blank_{screen.predictions.level or 'none'}")


def predict(screen: LessonScreen) -> None:
    """Hide the current cell and ask for it; at the summary, ask whom the query attends to."""
    cell = cell_of(screen.trace, screen.place)
    if step_at(screen.trace, screen.place).id == "summary":
        row = range(screen.place.query, screen.place.query + 1)
        screen.predictions.hide(Hidden((Part("weights", screen.place.head, row),)))
        screen.query_one(LinePrompt).ask("guess", "", "guess_hint", token=screen.trace.example.tokens[cell.row])
    else:
        screen.predictions.hide(hidden_cell(cell))
        screen.query_one(LinePrompt).ask("predict", "", "predict_hint", cell=format_address(screen.trace, cell))
    screen.redraw()


def predicted(screen: LessonScreen, text: str) -> None:
    """Judge a typed number. Raises UsageError for what is none; the question then stays."""
    screen.predictions.answer(judged(screen, cell_of(screen.trace, screen.place), text))
    screen.predictions.show(step_at(screen.trace, screen.place).id)
    screen.redraw()


def guessed(screen: LessonScreen, text: str) -> None:
    """Judge a typed token. Raises UsageError for what is none; the question then stays."""
    key = find_token(screen.trace.example.keys, text.strip())
    first = attends(screen.trace, screen.place.query, screen.place.head).first
    right = key in indices_of(first)
    name = "guess_right" if right else "guess_wrong"
    token = first[0].token if first else "-"
    said = screen.app.look.word(name, token=token, weight=number(first[0].weight if first else 0.0, 2))
    screen.predictions.answer(Verdict(right, said))
    screen.redraw()


def judged(screen: LessonScreen, cell: Address, text: str) -> Verdict:
    """What `check --answers` says of the same text; a gradient is judged at least as exactly as the page shows it.

    Raises UsageError for what is no number.
    """
    trace, look = screen.trace, screen.app.look
    written = cell_format(trace, cell, look.digits)
    typed, value = evaluate(text), value_at(trace, cell)
    is_fine = more_digits(trace, cell.name) > 0
    answer = judge(trace, cell, text, look.digits, _places(written, value or typed) if is_fine else None)
    shown = written.text(value)
    if answer.verdict is Judgement.RIGHT:
        return Verdict(True, look.word("predicted_right", value=shown))
    if answer.verdict.counts:
        return Verdict(True, look.texts.worksheet["follows"].format(answer=text.strip(), right=shown))
    places = max(0, answer.decimals)
    as_text = written.text if is_fine and written.exponent else lambda one: number(one, places)
    said = look.word("predicted_wrong", typed=as_text(typed), off=as_text(abs(typed - value)), value=shown)
    if not answer.explanations:
        return Verdict(False, said)
    wrong = Wrong(cell, typed, places)
    return Verdict(False, said, slip_sentence(trace, answer.explanations[0], wrong, look.language, look.in_columns))


def _places(written: NumberFormat, value: float) -> int:
    """How many places after the point a number is shown to: of 1.20e-05, seven."""
    if not written.exponent or not value or not isfinite(value):
        return written.decimals
    return written.decimals - floor(log10(abs(value)))
