"""Files that are written whole or not at all: a failure leaves what was there before."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from ..errors import UsageError, reason_of
from ..said import say
from ..signals import held
from .clean import clean_line
from .restricted import require_writing
from .source import was_read


class AlreadyThereError(UsageError):
    """There is a file already, and nobody said that it may be overwritten."""

    def __init__(self, path: str) -> None:
        super().__init__(say("{path}: there is such a file already", path=clean_line(path)))


def require_replaceable(path: str, *, force: bool) -> None:
    """Refuse to let a command's result take the place of a file; the one rule for every command.

    Only with `force` is a file replaced, and never one that was read for this result. Raises UsageError.
    """
    if was_read(path):
        raise UsageError(
            say("{path}: is read, and what is read is never replaced; name another file", path=clean_line(path))
        )
    if os.path.lexists(path) and not force:
        raise UsageError(say("{problem}; --force replaces it", problem=str(AlreadyThereError(path))))


def write_file(path: str, data: bytes, *, overwrite: bool, mode: int | None = None) -> None:
    """Write one file, with these permissions (None: those of the file that is replaced, or of any new one).

    Raises OSError; without `overwrite` AlreadyThereError where it is there, even if just now.
    """
    with held(), _staged(path, data, mode) as temporary:
        _publish(temporary, path, overwrite=overwrite)


def write_together(files: Mapping[str, bytes], *, overwrite: bool) -> None:
    """Write several files in this order, all or none of them.

    Raises UsageError; without `overwrite` AlreadyThereError where one of them is there, even if it came just now.
    """
    for path in files:
        _check(path, overwrite=overwrite)
    with held(), ExitStack() as temporaries, ExitStack() as undo:
        staged: dict[str, str] = {}
        for path, data in files.items():
            with _explained(path):
                staged[path] = temporaries.enter_context(_staged(path, data))
        for path, temporary in staged.items():
            with _explained(path):
                before = temporaries.enter_context(_staged(path, _read(path))) if os.path.isfile(path) else None
                _publish(temporary, path, overwrite=overwrite)
            undo.callback(_put_back, before, path)
        undo.pop_all()


def why_unwritable(error: OSError | ValueError, path: str) -> str:
    """What is wrong, for a file that cannot be written."""
    match error:
        case IsADirectoryError():
            return say("is a folder; name a file in it")
        case FileNotFoundError() | NotADirectoryError():
            return say("there is no folder {folder}", folder=clean_line(os.path.dirname(path)))
        case OSError():
            return say("cannot be written ({reason})", reason=reason_of(error))
    return say("is not a path that can be written")


def _check(path: str, *, overwrite: bool) -> None:
    if os.path.isdir(path):
        raise _refusal(IsADirectoryError(), path)
    if os.path.lexists(path) and not overwrite:
        raise AlreadyThereError(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(say("{path}: is a device or a pipe, not a file", path=clean_line(path)))


@contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise _refusal(error, path) from None


def _refusal(error: OSError | ValueError, path: str) -> UsageError:
    return UsageError(say("{file}: {problem}", file=clean_line(path), problem=why_unwritable(error, path)))


@contextmanager
def _staged(path: str, data: bytes, mode: int | None = None) -> Iterator[str]:
    """A file in the same folder that can take the place of the one at `path`; gone at the end, if it did not."""
    require_writing(path)
    import tempfile  # only here: it loads much that printing to a terminal does not need

    folder = os.path.dirname(path) or os.curdir
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".qkvtui-", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(path) if mode is None else mode)
        yield temporary
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _publish(temporary: str, path: str, *, overwrite: bool) -> None:
    if not overwrite:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise AlreadyThereError(path) from None
        except OSError:  # a file system without links: the look that _check took has to do
            pass
        else:
            return
    os.replace(temporary, path)


def _put_back(before: str | None, path: str) -> None:
    with suppress(OSError):
        if before is None:
            os.unlink(path)
        else:
            os.replace(before, path)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _mode(path: str) -> int:
    """The permissions of the file that is replaced, or those any new file gets."""
    with suppress(OSError):
        return os.stat(path).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
