"""Work in a thread that can be asked to stop: where it takes its time, it looks now and then whether it is wanted."""

from __future__ import annotations

import threading

_OWN = threading.local()


class StoppedError(Exception):
    """The work is not wanted any more; nobody waits for what it would have found."""


def can_be_stopped_by(asked: threading.Event) -> None:
    """From now on the work of this thread ends once that is set."""
    _OWN.asked = asked


def go_on_if_wanted() -> None:
    """Raise StoppedError in a thread whose work is not wanted any more."""
    asked: threading.Event | None = getattr(_OWN, "asked", None)
    if asked is not None and asked.is_set():
        raise StoppedError
