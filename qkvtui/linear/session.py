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
from ..tui.actions import offers
from ..tui.bound import Action
from ..tui.looks import looked
from ..tui.messages import (
    Asked,
    GlossaryAsked,
    LearningOpened,
    Left,
    LessonAsked,
    Message,
    MomentOpened,
    ReloadAsked,
    Said,
    TextCopied,
    WriteAsked,
)
from ..tui.moves import Move
from ..tui.state import LessonState, beginning, read_again, reloaded, state_of
from ..tui.studying import came_back
from ..views.look import Look
from .heard import commands_told, heading_of, read_out
from .learning import LinearRun
from .typed import ON_SCREEN_ONLY, as_sent, meant, meant_in_run
from .walks import Walking, Walks


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
        self._walks = Walks(self._refuse)
        self._run: LinearRun | None = None
        """What is learned, from L on until one comes back to the lesson."""
        self._begin(lesson, look)

    @property
    def is_over(self) -> bool:
        """Whether it was left."""
        return self._is_over

    @property
    def state(self) -> LessonState:
        """Where one is in the lesson, or in the moment of its run."""
        return self._walks.now.state

    @property
    def _learns(self) -> LinearRun | None:
        """The run, while one is at it and not in a lesson."""
        return None if self._walks.in_moment else self._run

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
                self._obey(meant(text, self.state) if self._learns is None else meant_in_run(text, self.texts))
        except QkvtuiError as error:
            self._refuse(error)
        if self._is_silent and not self._is_over:
            self._say(heading_of(self.state) if self._learns is None else self._learns.where())

    def ended(self) -> None:
        """Nobody types any more: changes that no file has are kept, as when a terminal is closed."""
        self._walks.keep()

    def _begin(self, lesson: Lesson, look: Look) -> None:
        """Read the beginning of a lesson: what it is about, the sentence, how to go on, and the first step."""
        self._run = None
        walking = self._walking(lesson, state_of(lesson, look))
        self._walks.begin(walking)
        self._say(lesson.trace.example.title.in_language(look.language))
        self._say("\n".join(sentences_told(lesson.trace.example, look)))
        self._say(self.texts.linear["how"])
        try:
            self._become(walking.remembering.opened(self.state))
        except QkvtuiError as error:
            self._become(beginning(self.state))
            self._refuse(error)
        offer = walking.recovery.offer(self.state)
        if offer is not None:
            self._told(offer)

    def _walking(self, lesson: Lesson, state: LessonState) -> Walking:
        return Walking(lesson, state, self._memory, self._attempt, self._become, self._told)

    def _become(self, state: LessonState) -> None:
        """Another state: what it says, what is new on its page, and what it leaves to be done.

        Raises QkvtuiError, and stays, where a number of its page is impossible.
        """
        message, state = state.message, replace(state, message=None)
        for line in self._walks.now.show(state):
            self._say(line)
        if state.notice:
            self._say(read_out(state.notice, state.look))
        if message is not None:
            self._told(message)

    def _attempt(self, move: Move, _: Callable[[QkvtuiError], None]) -> None:
        self._become(move(self.state))

    def _obey(self, what: Move | Action[Any] | int | None) -> None:
        """Do what is meant, in the lesson or in the run that one is at."""
        run = self._learns
        if what is None:
            self._say(self.texts.linear["unknown"])
        elif isinstance(what, Action) and what.name in ON_SCREEN_ONLY:
            self._say(self.texts.linear["on_screen_only"])
        elif isinstance(what, Action) and what.is_look:
            self._look_otherwise(what.name)
        elif isinstance(what, Action) and what.name == "help":
            told = commands_told(offers(self.texts, self.state), self.state.look) if run is None else run.commands()
            self._say("\n".join(told))
        elif isinstance(what, Action) and what.act is None:
            self._walks.leave(self._end if what.name == "quit" else self._ask_lesson)
        elif run is not None and isinstance(what, Action | int):
            run.obey(what)
        elif not isinstance(what, Action | int):
            self._become(what(self.state))

    def _look_otherwise(self, name: str) -> None:
        """Another language, more digits."""
        look, said = looked(name, self.state.look, self._memory)
        state = replace(self.state, look=look)
        if self._learns is None:
            self._become(state)
        else:
            self._walks.now.state = state
            self._learns.read()
        if said is not None:
            self._told(said)

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
                self._walks.now.answering.write()
            case ReloadAsked():
                self._walks.before_losing(self._read_again)
            case LessonAsked(name):
                self._walks.leave(lambda: self._begin(self._open_lesson(name), self.state.look))
            case GlossaryAsked():
                self._say("\n".join(_glossary(self.state.look)))
            case LearningOpened(study, original):
                self._run = LinearRun(study, original, lambda: self.state.look, self._say, self._told)
                self._run.begin()
            case MomentOpened(lesson, moment, original):
                state = state_of(lesson, self.state.look, moment=moment, original=original)
                self._walks.enter(self._walking(lesson, state))
                self._become(state)
                self._told(Said("of_a_run", {"number": str(moment)}))
            case Left() if self._learns is None:
                self._walks.before_losing(self._walks.back)
            case Left():
                self._run = None
                self._become(came_back(self.state))

    def _read_again(self) -> None:
        self._become(reloaded(self.state, read_again(self._walks.now.name)))

    def _answer(self, asked: Asked, text: str) -> None:
        """A line for what was asked. Raises QkvtuiError where it is none; it is then asked again."""
        key = text.strip()[:1].lower()
        if asked.keys and key and key not in asked.keys:
            self._told(asked)
            return
        self._asked = None
        if not text.strip() and not asked.may_be_empty:
            if self._learns is None or not self._learns.has_asked(asked):
                self._walks.now.answering.not_answered(asked)
            return
        try:
            if asked.purpose == "lesson":
                self._begin(self._open_lesson(text.strip()), self.state.look)
            elif self._learns is not None and self._learns.has_asked(asked):
                self._learns.answered(asked, text)
            else:
                self._walks.now.answering.answered(asked, key if asked.keys else text)
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


def _glossary(look: Look) -> Iterator[str]:
    for name, names in look.texts.glossary_names.items():
        yield f"{names}{look.word('colon')}{look.texts.glossary[name]}"


def _lessons(look: Look) -> Iterator[str]:
    for heading in bundled_headings():
        yield f"{heading.example.name}{look.word('colon')}{heading.title.in_language(look.language)}"
