"""What the application's options ask of the program itself: its version, its manual, what completes its words."""

from __future__ import annotations

from .. import __version__
from ..command_line import LessonOptions
from ..errors import UsageError
from ..said import say


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
    from .scripts import completion_script

    return completion_script(options.print_completion or "")
