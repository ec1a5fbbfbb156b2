"""`print` as text: the facts of the article, plain where it is piped, and the same numbers as the JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from tests.cli.program import printed, run
from tests.samples import each
from tests.written import FILES, Written, as_file, as_toml

CODE = re.compile(r"\x1b\[([0-9;]*)m")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?|-?∞")
STEPS_WITH_A_TABLE = ("queries", "keys", "values", "scores")

EXAMPLES = each(bundled_names(), ("animal", "two-heads", "translation", "xiaohong", "animal-learn"))
every_file = pytest.mark.parametrize("written", FILES, ids=lambda written: written.name)


def section(text: str, step: str) -> list[str]:
    """The heading of one step and the lines below it."""
    lines = text.splitlines()
    starts = [index for index, line in enumerate(lines) if re.match(r"── (step|第) ", line)]
    here = next(index for index in starts if f" · {step}" in lines[index])
    return lines[here : next((index for index in starts if index > here), len(lines))]


def matrix(lines: list[str], corner: str, rows: int) -> list[list[str]]:
    """The numbers of the matrix with this symbol in its corner, which is the last thing on its lines."""
    corners = [re.search(rf"(?:^|\s){corner}\s", line) for line in lines]
    header, start = next((index, found) for index, found in enumerate(corners) if found)
    return [NUMBER.findall(line[start.end() :]) for line in lines[header + 1 : header + 1 + rows]]


def test_the_score_is_the_sum_that_the_article_leads_to() -> None:
    """A learner could not have followed by hand where 0.85 comes from."""
    assert "0.85 = 0.50 × 0.90 + 0.50 × 0.80" in printed("animal")


def test_it_attends_to_animal_most() -> None:
    """The page would not have answered what `it` means."""
    lines = section(printed("animal"), "whom it attends to")
    assert lines[0].startswith("── step 9 of 11 · whom it attends to ")
    shares = [re.match(r"\s*▸?(\w+)\s+\[?(\d\.\d\d)\]?\s+(\d+)%", line) for line in lines]
    assert [match.groups() for match in shares if match] == [
        ("animal", "0.26", "26"),
        ("it", "0.20", "20"),
        ("tired", "0.20", "20"),
        ("street", "0.19", "19"),
        ("The", "0.16", "16"),
    ]
    lines = section(printed("animal", "--query", "street"), "whom it attends to")
    assert "“street” attends most to “animal”, with 0.25" in " ".join(lines)


def test_the_page_says_that_the_article_prints_another_number_and_why_it_cannot_be() -> None:
    """A learner would have believed 0.45, or have believed that the program is wrong."""
    text = " ".join(" ".join(section(printed("animal"), "attention weights")).split())
    assert re.search(r"0\.26\] █+ 0\.45 ✗", text)
    source = " ".join(" ".join(section(printed("animal"), "the source")).split())
    assert re.search(r"No softmax .*1\.00.*0\.90.*0\.40.*0\.45.*order", source)
    assert "weights[it,animal] printed 0.45, computed 0.26" in source
    assert "No softmax" not in text
    chinese = "".join(printed("animal", "--lang", "zh", "--step", "source").split())
    assert re.search(r"softmax.*1\.00.*0\.90.*0\.40.*0\.45.*次序", chinese)
    assert "0.85 = 0.50 × 0.90 + 0.50 × 0.80" in printed("animal", "--lang", "zh")


def test_the_three_roles_and_who_sets_the_matrices_are_told_in_both_languages() -> None:
    """The learner's first questions would have stayed open."""
    of_any = ("animal", "--query", "street")
    english = [" ".join(section(printed(*of_any), step)) for step in ("queries", "keys", "values")]
    for text, role in zip(english, ("want to look at", "can be looked at", "pass on"), strict=True):
        assert role in " ".join(text.split())
    assert "set by hand" in english[0]
    assert "learned" in english[0]
    chinese = ["".join(section(printed(*of_any, "--lang", "zh"), step)) for step in ("查询", "键", "值")]
    for text, role in zip(chinese, ("看谁", "被关注", "提供"), strict=True):
        assert role in text.replace("\n", "")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_holds_no_escape_and_no_line_is_wider_than_asked(name: str, language: str) -> None:
    """A pipe would have been full of ^[[1m, or a printed page would have had its right side cut off."""
    for width in (80, 100):
        text = printed(name, "--lang", language, "--width", str(width))
        assert text.endswith("\n")
        for line in text.removesuffix("\n").split("\n"):
            assert all(character.isprintable() for character in line), line
            assert cell_len(line) <= width, line
            assert line == line.rstrip()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", EXAMPLES)
def test_colour_changes_nothing_but_the_colour(name: str) -> None:
    """A page in colour would have said something else, or been laid out differently."""
    colored = printed(name, "--color", "always")
    assert len(CODE.findall(colored)) > 50
    assert "\n".join(CODE.sub("", line).rstrip() for line in colored.split("\n")) == printed(name)
    assert "\x1b" not in CODE.sub("", colored)


def test_what_colour_says_the_plain_text_says_too() -> None:
    """Without colour, or to a colour-blind reader, the current cell, the shares and the wrong numbers would be lost."""
    runs = [
        (set(codes.split(";")), text)
        for line in printed("animal", "--color", "always").splitlines()
        for codes, text in re.findall(r"\x1b\[([0-9;]+)m([^\x1b]*)", line)
    ]
    current = [text.strip() for codes, text in runs if "7" in codes]
    assert len(current) >= 9
    assert all(re.fullmatch(r"\[\S+\]", text) for text in current)
    shaded = [text for codes, text in runs if "48" in codes and text.strip()]
    assert len(shaded) > 20
    assert all(re.search(r"\d|▸|The|animal|street|tired", text) for text in shaded)
    wrong = [text.strip() for codes, text in runs if "91" in codes and text.strip()]
    assert any("✗" in text for text in wrong)
    assert all(re.search(r"✗|\d", text) for text in wrong)


def test_the_query_and_the_current_token_are_marked_without_colour() -> None:
    """A reader of a printed page would not have known whose row it is."""
    lines = section(printed("animal"), "scores")
    assert sum("▸it" in line for line in lines) == 1
    assert any("▾animal" in line for line in lines)
    assert sum("[0.85]" in line for line in lines) == 1


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "written",
    [as_file("plain"), as_file("causal"), as_file("cross"), as_file("given")],
    ids=lambda written: written.name,
)
@pytest.mark.parametrize("digits", [2, 4])
def test_every_weight_on_the_page_is_the_one_in_the_json(written: Written, digits: int, tmp_path: Path) -> None:
    """Page and JSON would have contradicted each other, each with its own computation."""
    path = written.save(tmp_path)
    page = printed(path, "--step", "weights", "--digits", str(digits))
    steps = run("print", path, "--step", "weights", "--format", "json").json["steps"]
    found = matrix(page[page.index("All queries") :].splitlines()[1:], "A", len(written.tokens))
    assert found == [[f"{value:.{digits}f}" for value in row] for row in steps[0]["values"]]


@pytest.mark.sampled(3)
@every_file
def test_every_matrix_on_the_page_is_the_one_in_the_json(written: Written, tmp_path: Path) -> None:
    """A number of the page would have been cut, misplaced or another one than the JSON's."""
    path = written.save(tmp_path)
    page = printed(path, "--width", "160", "--digits", "3")
    for step in run("print", path, "--format", "json").json["steps"]:
        if step["id"] not in STEPS_WITH_A_TABLE:
            continue
        found = matrix(section(page, step["id"])[1:], step["symbol"], len(step["rows"]))
        for numbers, values in zip(found, step["values"], strict=True):
            assert [float(number) for number in numbers] == pytest.approx(values, abs=5.001e-4), step["id"]


@pytest.mark.sampled(3)
@every_file
def test_every_step_has_its_page_and_no_other(written: Written, tmp_path: Path) -> None:
    """A step would have been skipped, or counted wrongly."""
    path = written.save(tmp_path)
    ids = [step["id"] for step in run("print", path, "--format", "json").json["steps"]]
    headings = [line for line in printed(path).splitlines() if line.startswith("── step ")]
    numbers = [re.match(r"── step (\d+) of (\d+) ", heading) for heading in headings]
    count = len(ids) + 1  # and the summary
    assert [match.groups() for match in numbers if match] == [(str(n), str(count)) for n in range(1, count + 1)]


def test_a_query_that_may_look_at_nothing_is_told_so(tmp_path: Path) -> None:
    """The page would have shown NaN, or zeros without a word."""
    text = printed(as_file("blind").save(tmp_path))
    assert "nan" not in text.lower()
    assert "nothing" in " ".join(section(text, "attention weights"))


def test_head_all_prints_each_heads_steps_and_the_common_ones_once(tmp_path: Path) -> None:
    """A handout would have shown one head of three, or W_O three times."""
    text = printed(as_file("three_heads").save(tmp_path), "--head", "all")
    headings = [line.split("─ ", 1)[1] for line in text.splitlines() if line.startswith("── step ")]
    for head in range(3):
        assert sum(f"attention weights · head {head} " in heading for heading in headings) == 1
    assert sum("output projection" in heading for heading in headings) == 1
    assert sum("embeddings" in heading for heading in headings) == 1


def test_one_head_of_several_is_named(tmp_path: Path) -> None:
    """Two printed pages could not have been told apart."""
    path = as_file("three_heads").save(tmp_path)
    assert "attention weights · head 2 " in printed(path, "--head", "2")
    assert printed(path, "--head", "2") != printed(path, "--head", "1")


def test_single_steps_start_at_once_and_several_lessons_keep_their_titles() -> None:
    """A script would have met an empty first line; a reader could not have told the examples apart."""
    assert printed("animal", "--step", "scores").startswith("── step 5 of 11 · scores ")
    both = printed("animal", "journey", "--step", "scores").splitlines()
    first, second = both.index("What does 'it' refer to?"), both.index(title_of("journey"))
    assert first == 0 < second
    assert both[second - 1] == ""


def title_of(name: str) -> str:
    return printed(name).splitlines()[0]


def test_an_address_says_which_cell_is_worked_out() -> None:
    """`animal#scores[street,tired]` would have printed another sum than the one asked for."""
    text = printed("animal#scores[street,tired]", "--step", "scores")
    assert "0.16 = 0.70 × 0.10 + 0.10 × 0.90" in text


def test_digits_are_the_digits_asked_for() -> None:
    """A reader who wants to check more digits could not."""
    assert re.search(r"\[0\.2565\d\]", printed("animal", "--step", "weights", "--digits", "5"))
    assert "[0.3]" in printed("animal", "--step", "weights", "--digits", "1")


def test_ascii_leaves_no_other_sign_than_the_tokens_own(tmp_path: Path) -> None:
    """An old terminal would have shown question marks where × and √ stand."""
    tables = as_file("plain").tables() | {"tokens": ["小", "ü", "a", "b"], "title": "小 ü"}
    path = tmp_path / "it.toml"
    path.write_text(as_toml(tables), encoding="utf-8")
    text = printed(path, "--ascii")
    assert {character for character in text if not character.isascii()} == {"小", "ü"}
    assert "0.85 = 0.50 x 0.90 + 0.50 x 0.80" in printed("animal", "--ascii")


AWKWARD = (
    "\x1b[31m",
    "\x9b2J",
    "\x1b]0;t\x07",
    "[/red]",
    "[bold]",
    "\t",
    "\u202eabc",
    "🙂",
    "小红",
    "a" * 300,
    ":smile:",
)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("token", each(AWKWARD, ("\x1b[31m", "[/red]", "a" * 300)), ids=ascii)
def test_a_token_cannot_steer_the_terminal_nor_be_taken_for_markup(token: str, tmp_path: Path) -> None:
    """A stranger's file would have cleared the screen, set its title, or ended the page with a markup error."""
    tables = as_file("plain").tables() | {"tokens": ["a", token, "c", "d"], "query": 1, "title": f"T {token}"}
    path = tmp_path / "it.json"
    path.write_text(json.dumps(tables), encoding="utf-8")
    for more in ((), ("--color", "always"), ("--lang", "zh"), ("--ascii",)):
        text = printed(path, *more)
        bare = CODE.sub("", text) if "always" in more else text
        assert all(character.isprintable() for character in bare.replace("\n", ""))
        if token.isprintable() and len(token) < 10:
            assert token in bare
