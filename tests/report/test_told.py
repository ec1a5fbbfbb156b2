"""`learn` and `check` in every format of documents: each read back, with the numbers of their JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from qkvtui.files.find import bundled_with
from qkvtui.localized import LANGUAGES
from qkvtui.report.formats import formats_of
from qkvtui.report.tex import is_latin
from tests.cli.program import REPOSITORY, run
from tests.report.learning_files import AWKWARD, HEADS, LABEL, OUTPUT, saved
from tests.report.reading import agrees
from tests.report.test_html import parsed, text_in
from tests.report.test_latex import check as check_latex
from tests.report.test_markdown import tables as markdown_tables
from tests.report.test_svg import texts as svg_texts
from tests.report.test_transcript import KNOWN, ROW, plain

Grid = list[list[str]]
"""The rows of a table, each behind its label; the heading first where there is one."""

TASKS = {"output": OUTPUT, "label": LABEL, "heads": HEADS, "awkward": AWKWARD}
LEARNED = [*bundled_with("learn"), *TASKS]
PRINTED = [*bundled_with("published"), *sorted(map(str, (REPOSITORY / "tests" / "published").glob("*.toml")))]


def html_grids(text: str, language: str) -> Iterator[Grid]:
    for table in parsed(text).iter("table"):
        yield [[text_in(cell) for cell in row] for row in table.iter("tr")]


def latex_grids(text: str, language: str) -> Iterator[Grid]:
    check_latex(text)
    for rows in re.findall(r"\\begin\{tabular\}\{[lr]+\}(.*?)\\end\{tabular\}", text, re.DOTALL):
        lines = re.findall(r"^(?!\\toprule|\\midrule|\\bottomrule)(?:\{\})?(.+) \\\\$", rows, re.MULTILINE)
        yield [[cell.replace("$-$", "-").strip() for cell in re.split(r"(?<!\\)&", line)] for line in lines]


def markdown_grids(text: str, language: str) -> Iterator[Grid]:
    yield from markdown_tables(text)


def transcript_grids(text: str, language: str) -> Iterator[Grid]:
    for part in text.split("\n\n"):
        rows = [found for line in part.split("\n") if (found := re.fullmatch(ROW[language], line))]
        yield [[row[1], *(plain(re.split(" |列为", one)[-1], language) for one in _cells(row[2]))] for row in rows]


def _cells(row: str) -> list[str]:
    return [re.sub("(minus|负) ?(?=[0-9])", "-", one) for one in re.split("[,，] ?", row)]


GRIDS: dict[str, Callable[[str, str], Iterator[Grid]]] = {
    "html": html_grids,
    "latex": latex_grids,
    "markdown": markdown_grids,
    "transcript": transcript_grids,
}


def carried(numbers: list[list[Any]], grids: list[Grid]) -> bool:
    """Whether the rows stand in a table, at the precision at which they are printed; it may be in several pieces."""
    bodies = [[row[1:] for row in grid[-len(numbers) :]] for grid in grids if len(grid) >= len(numbers)]
    return any(_starts(numbers, bodies[at:]) for at in range(len(bodies)))


def _starts(numbers: list[list[Any]], bodies: list[Grid]) -> bool:
    """Whether the tables, side by side, begin with the rows."""
    done = 0
    for body in bodies:
        here = [row[done : done + len(cells)] for row, cells in zip(numbers, body, strict=True)]
        if not all(
            len(one) == len(cells) and all(map(agrees, cells, one)) for one, cells in zip(here, body, strict=True)
        ):
            return False
        done += len(body[0])
        if done == len(numbers[0]):
            return True
    return False


@cache
def learned(name: str, folder: Path, *more: str) -> str:
    """What `learn` writes of a bundled example, or of a task of this file."""
    path: str | Path = name
    if name in TASKS:
        path = folder / f"{name}.toml"
        path.write_text(TASKS[name], encoding="utf-8")
    ended = run("learn", path, *more)
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tasks are kept."""
    return tmp_path_factory.mktemp("tasks")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_name", GRIDS)
@pytest.mark.parametrize("name", LEARNED)
def test_what_was_learned_is_in_every_format_as_in_json(
    name: str, format_name: str, language: str, folder: Path
) -> None:
    """A handout showed other matrices than the run had, or left one out."""
    found = json.loads(learned(name, folder, "--format", "json"))
    text = learned(name, folder, "--format", format_name, "--lang", language)
    grids = list(GRIDS[format_name](text, language))
    for matrix in found["train"]:
        numbers = found["parameters"][matrix]
        assert carried(numbers if isinstance(numbers[0], list) else [numbers], grids), matrix
    query = found["query"]["index"]
    keys = len(found["context"])
    told = [grid for grid in grids if len(grid) >= keys and len(grid[-1]) > 2]
    before, after = (found["weights"][when][query] for when in ("before", "after"))
    assert any(
        all(agrees(row[1], one) for row, one in zip(grid[-keys:], before, strict=True))
        and any(
            all(agrees(row[at], one) for row, one in zip(grid[-keys:], after, strict=True))
            for at in range(2, len(grid[-1]))
        )
        for grid in told
    )
    losses = [row[1:] for grid in grids for row in grid if agrees(row[1], found["losses"][0])]
    assert any(agrees(row[-1], found["losses"][-1]) for row in losses)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LEARNED)
def test_a_picture_of_what_was_learned_has_its_numbers(name: str, language: str, folder: Path) -> None:
    """A figure in a talk had a curve, and other numbers than the run."""
    root = ElementTree.fromstring(learned(name, folder, "--format", "svg", "--lang", language))
    numbers = {number for one in svg_texts(root) for number in (one.text or "").split()}
    found = json.loads(learned(name, folder, "--format", "json"))
    for matrix in map(found["parameters"].__getitem__, found["train"]):
        for row in matrix if isinstance(matrix[0], list) else [matrix]:
            assert all(any(agrees(number, one) for number in numbers) for one in row)
    assert any(one.tag.endswith("circle") for one in root.iter())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_name", [*GRIDS, "svg"])
@pytest.mark.parametrize("name", PRINTED)
def test_what_check_found_is_in_every_format_as_in_json(name: str, format_name: str, language: str) -> None:
    """A colleague got a report whose rows were not those of the terminal."""
    (found,) = run("check", name, "--format", "json").json["files"]
    ended = run("check", name, "--format", format_name, "--lang", language)
    assert ended.status == (1 if found["disagree"] else 0)
    text = ended.output
    if format_name == "svg":
        root = ElementTree.fromstring(text)
        words = " ".join(one.text or "" for one in svg_texts(root))
    else:
        grids = list(GRIDS[format_name](text, language))
        for finding in found["findings"]:
            for explanation in finding["explanations"][:1]:
                if explanation["row"]:
                    rows = [finding["printed"], explanation["row"], finding["right"]]
                    assert carried(rows, grids) or None in finding["printed"]
        words = text_in(parsed(text)) if format_name == "html" else text
    for count in (found["published"], found["disagree"]):
        assert re.search(rf"(?<!\d){count}(?!\d)", words) or not count
    if found["first_wrong"]:
        said = re.sub("(minus|负) ?(?=[0-9])", "-", words)
        numbers = set(re.findall(r"-?[0-9]+\.?[0-9]*(?:e-?[0-9]+)?|-?∞", said))
        assert any(agrees(one, found["first_wrong"]["computed"]) for one in numbers)
        assert any(agrees(one, found["first_wrong"]["published"]) for one in numbers)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", PRINTED)
def test_the_csv_of_check_has_a_row_for_every_printed_number(name: str) -> None:
    """A spreadsheet showed another verdict than the page."""
    (found,) = run("check", name, "--format", "json").json["files"]
    rows = list(csv.DictReader(io.StringIO(run("check", name, "--format", "csv").output)))
    assert len(rows) == found["published"]
    assert sum(row["holds"] == "0" for row in rows) == found["disagree"]
    for row in rows:
        assert row["address"].startswith(row["step"])
        assert not row["error"]
    slips = {slip for row in rows for slip in row["slips"].split()}
    assert slips <= set(found["slips"])


@pytest.mark.slow
def test_an_unusable_file_is_told_in_every_format(tmp_path: Path) -> None:
    """A report about a folder ended with a traceback at the first bad file, or left it out."""
    path = tmp_path / "bad.toml"
    path.write_text("format = 1\ntokens = 3\n", encoding="utf-8")
    for name in formats_of("check"):
        if name not in ("schema", "github"):
            ended = run("check", path, "animal", "--format", name)
            assert ended.status == 2
            assert "bad.toml" in ended.output
            assert "tokens" in ended.output


@pytest.mark.parametrize("format_name", ["transcript", "markdown", "html", "svg", "latex", "csv"])
def test_answers_are_graded_in_every_format(format_name: str, tmp_path: Path) -> None:
    """A teacher could hand back points as text only."""
    path = tmp_path / "mine.csv"
    path.write_text('"weights[it,animal]",0.26\n"weights[it,street]",0.5\n', encoding="utf-8")
    ended = run("check", "animal", "--answers", path, "--blank", "weights", "--format", format_name)
    assert ended.status == 1
    assert "0.5" in ended.output
    assert "wrong" in ended.output
    assert re.search("0[.]19|0[.]1866|0[.]1865", ended.output)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_update_and_every_sentence_is_a_table_too(language: str, folder: Path) -> None:
    """`--every` and `--sentences` went with text only."""
    text = learned("animal-learn", folder, "--every", "25", "--format", "html", "--lang", language)
    rows = [row for grid in html_grids(text, language) for row in grid]
    assert {"25", "50", "75", "100"} <= {row[0] for row in rows}
    text = learned("it-learn", folder, "--sentences", "--format", "latex", "--lang", language)
    assert len([row for grid in latex_grids(text, language) for row in grid]) > 24


def test_only_latex_is_a_whole_document(tmp_path: Path) -> None:
    """`--standalone` was silently without effect."""
    for asked in (("learn", "animal-learn"), ("check", "animal")):
        ended = run(*asked, "--standalone", "--lang", "en")
        assert ended.status == 2
        assert "--format latex" in ended.messages
        path = tmp_path / f"{asked[0]}.tex"
        assert run(*asked, "--standalone", "-o", path).status in (0, 1)
        assert r"\documentclass" in path.read_text(encoding="utf-8")


def test_a_terminal_that_can_show_nothing_gets_a_transcript() -> None:
    """Under TERM=dumb a listener heard three matrices side by side, and the dots of a curve."""
    for asked in (("learn", "animal-learn"), ("check", "animal")):
        dumb = run(*asked, environ={"TERM": "dumb"}).output
        assert dumb == run(*asked, "--format", "transcript").output


@pytest.mark.slow
@pytest.mark.parametrize(("name", "language"), [("animal-learn", "en"), ("it-learn", "zh"), ("awkward", "en")])
def test_a_whole_document_compiles(name: str, language: str, tmp_path: Path) -> None:
    """An author got an error in a file that nobody wrote by hand."""
    text = learned(name, tmp_path, "--format", "latex", "--standalone", "--lang", language)
    checked = run("check", "animal", "illustrated", "--format", "latex", "--standalone", "--lang", language).output
    for one in (text, checked):
        engine = "pdflatex" if is_latin(one) else "xelatex"
        if shutil.which(engine) is None:
            pytest.skip(f"no {engine} here")
        (tmp_path / "report.tex").write_text(one, encoding="utf-8")
        command = [engine, "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=240, check=False)
        assert ended.returncode == 0, ended.stdout[-2000:].decode(errors="replace")


def test_titles_and_tokens_are_text(tmp_path: Path) -> None:
    """A token of somebody's file ran as a script in the reader's browser, or ended a table."""
    page = run("learn", saved(tmp_path, AWKWARD), "--format", "html").output
    assert any('<b>,"_"' in row[0] for grid in html_grids(page, "en") for row in grid)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "asked", [("learn", "it-learn"), ("learn", "animal-learn"), ("check", "animal", "illustrated")]
)
def test_every_sign_is_said_in_a_word(asked: tuple[str, ...], language: str) -> None:
    """A screen reader left out ✓ and Σ, and a braille display showed the dots of the curve."""
    text = run(*asked, "--format", "transcript", "--lang", language).output
    odd = {one for one in text if ord(one) > 126 and one not in KNOWN and not unicodedata.category(one).startswith("L")}
    assert odd == set()
