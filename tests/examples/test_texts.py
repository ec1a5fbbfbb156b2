"""What the bundled examples say to a reader."""

from __future__ import annotations

import re

import pytest

from qkvtui.localized import LANGUAGES, Localized
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
