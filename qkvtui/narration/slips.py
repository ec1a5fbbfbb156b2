"""Explanations of wrong numbers → sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property

from ..errors import UsageError
from ..graph.example import STANDARD_SCALE
from ..operations.tensors import Address
from ..records import record
from ..trace.addresses import format_address, parse_address, value_at
from ..trace.published import OrderConflict
from ..trace.slips.hand import FACTS
from ..trace.slips.search import Explanation
from ..trace.slips.table import EARLY_ROUNDING
from ..trace.trace import Trace
from .arithmetic import arithmetic
from .language import LanguageTexts, language_texts
from .numbers import number
from .sentences import Role, Sentence, Span, filled, joined, quoted, text_of

_MORE_DIGITS = 2
"""Computed numbers are shown with more digits than the printed ones, so that the difference is seen."""
_MOST_SHARES = 12
_TIMES = " × "


@record(frozen=True)
class Wrong:
    """A wrong number, printed by a source or typed by a learner."""

    cell: Address
    number: float
    digits: int
    """The decimals it was written with."""
    conflict: OrderConflict | None = None
    """The proof, where no softmax gives the printed weights."""
    softmaxed: tuple[float, ...] = ()
    """The weights that the printed scores do give."""


def slip_sentence(
    trace: Trace, explanation: Explanation, wrong: Wrong, language: str, in_columns: bool = False
) -> Sentence:
    """What went wrong, in a sentence or two that name the cell and its numbers; also for a pair of slips.

    `in_columns`: for a reader whose tokens are columns.
    """
    texts = language_texts(language, in_columns)
    facts = _SlipFacts(trace, explanation, wrong, texts)
    template = texts.slips[explanation.slips[0]] if len(explanation.slips) == 1 else texts.check["together"]
    return filled(template, facts.say)


def guess_sentence(
    trace: Trace, explanation: Explanation, wrong: Wrong, language: str, in_columns: bool = False
) -> Sentence:
    """What may have gone wrong with one typed number: a slip that gives it need not have been made."""
    why = slip_sentence(trace, explanation, wrong, language, in_columns)
    if FACTS.issuperset(explanation.slips):
        return why
    return filled(language_texts(language, in_columns).worksheet["could_be"], lambda _: why)


def slip_names(trace: Trace, explanations: Sequence[Explanation], wrong: Wrong, language: str) -> Sentence:
    """Each of the explanations in a few words."""
    texts = language_texts(language)
    names = (_SlipFacts(trace, one, wrong, texts).say("names") for one in explanations)
    return joined(names, texts.words["semicolon"])


@record(frozen=True)
class _SlipFacts:
    """The facts that the sentences about slips ask for."""

    trace: Trace
    explanation: Explanation
    wrong: Wrong
    texts: LanguageTexts

    def say(self, name: str) -> Sentence:
        """What a template's {name} stands for."""
        return SLIP_FACTS[name](self)

    @cached_property
    def right(self) -> float:
        """What the cell should be."""
        return value_at(self.trace, self.wrong.cell)

    @property
    def proof(self) -> OrderConflict:
        """The proof that no softmax gives the printed weights."""
        assert self.wrong.conflict is not None
        return self.wrong.conflict

    def renamed(self, part: str) -> str:
        """What a slip is about; of numbers of this example, their addresses with the names of their columns."""
        if not self.trace.example.features or "[" not in part:
            return part
        cells = part.split(_TIMES)
        with suppress(UsageError):
            named = (format_address(self.trace, parse_address(self.trace, one), self.texts.name) for one in cells)
            return _TIMES.join(named)
        return part

    def token(self, text: str, role: Role) -> Sentence:
        """A token in the language's quotation marks."""
        return quoted(text, self.texts.quotes, role)

    def precise(self, value: float) -> Sentence:
        """A computed number."""
        return (Span(number(value, self.wrong.digits + _MORE_DIGITS), Role.NUMBER),)

    def as_printed(self, value: float) -> Sentence:
        """A number with the decimals that were printed."""
        return (Span(number(value, self.wrong.digits), Role.NUMBER),)


def _plain(value: object) -> Sentence:
    return (Span(str(value)),)


def _gives(facts: _SlipFacts) -> Sentence:
    gives = facts.explanation.gives
    assert gives is not None
    return facts.as_printed(gives) if EARLY_ROUNDING in facts.explanation.slips else facts.precise(gives)


def _scale(facts: _SlipFacts) -> Sentence:
    scale = facts.trace.factor
    shown = number(scale, 4)
    if facts.trace.example.attention.scale != STANDARD_SCALE:
        return _plain(shown)
    d_k = facts.trace.shape.d_k
    root = math.isqrt(d_k)
    return _plain(f"1/√{d_k} = 1/{root}" if root * root == d_k else f"1/√{d_k} ≈ {shown}")


def _names(facts: _SlipFacts) -> Sentence:
    names = (filled(facts.texts.slip_names[slip], facts.say) for slip in facts.explanation.slips)
    return joined(names, facts.texts.list_separator, facts.texts.list_last)


def _working(facts: _SlipFacts) -> Sentence:
    shown = arithmetic(facts.trace, facts.wrong.cell, max(2, facts.wrong.digits), language=facts.texts.name)
    equation = tuple(Span(span.text.replace("   ", " "), span.role) for span in shown.equation)
    return (Span(shown.value, Role.RESULT), Span(" "), *equation)


def _softmaxed(facts: _SlipFacts) -> Sentence:
    shown = [text_of(facts.as_printed(share)) for share in facts.wrong.softmaxed[:_MOST_SHARES]]
    return (Span(" ".join(shown) + (" …" if len(facts.wrong.softmaxed) > _MOST_SHARES else ""), Role.NUMBER),)


def _of_proof(part: Callable[[OrderConflict], float]) -> Callable[[_SlipFacts], Sentence]:
    return lambda facts: facts.as_printed(part(facts.proof))


def _key(part: Callable[[OrderConflict], int]) -> Callable[[_SlipFacts], Sentence]:
    return lambda facts: facts.token(facts.trace.example.keys[part(facts.proof)], Role.KEY)


SLIP_FACTS: dict[str, Callable[[_SlipFacts], Sentence]] = {
    "cell": lambda facts: (Span(format_address(facts.trace, facts.wrong.cell, facts.texts.name), Role.TOKEN),),
    "printed": lambda facts: facts.as_printed(facts.wrong.number),
    "right": lambda facts: facts.precise(facts.right),
    "gives": _gives,
    "place": lambda facts: _plain(facts.renamed(facts.explanation.parts[0])),
    "given": lambda facts: _plain(facts.explanation.parts[1]),
    "meant": lambda facts: _plain(facts.explanation.parts[2]),
    "parts": lambda facts: _plain(facts.texts.list_separator.join(map(facts.renamed, facts.explanation.parts))),
    "names": _names,
    "scale": _scale,
    "d_k": lambda facts: _plain(facts.trace.shape.d_k),
    "d_model": lambda facts: _plain(facts.trace.shape.d_model),
    "working": _working,
    "query": lambda facts: facts.token(facts.trace.example.tokens[facts.proof.query], Role.QUERY),
    "larger": _key(lambda proof: proof.larger),
    "smaller": _key(lambda proof: proof.smaller),
    "larger_score": _of_proof(lambda proof: proof.scores[0]),
    "smaller_score": _of_proof(lambda proof: proof.scores[1]),
    "larger_weight": _of_proof(lambda proof: proof.weights[0]),
    "smaller_weight": _of_proof(lambda proof: proof.weights[1]),
    "softmaxed": _softmaxed,
}
"""The facts that [slips] and [slip_names] may name."""
