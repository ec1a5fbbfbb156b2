"""What is wrong with a text of pasted numbers, and where."""

from __future__ import annotations

from typing import NoReturn

from ..said import say


class PasteError(Exception):
    """A text that looks like numbers and is not: where, what stands there, and what would be right."""

    def __init__(self, text: str, position: int, problem: str, expected: str = "") -> None:
        super().__init__(problem)
        before = text[:position]
        self.line = before.count("\n") + 1
        self.column = position - before.rfind("\n")
        self.problem = problem
        self.expected = expected


def refuse(text: str, position: int, problem: str, expected: str = "") -> NoReturn:
    """Raise PasteError for what stands at this place of the text."""
    raise PasteError(text, position, problem, expected)


def refuse_dots(text: str, position: int) -> NoReturn:
    """Raise PasteError for `...`, which stands for numbers that were left out."""
    cure = (
        say('torch.set_printoptions(profile="full") prints all')
        if "tensor" in text
        else say("numpy.set_printoptions(threshold=sys.maxsize) prints all")
    )
    refuse(text, position, say("numbers are left out here"), cure)
