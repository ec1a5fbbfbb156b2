"""Titles for the list: quick, and never an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.files.find import Located, bundled, bundled_names, locate
from qkvtui.files.headings import Heading, bundled_headings, heading, quick_heading, taught
from tests.files.samples import PROJECTED, TOP


def heading_of(folder: Path, text: str, name: str = "it.toml") -> Heading:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return heading(locate(str(path)))


def test_every_bundled_example_has_a_title_and_tokens() -> None:
    """The picker would have shown an empty line."""
    headings = bundled_headings()
    assert tuple(one.example.name for one in headings) == bundled_names()
    for one in headings:
        assert one.title.in_language("zh")
        assert one.tokens > 0


def test_the_quick_look_sees_what_the_parser_sees() -> None:
    """The list would have shown another title than the lesson, or been slowed down by one example."""
    for name in bundled_names():
        quick, parsed = quick_heading(bundled(name)), heading(bundled(name))
        assert quick is not None
        assert (quick.title.texts, quick.tokens) == (parsed.title.texts, parsed.tokens), name


def test_an_unusual_layout_is_left_to_the_parser(tmp_path: Path) -> None:
    """A title with an escape would have been shown half, or a broken file would have ended the list."""
    for text in (
        TOP.replace("Two", r"Tw\u00f6"),
        TOP.replace('"one", ', '"one",\n'),
        "",
        TOP.replace("title", "titel"),
    ):
        path = tmp_path / "it.toml"
        path.write_text(text + PROJECTED, encoding="utf-8")
        assert quick_heading(locate(str(path))) is None
    path.write_bytes(b"\xff")
    assert quick_heading(locate(str(path))) is None


def test_the_matrices_are_not_looked_at(tmp_path: Path) -> None:
    """The list would have been as slow as reading every number of every example."""
    found = heading_of(tmp_path, TOP + "[inputs]\nthis is not even TOML")
    assert (found.title.in_language("en"), found.tokens) == ("Two words", 2)


def test_a_bracket_at_the_start_of_a_note_is_no_table(tmp_path: Path) -> None:
    """An example would have been called broken for the way its note is laid out."""
    found = heading_of(tmp_path, f'about = """\n[inputs]\n"""\n{TOP}{PROJECTED}')
    assert (found.title.in_language("en"), found.tokens) == ("Two words", 2)


def test_json_has_a_heading_too(tmp_path: Path) -> None:
    """A JSON file would have been listed as broken."""
    text = '{"title": {"zh": "两个\\u001b词"}, "tokens": ["a"], "inputs": {}}'
    found = heading_of(tmp_path, text, "it.json")
    assert (found.title.in_language("en"), found.tokens) == ("两个␛词", 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title = ", "line 1, column 8: is not TOML: this is no value"),
        ("", "is empty"),
        ("tokens = ['a']", "has no title"),
        ("title = 7\ntokens = ['a']", "has no title"),
        ("title = 'a'\ntokens = 3", "has no tokens"),
    ],
)
def test_a_broken_file_says_so_in_its_line_of_the_list(tmp_path: Path, text: str, problem: str) -> None:
    """One bad file would have taken the whole list away."""
    found = heading_of(tmp_path, text)
    assert found.title.in_language("en").startswith(f"it: {problem}")
    assert found.tokens == 0


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    """A file deleted while the picker is open would have ended the program."""
    path = tmp_path / "it.toml"
    path.touch()
    located = locate(str(path))
    path.unlink()
    assert heading(located).title.in_language("en") == "it: there is no such file"


def test_what_an_example_teaches_is_a_sentence_without_computed_numbers(tmp_path: Path) -> None:
    """The picker would have shown `{weights[it,animal] %}`, for it computes nothing."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "T"\nabout = "It is {scores[0,0]}. So it is. And so on."\ntokens = ["a"]\n', encoding="utf-8"
    )
    assert taught(Located("mine", str(path), "mine")).in_language("en") == "So it is."
