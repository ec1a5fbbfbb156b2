"""The README as it stands in the package's metadata: nothing in it leads to a file that is not there.

Where `[project.urls]` names a `Source`, pictures and links go there; without an address pictures are left out, and
links to files are their text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURE = re.compile(r"^!\[(?P<text>[^\]]*)\]\((?P<file>(?!https?:)[^)]+)\)\n+", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<file>(?!https?:|#)[^)]+)\)")


class LongDescription(MetadataHookInterface):
    """What hatchling calls for the metadata that `dynamic` names."""

    def update(self, metadata: dict[str, Any]) -> None:
        """The text of the README, as a page elsewhere can show it."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        source = metadata.get("urls", {}).get("Source", "").rstrip("/")
        if source:
            text = _PICTURE.sub(lambda it: f"![{it['text']}]({source}/raw/HEAD/{it['file']})\n\n", text)
            text = _LINK.sub(lambda it: f"[{it['text']}]({source}/blob/HEAD/{it['file']})", text)
        else:
            text = _LINK.sub(r"\g<text>", _PICTURE.sub("", text))
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
