"""Everything that is said about a sample: every step, in both languages, from several places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from qkvtui.localized import LANGUAGES
from qkvtui.narration.conditions import CONDITIONS
from qkvtui.narration.facts import Facts
from qkvtui.narration.language import language_texts
from qkvtui.narration.narrate import BACK, narrate
from qkvtui.narration.sentences import Sentence
from qkvtui.trace.learning import learn_of, walking
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, start, to_step
from tests import samples
from tests.trace.lessons import in_general


@dataclass(frozen=True)
class Telling:
    """The sentences of one place in one language."""

    trace: Trace
    place: Place
    language: str
    in_columns: bool = False

    @property
    def step(self) -> str:
        """The step's id."""
        return self.trace.walk[self.place.step].id

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What is said."""
        return narrate(self.trace, self.place, self.language, 2, in_columns=self.in_columns)


def places(trace: Trace) -> Iterator[Place]:
    """Every step as the first, the last and the file's own query ask, in the first and the last head."""
    asking = {trace.example.query, 0, trace.shape.queries - 1}
    for head in {0, trace.shape.heads - 1}:
        for query in asking:
            for step in range(len(trace.walk)):
                place = to_step(trace, start(trace, query=query, head=head), step)
                yield place
                yield replace(place, key=trace.shape.keys - 1)


def tellings(name: str) -> Iterator[Telling]:
    """Everything that is said about a sample."""
    for trace in (in_general(samples.trace(name)), *switched(name)):
        for place in places(trace):
            for language in LANGUAGES:
                yield Telling(trace, place, language)
                yield Telling(trace, place, language, in_columns=True)


@cache
def switched(name: str) -> tuple[Trace, ...]:
    """One sample with softmax over columns, and with every step rounded: what a reader can switch; test sentences."""
    if name == "learn_label":
        example = samples.example(name)
        return tuple(Trace(walking(example, one)) for one in learn_of(example).test)
    if name != "three_heads":
        return ()
    return Trace(samples.example(name), softmax_over="columns"), Trace(samples.example(name), round_each=1)


def conditions_met(telling: Telling) -> Iterator[tuple[str, bool]]:
    """Each condition that the step's sentences ask for, and whether it holds."""
    texts = language_texts(telling.language, telling.in_columns)
    facts = Facts(telling.trace, telling.place, texts, 2)
    is_gradient = telling.trace.step(telling.step).type.is_gradient
    for template in (*texts.says[telling.step], *(texts.says[BACK] if is_gradient else ())):
        for name in {template.when, template.unless} - {""}:
            assert name in CONDITIONS
            yield name, CONDITIONS[name](facts)
