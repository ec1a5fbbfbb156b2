"""The file of what is remembered: written whole, and shared with sessions that run at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from ..files.atomic import write_file
from ..files.find import bundled_names
from ..files.locks import lock
from ..files.restricted import is_restricted
from .folders import is_plain, is_there, make_private, read_bytes, state_path
from .remembered import KeptPlace, Recollection, read_remembered, written_remembered
from .unwritten import UnwrittenChanges

NO_STATE = "QKVTUI_NO_STATE"
"""The variable that keeps the application from remembering anything."""

_UNWRITTEN = "unwritten"
"""The folder beside the file."""
_TURNS, _TURN = 50, 0.01
"""How many times, and how many seconds each, one waits while another session writes."""


class Memory:
    """What is known of earlier sessions, and what this one adds.

    Where the file cannot be read or written, nothing is remembered, and that is no error: nobody came for it.
    """

    def __init__(self, path: str | None = None, settled: Mapping[str, str] | None = None) -> None:
        """Without a path, nothing outlives the session. `settled`: what the settings say of what can be chosen."""
        self._path = path
        self.unwritten = UnwrittenChanges(path and os.path.join(os.path.dirname(path), _UNWRITTEN))
        """Changes of lessons that nobody has written."""
        self._settled = dict(settled or {})
        self._before = Recollection()
        self._seen: set[str] = set()
        self._places: dict[str, KeptPlace] = {}
        self._last = ""
        self._choices: dict[str, str] = {}
        self._is_written = True
        self.is_foreign = False
        """Whether there is a file that this program does not understand; it stays as it is."""
        with suppress(OSError):
            before = self._read()
            self._before, self.is_foreign = before or Recollection(), before is None

    @property
    def known(self) -> Recollection:
        """Of earlier sessions and of this one."""
        return self._beside(self._before)

    @property
    def next_lesson(self) -> str | None:
        """The lesson to go on with: the last one until it is seen, then the first that is not; None after all."""
        known = self.known
        if known.last and known.last not in known.seen:
            return known.last
        return next((name for name in bundled_names() if name not in known.seen), None)

    def walked(self, name: str, place: KeptPlace) -> None:
        """A bundled lesson was walked through up to a place."""
        self._places[name] = place
        self._last = name
        self._is_written = False

    def finished(self, name: str) -> None:
        """A bundled lesson's last step was reached, which is written at once."""
        if name not in self.known.seen:
            self._seen.add(name)
            self._last = name
            self._is_written = False
            self.save()

    def choose(self, name: str, value: str) -> None:
        """The application is to begin with this language, this theme; what the settings say need not be remembered."""
        self._choices[name] = "" if value == self._settled.get(name) else value
        self._is_written = False

    def is_chosen(self, name: str) -> bool:
        """Whether somebody has chosen it in this session."""
        return name in self._choices

    def settle(self, name: str, value: str) -> None:
        """What would be, had nothing been chosen, has turned out to be this."""
        self._settled[name] = value

    def save(self) -> None:
        """Write what is new beside what other sessions have written meanwhile."""
        if self._path is not None and not self._is_written and not self.is_foreign:
            with suppress(OSError):
                self._write(self._path)
                self._is_written = True

    def _read(self) -> Recollection | None:
        """What is in the file; None where that is not understood. Raises OSError."""
        try:
            return read_remembered(b"" if self._path is None else read_bytes(self._path))
        except ValueError:
            return None

    def _write(self, path: str) -> None:
        folder = os.path.dirname(path)
        make_private(folder)
        if is_there(path) and not is_plain(path):  # a link to /dev/null: somebody wants nothing to be remembered
            return
        with _turn(folder):
            meanwhile = self._read()
            if meanwhile is not None:
                write_file(os.path.realpath(path), written_remembered(self._beside(meanwhile)), overwrite=True)

    def _beside(self, others: Recollection) -> Recollection:
        """This session's beside what is known from others."""
        seen = others.seen | self._seen
        places = {**others.places, **self._places}
        return Recollection(
            seen,
            {name: place for name, place in places.items() if name not in seen},
            self._last or others.last,
            {name: value for name, value in {**others.choices, **self._choices}.items() if value},
        )


def memory_of(
    environ: Mapping[str, str], *, settled: Mapping[str, str] | None = None, no_state: bool = False
) -> Memory:
    """What is remembered here; with `no_state`, the variable, or in a session that is read-only nothing."""
    return Memory(None if no_state or environ.get(NO_STATE) or is_restricted() else state_path(environ), settled)


def forget(path: str) -> bool:
    """Delete what is remembered; whether there was something. Raises OSError."""
    were_kept = UnwrittenChanges(os.path.join(os.path.dirname(path), _UNWRITTEN)).forget()
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return were_kept
    return True


@contextmanager
def _turn(folder: str) -> Iterator[None]:
    """While no other session reads and writes; one that takes too long is not waited for."""
    with ExitStack() as opened:
        with suppress(OSError):  # nothing can be locked here
            descriptor = os.open(folder, os.O_RDONLY)
            opened.callback(os.close, descriptor)
            lock(descriptor, turns=_TURNS, turn=_TURN)
        yield
