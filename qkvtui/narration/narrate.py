"""Step → sentences: the language's templates filled with the example's facts."""

from __future__ import annotations

from string import Formatter

from ..trace.told import own_paragraphs
from ..trace.trace import Trace
from ..trace.walk import Place, step_at
from .conditions import CONDITIONS
from .facts import Facts
from .language import LanguageTexts, Template, language_texts
from .own import own_sentence, proposal
from .sayings import SAYINGS
from .sentences import Role, Sentence, Span, filled
from .tells import CAN_BE_BLANK, SLOT, TELLS

BACK = "back"
"""The sentences that any gradient may say, whatever step it is of."""


def narrate(
    trace: Trace,
    place: Place,
    language: str,
    digits: int,
    hidden: frozenset[str] = frozenset(),
    revealed: bool = False,
    in_columns: bool = False,
) -> tuple[Sentence, ...]:
    """The sentences that explain the step one is at, with this example's tokens and numbers: the lesson's own, if any.

    Those that tell a number of one of the `hidden` steps are left out, or have a blank in its place that is filled in
    where it is `revealed`. `in_columns`: for a reader whose tokens are columns.
    """
    blanks: frozenset[str] = frozenset() if revealed else hidden
    texts = language_texts(language, in_columns)
    proposed = () if hidden else _proposed(trace, place, texts, digits)
    own = own_paragraphs(trace, place)
    if own:
        return (*(own_sentence(text.in_language(language), trace, digits, blanks) for text in own), *proposed)
    facts = Facts(trace, place, texts, digits)

    def say(name: str) -> Sentence:
        return (Span(SLOT, Role.NUMBER),) if _is_of(name, blanks) else SAYINGS[name](facts)

    step = step_at(trace, place)
    templates = (*texts.says[step.id], *(texts.says[BACK] if step.type.is_gradient else ()))
    told = (
        filled(template.text, say)
        for template in templates
        if not (hidden and _tells(template, hidden)) and _applies(template, facts)
    )
    return (*told, *proposed)


def _proposed(trace: Trace, place: Place, texts: LanguageTexts, digits: int) -> tuple[Sentence, ...]:
    """What the lesson proposes to try at this step."""
    experiment = trace.example.experiment
    here = step_at(trace, place).id if trace.example.layer == 0 else ""
    if experiment is None or experiment.step != here or place.query != trace.example.query:
        return ()
    return (proposal(experiment, trace, texts, digits),)


def _tells(template: Template, hidden: frozenset[str]) -> bool:
    """Whether the sentence, or that its condition holds, tells a hidden number, and no blank can stand for it."""
    names = {name for _, name, _, _ in Formatter().parse(template.text) if name} - CAN_BE_BLANK
    return any(_is_of(name, hidden) for name in (template.when, *names))


def _is_of(name: str, steps: frozenset[str]) -> bool:
    return not steps.isdisjoint(TELLS.get(name, ()))


def _applies(template: Template, facts: Facts) -> bool:
    if template.when and not CONDITIONS[template.when](facts):
        return False
    return not (template.unless and CONDITIONS[template.unless](facts))
