"""Whether what was asked of `print` and `check` about worksheets and questions makes sense together."""

from __future__ import annotations

from ..command_line import LessonOptions, PageOptions
from ..errors import UsageError
from ..files.phrases import with_commas
from ..said import say
from .formats import FORMATS, that_show

_NOT_WITH_STOPS = (
    *("blank", "questions", "picture", "step", "query", "head", "random"),
    *("assignments", "scale", "temperature", "causal", "softmax", "round_each", "before"),
)
"""Options that make no sense with `--stops`, by their attribute."""
_OPTION_NAMES = {"assignments": "set"}
"""Those that are called otherwise on the command line."""


def check_worksheet(options: LessonOptions) -> None:
    """For `print`. Raises UsageError that says which option is missing or has nothing to do."""
    check_seed(options)
    _check_format(options)
    if options.stops:
        _check_stops(options)
        return
    if options.questions:
        if options.blank is not None:
            raise UsageError(say("--questions does not go with --blank: it prints answers"))
        _check_shown("questions", options)
    if options.blank is None:
        if options.key:
            raise UsageError(say("--key goes with --blank or --stops: it prints what belongs into the blanks"))
        return
    if options.format == "csv" and len(options.examples) > 1:
        raise UsageError(say("--format csv: the answers to one worksheet go into a file; name one example"))
    for name, asked in (
        ("--before", options.before),
        ("--round-each", options.round_each is not None),
        ("--softmax columns", options.softmax == "columns"),
    ):
        if asked:
            raise UsageError(
                say("{name} does not go with --blank: a worksheet asks for the numbers as they are", name=name)
            )


def check_standalone(options: PageOptions) -> None:
    """Only LaTeX is a part of a document or a whole one. Raises UsageError."""
    if options.standalone and options.format != "latex":
        raise UsageError(say("--standalone goes with --format latex: it makes a whole document of it"))


def _check_format(options: LessonOptions) -> None:
    """A figure is of a step or is a picture."""
    check_standalone(options)
    if options.format == "svg" and options.step is None and options.picture is None:
        raise UsageError(say("--format svg draws a step or a picture: name it, as in --step scores or --picture flow"))


def _check_stops(options: LessonOptions) -> None:
    """They say themselves where they are, and are about the numbers of the file."""
    _check_shown("stops", options)
    for name in _NOT_WITH_STOPS:
        if getattr(options, name) != getattr(LessonOptions(), name):
            option = _OPTION_NAMES.get(name, name.replace("_", "-"))
            what = say("the file says which stops there are, and they are about its own numbers")
            raise UsageError(say("--stops does not go with --{option}: {what}", option=option, what=what))


def _check_shown(what: str, options: LessonOptions) -> None:
    """Whether the format can show it in place of the steps."""
    if what not in FORMATS[options.format].shows:
        raise UsageError(
            say(
                "--{what} does not go with --format {format}; it goes with {names}",
                what=what,
                format=options.format,
                names=with_commas(that_show(what)),
            )
        )


def check_picture(options: LessonOptions, others: tuple[int, ...]) -> None:
    """A picture is about one token that asks, and shows all numbers. Raises UsageError."""
    if options.picture is None:
        return
    _check_shown("picture", options)
    if options.blank is not None:
        raise UsageError(say("--picture does not go with --blank: a picture shows the numbers"))
    if options.questions:
        raise UsageError(say("--picture does not go with --questions: each stands in place of the steps"))
    if others:
        raise UsageError(say("--picture is about one token that asks; name one with --query"))


def check_one_query(others: tuple[int, ...]) -> None:
    """A worksheet is about one token that asks."""
    if others:
        raise UsageError(say("--blank asks for the numbers of one token; name one with --query"))


def check_grading(options: LessonOptions) -> None:
    """For `check --answers`."""
    check_seed(options)
    check_standalone(options)
    if options.format == "github":
        raise UsageError(say("--format github is about published numbers; --answers has every other format"))
    if not options.examples:
        raise UsageError(say("--answers: name the example; the file does not say which sheet it is"))
    if len(options.examples) > 1:
        raise UsageError(say("--answers: the answers to one worksheet are graded at a time; name one example"))


def check_no_answers(options: LessonOptions) -> None:
    """For `check` without answers."""
    if not options.examples:
        raise UsageError(
            say(
                "{problem}\nsee '{program} --help'",
                problem=say("the following arguments are required: {names}", names="EXAMPLE"),
                program="qkvtui check",
            )
        )
    asked = {"blank": options.blank, "query": options.query, "head": options.head, "seed": options.seed}
    for name, value in asked.items():
        if value is not None:
            raise UsageError(say("--{name} goes with --answers FILE", name=name))
    if options.random:
        raise UsageError(say("--random goes with --answers FILE"))


def check_seed(options: LessonOptions) -> None:
    """`--random` and `--seed` go together. Raises UsageError."""
    if options.random and options.seed is None:
        raise UsageError(say("--random needs --seed N, so that the same numbers can be printed and graded again"))
    if options.seed is not None and not options.random:
        raise UsageError(say("--seed goes with --random"))
