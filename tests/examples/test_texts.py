"""What the bundled examples say to a reader."""

from __future__ import annotations

import re

import pytest

from qkvtui.localized import LANGUAGES, Localized
from qkvtui.narration.language import language_texts
from qkvtui.tui.glossary import GlossaryScreen
from qkvtui.views.look import Look
from tests.examples.recomputed import FILES, NAMES, bundled


def texts(name: str) -> dict[str, Localized]:
    """Title, note and source of an example; each must be there."""
    example = bundled(name)
    found = {"title": example.title, "about": example.about, "source": example.source}
    there = {kind: text for kind, text in found.items() if text is not None}
    assert there.keys() == found.keys()
    return there


def test_what_one_example_says_in_a_language_all_say_in_it() -> None:
    """A Chinese reader would have met English, or nobody would have learned whose numbers these are."""
    spoken = {language for name in NAMES for text in texts(name).values() for language in text.texts}
    missing = [
        f"{name}: {kind}, {language}"
        for name in NAMES
        for kind, text in texts(name).items()
        for language in sorted(spoken)
        if not text.texts.get(language, "").strip()
    ]
    assert missing == []
    assert {"en", "zh"} <= spoken <= set(LANGUAGES)


@pytest.mark.parametrize("name", NAMES)
def test_all_languages_give_the_same_numbers(name: str) -> None:
    """One language would have been corrected and the other forgotten."""
    for kind, text in texts(name).items():
        numbers = [set(re.findall(r"\d+(?:\.\d+)*", words)) for words in text.texts.values()]
        if kind == "source":  # "ch. 3" and 第 3 章 are alike, the title's quotes are not numbers
            numbers = [{number for number in found if len(number) > 1} for found in numbers]
        assert all(found == numbers[0] for found in numbers), kind


@pytest.mark.parametrize("name", NAMES)
def test_a_note_has_no_stray_blanks(name: str) -> None:
    """The note is shown on one line after the other; a stray line break or two blanks would have torn it."""
    for text in texts(name).values():
        for words in text.texts.values():
            assert "\n" not in words
            assert "  " not in words
            assert words == words.strip()


def test_example_names_can_be_typed_anywhere() -> None:
    """A name in Chinese characters or with a blank could not have been typed on every keyboard."""
    assert [file.stem for file in FILES if not re.fullmatch(r"[a-z][a-z0-9-]*", file.stem)] == []


@pytest.mark.parametrize(("language", "told"), [("en", "no embeddings any more"), ("zh", "已经不是嵌入向量")])
def test_a_lesson_that_begins_at_a_later_layer_says_so_and_what_its_signs_are(language: str, told: str) -> None:
    """English readers met rows of layer 8 as embeddings, and ␣ three times before anybody said what it is."""
    said = " ".join(one.in_language(language) for one in bundled("e5-tired").says["embeddings"])
    assert told in said
    assert "␣" in said


@pytest.mark.parametrize(("language", "others"), [("en", r"\bput (over|in|into)\b|putting it"), ("zh", "换上|放进去")])
def test_patching_has_one_verb(language: str, others: str) -> None:
    """It was put over, put in and put into, and a learner took that for three things."""
    example, texts = bundled("how-tired-gets-in"), language_texts(language)
    told = [one for paragraphs in example.says.values() for one in paragraphs]
    said = [one.in_language(language) for one in (example.title, example.about, example.learned, *told) if one]
    said += [text for name, text in texts.words.items() if name.startswith("patch")]
    said += [texts.actions["patches"], texts.actions["put_in"], texts.action_help["patches"], texts.screen["put_in"]]
    assert [one for one in said if re.search(others, one)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["patch", "activation patching", "补丁", "替换实验"])
def test_patching_is_among_the_words(language: str, typed: str) -> None:
    """Who looked the word up under `w` found nothing."""
    screen = GlossaryScreen(Look(80, language=language))
    screen.filter = typed
    assert screen.choices(80)[0].id == "patching"
