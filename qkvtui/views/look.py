"""How a page is to look: its room, digits, language, colours and characters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rich.text import Text

from ..narration.language import LanguageTexts, language_texts
from ..narration.sentences import Sentence
from ..narration.tells import SLOT
from ..operations.tensors import Address
from ..trace.hidden import NOTHING, Hidden
from ..trace.trace import Step
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
        "²": "^2",
        "±": "+-",
        "∇": "d",
        "\u0302": "^",  # the hat of Adam's m̂
        "●": "O",
        "┼": "+",
        "┤": "|",
        "ᵀ": "^T",
        "′": "'",
        "″": "''",
        "∞": "inf",
        "Σ": "sum",
        "→": "->",
        "←": "<-",
        "↑": "^",
        "↓": "|",
        "▶": ">",
        "├": "|",
        "└": "`",
        "─": "-",
        "━": "=",
        "Δ": "change ",
        "│": "|",
        "┬": "+",
        "┆": ":",
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


__all__ = ["SLOT", "Look", "TokensAs"]

TokensAs = Literal["rows", "columns"]


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
    hidden: Hidden = NOTHING
    """Numbers that are not to be shown, nor given away by what is drawn or said around them."""
    revealed: bool = False
    """Whether the hidden numbers are filled in after all, on a page that is otherwise as it would be without them."""
    tokens_as: TokensAs = "rows"
    """How matrices are shown: as they are addressed, or turned over, as in books that write Q = W X."""

    @property
    def in_columns(self) -> bool:
        """Whether tokens are columns."""
        return self.tokens_as == "columns"

    @property
    def texts(self) -> LanguageTexts:
        """The texts of the language, for readers whose tokens are rows or columns."""
        return language_texts(self.language, self.in_columns)

    def formula(self, step: Step) -> str:
        """A step's formula, in the program's own signs."""
        return self.signs(step.formula_in_columns if self.in_columns else step.formula)

    def sized(self, width: int, height: int | None) -> Look:
        """The same in another room."""
        return replace(self, width=width, height=height)

    def hides(self, name: str, row: int, column: int, head: int = 0) -> bool:
        """Whether a blank is to stand for this number of a step, or of a stage of softmax."""
        return not self.revealed and self.hidden.hides(name, row, column, head)

    def hides_cell(self, cell: Address) -> bool:
        """The same for an address."""
        return not self.revealed and self.hidden.hides_cell(cell)

    def signs(self, text: str) -> str:
        """The program's own text, in ASCII where that is asked for."""
        return text.translate(_ASCII) if self.ascii else text

    def word(self, name: str, **values: object) -> str:
        """One of the language's short texts."""
        return self.signs(self.texts.word(name, **values))

    def learning(self, name: str, **values: object) -> str:
        """One of the language's texts about learning; only where no token is among the values."""
        return self.signs(self.texts.learning[name].format(**values))

    def studying(self, name: str, **values: object) -> str:
        """One of the learning screen's texts; only where no token is among the values."""
        return self.signs(self.texts.studying[name].format(**values))

    def styled(self, sentence: Sentence) -> Text:
        """A sentence with its roles as colours; tokens stay as they are."""
        text = Text(no_wrap=True, end="")
        for span in sentence:
            text.append(self.signs(span.text) if not span.role.is_token else span.text, self.palette.role(span.role))
        return text
