"""What the application's options ask of the program itself: its version, its manual, what completes its words."""

from __future__ import annotations

import os

from .. import __version__
from ..command_line import LessonOptions
from ..errors import UsageError
from ..said import say

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def told_of_the_program(options: LessonOptions) -> str:
    """What is to be written. Raises UsageError for options that say nothing together."""
    if options.verbose and not options.version:
        raise UsageError(say("--verbose goes with --version"))
    if options.verbose:
        from .versions import bug_report

        return bug_report(options)
    if options.version:
        return f"qkvtui {__version__}\n"
    if options.print_man:
        from .man import man_page

        return man_page(options.lang)
    return _completion_script(options.print_completion or "")


def _completion_script(shell: str) -> str:
    """The lines for one of the shells."""
    with open(os.path.join(_FOLDER, f"qkvtui.{shell}"), encoding="utf-8") as file:
        return file.read()
