"""The rules that every lesson of the course keeps."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.told import after, own_paragraphs
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, step_at, to_step
from tests.examples.lessons import localized
from tests.examples.recomputed import NAMES, bundled

EACH_LESSON = pytest.mark.parametrize("name", NAMES)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@EACH_LESSON
def test_every_text_of_a_lesson_is_there_in_every_language_and_names_the_same_numbers(name: str) -> None:
    """A Chinese reader met English, or one language was corrected and the other forgotten."""
    for place, text in localized(bundled(name)):
        assert set(text.texts) == set(LANGUAGES) or (set(text.texts) == {""} and "choice" in place), place
        named = [sorted(re.findall(r"\{[^{}]*\}", re.sub(r"\{\{|\}\}", "", words))) for words in text.texts.values()]
        assert all(found == named[0] for found in named), place


@EACH_LESSON
def test_every_step_of_a_lesson_has_something_of_its_own(name: str) -> None:
    """A step told what every other lesson tells there, and nothing of this one."""
    example = bundled(name)
    trace = Trace(example)
    place = start(trace)
    shown = [to_step(trace, place, number) for number, step in enumerate(trace.steps) if not step.type.learns]
    assert [step_at(trace, one).id for one in shown if not own_paragraphs(trace, one)] in ([], ["embeddings"])


@EACH_LESSON
def test_a_lesson_has_something_to_try_questions_and_an_end(name: str) -> None:
    """A learner read to the last step, and nothing followed."""
    example = bundled(name)
    assert example.about is not None
    assert example.experiment is not None
    assert len(example.questions) >= 2
    assert example.learned is not None


@EACH_LESSON
def test_what_a_lesson_proposes_to_try_moves_a_number_that_it_names(name: str) -> None:
    """A learner pressed the keys, and nothing that the text speaks of changed."""
    trace = Trace(bundled(name))
    assert trace.example.experiment is not None
    changed = after(trace, trace.example.experiment.change)
    named = re.findall(r"\{([^{}]*?) then(?: %)?\}", next(iter(trace.example.experiment.text.texts.values())))
    addresses = [parse_address(trace, address) for address in named]
    assert [one for one in addresses if abs(trace.value(one) - changed.value(one)) > 0.005], named


@pytest.mark.sampled(1)
@EACH_LANGUAGE
def test_no_paragraph_stands_in_more_than_four_lessons(language: str) -> None:
    """After the third lesson a learner skipped what is said, since it was said before."""
    lessons: dict[str, set[str]] = defaultdict(set)
    for name in NAMES:
        trace = Trace(bundled(name))
        for number in range(1, len(trace.steps)):
            place = to_step(trace, start(trace), number)
            for sentence in narrate(trace, place, language, 2):
                lessons[text_of(sentence)].add(name)
    assert {text: sorted(found) for text, found in lessons.items() if len(found) > 4} == {}


@pytest.mark.sampled(19)
@EACH_LESSON
def test_the_first_screen_speaks_of_the_lesson_in_few_words(name: str) -> None:
    """The first screen had to be scrolled before a learner knew what it is about."""
    about = bundled(name).about
    assert about is not None
    assert len(about.texts["en"]) <= 330
    assert len(about.texts["zh"]) <= 130
