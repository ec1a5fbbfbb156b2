"""A lesson for those who listen, or read with their fingers."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata

import pytest

from qkvtui.files.find import bundled_names
from qkvtui.narration.language import language_texts
from tests import samples
from tests.cli.program import printed, run
from tests.report.reading import FoundTable, carries, json_of, steps_in
from tests.samples import each

KNOWN = set("“”‘’…–«»、。，：；？！（）《》")
"""Signs beyond ASCII that braille and speech have words for."""
ROW = {"en": r"Row (.*?): (.*)\.", "zh": r"(.*?) ?行：(.*)。"}
NAMES = each(bundled_names(), ("animal", "two-heads", "journey-causal", "xiaohong"))


def transcript(*arguments: str) -> str:
    """What `print --format transcript` says."""
    return printed(*arguments, "--format", "transcript")


def plain(number: str, language: str) -> str:
    """A number as it is written, without what is said of it."""
    spoken = language_texts(language).spoken
    said = re.sub(f"{spoken['negative']} ?", "-", number).replace(spoken["∞"], "∞")
    return re.sub(r" ?[(（].*", "", said)


def cells(text: str, columns: list[str], language: str) -> dict[str, str] | None:
    """The numbers of a row by the labels of its columns, in their order; None where it says anything else."""
    found = {}
    spoken = language_texts(language).spoken
    for index, column in enumerate(columns):
        text = text.removeprefix(spoken["end_of_cells"]) if index else text
        for how in ("of_token", "numbered", "named"):
            start = spoken[how].partition("{number}")[0].format(column=column)
            number = re.match(rf"(?:{spoken['negative']} ?)?({spoken['∞']}|[0-9.e-]+)", text.removeprefix(start))
            if text.startswith(start) and number:
                break
        else:
            return None
        found[column] = plain(number[0], language)
        text = re.sub(r"^(?: \([^)]*\)|（[^）]*）)+", "", text.removeprefix(start)[len(number[0]) :])
    return found if not text else None


def tables(text: str, found: list[tuple[str, list[str]]], language: str) -> list[FoundTable]:
    """The tables of a transcript whose columns are these labels."""
    read = []
    for part in text.split("\n\n"):
        lines = [re.fullmatch(ROW[language], line) for line in part.split("\n")]
        for symbol, columns in found:
            rows = {line[1]: cells(line[2], columns, language) for line in lines if line}
            if rows and None not in rows.values():
                read.append(FoundTable(symbol, rows))  # type: ignore[arg-type]
    return read


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_the_transcript_carries_every_number_of_every_step(name: str, language: str) -> None:
    """A listener would have heard some of the matrices, or other numbers than a sighted neighbour sees."""
    asked = (samples.of_one_layer(name), "--lang", language, "--head", "all")
    text = transcript(*asked)
    words = language_texts(language).words
    steps = list(steps_in(json_of(*asked), words["new"]))
    columns = [("", step["columns"]) for step in steps if step["id"] != "update"]
    moved = rf"^{ROW[language].replace('(.*)', '.*?' + words['new'] + ' (?:is|为) (.*)')}$"
    read = tables(text, columns, language)
    read.append(
        FoundTable("", {line[1]: {words["new"]: plain(line[2], language)} for line in re.finditer(moved, text, re.M)})
    )
    missing = [step["id"] for step in steps if not any(carries(table, step) for table in read)]
    assert missing == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "more", [(), ("--questions",), ("--stops",), ("--blank", "all"), ("--scale", "none", "--before")]
)
def test_every_sign_is_said_in_a_word(more: tuple[str, ...], language: str) -> None:
    """A screen reader would have left out ′ and √ and ✗, and a braille display shown eight cells of a code for each."""
    for name in ("animal", "translation", "journey-causal", "it-learn"):
        text = transcript(name, "--lang", language, *more)
        odd = {
            one for one in text if ord(one) > 126 and one not in KNOWN and not unicodedata.category(one).startswith("L")
        }
        assert odd == set()
        assert not re.search(r"  |____|[│─]", text)


@pytest.mark.skipif(shutil.which("lou_translate") is None, reason="liblouis is not installed")
def test_braille_knows_every_sign() -> None:
    """A braille display would have shown the number of a character in place of the character."""
    text = transcript("animal").replace("注意力机制里的", "")
    done = subprocess.run(
        ["lou_translate", "unicode.dis,en-ueb-g1.ctb"], input=text, capture_output=True, text=True, check=True
    )
    assert "⠄⡳⠭" not in done.stdout


def test_the_current_cell_and_its_arithmetic_are_said() -> None:
    """A listener could not have redone the sum, or known which number it is about."""
    text = transcript("animal", "--step", "scores")
    assert "Row it: The 0.15, animal 0.85 (current), street 0.40, it 0.50, tired 0.50." in text
    assert "scores[it,animal]: 0.85 equals 0.50 times 0.90 plus 0.50 times 0.80" in text
    assert "Step 5 of 11: scores. Formula: S equals Q K transposed." in text
    assert "animal 0.90 (does not hold)" in text
    chinese = transcript("animal", "--step", "scores", "--lang", "zh")
    assert "it 行：The 0.15，animal 0.85（当前），street 0.40，it 0.50，tired 0.50。" in chinese
    assert "scores[it,animal]：0.85 等于 0.50 乘 0.90 加 0.50 乘 0.80" in chinese


def test_a_blank_is_said_and_the_key_fills_it_in() -> None:
    """A worksheet for a blind student would have had nothing where the numbers go, or the numbers."""
    sheet = transcript("animal", "--blank", "weights", "--step", "weights")
    assert "weights[it,animal] equals blank" in sheet
    assert "0.26" not in sheet
    assert "weights[it,animal] equals 0.26" in transcript("animal", "--blank", "weights", "--step", "weights", "--key")


def test_what_a_change_changed_is_said() -> None:
    """A listener would have heard two numbers in a row, and the two ends of a drawing as one phrase."""
    text = transcript("animal", "--scale", "none", "--before", "--step", "weights")
    assert "A is 0.26 to 0.28 (current)" in text
    assert "one gets all, all the same, temperature T equals 1.00" in text


def test_a_table_is_read_once() -> None:
    """X would have been read out again at each of three projections."""
    text = transcript("animal")
    assert text.count("Table X: 5 rows, columns 0, 1.") == 1
    assert text.count("Table X: as read above.") == 3


def test_a_terminal_that_can_show_nothing_gets_a_transcript() -> None:
    """Under TERM=dumb a screen reader's user would have heard three matrices side by side, row by row."""
    dumb = {"TERM": "dumb"}
    assert printed("animal", environ=dumb) == transcript("animal")
    assert printed("animal", "--format", "text", environ=dumb) == printed("animal")
    assert printed("animal", "--picture", "flow", environ=dumb) == printed("animal", "--picture", "flow")


def test_an_ascii_transcript_is_all_ascii() -> None:
    """A device without the signs would have shown question marks."""
    assert transcript("journey-causal", "--ascii").isascii()


def test_tokens_stay_as_they_are_written() -> None:
    """A token that is a sign, such as × or a minus, would have been read out as another word."""
    example = """
format = 1
title = "Signs"
tokens = ["×", "−1", "√"]
[inputs]
X = [[1, 0], [0, 1], [1, 1]]
"""
    text = run("print", "-", "--format", "transcript", stdin=example).output
    assert re.search(r"^Row ×: column 0 is 1", text, re.MULTILINE)
    assert "“×” asks." in text
