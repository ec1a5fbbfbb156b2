"""The lesson screen: one step of one example at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Click, Resize
from textual.reactive import var

from ..errors import QkvtuiError
from ..files.read import load
from ..graph.example import Example
from ..narration.language import LanguageTexts
from ..operations.tensors import Address
from ..trace.addresses import format_address, parse_address
from ..trace.changes import History
from ..trace.lesson import Lesson
from ..trace.stops import stop_places
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, keep_place, move_cell, start, step_at, to_address, to_query, to_step
from ..views.comparison import most_different
from ..views.look import Look
from ..views.strip import sentence_lines
from . import predicting, searching, what_if, writing
from .actions import ACTIONS, ACTS, MOVES, offers
from .bound import Offer, bindings_of
from .canvas import Canvas
from .clicks import clicked
from .drawing import Drawing
from .drawn import SMALLEST, DrawnScreen
from .pages import help_page
from .player import Player
from .prompt import LinePrompt
from .reloading import Reloader
from .tour import Tour
from .trail import Trail

if TYPE_CHECKING:
    from ..trace.run import Moment
    from ..trace.study import Study

_WIDE = 116
"""From here on the map stands beside the lesson."""

ANSWERS: dict[str, Callable[[LessonScreen, str], None]] = {
    "go_to": lambda screen, text: screen.go_to(parse_address(screen.trace, text)),
    "search": searching.searched,
    "edit": what_if.edited,
    "write": writing.written,
    "overwrite": writing.overwritten,
    "predict": predicting.predicted,
    "guess": predicting.guessed,
}
"""What is done with a typed line, by what it was asked for. May raise QkvtuiError."""


class LessonScreen(DrawnScreen):
    """Walks through one example. State is here; what is drawn from it is in `canvas.py`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]

    place: var[Place] = var(Place(), init=False)
    skipped: var[int] = var(0, init=False)
    """How many lines of a long narration are scrolled away."""

    def __init__(
        self, lesson: Lesson, *, watch: bool = False, moment: Moment | None = None, original: Example | None = None
    ) -> None:
        super().__init__()
        self.original = original or lesson.trace.example
        """What was read from the file."""
        self.moment = moment
        """The moment of a run whose numbers are walked through; None: the file's."""
        self.study: Study | None = None
        """The run that was left to come back here."""
        self.asked = lesson.asked
        self._reloader = Reloader(self, watch=watch)
        self.history = History((lesson.trace,))
        self.trail = Trail()
        self.pinned: int | None = None
        """The query that stays beside the one that asks, in a comparison."""
        self.sought = ""
        """The text that was searched for last."""
        self.tour = Tour(lesson.stops)
        self.set_reactive(LessonScreen.place, self.tour.place if self.tour.followed else lesson.place)
        self.predictions = predicting.Predictions()
        self.player = Player(self)
        self.canvas = Canvas(self)

    @property
    def trace(self) -> Trace:
        """The example as it is shown, changes included."""
        return self.history.trace

    def compose(self) -> ComposeResult:
        """Everything is a drawing; the size decides which are seen."""
        yield Drawing(self.canvas.heading, id="heading")
        yield Drawing(self.canvas.sentence, id="sentence")
        with Horizontal(id="middle"):
            yield Drawing(self.canvas.body, id="body")
            yield Drawing(self.canvas.map, id="map")
        yield from self.last_lines()

    def on_mount(self) -> None:
        """Follow the application's language, and the file where that is asked for."""
        self.watch(self.app, "look", self.redraw, init=False)
        if self.moment is not None:
            self.say("of_a_run", number=str(self.moment.number))
        self._reloader.follow()

    def on_resize(self, event: Resize) -> None:
        """Decide once for a size what there is room for; keys then change no layout."""
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.set_class(width >= _WIDE, "-wide")
        most = 2 if height < 20 else 4 if height < 36 else 6
        look = self.app.look.sized(width, most + (self.trace.example.context is not None))
        self.query_one("#sentence", Drawing).styles.height = len(sentence_lines(self.trace, self.place, look))

    def watch_place(self, before: Place, after: Place) -> None:
        """Everything follows the place."""
        if (before.step, before.query, before.head) != (after.step, after.query, after.head):
            self.skipped = 0
        self.set_reactive(LessonScreen.notice, "")
        self.redraw()

    def watch_skipped(self) -> None:
        """The narration is the body's."""
        self.query_one("#body", Drawing).redraw()

    def offers(self, texts: LanguageTexts) -> Sequence[Offer]:
        """The table of actions."""
        return offers(texts)

    def help(self, look: Look) -> RenderableType:
        """The page about the keyboard; what needs a learning task only where there is one."""
        return help_page(look, offers(look.texts, self.trace.example.learn is not None))

    def to_write(self) -> tuple[Example, Example]:
        """The example as it was read, and with its changes."""
        return self.original, self.trace.example

    def current_cell(self) -> Address:
        """The cell that is opened, or the current one of the step."""
        if self.trail.cells:
            return self.trail.operand(self.trace) or self.trail.cells[-1]
        return cell_of(self.trace, self.place)

    def walk_to(self, place: Place, trail: Trail | None = None) -> None:
        """Another place; what was opened is closed unless a trail is given."""
        same = place == self.place
        self.predictions.skip()
        self.trail = trail or Trail()
        self.place = place
        if same:
            self.set_reactive(LessonScreen.notice, "")
            self.redraw()

    def go_to(self, cell: Address) -> None:
        """The step and cell of an address."""
        self.walk_to(to_address(self.trace, self.place, cell))

    def show_history(self, history: History) -> None:
        """Another state of the lesson, at the same place as far as that exists in it."""
        place = keep_place(self.trace, history.trace, self.place)
        learned = self.trace.has("update")
        self.history = history
        self.walk_to(place)
        if learned and not self.trace.has("update"):
            self.say("no_way_back")

    def change(self, how: Callable[[Trace], Trace]) -> None:
        """One change; where it is impossible, say why."""
        try:
            self.change_or_refuse(how)
        except QkvtuiError as error:
            self.notice = str(error).splitlines()[0]

    def change_or_refuse(self, how: Callable[[Trace], Trace]) -> None:
        """One change. Raises QkvtuiError where it is impossible."""
        trace = how(self.trace)
        trace.row("weights", min(self.place.query, trace.shape.queries - 1))
        self.show_history(self.history.changed(trace))

    def action_move(self, name: str) -> None:
        """Any move of the table of actions; between a teacher's stops while they are followed."""
        if self.tour.moved(name):
            self.walk_to(self.tour.place)
        else:
            self.walk_to(MOVES[name](self.trace, self.place))

    def action_act(self, name: str) -> None:
        """Any change of the table of actions."""
        ACTS[name](self)

    def action_jump(self, number: int) -> None:
        """The step with this number, where there is one."""
        if number <= len(self.trace.steps):
            self.walk_to(to_step(self.trace, self.place, number - 1))

    def action_line_up(self) -> None:
        """The token before asks; in an opened cell, the line of terms before."""
        self._line(-1)

    def action_line_down(self) -> None:
        """The next token asks; in an opened cell, the next line of terms."""
        self._line(1)

    def action_next_cell(self) -> None:
        """The next cell of the row; in an opened cell, the next operand."""
        self._cell(1)

    def action_previous_cell(self) -> None:
        """The cell before; in an opened cell, the operand before."""
        self._cell(-1)

    def action_open_cell(self) -> None:
        """Open the current cell, or the chosen operand of the one that is opened."""
        if self.trail.cells and self.trail.operand(self.trace) is None:
            return
        trail, place = self.trail.opened(self.trace, self.place, self.current_cell())
        self.walk_to(place, trail)

    def action_close_cell(self) -> None:
        """Back to where the opened cell was opened from; from a moment of a run, back to the run."""
        if self.trail.cells:
            trail, place = self.trail.closed()
            self.walk_to(place, trail)
        elif self.moment is not None:
            self.dismiss()

    def action_compare(self) -> None:
        """Two queries side by side, the one that asks and the one that looks elsewhere most; or one again."""
        if self.pinned is None:
            self.pinned = self.place.query
            other = most_different(self.trace, self.place.query, self.place.head)
            self.walk_to(to_query(self.trace, self.place, other))
        else:
            pinned, self.pinned = self.pinned, None
            self.walk_to(to_query(self.trace, self.place, pinned))

    def action_go_to(self) -> None:
        """Ask for an address."""
        here = format_address(self.trace, self.current_cell())
        self.query_one(LinePrompt).ask("go_to", "", "address_hint", example=here)

    def action_reload(self) -> None:
        """Read the file again; a file that has become unusable leaves the lesson as it is."""
        if self.moment is not None:
            self.say("not_reloaded")
        else:
            self._reloader.start()

    def reloaded(self, trace: Trace) -> None:
        """The file as it was read again, at the same place."""
        self.app.close_problems()
        self.pinned = None
        self.original = trace.example
        self.show_history(History((trace,)))
        self.say("reloaded", file=trace.example.file)

    def answer(self, purpose: str, text: str) -> None:
        """Go to an address, search, change, write, judge. Raises QkvtuiError."""
        ANSWERS[purpose](self, text)

    def not_answered(self) -> None:
        """What was to be predicted is shown."""
        if self.predictions.hidden:
            self.predictions.show(step_at(self.trace, self.place).id)
        self.predictions.skip()
        self.redraw()

    def footer(self, width: int, height: int) -> RenderableType:
        """What the keyboard does in a lesson, or what there is to say."""
        return self.canvas.footer(width, height)

    def on_click(self, event: Click) -> None:
        """A token becomes the query, a number the current cell, a step's sign the current step."""
        clicked(self, event.style.meta)

    def _line(self, by: int) -> None:
        if self.trail.cells:
            self.walk_to(self.place, self.trail.moved_line(self.trace, by))
        else:
            self.walk_to(to_query(self.trace, self.place, self.place.query + by))

    def _cell(self, by: int) -> None:
        if self.trail.cells:
            self.walk_to(self.place, self.trail.moved(self.trace, by))
        else:
            self.walk_to(move_cell(self.trace, self.place, by))


def lesson_of(example: str, query: int | None = None) -> Lesson:
    """The example at its first step. Raises QkvtuiError."""
    trace = Trace(load(example))
    return Lesson(trace, start(trace, query=query), example, stop_places(trace))
