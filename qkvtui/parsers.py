"""What may stand on a command line: one parser a command."""

from __future__ import annotations

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
from .errors import UsageError
from .localized import LANGUAGES
from .said import Phrase, in_lines, say, typed
from .usage import CommandParser, two_columns

_ABOUT = say("Walk through transformer attention one number at a time, in a terminal.")
_COMMANDS = (
    ("qkvtui [EXAMPLE]", say("the terminal application; without EXAMPLE a picker")),
    ("qkvtui print EXAMPLE...", say("the same lesson as text: scripts, handouts, pipes")),
    ("qkvtui why EXAMPLE ADDRESS", say("one number, opened back to the inputs, as a tree")),
    ("qkvtui check EXAMPLE...", say("is the file sound? do its published numbers hold?")),
    ("qkvtui grade SHEET ANSWERS...", say("a class: one table, a row a file, a column a step")),
    ("qkvtui learn EXAMPLE", say("train the matrices and see how they change")),
    ("qkvtui list", say("the bundled examples, one line each")),
    (
        'qkvtui capture MODEL "A SENTENCE" --layer N --head N -o FILE',
        say("a head of a real model, as an example of your own"),
    ),
    ("qkvtui config", say("what is set, where, and what is remembered")),
    ("qkvtui COMMAND --help", say("the options of a command")),
)

_HIDING = " "
"""Goes before `-#ADDRESS`, standard input with an address, so that argparse does not take it for an option."""


def parse(arguments: list[str], language: str) -> tuple[str, PageOptions]:
    """The command, "" for the application, and its options. Raises UsageError, and SystemExit after --help.

    `language` is that of the help.
    """
    name = arguments[0] if arguments and arguments[0] in PARSERS else ""
    if not name and len(arguments) > 1 and not any(one.startswith("-") for one in arguments[:2]):
        raise UsageError(_no_command(arguments[0]))
    rest = [_HIDING + one if one.startswith("-#") else one for one in arguments]
    options: PageOptions = _OPTIONS.get(name, LessonOptions)()
    before = set(vars(options))
    PARSERS[name]().parse(rest[1:] if name else rest, options, language)
    options.given = frozenset(set(vars(options)) - before)  # argparse sets nothing else, where there is a default
    return name, options


def language_asked(arguments: list[str]) -> str | None:
    """The language that --lang names, whatever else is wrong with the command line; None where it names none."""
    for word, behind in zip(arguments, [*arguments, ""][1:], strict=True):
        asked = behind if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in LANGUAGES:
            return asked
    return None


def _no_command(word: str) -> Phrase:
    from difflib import get_close_matches

    from .files.phrases import with_commas

    commands = [name for name in PARSERS if name]
    meant = get_close_matches(word, commands, 1)
    problem = say("{word} is no command", word=typed(word))
    expected = (
        say("did you mean {meant}?", meant=typed(f"qkvtui {meant[0]}"))
        if meant
        else say("there are {names}", names=with_commas(commands))
    )
    refusal = say("{problem}; {expected}", problem=problem, expected=expected)
    return say("{problem}\nsee '{program} --help'", problem=refusal, program="qkvtui")


def _application_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui", _ABOUT, epilog=in_lines([say("commands:"), two_columns(_COMMANDS), "", values.COMMANDS_HELP])
    )
    parser.add_argument(
        "example", metavar="EXAMPLE", type=_example, nargs="?", help=say("a bundled name, a path, or -")
    )
    parser.add_argument("--watch", action="store_true", help=say("read the file again whenever it changes"))
    parser.add_argument("--version", action="version", version=f"qkvtui {__version__}")
    parser.add_argument("--no-state", action="store_true", help=say("remember nothing, and recall nothing"))
    shared.add_choice_options(parser)
    shared.add_language(parser)
    shared.add_digits(parser)
    shared.add_color(parser)
    shared.add_ascii(parser)
    return parser


def _print_parser() -> CommandParser:
    parser = CommandParser("qkvtui print", say("The lesson as text, or its numbers as JSON."))
    parser.add_argument(
        "examples", metavar="EXAMPLE", type=_example, nargs="+", help=say("a bundled name, a path, or -")
    )
    shared.add_format(parser, "print")
    shared.add_choice_options(parser, several=True)
    parser.add_argument("--step", metavar="ID[,ID...]", help=say("only these steps, such as scores,weights"))
    questions = say("the questions a beginner asks, answered; with --step only those that arise there")
    parser.add_argument("--questions", action="store_true", help=questions)
    stops = say("in place of the steps: a teacher's stops and the lesson's questions; --key adds the answers")
    parser.add_argument("--stops", action="store_true", help=stops)
    pictures = say(
        "in place of the steps: the flow as a whole, a step's matrix as a whole, or query and keys as arrows"
    )
    parser.add_argument("--picture", choices=("flow", "matrix", "arrows"), help=pictures)
    shared.add_what_if(parser)
    parser.add_argument("--before", action="store_true", help=say("show beside what was changed what it was before"))
    group = parser.add_argument_group(say("worksheets"))
    shared.add_blank(group)
    group.add_argument("--key", action="store_true", help=say("the same with its answers; csv and json can be graded"))
    shared.add_random(group)
    shared.add_page(parser)
    return parser


def _why_parser() -> CommandParser:
    parser = CommandParser("qkvtui why", say("One number, opened back to the inputs, as a tree."))
    parser.add_argument("example", metavar="EXAMPLE", help=say("a bundled name, a path, or -"))
    parser.add_argument("address", metavar="ADDRESS", help=say("'weights[it,animal]', or weights:it,animal"))
    parser.add_argument(
        "--depth", type=values.depth, metavar="N", help=say("open only N levels (default: down to the file)")
    )
    shared.add_format(parser, "why")
    shared.add_what_if(parser)
    shared.add_page(parser)
    return parser


def _check_parser() -> CommandParser:
    parser = CommandParser("qkvtui check", say("Is the file sound, and do its published numbers hold?"))
    parser.add_argument(
        "examples",
        metavar="EXAMPLE",
        type=_example,
        nargs="*",
        help=say(
            "a bundled name, a path, or -; with --answers it may be left out where the file says which sheet it is"
        ),
    )
    shared.add_format(parser, "check", more=say("github: annotations of the lines"))
    group = parser.add_argument_group(say("grading a worksheet"))
    group.add_argument(
        "--answers", metavar="FILE", help=say("CSV or JSON: points for each step, a reason for each mistake")
    )
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help=say("with --blank: the token that asked"))
    group.add_argument("--head", metavar="N|all", help=say("with --blank: which head"))
    shared.add_random(group)
    shared.add_digits(group)
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


def _grade_parser() -> CommandParser:
    parser = CommandParser("qkvtui grade", say("The answers of a class as one table, and what most got wrong."))
    sheet = say(
        "the file that 'print --blank LEVEL --format csv' wrote, or the example, with the options of that 'print'"
    )
    parser.add_argument("sheet", metavar="SHEET", type=_example, help=sheet)
    parser.add_argument("files", metavar="ANSWERS", nargs="+", help=say("filled-in worksheets, CSV or JSON, or -"))
    shared.add_format(parser, "grade")
    group = parser.add_argument_group(say("where SHEET is an example"))
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help=say("the token that asked"))
    group.add_argument("--head", metavar="N|all", help=say("which head"))
    group.add_argument("--step", metavar="ID[,ID...]", help=say("only these steps"))
    shared.add_random(group)
    shared.add_digits(group)
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


def _learn_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui learn", say("Train the matrices, and see how they change."), epilog=values.LEARN_HELP
    )
    parser.add_argument("example", metavar="EXAMPLE", type=_example, help=say("a bundled name, a path, or -"))
    shared.add_format(parser, "learn")
    parser.add_argument("--query", metavar="TOKEN", help=say("whose attention is shown: its text or its index from 0"))
    parser.add_argument("--head", metavar="N", help=say("in which head, from 0 (default: the target's, else 0)"))
    parser.add_argument(
        "--every", type=values.updates, metavar="N", help=say("a line each N updates instead of the story")
    )
    sentences = say("of labels: what is read from each sentence instead")
    parser.add_argument("--sentences", action="store_true", help=sentences)
    group = parser.add_argument_group(say("learning otherwise than the file says"))
    group.add_argument("--steps", type=values.updates, metavar="N", help=say("how many updates"))
    group.add_argument("--rate", type=values.rate, metavar="R", help=say("how far an update goes"))
    group.add_argument("--optimizer", choices=("sgd", "momentum", "adam"), help=say("how the gradient is used"))
    group.add_argument("--seed", type=values.seed, metavar="N", help=say("start from random numbers, these"))
    shared.add_page(parser)
    return parser


def _list_parser() -> CommandParser:
    parser = CommandParser("qkvtui list", say("The bundled examples, one line each."))
    shared.add_language(parser)
    return parser


def _config_parser() -> CommandParser:
    parser = CommandParser("qkvtui config", say("What is set and why, where the files are, and what is remembered."))
    forget = say("delete what the application remembers: lessons seen, places, the language chosen there")
    parser.add_argument("--forget", action="store_true", help=forget)
    shared.add_language(parser)
    shared.add_digits(parser)
    shared.add_color(parser)
    shared.add_ascii(parser)
    shared.add_writing(parser)
    return parser


def _capture_parser() -> CommandParser:
    parser = CommandParser("qkvtui capture", say("A head of a real model, as an example."), epilog=values.CAPTURE_HELP)
    parser.add_argument("model", metavar="MODEL", nargs="?", help=say("the folder of a model, or a GGUF file"))
    parser.add_argument("sentence", metavar="SENTENCE", nargs="?", help=say("what the model reads"))
    parser.add_argument(
        "--layer", type=values.index_or_all, metavar="N|all", help=say("which layer, from 0; all is the same as --list")
    )
    heads = say("which head, from 0; all: the whole layer, with W_O")
    parser.add_argument("--head", type=values.index_or_all, metavar="N|all", help=heads)
    parser.add_argument("--query", metavar="TOKEN", help=say("the token that asks (default: the last word)"))
    parser.add_argument("--list", action="store_true", help=say("whom the token attends to in every head"))
    parser.add_argument("--to", metavar="TOKEN", help=say("with --list: first the heads that give most to this token"))
    top = say("with --list: only the first N heads (default: 20, in json all)")
    parser.add_argument("--top", type=values.heads, metavar="N", help=top)
    shared.add_format(parser, "capture", more=say("of the list"))
    parser.add_argument("--from", dest="arrays", metavar="FILE", help=say("Q, K and V from this .npz file"))
    parser.add_argument("--tokens", metavar="WORDS", help=say("the tokens of --from, with blanks between them"))
    parser.add_argument("--causal", action="store_true", help=say("with --from: no token sees those after it"))
    shared.add_language(parser)
    shared.add_output(parser)
    return parser


PARSERS: dict[str, Callable[[], CommandParser]] = {
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
