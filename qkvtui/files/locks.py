"""Locks that last as long as a file is open, if only until the process ends."""

from __future__ import annotations

import errno
import os
import time

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def lock(descriptor: int, *, shared: bool = False, turns: int = 1, turn: float = 0.01) -> bool:
    """Lock an open file, alone or with others who share it; False where somebody has it after all turns, in seconds.

    Raises OSError where nothing can be locked: on some file systems, and on Windows.
    """
    if fcntl is None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
    for left in reversed(range(turns)):
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if left:
                time.sleep(turn)
        else:
            return True
    return False
