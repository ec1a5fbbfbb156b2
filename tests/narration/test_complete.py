"""Both languages say everything, and only what can be said."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import qkvtui.narration
from qkvtui.files.read import parse_example
from qkvtui.graph.block import MANY_WORDS
from qkvtui.graph.closing import CLOSING
from qkvtui.graph.learning import step_ids
from qkvtui.localized import LANGUAGES
from qkvtui.narration.conditions import CONDITIONS
from qkvtui.narration.language import LanguageTexts, Template, language_texts
from qkvtui.narration.narrate import BACK
from qkvtui.narration.sayings import SAYINGS
from qkvtui.trace.trace import Trace
from tests import samples
from tests.narration.telling import Telling, conditions_met, places, tellings
from tests.translators import LAST, translated
from tests.variants.tasks import traces

STEP_IDS = (*step_ids(), *CLOSING)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EACH_OTHER = pytest.mark.parametrize("language", LANGUAGES[1:])
"""Each language that is compared with the first one."""
TOKENS = {"query", "key", "conflict_larger", "conflict_smaller"}
"""Facts that one language names again where the other says "it"."""
FOLDER = Path(qkvtui.narration.__file__).parent


def fields(text: str) -> list[str]:
    """The {names} in a text."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def templates(language: str) -> list[tuple[str, Template]]:
    """Every sentence with its step."""
    return [(step, template) for step, entries in language_texts(language).says.items() for template in entries]


def tables(language: str) -> dict[str, Any]:
    """The language's file, without what another language says in its place."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def conditions(entries: list[dict[str, str]], text: str) -> Counter[str]:
    """How many sentences there are for each condition that have a `text`, or an `in_columns`."""
    said = (one for one in entries if one.get(text, "").strip())
    return Counter(f"when = {one.get('when', '')!r} unless = {one.get('unless', '')!r}" for one in said)


def lacking(language: str) -> Iterator[str]:
    """The texts that a step has to have, and those that another language has, where this language has not."""
    here = tables(language)
    for step in STEP_IDS:
        if not here.get(step):
            yield f"{language}.toml: no sentence, [[{step}]]"
        if not here.get("steps", {}).get(step, "").strip():
            yield f"{language}.toml: steps.{step}"
    for other in map(tables, LANGUAGES):
        for name, there in other.items():
            yield from (f"{language}.toml: {what}" for what in beside(name, there, here.get(name)))


def beside(name: str, there: Any, here: Any) -> Iterator[str]:
    """What one table of another language has and this language's has not."""
    if isinstance(there, dict):
        yield from (f"{name}.{word}" for word in there if not (here or {}).get(word, "").strip())
    elif isinstance(there, list) and here:  # a step without any sentence is named already
        for text in ("text", "in_columns"):
            for condition in conditions(there, text) - conditions(here, text):
                yield f"{text} of a sentence, [[{name}]] {condition}"
    elif here is None and not isinstance(there, list):
        yield name


def test_no_language_lacks_a_text() -> None:
    """A reader met English in the middle of another language, or a page had no heading or no explanation."""
    lacked = {text for language in LANGUAGES for text in lacking(language)}
    assert not lacked, "\n".join(sorted(lacked))


def test_no_text_is_of_a_step_that_is_gone() -> None:
    """A sentence was translated again and again that nobody can ever read."""
    for language in LANGUAGES:
        told = {name for name, part in tables(language).items() if isinstance(part, list)}
        assert told | tables(language).get("steps", {}).keys() <= {*STEP_IDS, BACK}, language


@EACH_LANGUAGE
def test_every_sentence_asks_only_for_facts_there_are(language: str) -> None:
    """A page ended in a traceback, because a sentence asks for a fact that nobody works out."""
    for step, template in templates(language):
        assert set(fields(template.text)) <= set(SAYINGS), (step, template)
        assert {template.when, template.unless} - {""} <= set(CONDITIONS), (step, template)


def test_every_fact_and_condition_is_used_by_some_language() -> None:
    """A fact that no sentence tells was worked out for nobody, or one sentence was lost with its fact."""
    said = {field for language in LANGUAGES for _, template in templates(language) for field in fields(template.text)}
    every = [template for language in LANGUAGES for _, template in templates(language)]
    asked = {name for template in every for name in (template.when, template.unless)}
    assert said == set(SAYINGS)
    assert asked - {""} == set(CONDITIONS)


@EACH_OTHER
def test_all_languages_tell_the_same_facts_under_the_same_conditions(language: str) -> None:
    """A Chinese reader was told fewer numbers than an English one, or of a mask where there is none."""
    first, here = language_texts(LANGUAGES[0]).says, language_texts(language).says
    for step in STEP_IDS & first.keys() & here.keys():
        if len(first[step]) != len(here[step]):
            continue  # a test above names the sentence that is missing
        assert [(one.when, one.unless) for one in first[step]] == [(one.when, one.unless) for one in here[step]], step
        for one, other in zip(first[step], here[step], strict=True):
            differing = set(fields(one.text)) ^ set(fields(other.text))
            assert differing <= TOKENS, (one.text, other.text)


def words(language: str) -> dict[tuple[str, str], str]:
    """(table, word) → its text; of the tables of words, not of sentences."""
    return {
        (name, word): text
        for name, table in tables(language).items()
        if isinstance(table, dict)
        for word, text in table.items()
    }


@EACH_OTHER
def test_a_word_has_the_same_blanks_to_fill_in_all_languages(language: str) -> None:
    """Switching to Chinese left out a number that an English page has, or ended in a traceback."""
    first, here = words(LANGUAGES[0]), words(language)
    assert [word for word in first.keys() & here.keys() if set(fields(first[word])) != set(fields(here[word]))] == []


def test_the_chinese_file_is_in_chinese() -> None:
    """A sentence was left in English after a new one had been added."""

    def chinese(text: str) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    assert all(chinese(template.text) for _, template in templates("zh"))
    assert not any(chinese(template.text) for _, template in templates("en"))
    names = tables("zh")["steps"]
    assert all(chinese(name) for name in names.values()), names


@pytest.mark.sampled(1)
@EACH_LANGUAGE
def test_a_text_for_columns_stands_in_for_one_that_is_there(language: str) -> None:
    """A reader whose tokens are columns was told another fact than a reader whose tokens are rows, or none."""
    for name, table in tables(language).items():
        if isinstance(table, list):
            for entry in table:
                assert set(fields(entry.get("in_columns", entry["text"]))) == set(fields(entry["text"])), entry
        elif name.endswith("_in_columns"):
            rows = tables(language)[name.removesuffix("_in_columns")]
            assert all(set(fields(text)) == set(fields(rows[word])) for word, text in table.items()), name


@EACH_LANGUAGE
def test_no_page_with_tokens_as_columns_speaks_of_their_rows(language: str) -> None:
    """With tokens as columns, a sentence said "its row of X times W_Q" below a matrix in which it is a column."""
    rows, columns = (language_texts(language, in_columns) for in_columns in (False, True))
    of_rows = re.compile(r"\b(its row|each row|this row|two rows|a row of)\b|那一行|这些行|这一行|两行")
    for step, templates_of_step in rows.says.items():
        for template, turned in zip(templates_of_step, columns.says[step], strict=True):
            if of_rows.search(template.text):
                assert not of_rows.search(turned.text), turned


@EACH_LANGUAGE
def test_a_word_is_filled_with_its_values(language: str) -> None:
    """A page showed {number} where the number belongs."""
    texts: LanguageTexts = language_texts(language)
    assert "2" in texts.word("step", number=2, count=9)
    assert "9" in texts.word("step", number=2, count=9)
    with pytest.raises(KeyError):
        texts.word("no such word")


def many_words() -> Trace:
    """A layer that reads the next word from more words than stand in their own order."""
    count = MANY_WORDS + 2
    words, rows = (
        ", ".join(one) for one in ([f'"w{at}"' for at in range(count)], [f"[{at}, 1]" for at in range(count)])
    )
    text = f"""format = 1
title = "x"
tokens = ["w1", "w2"]
[vocabulary]
tokens = [{words}]
E = [{rows}]
[[blocks]]
parameters = {{ W_Q = [[1], [0]], W_K = [[1], [0]], W_V = [[1, 0], [0, 1]] }}
[readout]
tied = true
"""
    return Trace(parse_example(text))


@pytest.mark.slow
def test_the_samples_meet_every_condition_both_ways() -> None:
    """A sentence that no sample ever says was tested by nothing."""
    met = {found for name in samples.LESSONS for telling in tellings(name) for found in conditions_met(telling)}
    layers = translated()
    for trace in (*traces(), many_words(), *map(layers.at_layer, range(LAST + 1))):
        met |= {found for place in places(trace) for found in conditions_met(Telling(trace, place, LANGUAGES[0]))}
    assert {name for name, found in met if found} == set(CONDITIONS)
    assert {name for name, found in met if not found} == set(CONDITIONS)
