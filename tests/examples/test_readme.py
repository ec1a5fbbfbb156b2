"""The page that teaches the format: its snippets work, and its list is the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.find import COURSE, bundled_names
from qkvtui.files.names import TABLES
from qkvtui.files.read import load
from qkvtui.graph.steps import PUBLISHED as STEPS
from tests.examples.recomputed import FOLDER, NAMES

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
REFUSED = "# refused"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


COMPLETE = [block for block in blocks("toml") if block.startswith("format = 1")]
REFUSALS = re.findall(
    rf"^```toml\n{REFUSED}[^\n]*\n(.*?)^```\n+```text\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("text", COMPLETE)
def test_every_complete_toml_file_on_the_page_is_sound(text: str, tmp_path: Path) -> None:
    """An author who starts from the page would have been refused."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).tokens


@pytest.mark.parametrize("text", blocks("json"))
def test_every_json_file_on_the_page_is_sound(text: str, tmp_path: Path) -> None:
    """An author who generates files would have been refused."""
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).tokens


@pytest.mark.parametrize(("text", "message"), REFUSALS)
def test_a_refused_file_is_refused_with_the_message_on_the_page(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page would have shown messages that the program does not say."""
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ExampleError) as refusal:
        load("mine.toml")
    assert str(refusal.value) == message.rstrip("\n")


def test_the_page_has_the_snippets_these_tests_are_about() -> None:
    """A changed way of marking the snippets would have left nothing to test."""
    assert len(COMPLETE) >= 7
    assert blocks("json")
    assert REFUSALS


def test_the_page_mentions_every_name_of_the_format() -> None:
    """An author would never have learned of a setting."""
    names = {name for table in TABLES.values() for name in table} | set(STEPS)
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", PAGE)] == []


def test_the_list_names_exactly_the_bundled_examples_in_the_order_of_the_course() -> None:
    """A reader would have looked for an example that is not there, or never heard of one that is."""
    listed = re.findall(r"^\| `([^`]+)` \|", PAGE.partition("## The bundled examples")[2], flags=re.MULTILINE)
    assert listed == list(bundled_names())


def test_every_bundled_example_has_its_place_in_the_course() -> None:
    """A new example would have come last, after the trained model, whatever it teaches."""
    assert set(NAMES) == set(COURSE)
