"""A session that only reads, where the options or the environment ask for it."""

from __future__ import annotations

import os

from .command_line import PageOptions
from .errors import UsageError
from .files.find import bundled_folder
from .files.restricted import require_inside, restrict
from .said import say

READ_ONLY = "QKVTUI_READ_ONLY"
"""The variable that lets every command only read: 1, or the absolute path of the folder where files may be opened."""


def hold_to_reading(options: PageOptions) -> None:
    """Let the session only read where the option or the variable says so; an option frees from no variable.

    Raises UsageError.
    """
    said = os.environ.get(READ_ONLY, "")
    restrict(())
    if said:
        only_read(said if os.path.isabs(said) else os.curdir)
    elif options.folder is not None and not options.read_only:
        raise UsageError(say("--folder goes with --read-only"))
    if options.folder is not None:
        require_inside(options.folder)
        if not os.path.isdir(options.folder):
            raise UsageError(say("--folder {folder}: there is no such folder", folder=options.folder))
        only_read(options.folder)
    elif options.read_only and not said:
        only_read(os.curdir)


def only_read(folder: str) -> None:
    """From now on nothing is written, and no file is opened but those in a folder and the bundled ones."""
    restrict((folder, bundled_folder()))
