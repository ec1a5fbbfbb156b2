"""What of a text may reach a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qkvtui.files.clean import clean_line, clean_paragraph

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_control_characters_become_their_pictures() -> None:
    """A token could have moved the cursor, rung the bell or changed the title of the window."""
    assert clean_line("\x00\x07\t\n\r\x1b[31m\x7f") == "␀␇␉␊␍␛[31m␡"
    assert clean_line("\x80\x9b31m\x9f") == "��31m�"


def test_controls_of_direction_and_invisible_marks_are_shown() -> None:
    """A line could have been turned around, so that it reads as something else than it says."""
    assert clean_line("a\u202eb\u2066c\u200fd\u061ce\ufefff\u2028g") == "a�b�c�d�e�f�g"


def test_lone_surrogates_are_replaced() -> None:
    """Printing the token would have raised UnicodeEncodeError."""
    assert clean_line("\ud800a\udfff") == "�a�"


def test_what_is_no_control_stays() -> None:
    """Markup, emoji, Chinese or right-to-left tokens would have come out as something else."""
    for text in ("[/red]", "👩‍👩‍👧", "它", "مرحبا", "é", " "):
        assert clean_line(text) == clean_paragraph(text) == text


def test_a_joiner_that_joins_nothing_is_shown() -> None:
    """Two of them before a wide character, and laying out the token ended in a division by zero."""
    assert clean_line("\u200d\u200d中") == "��中"
    assert clean_line("a\u200d\u200db") == "a\u200d�b"
    assert clean_paragraph("a\n\u200db") == "a\n�b"


def test_a_paragraph_keeps_its_line_breaks_only() -> None:
    """A note would have lost its lines, or kept its escape sequences."""
    assert clean_paragraph("a\r\nb\nc\rd\te\x1b") == "a\nb\nc␍d␉e␛"


@given(ANY_TEXT)
def test_whatever_the_text_no_control_is_left(text: str) -> None:
    """Some character nobody thought of would have reached the terminal."""
    cleaned = clean_line(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in cleaned)
    assert clean_line(cleaned) == cleaned
    assert len(cleaned.splitlines()) <= 1
    assert clean_paragraph(text).replace("\n", "␊") == clean_line(text.replace("\r\n", "\n"))
