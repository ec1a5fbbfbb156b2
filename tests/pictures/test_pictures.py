"""The pictures of the README show the program as it is."""

from __future__ import annotations

import re

import pytest

from tests.pictures.pictures import FOLDER, PICTURES, Picture, draw, text_of

RENEW = "look at the screen, then renew the pictures: python -m tests.pictures"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file.stem)
def test_a_picture_shows_what_the_screen_shows(picture: Picture) -> None:
    """The first thing a reader sees would have been an old screen."""
    assert text_of(draw(picture)) == text_of(picture.file.read_text(encoding="utf-8")), RENEW


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.file.stem)
def test_a_picture_asks_nothing_of_the_net(picture: Picture) -> None:
    """Whoever looked at the README would have been told to a font server, or seen other letters without one."""
    svg = picture.file.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"'<>)]+", svg)) == {
        "http://www.w3.org/2000/svg",
        "https://www.textualize.io",  # in a comment
    }
    assert "url(http" not in svg
    assert "@import" not in svg


def test_drawing_again_gives_the_same_bytes() -> None:
    """Every renewal would have been a change of all pictures."""
    assert draw(PICTURES[0]) == draw(PICTURES[0])


def test_a_picture_has_the_text_that_is_compared() -> None:
    """A new version of the drawing library would have left nothing to compare."""
    words = [word for _, _, word in text_of(draw(PICTURES[0]))]
    assert "What" in words
    assert "[0.85]" in words
    assert len(words) > 100


def test_every_picture_is_drawn_by_the_script() -> None:
    """A picture that no script draws would have stayed as it was for ever."""
    assert {file.name for file in FOLDER.glob("*.svg")} == {picture.file.name for picture in PICTURES}
