"""What is said about every sample, at every step, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.conditions import CONDITIONS
from qkvtui.narration.facts import Facts
from qkvtui.narration.language import language_texts
from qkvtui.narration.narrate import narrate
from qkvtui.narration.numbers import number
from qkvtui.narration.sayings import SAYINGS
from qkvtui.narration.sentences import Role, Sentence, Span, joined, plain, text_of
from qkvtui.trace.attends import attends
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from tests import samples
from tests.narration.telling import tellings
from tests.trace.lessons import in_general

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))


def own_words(sentence: Sentence) -> str:
    """The sentence without the example's tokens."""
    return "".join("◆" if span.role.is_token else span.text for span in sentence)


@pytest.mark.sampled(2)
@NAMES
def test_every_sentence_is_whole(name: str) -> None:
    """A page showed {query}, None or nan, or a sentence with a hole where a fact should be."""
    for telling in tellings(name):
        if telling.place.step >= len(telling.trace.steps):  # the source and the end, which pages say
            continue
        assert telling.sentences or telling.trace.softmax_over == "columns", telling  # the page itself says that
        for sentence in telling.sentences:
            words = own_words(sentence)
            assert not re.search(r"[{}]|\bNone\b|\bnan\b|\binf\b|np\.|array\(", words), words
            assert not re.search(r"[ (（][.,;:!?。，；：]|  |\( |\s$|^\s|、。|, \.|and \.", words), words
            assert words[-1] in ".?!。？！)", words
            assert all(span.text for span in sentence), sentence
            assert text_of(sentence) == "".join(span.text for span in sentence)


@pytest.mark.sampled(2)
@NAMES
def test_sentences_name_this_example_s_tokens_in_quotation_marks(name: str) -> None:
    """A sentence spoke of another token than the one that asks, or a token ran into the words around it."""
    for telling in tellings(name):
        if telling.place.step >= len(telling.trace.steps):  # the source and the end, which pages say
            continue
        example = telling.trace.example
        names = {text for of_columns in example.features.values() for one in of_columns for text in one.texts.values()}
        opening, closing = language_texts(telling.language).quotes
        for sentence in telling.sentences:
            for index, span in enumerate(sentence):
                if not span.role.is_token or any(name[:9] in span.text for name in names):
                    continue
                asking = example.tokens[telling.place.query]
                labels = () if example.learn is None else example.learn.labels
                expected = {asking} if span.role is Role.QUERY else {*example.tokens, *example.keys, *labels}
                assert any(token.startswith(span.text) for token in expected), span
                assert sentence[index - 1].text.endswith(opening)
                cut = sentence[index + 1].text == "…"
                assert cut or span.text in expected
                assert sentence[index + 1 + cut].text.startswith(closing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_token_of_2000_characters_does_not_flood_the_sentence(language: str) -> None:
    """The whole page was one token, and the explanation was nowhere."""
    trace = samples.trace("long_tokens")
    for step in range(len(trace.steps)):
        for sentence in narrate(trace, to_step(trace, start(trace), step), language, 2):
            assert len(text_of(sentence)) < 700


def said(name: str, step: str, language: str, **moved: int) -> str:
    """The narration of one step as one text, as it is said of any example."""
    trace = in_general(samples.trace(name))
    place = to_step(trace, start(trace), trace.step(step).number - 1)
    return " ".join(text_of(sentence) for sentence in narrate(trace, replace(place, **moved), language, 2))


def test_the_animal_is_explained_with_its_own_numbers() -> None:
    """The first lesson said other numbers than its pages show."""
    assert "“it” gives “animal” 0.26, 26% of its attention." in said("animal", "weights", "en")
    assert "The source printed 0.45" in said("animal", "weights", "en")
    assert "(1.00, 0.90) but less weight (0.40, 0.45)" in said("animal", "source", "en")
    assert "“it” with “animal”: from 0.85 to 0.60." in said("animal", "scaled", "en")
    assert "√2 ≈ 1.41" in said("animal", "scaled", "en")
    assert "“it” attends most to “animal”, with 0.26 (26%)." in said("animal", "summary", "en")
    for number_said in ("0.26", "26%", "0.45", "“it”", "“animal”"):
        assert number_said in said("animal", "weights", "zh")


def test_a_scale_is_told_with_its_own_number() -> None:
    """The page said "multiply every score by 1", or left the minus out."""
    assert "Multiply every score by 0.2500 " in said("quarter_scale", "scaled", "en")
    assert "Multiply every score by -1.5000 " in said("negative_scale", "scaled", "en")


def test_a_root_that_is_exact_is_called_equal() -> None:
    """The page said √4 ≈ 2.00, as if it were not exactly 2."""
    assert "√4 = 2," in said("boolean_mask", "scaled", "en")


@pytest.mark.parametrize(("language", "nothing"), [("en", "may look at nothing"), ("zh", "不能看")])
@pytest.mark.parametrize("name", ["blind", "blind_heads"])
def test_a_query_that_may_look_at_nothing_is_said_to(name: str, language: str, nothing: str) -> None:
    """The lesson said that a fully masked token attends most to some token, or to no name at all."""
    trace = samples.trace(name)
    query = next(query for query in range(trace.shape.queries) if attends(trace, query).blind)
    for step in {"masked", "weights", "summary", "heads"} & {step.id for step in trace.steps}:
        assert nothing in said(name, step, language, query=query), step
    assert "0" in said(name, "output", language, query=query)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ties_are_named(language: str) -> None:
    """The lesson named one winner where two tokens have exactly the same share."""
    told = said("whole_numbers", "summary", language)
    first = attends(samples.trace("whole_numbers"), 0).first
    assert [one.token for one in first] == ["a", "c", "d"]
    assert all(f"“{token}”" in told for token in "acd")
    assert "“b”" in told  # the next one


@NAMES
def test_the_weights_that_are_told_are_the_weights(name: str) -> None:
    """The answer of the lesson gave a share that is not the largest, or not this query's."""
    trace = in_general(samples.trace(name))
    for query in range(min(6, trace.shape.queries)):
        found = attends(trace, query, start(trace).head)
        if found.blind:
            continue
        for language in LANGUAGES:
            place = to_step(trace, start(trace, query=query), trace.step("summary").number - 1)
            first = text_of(narrate(trace, place, language, 2)[0])
            assert number(found.ranked[0].weight, 2) in first


@NAMES
def test_every_fact_can_be_asked_for_where_it_is_said(name: str) -> None:
    """A fact that only some examples have was asked for in one that has not."""
    trace = samples.trace(name)
    facts = Facts(trace, start(trace), language_texts("en"), 2)
    assert all(isinstance(CONDITIONS[condition](facts), bool) for condition in CONDITIONS)
    everywhere = {"query", "key", "score", "weight", "weight_percent", "first_one", "o_query", "key_count", "effective"}
    assert all(SAYINGS[saying](facts) for saying in everywhere & set(SAYINGS))


def test_sentences_are_joined_as_the_language_writes_lists() -> None:
    """A list read "a, b, c" in one sentence and "a and b and c" in the next."""
    three = [plain("a"), plain("b"), plain("c")]
    assert text_of(joined(three, ", ", " and ")) == "a, b and c"
    assert text_of(joined(three[:2], ", ", " and ")) == "a and b"
    assert text_of(joined(three[:1], ", ", " and ")) == "a"
    assert text_of(joined([], ", ", " and ")) == ""
    assert text_of(joined(three, "; ")) == "a; b; c"
    assert joined([(Span("a", Role.KEY),)], ", ") == (Span("a", Role.KEY),)


def test_digits_are_followed() -> None:
    """`--digits 4` changed the tables but not the sentences."""
    trace: Trace = samples.trace("animal")
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    told = " ".join(text_of(sentence) for sentence in narrate(trace, place, "en", 4))
    assert number(float(trace.row("weights", 3)[1]), 4) in told
