"""How a page is to look: its room, digits, language, colours and characters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.text import Text

from ..narration.language import LanguageTexts, language_texts
from ..narration.sentences import Sentence
from .palette import DARK, Palette

# Tokens are never translated, only the program's own signs.
_ASCII = str.maketrans(
    {
        "×": "x",
        "÷": "/",
        "·": "*",
        "−": "-",
        "≈": "~",
        "√": "sqrt ",
        "ᵀ": "^T",
        "′": "'",
        "″": "''",
        "∞": "inf",
        "Σ": "sum",
        "→": "->",
        "↓": "|",
        "├": "|",
        "└": "`",
        "─": "-",
        "│": "|",
        "┬": "+",
        "▸": ">",
        "◂": "<",
        "▾": "v",
        "›": ">",
        "‹": "<",
        "✗": "x",
        "✓": "v",
        "█": "#",
        "▌": ":",
        "…": "...",
        "⋮": ":",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
    }
)


@dataclass(frozen=True)
class Look:
    """How a page is to look."""

    width: int
    height: int | None = None
    """Rows there are for the drawing; None: as many as it needs."""
    digits: int = 2
    language: str = "en"
    ascii: bool = False
    palette: Palette = DARK

    @property
    def texts(self) -> LanguageTexts:
        """The texts of the language."""
        return language_texts(self.language)

    def sized(self, width: int, height: int | None) -> Look:
        """The same in another room."""
        return replace(self, width=width, height=height)

    def signs(self, text: str) -> str:
        """The program's own text, in ASCII where that is asked for."""
        return text.translate(_ASCII) if self.ascii else text

    def word(self, name: str, **values: object) -> str:
        """One of the language's short texts."""
        return self.signs(self.texts.word(name, **values))

    def styled(self, sentence: Sentence) -> Text:
        """A sentence with its roles as colours; tokens stay as they are."""
        text = Text(no_wrap=True, end="")
        for span in sentence:
            text.append(self.signs(span.text) if not span.role.is_token else span.text, self.palette.role(span.role))
        return text
