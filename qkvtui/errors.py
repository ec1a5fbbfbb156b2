"""What can be wrong with what a user gave us, said so that the user can mend it.

Plain classes: every command imports this module, `--help` included, and `import typing` or `import dataclasses`
would be a tenth of the time that takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from .said import Phrase, in_lines, repeated, say


class Problem:
    """One mistake: where it stands, what is wrong, and what would be right."""

    __slots__ = ("excerpt", "expected", "place", "problem")

    place: str
    """A path inside the file (`parameters.W_K, row 2`), a line and column, or an option; may be empty."""
    problem: str
    """What is wrong (`has 3 numbers`)."""
    expected: str
    """What would be right (`W_K needs 2, because X is 5 × 2`); may be empty."""
    excerpt: tuple[str, ...]
    """The line that it is about, and a mark below the place; empty where there is no line to show."""

    def __init__(self, place: str, problem: str, expected: str = "", excerpt: tuple[str, ...] = ()) -> None:
        self.place = place
        self.problem = problem
        self.expected = expected
        self.excerpt = excerpt

    def __str__(self) -> str:
        told = self.problem
        if self.expected:
            told = say("{problem}; {expected}", problem=told, expected=self.expected)
        return say("{place}: {problem}", place=self.place, problem=told) if self.place else told

    @property
    def lines(self) -> tuple[str, ...]:
        """The same with the excerpt, indented, below it."""
        return (str(self), *(f"    {line}" for line in self.excerpt))


class QkvtuiError(Exception):
    """Something the user can mend. Never shown as a traceback; ends the program with exit status 2."""


class UsageError(QkvtuiError):
    """An option, a name or an address on the command line (or typed in the application) that makes no sense."""


class PartError(Exception):
    """What is wrong with a part of something, and what would be right; whoever looks at the whole says where it is."""

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(say("{problem}; {expected}", problem=problem, expected=expected))
        self.problem = problem
        self.expected = expected


class ExampleError(QkvtuiError):
    """An example file that cannot be used: every mistake found in it, in the order of the file's format."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = (say("{file}: {problem}", file=file, problem=str(problem)) for problem in self.problems)
        lines = ((line, *problem.lines[1:]) for line, problem in zip(first, self.problems, strict=True))
        super().__init__(in_lines([line for one in lines for line in one]))


def reason_of(error: OSError) -> Phrase:
    """What the system says about a file, `permission denied`; a catalogue has what is said often."""
    return repeated((error.strerror or str(error) or "unknown reason").lower())
