"""The command line, from its arguments to the exit status. What a command does, it imports when it is run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from .arguments import asked, parse
from .command_line import (
    IN_BROWSER,
    CaptureOptions,
    ConfigOptions,
    GradeOptions,
    LearnOptions,
    LessonOptions,
    NewOptions,
    PageOptions,
    PatchOptions,
    ServeOptions,
    WhyOptions,
)
from .environment import (
    drop_senseless_sizes,
    few_threads,
    page_width,
    terminal_width,
    wants_color,
    without_colors,
    writable,
)
from .errors import QkvtuiError, UsageError, reason_of
from .help_page import HelpLook
from .localized import LANGUAGES
from .memory.config import Config
from .memory.settings import COLOR, LANGUAGE, held, settle, user_config
from .read_only import READ_ONLY, hold_to_reading
from .report.formats import SCHEMA
from .said import in_language, say
from .usage import HelpAsked

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from typing import Any, TextIO

COMPLETE = "--complete"
"""Asked by the scripts of `--print-completion`, not by people: no help names it."""

DONE, DISAGREES, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit status. Never ends in a traceback for what a user can mend."""
    if arguments[:1] == [COMPLETE]:
        return _complete(arguments[1:])
    drop_senseless_sizes(os.environ)
    config = user_config(os.environ)
    language = asked(arguments, "--lang", LANGUAGES) or str(held(LANGUAGE, PageOptions(), os.environ, config).value)
    try:
        if arguments[:1] == [IN_BROWSER]:
            return _run(list(arguments[1:]), language, config, in_browser=True)
        return _run(list(arguments), language, config)
    except QkvtuiError as error:
        _complain(str(error), language)
        return UNUSABLE
    except BrokenPipeError:
        _forget(sys.stdout)
        return DONE
    except OSError as error:
        _forget(sys.stdout)
        _complain(say("cannot write the output: {reason}", reason=reason_of(error)), language)
        return UNUSABLE
    except KeyboardInterrupt:
        _forget(sys.stdout)
        return INTERRUPTED


def _complete(arguments: Sequence[str]) -> int:
    """What a shell asks at each Tab: whatever goes wrong, a command line that is being typed is not written into."""
    few_threads(os.environ)
    try:
        from .shell.completion import completed

        sys.stdout.write(writable(completed(arguments), sys.stdout.encoding))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt):
        _forget(sys.stdout)
    return DONE


def _run(arguments: list[str], language: str, config: Config, *, in_browser: bool = False) -> int:
    """The exit status, once everything is written: that something cannot be is found out here, not at the very end."""
    try:
        name, options = parse(arguments, _help_look(arguments, language, config))
        hold_to_reading(options)
        settle(options, os.environ, config)
        if isinstance(options, LessonOptions):
            options.in_browser = in_browser
        for problem in config.problems:  # what the user's file says in vain; the command is run all the same
            _complain(problem, options.lang)
        status = _COMMANDS[name](options) if options.format != SCHEMA else _write_schema(name, options)
    except HelpAsked as asked_for:
        sys.stdout.write(writable(asked_for.page, sys.stdout.encoding))
        status = DONE
    sys.stdout.flush()
    return status


def _help_look(arguments: Sequence[str], language: str, config: Config) -> HelpLook:
    """How help is to look: as the options say, as far as they stand on the command line, and the terminal."""
    choice = asked(arguments, "--color", tuple(map(str, COLOR.allowed))) or str(
        held(COLOR, PageOptions(), os.environ, config).value
    )
    return HelpLook(
        language,
        page_width(None, terminal_width(), os.environ),
        codes=wants_color(choice, sys.stdout.isatty(), os.environ),
        colors=not without_colors(choice, os.environ),
    )


def _complain(message: str, language: str) -> None:
    from .files.clean import clean_line

    lines = "".join(f"qkvtui: {clean_line(line)}\n" for line in in_language(message, language).split("\n"))
    try:
        sys.stderr.write(writable(lines, sys.stderr.encoding))
        sys.stderr.flush()
    except OSError:  # nobody reads it; the exit status says it all the same
        _forget(sys.stderr)


def _forget(stream: TextIO) -> None:
    """Nobody reads what is still buffered: let the interpreter's last flush go nowhere instead of failing."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def _before_numpy(*, few: bool = False) -> None:
    """What has to be settled before NumPy is imported; `few` threads for a page of small sums."""
    from .signals import end_at_once

    end_at_once()
    if few:
        few_threads(os.environ)


def _run_application(options: LessonOptions) -> int:
    if options.asks_of_the_program:
        from .shell.asked import told_of_the_program

        sys.stdout.write(writable(told_of_the_program(options), sys.stdout.encoding))
        return DONE
    _before_numpy(few=True)
    from .commands import run_application

    return run_application(options)


def _write_schema(command: str, options: PageOptions) -> int:
    """What the JSON of a command looks like."""
    _before_numpy(few=True)
    from .report.output import Output
    from .report.schemas import schema_text

    Output(options.output, force=options.force).write(schema_text(command))
    return DONE


def _run_print(options: LessonOptions) -> int:
    _before_numpy(few=True)
    from .commands import run_print

    return run_print(options)


def _run_why(options: WhyOptions) -> int:
    _before_numpy(few=True)
    from .commands import run_why

    return run_why(options)


def _run_check(options: LessonOptions) -> int:
    _before_numpy(few=True)
    if options.answers is not None:
        from .grade_command import run_answers

        return run_answers(options)
    from .commands import run_check

    return run_check(options)


def _run_grade(options: GradeOptions) -> int:
    _before_numpy(few=True)
    from .grade_command import run_grade

    return run_grade(options)


def _run_learn(options: LearnOptions) -> int:
    _before_numpy(few=True)
    from .learn_command import run_learn

    return run_learn(options)


def _run_patch(options: PatchOptions) -> int:
    _before_numpy(few=True)
    from .patch_command import run_patch

    return run_patch(options)


def _run_serve(options: ServeOptions) -> int:
    if os.environ.get(READ_ONLY):
        raise UsageError(say("serve: {variable} is set, and who may only read serves nobody", variable=READ_ONLY))
    _before_numpy(few=True)
    from .serve_command import run_serve

    return run_serve(options)


def _run_new(options: NewOptions) -> int:
    _before_numpy(few=True)
    from .new_command import run_new

    return run_new(options)


def _run_capture(options: CaptureOptions) -> int:
    _before_numpy()
    from .capture_command import run_capture

    return run_capture(options)


def _run_config(options: ConfigOptions) -> int:
    from .config_command import run_config

    return run_config(options)


def _run_list(options: LessonOptions) -> int:
    from .list_command import listed

    sys.stdout.write(writable(listed(options), sys.stdout.encoding))
    return DONE


_COMMANDS: dict[str, Callable[[Any], int]] = {
    "": _run_application,
    "print": _run_print,
    "why": _run_why,
    "check": _run_check,
    "grade": _run_grade,
    "learn": _run_learn,
    "patch": _run_patch,
    "serve": _run_serve,
    "list": _run_list,
    "new": _run_new,
    "capture": _run_capture,
    "config": _run_config,
}
"""What a command of PARSERS does with its options."""
