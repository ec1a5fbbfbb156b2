"""The lesson screen: one step of one example at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Click, Resize
from textual.reactive import var
from textual.screen import Screen

from ..errors import QkvtuiError
from ..files.read import load
from ..report.request import Lesson
from ..trace.addresses import format_address, parse_address
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, keep_place, start, to_address, to_cell, to_step
from ..views.flow import flow_lines
from ..views.look import Look
from ..views.page import as_lines, body, heading_lines
from ..views.strip import sentence_lines
from .actions import MOVES, bindings, chosen_key
from .drawing import Drawing
from .footer import footer_line
from .player import Player
from .prompt import AddressPrompt

if TYPE_CHECKING:
    from .app import QkvtuiApp

_WIDE = 116
"""From here on the map stands beside the lesson."""
_SMALLEST = (40, 12)


class LessonScreen(Screen[None]):
    """Walks through one example."""

    CSS_PATH = "lesson.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    app: QkvtuiApp

    place: var[Place] = var(Place(), init=False)
    notice: var[str] = var("", init=False)
    """Shown in the footer until the next move."""
    skipped: var[int] = var(0)
    """How many lines of a long narration are scrolled away."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.trace = lesson.trace
        self.asked = lesson.asked
        self.set_reactive(LessonScreen.place, lesson.place)
        self.player = Player(self)

    def compose(self) -> ComposeResult:
        """Everything is a drawing; the size decides which are seen."""
        yield Drawing(self._heading, id="heading")
        yield Drawing(self._sentence, id="sentence")
        with Horizontal(id="middle"):
            yield Drawing(self._body, id="body")
            yield Drawing(self._map, id="map")
        yield AddressPrompt()
        yield Drawing(self._footer, id="footer")
        yield Drawing(self._too_small, id="small")

    def on_mount(self) -> None:
        """Follow the application's language."""
        self.watch(self.app, "look", self.redraw, init=False)

    def on_resize(self, event: Resize) -> None:
        """Decide once for a size what there is room for; keys then change no layout."""
        width, height = event.size
        self.set_class(width < _SMALLEST[0] or height < _SMALLEST[1], "-small")
        self.set_class(width >= _WIDE, "-wide")
        most = 2 if height < 20 else 4 if height < 36 else 6
        lines = sentence_lines(
            self.trace, self.place, self._look(width, most + (self.trace.example.context is not None))
        )
        self.query_one("#sentence", Drawing).styles.height = len(lines)

    def watch_place(self, before: Place, after: Place) -> None:
        """Everything follows the place."""
        if (before.step, before.query, before.head) != (after.step, after.query, after.head):
            self.skipped = 0
        self.set_reactive(LessonScreen.notice, "")
        self.redraw()

    def watch_notice(self) -> None:
        """A notice is the footer's."""
        self.query_one("#footer", Drawing).redraw()

    def redraw(self) -> None:
        """Draw everything again; only what differs is painted."""
        for drawing in self.query(Drawing):
            drawing.redraw()

    def action_move(self, name: str) -> None:
        """Any move of the table of actions."""
        self.place = MOVES[name](self.trace, self.place)

    def action_jump(self, number: int) -> None:
        """The step with this number, where there is one."""
        if number <= len(self.trace.steps):
            self.place = to_step(self.trace, self.place, number - 1)

    def action_go_to(self) -> None:
        """Ask for an address."""
        here = format_address(self.trace, cell_of(self.trace, self.place))
        self.query_one(AddressPrompt).ask(self.app.look.texts.screen["address_hint"].format(example=here))

    def on_address_prompt_answered(self, message: AddressPrompt.Answered) -> None:
        """Go to the address, or say why not."""
        try:
            self.place = to_address(self.trace, self.place, parse_address(self.trace, message.text))
        except QkvtuiError as error:
            self.notice = str(error)

    def action_read_on(self) -> None:
        """Scroll the narration on."""
        self._scroll(1)

    def action_read_back(self) -> None:
        """Scroll the narration back."""
        self._scroll(-1)

    def action_play(self) -> None:
        """Start or stop walking by itself."""
        self.player.toggle()

    def action_faster(self) -> None:
        """Shorter waits."""
        self.player.change_tempo(0.5)

    def action_slower(self) -> None:
        """Longer waits."""
        self.player.change_tempo(2.0)

    def action_reload(self) -> None:
        """Read the file again; a file that has become unusable leaves the lesson as it is."""
        try:
            trace = Trace(load(self.asked))
        except QkvtuiError as error:
            self.app.show_problems(str(error))
            return
        place = keep_place(self.trace, trace, self.place)
        self.trace = trace
        self.set_reactive(LessonScreen.place, place)
        self.redraw()
        self.notice = self.app.look.texts.screen["reloaded"].format(file=trace.example.file)

    def on_click(self, event: Click) -> None:
        """A token becomes the query, a number the current cell, a step's sign the current step."""
        meta = event.style.meta
        if "query" in meta:
            self.place = replace(self.place, query=meta["query"])
        elif "key" in meta:
            self.place = chosen_key(self.trace, self.place, meta["key"])
        elif "step" in meta:
            self.place = to_step(self.trace, self.place, meta["step"])
        elif "cell" in meta:
            self._choose(*meta["cell"])
        elif "action" in meta:
            self.call_next(self.run_action, meta["action"])

    def _choose(self, name: str, row: int, column: int, head: int) -> None:
        """A number of this step becomes the current cell; one of an earlier step leads there."""
        if name == cell_of(self.trace, self.place).name:
            self.place = to_cell(self.trace, self.place, row, column)
        else:
            address = parse_address(self.trace, f"{name}[{row},{column}]")
            self.place = to_address(self.trace, self.place, replace(address, head=head))

    def _scroll(self, lines: int) -> None:
        self.skipped = max(0, self.skipped + lines)
        self.query_one("#body", Drawing).redraw()

    def _look(self, width: int, height: int) -> Look:
        return self.app.look.sized(width, height)

    def _heading(self, width: int, height: int) -> RenderableType:
        return as_lines(heading_lines(self.trace, self.place, self._look(width, height)))

    def _sentence(self, width: int, height: int) -> RenderableType:
        return as_lines(sentence_lines(self.trace, self.place, self._look(width, height)))

    def _body(self, width: int, height: int) -> RenderableType:
        return body(self.trace, self.place, self._look(width, height), self.skipped)

    def _map(self, width: int, height: int) -> RenderableType:
        return as_lines(flow_lines(self.trace, self.place, self._look(width, height)))

    def _footer(self, width: int, height: int) -> RenderableType:
        return footer_line(self.trace, self.notice, self.player.tempo, self._look(width, height))

    def _too_small(self, width: int, height: int) -> RenderableType:
        return self.app.look.word("too_small", width=self.size.width, height=self.size.height)


def lesson_of(example: str, query: int | None = None) -> Lesson:
    """The example at its first step. Raises QkvtuiError."""
    trace = Trace(load(example))
    return Lesson(trace, start(trace, query=query), example)
