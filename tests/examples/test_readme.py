"""The pages that teach the format: their snippets work, their list is the list, and every language has all of it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from qkvtui.errors import ExampleError
from qkvtui.files.course import COURSE
from qkvtui.files.find import bundled_names
from qkvtui.files.names import TABLES
from qkvtui.files.read import load
from qkvtui.graph.steps import PUBLISHED as STEPS
from qkvtui.localized import LANGUAGES
from qkvtui.said import in_language
from tests.examples.recomputed import FOLDER, NAMES

FIRST, *OTHERS = LANGUAGES
REFUSED = "# refused"
TOLD = {"title", "about", "source", "errata", "text", "why", "choose", "learned"}
"""What each page says in its own words; everything else in its files is the same."""


@cache
def page(language: str) -> str:
    """The page in a language."""
    name = "README.md" if language == FIRST else f"README.{language}.md"
    return (FOLDER / name).read_text(encoding="utf-8")


def blocks(language: str, kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(language), flags=re.MULTILINE | re.DOTALL)


def complete(language: str) -> list[str]:
    """The whole files in TOML."""
    return [block for block in blocks(language, "toml") if block.startswith("format = 1")]


def refusals(language: str) -> list[tuple[str, str]]:
    """The files with mistakes, and what is said of them."""
    found = rf"^```toml\n{REFUSED}[^\n]*\n(.*?)^```\n+```text\n(.*?)^```$"
    return re.findall(found, page(language), flags=re.MULTILINE | re.DOTALL)


def tables(language: str) -> list[list[str]]:
    """What stands between backticks in the first column of each table, row by row."""
    found = re.findall(r"(?:^\|.*\n?)+", page(language), flags=re.MULTILINE)
    return [[" ".join(re.findall(r"`([^`]+)`", row.split("|")[1])) for row in rows.splitlines()[2:]] for rows in found]


def outline(block: str) -> object:
    """What stands in a file, apart from what each page says in its own words; of what is no TOML its lines."""
    if block.startswith(REFUSED):
        return [line for line in block.splitlines() if not line.startswith(("#", "titel"))]
    return untold(json.loads(block) if block.startswith("{") else tomllib.loads(block))


def untold(value: object) -> object:
    """The value without the texts for a reader."""
    if isinstance(value, dict):
        return {key: told(key, inner) for key, inner in value.items()}
    return [untold(inner) for inner in value] if isinstance(value, list) else str(value)


def told(name: str, value: object) -> object:
    """The same of what has a name; of a lesson's own sentences, which steps have some."""
    if name == "says" and isinstance(value, dict):
        return sorted(value)
    return "told" if name in TOLD else untold(value)


def cases(snippets: Callable[[str], list[str]]) -> list[ParameterSet]:
    """Every language with each of its snippets."""
    return [
        pytest.param(text, id=f"{language}-{number}")
        for language in LANGUAGES
        for number, text in enumerate(snippets(language))
    ]


@pytest.mark.parametrize("text", cases(complete))
def test_every_complete_toml_file_on_the_page_is_sound(text: str, tmp_path: Path) -> None:
    """An author who starts from the page would have been refused."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).tokens


@pytest.mark.parametrize("text", cases(lambda language: blocks(language, "json")))
def test_every_json_file_on_the_page_is_sound(text: str, tmp_path: Path) -> None:
    """An author who generates files would have been refused."""
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")
    assert load(str(file)).tokens


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_file_is_refused_with_the_message_on_the_page(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page would have shown messages that the program does not say, or not in the reader's language."""
    monkeypatch.chdir(tmp_path)
    for text, message in refusals(language):
        Path("mine.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ExampleError) as refusal:
            load("mine.toml")
        assert in_language(refusal.value.args[0], language) == message.rstrip("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_snippets_these_tests_are_about(language: str) -> None:
    """A changed way of marking the snippets would have left nothing to test."""
    assert len(complete(language)) >= 7
    assert blocks(language, "json")
    assert len(refusals(language)) >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_mentions_every_name_of_the_format(language: str) -> None:
    """An author would never have learned of a setting."""
    names = {name for table in TABLES.values() for name in table} | set(STEPS)
    said = page(language)
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", said, flags=re.ASCII)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_exactly_the_bundled_examples_in_the_order_of_the_course(language: str) -> None:
    """A reader would have looked for an example that is not there, or never heard of one that is."""
    assert tables(language)[-1] == list(bundled_names())


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_sections_names_and_files(language: str) -> None:
    """Authors of one language would have been told less, or something old: a block, a name or an example."""
    assert levels(language) == levels(FIRST)
    assert tables(language) == tables(FIRST)
    for kind in ("toml", "json"):
        assert [outline(block) for block in blocks(language, kind)] == [outline(block) for block in blocks(FIRST, kind)]
    quoted_only_here = {
        one: [name for name in names_in_prose(one) if name not in page(other)]
        for one, other in ((FIRST, language), (language, FIRST))
    }
    assert quoted_only_here == {FIRST: [], language: []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_lead_to_each_other_and_to_their_own_sections(language: str) -> None:
    """A reader would have been left with the other language, or led to a section that is not there."""
    links = re.findall(r"\]\(([^)\s]+)\)", page(language))
    assert [link for link in links if link.endswith(".md") and "://" not in link] == [
        "README.md" if other == FIRST else f"README.{other}.md" for other in LANGUAGES if other != language
    ]
    titles = {title.lower().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", page(language), flags=re.MULTILINE)}
    assert {link[1:] for link in links if link.startswith("#")} <= titles


def levels(language: str) -> list[str]:
    """The signs of its headings in order, those in comments of its files apart."""
    prose = re.sub(r"^```\w+\n.*?^```$", "", page(language), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^(#+) ", prose, flags=re.MULTILINE)


def names_in_prose(language: str) -> list[str]:
    """The names of the format, in ASCII, that its sentences put between backticks."""
    prose = re.sub(r"^```\w+\n.*?^```$", "", page(language), flags=re.MULTILINE | re.DOTALL)
    return sorted(set(re.findall(r"`([A-Za-z_][\w.]+)`", prose, flags=re.ASCII)))


def test_every_bundled_example_has_its_place_in_the_course() -> None:
    """A new example would have come last, after the trained model, whatever it teaches."""
    groups = {name: [group.title for group in COURSE if name in group.lessons] for name in NAMES}
    assert [name for name, found in groups.items() if len(found) != 1] == []


def test_every_group_has_a_title_in_every_language() -> None:
    """A Chinese reader would have met an English heading between Chinese titles."""
    assert [set(group.title.texts) for group in COURSE] == [set(LANGUAGES)] * len(COURSE)
    assert len({group.title.in_language("en") for group in COURSE}) == len(COURSE)
