"""Writing what a screen shows as a new example file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..errors import QkvtuiError
from ..files.write import write_example
from .prompt import LinePrompt

if TYPE_CHECKING:
    from .drawn import DrawnScreen


def write(screen: DrawnScreen) -> None:
    """Ask for the name of a new file."""
    original, _ = screen.to_write()
    name = os.path.splitext(os.path.basename(original.name))[0]
    proposal = f"{name if name != '-' else 'example'}-{screen.changed_how}.toml"
    screen.query_one(LinePrompt).ask("write", proposal, "write_hint")


def written(screen: DrawnScreen, path: str, *, overwrite: bool = False) -> None:
    """Write the changed example; one that is there is only replaced after a question."""
    if os.path.exists(path) and not overwrite:
        screen.to_overwrite = path
        screen.query_one(LinePrompt).ask("overwrite", "", "overwrite_hint", file=path)
        return
    original, changed = screen.to_write()
    write_example(path, original, changed, overwrite=overwrite)
    screen.say("written", file=path)


def overwritten(screen: DrawnScreen, answer: str) -> None:
    """Only `y` replaces the file."""
    if answer.strip().lower() not in ("y", "yes", "是"):
        screen.say("not_written", file=screen.to_overwrite)
        return
    try:
        written(screen, screen.to_overwrite, overwrite=True)
    except QkvtuiError:
        screen.query_one(LinePrompt).ask("write", screen.to_overwrite, "write_hint")  # it is the name that is refused
        raise
