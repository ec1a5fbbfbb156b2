"""The pictures of the README: the application's own screen, as SVG."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from unittest.mock import patch

from rich.cells import cell_len

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.package.readmes import FIRST, OTHERS
from tests.tui.driving import driven

FOLDER = Path(__file__).parent
SIZE = (80, 24)
_WEB_FONTS = re.compile(r"\s*@font-face \{.*?\}", flags=re.DOTALL)
_FONTS = "font-family: Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
_IDS = re.compile(r"terminal-\d+-")
_TEXT = re.compile(
    r'<text class="(r\d+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"(?: clip-path="[^"]*")?>(.*?)</text>\s*',
    flags=re.DOTALL,
)
_PIECE = re.compile(r"[\u2e80-\u9fff\uff00-\uff60]|[^\s\u2e80-\u9fff\uff00-\uff60]+")
_CLIPS = re.compile(r'<clipPath id="line-\d+">.*?</clipPath>\s*', flags=re.DOTALL)
_CELL = 12.2
"""The width of a terminal's cell in rich's pictures."""
_VARIABLES = ("NO_COLOR", "COLORTERM", "TERM", "COLUMNS", "LINES")


@dataclass(frozen=True)
class Picture:
    """One picture: an example after some keyboard keys, in a language."""

    name: str
    example: str
    keys: tuple[str, ...]
    language: str

    @property
    def file(self) -> Path:
        """Where the picture stands."""
        return FOLDER / f"{self.name}.{self.language}.svg"


_SCENES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("scores", "animal", ("5",)),
    ("weights", "animal", ("7",)),
    ("learning", "animal-learn", ("L", *("right",) * 12)),
)
PICTURES: tuple[Picture, ...] = tuple(Picture(*scene, language) for language in (FIRST, *OTHERS) for scene in _SCENES)
"""Those of each README."""


def draw(picture: Picture) -> str:
    """The screen of the picture: the same bytes every time."""
    with _plain_environment():
        return _plain_svg(asyncio.run(_screen(picture)))


def text_of(svg: str) -> list[tuple[float, float, str]]:
    """The words of a picture and where they stand: (y, x, word)."""
    return sorted((float(y), float(x), unescape(word)) for _, x, y, word in _TEXT.findall(svg))


async def _screen(picture: Picture) -> str:
    app = QkvtuiApp(lesson_of(picture.example), Look(*SIZE, language=picture.language))
    async with driven(app, SIZE) as pilot:
        await pilot.press(*picture.keys)
        return app.export_screenshot(title=f"qkvtui {picture.example} --lang {picture.language}")


def _plain_svg(svg: str) -> str:
    """A picture that looks the same in every viewer, and asks nobody on the net for a font."""
    svg = _IDS.sub("", _WEB_FONTS.sub("", svg)).replace("font-family: Fira Code, monospace", _FONTS)
    svg = _CLIPS.sub("", _TEXT.sub(_words, svg))
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines() if line.strip())


def _words(text: re.Match[str]) -> str:
    """Each word, and each Chinese character, at its own place: viewers disagree on widths."""
    style, left, y, escaped = text.groups()
    words = unescape(escaped)
    placed = []
    for piece in _PIECE.finditer(words):
        x = float(left) + _CELL * cell_len(words[: piece.start()])
        length = _CELL * cell_len(piece.group())
        placed.append(
            f'<text class="{style}" x="{x:.1f}" y="{y}" textLength="{length:.1f}">{escape(piece.group())}</text>\n'
        )
    return "".join(placed)


@contextmanager
def _plain_environment() -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if name not in _VARIABLES}
    with patch.dict(os.environ, kept, clear=True):
        yield
