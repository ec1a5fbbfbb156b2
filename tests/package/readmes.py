"""The two READMEs, taken apart."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
FIRST = LANGUAGES[0]
OTHERS = [language for language in LANGUAGES[1:] if (ROOT / f"README.{language}.md").exists()]
"""The languages that there is a README in, one and the others."""


@dataclass(frozen=True)
class Readme:
    """One of them."""

    text: str

    @property
    def headings(self) -> list[str]:
        """The signs of its headings in order: `#`, `##`, …"""
        return re.findall(r"^(#+) ", _BLOCK.sub("", self.text), flags=re.MULTILINE)

    @property
    def shell(self) -> list[str]:
        """The command lines of all shell blocks, without comments."""
        lines = "".join(self.blocks("sh")).splitlines()
        return [shlex.join(shlex.split(line, comments=True)) for line in lines]

    def blocks(self, language: str) -> list[str]:
        """The fenced blocks in a language; without one, the map and the order of imports."""
        return [text for name, text in _BLOCK.findall(self.text) if name == language]

    def marked(self, name: str) -> str:
        """The shell block below `<!-- name -->`."""
        _, _, after = self.text.partition(f"<!-- {name} -->\n```sh\n")
        return after.partition("\n```\n")[0]

    @property
    def folders(self) -> list[str]:
        """The paths of the map."""
        return [line.split()[0] for line in self.blocks("")[0].splitlines()]

    @property
    def layers(self) -> list[list[str]]:
        """The order of imports: what stands further right may import what stands further left."""
        return [[name.strip() for name in layer.split("|")] for layer in self.blocks("")[1].split("<")]

    @property
    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        return re.findall(r"\]\(([^)\s]+)\)", self.text)

    @property
    def tables(self) -> list[list[list[str]]]:
        """Its tables: rows of cells, without the heading row."""
        found = re.findall(r"(?:^\|.*\n)+", self.text, flags=re.MULTILINE)
        return [
            [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
            for table in found
        ]


def quoted(text: str) -> list[str]:
    """What stands between backticks; the space key, which each language names, as it is called in the program."""
    spaces = {language_texts(language).words["space_key"] for language in LANGUAGES}
    return ["space" if one in spaces else one for one in re.findall(r"`([^`]+)`", text)]


def read(language: str) -> Readme:
    """The README in a language."""
    name = "README.md" if language == FIRST else f"README.{language}.md"
    return Readme((ROOT / name).read_text(encoding="utf-8"))
