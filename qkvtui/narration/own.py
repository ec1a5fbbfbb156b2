"""A lesson's own texts with its computed numbers in them."""

from __future__ import annotations

from collections.abc import Iterator

from ..files.placeholders import Placeholder, text_parts
from ..graph.proposals import Experiment
from ..trace.addresses import at_layer_of
from ..trace.told import after, mentioned
from ..trace.trace import Trace
from .formats import cell_format
from .language import LanguageTexts
from .numbers import percent
from .sentences import Role, Sentence, Span, filled
from .tells import SLOT

MOST_IN_ROW = 6
"""Of a longer row the end is left out."""


def own_sentence(
    text: str, trace: Trace, digits: int, hidden: frozenset[str] = frozenset(), then: Trace | None = None
) -> Sentence:
    """A text of the file, its numbers written as their tables write them; a blank for one of the `hidden` steps.

    An address without a layer is of the first, at whichever layer the text is read.
    `then` has the numbers after the change that the text is about, where it is about one.
    """
    return tuple(_spans(text, trace, digits, hidden, then or trace))


def proposal(experiment: Experiment, trace: Trace, texts: LanguageTexts, digits: int) -> Sentence:
    """What there is to try, with the numbers of the file before and after it."""
    own, then = trace.as_written, after(trace, experiment.change)
    said = own_sentence(experiment.text.in_language(texts.name), own, digits, then=then)
    return filled(texts.words["try_it"], lambda _: said)


def _spans(text: str, trace: Trace, digits: int, hidden: frozenset[str], then: Trace) -> Iterator[Span]:
    for part in text_parts(text.strip()):
        if isinstance(part, str):
            yield Span(part)
        else:
            yield Span(_number(part, then if part.then else trace, digits, hidden), Role.NUMBER)


def _number(part: Placeholder, trace: Trace, digits: int, hidden: frozenset[str]) -> str:
    trace = trace.at_layer(0)
    found = mentioned(trace, part)
    trace, address = at_layer_of(trace, found.address)
    if address.name in hidden or (address.name == "summary" and "weights" in hidden):
        return SLOT
    if part.percent:
        return percent(trace.value(address))
    written = cell_format(trace, address, digits)
    if not found.is_row:
        return written.text(trace.value(address))
    values = trace.row(address.name, address.row, address.head)
    shown = ", ".join(written.text(float(value)) for value in values[:MOST_IN_ROW])
    rest = f", … +{len(values) - MOST_IN_ROW}" if len(values) > MOST_IN_ROW else ""
    return f"[{shown}{rest}]"
