"""What a command line asked for: one class of options for each family of commands, every option with its type."""

from __future__ import annotations

import argparse

from .localized import LANGUAGES

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from typing import Literal, TypeVar

    T = TypeVar("T")


def given(option: T | None) -> T:
    """An option that the command cannot do without, once that was checked."""
    if option is None:
        raise ValueError("an option is missing that was said to be there")
    return option


IN_BROWSER = "--in-browser"
"""Goes before all that the application is asked where `serve` has started it for a visitor; no help names it."""


class PageOptions(argparse.Namespace):
    """How a page is to look, and where it goes."""

    given: frozenset[str] = frozenset()
    """The options that stand on the command line; what holds for the others is settled before a command is run."""
    read_only: bool = False
    folder: str | None = None
    """Where a session that is read-only may open files; None: where it was started."""
    lang: str = LANGUAGES[0]
    digits: int = 2
    width: int | None = None
    color: str = "auto"
    theme: str = "auto"
    ascii: bool = False
    tokens_as: Literal["rows", "columns"] = "rows"
    notation: Literal["paper", "lee"] = "paper"
    round_each: int | None = None
    output: str | None = None
    force: bool = False
    format: str = ""
    """Empty: as the name of `output` says."""
    standalone: bool = False


class LessonOptions(PageOptions):
    """Which lesson, what is different in it, what is wanted of it; what a command does not offer keeps its default."""

    example: str | None = None
    examples: list[str]
    target: str | None = None
    watch: bool = False
    linear: bool = False
    no_state: bool = False
    lead: str | None = None
    follow: str | None = None
    in_browser: bool = False
    """Whether `serve` has started it: a page in a browser takes the terminal's place."""
    version: bool = False
    verbose: bool = False
    print_completion: str | None = None
    print_man: bool = False
    query: str | None = None
    head: str | None = None
    to: str | None = None
    step: str | None = None
    assignments: list[str]
    scale: str | None = None
    temperature: str | None = None
    causal: bool = False
    softmax: str = "rows"
    before: bool = False
    picture: Literal["flow", "matrix", "arrows", "heads"] | None = None
    blank: str | None = None
    key: bool = False
    questions: bool = False
    stops: bool = False
    random: bool = False
    seed: int | None = None
    answers: str | None = None

    def __init__(self) -> None:
        super().__init__(examples=[], assignments=[])

    @property
    def asks_of_the_program(self) -> bool:
        """Whether nothing is to be opened: it is the program itself that is asked about."""
        return self.version or self.verbose or self.print_man or self.print_completion is not None


class GradeOptions(LessonOptions):
    """Which sheet, and who filled it in."""

    sheet: str = ""
    files: list[str]


class WhyOptions(LessonOptions):
    """Which number of the lesson is opened, and how far."""

    address: str = ""
    depth: int | None = None


class LearnOptions(PageOptions):
    """What is to be learned, and how it is told."""

    example: str = ""
    query: str | None = None
    head: str | None = None
    every: int | None = None
    sentences: bool = False
    steps: int | None = None
    rate: float | None = None
    optimizer: str | None = None
    seed: int | None = None


class PatchOptions(PageOptions):
    """Which run is patched from which, and the number that is watched."""

    example: str = ""
    target: str | None = None
    others: list[str]
    """Where the rows come from, and the number to watch."""

    def __init__(self) -> None:
        super().__init__(others=[])


class ConfigOptions(PageOptions):
    """Settings as if a command was given them, and whether what is remembered is to be forgotten."""

    forget: bool = False


class ServeOptions(PageOptions):
    """What visitors walk through, how many at once, and where they find it."""

    read_only: bool = True
    example: str | None = None
    follow: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    name: str | None = None
    """Under which visitors come, where something in front hands them on."""
    visitors: int = 30
    visitors_per_address: int | None = None


class CaptureOptions(PageOptions):
    """Which head of which model, or which arrays."""

    model: str | None = None
    sentence: str | None = None
    target: str | None = None
    layer: int | str | None = None
    head: int | str | None = None
    query: str | None = None
    list: bool = False
    to: str | None = None
    top: int | None = None
    arrays: str | None = None
    tokens: str | None = None
    causal: bool = False
    title: str | None = None

    @property
    def lists(self) -> bool:
        """Whether all heads are wanted, of one layer or of all."""
        return self.list or self.layer == "all"

    @property
    def one_head(self) -> int | None:
        """The head, unless all are wanted."""
        return self.head if isinstance(self.head, int) else None

    @property
    def one_layer(self) -> int | None:
        """The layer, unless all are wanted."""
        return self.layer if isinstance(self.layer, int) else None


class NewOptions(PageOptions):
    """Of which sentence, or of which arrays, an example is wanted."""

    sentence: str | None = None
    arrays: str | None = None
    tokens: str | None = None
    query: str | None = None
    seed: int | None = None
    causal: bool = False
