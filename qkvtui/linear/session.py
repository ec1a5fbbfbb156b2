"""A lesson walked through line by line: a command is read, and what it leads to is written as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import QkvtuiError
from ..files.clean import clean_typed
from ..files.headings import bundled_headings
from ..memory.state import Memory
from ..narration.language import LanguageTexts
from ..report.as_transcript import sentences_told
from ..said import in_language
from ..trace.lesson import Lesson
from ..tui import unwritten
from ..tui.actions import offers
from ..tui.answering import Answering
from ..tui.bound import Action, in_groups
from ..tui.looks import looked
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
from ..tui.state import LessonState, beginning, read_again, reloaded, state_of
from ..views.look import Look
from .heard import ReadOut, heading_of, read_out
from .typed import ON_SCREEN_ONLY, as_sent, meant


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
        self._is_over = False
        self._is_silent = True
        """Whether nothing has been said to the last line."""
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
        """Do what a line says, and write what is new; where nothing is, where one is."""
        self._is_silent = True
        text = clean_typed(as_sent(line.rstrip("\r\n")))
        try:
            if self._asked is not None:
                self._answer(self._asked, text)
            else:
                self._obey(meant(text, self.state))
        except QkvtuiError as error:
            self._refuse(error)
        if self._is_silent and not self._is_over:
            self._say(heading_of(self.state))

    def ended(self) -> None:
        """Nobody types any more: changes that no file has are kept, as when a terminal is closed."""
        self._recovery.keep(self.state)

    def _begin(self, lesson: Lesson, look: Look) -> None:
        """Read the beginning of a lesson: what it is about, the sentence, how to go on, and the first step."""
        self._heard = ReadOut()
        self._remembering = Remembering(self._memory, lesson.asked)
        self._recovery = unwritten.Recovery(self._memory.unwritten, lesson.asked)
        self._answering = Answering(lambda: self.state, self._attempt, self._become, self._told, self._recovery)
        self._name = lesson.asked
        self.state = state_of(lesson, look)
        self._say(lesson.trace.example.title.in_language(look.language))
        self._say("\n".join(sentences_told(lesson.trace.example, look)))
        self._say(self.texts.linear["how"])
        try:
            self._become(self._remembering.opened(self.state))
        except QkvtuiError as error:
            self._become(beginning(self.state))
            self._refuse(error)
        offer = self._recovery.offer(self.state)
        if offer is not None:
            self._told(offer)

    def _become(self, state: LessonState) -> None:
        """Another state: what it says, what is new on its page, and what it leaves to be done.

        Raises QkvtuiError, and stays, where a number of its page is impossible.
        """
        message, state = state.message, replace(state, message=None)
        lines = self._heard.lines(state)
        self.state = state
        self._remembering.walked(state)
        for line in lines:
            self._say(line)
        if state.notice:
            self._say(read_out(state.notice, state.look))
        if message is not None:
            self._told(message)

    def _attempt(self, move: Move, _: Callable[[QkvtuiError], None]) -> None:
        self._become(move(self.state))

    def _obey(self, what: Move | Action[Any] | None) -> None:
        if what is None:
            self._say(self.texts.linear["unknown"])
        elif not isinstance(what, Action):
            self._become(what(self.state))
        elif what.name in ON_SCREEN_ONLY:
            self._say(self.texts.linear["on_screen_only"])
        elif what.is_look:
            look, said = looked(what.name, self.state.look, self._memory)
            self._become(replace(self.state, look=look))
            if said is not None:
                self._told(said)
        elif what.name == "help":
            self._say("\n".join(_commands(self.state)))
        else:
            self._before_losing(self._end if what.name == "quit" else self._ask_lesson)

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
                self._answering.write()
            case ReloadAsked():
                self._before_losing(self._read_again)
            case LessonAsked(name):
                self._before_losing(lambda: self._begin(self._open_lesson(name), self.state.look))
            case GlossaryAsked():
                self._say("\n".join(_glossary(self.state.look)))
            case LearningOpened():
                self._say(self.texts.linear["learning"].format(name=self.state.trace.example.name))

    def _before_losing(self, then: Callable[[], object]) -> None:
        """Do what loses changes once they are written or dropped; where that is impossible then, say so."""

        def do() -> None:
            try:
                then()
            except QkvtuiError as error:
                self._refuse(error)

        self._answering.before_losing(do)

    def _read_again(self) -> None:
        self._become(reloaded(self.state, read_again(self._name)))

    def _answer(self, asked: Asked, text: str) -> None:
        """A line for what was asked. Raises QkvtuiError where it is none; it is then asked again."""
        key = text.strip()[:1].lower()
        if asked.keys and key and key not in asked.keys:
            self._told(asked)
            return
        self._asked = None
        if not text.strip() and not asked.may_be_empty:
            self._answering.not_answered(asked)
            return
        try:
            if asked.purpose == "lesson":
                self._begin(self._open_lesson(text.strip()), self.state.look)
            else:
                self._answering.answered(asked, key if asked.keys else text)
        except QkvtuiError:
            self._asked = asked
            raise

    def _ask_lesson(self) -> None:
        self._say("\n".join(_lessons(self.state.look)))
        self._told(Asked("lesson", "", "lesson_hint"))

    def _end(self) -> None:
        self._is_over = True

    def _refuse(self, error: QkvtuiError) -> None:
        self._say(in_language(str(error), self.state.look.language))

    def _say(self, text: str) -> None:
        self._is_silent = False
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
