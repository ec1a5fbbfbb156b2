"""Step → sentences: the language's templates filled with the example's facts."""

from __future__ import annotations

from string import Formatter

from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .facts import Facts
from .language import Template, language_texts
from .sentences import Sentence, Span


def narrate(trace: Trace, place: Place, language: str, digits: int) -> tuple[Sentence, ...]:
    """The sentences that explain the step one is at, with this example's tokens and numbers."""
    texts = language_texts(language)
    facts = Facts(trace, place, texts, digits)
    return tuple(
        _fill(template.text, facts) for template in texts.says[step_at(trace, place).id] if _applies(template, facts)
    )


def _applies(template: Template, facts: Facts) -> bool:
    if template.when and not facts.holds(template.when):
        return False
    return not (template.unless and facts.holds(template.unless))


def _fill(text: str, facts: Facts) -> Sentence:
    spans: list[Span] = []
    for literal, name, _, _ in Formatter().parse(text):
        if literal:
            spans.append(Span(literal))
        if name:
            spans.extend(facts.say(name))
    return tuple(spans)
