"""What the terminal says of its background is heard, in whichever parts it comes, and no part of it is a key."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key

from qkvtui.tui.behind import BackgroundAnswer, can_be_asked
from qkvtui.tui.keyboard import Keyboard

ANSWER = b"\x1b]11;rgb:ffff/ffff/dddd\x1b\\"
QUIET = b""
"""A tenth of a second in which nothing comes."""


def heard(*reads: bytes, expects: bool = True) -> tuple[list[str], list[bool]]:
    """The keyboard keys that these reads are understood as, and what was said of the background."""
    said: list[bool] = []
    answer = BackgroundAnswer(said.append, 1)
    keys: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        now = 0.0
        patch.setattr("textual._parser.get_time", lambda: now)
        keyboard = Keyboard(XTermParser, answer.without_answer if expects else None)
        for read in (*reads, QUIET, QUIET):
            now += 0.0 if read else 0.15
            keys += [one.key for one in keyboard.messages(read) if isinstance(one, Key)]
    return keys, said


@pytest.mark.parametrize(
    ("answer", "is_light"),
    [
        (b"rgb:ffff/ffff/ffff", True),
        (b"rgb:0000/0000/0000", False),
        (b"rgb:ff/ff/dd", True),
        (b"rgb:1e1e/1E1E/2e2e", False),
        (b"rgba:ffff/ffff/ffff/8000", True),
        (b"rgb:0000/2b2b/3636", False),
        (b"rgb:fdfd/f6f6/e3e3", True),
    ],
)
@pytest.mark.parametrize("end", [b"\x1b\\", b"\x07"])
def test_light_and_dark_are_told_apart(answer: bytes, is_light: bool, end: bytes) -> None:
    """Solarized light would have been taken for dark; or a terminal that ends its answer with BEL not understood."""
    assert heard(b"\x1b]11;" + answer + end, b"n") == (["n"], [is_light])


@pytest.mark.parametrize("at", range(1, len(ANSWER)))
@pytest.mark.parametrize("quiet", [0, 1, 2])
def test_an_answer_in_two_parts_is_no_key(at: int, quiet: int) -> None:
    """On a slow line `]` would have been the next head, `/` a search for what followed."""
    keys, said = heard(b"n", ANSWER[:at], *[QUIET] * (quiet if at > 1 else 0), ANSWER[at:] + b"p", b"n")
    assert (keys, said) == (["n", "p", "n"], [True])


def test_an_answer_in_the_middle_of_typing_is_no_key() -> None:
    """A line that was being typed would have had a colour in it."""
    assert heard(b"a" + ANSWER + b"b", b"c") == (["a", "b", "c"], [True])
    assert heard(*(bytes([byte]) for byte in b"a" + ANSWER + b"b")) == (["a", "b"], [True])


def test_an_escape_just_before_an_answer_in_two_parts_is_one_key() -> None:
    """Esc at that moment left two things instead of one: the opened number, and the lesson."""
    for reads in ((b"\x1b\x1b", ANSWER[1:]), (b"\x1b" + ANSWER,)):
        assert heard(*reads, QUIET, b"n") == (["escape", "n"], [True])


def test_what_follows_an_escape_that_was_taken_for_a_key_is_none() -> None:
    """The line stalled behind the first byte: the rest of the answer would have been typed."""
    keys, said = heard(b"\x1b", *[QUIET] * 200, ANSWER[1:], b"n")
    assert said == [True]
    assert "right_square_bracket" not in keys
    assert keys[-1] == "n"


def test_another_answer_than_a_colour_is_no_key_either() -> None:
    """A terminal that answers in its own words would have typed them."""
    assert heard(b"\x1b]11;none\x07n") == (["n"], [])


def test_keys_that_look_like_its_beginning_stay_keys() -> None:
    """Alt and ] would have swallowed what was typed after it; an arrow key would have been an Esc and letters."""
    for typed in (b"\x1b[C", b"\x1b[1;5C", b"]", b"]11;", b"\x1bf", b"\x1b"):
        for reads in ((typed, QUIET, QUIET, b"n"), (*(bytes([byte]) for byte in typed), QUIET, QUIET, b"n")):
            assert heard(*reads) == (heard(*reads, expects=False)[0], [])
    assert heard(b"\x1b]", *[QUIET] * 20, b"n")[0][-1] == "n"
    assert heard(b"\x1b]1", *[QUIET] * 20, b"n")[0][-1] == "n"


def test_a_torn_answer_is_forgotten() -> None:
    """A line that lost the end of it would have made the keyboard deaf."""
    assert heard(ANSWER[:9], *[QUIET] * 60, b"n") == (["n"], [])
    assert heard(ANSWER[:9], b"\x03") == (["ctrl+c"], [])
    assert heard(ANSWER[:9], b"\x1b[C") == (["right"], [])


def test_half_a_character_waits_for_its_other_half_here_too() -> None:
    """A Chinese word would have been nonsense while the answer is awaited."""
    assert heard("它".encode()[:2], QUIET, "它".encode()[2:])[0] == ["它"]


@pytest.mark.parametrize(
    ("environ", "can"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;0"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "vt220"}, False),
    ],
)
def test_only_a_terminal_that_understands_is_asked(environ: dict[str, str], can: bool) -> None:
    """The Linux console of an older kernel would have written a part of the question on the screen."""
    assert can_be_asked(environ) is can
