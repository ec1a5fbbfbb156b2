"""A worksheet's file says which sheet it is, and answers to another one are not graded by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import REPOSITORY, run
from tests.files.samples import PROJECTED, TOP

FRESH = ("--random", "--seed", "7")


def key(folder: Path, name: str, *options: str, example: str = "animal") -> Path:
    """A sheet that is filled in rightly."""
    path = folder / name
    assert run("print", example, *options, "--key", "--format", path.suffix[1:], "-o", path).status == 0
    return path


@pytest.mark.sampled(1)
@pytest.mark.parametrize("suffix", ["csv", "json"])
@pytest.mark.parametrize(
    ("example", "options"),
    [
        ("animal", ("--blank", "all", *FRESH)),
        ("animal", ("--blank", "scores,weights", "--query", "street")),
        ("animal#scores[street,it]", ("--blank", "all")),
        ("animal", ("--blank", "all", "--step", "scores,weights", "--digits", "4")),
        ("animal", ("--blank", "all", "--scale", "none", "--causal", "--set", "X[it,0]=0.9", "--set", "W_Q[0,1]=2")),
        ("two-heads", ("--blank", "weights", "--head", "all")),
        ("two-heads", ("--blank", "weights", "--head", "1")),
        ("journey", ("--blank", "alternate", "--temperature", "2")),
    ],
)
def test_a_sheet_is_graded_without_any_option(
    example: str, options: tuple[str, ...], suffix: str, tmp_path: Path
) -> None:
    """Graded against the book's numbers, or without its blanks, a right sheet lost points, or a half one had all."""
    path = key(tmp_path, f"key.{suffix}", *options, example=example)
    ended = run("check", "--answers", path)
    assert (ended.status, ended.messages) == (0, "")
    assert run("check", example.partition("#")[0], "--answers", path).status == 0
    if suffix == "csv":
        assert run("grade", path, path, "--format", "json").status == 2  # nothing but the sheet itself
        copy = tmp_path / "li.csv"
        copy.write_bytes(path.read_bytes())
        found = run("grade", path, copy, "--format", "json").json
        assert found["files"][0]["points"] == found["total"] > 0


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_a_sheet_of_an_example_with_a_hostile_name_is_clean_and_graded(suffix: str, tmp_path: Path) -> None:
    """`cat sheet.csv` in a terminal ran the escape sequence, or was turned round, that stood in the file's name."""
    example = tmp_path / "a\u202egnp\x1b[31m.toml"
    example.write_bytes((REPOSITORY / "examples" / "animal.toml").read_bytes())
    path = key(tmp_path, f"key.{suffix}", "--blank", "weights", example=str(example))
    assert not {"\u202e", "\x1b"} & set(path.read_text(encoding="utf-8"))
    assert run("check", example, "--answers", path).status == 0


def test_half_a_sheet_has_half_the_points(tmp_path: Path) -> None:
    """Who handed in six numbers of eleven, all right, had full marks."""
    path = key(tmp_path, "half.csv", "--blank", "weights,output")
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
    assert run("check", "--answers", path).output.startswith("animal: 3 of 7 points\n")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_spreadsheet_keeps_what_the_sheet_says(separator: str, encoding: str, tmp_path: Path) -> None:
    """Saved by Excel, the sheet would have been graded against the book's numbers."""
    path = key(tmp_path, "key.csv", "--blank", "scores,weights", *FRESH)
    rows = [line.replace('"', "") for line in path.read_text(encoding="utf-8").splitlines()]
    head, *answers = rows
    cells = [head.replace(",", separator, 2)]
    cells += [separator.join(one.rsplit(",", 1)).replace(".", ",") for one in answers]
    path.write_bytes("\r\n".join(cells).encode(encoding))
    assert run("check", "--answers", path).status == 0
    everywhere = [head.replace(",", separator), *cells[1:]]
    path.write_bytes("\r\n".join(everywhere).encode(encoding))
    assert run("check", "--answers", path).status == 0


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--blank", "all", "--random", "--seed", "8"), "is of another sheet: --seed 8, not --seed 7"),
        (("--blank", "all"), "is of another sheet: without --seed 7"),
        (("--blank", "last", *FRESH), "is of another sheet: --blank last, not --blank all"),
        (("--blank", "all", "--query", "The", *FRESH), "is of another sheet: --query The, which was not asked for"),
        (("--blank", "all", "--scale", "none", *FRESH), "is of another sheet: --scale none, which was not asked for"),
    ],
)
def test_answers_to_another_sheet_are_refused_by_name(options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """Thirty learners with thirty seeds would have been graded by one key."""
    sheet = key(tmp_path, "sheet.csv", "--blank", "all", *FRESH)
    good = key(tmp_path, "good.csv", "--blank", "all", *FRESH)
    other = key(tmp_path, "other.csv", *options)
    for which in ((sheet,), ("animal", "--blank", "all", *FRESH)):
        ended = run("grade", *which[:1], good, other, *which[1:])
        assert (ended.status, ended.messages) == (2, "")
        assert f"other.csv: {said}" in " ".join(ended.output.split())
    found = run("grade", sheet, good, other, "--format", "json").json
    assert [(one["valid"], one["points"], one["errors"]) for one in found["files"]] == [
        (True, 39, []),
        (False, None, [said]),
    ]


def test_check_refuses_options_that_the_file_contradicts(tmp_path: Path) -> None:
    """A learner would have lost all points for a seed that the teacher mistyped."""
    path = key(tmp_path, "key.csv", "--blank", "all", *FRESH)
    for options, said in (
        (("animal", "--random", "--seed", "8"), "is of another sheet: --seed 7, not --seed 8"),
        (("animal", "--blank", "last"), "is of another sheet: --blank all, not --blank last"),
        (("journey",), "is of another sheet: of animal, not of journey"),
    ):
        ended = run("check", *options, "--answers", path)
        assert (ended.status, ended.output) == (2, "")
        assert said in ended.messages


def test_an_example_of_ones_own_is_found_from_where_its_sheet_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet made in the teacher's folder could not have been graded from another one."""
    lessons = tmp_path / "my lessons"
    lessons.mkdir()
    (lessons / "it's mine.toml").write_text(TOP + PROJECTED, encoding="utf-8")
    monkeypatch.chdir(lessons)
    path = key(lessons, "key.csv", "--blank", "all", example="it's mine.toml")
    for folder in (lessons, tmp_path):
        monkeypatch.chdir(folder)
        assert run("check", "--answers", path).status == 0
        assert run("check", lessons / "it's mine.toml", "--answers", path).status == 0


def test_a_sheet_from_standard_input_says_no_example(tmp_path: Path) -> None:
    """The answers would have been waited for on a terminal."""
    text = (REPOSITORY / "examples" / "animal.toml").read_text(encoding="utf-8")
    path = tmp_path / "key.csv"
    assert run("print", "-", "--blank", "all", "--key", "--format", "csv", "-o", path, stdin=text).status == 0
    assert run("check", "animal", "--answers", path).status == 0
    assert "name the example" in run("check", "--answers", path).messages
    assert "name the example" in run("grade", path, "x.csv").messages


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("qkvtui: ", "name the example"),
        ("qkvtui: animal --seed many", "names no sheet"),
        ("qkvtui: animal --seed", "names no sheet"),
        ("qkvtui: animal --output x", "names no sheet"),
        ("qkvtui: 'animal", "names no sheet"),
        ("qkvtui: no-such-example --blank all", "no file and no bundled example"),
        ("qkvtui: animal --blank nothing", "--blank nothing: there is no such step"),
        ("qkvtui: animal --query \x1b[2J", "no token is"),
    ],
)
def test_a_sheet_that_says_nonsense_is_refused(sheet: str, said: str, tmp_path: Path) -> None:
    """A handed-in file would have ended in a traceback, or written a file of its own choice."""
    path = tmp_path / "bad.csv"
    path.write_text(f'address,answer,"{sheet}"\n"weights[it,it]",0.2\n', encoding="utf-8")
    ended = run("check", "--answers", path)
    assert (ended.status, ended.output) == (2, "")
    assert said in ended.messages
    assert "\x1b" not in ended.messages
    graded = run("grade", path, tmp_path / "bad.csv", "animal")
    assert graded.status == 2


def test_the_table_is_written_as_the_ending_says_and_never_over_what_is_read(tmp_path: Path) -> None:
    """A page of text would have stood in a file called grades.csv, or the answers of a learner have been lost."""
    sheet, answers = (key(tmp_path, name, "--blank", "weights") for name in ("sheet.csv", "li.csv"))
    for name, start in (("grades.csv", "file,weights,points,total,problems\n"), ("grades.json", '{"format": 1')):
        assert run("grade", sheet, answers, "-o", tmp_path / name).status == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
        assert run("grade", sheet, answers, "-o", tmp_path / name).status == 2
    for read in (sheet, answers):
        before = read.read_bytes()
        assert run("grade", sheet, answers, "-o", read, "--force").status == 2
        assert read.read_bytes() == before


def test_a_file_name_is_no_formula_and_no_escape_sequence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file handed in as `=cmd…` would have been run by the teacher's spreadsheet."""
    monkeypatch.chdir(tmp_path)
    key(tmp_path, "sheet.csv", "--blank", "weights")
    for name in ("=1+1.csv", "\x1b[2J.csv"):
        (tmp_path / name).write_bytes((tmp_path / "sheet.csv").read_bytes())
    table = run("grade", "sheet.csv", "=1+1.csv", "\x1b[2J.csv", "--format", "csv").output
    assert "\n./=1+1.csv," in table
    assert "\x1b" not in run("grade", "sheet.csv", "=1+1.csv", "\x1b[2J.csv").output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_keeps_to_its_width(language: str, tmp_path: Path) -> None:
    """Ten steps side by side would have been broken up by the terminal."""
    sheet, li = (key(tmp_path, name, "--blank", "all", example="two-heads") for name in ("sheet.csv", "li.csv"))
    page = run("grade", sheet, li, "--lang", language, environ={"COLUMNS": "60"}).output
    assert all(len(line) <= 80 for line in page.splitlines())
