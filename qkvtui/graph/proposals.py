"""What a lesson proposes beside its walk: one thing to try, and questions, at its end or on the way."""

from __future__ import annotations

from ..localized import Localized
from ..records import record


@record(frozen=True)
class WhatIf:
    """What is to be different in an example, as the options of `print` say it; false where nothing is."""

    assignments: tuple[str, ...] = ()
    """`X[it,0]=0.9`: numbers of the file, by address."""
    scale: str | None = None
    """`none`, `1/sqrt(3)`, `0.5`."""
    temperature: str | None = None
    causal: bool | None = None
    softmax: str = "rows"
    """`columns` is the known mistake."""
    round_each: int | None = None
    """Decimals that each step is rounded to."""

    def __bool__(self) -> bool:
        return self != NO_CHANGE


NO_CHANGE = WhatIf()


@record(frozen=True)
class Experiment:
    """The `[experiment]` table: the lesson's one thing to try."""

    step: str
    """The id of the step where it is proposed."""
    text: Localized
    """What to do, and what to look at."""
    change: WhatIf = NO_CHANGE
    """What one is asked to do."""


@record(frozen=True)
class LessonQuestion:
    """What a `[[questions]]` table asks, or a stop. One of `choices`, `watch` and `predict` says how it is answered."""

    text: Localized | None
    """None where a stop asks: its own text does."""
    choices: tuple[Localized, ...] = ()
    """Answers to choose from."""
    right: int = 0
    """Index into `choices`."""
    watch: str = ""
    """The address of a number: does it grow, shrink or stay? Only with a change."""
    predict: str = ""
    """The address of a number that is to be typed, after the change if there is one."""
    why: Localized | None = None
    """What is said once it is answered."""
    change: WhatIf = NO_CHANGE


@record(frozen=True)
class Stop:
    """One `[[stops]]` table: a place that a teacher wants to show."""

    address: str
    """As it stands in the file; whether it exists is seen when the example is computed."""
    text: Localized | None
    """What to say there."""
    question: LessonQuestion | None = None
    """What is asked there, in the stop's own text."""
    blank: bool | tuple[str, ...] | None = None
    """Steps that are left blank meanwhile, by id; True: the one shown; None: the one that a choice is read from."""
