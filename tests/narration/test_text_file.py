"""The file of a language, read table by table."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration import text_file
from qkvtui.narration.text_file import TextFile


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_table_by_table_the_file_says_what_it_says_whole(language: str) -> None:
    """A sentence would have been lost because of where its table stands in the file."""
    text = Path(text_file.__file__).with_name(f"{language}.toml").read_text(encoding="utf-8")
    whole = tomllib.loads(text)
    assert dict(TextFile(text)) == whole
    for name in whole:
        assert TextFile(text)[name] == whole[name]
    assert len(TextFile(text)) == len(whole)


def test_a_name_that_the_file_does_not_have_is_no_text() -> None:
    """A text that is missing was taken for an empty one."""
    with pytest.raises(KeyError):
        TextFile('a = "b"\n[words]\n')["sentences"]
