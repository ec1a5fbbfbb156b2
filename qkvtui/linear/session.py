"""A lesson walked through line by line: a command is read, and what it leads to is written as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import QkvtuiError
from ..files.clean import clean_typed
from ..files.headings import bundled_headings
from ..memory.state import Memory
from ..models.load import load
from ..narration.language import LanguageTexts
from ..said import in_language
from ..trace.lesson import Lesson
from ..trace.trace import Trace
from ..tui import unwritten, writing
from ..tui.actions import offers
from ..tui.answers import ANSWERS, left
from ..tui.asked_first import AskedFirst
from ..tui.bound import Action, in_groups
from ..tui.looks import LOOKS
from ..tui.messages import (
    Asked,
    GlossaryAsked,
    LearningOpened,
    LessonAsked,
    Message,
    ReloadAsked,
    Said,
    TextCopied,
    WriteAsked,
)
from ..tui.moves import Move
from ..tui.remembering import Remembering
from ..tui.state import LessonState, reloaded, state_of
from ..views.look import Look
from .heard import ReadOut, read_out
from .typed import ON_SCREEN_ONLY, as_sent, meant

_MAY_BE_EMPTY = "search"


class LinearSession:
    """What is typed, line by line, and what is written; `open_lesson` opens a lesson by its name."""

    def __init__(
        self,
        lesson: Lesson,
        look: Look,
        memory: Memory,
        open_lesson: Callable[[str], Lesson],
        write: Callable[[str], None],
    ) -> None:
        self._memory, self._open_lesson, self._write_out = memory, open_lesson, write
        self._asked: Asked | None = None
        """What the next line answers."""
        self._asked_first = AskedFirst(self._told)
        self._is_over = False
        self._begin(lesson, look)

    @property
    def is_over(self) -> bool:
        """Whether it was left."""
        return self._is_over

    @property
    def texts(self) -> LanguageTexts:
        """The texts of the language one reads in."""
        return self.state.look.texts

    def typed(self, line: str) -> None:
        """Do what a line says, and write what is new."""
        text = clean_typed(as_sent(line.rstrip("\r\n")))
        try:
            if self._asked is not None:
                self._answer(self._asked, text)
            else:
                self._obey(meant(text, self.state))
        except QkvtuiError as error:
            self._say(in_language(str(error), self.state.look.language))

    def ended(self) -> None:
        """Nobody types any more: changes that no file has are kept, as when a terminal is closed."""
        self._recovery.keep(self.state)

    def _begin(self, lesson: Lesson, look: Look) -> None:
        """Read the beginning of a lesson: what it is about, the sentence, how to go on, and the first step."""
        self._heard = ReadOut()
        self._remembering = Remembering(self._memory, lesson.asked)
        self._recovery = unwritten.Recovery(self._memory.unwritten, lesson.asked)
        self.state = state_of(lesson, look)
        example = lesson.trace.example
        self._say(example.title.in_language(look.language))
        listed = self.texts.list_separator
        self._say(f"{look.word('sentence')}{look.word('colon')}{listed.join(example.tokens)}")
        self._say(self.texts.linear["how"])
        self._become(self._remembering.opened(self.state))
        offer = self._recovery.offer(self.state)
        if offer is not None:
            self._told(offer)

    def _become(self, state: LessonState) -> None:
        """Another state: what it says, what is new on its page, and what it leaves to be done."""
        message, self.state = state.message, replace(state, message=None)
        self._remembering.walked(self.state)
        for line in self._heard.lines(self.state):
            self._say(line)
        if state.notice:
            self._say(read_out(state.notice, state.look))
        if message is not None:
            self._told(message)

    def _obey(self, what: Move | Action[Any] | None) -> None:
        if what is None:
            self._say(self.texts.linear["unknown"])
        elif not isinstance(what, Action):
            self._become(what(self.state))
        elif what.name in ON_SCREEN_ONLY:
            self._say(self.texts.linear["on_screen_only"])
        elif what.is_look:
            look, said = LOOKS[what.name](self.state.look)
            if look.language != self.state.look.language:
                self._memory.choose_language(look.language)
            self._become(replace(self.state, look=look))
            if said is not None:
                self._told(said)
        elif what.name == "help":
            self._say("\n".join(_commands(self.state)))
        else:
            self._leave_for(self._end if what.name == "quit" else self._ask_lesson)

    def _told(self, message: Message) -> None:
        """Ask, or say something; or do what a move leads to."""
        match message:
            case Asked():
                self._asked = message
                if message.refusal:
                    self._say(message.refusal)
                self._say(read_out(self.texts.screen[message.hint].format(**message.values), self.state.look))
                if message.proposal:
                    self._say(self.texts.linear["proposal"].format(text=message.proposal))
            case Said(name, values):
                self._say(read_out(self.texts.screen[name].format(**values), self.state.look))
            case TextCopied(text, _):
                self._say(text)
            case _:
                self._do(message)

    def _do(self, message: Message) -> None:
        """Write, read again, or open what a move leads to."""
        match message:
            case WriteAsked():
                self._told(writing.write(self.state.original, "changed"))
            case ReloadAsked():
                name = self.state.trace.example.file
                self._become(reloaded(self.state, Trace(load(name, again=True))))
            case LessonAsked(name):
                self._leave_for(lambda: self._begin(self._open_lesson(name), self.state.look))
            case GlossaryAsked():
                self._say("\n".join(_glossary(self.state.look)))
            case LearningOpened():
                self._say(self.texts.linear["learning"].format(name=self.state.trace.example.name))

    def _leave_for(self, then: Callable[[], None]) -> None:
        if unwritten.count(self.state):
            self._asked_first.ask(self.state, then)
        else:
            then()

    def _answer(self, asked: Asked, text: str) -> None:
        """A line for what was asked. Raises QkvtuiError where it is none; it is then asked again."""
        key = text.strip()[:1].lower()
        if asked.keys and key and key not in asked.keys:
            self._told(asked)
            return
        self._asked = None
        if not text.strip() and asked.purpose != _MAY_BE_EMPTY:
            self._asked_first.stay()
            self._become(self.state if asked.keys else left(self.state, asked.purpose))
            return
        try:
            self._answered(asked, key if asked.keys else text)
        except QkvtuiError:
            self._asked = asked
            raise

    def _answered(self, asked: Asked, text: str) -> None:
        if asked.purpose in ANSWERS:
            self._become(ANSWERS[asked.purpose](self.state, text))
        elif asked.purpose == "leave":
            self._asked_first.answered(text)
        elif asked.purpose in ("recover", "unfitting"):
            self._become(self._recovery.answered(text, self.state))
        elif asked.purpose == "lesson":
            self._begin(self._open_lesson(text.strip()), self.state.look)
        else:
            said = writing.answered(asked, text, self.state.original, self.state.trace.example)
            if writing.is_written(said):
                self.state = replace(self.state, written=self.state.trace.example)
            self._told(said)
            self._asked_first.after_writing(said)

    def _ask_lesson(self) -> None:
        self._say("\n".join(_lessons(self.state.look)))
        self._told(Asked("lesson", "", "lesson_hint"))

    def _end(self) -> None:
        self._is_over = True

    def _say(self, text: str) -> None:
        self._write_out(f"{text}\n")


def _commands(state: LessonState) -> Iterator[str]:
    """Every command with its keys, in groups."""
    look = state.look
    able = [one for one in offers(look.texts, state) if one.action.name not in ON_SCREEN_ONLY]
    for group, members in in_groups(able):
        yield f"\n{group}"
        for offer in members:
            keys = look.texts.list_separator.join(look.keys(offer.action.shown).split())
            yield f"{keys}{look.word('colon')}{offer.about}"


def _glossary(look: Look) -> Iterator[str]:
    for name, names in look.texts.glossary_names.items():
        yield f"{names}{look.word('colon')}{look.texts.glossary[name]}"


def _lessons(look: Look) -> Iterator[str]:
    for heading in bundled_headings():
        yield f"{heading.example.name}{look.word('colon')}{heading.title.in_language(look.language)}"
