"""The learning screen: a run of the example's learning task, one update at a time or as fast as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Click, Resize, ScreenSuspend
from textual.reactive import var

from ..errors import QkvtuiError
from ..graph.example import Example
from ..narration.language import LanguageTexts
from ..records import record
from ..trace.study import Cell, Study
from ..views.look import Look
from ..views.moving import moving_height, moving_view
from ..views.runs import attention_height, attention_view, heading, progress
from ..views.telling import telling_view
from . import writing
from .bound import Offer
from .drawing import DrawnWidget
from .drawn import SMALLEST, DrawnScreen, bindings, first_line
from .gradients import gradient_opened
from .learning_actions import LEARNING_ACTIONS, LEARNING_ACTS, LEARNING_ANSWERS, offers
from .learning_footer import learning_footer
from .messages import ActionChosen, Asked, GradientAsked, Message, RunChanged, Said, SentencesAsked, WriteAsked
from .sentences import SentencesScreen
from .trainer import Trainer

_BESIDE = (60, 20)
"""Columns and rows from which on the curve stands beside the attention."""
_WIDE = 100
_NARROW_CURVE, _WIDE_CURVE = 0.52, 0.58
"""The curve's part of the width."""
_LEAST_ATTENTION = 36
"""Columns that the attention keeps beside the curve."""
_OWN_LINES = 3
"""Heading and footer."""
_TOLD = 2
"""Rows for what is said of the moment, in a terminal of so many rows at least as has the curve beside the attention."""
_ROOMY = 24
"""Rows from which on there is an empty one above the matrices."""
_LEAST_MOVING = 9
_LEAST_SAID = 4
_LEAST_CURVE = 8
_HIGHEST_CURVE = 20


@record(frozen=True)
class Division:
    """How the screen is divided."""

    beside: bool
    """Whether the curve stands beside the attention, or above it."""
    curve: int
    """Rows for the curve and the slider."""
    attention: int
    """Rows for the attention."""
    told: int
    """Rows for what is said of the moment."""


def divided(study: Study, width: int, height: int) -> Division:
    """The rows for each part: what the matrices need, where the rest stays readable; what is left is the curve's."""
    rows = height - _OWN_LINES
    attention, moving = attention_height(study), moving_height(study) + 1
    if width >= _BESIDE[0] and height >= _BESIDE[1]:
        rows -= _TOLD
        top = max(_LEAST_CURVE, rows - moving, min(attention, rows - _LEAST_MOVING))
        top = min(top, max(_HIGHEST_CURVE, attention))
        return Division(True, top, top, _TOLD)
    spare = rows - min(attention, rows // 2) - min(moving, _LEAST_MOVING)
    curve = min(spare, _LEAST_CURVE) if spare > 5 else 2
    return Division(False, curve, max(3, min(attention, rows - curve - _LEAST_SAID)), 0)


class LearningScreen(DrawnScreen):
    """Learns one example's task. The run is in `study`, what goes on by itself in `trainer`, drawings in views."""

    CSS = """
    LearningScreen { layout: vertical; }
    LearningScreen #top { height: auto; layout: vertical; }
    LearningScreen.-beside #top { layout: horizontal; }
    LearningScreen #curve { width: 100%; }
    LearningScreen #attention { width: 1fr; }
    LearningScreen.-beside #attention { padding-left: 2; }
    LearningScreen #moving { height: 1fr; margin-top: 1; }
    LearningScreen.-tight #moving { margin-top: 0; }
    LearningScreen.-small #top { display: none; }
    LearningScreen.-low #telling { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LEARNING_ACTIONS)]
    HELP = "learning_"

    notice: var[str] = var("", init=False)
    """Shown in the footer until the next action."""

    def __init__(self, study: Study, original: Example, look: Look, tell: Callable[[Message], None]) -> None:
        super().__init__(look, tell)
        self.study = study
        self.original = original
        """What was read from the file."""
        self.trainer = Trainer(study, self.set_interval, self.show)

    def compose(self) -> ComposeResult:
        """Everything is a drawing; the size decides how much of each is seen."""
        yield self._drawing("heading", heading)
        with Container(id="top"):
            yield self._drawing("curve", progress)
            yield self._drawing("attention", attention_view)
        yield self._drawing("telling", telling_view)
        yield self._drawing("moving", moving_view)
        yield from self.last_lines()

    def on_screen_suspend(self, event: ScreenSuspend) -> None:
        """Nothing goes on while another screen is looked at."""
        self.trainer.stop()

    @on(Resize)
    def divide(self) -> None:
        """Decide once for a size and a task what there is room for; keys then change no layout."""
        width, height = self.app.size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        parts = divided(self.study, width, height)
        self.set_class(parts.beside, "-beside")
        self.set_class(not parts.beside, "-low")
        self.set_class(not parts.beside or height < _ROOMY, "-tight")
        curve, attention = self.query_one("#curve", DrawnWidget), self.query_one("#attention", DrawnWidget)
        part = _WIDE_CURVE if width >= _WIDE else _NARROW_CURVE
        curve.styles.width = min(round(width * part), width - _LEAST_ATTENTION) if parts.beside else width
        curve.styles.height, attention.styles.height = parts.curve, parts.attention
        self.query_one("#telling", DrawnWidget).styles.height = parts.told

    def show(self) -> None:
        """The run is at another moment, or something else is looked at."""
        self.set_reactive(LearningScreen.notice, "")
        self.redraw()
        if self.study.is_full:
            self._say("memory_full")

    def watch_notice(self) -> None:
        """A notice is the footer's."""
        self.query_one("#footer", DrawnWidget).redraw()

    def offers(self, texts: LanguageTexts) -> Sequence[Offer]:
        """The table of actions."""
        return offers(texts)

    def footer(self, width: int, height: int) -> RenderableType:
        """What the keyboard does while it learns, how far a run is, or what there is to say."""
        return learning_footer(self.notice, self.trainer, self.look.sized(width, height))

    def told(self, message: Message) -> None:
        """Say something, write, open a gradient's walk; or tell it on."""
        match message:
            case Said(name, values):
                self._say(name, **values)
            case RunChanged(name):
                self.divide()
                self.show()
                self._say(name)
            case WriteAsked():
                self.told(writing.write(self.original, f"{self.study.at}-updates"))
            case SentencesAsked():
                self.app.push_screen(SentencesScreen(self.study, self.original, self.look, self._tell))
            case GradientAsked():
                self.told(gradient_opened(self.study, self.original))
            case _:
                super().told(message)

    def action_act(self, name: str) -> None:
        """Any action of the table; where it is impossible, say why."""
        self.set_reactive(LearningScreen.notice, "")
        try:
            message = LEARNING_ACTS[name](self.trainer)
            if message is not None:
                self.told(message)
        except QkvtuiError as error:
            self.notice = first_line(error, self.look.language)
        if self.is_current:
            self.redraw()

    def answer(self, asked: Asked, text: str) -> None:
        """Another rate, seed or length of the run; write. Raises QkvtuiError."""
        if asked.purpose in LEARNING_ANSWERS:
            message = LEARNING_ANSWERS[asked.purpose](self.trainer, text)
        else:
            message = writing.answered(asked, text, self.original, self.study.moment.example)
        if message is not None:
            self.told(message)

    def on_click(self, event: Click) -> None:
        """The curve and the slider lead to an update, a token asks, a number is chosen, the footer acts."""
        meta: Mapping[str, Any] = event.style.meta
        match meta:
            case {"update": int(update)}:
                self.trainer.run_to(update)
            case {"query": int(query)}:
                self.study.ask(query)
                self.show()
            case {"cell": (str(name), int(row), int(column), _)}:
                self.study.cursor.choose(Cell(name, row, column))
                self.show()
            case {"action": str(action)}:
                self.told(ActionChosen(action))

    def _say(self, name: str, **values: str) -> None:
        """A notice of the language files; most tell the moment."""
        self.notice = self.look.texts.screen[name].format(**{"number": str(self.study.at)} | values)

    def _drawing(self, name: str, view: Callable[[Study, Look], RenderableType]) -> DrawnWidget:
        """A part of the screen: a view of the run in the room that it is given."""
        return DrawnWidget(lambda width, height: view(self.study, self.look.sized(width, height)), id=name)
