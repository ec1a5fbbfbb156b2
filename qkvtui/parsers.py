"""What may stand on a command line: one parser a command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from . import __version__
from . import options as values
from . import shared_options as shared
from .command_line import (
    CaptureOptions,
    ConfigOptions,
    GradeOptions,
    LearnOptions,
    LessonOptions,
    PageOptions,
    WhyOptions,
)
from .environment import page_width, terminal_width, writable
from .errors import UsageError

_ABOUT = "Walk through transformer attention one number at a time, in a terminal."

_COMMANDS_HELP = """\
commands:
  qkvtui [EXAMPLE]            the terminal application; without EXAMPLE a picker
  qkvtui print EXAMPLE...     the same lesson as text: scripts, handouts, pipes
  qkvtui why EXAMPLE ADDRESS  one number, opened back to the inputs, as a tree
  qkvtui check EXAMPLE...     is the file sound? do its published numbers hold?
  qkvtui grade SHEET ANSWERS...
                              a class: one table, a row a file, a column a step
  qkvtui learn EXAMPLE        train the matrices and see how they change
  qkvtui list                 the bundled examples, one line each
  qkvtui capture MODEL_DIR "A SENTENCE" --layer N --head N -o FILE
                              a head of a real model, as an example of your own
  qkvtui config               what is set, where, and what is remembered
  qkvtui COMMAND --help       the options of a command

EXAMPLE is a bundled name (animal), a path, or - for standard input;
EXAMPLE#ADDRESS starts at that number: 'animal#scores[it,animal]'.

exit status: 0 done, 1 check found numbers that do not hold, 2 unusable input
or command line, 130 interrupted. NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS
are honoured; 'qkvtui config' shows what holds. The application remembers which
lessons were seen, and nothing with --no-state or QKVTUI_NO_STATE=1."""

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_HIDING = " "
"""Goes before `-#ADDRESS`, standard input with an address, so that argparse does not take it for an option."""


def parse(arguments: list[str]) -> tuple[str, PageOptions]:
    """The command, "" for the application, and its options. Raises UsageError, and SystemExit after --help."""
    name = arguments[0] if arguments and arguments[0] in PARSERS else ""
    if not name and len(arguments) > 1 and not any(one.startswith("-") for one in arguments[:2]):
        raise UsageError(_no_command(arguments[0]))
    rest = [_HIDING + one if one.startswith("-#") else one for one in arguments]
    options: PageOptions = _OPTIONS.get(name, LessonOptions)()
    before = set(vars(options))
    PARSERS[name]().parse_args(rest[1:] if name else rest, options)
    options.given = frozenset(set(vars(options)) - before)  # argparse sets nothing else, where there is a default
    return name, options


def _no_command(word: str) -> str:
    from difflib import get_close_matches

    commands = [name for name in PARSERS if name]
    meant = get_close_matches(word, commands, 1)
    hint = f"did you mean 'qkvtui {meant[0]}'?" if meant else f"there are {', '.join(commands)}"
    return f"{word!r} is no command; {hint}\nsee 'qkvtui --help'"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}\nsee '{self.prog} --help'")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """argparse's own is silent where the help cannot be written."""
        (file or sys.stdout).write(writable(message, sys.stdout.encoding))


def _parser(prog: str, description: str, **more: str) -> _Parser:
    return _Parser(
        prog=prog,
        description=description,
        formatter_class=_help_formatter,
        allow_abbrev=False,
        **more,  # type: ignore[arg-type]
    )


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    """Left to itself, argparse imports `shutil`, and with it three compressors, to learn the width."""
    return argparse.RawDescriptionHelpFormatter(prog, width=page_width(None, terminal_width(), os.environ) - 2)


def _application_parser() -> _Parser:
    parser = _parser("qkvtui", _ABOUT, epilog=_COMMANDS_HELP)
    parser.add_argument("example", metavar="EXAMPLE", type=_example, nargs="?", help="a bundled name, a path, or -")
    parser.add_argument("--watch", action="store_true", help="read the file again whenever it changes")
    parser.add_argument("--version", action="version", version=f"qkvtui {__version__}")
    parser.add_argument("--no-state", action="store_true", help="remember nothing, and recall nothing")
    shared.add_choice_options(parser)
    shared.add_language(parser)
    shared.add_digits(parser)
    shared.add_color(parser)
    shared.add_ascii(parser)
    return parser


def _print_parser() -> _Parser:
    parser = _parser("qkvtui print", "The lesson as text, or its numbers as JSON.")
    parser.add_argument("examples", metavar="EXAMPLE", type=_example, nargs="+", help="a bundled name, a path, or -")
    parser.add_argument("--format", choices=("text", "json", "csv"), help="default: text")
    shared.add_choice_options(parser)
    parser.add_argument("--step", metavar="ID[,ID...]", help="only these steps, such as scores,weights")
    questions = "the questions a beginner asks, answered; with --step only those that arise there"
    parser.add_argument("--questions", action="store_true", help=questions)
    pictures = "in place of the steps: the flow as a whole, a step's matrix as a whole, or query and keys as arrows"
    parser.add_argument("--picture", choices=("flow", "matrix", "arrows"), help=pictures)
    shared.add_what_if(parser)
    parser.add_argument("--before", action="store_true", help="show beside what was changed what it was before")
    group = parser.add_argument_group("worksheets")
    shared.add_blank(group)
    group.add_argument("--key", action="store_true", help="the same with its answers; csv and json can be graded")
    shared.add_random(group)
    shared.add_page(parser)
    return parser


def _why_parser() -> _Parser:
    parser = _parser("qkvtui why", "One number, opened back to the inputs, as a tree.")
    parser.add_argument("example", metavar="EXAMPLE", help="a bundled name, a path, or -")
    parser.add_argument("address", metavar="ADDRESS", help="'weights[it,animal]', or weights:it,animal")
    parser.add_argument(
        "--depth", type=values.depth, metavar="N", help="open only N levels (default: down to the file)"
    )
    parser.add_argument("--format", choices=("text", "json"), help="default: text")
    shared.add_what_if(parser)
    shared.add_page(parser)
    return parser


def _check_parser() -> _Parser:
    parser = _parser("qkvtui check", "Is the file sound, and do its published numbers hold?")
    parser.add_argument(
        "examples",
        metavar="EXAMPLE",
        type=_example,
        nargs="*",
        help="a bundled name, a path, or -; with --answers it may be left out where the file says which sheet it is",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "github"), help="default: text; github: annotations of the lines"
    )
    group = parser.add_argument_group("grading a worksheet")
    group.add_argument("--answers", metavar="FILE", help="CSV or JSON: points for each step, a reason for each mistake")
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help="with --blank: the token that asked")
    group.add_argument("--head", metavar="N|all", help="with --blank: which head")
    shared.add_random(group)
    shared.add_digits(group)
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


def _grade_parser() -> _Parser:
    parser = _parser("qkvtui grade", "The answers of a class as one table, and what most got wrong.")
    sheet = "the file that 'print --blank LEVEL --format csv' wrote, or the example, with the options of that 'print'"
    parser.add_argument("sheet", metavar="SHEET", type=_example, help=sheet)
    parser.add_argument("files", metavar="ANSWERS", nargs="+", help="filled-in worksheets, CSV or JSON, or -")
    default = "default: text, but csv or json with -o FILE.csv or FILE.json"
    parser.add_argument("--format", choices=("text", "json", "csv"), help=default)
    group = parser.add_argument_group("where SHEET is an example")
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help="the token that asked")
    group.add_argument("--head", metavar="N|all", help="which head")
    group.add_argument("--step", metavar="ID[,ID...]", help="only these steps")
    shared.add_random(group)
    shared.add_digits(group)
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


def _learn_parser() -> _Parser:
    parser = _parser("qkvtui learn", "Train the matrices, and see how they change.", epilog=values.LEARN_HELP)
    parser.add_argument("example", metavar="EXAMPLE", type=_example, help="a bundled name, a path, or -")
    formats = ("text", "json", "csv", "markdown")
    default = "default: text, but csv or markdown with -o FILE.csv or FILE.md"
    parser.add_argument("--format", choices=formats, help=default)
    parser.add_argument("--query", metavar="TOKEN", help="whose attention is shown: its text or its index from 0")
    parser.add_argument("--head", metavar="N", help="in which head, from 0 (default: the target's, else 0)")
    parser.add_argument("--every", type=values.updates, metavar="N", help="a line each N updates instead of the story")
    parser.add_argument("--sentences", action="store_true", help="of labels: what is read from each sentence instead")
    group = parser.add_argument_group("learning otherwise than the file says")
    group.add_argument("--steps", type=values.updates, metavar="N", help="how many updates")
    group.add_argument("--rate", type=values.rate, metavar="R", help="how far an update goes")
    group.add_argument("--optimizer", choices=("sgd", "momentum", "adam"), help="how the gradient is used")
    group.add_argument("--seed", type=values.seed, metavar="N", help="start from random numbers, these")
    shared.add_page(parser)
    return parser


def _list_parser() -> _Parser:
    parser = _parser("qkvtui list", "The bundled examples, one line each.")
    shared.add_language(parser)
    return parser


def _config_parser() -> _Parser:
    parser = _parser("qkvtui config", "What is set and why, where the files are, and what is remembered.")
    forget = "delete what the application remembers: lessons seen, places, the language chosen there"
    parser.add_argument("--forget", action="store_true", help=forget)
    shared.add_language(parser)
    shared.add_digits(parser)
    shared.add_color(parser)
    shared.add_ascii(parser)
    shared.add_tokens_as(parser)
    return parser


def _capture_parser() -> _Parser:
    parser = _parser("qkvtui capture", "A head of a real model, as an example.", epilog=values.CAPTURE_HELP)
    parser.add_argument("model", metavar="MODEL_DIR", nargs="?", help="the folder of a model")
    parser.add_argument("sentence", metavar="SENTENCE", nargs="?", help="what the model reads")
    parser.add_argument(
        "--layer", type=values.layer, metavar="N|all", help="which layer, from 0; all is the same as --list"
    )
    parser.add_argument("--head", type=values.index, metavar="N", help="which head, from 0")
    parser.add_argument("--query", metavar="TOKEN", help="the token that asks (default: the last word)")
    parser.add_argument("--list", action="store_true", help="whom the token attends to in every head")
    parser.add_argument("--format", choices=("text", "json"), help="of the list; default: text")
    parser.add_argument("--from", dest="arrays", metavar="FILE", help="Q, K and V from this .npz file")
    parser.add_argument("--tokens", metavar="WORDS", help="the tokens of --from, with blanks between them")
    parser.add_argument("--causal", action="store_true", help="with --from: no token sees those after it")
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


PARSERS: dict[str, Callable[[], _Parser]] = {
    "": _application_parser,
    "print": _print_parser,
    "why": _why_parser,
    "check": _check_parser,
    "grade": _grade_parser,
    "learn": _learn_parser,
    "list": _list_parser,
    "capture": _capture_parser,
    "config": _config_parser,
}
_OPTIONS: dict[str, type[PageOptions]] = {
    "why": WhyOptions,
    "grade": GradeOptions,
    "learn": LearnOptions,
    "capture": CaptureOptions,
    "config": ConfigOptions,
}
"""What the options of a command are kept in; those of the others in LessonOptions."""


def _example(text: str) -> str:
    return text.removeprefix(_HIDING) if text.startswith(f"{_HIDING}-#") else text
