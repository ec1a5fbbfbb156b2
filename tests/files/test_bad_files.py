"""Every bad file of the folder (NAME.toml, .json) is refused with the message beside it (NAME.expected)."""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.clean import clean_line
from qkvtui.localized import LANGUAGES
from tests.files.samples import read_example

FOLDER = Path(__file__).parent / "bad"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")


def refusal(path: Path) -> str:
    with pytest.raises(ExampleError) as caught:
        read_example(path)
    return str(caught.value).replace(f"{FOLDER}/", "")


@pytest.mark.sampled(10)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_bad_file_is_refused_with_its_message(path: Path) -> None:
    """A teacher with this mistake would have seen a traceback, a wrong picture or an unhelpful message."""
    expected = path.with_suffix(".expected").read_text(encoding="utf-8")
    assert refusal(path) + "\n" == expected.replace("{languages}", ", ".join(LANGUAGES))


@pytest.mark.slow
def test_no_message_carries_a_control_character_to_the_terminal() -> None:
    """An escape sequence would have reached the terminal through the very message that refuses it."""
    lines = [(path.name, line) for path in FILES for line in refusal(path).split("\n")]
    assert [(name, line) for name, line in lines if line != clean_line(line)] == []


def test_one_mistake_gives_one_place_and_several_give_several() -> None:
    """A learner would have mended one mistake, only to be told of the next one."""
    several = [path for path in FILES if path.name.startswith("several")]
    assert len(several) >= 5
    for path in several:
        assert len(refusal(path).splitlines()) >= 2, path.name


def test_every_expected_message_has_its_file() -> None:
    """A message would have stayed behind, and looked tested, after its file was renamed."""
    stems = {path.stem for path in FILES}
    assert {path.stem for path in FOLDER.glob("*.expected")} == stems
    assert len(stems) == len(FILES) >= 60
