"""What is bound to a keyboard key, whichever screen it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Bound:
    """One thing that one can do."""

    name: str
    """Its texts stand in the language files under this name."""
    bindings: tuple[str, ...]
    """Textual's names of the keyboard keys."""
    shown: str
    """The keyboard keys as a reader sees them."""
    of_app: bool = field(default=False, kw_only=True)
    """Whether the application has the method `action_NAME` for it."""
    footer: str = field(default="", kw_only=True)
    """The name of its text in the footer; empty: only on the help page."""
    footer_keys: str = field(default="", kw_only=True)
    """The keyboard keys in the footer where they differ from `shown`."""

    @property
    def call(self) -> str:
        """Textual's name of what it calls."""
        return f"app.{self.name}" if self.of_app else self.name

    def bound_call(self, key: str) -> str:
        """What one of its keyboard keys calls: of the application through the screen, whose line may want the key."""
        return f"of_app('{self.name}')" if self.of_app else self.call


class Offer(NamedTuple):
    """Something that one can do, in a language's words."""

    action: Bound
    label: str
    about: str
