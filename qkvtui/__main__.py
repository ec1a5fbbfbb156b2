"""`python -m qkvtui` and the `qkvtui` command."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """Run the program; the exit status of the process."""
    _open_closed_streams()
    if sys.platform == "win32":
        os.system("")  # an older console shows colours after this, and their codes before
    try:
        from .cli import main as run
    except KeyboardInterrupt:  # as quietly as later
        return 130
    gc.set_threshold(10_000, 20, 20)  # few things are thrown away here: looking for them takes longer than the work
    status = run(sys.argv[1:])
    gc.freeze()  # nor is there anything to be gained at the end
    return status


def _open_closed_streams() -> None:
    """A standard stream that was closed (`>&-`) is None; what is written to it goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


if __name__ == "__main__":
    sys.exit(main())
