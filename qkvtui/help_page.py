"""The page that --help shows: examples first, options in groups, as wide as the terminal, in the reader's language."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence

from .said import Phrase, in_language, repeated, say

Row = tuple[str, Phrase]
"""What one may type, and what it does."""

DASHES = ("–", "—", "－", "─")
"""What a text processor, a web page or a Chinese keyboard makes of the hyphens before an option."""

_COLUMN, _WIDE_COLUMN = 22, 26
_LONGEST_CHOICES = 24
_NARROW = 50
"""Columns below which what is said stands under what it is about."""
_HEADING, _NAME = ("1;33", "1"), ("36", "1")
"""Escape codes with colours, and without."""


class HelpParts:
    """What the help of a command has beside its options."""

    __slots__ = ("endings", "examples", "notes", "sections")

    examples: Sequence[Row]
    sections: Sequence[tuple[Phrase, Sequence[Row]]]
    """Headings and rows, before the options."""
    endings: Sequence[tuple[Phrase, Sequence[Row]]]
    """The same, behind them."""
    notes: Sequence[str]
    """Paragraphs at the end; one that begins with a blank is shown as it is."""

    def __init__(
        self,
        examples: Sequence[Row],
        sections: Sequence[tuple[Phrase, Sequence[Row]]] = (),
        endings: Sequence[tuple[Phrase, Sequence[Row]]] = (),
        notes: Sequence[str] = (),
    ) -> None:
        self.examples, self.sections, self.endings, self.notes = examples, sections, endings, notes


class HelpLook:
    """How a page of help is to look."""

    __slots__ = ("codes", "colors", "language", "width")

    def __init__(self, language: str, width: int, *, codes: bool = False, colors: bool = False) -> None:
        self.language, self.width = language, width
        self.codes, self.colors = codes, colors


def help_page(parser: argparse.ArgumentParser, parts: HelpParts, look: HelpLook) -> str:
    """What `parser` reads, told."""
    return "\n".join(_Page(look).lines(parser, parts)) + "\n"


def groups_of(parser: argparse.ArgumentParser) -> list[tuple[str, list[argparse.Action]]]:
    """The groups of options in the order of the help, the general ones last; each with its heading."""
    general = parser._optionals
    groups = [*(group for group in parser._action_groups if group is not general), general]
    shown = [[one for one in group._group_actions if one.help != argparse.SUPPRESS] for group in groups]
    return [(group.title or "", actions) for group, actions in zip(groups, shown, strict=True) if actions]


def usage_of(parser: argparse.ArgumentParser) -> str:
    """`qkvtui why [OPTIONS] EXAMPLE ADDRESS`."""
    positionals = [written_argument(action) for action in parser._actions if not action.option_strings]
    return " ".join([parser.prog, "[OPTIONS]", *positionals])


def written_argument(action: argparse.Action) -> str:
    """A positional argument as the usage has it: `EXAMPLE`, `[EXAMPLE]`, `EXAMPLE...`."""
    name = str(action.metavar or action.dest)
    several = "..." if action.nargs in ("*", "+") else ""
    return f"[{name}{several}]" if action.nargs in ("?", "*") else f"{name}{several}"


def written(action: argparse.Action) -> str:
    """An argument or an option, with what follows it."""
    return written_option(action) if action.option_strings else written_argument(action)


def written_option(action: argparse.Action) -> str:
    """An option with all its names and with what follows it: `-o, --output FILE`."""
    names = ", ".join(action.option_strings)
    if action.nargs == 0:
        return names
    return f"{names} {action.metavar or (_choices(action) if _are_beside(action) else action.dest.upper())}"


def about(action: argparse.Action) -> str:
    """What an option does, and the choices for which there is no room beside its name."""
    told = action.help or ""
    if not action.choices or _are_beside(action):
        return told
    return say("{default}; {more}", default=", ".join(map(str, action.choices or ())), more=told)


def _choices(action: argparse.Action) -> str:
    """`{rows,columns}`; empty where anything may be written."""
    return "{" + ",".join(map(str, action.choices)) + "}" if action.choices else ""


def _are_beside(action: argparse.Action) -> bool:
    """Whether an option's choices stand beside its name."""
    return action.metavar is None and 0 < len(_choices(action)) <= _LONGEST_CHOICES


class _Page:
    def __init__(self, look: HelpLook) -> None:
        self._look = look

    def lines(self, parser: argparse.ArgumentParser, parts: HelpParts) -> Iterator[str]:
        yield from self._wrapped(self._told(parser.description or ""), 0)
        yield from self._section(say("examples"), parts.examples, _WIDE_COLUMN)
        yield from ("", in_language(say("usage: {line}", line=usage_of(parser)), self._look.language))
        for title, rows in parts.sections:
            yield from self._section(title, rows, _WIDE_COLUMN)
        for heading, actions in groups_of(parser):
            yield from self._section(heading, [(written(one), about(one)) for one in actions], _COLUMN)
        for title, rows in parts.endings:
            yield from self._section(title, rows, _COLUMN)
        for note in parts.notes:
            yield ""
            if note.startswith(" "):
                yield from note.split("\n")
            else:
                yield from self._wrapped(self._told(note), 0)

    def _section(self, title: str, rows: Iterable[tuple[str, str]], column: int) -> Iterator[str]:
        rows = list(rows)
        if rows:
            yield from ("", self._heading(title))
        for typed, told in rows:
            yield from self._row(typed, self._told(told), column)

    def _row(self, typed: str, text: str, column: int) -> Iterator[str]:
        start = column + 4 if self._look.width >= _NARROW else 6
        *above, last = _continued(typed, self._look.width - 2)
        for line in above:
            yield f"  {self._styled(line, _NAME)}"
        told = list(self._wrapped(text, start))
        if len(last) <= start - 4 and told:
            yield f"  {self._styled(last, _NAME)}{' ' * (start - 2 - len(last))}{told.pop(0).lstrip()}"
        else:
            yield f"  {self._styled(last, _NAME)}"
        yield from told

    def _wrapped(self, text: str, indent: int) -> Iterator[str]:
        """The text in lines that fit, `indent` blanks before each."""
        width = max(self._look.width - indent, 10)
        if text.isascii():
            from textwrap import wrap

            lines = wrap(text, width, break_on_hyphens=False)
        else:
            from itertools import pairwise

            from .pages.lines import breaks  # knows how wide characters are, and where lines of Chinese end

            lines = [text[start:end].rstrip() for start, end in pairwise([0, *breaks(text, width), len(text)])]
        return (" " * indent + line for line in lines)

    def _heading(self, title: str) -> str:
        ended = in_language(say("{heading}:", heading=self._told(title)), self._look.language)
        return self._styled(ended, _HEADING)

    def _told(self, text: str) -> str:
        """What we said, or what argparse says by itself, in the reader's language."""
        return in_language(text if isinstance(text, Phrase) else repeated(text), self._look.language)

    def _styled(self, text: str, codes: tuple[str, str]) -> str:
        if not self._look.codes:
            return text
        return f"\x1b[{codes[0 if self._look.colors else 1]}m{text}\x1b[0m"


def _continued(line: str, width: int) -> list[str]:
    """A command in lines that fit, to be copied as they are: each but the last ends in a backslash."""
    lines = []
    while len(line) > width:
        cut = line.rfind(" ", 8, width - 1)
        if cut < 0:
            break
        lines.append(line[:cut] + " \\")
        line = "  " + line[cut + 1 :]
    return [*lines, line]
