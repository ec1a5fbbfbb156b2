"""What a page is made for: its room, digits, language, characters, and what is not to be seen on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, Self

from ..narration.language import LanguageTexts, language_texts
from ..narration.sentences import Sentence, filled
from ..operations.residual import Below
from ..records import record
from ..trace.hidden import NOTHING, Hidden
from ..trace.parts import Step
from .lines import Line, Pen
from .notation import NOTATIONS, Notation, NotationName

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
        "α": "alpha",
        "ε": "eps",
        "Φ": "Phi",
        "₀": "0",
        "₊": "+",
        "₂": "2",
        "₃": "3",
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
        "┴": "+",
        "┐": "+",
        "┘": "+",
        "░": "'",
        "▒": ":",
        "▓": "%",
        "◆": "@",
        "○": "o",
        "┆": ":",
        "▸": ">",
        "◂": "<",
        "▾": "v",
        "▴": "^",
        "›": ">",
        "‹": "<",
        "✗": "x",
        "✓": "v",
        "§": "src",
        "■": "end",
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

_FORMULA_WORD = re.compile(r"\b(bias|label|mean|sink)\b")
"""What a formula says in a word; the name of that word in each language."""

TokensAs = Literal["rows", "columns"]


@record(frozen=True)
class PageRoom:
    """What a page is made for."""

    width: int
    height: int | None = None
    """Rows there are for the drawing; None: as many as it needs."""
    digits: int = 2
    language: str = "en"
    ascii: bool = False
    hidden: Hidden = NOTHING
    """Numbers that are not to be shown, nor given away by what is drawn or said around them."""
    revealed: bool = False
    """Whether the hidden numbers are filled in after all, on a page that is otherwise as it would be without them."""
    tokens_as: TokensAs = "rows"
    """How matrices are shown: as they are addressed, or turned over, as in books that write Q = W X."""
    notation: NotationName = "paper"
    """Whose signs stand for the quantities."""

    @property
    def in_columns(self) -> bool:
        """Whether tokens are columns."""
        return self.tokens_as == "columns"

    @property
    def texts(self) -> LanguageTexts:
        """The texts of the language, for readers whose tokens are rows or columns."""
        return language_texts(self.language, self.in_columns)

    def formula(self, step: Step) -> str:
        """A step's formula, in the program's own signs and the language's words."""
        formula = step.formula_in_columns if self.in_columns else step.formula
        return _FORMULA_WORD.sub(lambda found: self.texts.words[found[0]], self.symbols(formula))

    @property
    def called(self) -> Notation:
        """Whose signs stand for the quantities: its table."""
        return NOTATIONS[self.notation]

    def withholds(self, name: str, head: int = 0) -> bool:
        """Whether a number of this step in this head is hidden, and not shown as an answer either."""
        return not self.revealed and self.hidden.touches(name, head)

    def symbols(self, text: str) -> str:
        """A sign, or a formula of signs, in the notation that is asked for."""
        return self.signs(self.called.formula(text, self.in_columns))

    def step_name(self, step: Step) -> str:
        """What a step is called."""
        if isinstance(step.type.operation, Below):
            return self.word("hidden_states")
        return self.signs(self.called.sentence(self.texts.step_names[step.id]))

    def of_key(self, symbol: str) -> str:
        """The sign of the tokens that are looked at, a line each."""
        return self.signs(self.called.of_key(symbol))

    def of_token(self, symbol: str, token: str) -> str:
        """The sign of one token's row; the token stays as it is."""
        return self.called.of_token(symbol, token)

    def sized(self, width: int, height: int | None) -> Self:
        """The same with other sizes."""
        return replace(self, width=width, height=height)

    def signs(self, text: str) -> str:
        """The program's own text, in ASCII where that is asked for."""
        return text.translate(_ASCII) if self.ascii else text

    def word(self, name: str, **values: object) -> str:
        """One of the language's short texts."""
        return self.signs(self.called.sentence(self.texts.word(name, **values)))

    def filled_word(self, name: str, **values: Sentence) -> Line:
        """One of the language's short texts, filled with sentences, in the program's own signs."""
        return self.spoken(filled(self.texts.words[name], values.__getitem__))

    def spoken(self, sentence: Sentence) -> Line:
        """A sentence in the program's own signs; tokens stay as they are."""
        pen = Pen()
        for span in sentence:
            pen.write(span.text if span.role.is_token else self.signs(self.called.sentence(span.text)), span.role)
        return pen.line
