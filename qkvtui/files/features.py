"""What the columns of X, Y, Z, Q, K and V are called: `features`, `Q_features` and so on, in `[inputs]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..graph.features import FEATURES
from ..localized import Localized
from ..operations.file_places import entry_place
from ..said import Phrase, say
from .draft import Table
from .numerals import plain_signs
from .phrases import counted, listed, quoted
from .sizes import FileSizes, times
from .textlists import read_texts

_INDEX = re.compile(r"#.*|[0-9]+(:.*)?")
"""What an address could read as an index, or as a head and what follows it."""
_OF_HEADS = {"Q": ("k", "heads", "query"), "K": ("keys", "kv_heads", "key"), "V": ("v", "kv_heads", "value")}

Names = tuple[Localized, ...]


def read_features(inputs: Table, parameters: Table, sizes: FileSizes) -> dict[str, Names]:
    """The names by the letter of the matrix, as far as they are sound."""
    found: dict[str, Names] = {}
    for letter, name in FEATURES.items():
        if name not in inputs:
            continue
        names = read_texts(inputs, name, say("a column's name is a text"), _unfit)
        if letter != "X" and not inputs.mentions(letter) and not parameters.mentions(f"W_{letter}"):
            inputs.report(
                name,
                say("is given, but there is no {letter}", letter=letter),
                say("it names the columns of {letter}", letter=letter),
            )
        elif names is not None and _fits(names, letter, inputs, sizes):
            found[letter] = names
    return found


def _unfit(one: str) -> tuple[str, str] | None:
    """Why this is no name, and what would be one."""
    if not one:
        return say("is an empty text"), say("a column's name is a text of one character or more")
    if _INDEX.fullmatch(plain_signs(one)):
        return say("is {kind}", kind=quoted(one)), say(
            "an address would take that for an index; a name begins otherwise"
        )
    return None


def _fits(names: Names, letter: str, inputs: Table, sizes: FileSizes) -> bool:
    """Whether there is a column for each name, and no name stands for two; if not, that is reported."""
    name = FEATURES[letter]
    width, counts, expected = _wanted(letter, sizes)
    if width is not None and len(names) not in counts:
        inputs.report(name, say("has {names}", names=counted(len(names), "name")), expected)
    else:
        return _distinct(names, width or len(names), name, inputs)
    return False


def _wanted(letter: str, sizes: FileSizes) -> tuple[int | None, Sequence[int], str]:
    """The columns of one head, how many names there may be, and how one says that."""
    if letter not in _OF_HEADS:
        width = {"X": sizes.m, "Y": sizes.y, "Z": sizes.z}[letter]
        return (
            width,
            (width or 0,),
            say("it needs {width}, one for each column of {letter}", width=width, letter=letter),
        )
    of_width, of_heads, what = _OF_HEADS[letter]
    width, heads = getattr(sizes, of_width), getattr(sizes, of_heads)
    whole = times(width, heads)
    if whole is None:
        return None, (), ""
    expected = say("it needs {width}, one for each number of a {what}", width=width, what=Phrase(what))
    if heads > 1:
        expected = say(
            "{rule}, or {whole}, for {heads} one after the other",
            rule=expected,
            whole=whole,
            heads=counted(heads, "head"),
        )
    return width, (width, whole), expected


def _distinct(names: Names, width: int, name: str, inputs: Table) -> bool:
    """Whether a name, however it is written and in whatever language, is that of one column; of each head."""
    sound = True
    for start in range(0, len(names), width):
        seen: dict[str, int] = {}
        for index in range(start, start + width):
            again = sorted({text for text in names[index].texts.values() if seen.get(text.casefold(), index) != index})
            if again:
                place = entry_place(inputs.place_of(name), index)
                first = seen[again[0].casefold()]
                inputs.draft.report(
                    place,
                    say("is {kind}", kind=listed([quoted(one) for one in again])),
                    say("entry {index} is called that already", index=first),
                )
                sound = False
            for text in names[index].texts.values():
                seen.setdefault(text.casefold(), index)
    return sound
