"""Everything that a lesson on the screen knows. Plain: an action makes another state of it; no Textual."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..files.find import lesson_after
from ..graph.example import Example
from ..models.load import load
from ..operations.tensors import Address
from ..pages.pictures import Picture
from ..records import record
from ..trace.changes import of_file
from ..trace.edits import Edit
from ..trace.hidden import NOTHING
from ..trace.history import History
from ..trace.lesson import Lesson
from ..trace.shown_at import to_address
from ..trace.stops import stop_places
from ..trace.through import onward
from ..trace.told import check_texts
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, keep_place, start
from ..views.look import Look
from .instead import Patched, Questioned
from .messages import Asked, Message
from .predictions import Predictions
from .tour import Tour
from .trail import Trail

if TYPE_CHECKING:
    from ..trace.study import Study  # the first frame of a lesson does not wait for it

_NOTHING_OPENED, _NO_TOUR, _NOTHING_PREDICTED = Trail(), Tour(), Predictions()


@record(frozen=True, eq=False)
class LessonState:
    """A lesson as it stands. Two states are the same only if they are one."""

    look: Look
    """Language, digits, colours and characters, for a room that each drawing has of its own."""
    history: History
    place: Place
    original: Example
    """What was read from the file."""
    layer: int = 0
    """The layer one is in, of a model with several."""
    moment: int | None = None
    """The moment of a run whose numbers are walked through: how many updates there were before; None: the file's."""
    study: Study | None = None
    """The run that was left to come back here."""
    trail: Trail = _NOTHING_OPENED
    instead: Picture | Questioned | Patched | None = None
    """The picture, the questions or the table that stand in the place of the step; None: the step itself."""
    pinned: int | None = None
    """The query that stays beside the one that asks, in a comparison."""
    sought: str = ""
    """The text that was searched for last."""
    tour: Tour = _NO_TOUR
    predictions: Predictions = _NOTHING_PREDICTED
    settled: frozenset[str] = frozenset()
    """What the lesson asks and was answered or skipped, by name: `stop 2`, `question 0`."""
    plays: bool = False
    """Whether it walks by itself."""
    seconds: float = 4.0
    """For a step, while it does."""
    follows: bool = False
    """Whether the session follows a teacher's."""
    left_at: Place | None = None
    """Where an earlier session left the lesson, as long as one may still want to go there."""
    written: Example | None = None
    """What was written as a file of its own last."""
    turned: int = 0
    """How many parts of a long narration, or of an answer, are scrolled away."""
    notice: str = ""
    """Shown in the footer until the next move."""
    message: Message | None = None
    """What the last action leaves to the screen."""

    @property
    def trace(self) -> Trace:
        """The layer that is shown, changes included."""
        return self.history.trace.at_layer(self.layer)

    @property
    def cell(self) -> Address:
        """The cell that is opened, or the current one of the step."""
        if self.trail.cells:
            return self.trail.operand(self.trace) or self.trail.cells[-1]
        return cell_of(self.trace, self.place)

    @property
    def picture(self) -> Picture | None:
        """The picture in the place of the step; None: there is none."""
        return None if isinstance(self.instead, Questioned | Patched) else self.instead

    @property
    def patched(self) -> Patched | None:
        """The table of patches in the place of the step; None: there is none."""
        return self.instead if isinstance(self.instead, Patched) else None

    @property
    def questioned(self) -> Questioned | None:
        """The questions in the place of the step; None: there are none."""
        return self.instead if isinstance(self.instead, Questioned) else None

    @property
    def tempo(self) -> float | None:
        """Seconds a step while it walks by itself, else None."""
        return self.seconds if self.plays else None

    @property
    def at_end(self) -> bool:
        """Whether this is the last step."""
        return self.place.step == len(self.trace.walk) - 1 and onward(self.trace, self.place.step) is None

    def stands_at(self, other: LessonState) -> bool:
        """Whether both show the same numbers at the same place."""
        if self.history is not other.history:
            return False
        here, there = ((one.layer, one.place, one.trail, one.instead) for one in (self, other))
        return here == there

    def has_layer(self, layer: int) -> bool:
        """Whether the model has this layer."""
        layers = self.trace.layers
        return layers is not None and 0 <= layer < len(layers)

    def in_layer(self, layer: int) -> LessonState:
        """In another layer, at the same step as far as that exists in it."""
        there = replace(self, layer=layer)
        return there.walked(keep_place(self.trace, there.trace, self.place))

    @property
    def next_lesson(self) -> str | None:
        """The lesson of the course that follows, behind the last step; while stops are followed behind the last one."""
        example, tour = self.trace.example, self.tour
        is_over = self.at_end and (not tour.followed or tour.at_last)
        return lesson_after(example.name) if is_over and example.is_bundled else None

    def walked(self, place: Place, trail: Trail | None = None) -> LessonState:
        """At another place; what was opened is closed unless a trail is given, questions are too, a picture stays."""
        before, after = ((one.step, one.query, one.head) for one in (self.place, place))
        return replace(
            self,
            place=place,
            trail=trail or _NOTHING_OPENED,
            predictions=self.predictions.hiding(NOTHING),
            instead=self.picture,
            turned=self.turned if before == after else 0,
            notice="",
        )

    def moved(self, place: Place, silent: str, **values: str) -> LessonState:
        """At another place; where it is the same, with a notice that says why nothing moves."""
        walked = self.walked(place)
        return walked.saying(silent, **values) if place == self.place and not self.trail.cells else walked

    def opened(self, cell: Address) -> LessonState:
        """At this number, opened, in whichever layer it is."""
        trail, place = self.trail.opened(self.trace, self.place, cell)
        return replace(self, layer=self.layer if cell.layer is None else cell.layer).walked(place, trail)

    def walked_to(self, cell: Address) -> LessonState:
        """At the step and cell of an address; opened where the step is drawn without it, as a parameter is."""
        if cell.layer is not None:
            return self.in_layer(cell.layer).walked_to(replace(cell, layer=None))
        there = self.walked(to_address(self.trace, self.place, cell))
        if of_file(self.trace, there.cell) == of_file(self.trace, cell):
            return there
        trail, place = _NOTHING_OPENED.opened(self.trace, self.place, cell)
        return self.walked(place, trail)

    def showing(self, history: History) -> LessonState:
        """Another trace of the lesson, at the same place as far as that exists in it."""
        place = keep_place(self.trace, history.trace.at_layer(self.layer), self.place)
        fresh = self.predictions.of_other_numbers()
        read = history.of_file
        original = self.original if read is self.history.of_file else read.example
        shown = replace(self, history=history, original=original, predictions=fresh, left_at=None).walked(place)
        return shown.saying("no_way_back") if self.trace.graph.goes_back and not shown.trace.graph.goes_back else shown

    def changed(self, edit: Edit) -> LessonState:
        """After one change. Raises QkvtuiError where it is impossible."""
        trace = edit(self.trace)
        trace.row("weights", min(self.place.query, trace.shape.queries - 1))
        return self.showing(self.history.changed(trace, edit.made_in(self.trace, self.layer)))

    def saying(self, name: str, **values: str) -> LessonState:
        """With a notice of the language files."""
        return replace(self, notice=self.look.texts.screen[name].format(**values))

    def telling(self, message: Message) -> LessonState:
        """With something for the screen to do."""
        return replace(self, message=message)

    def asking(self, purpose: str, proposal: str, hint: str, **values: str) -> LessonState:
        """With a question to the learner."""
        return self.telling(Asked(purpose, proposal, hint, values))


def state_of(lesson: Lesson, look: Look, *, moment: int | None = None, original: Example | None = None) -> LessonState:
    """A lesson as it is opened, at its first stop if those are followed; for a moment of a run, the file's example."""
    tour = Tour(lesson.stops, left=lesson.trace.example.walk == "whole")
    return LessonState(
        look,
        History((lesson.trace,)),
        tour.place if tour.followed else lesson.place,
        original or lesson.trace.example,
        lesson.trace.example.layer,
        moment,
        tour=tour,
    )


def beginning(state: LessonState) -> LessonState:
    """The first step of the layer that the file is about, which can be shown whatever cannot; stops are left."""
    tour = replace(state.tour, left=True)
    there = replace(state, layer=state.original.layer, instead=None, pinned=None, tour=tour)
    return there.walked(start(there.trace))


def lesson_of(example: str, *, again: bool = False) -> Lesson:
    """The example at its first step. Raises QkvtuiError, `again` at once for what is no file."""
    trace = Trace(load(example, again=again))
    check_texts(trace)
    return Lesson(trace, start(trace), example, stop_places(trace))


def read_again(asked: str) -> Trace:
    """The example of this name as it now is. Raises QkvtuiError where it cannot be computed."""
    trace = Trace(load(asked, again=True))
    trace.row("weights", 0)
    return trace


def reloaded(state: LessonState, trace: Trace) -> LessonState:
    """With the file as it was read again, at the same place; `u` leads back to what was changed before."""
    changed = state.history.at > state.history.base
    fresh = replace(state, pinned=None).showing(state.history.read_again(trace))
    return fresh.saying("reloaded_over" if changed else "reloaded", file=trace.example.file)
