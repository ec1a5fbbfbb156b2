"""argparse in the reader's language: the help of a command, and what is wrong with its options."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence

from .environment import page_width, terminal_width, writable
from .errors import UsageError
from .localized import LANGUAGES
from .said import Phrase, in_language, in_lines, repeated, say

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_COMMANDS_WIDTH = 26


class CommandParser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does, and speaks the languages of the program."""

    def __init__(self, program: str, about: Phrase, *, epilog: str | None = None) -> None:
        self._language = LANGUAGES[0]
        super().__init__(
            prog=program,
            description=about,
            epilog=epilog,
            formatter_class=lambda prog: _HelpFormatter(prog, self._language),
            allow_abbrev=False,
            exit_on_error=False,
        )

    def parse(self, arguments: Sequence[str], options: argparse.Namespace, language: str) -> None:
        """Put what stands on the command line into `options`. Raises UsageError, and SystemExit after --help."""
        self._language = language
        try:
            self.parse_args(arguments, options)
        except argparse.ArgumentError as error:
            problem = error.message if isinstance(error.message, Phrase) else _in_our_words(error.message)
            if error.argument_name is not None:
                problem = say("argument {name}: {problem}", name=error.argument_name, problem=problem)
            self._refuse(problem)

    def error(self, message: str) -> None:  # type: ignore[override]
        """What argparse raises no ArgumentError for."""
        self._refuse(_in_our_words(message))

    def _refuse(self, problem: str) -> None:
        raise UsageError(say("{problem}\nsee '{program} --help'", problem=problem, program=self.prog))

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """argparse's own is silent where the help cannot be written."""
        (file or sys.stdout).write(writable(message, sys.stdout.encoding))


def two_columns(rows: Iterable[tuple[str, Phrase]]) -> Phrase:
    """Command lines, and beside each what it does."""
    lines: list[str] = []
    for command, about in rows:
        if len(command) > _COMMANDS_WIDTH:
            lines.append(f"  {command}")
            command = ""
        lines.append(Phrase("  {command}  {about}", {"command": f"{command:<{_COMMANDS_WIDTH}}", "about": about}))
    return in_lines(lines)


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, language: str) -> None:
        # Left to itself, argparse imports `shutil`, and with it three compressors, to learn the width.
        super().__init__(prog, width=page_width(None, terminal_width(), os.environ) - 2)
        self._language = language
        self._headings: list[str] = []

    def _told(self, text: str) -> str:
        """What we said, or what argparse says by itself, in the reader's language."""
        return in_language(text if isinstance(text, Phrase) else repeated(text), self._language)

    def _format_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None,
    ) -> str:
        prefix = self._told("usage: ")
        wider = _width(prefix) - len(prefix)
        self._width -= wider
        told = super()._format_usage(usage, actions, groups, prefix)
        self._width += wider
        return told

    def start_section(self, heading: str | None) -> None:
        if heading:
            self._headings.append(self._told(heading))
        super().start_section(heading and self._headings[-1])

    def format_help(self) -> str:
        told = super().format_help()
        for heading in self._headings:
            ended = in_language(say("{heading}:", heading=heading), self._language)
            told = told.replace(f"\n{heading}:\n", f"\n{ended}\n")
        return told

    def add_text(self, text: str | None) -> None:
        super().add_text(text and self._told(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and self._told(action.help)

    def _split_lines(self, text: str, width: int) -> list[str]:
        if text.isascii():
            return super()._split_lines(text, width)
        from itertools import pairwise

        from .pages.lines import breaks  # knows how wide characters are, and where lines of Chinese end

        at = [0, *breaks(text, width), len(text)]
        return [text[start:end].rstrip() for start, end in pairwise(at)]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from .pages.lines import cell_len

    return cell_len(text)


def _in_our_words(message: str) -> Phrase:
    """What argparse says, which it has put together already; what is not known here is repeated as it is."""
    what, _, rest = message.partition(": ")
    match what:
        case "the following arguments are required":
            return say("the following arguments are required: {names}", names=rest)
        case "unrecognized arguments":
            return say("unrecognized arguments: {names}", names=rest)
        case "invalid choice":
            value, _, choices = rest.removesuffix(")").partition(" (choose from ")
            from .files.phrases import with_commas  # for a mistake only

            names = with_commas(choices.split(", "))
            return say("invalid choice: {value} (choose from {names})", value=value, names=names)
    what, _, rest = message.partition(" argument ")
    match what:
        case "not allowed with":
            return say("not allowed with argument {name}", name=rest)
        case "ignored explicit":
            return say("ignored explicit argument {value}", value=rest)
    return repeated(message)  # such as `expected one argument`
