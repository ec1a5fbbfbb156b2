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


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """A Chinese reader would have met English, or nobody would have learned whose numbers these are."""
    for kind, text in texts(name).items():
        assert set(text.texts) == set(LANGUAGES), kind
        assert all(words.strip() for words in text.texts.values()), kind


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_give_the_same_numbers(name: str) -> None:
    """One language would have been corrected and the other forgotten."""
    for kind, text in texts(name).items():
        numbers = [set(re.findall(r"\d+(?:\.\d+)*", text.texts[language])) for language in LANGUAGES]
        if kind == "source":  # "ch. 3" and 第 3 章 are alike, the title's quotes are not numbers
            numbers = [{number for number in found if len(number) > 1} for found in numbers]
        assert numbers[0] == numbers[1], kind


@pytest.mark.parametrize("name", NAMES)
def test_the_note_fits_the_first_step(name: str) -> None:
    """The note is shown on one line after the other; a stray line break or two blanks would have torn it."""
    for text in texts(name).values():
        for words in text.texts.values():
            assert "\n" not in words
            assert "  " not in words
            assert words == words.strip()
    about = texts(name)["about"]
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", about.texts["en"])) <= 6
    assert 2 <= len(re.findall(r"[。！？]", about.texts["zh"])) <= 6


def test_example_names_can_be_typed_anywhere() -> None:
    """A name in Chinese characters or with a blank could not have been typed on every keyboard."""
    assert [file.stem for file in FILES if not re.fullmatch(r"[a-z][a-z0-9-]*", file.stem)] == []
