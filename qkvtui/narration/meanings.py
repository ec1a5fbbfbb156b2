"""What one number is, in a line: said where it is opened, whatever it is of."""

from __future__ import annotations

from dataclasses import replace

from ..operations.tensors import Address
from ..trace.addresses import format_address
from ..trace.labels import is_vector, labels_of
from ..trace.trace import Trace
from .language import LanguageTexts
from .numbers import decimals_of, number
from .sentences import Sentence, Span, filled, plain, quoted

_INPUTS = {
    "X": "embeddings",
    "Y": "embeddings",
    "Z": "embeddings",
    "Q": "queries",
    "K": "keys",
    "V": "values",
    "S": "scores",
    "E": "word_rows",
}
_MOST_DECIMALS = 12
"""Of a number that is written out; a smaller one is said to be less."""


def meaning_of(trace: Trace, cell: Address, texts: LanguageTexts) -> Sentence:
    """What the number at an address is; empty for what an optimiser remembers and the like."""
    if trace.is_gradient(cell.name) and cell.name.startswith("d_"):
        of = format_address(trace, cell, texts.name).removeprefix("d_")
        return _said(texts, "gradient", {"of": plain(of)})
    if trace.is_leaf(cell.name) and cell.name not in _INPUTS:
        name = "vector" if is_vector(trace, cell.name) else "matrix"
        facts = {"row": cell.row, "column": cell.column, "name": cell.name}
        return _said(texts, name, {fact: plain(str(value)) for fact, value in facts.items()})
    name = _INPUTS.get(cell.name, cell.name)
    if name not in texts.meanings:
        return ()
    places = zip(
        ("row", "column"), labels_of(trace, cell.name, texts.name, cell.head), (cell.row, cell.column), strict=False
    )
    return _said(texts, name, {axis: _label(trace, labels[index], index, texts) for axis, labels, index in places})


def tiny_number(value: float, shown: str, texts: LanguageTexts) -> Sentence:
    """A number that is shown with an exponent because it is small, written out; empty for any other."""
    if "e-" not in shown or not value:
        return ()
    decimals = decimals_of(value, 1)
    plainly = (
        number(value, decimals) if decimals <= _MOST_DECIMALS else f"< {number(10.0**-_MOST_DECIMALS, _MOST_DECIMALS)}"
    )
    return _said(texts, "tiny", {"value": plain(shown), "plain": plain(plainly)})


def _said(texts: LanguageTexts, name: str, facts: dict[str, Sentence]) -> Sentence:
    first, *others = filled(texts.meanings[name], lambda fact: facts.get(fact, ()))
    begun = first if first.role.is_token else replace(first, text=first.text[:1].upper() + first.text[1:])
    return (begun, *others, Span(texts.meanings["end"]))


def _label(trace: Trace, label: str, index: int, texts: LanguageTexts) -> Sentence:
    """A token or a name in quotation marks; a column that is only counted by its number."""
    return plain(texts.meanings["number"].format(index=index)) if label == str(index) else quoted(label, texts.quotes)
