"""What happened that only a screen or the application can act on: plain records, obeyed at once.

At once, because whatever is typed behind a keyboard key is meant for what that key has led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from ..graph.example import Example
from ..records import record
from ..trace.lesson import Lesson
from ..trace.trace import Trace

if TYPE_CHECKING:
    from ..trace.study import Study  # the first frame of a lesson does not wait for it


@record(frozen=True)
class Asked:
    """The learner is asked for a line."""

    purpose: str
    """Tells what is done with the answer."""
    proposal: str
    """To go on typing from."""
    hint: str
    """The name of its text in the language files, shown above the proposal or, where that is empty, in the line."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the hint's text is filled with."""
    about: str = ""
    """What it is asked about: a file's name."""
    refusal: str = ""
    """What was wrong with the answer before."""
    keys: str = ""
    """Letters of which one is the answer, at once; empty: a line is typed."""

    @property
    def may_be_empty(self) -> bool:
        """Whether no text at all is an answer too: what was searched for last."""
        return self.purpose == "search"


@record(frozen=True)
class Said:
    """There is something to say: the name of a text of the language files, and what fills it."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@record(frozen=True)
class TextCopied:
    """A text is for the clipboard, and that is said."""

    text: str
    said: Said


@record(frozen=True)
class ActionChosen:
    """An action was clicked: Textual's name of what it calls."""

    call: str


@record(frozen=True)
class Left:
    """The screen was left for the one below it."""


@record(frozen=True)
class TurnAsked:
    """A narration that does not fit is to be turned on, or back: its parts depend on the size of the screen."""

    by: int


@record(frozen=True)
class ReloadAsked:
    """The file is to be read again."""

    by_watch: bool = False
    """Whether nobody has asked for it, but the file has changed."""


@record(frozen=True)
class FileRead:
    """The file was read again and can be computed."""

    trace: Trace


@record(frozen=True)
class ProblemsFound:
    """The file has become unusable: what is wrong with it."""

    text: str


@record(frozen=True)
class GlossaryAsked:
    """The words of the field are asked for."""


@record(frozen=True)
class LessonAsked:
    """Another lesson of the course is asked for."""

    name: str


@record(frozen=True)
class TeacherAsked:
    """The student wants to be where the teacher is."""


@record(frozen=True)
class LearningOpened:
    """The learning screen is opened on a run."""

    study: Study
    original: Example
    """What was read from the file."""


@record(frozen=True)
class RunChanged:
    """A run goes on otherwise: the name of the text that says what that means for it."""

    name: str


@record(frozen=True)
class WriteAsked:
    """What the screen shows is to be written as a new file."""


@record(frozen=True)
class SentencesAsked:
    """The sentences of the task are to be looked at."""


@record(frozen=True)
class GradientAsked:
    """The walk to the gradient of a run's current number is asked for."""


@record(frozen=True)
class MomentOpened:
    """A moment of a run is walked through."""

    lesson: Lesson
    moment: int
    """The number of updates before it."""
    original: Example
    """What was read from the file."""


Message = (
    Asked
    | Said
    | TextCopied
    | ActionChosen
    | Left
    | TurnAsked
    | ReloadAsked
    | FileRead
    | ProblemsFound
    | GlossaryAsked
    | LessonAsked
    | TeacherAsked
    | LearningOpened
    | RunChanged
    | WriteAsked
    | SentencesAsked
    | GradientAsked
    | MomentOpened
)
