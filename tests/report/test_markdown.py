"""A lesson as Markdown, read back by an independent reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from tests import samples
from tests.cli.program import printed, run
from tests.report.reading import FoundTable, carries, json_of, steps_in
from tests.samples import each

READER = MarkdownIt("commonmark").enable("table")
NAMES = each(bundled_names(), ("animal", "two-heads", "journey-causal", "xiaohong", "translation"))
HOSTILE = [
    "|",
    "`x`",
    "*it*",
    "_a_",
    "<b>",
    "[a](b)",
    "$1$",
    "\\\\",
    "# it",
    "1. a",
    "![x](y)",
    "&amp;",
    "~~no~~",
    "**",
]


def markdown(*arguments: str) -> str:
    """What `print --format markdown` says."""
    return printed(*arguments, "--format", "markdown")


def text_of(inline: Token) -> str:
    """What a reader sees of it."""
    return "".join(one.content for one in inline.children or () if one.type in ("text", "code_inline"))


def tables(text: str) -> Iterator[list[list[str]]]:
    """The rows of each table, the heading first."""
    rows: list[list[str]] = []
    for token, inside in zip(tokens := READER.parse(text), [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open") and inside is not None:
            rows[-1].append(text_of(inside))
        elif token.type == "table_close":
            yield rows


def found_tables(text: str, new: str) -> list[FoundTable]:
    """The tables of a page by their labels; a label that is a formula is no token's."""
    found = []
    for head, *rows in tables(text):
        assert {len(row) for row in rows} == {len(head)}, "a cell was cut in two"
        rows = [[re.sub(r"^\$([Wb])_\{(\w)\}\$$", r"\1_\2", row[0]), *row[1:]] for row in rows]
        cells = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
        found.append(FoundTable(head[0], cells))
    return found


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_page_carries_every_number_of_every_step(name: str, language: str) -> None:
    """A blog would have shown other numbers than the lesson, or a table cut in two."""
    asked = (samples.of_one_layer(name), "--lang", language, "--head", "all")
    new = language_texts(language).words["new"]
    read = found_tables(markdown(*asked), new)
    missing = [step["id"] for step in steps_in(json_of(*asked), new) if not any(carries(table, step) for table in read)]
    assert missing == []


def test_what_a_file_says_is_text() -> None:
    """A token such as | or <b> would have ended a cell, or been a tag on the page."""
    listed = ", ".join(f"'{one}'" for one in HOSTILE)
    rows = ", ".join(f"[{index}, 1]" for index in range(len(HOSTILE)))
    about = "- no list\\n# no heading\\n<script>alert(1)</script>"
    example = f'format = 1\ntitle = "# <i>a</i>"\nabout = "{about}"\ntokens = [{listed}]\n[inputs]\nX = [{rows}]\n'
    for more in ((), ("--questions",), ("--blank", "all")):
        text = run("print", "-", "--format", "markdown", *more, stdin=example).output
        kinds = {one.type for token in READER.parse(text) for one in (token, *(token.children or ()))}
        assert kinds & {"html_block", "html_inline", "link_open", "image", "em_open"} == set()
        if not more:
            labels = next(tables(text))
            assert [row[0] for row in labels[1:]] == HOSTILE


def test_formulas_stand_between_dollar_signs_and_the_current_number_is_bold() -> None:
    """A reader of Zhihu would have seen √d_k in letters, and not which number the text is about."""
    page = markdown("animal")
    assert "$$\nS' = S / \\sqrt{d_k}\n$$" in page or "$$\nS' = S / \\sqrt{d_{k}}\n$$" in page
    assert "| it | 0.15 | **0.85** | 0.40 | 0.50 | 0.50 |" in page
    assert re.search(r"`scores\[it,animal\]` \$0\.85 = 0\.50 \\times +0\.90 \+ 0\.50 \\times +0\.80\$", page)


def test_a_worksheet_has_blanks_and_its_key_the_answers() -> None:
    """A class would have been handed the answers, or a rule where the blank is."""
    asked = ("animal", "--blank", "weights", "--step", "weights")
    assert r"- `weights[it,animal]` = \_\_\_\_" in markdown(*asked)
    assert "0.26" not in markdown(*asked)
    assert "- `weights[it,animal]` = 0.26" in markdown(*asked, "--key")


def test_pictures_stops_and_questions_are_pages_too() -> None:
    """A teacher could have put the steps on a blog, but not what is asked of them."""
    assert "```text\n" in markdown("animal", "--picture", "flow")
    assert markdown("bank", "--stops").startswith("# ")
    assert "Why" in markdown("animal", "--questions") or "why" in markdown("animal", "--questions")


def test_an_ascii_page_is_all_ascii() -> None:
    """An old blog would have shown question marks."""
    assert markdown("journey-causal", "--ascii").isascii()
