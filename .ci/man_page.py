"""Puts the page for `man` into the wheel, in the languages of the program, as the parsers of this very tree make it."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDERS = {"en": "man1", "zh": "zh_CN/man1"}
"""Where `man` looks for a page in a language, below share/man."""


class ManPage(BuildHookInterface):
    """What hatchling calls before and after it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages beside the tree, and name them."""
        sys.path.insert(0, self.root)
        from qkvtui.shell.man import man_page  # needs nothing but Python

        self._written = TemporaryDirectory()
        for language, folder in _FOLDERS.items():
            path = Path(self._written.name, language, "qkvtui.1")
            path.parent.mkdir()
            path.write_text(man_page(language), encoding="utf-8")
            build_data["shared_data"][str(path)] = f"share/man/{folder}/qkvtui.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """The pages are in the wheel."""
        self._written.cleanup()
