"""What the columns of X, Y, Z, Q, K and V are called: `features`, `Q_features` and so on, in `[inputs]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..graph.features import FEATURES
from ..localized import LANGUAGES, Localized
from ..operations.file_places import entry_place
from ..said import Phrase, say
from .clean import clean_line
from .draft import Table
from .numerals import plain_signs
from .phrases import counted, is_kind, listed, quoted, with_commas
from .sizes import FileSizes, times

_EXAMPLE = say(
    'it is a list of texts, as in ["living", "place"], or one for each language: {{ en = [...], zh = [...] }}'
)
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
        names = _read(inputs, name)
        if letter != "X" and not inputs.mentions(letter) and not parameters.mentions(f"W_{letter}"):
            inputs.report(
                name,
                say("is given, but there is no {letter}", letter=letter),
                say("it names the columns of {letter}", letter=letter),
            )
        elif names is not None and _fits(names, letter, inputs, sizes):
            found[letter] = names
    return found


def _read(inputs: Table, name: str) -> Names | None:
    """The names, after reporting what is wrong with any of them; None where something is."""
    value = inputs.values[name]
    if isinstance(value, list):
        given = {"": _texts(value, inputs, name)}
    elif isinstance(value, dict) and value:
        given = dict(_by_language(value, inputs, name))
    else:
        problem = say("is an empty table") if value == {} else is_kind(value)
        inputs.report(name, problem, _EXAMPLE)
        return None
    lists = {language: texts for language, texts in given.items() if texts is not None}
    if len(lists) < len(given):
        return None
    (first, names), *others = lists.items()
    for language, other in others:
        if len(other) != len(names):
            expected = say(
                "{name}.{first} has {count}, and each column has one in every language",
                name=name,
                first=first,
                count=len(names),
            )
            inputs.report(f"{name}.{language}", say("has {names}", names=counted(len(other), "name")), expected)
            return None
    return tuple(Localized(dict(zip(lists, column, strict=True))) for column in zip(*lists.values(), strict=True))


def _by_language(value: Mapping[str, object], inputs: Table, name: str) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    for language, texts in value.items():
        place = f"{name}.{quoted(language)[1:-1]}"
        if language in LANGUAGES:
            yield language, _texts(texts, inputs, place)
        else:
            inputs.report(
                place,
                say("is not a language of the program"),
                say("those are {languages}", languages=with_commas(LANGUAGES)),
            )
            yield language, None


def _texts(value: object, inputs: Table, place: str) -> tuple[str, ...] | None:
    """The cleaned texts of a list, or None after reporting what is no name."""
    if not isinstance(value, list) or not value:
        inputs.report(place, say("is an empty list") if value == [] else is_kind(value), _EXAMPLE)
        return None
    wrong = {index: told for index, one in enumerate(value) if (told := _unfit(one))}
    for index, (problem, expected) in wrong.items():
        inputs.draft.report(entry_place(inputs.place_of(place), index), problem, expected)
    return None if wrong else tuple(clean_line(one.strip()) for one in value)


def _unfit(one: object) -> tuple[str, str] | None:
    """Why this is no name, and what would be one."""
    if not isinstance(one, str):
        return is_kind(one), say("a column's name is a text")
    if not one.strip():
        return say("is an empty text"), say("a column's name is a text of one character or more")
    if _INDEX.fullmatch(plain_signs(clean_line(one.strip()))):
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
