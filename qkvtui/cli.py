"""The command line: one parser a command. What a command does, it imports when it is run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from . import __version__
from .errors import QkvtuiError, UsageError

DONE, DISAGREES, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_ABOUT = "Walk through transformer attention one number at a time, in a terminal."

_COMMANDS_HELP = """\
commands:
  qkvtui [EXAMPLE]          the terminal application; without EXAMPLE, a picker
  qkvtui print EXAMPLE...   the same lesson as text: scripts, handouts, pipes
  qkvtui check EXAMPLE...   is the file sound, and do its published numbers hold?
  qkvtui list               the bundled examples, one line each
  qkvtui COMMAND --help     the options of a command

EXAMPLE is a bundled name (animal), a path, or - for standard input;
EXAMPLE#ADDRESS starts at that number: 'animal#scores[it,animal]'.

exit status: 0 done, 1 check found numbers that do not hold, 2 unusable input
or command line, 130 interrupted. NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS
are honoured."""

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit status. Never ends in a traceback for what a user can mend."""
    try:
        options = _parse(list(arguments))
        command: Command = options.command
        status = command(options)
        sys.stdout.flush()
        return status
    except QkvtuiError as error:
        _complain(str(error))
        return UNUSABLE
    except BrokenPipeError:
        _forget_output()
        return DONE
    except OSError as error:
        _forget_output()
        _complain(f"cannot write the output: {error.strerror or error}")
        return UNUSABLE
    except KeyboardInterrupt:
        _forget_output()
        return INTERRUPTED


def _complain(message: str) -> None:
    lines = "".join(f"qkvtui: {line}\n" for line in message.splitlines())
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(lines.encode(encoding, "backslashreplace").decode(encoding))


def _forget_output() -> None:
    """Nobody reads what is still buffered: let the interpreter's last flush go nowhere instead of failing."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _parse(arguments: list[str]) -> argparse.Namespace:
    name = arguments[0] if arguments and arguments[0] in _PARSERS else ""
    return _PARSERS[name]().parse_args(arguments[1:] if name else arguments)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong the way the rest of the program does."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(f"{message}\nsee '{self.prog} --help'")


def _parser(prog: str, description: str, **more: str) -> _Parser:
    return _Parser(
        prog=prog,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **more,  # type: ignore[arg-type]
    )


def _application_parser() -> _Parser:
    parser = _parser("qkvtui", _ABOUT, epilog=_COMMANDS_HELP)
    parser.add_argument("example", metavar="EXAMPLE", nargs="?", help="a bundled name, a path, or -")
    parser.add_argument("--version", action="version", version=f"qkvtui {__version__}")
    _add_choice_options(parser)
    _add_language(parser)
    _add_digits(parser)
    _add_ascii(parser)
    parser.set_defaults(command=_run_application)
    return parser


def _print_parser() -> _Parser:
    parser = _parser("qkvtui print", "The lesson as text, or its numbers as JSON.")
    parser.add_argument("examples", metavar="EXAMPLE", nargs="+", help="a bundled name, a path, or -")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_choice_options(parser)
    parser.add_argument("--step", metavar="ID[,ID...]", help="only these steps, such as scores,weights")
    _add_language(parser)
    _add_digits(parser)
    parser.add_argument("--width", type=_width, metavar="N", help="columns (default: the terminal's, 80 in a pipe)")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto, on a terminal only",
    )
    _add_ascii(parser)
    _add_output(parser)
    parser.set_defaults(command=_run_print)
    return parser


def _check_parser() -> _Parser:
    parser = _parser("qkvtui check", "Is the file sound, and do its published numbers hold?")
    parser.add_argument("examples", metavar="EXAMPLE", nargs="+", help="a bundled name, a path, or -")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_language(parser)
    _add_output(parser)
    parser.set_defaults(command=_run_check)
    return parser


def _list_parser() -> _Parser:
    parser = _parser("qkvtui list", "The bundled examples, one line each.")
    _add_language(parser)
    parser.set_defaults(command=_run_list)
    return parser


_PARSERS: dict[str, Callable[[], _Parser]] = {
    "": _application_parser,
    "print": _print_parser,
    "check": _check_parser,
    "list": _list_parser,
}


def _add_choice_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", metavar="TOKEN", help="the token that asks: its text or its index from 0")
    parser.add_argument(
        "--head", metavar="N|all", help="which head, from 0" + (" (or all)" if "print" in parser.prog else "")
    )


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), help="English or Chinese (default: from the locale)")


def _add_digits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--digits", type=_digits, default=2, metavar="N", help="decimals shown (default: 2)")


def _add_ascii(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ascii", action="store_true", help="no signs beyond ASCII, tokens excepted")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help="write to FILE, which stays whole if anything fails")


def _digits(text: str) -> int:
    return _whole_number(text, 0, 15)


def _width(text: str) -> int:
    return _whole_number(text, 20, 10_000)


def _whole_number(text: str, least: int, most: int) -> int:
    if not (text.isdecimal() and text.isascii() and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return int(text)


def _run_application(options: argparse.Namespace) -> int:
    from .commands import run_application

    return run_application(options)


def _run_print(options: argparse.Namespace) -> int:
    from .commands import run_print

    return run_print(options)


def _run_check(options: argparse.Namespace) -> int:
    from .commands import run_check

    return run_check(options)


def _run_list(options: argparse.Namespace) -> int:
    from .environment import preferred_language
    from .files.headings import bundled_headings

    language = options.lang or preferred_language(os.environ)
    headings = bundled_headings()
    width = max((len(heading.example.name) for heading in headings), default=0)
    encoding = sys.stdout.encoding or "utf-8"
    for heading in headings:
        line = f"{heading.example.name:<{width}}  {heading.title.in_language(language)}\n"
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
    return DONE
