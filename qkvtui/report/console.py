"""A rich console that writes to a string and asks nobody anything."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from ..views.look import Look


class _AsciiText(StringIO):
    """Tells rich that only ASCII can be shown, so that trees get ASCII branches."""

    encoding = "ascii"


def report_console(look: Look, color: str | None, no_color: bool) -> Console:
    """A console of the look's width: the same input gives the same bytes, wherever it runs."""
    return Console(
        file=_AsciiText() if look.ascii else StringIO(),
        width=look.width,
        height=1000,
        force_terminal=color is not None,
        color_system=color,  # type: ignore[arg-type]
        no_color=no_color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )


def plain_lines(console: Console) -> str:
    """What was printed, without blanks at the ends of lines."""
    file = console.file
    assert isinstance(file, StringIO)
    return "".join(line.rstrip() + "\n" for line in file.getvalue().split("\n")[:-1])
