"""A command line, read: which command it names, and its options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from .command_line import (
    CaptureOptions,
    ConfigOptions,
    GradeOptions,
    LearnOptions,
    LessonOptions,
    NewOptions,
    PageOptions,
    PatchOptions,
    ServeOptions,
    WhyOptions,
)
from .errors import UsageError
from .files.find import bundled_names, is_example, is_model, split_address, with_sentence, with_target
from .help_page import HelpLook
from .parsers import HIDING, PARSERS
from .report.formats import SCHEMA
from .said import say

_OPTIONS: dict[str, type[PageOptions]] = {
    "why": WhyOptions,
    "grade": GradeOptions,
    "learn": LearnOptions,
    "patch": PatchOptions,
    "serve": ServeOptions,
    "new": NewOptions,
    "capture": CaptureOptions,
    "config": ConfigOptions,
}
"""What the options of a command are kept in; those of the others in LessonOptions."""


_READING = ("", "print", "why", "check", "patch", "serve")
"""Commands that open a model with the sentence behind it."""


def parse(arguments: Sequence[str], look: HelpLook) -> tuple[str, PageOptions]:
    """The command, "" for the application, and its options. Raises UsageError, and HelpAsked at --help.

    `look` is that of the help.
    """
    name, rest = command_of(arguments)
    parser = PARSERS[name]()
    if asked(rest, "--format", (SCHEMA,)):
        parser.need_nothing()
    if name in _READING:
        rest = sentences_joined(rest, parser.options, least=2 if name == "why" else 1)
    if not name:
        _check_example([word for _, word in positionals(rest, parser.options)], rest)
    options: PageOptions = _OPTIONS.get(name, LessonOptions)()
    before = set(vars(options))
    rest = names_first(rest, parser.options)
    parser.parse([HIDING + one if one.startswith("-#") else one for one in rest], options, look, PARSERS)
    options.given = frozenset(set(vars(options)) - before)  # argparse sets nothing else, where there is a default
    if isinstance(options, LessonOptions | PatchOptions) and options.target is not None:
        _give_target(options, options.target)
    return name, options


def names_first(words: list[str], options: Mapping[str, argparse.Action]) -> list[str]:
    """The words with the names before the options, for argparse takes only names that stand together.

    Where an option is unknown, so is what belongs to it, and all is left for argparse to refuse.
    """
    names = dict(positionals(words, options))
    others = [word for place, word in enumerate(words) if place not in names]
    if any(word.startswith("--") and word != "--" and word.partition("=")[0] not in options for word in others):
        return words
    if "--" in others:
        others.remove("--")
        return [*others, "--", *names.values()]
    return [*names.values(), *others]


def _give_target(options: LessonOptions | PatchOptions, target: str) -> None:
    """The names of models with what they have written so far. Raises UsageError where there is no model."""
    names = [options.example, *(options.examples if isinstance(options, LessonOptions) else [])]
    told = [None if name is None else with_target(name, target) for name in names]
    if told == names:
        raise UsageError(say("--target goes with a model and the sentence that it reads"))
    options.example = told[0]
    if isinstance(options, LessonOptions):
        options.examples = [name for name in told[1:] if name is not None]


def sentences_joined(words: list[str], options: Mapping[str, argparse.Action], least: int) -> list[str]:
    """The words with each model and the sentence behind it as one; so long as `least` names are left."""
    places = list(positionals(words, options))
    sentences: set[int] = set()
    joined = list(words)
    for (place, word), (behind, sentence) in pairwise(places):
        if place not in sentences and len(places) - len(sentences) > least and _reads(split_address(word)[0], sentence):
            joined[place] = with_sentence(word, sentence)
            sentences.add(behind)
    return [word for place, word in enumerate(joined) if place not in sentences]


def _reads(word: str, sentence: str) -> bool:
    """Whether a word is a model that reads the next: also one that is not there, before what can only be a sentence."""
    is_missing = os.sep in word and not is_example(word) and not word.lower().endswith((".toml", ".json"))
    return is_model(word) or (is_missing and " " in sentence.strip())


def asked(arguments: Sequence[str], option: str, choices: Sequence[str]) -> str | None:
    """The one of `choices` that an option names, whatever else is wrong with the command line; None where it does not.

    What is said about a mistake is said in the language that --lang names.
    """
    for word, behind in zip(arguments, [*arguments, ""][1:], strict=True):
        value = behind if word == option else word.removeprefix(f"{option}=")
        if word.startswith(option) and value in choices:
            return value
    return None


def command_of(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command and what is left without it; options may stand before it. "" is the application."""
    if arguments and arguments[0] in PARSERS:
        return arguments[0], list(arguments[1:])
    if any(word in PARSERS for word in arguments):
        first = next(positionals(arguments, _all_options()), None)
        if first is not None and first[1] in PARSERS:
            return first[1], [*arguments[: first[0]], *arguments[first[0] + 1 :]]
    return "", list(arguments)


def positionals(words: Sequence[str], options: Mapping[str, argparse.Action]) -> Iterator[tuple[int, str]]:
    """The words, with their places, that are neither options nor the values of `options`."""
    is_value, all_are_names = False, False
    for place, word in enumerate(words):
        if is_value:
            is_value = False
        elif word == "--" and not all_are_names:
            all_are_names = True
        elif all_are_names or not word.startswith("-") or word == "-" or word.startswith("-#"):
            yield place, word
        else:
            is_value = word in options and options[word].nargs != 0


def _all_options() -> Mapping[str, argparse.Action]:
    return {name: action for make in PARSERS.values() for name, action in make().options.items()}


def _check_example(names: Sequence[str], words: Sequence[str]) -> None:
    """Refuse what the application cannot open, where a command was probably meant."""
    if not names or not names[0]:
        return
    example = split_address(names[0])[0]
    if is_example(example) and len(names) == 1:
        return
    from .misspelt import no_command, no_example

    known = _all_options()
    if any(word.startswith("--") and word.partition("=")[0] not in known for word in words):
        return  # of a misspelt option nobody knows whether a value follows: the parser says what it is
    names = [word for _, word in positionals(words, known)]
    commands = [name for name in PARSERS if name]
    problem = no_command(names, commands, is_example(example)) if len(names) > 1 else None
    problem = problem or no_example(example, commands, bundled_names())
    if problem is not None:
        raise UsageError(say("{problem}\nsee '{program} --help'", problem=problem, program="qkvtui"))
