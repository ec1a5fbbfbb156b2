"""What was predicted before it was shown: what is hidden for it, and what a tutor says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from rich.text import Text

from ..narration.sentences import Sentence
from ..operations.tensors import Address
from ..records import record
from ..trace.blanks import LEVELS, blanks, left_blank
from ..trace.hidden import NOTHING, Hidden
from ..trace.trace import Trace
from ..trace.walk import Place
from ..views.look import Look
from ..views.wrapping import wrap


@record(frozen=True)
class Reply:
    """What a tutor says of one answer."""

    right: bool | None
    """None where nobody answered."""
    said: str
    """The answer and what is right, in the language's words."""
    why: Sentence = ()
    """The slip that gives exactly that number."""
    told: Sentence = ()
    """What the lesson has to say of it."""

    def lines(self, look: Look) -> list[Text]:
        """The reply, wrapped."""
        palette = look.palette
        style = palette.dim if self.right is None else palette.key if self.right else palette.wrong
        lines = wrap(Text(look.signs(self.said), style), look.width)
        return lines + [line for more in (self.why, self.told) if more for line in wrap(look.styled(more), look.width)]


@record(frozen=True)
class Predictions:
    """What is hidden now, the last reply, how many were right, and which steps are left blank."""

    hidden: Hidden = NOTHING
    reply: Reply | None = None
    level: str = ""
    """One of LEVELS, as a worksheet has them; empty: nothing is left blank."""
    worked: frozenset[str] = frozenset()
    """Blank steps that were answered or skipped, and are shown since."""
    written: Mapping[Address, str] = field(default_factory=dict)
    """What was typed for numbers of this trace: what follows from it counts, as on a worksheet."""
    asked: int = 0
    right: int = 0

    def hiding(self, hidden: Hidden) -> Predictions:
        """Something is to be predicted; or, for NOTHING, nothing is any more, and nothing was answered."""
        return replace(self, hidden=hidden, reply=None)

    def next_level(self) -> Predictions:
        """More blanks, or after all of them none."""
        levels = ("", *LEVELS)
        return replace(self, level=levels[(levels.index(self.level) + 1) % len(levels)], worked=frozenset())

    def wrote(self, cell: Address, text: str) -> Predictions:
        """A number was typed; typed again, the last one counts."""
        return replace(self, written={**self.written, cell: text})

    def of_other_numbers(self) -> Predictions:
        """The numbers are others now: nothing follows from what was typed before."""
        return replace(self, written={})

    def shown(self, step_id: str) -> Predictions:
        """A blank step was answered or skipped."""
        return replace(self, worked=self.worked | {step_id})

    def answered(self, reply: Reply) -> Predictions:
        """The number is shown, and what there is to say; what nobody answered does not count."""
        asked, right = self.asked + (reply.right is not None), self.right + bool(reply.right)
        return replace(self, hidden=NOTHING, reply=reply, asked=asked, right=right)

    def hidden_at(self, trace: Trace, place: Place) -> Hidden:
        """What is not shown at a place: the number that is asked for, and the blanks of the level."""
        if not self.level:
            return self.hidden
        steps = [step for step in blanks(trace, place, self.level).steps if step not in self.worked]
        if not steps:
            return self.hidden
        return Hidden((*left_blank(trace, place, steps).parts, *self.hidden.parts))

    def tally(self, look: Look) -> str:
        """`2 of 3 predicted`; empty while nothing was predicted."""
        return look.word("tally", right=self.right, asked=self.asked) if self.asked else ""
