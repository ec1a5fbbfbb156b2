"""What `--print-completion` writes: a few lines for each shell, which ask the program itself at each Tab."""

from __future__ import annotations

import os

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def completion_script(shell: str) -> str:
    """The lines for one of the shells."""
    with open(os.path.join(_FOLDER, f"qkvtui.{shell}"), encoding="utf-8") as file:
        return file.read()
