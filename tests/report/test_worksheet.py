"""Worksheets: from the sheet over its key to the grade, as a teacher would go through it."""

from __future__ import annotations

import csv
import json
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest

from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.trace import Trace
from tests import samples
from tests.cli.program import REPOSITORY, printed, run
from tests.files.samples import example_text

TWO_HEADS = REPOSITORY / "tests" / "golden" / "two-heads.toml"
FRESH = ("--random", "--seed", "7")
ASKED = re.compile(r"(\w+(?:@\d+)?\[[^\]]*\]) = (\S+)")
EXAMPLES: tuple[str | Path, ...] = ("animal", "journey", "journey-causal", "xiaohong", "i-am-studying", TWO_HEADS)


def asked(page: str) -> dict[str, str]:
    """The addresses of the blanks on a page, and what stands in them."""
    return {address: answer for address, answer in ASKED.findall(page) if not address.startswith("exp")}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


def handed_in(folder: Path, answers: dict[str, str]) -> Path:
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("address", "answer"), *answers.items()])
    return path


@pytest.mark.sampled(1)
@pytest.mark.parametrize("level", ["last", *samples.each(["alternate", "all", "scores,output"], ("all",))])
@pytest.mark.parametrize("example", samples.each(EXAMPLES, ("animal", "journey-causal", TWO_HEADS)), ids=str)
def test_a_sheet_filled_in_from_its_key_grades_full_marks(example: str | Path, level: str, tmp_path: Path) -> None:
    """The teacher's own key would have lost points."""
    sheet = ("print", example, "--blank", level)
    blank, key = run(*sheet).output, run(*sheet, "--key").output
    answers = asked(key)
    assert asked(blank) == dict.fromkeys(answers, "____")
    heading, *lines = rows(run(*sheet, "--format", "csv").output)
    assert heading == ["address", "answer", f"qkvtui: {shlex.quote(str(example))} --blank {level}"]
    trace = Trace(load(str(example)))  # a spreadsheet may go to readers of another language: columns by number
    assert [(parse_address(trace, one), empty) for one, empty in lines] == [
        (parse_address(trace, one), "") for one in answers
    ]
    graded = run("check", example, "--answers", handed_in(tmp_path, answers), "--blank", level)
    assert (graded.status, graded.messages) == (0, "")
    assert f": {len(answers)} of {len(answers)} points" in graded.output.splitlines()[0]
    for form in ("csv", "json"):
        path = tmp_path / f"key.{form}"
        assert run(*sheet, "--key", "--format", form, "-o", path).status == 0
        assert run("check", example, "--answers", path, "--blank", level).status == 0
        assert run(*sheet, "--format", form, "-o", path, "--force").status == 0
        assert f": 0 of {len(answers)} points" in run("check", example, "--answers", path).output


def test_fresh_numbers_filled_from_the_key_grade_full_marks_and_a_forgotten_scale_is_named(tmp_path: Path) -> None:
    """A learner who forgot to divide would have heard only that the number is wrong."""
    key = printed("animal", "--blank", "all", "--key", *FRESH)
    answers = asked(key)
    path = handed_in(tmp_path, answers)
    assert run("check", "animal", "--answers", path, *FRESH).status == 0
    assert run("check", "animal", "--answers", path).status == 1  # the book's numbers are others
    cell = "scaled[it,animal]"
    path = handed_in(tmp_path, answers | {cell: answers[cell.replace("scaled", "scores")]})
    graded = run("check", "animal", "--answers", path, *FRESH)
    assert graded.status == 1
    assert f"animal: {len(answers) - 1} of {len(answers)} points" in graded.output
    assert "4/5" in graded.output
    said = graded.output.split(f"{cell}: ")[1]
    assert "is wrong" in said.splitlines()[0]
    assert said.splitlines()[1].strip().startswith("no-scale: ")
    found = run("check", "animal", "--answers", path, "--format", "json", *FRESH).json
    (wrong,) = (one for one in found["answers"] if not one["points"])
    assert (wrong["address"], wrong["verdict"], wrong["slips"]) == (cell, "wrong", ["no-scale"])
    assert (found["points"], found["total"]) == (len(answers) - 1, len(answers))
    assert {"id": "scaled", "points": 4, "total": 5} in found["steps"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, pytest.param(80, marks=pytest.mark.slow)])
@pytest.mark.parametrize("level", [pytest.param("last", marks=pytest.mark.slow), "alternate", "all"])
def test_a_sheet_stays_in_its_width_and_tells_no_hidden_number(language: str, width: int, level: str) -> None:
    """A blank would have been cut off by the paper, or have stood filled in elsewhere on it."""
    options = ("animal", "--blank", level, "--width", str(width), "--lang", language, *FRESH)
    sheet, key = printed(*options), printed(*options, "--key")
    assert all(len(line) <= width for line in sheet.splitlines())
    assert set(asked(sheet)) == set(asked(key))
    assert set(asked(sheet).values()) == {"____"}
    assert "____" not in key
    steps = {address.partition("[")[0] for address in asked(key)}
    told = sheet.split("── ")
    for step in steps & {"scaled", "weights", "output"}:  # numbers with decimals, which stand nowhere else by chance
        (part,) = (one for one in told if f"{step}[it," in one)
        for address, answer in asked(key).items():
            if address.startswith(f"{step}["):
                assert answer not in re.findall(r"-?\d+\.\d+", part), (address, answer)


def test_what_a_source_printed_or_the_file_tells_is_not_on_the_sheet() -> None:
    """A source that is right would have given the answer, and so would the notes in the file."""
    options = ("journey", "--step", "weights")
    assert "printed" in printed(*options)
    assert "printed" not in printed(*options, "--blank", "weights")
    about = load("animal").about
    assert about is not None
    first = about.in_language("en").split(".")[0]
    assert first in " ".join(printed("animal").split())
    assert first not in " ".join(printed("animal", "--blank", "last").split())


@pytest.mark.parametrize("level", ["alternate", "all", "weights"])
def test_a_sheet_does_not_tell_what_a_sink_takes_and_leaves(level: str) -> None:
    """Below the blanks stood what the weights add up to, which is not 1 here, and the sink's exponential."""
    shown, sheet = (printed("sink", "--step", "weights", *options) for options in ((), ("--blank", level)))
    assert re.search(r"^sink 1\.00 \+ sum .* 1\.54 .* 0\.35$", shown, re.MULTILINE)
    assert re.search(r"^sink ____ \+ sum +____ +____$", sheet, re.MULTILINE)
    assert not re.search(r"0\.35|0\.65|65%", sheet)
    key = printed("sink", "--step", "weights", "--blank", level, "--key")
    assert re.search(r"^sink 1\.00 \+ sum .* 1\.54 .* 0\.35$", key, re.MULTILINE)


def test_an_ascii_sheet_is_all_ascii() -> None:
    """A printer without the signs would have printed question marks."""
    for more in ((), ("--key",)):
        page = printed("journey-causal", "--blank", "all", "--ascii", *FRESH, *more)
        assert page.isascii()
    assert "-inf" in page


@pytest.mark.slow
def test_a_sheet_is_the_same_whenever_and_wherever_it_is_printed() -> None:
    """Thirty learners would have had thirty different sheets."""
    options = ("animal", "--blank", "all", *FRESH)
    assert printed(*options) == printed(*options)
    assert printed(*options, environ={"COLUMNS": "80", "TERM": "xterm"}) == printed(*options)
    assert printed("animal", "--blank", "all", "--random", "--seed", "8") != printed(*options)


def test_a_sheet_asks_a_question_where_the_answer_would_be_the_summary() -> None:
    """The last page would have said whom it attends to."""
    page = printed("animal", "--blank", "weights")
    assert page.rstrip().endswith("In your own words: whom does “it” attend to most, and why?")
    assert "attends most" not in page


def test_json_has_null_where_the_sheet_has_a_blank() -> None:
    """A quiz on a web page would have had the answers in its source."""
    found = run("print", "animal", "--blank", "scores,weights", "--format", "json").json
    steps = {step["id"]: step["values"] for step in found["steps"]}
    assert {value for row in steps["scores"] + steps["weights"] for value in row} == {None}
    assert None not in {value for row in steps["scaled"] for value in row}
    assert found["attends"] == found["published"] == []
    assert found["answers"] == dict.fromkeys(
        [f"{step}[it,{token}]" for step in ("scores", "weights") for token in found["tokens"]]
    )
    keyed = run("print", "animal", "--blank", "scores,weights", "--key", "--format", "json").json
    plain = run("print", "animal", "--format", "json").json
    assert keyed["steps"] == plain["steps"]
    assert list(keyed["answers"].values())[:5] == plain["steps"][4]["values"][3]


def test_all_heads_are_asked_for_where_all_are_printed(tmp_path: Path) -> None:
    """The second head's blanks would have had no address."""
    options = ("print", TWO_HEADS, "--blank", "weights", "--head", "all")
    answers = asked(run(*options, "--key").output)
    assert {address.partition("[")[0] for address in answers} == {"weights", "weights@1"}
    assert asked(run(*options).output) == dict.fromkeys(answers, "____")
    assert run("check", TWO_HEADS, "--answers", handed_in(tmp_path, answers)).status == 0
    found = run(*options, "--format", "json").json
    assert found["heads_detail"][1]["attends"] == []


def test_a_plain_lesson_with_fresh_numbers_says_so() -> None:
    """A reader would have looked for these numbers in the source."""
    page = printed("animal", *FRESH)
    assert page.startswith("What does 'it' refer to? (fresh numbers, seed 7)\n")
    assert "Source" not in page
    assert "printed" not in page
    assert printed("animal", "--lang", "zh", *FRESH).startswith("“it”指的是谁？（换一组数，种子 7）\n")


@pytest.mark.parametrize("name", ["awkward_tokens"])
def test_a_token_with_commas_and_quotes_can_be_answered_for(name: str, tmp_path: Path) -> None:
    """The address of `a,b` would have been cut at its comma by the CSV."""
    path = tmp_path / f"{name}.toml"
    path.write_text(example_text(samples.example(name)), encoding="utf-8")
    key = tmp_path / "key.csv"
    run("print", path, "--blank", "weights", "--key", "--format", "csv", "-o", key)
    assert run("check", path, "--answers", key).status == 0


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("print", "animal", "--key"), "--key goes with --blank"),
        (("print", "animal", "journey", "--blank", "all", "--format", "csv"), "name one example"),
        (("print", "animal", "--random"), "--random needs --seed N"),
        (("print", "animal", "--seed", "1"), "--seed goes with --random"),
        (("print", "animal", "--random", "--seed", "x"), "argument --seed: 'x' is not a whole number"),
        (("print", "animal", "--blank", "all", "--query", "all"), "name one with --query"),
        (("print", "animal", "--blank", "all", "--before"), "--before does not go with --blank"),
        (("print", "animal", "--blank", "all", "--softmax", "columns"), "--softmax columns does not go"),
        (("print", "animal", "--blank", "foo"), "--blank foo: there is no such step"),
        (("print", "animal", "--blank", "embeddings"), "nothing to fill in at this step"),
        (("print", "animal", "--blank", "all", "--step", "embeddings"), "nothing is computed at these steps"),
        (("check", "animal", "--blank", "all"), "--blank goes with --answers FILE"),
        (("check", "animal", "--random", "--seed", "1"), "--seed goes with --answers FILE"),
        (("check", "animal", "journey", "--answers", "-"), "name one example"),
        (("check", "animal", "--answers", "no such file"), "there is no such file"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(arguments: tuple[str, ...], said: str) -> None:
    """A sheet would have been printed that nobody asked for, or graded against other numbers."""
    ended = run(*arguments)
    assert (ended.status, ended.output) == (2, "")
    assert said in ended.messages


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ('"weights[it,zebra]",1\n', (), 'no column is "zebra"'),
        ('"X[it,0]",1\n', (), "is nothing to be filled in"),
        ('"weigths[it,it]",1\n', (), "did you mean weights[it,it]?"),
        ('"weights[it,animl]",1\n', (), "did you mean weights[it,animal]?"),
        ('"weights[The,it]",1\n', ("--blank", "all"), "is not asked for by --blank all; for another token"),
        ('"weights[it,it]",1\n', ("--blank", "last"), "is not asked for by --blank last"),
    ],
)
def test_an_answer_to_something_else_makes_the_file_unusable(text: str, more: tuple[str, ...], said: str) -> None:
    """A mistyped address would have been counted as a missing answer, and nobody would have known."""
    ended = run("check", "animal", "--answers", "-", *more, stdin=text)
    assert (ended.status, ended.output) == (2, "")
    assert said in ended.messages


def test_what_is_missing_counts_nothing_and_what_cannot_be_read_says_why() -> None:
    """An empty line would have been a point, or one word would have made the whole file unusable."""
    text = '"weights[it,The]",\n"weights[it,animal]",a quarter\n"weights[it,street]",0.19\n'
    ended = run("check", "animal", "--answers", "-", stdin=text)
    assert ended.status == 1
    lines = ended.output.splitlines()
    assert lines[0] == "animal: 1 of 5 points"
    assert "weights[it,The]: no answer; 0.16 is right" in lines
    assert "weights[it,animal]: a quarter cannot be read; 0.26 is right" in lines
    assert "weights[it,tired]: no answer; 0.20 is right" in lines
    chinese = run("check", "animal", "--answers", "-", "--lang", "zh", stdin=text).output
    assert chinese.startswith("animal：得 1 分，满分 5 分\n")
    assert "没有作答，正确的是 0.16" in chinese
    assert run("check", "animal", "--answers", "-", "--blank", "all", stdin=text).output.startswith("animal: 1 of 39 ")
    assert run("check", "animal", "--answers", "-", stdin="").output.startswith("animal: 0 of 39 points")


def test_escape_sequences_in_an_answer_do_not_reach_the_terminal() -> None:
    """A handed-in file would have moved the teacher's cursor."""
    text = json.dumps({"weights[it,The]": "\x1b[2J\x9b1m"})
    for more in ((), ("--format", "json")):
        output = run("check", "animal", "--answers", "-", *more, stdin=text).output
        assert "\x1b" not in output
        assert "\x9b" not in output


def test_one_bad_line_loses_that_line_only() -> None:
    """A typing mistake in one address cost all points."""
    text = '"weights[it,The]",0.16\nName: Li Hua\n"weigths[it,animal]",0.26\n"weights[it,it]",0.20\n'
    ended = run("check", "animal", "--answers", "-", "--blank", "weights", stdin=text)
    assert (ended.status, ended.messages) == (1, "")
    assert ended.output.startswith("animal: 2 of 5 points\n")
    said = " ".join(ended.output.split())
    assert 'line 2: "Name: Li Hua" has no answer column; write "weights[it,animal]",0.26' in said
    assert "line 3: weigths[it,animal]: there is no step, input or parameter 'weigths'; did you mean" in said
    assert "did you mean weights[it,animal]?" in said
    found = run("check", "animal", "--answers", "-", "--blank", "weights", "--format", "json", stdin=text).json
    assert (found["file"], found["points"], found["total"]) == ("-", 2, 5)
    assert [one["place"] for one in found["unread"]] == ["line 2", "line 3: weigths[it,animal]"]


@pytest.mark.parametrize(
    ("lines", "points", "said"),
    [
        (["0.26", "0.26"], 1, ""),
        (["0.26", "0,26"], 1, ""),
        (["0.26", ""], 1, ""),
        (["", "26%"], 1, ""),
        (["0.26", "0.30"], 0, 'is answered 2 times: "0.26" (line 1), "0.30" (line 2)'),
    ],
)
def test_a_number_that_is_answered_twice_counts_once_or_not_at_all(lines: list[str], points: int, said: str) -> None:
    """Whoever wrote two answers would have been given the better one, or whoever copied a line have lost all points."""
    text = "".join(f'"weights[it,animal]","{one}"\n' for one in lines)
    ended = run("check", "animal", "--answers", "-", stdin=text)
    assert ended.output.startswith(f"animal: {points} of 5 points\n")
    assert said in ended.output
    assert (said != "") == ("answered" in ended.output)
