"""`python -m qkvtui` and the `qkvtui` command."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `--help`
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> int:
    """Run the program; the exit status of the process."""
    _open_closed_streams()
    if sys.platform == "win32":
        os.system("")  # an older console shows colours after this, and their codes before
    try:
        from .cli import main as run
    except KeyboardInterrupt:  # as quietly as later
        return 130
    gc.set_threshold(50_000, 20, 20)  # few things are thrown away here: looking for them takes longer than the work
    return run(sys.argv[1:])


def command() -> NoReturn:
    """The program as a process: it ends without taking apart what it was made of, which takes as long as a page.

    Whoever traces or profiles it, or has asked Python for a prompt behind it, gets that at the end.
    """
    status = main()
    if _is_end_awaited():
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # whoever does not read it has been told by now, or is gone
            continue
    os._exit(status)


def _is_end_awaited() -> bool:
    """Whether something is to happen when Python itself ends."""
    if sys.gettrace() is not None or sys.getprofile() is not None or sys.flags.inspect:
        return True
    if sys.version_info < (3, 12):
        return False
    return any(sys.monitoring.get_tool(number) is not None for number in range(6))


def _open_closed_streams() -> None:
    """A standard stream that was closed (`>&-`) is None; what is written to it goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


if __name__ == "__main__":
    command()
