"""What the tokens mean, for a reader of another language: `gloss` and `context_gloss`."""

from __future__ import annotations

from ..localized import Localized
from ..said import say
from .draft import Table
from .phrases import counted
from .textlists import read_texts


def read_gloss(top: Table, name: str, tokens: tuple[str, ...] | None) -> tuple[Localized, ...]:
    """One text for each token, or none at all; after reporting what is wrong with them."""
    if name not in top:
        return ()
    if tokens is None and name == "context_gloss":
        top.report(name, say("is given, but there is no context"), say("it has a text for each token of the context"))
        return ()
    found = read_texts(top, name, say("a gloss is a text"), lambda one: None)
    if found is None or tokens is None:
        return ()
    if len(found) != len(tokens):
        top.report(
            name,
            say("has {names}", names=counted(len(found), "text")),
            say("it needs {count}, one for each token", count=len(tokens)),
        )
        return ()
    return found
