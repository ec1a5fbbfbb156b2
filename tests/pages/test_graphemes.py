"""What is one character to a reader, in tables, lines and changed spans alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from qkvtui.files.clean import clean_line
from qkvtui.pages.graphemes import graphemes
from qkvtui.pages.lines import shorten
from qkvtui.views.wrapping import wrap

ODD = st.text(alphabet="a1é中⚙❤👨👍🇨\u0301\ufe0f\u20e3\u200d\u200c\U0001f3fd ", max_size=12)


def test_an_emoji_of_several_code_points_is_one() -> None:
    """A token's first sign in the map of the heads, or what Backspace takes back, was half of an emoji."""
    assert graphemes("a❤️1️⃣👨‍👩‍👧中") == (("a", 1), ("❤️", 2), ("1️⃣", 2), ("👨‍👩‍👧", 2), ("中", 2))


@given(ODD)
def test_whatever_the_text_they_are_as_wide_as_the_text(text: str) -> None:
    """Columns would have stood beside their headers, and the comparison of two lines have ended in a traceback."""
    found = graphemes(text)
    assert "".join(grapheme for grapheme, _ in found) == text
    assert sum(width for _, width in found) == cell_len(text)


@given(ODD, st.integers(1, 8))
def test_whatever_the_text_it_can_be_wrapped_and_shortened(text: str, width: int) -> None:
    """A token of joiners alone ended the program in an index that there is not."""
    clean = clean_line(text)
    assert cell_len(shorten(clean, width)) <= max(width, 1)
    assert "".join(line.plain for line in wrap(Text(clean), width)).replace(" ", "") == clean.replace(" ", "")


def test_a_line_is_not_broken_inside_a_grapheme() -> None:
    """Half of a family stood at the end of a line, the other half below it."""
    assert [line.plain for line in wrap(Text("👨‍👩‍👧" * 3), 4)] == ["👨‍👩‍👧" * 2, "👨‍👩‍👧"]
