"""`python -m qkvtui` and the `qkvtui` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; the exit status of the process."""
    from .cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
