"""The lesson screen: one step of one example at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Click, Resize

from ..errors import QkvtuiError
from ..narration.language import LanguageTexts
from ..pages.strip import sentence_lines
from ..views.look import Look
from . import moves, unwritten
from .actions import ACTIONS, acted, offers
from .answering import Answering
from .bound import Offer
from .canvas import draw_body, draw_heading, draw_sentence, draw_side, turned
from .clicks import clicked
from .drawing import DrawnWidget
from .drawn import SMALLEST, DrawnScreen, bindings, first_line
from .lesson_footer import lesson_footer
from .messages import Asked, FileRead, Left, Message, ReloadAsked, Said, TurnAsked, WriteAsked
from .patience import Patience
from .player import Player
from .possible import PossiblePage
from .reloading import Reloader
from .state import LessonState, beginning, reloaded
from .unwritten import Recovery

_WIDE = 116
"""From here on the narration and the map stand beside the tables."""
_LOW = 16
"""Rows below which an empty one is a row of the table."""
_BODY, _WIDEST_SIDE = 78, 64
"""Columns that the tables keep, and the most that the narration beside them takes."""


class LessonScreen(DrawnScreen):
    """Walks through one example. It knows `state`; `canvas.py` and `lesson_footer.py` say what is drawn from that."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]

    def __init__(
        self,
        state: LessonState,
        tell: Callable[[Message], None],
        *,
        asked: str,
        walked: Callable[[LessonState], None],
        recovery: Recovery,
        watch: bool = False,
    ) -> None:
        """`walked` is told of every state that is shown."""
        super().__init__(state.look, tell)
        self.state = state
        self.asked = asked
        """The example as it was asked for."""
        self._walked = walked
        self.recovery = recovery

        def show(state: LessonState) -> None:
            self.state = replace(state, message=None)
            self.redraw()

        self._possible = PossiblePage(beginning(state), show, lambda: self.call_later(self.become, self.state))
        self._patience = Patience(self, lambda: self.state, self.become, self.refuse)
        self.answering = Answering(lambda: self.state, self._patience.attempt, self.become, self.told, recovery)
        self._player = Player(self, lambda: self._patience.make(moves.played))
        self._reloader = Reloader(self, asked, state.trace.example.file, self.told, watch=watch)

    def compose(self) -> ComposeResult:
        """Everything is a drawing; the size decides which are seen."""

        def part(name: str, draw: Callable[[LessonState, int, int], RenderableType]) -> DrawnWidget:
            return DrawnWidget(lambda *size: self._possible.of(lambda: draw(self.state, *size)) or "", id=name)

        yield part("heading", draw_heading)
        yield part("sentence", draw_sentence)
        with Horizontal(id="middle"):
            yield part("body", lambda *of: draw_body(*of, is_told=not self._has_side))
            yield part("side", draw_side)
        yield from self.last_lines()

    @property
    def _has_side(self) -> bool:
        """Whether the narration stands beside the tables."""
        return self.has_class("-wide")

    def on_mount(self) -> None:
        """Tell whose numbers these are, and follow the file where that is asked for."""
        if self.state.moment is not None:
            self.become(self.state.saying("of_a_run", number=str(self.state.moment)))
        self._reloader.follow()
        offer = self.recovery.offer(self.state)
        if offer is not None:
            self.told(offer)

    def on_resize(self, event: Resize) -> None:
        """Decide once for a size what there is room for; keys then change no layout."""
        width, height = event.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.set_class(width >= _WIDE, "-wide")
        self.set_class(height < _LOW, "-low")
        self.query_one("#side", DrawnWidget).styles.width = min(_WIDEST_SIDE, width - _BODY)
        trace, most = self.state.trace, 2 if height < 20 else 4 if height < 36 else 6
        look = self.look.sized(width, most + (trace.example.context is not None))
        lines = self._possible.of(lambda: sentence_lines(trace, self.state.place, look)) or ("",)
        self.query_one("#sentence", DrawnWidget).styles.height = len(lines)

    def watch_look(self, look: Look) -> None:
        """The same in another look; a notice is not left standing in another language."""
        notice = self.state.notice if look.language == self.state.look.language else ""
        self.become(replace(self.state, look=look, notice=notice))

    def offers(self, texts: LanguageTexts) -> Sequence[Offer]:
        """The table of actions, as far as the lesson has what they need."""
        return offers(texts, self.state)

    def footer(self, width: int, height: int) -> RenderableType:
        """What the keyboard does in a lesson, or what there is to say."""
        return lesson_footer(self.state, self.look.sized(width, height))

    def become(self, state: LessonState) -> None:
        """Show another state, and do what it leaves to the screen.

        Where a number of its page turns out to be impossible, say so and stay.
        """
        message = self._possible.shown(state).message
        self._walked(self.state)
        self._player.follow(self.state.tempo)
        if message is not None:
            self.told(message)

    def refuse(self, error: QkvtuiError) -> None:
        """Say why something cannot be; what plays stops."""
        self.become(replace(self.state, notice=first_line(error, self.look.language), plays=False))

    def told(self, message: Message) -> None:
        """Say something, write, read the file again; or tell it on."""
        match message:
            case Said(name, values):
                self.become(self.state.saying(name, **values))
            case TurnAsked(by):
                is_beside = self._has_side and self.state.questioned is None
                size = self.query_one("#side" if is_beside else "#body", DrawnWidget).size
                self.become(turned(self.state, by, *size, is_beside=is_beside))
            case WriteAsked():
                self.answering.write()
            case ReloadAsked() if message.by_watch and unwritten.count(self.state):
                self.told(Said("changed_on_disk", {"file": self.state.trace.example.file}))
            case ReloadAsked():
                self.answering.before_losing(self._reloader.start)
            case Left():
                self.answering.before_losing(self.dismiss)
            case FileRead(trace):
                super().told(message)
                self.become(reloaded(self.state, trace))
            case _:
                super().told(message)

    def action_act(self, name: str) -> None:
        """Any action of the table; where it is impossible, say why."""
        if self._patience.is_stopped_by(name):
            return
        self._patience.make(partial(acted, name=name))

    def answer(self, asked: Asked, text: str) -> None:
        """Obey what was typed for it. Raises QkvtuiError."""
        self.answering.answered(asked, text)

    def not_answered(self, asked: Asked) -> None:
        """The line was left."""
        self.answering.not_answered(asked)

    def on_click(self, event: Click) -> None:
        """A token becomes the query, a number the current cell, a step's sign the current step."""
        self._patience.make(partial(clicked, meta=event.style.meta))
