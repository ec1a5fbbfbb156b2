"""What may stand on a command line: one parser a command."""

from __future__ import annotations

from collections.abc import Callable

from . import help_texts as told
from . import options as values
from . import shared_options as shared
from .said import say
from .usage import CommandParser

SHELLS = ("bash", "zsh", "fish")
"""The shells that complete what is typed."""

HIDING = " "
"""Goes before `-#ADDRESS`, standard input with an address, so that argparse does not take it for an option."""


def _application_parser() -> CommandParser:
    about = say("Walk through transformer attention one number at a time, in a terminal.")
    parser = CommandParser("qkvtui", about, told.APPLICATION)
    parser.add_argument(
        "example", metavar="EXAMPLE", type=example_named, nargs="?", help=say("a bundled name, a path, or -")
    )
    group = parser.add_argument_group(say("where to begin"))
    shared.add_choice_options(group)
    shared.add_target(group)
    shared.add_looks(parser, writing=True)
    linear = say("no screen: each step as sentences, a command a line, for screen readers and braille")
    parser.add_argument("--linear", action="store_true", help=linear)
    parser.add_argument("--watch", action="store_true", help=say("read the file again whenever it changes"))
    group = parser.add_argument_group(say("a class")).add_mutually_exclusive_group()
    lead = say("write at each move where you are to FILE, for the sessions that follow it")
    group.add_argument("--lead", type=values.file_name, metavar="FILE", help=lead)
    follow = say("go where the session goes that leads with FILE; f comes back to it")
    group.add_argument("--follow", type=values.file_name, metavar="FILE", help=follow)
    parser.add_argument("--no-state", action="store_true", help=say("remember nothing, and recall nothing"))
    parser.add_argument("-V", "--version", action="store_true", help=say("which version this is"))
    verbose = say("with --version: what a report of a bug should say")
    parser.add_argument("--verbose", action="store_true", help=verbose)
    completion = say("write what makes a shell complete commands, options, examples, steps and tokens")
    parser.add_argument("--print-completion", choices=SHELLS, help=completion)
    parser.add_argument("--print-man", action="store_true", help=say("write the page for 'man', all commands on it"))
    return parser


def _print_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui print", say("The lesson as a page of text, HTML or LaTeX, or its numbers."), told.PRINT
    )
    parser.add_argument(
        "examples", metavar="EXAMPLE", type=example_named, nargs="+", help=say("a bundled name, a path, or -")
    )
    group = parser.add_argument_group(say("what is shown"))
    shared.add_target(group)
    shared.add_choice_options(group, several=True)
    looked_at = say("the token that is looked at (default: the one that gets most)")
    group.add_argument("--to", metavar="TOKEN", help=looked_at)
    group.add_argument(
        "--step", metavar="ID[,ID...]", help=say("only these steps, such as scores,weights; left@1 is of layer 1")
    )
    questions = say("the questions a beginner asks, answered; with --step only those that arise there")
    group.add_argument("--questions", action="store_true", help=questions)
    stops = say("in place of the steps: a teacher's stops and the lesson's questions; --key adds the answers")
    group.add_argument("--stops", action="store_true", help=stops)
    pictures = say(
        "in place of the steps: the flow as a whole, a step's matrix as a whole, query and keys as arrows, or all heads"
    )
    group.add_argument("--picture", choices=("flow", "matrix", "arrows", "heads"), help=pictures)
    group = shared.add_what_if(parser)
    group.add_argument("--before", action="store_true", help=say("show beside what was changed what it was before"))
    group = parser.add_argument_group(say("worksheets"))
    shared.add_blank(group)
    group.add_argument("--key", action="store_true", help=say("the same with its answers; csv and json can be graded"))
    shared.add_random(group)
    shared.add_looks(parser, writing=True, width=True)
    shared.add_result(parser, "print")
    return parser


def _why_parser() -> CommandParser:
    parser = CommandParser("qkvtui why", say("One number, opened back to the inputs, as a tree."), told.WHY)
    parser.add_argument("example", metavar="EXAMPLE", help=say("a bundled name, a path, or -"))
    parser.add_argument("address", metavar="ADDRESS", help=say("'weights[it,animal]', or weights:it,animal"))
    group = parser.add_argument_group(say("what is shown"))
    shared.add_target(group)
    group.add_argument(
        "--depth",
        type=values.depth,
        metavar="N",
        help=say("open only N levels (default: down to the file; of a model, as many as fit a few pages)"),
    )
    shared.add_what_if(parser)
    shared.add_looks(parser, width=True)
    shared.add_result(parser, "why")
    return parser


def _check_parser() -> CommandParser:
    parser = CommandParser("qkvtui check", say("Is the file sound, and do its published numbers hold?"), told.CHECK)
    parser.add_argument(
        "examples",
        metavar="EXAMPLE",
        type=example_named,
        nargs="*",
        help=say(
            "a bundled name, a path, or -; with --answers it may be left out where the file says which sheet it is"
        ),
    )
    shared.add_target(parser)
    group = parser.add_argument_group(say("grading a worksheet"))
    group.add_argument(
        "--answers", metavar="FILE", help=say("CSV or JSON: points for each step, a reason for each mistake")
    )
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help=say("with --blank: the token that asked"))
    group.add_argument("--head", metavar="N|all", help=say("with --blank: which head"))
    shared.add_random(group)
    _add_digits_and_language(parser)
    shared.add_result(parser, "check", more=say("github: annotations of the lines"))
    return parser


def _grade_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui grade", say("The answers of a class as one table, and what most got wrong."), told.GRADE
    )
    sheet = say(
        "the file that 'print --blank LEVEL --format csv' wrote, or the example, with the options of that 'print'"
    )
    parser.add_argument("sheet", metavar="SHEET", type=example_named, help=sheet)
    parser.add_argument("files", metavar="ANSWERS", nargs="+", help=say("filled-in worksheets, CSV or JSON, or -"))
    group = parser.add_argument_group(say("where SHEET is an example"))
    shared.add_blank(group)
    group.add_argument("--query", metavar="TOKEN", help=say("the token that asked"))
    group.add_argument("--head", metavar="N|all", help=say("which head"))
    group.add_argument("--step", metavar="ID[,ID...]", help=say("only these steps"))
    shared.add_random(group)
    _add_digits_and_language(parser)
    shared.add_result(parser, "grade")
    return parser


def _learn_parser() -> CommandParser:
    parser = CommandParser("qkvtui learn", say("Train the matrices, and see how they change."), told.LEARN)
    parser.add_argument("example", metavar="EXAMPLE", type=example_named, help=say("a bundled name, a path, or -"))
    group = parser.add_argument_group(say("what is shown"))
    group.add_argument("--query", metavar="TOKEN", help=say("whose attention is shown: its text or its index from 0"))
    group.add_argument("--head", metavar="N", help=say("in which head, from 0 (default: the target's, else 0)"))
    group.add_argument(
        "--every", type=values.updates, metavar="N", help=say("a line each N updates instead of the story")
    )
    sentences = say("of labels: what is read from each sentence instead")
    group.add_argument("--sentences", action="store_true", help=sentences)
    group = parser.add_argument_group(say("learning otherwise than the file says"))
    group.add_argument("--steps", type=values.updates, metavar="N", help=say("how many updates"))
    group.add_argument("--rate", type=values.rate, metavar="R", help=say("how far an update goes"))
    group.add_argument("--optimizer", choices=("sgd", "momentum", "adam"), help=say("how the gradient is used"))
    group.add_argument("--seed", type=values.seed, metavar="N", help=say("start from random numbers, these"))
    shared.add_looks(parser, width=True)
    shared.add_result(parser, "learn")
    return parser


def _patch_parser() -> CommandParser:
    about = say("Rows of one run patched into another: which row, which layer and which head carries it.")
    parser = CommandParser("qkvtui patch", about, told.PATCH)
    parser.add_argument("example", metavar="EXAMPLE", type=example_named, help=say("a bundled name, a path, or -"))
    others = say(
        "where the rows come from, another example or other words for this one to read, and the number to watch; "
        "default: as the file says"
    )
    parser.add_argument("others", metavar="OTHER", nargs="*", help=others)
    shared.add_target(parser)
    shared.add_looks(parser, width=True)
    shared.add_result(parser, "patch")
    return parser


def _serve_parser() -> CommandParser:
    about = say("The application in browsers: whoever opens the page walks through the lessons, and changes no file.")
    parser = CommandParser("qkvtui serve", about, told.SERVE)
    example = say("a bundled name, or a path; without it each visitor chooses")
    parser.add_argument("example", metavar="EXAMPLE", type=example_named, nargs="?", help=example)
    group = parser.add_argument_group(say("the server"))
    host = say("the address that is listened at (default: 127.0.0.1, this computer only; 0.0.0.0: the network too)")
    group.add_argument("--host", metavar="HOST", help=host)
    port = say("the port (default: 8000; 0: any that is free)")
    group.add_argument("--port", type=values.port, metavar="PORT", help=port)
    visitors = say("how many at once, the next waits (default: 30, which take about 1.3 GiB of memory)")
    group.add_argument("--visitors", type=values.visitors, metavar="N", help=visitors)
    each = say("how many at once from one address (default: any number, for a class behind one router has one)")
    group.add_argument("--visitors-per-address", type=values.visitors, metavar="N", help=each)
    name = say("the name by which visitors come, where a proxy hands them on to this computer")
    group.add_argument("--name", metavar="NAME", help=name)
    follow = say("go where the session goes that leads with FILE; f comes back to it")
    parser.add_argument_group(say("a class")).add_argument(
        "--follow", type=values.file_name, metavar="FILE", help=follow
    )
    shared.add_looks(parser, writing=True)
    return parser


def _list_parser() -> CommandParser:
    parser = CommandParser("qkvtui list", say("The bundled examples, one line each."), told.LIST)
    shared.add_language(parser)
    return parser


def _config_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui config", say("What is set and why, where the files are, and what is remembered."), told.CONFIG
    )
    forget = say(
        "delete what the application remembers: lessons seen, places, language and colours chosen there, "
        "changes not written"
    )
    parser.add_argument("--forget", action="store_true", help=forget)
    shared.add_looks(parser, writing=True)
    return parser


def _capture_parser() -> CommandParser:
    parser = CommandParser(
        "qkvtui capture", say("A head of a real model, a layer or all of it, as an example."), told.CAPTURE
    )
    parser.add_argument("model", metavar="MODEL", nargs="?", help=say("the folder of a model, or a GGUF file"))
    parser.add_argument("sentence", metavar="SENTENCE", nargs="?", help=say("what the model reads"))
    shared.add_target(parser)
    group = parser.add_argument_group(say("which head"))
    layers = say("which layer, from 0 (default: the whole model); all is the same as --list")
    group.add_argument("--layer", type=values.index_or_all, metavar="N|all", help=layers)
    heads = say("which head, from 0; all: the whole layer, with W_O")
    group.add_argument("--head", type=values.index_or_all, metavar="N|all", help=heads)
    group.add_argument("--query", metavar="TOKEN", help=say("the token that asks (default: the last word)"))
    group.add_argument("--list", action="store_true", help=say("whom the token attends to in every head"))
    group.add_argument("--to", metavar="TOKEN", help=say("with --list: first the heads that give most to this token"))
    top = say("with --list: only the first N heads (default: 20, in json all)")
    group.add_argument("--top", type=values.heads, metavar="N", help=top)
    group.add_argument("--title", type=values.title, metavar="TEXT", help=say("what the example is called"))
    group = parser.add_argument_group(say("arrays instead of a model"))
    group.add_argument("--from", dest="arrays", metavar="FILE", help=say("Q, K and V from this .npz file"))
    group.add_argument("--tokens", metavar="WORDS", help=say("the tokens of --from, with blanks between them"))
    group.add_argument("--causal", action="store_true", help=say("with --from: no token sees those after it"))
    shared.add_language(parser)
    shared.add_result(parser, "capture", more=say("of the list"))
    return parser


def _add_digits_and_language(parser: CommandParser) -> None:
    group = parser.add_argument_group(say("how it looks"))
    shared.add_digits(group)
    shared.add_language(group)


def _new_parser() -> CommandParser:
    about = say("An example to start from, for a sentence of yours, or from arrays that you have.")
    parser = CommandParser("qkvtui new", about, told.NEW)
    words = say("its words become the tokens; of Chinese without blanks, its characters")
    parser.add_argument("sentence", metavar="SENTENCE", nargs="?", help=words)
    parser.add_argument("--query", metavar="TOKEN", help=say("the token that asks (default: the last word)"))
    others = say("other numbers for the sentence (default: 0)")
    parser.add_argument("--seed", type=values.seed, metavar="N", help=others)
    group = parser.add_argument_group(say("arrays instead of a sentence"))
    arrays = say("from this .npz file: X, W_Q and so on, or Q, K, V, and settings, named as in an example")
    group.add_argument("--from", dest="arrays", metavar="FILE", help=arrays)
    group.add_argument("--tokens", metavar="WORDS", help=say("the tokens of --from, with blanks between them"))
    group.add_argument("--causal", action="store_true", help=say("with --from: no token sees those after it"))
    shared.add_language(parser)
    shared.add_output(parser.add_argument_group(say("the result")))
    return parser


PARSERS: dict[str, Callable[[], CommandParser]] = {
    "": _application_parser,
    "print": _print_parser,
    "why": _why_parser,
    "check": _check_parser,
    "grade": _grade_parser,
    "learn": _learn_parser,
    "patch": _patch_parser,
    "serve": _serve_parser,
    "new": _new_parser,
    "list": _list_parser,
    "capture": _capture_parser,
    "config": _config_parser,
}
"""The parser of each command; "" is the application."""


def example_named(text: str) -> str:
    """What stands for an example, as it was typed."""
    return text.removeprefix(HIDING) if text.startswith(f"{HIDING}-#") else text
