"""Chinese is set as Chinese is set: full-width punctuation, a blank beside Latin letters, one word for one thing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qkvtui
from qkvtui.files.find import bundled_names
from qkvtui.files.read import load
from qkvtui.localized import Localized
from qkvtui.models import texts as captured
from tests.cli.program import run

ROOT = Path(qkvtui.__file__).parent
_HAN = r"[\u4e00-\u9fff]"
SLIPS_OF_THE_PEN = {
    "a half-width mark behind a Chinese character": re.compile(rf"(?:{_HAN}|[”）])[:,;?!]"),
    "a half-width mark before a Chinese character": re.compile(rf"[,;?!]\s?{_HAN}"),
    "a half-width bracket beside a Chinese character": re.compile(rf"{_HAN}\(|\){_HAN}|\(\{{|\}}\)"),
    "no blank between Chinese and Latin": re.compile(rf"{_HAN}[A-Za-z0-9]|[A-Za-z0-9]{_HAN}"),
    "a straight quotation mark": re.compile(rf'{_HAN}"|"{_HAN}'),
    "another word for an example": re.compile("示例"),
    "the keys of attention for those of the keyboard": re.compile(r"按 \S{1,2} 键"),
    "looks at nobody, or is looked at by nobody?": re.compile("谁也不能看(?!它)"),
    "a word for W where attention is meant": re.compile("(?<!注意力)权重的梯度"),
}
QUOTED = re.compile(r"《[^》]*》|`[^`]*`|\w+\[[^\]]*\]")
"""Titles of others, code, and addresses."""


def texts_of(table: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text below a table, with where it stands."""
    if isinstance(table, str):
        yield place, table
    elif isinstance(table, Localized):
        yield place, table.texts["zh"]
    else:
        parts = table.items() if isinstance(table, dict) else enumerate(table)
        for name, part in parts:
            yield from texts_of(part, f"{place}.{name}")


def chinese() -> Iterator[tuple[str, str]]:
    """Every Chinese text of the program, of the bundled examples and of captured ones."""
    yield from texts_of(tomllib.loads((ROOT / "narration" / "zh.toml").read_text(encoding="utf-8")), "zh.toml")
    yield from texts_of({name: part for name, part in vars(captured).items() if isinstance(part, Localized)}, "capture")
    for name in bundled_names():
        example = load(name)
        yield from texts_of([example.title, *filter(None, (example.about, example.source))], name)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("slip", SLIPS_OF_THE_PEN)
def test_chinese_is_set_as_chinese_is(slip: str) -> None:
    """A Chinese reader stumbled over half-width marks, or over one word for two things."""
    found = [f"{place}: {text}" for place, text in chinese() if SLIPS_OF_THE_PEN[slip].search(QUOTED.sub("《》", text))]
    assert not found, "\n".join(found)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "words", ["print animal", "print it-learn", "print two-heads --head all", "print sink", "check animal"]
)
def test_what_the_program_strings_together_is_set_as_chinese_is_too(words: str) -> None:
    """`出处: 中文博文`, `头 0: “bark” 0.84`: the texts were right, and what stood between them was not."""
    marks = SLIPS_OF_THE_PEN["a half-width mark behind a Chinese character"]
    lines = run(*words.split(), "--lang", "zh").output.splitlines()
    assert not [line for line in lines if marks.search(line)]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["words"])
def test_no_short_text_is_one_that_nothing_shows(part: str) -> None:
    """A text was corrected and translated for nobody."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    table = tomllib.loads((ROOT / "narration" / "zh.toml").read_text(encoding="utf-8"))[part]
    assert [name for name in table if not re.search(rf"[\"'|(]{name}[\"'|)]", code)] == []
