"""argparse in the reader's language: the help of a command, and what is wrong with its options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Mapping, Sequence

from .environment import PIPE_WIDTH
from .errors import UsageError
from .help_page import DASHES, HelpLook, HelpParts, help_page
from .localized import LANGUAGES
from .said import Phrase, repeated, say

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from typing import NoReturn

ParserMaker = Callable[[], argparse.ArgumentParser]


class CommandParser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does, and speaks the languages of the program."""

    def __init__(self, program: str, about: Phrase, parts: HelpParts) -> None:
        self.parts = parts
        self._look = HelpLook(LANGUAGES[0], PIPE_WIDTH)
        super().__init__(
            prog=program,
            description=about,
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
            # Left to itself, argparse imports `shutil`, and with it three compressors, to learn the width.
            formatter_class=lambda prog: argparse.HelpFormatter(prog, width=PIPE_WIDTH),
        )
        self.add_argument("-h", "--help", action=_ShowHelp, nargs=0, help=say("show this help"))
        read_only = say("write nothing, and open only the bundled examples and what is in the current folder")
        self.add_argument("--read-only", action="store_true", help=read_only)
        folder = say("with --read-only: what is in this folder instead")
        self.add_argument("--folder", metavar="FOLDER", help=folder)
        self._optionals.title = say("general")
        self._positionals.title = say("arguments")

    @property
    def options(self) -> Mapping[str, argparse.Action]:
        """Every option by each of its names."""
        return self._option_string_actions

    def parse(
        self, arguments: Sequence[str], options: argparse.Namespace, look: HelpLook, others: Mapping[str, ParserMaker]
    ) -> None:
        """Put what stands on the command line into `options`. Raises UsageError, and HelpAsked at --help.

        `others` are the parsers of the commands, where an option that is unknown here may belong.
        """
        self._look = look
        disguised = next((word for word in arguments if _is_disguised(word, self.options)), None)
        if disguised is not None:
            self._refuse_unknown([disguised], others)
        try:
            _, unknown = self.parse_known_args(arguments, options)
        except argparse.ArgumentError as error:
            names = _missing(error.message)  # Python 3.12 and later
            if names is None:
                self._refuse(self._told(error))
            unknown = self._unknown_or_missing(arguments, names)
        except _MissingError as missing:
            unknown = self._unknown_or_missing(arguments, missing.names)
        if unknown:
            self._refuse_unknown(unknown, others)

    def _unknown_or_missing(self, arguments: Sequence[str], names: str) -> list[str]:
        """The options that are unknown, which may be why something is missing; refused where none is."""
        unknown = [word for word in arguments if word.startswith("--") and word not in self.options]
        if not unknown:
            line = self.parts.examples[0][0]
            self._refuse(
                say("the following arguments are required: {names}; for example: {line}", names=names, line=line)
            )
        return unknown

    def _told(self, error: argparse.ArgumentError) -> str:
        """What is wrong with an option."""
        problem = error.message if isinstance(error.message, Phrase) else _in_our_words(error.message)
        if error.argument_name is None:
            return problem
        action = self.options.get(error.argument_name.partition("/")[0])
        if action is not None and action.choices is not None and not isinstance(error.message, Phrase):
            from .files.phrases import with_commas

            names = with_commas([str(choice) for choice in action.choices])
            problem = say("{problem}: {names}", problem=problem, names=names)
        return say("argument {name}: {problem}", name=error.argument_name, problem=problem)

    def need_nothing(self) -> None:
        """Let everything be left out that is no option: what is asked for does not depend on it."""
        for action in self._actions:
            if not action.option_strings:
                action.nargs, action.required = "*", False

    def error(self, message: str) -> NoReturn:
        """What argparse raises no ArgumentError for."""
        names = _missing(message)
        if names is not None:
            raise _MissingError(names)
        self._refuse(_in_our_words(message))

    def help(self) -> str:
        """The page of --help."""
        return help_page(self, self.parts, self._look)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """argparse's own names all choices, but not the one that was meant."""
        if action.choices is not None and value not in action.choices:
            from .misspelt import no_choice

            raise argparse.ArgumentError(action, no_choice(str(value), list(map(str, action.choices))))

    def _refuse_unknown(self, words: Sequence[str], others: Mapping[str, ParserMaker]) -> NoReturn:
        from .misspelt import unrecognized

        self._refuse(unrecognized(self, words, others))

    def _refuse(self, problem: str) -> NoReturn:
        raise UsageError(say("{problem}\nsee '{program} --help'", problem=problem, program=self.prog))


class HelpAsked(Exception):  # noqa: N818
    """What ends the reading of a command line with --help."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class _ShowHelp(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        if not isinstance(parser, CommandParser):
            raise TypeError("only a CommandParser has such an option")
        raise HelpAsked(parser.help())


class _MissingError(Exception):
    def __init__(self, names: str) -> None:
        super().__init__(names)
        self.names = names


def _missing(message: str) -> str | None:
    """What argparse says is missing; None where that is not what it says."""
    what, _, names = message.partition(": ")
    return names if what == "the following arguments are required" else None


def _is_disguised(word: str, options: Collection[str]) -> bool:
    """Whether an option is written with one hyphen, or with other dashes: `-step`, `—step`.

    argparse would take `-output` for `-o utput`, and `—step` for the name of a file.
    """
    name = word.partition("=")[0]
    if name.startswith(DASHES):
        return "--" + name.lstrip("-" + "".join(DASHES)) in options
    return len(name) > 2 and name[0] == "-" != name[1] and "-" + name in options


def _in_our_words(message: str) -> Phrase:
    """What argparse says, which it has put together already; what is not known here is repeated as it is."""
    what, _, rest = message.partition(" argument ")
    match what:
        case "not allowed with":
            return say("not allowed with argument {name}", name=rest)
        case "ignored explicit":
            return say("ignored explicit argument {value}", value=rest)
    return repeated(message)  # such as `expected one argument`
