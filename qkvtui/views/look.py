"""How a page is to look: what it is made for, and the colours."""

from __future__ import annotations

from rich.text import Text

from ..narration.sentences import Sentence
from ..narration.tells import SLOT
from ..pages.room import PageRoom, TokensAs
from ..records import record
from .palette import DARK, Palette, text_of

__all__ = ["SLOT", "Look", "TokensAs"]


@record(frozen=True)
class Look(PageRoom):
    """How a page is to look."""

    palette: Palette = DARK

    def learning(self, name: str, **values: object) -> str:
        """One of the language's texts about learning; only where no token is among the values."""
        return self.signs(self.texts.learning[name].format(**values))

    def studying(self, name: str, **values: object) -> str:
        """One of the learning screen's texts; only where no token is among the values."""
        return self.signs(self.texts.studying[name].format(**values))

    def keys(self, shown: str) -> str:
        """Keyboard keys, with the language's word for the one that has no letters on it."""
        return self.signs(
            " ".join(self.texts.words["space_key"] if one == "space" else one for one in shown.split(" "))
        )

    def styled(self, sentence: Sentence) -> Text:
        """A sentence with its roles as colours; tokens stay as they are."""
        return text_of(self.spoken(sentence), self.palette)
