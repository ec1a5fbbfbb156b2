"""A class hands in: 36 files as they really come, and the points that a fair teacher would give for each."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.cli.program import run

LEVEL = "scaled,weights,output"
Row = NDArray[np.float64]
Answers = dict[str, str]
"""Address → answer."""


class Learner:
    """Works out the sheet: all numbers, in NumPy, with one mistake and in one way of rounding."""

    def __init__(self) -> None:
        lesson = run("print", "animal", "--random", "--seed", "7", "--format", "json").json
        steps = {one["id"]: np.array(one["values"]) for one in lesson["steps"]}
        self.tokens = lesson["tokens"]
        self.scores, self.values = steps["scores"][3], steps["values"]
        self.all_scores, self.queries, self.keys = steps["scores"], steps["queries"], steps["keys"]

    def sheet(
        self,
        scaled: Row | None = None,
        weights: Callable[[Row], Row] | None = None,
        output: Callable[[Row], Row] | None = None,
        *,
        keep: bool = True,
        decimals: int = 2,
    ) -> Answers:
        """The answers; `keep`: all digits are kept for the next step, and rounded only where they are written."""
        found: Answers = {}

        def written(name: str, row: Row, labels: list[str]) -> Row:
            texts = [f"{one:.{decimals}f}" for one in row]
            found.update({f"{name}[it,{label}]": text for label, text in zip(labels, texts, strict=True)})
            return row if keep else np.array(texts, dtype=float)

        logits = written("scaled", self.scores / np.sqrt(2) if scaled is None else scaled, self.tokens)
        shares = written("weights", (weights or softmax)(logits), self.tokens)
        written("output", (output or (lambda row: row @ self.values))(shares), ["0", "1"])
        return found


def softmax(row: Row) -> Row:
    powers = np.exp(row - row.max())
    return np.asarray(powers / powers.sum())


def text_of(answers: Answers, separator: str = ",", *, quote: bool = True, header: bool = True) -> str:
    lines = [f"address{separator}answer"] if header else []
    mark = '"' if quote else ""
    return "\n".join([*lines, *(f"{mark}{one}{mark}{separator}{answer}" for one, answer in answers.items())]) + "\n"


def changed(answers: Answers, **others: str) -> Answers:
    """With other answers for some cells, written `weights_it_animal`."""
    names = {"_".join(one.replace("[", "_").replace("]", "").split(",")): one for one in answers}
    return answers | {names[name]: text for name, text in others.items()}


def percent(answers: Answers) -> Answers:
    return {one: f"{float(text) * 100:.0f}%" if one.startswith("weights") else text for one, text in answers.items()}


def class_of(learner: Learner) -> dict[str, tuple[str | bytes, int]]:
    """Name → (what is handed in, the points of 12)."""
    right, exact = learner.sheet(), learner.sheet
    by_hand = learner.sheet(keep=False)
    unscaled, over_2 = learner.scores, learner.scores / 2
    one_wrong = (learner.scores / np.sqrt(2)).copy()
    one_wrong[1] = learner.scores[1]
    columns = (np.exp(learner.all_scores / np.sqrt(2)) / np.exp(learner.all_scores / np.sqrt(2)).sum(axis=0))[3]
    commas = {one: text.replace(".", ",") for one, text in right.items()}
    swapped = changed(right, weights_it_animal=right["weights[it,it]"], weights_it_it=right["weights[it,animal]"])
    lines = text_of(right).splitlines(keepends=True)
    typo = text_of(right).replace('"weights[it,animal]"', '"weigths[it,animal]"')
    return {
        # right, in every way of working and writing
        "right": (text_of(right), 12),
        "four decimals": (text_of(exact(decimals=4)), 12),
        "fifteen decimals": (text_of(exact(decimals=15)), 12),
        "rounded at each step": (text_of(by_hand), 12),
        "fractions": (text_of(changed(right, scaled_it_animal=f"{learner.scores[1]:.0f}/sqrt(2)")), 12),
        "a sum": (text_of(changed(right, output_it_0=as_sum(by_hand, learner.values[:, 0]))), 12),
        "percent": (text_of(percent(right)), 12),
        "percent in JSON": (json.dumps(percent(right)), 12),
        "about": (text_of({one: f"≈ {text}" for one, text in right.items()}), 12),
        "full width": (text_of({one: text.translate(WIDE) for one, text in right.items()}), 12),
        "decimal commas, Excel": (text_of(commas, ";", quote=False).encode("utf-8-sig"), 12),
        "decimal commas, quoted": (text_of({one: f'"{text}"' for one, text in commas.items()}), 12),
        "decimal commas, bare": (text_of(commas), 12),
        "tabs, UTF-16": (text_of(right, "\t", quote=False).encode("utf-16"), 12),
        "no header": (text_of(right, header=False), 12),
        "rows in another order": ("".join([lines[0], *reversed(lines[1:])]), 12),
        "capitals in a token": (text_of(right).replace("[it,animal]", "[IT,Animal]"), 12),
        "each line twice": (text_of(right) + text_of(right, header=False), 12),
        # a slip costs the numbers that are wrong by it, and not those that follow from them
        "no scale, exact": (text_of(exact(unscaled)), 12 - 5),
        "no scale, rounded": (text_of(learner.sheet(unscaled, keep=False)), 12 - 5),
        "divided by d_k, exact": (text_of(exact(over_2)), 12 - 5),
        "divided by d_k, rounded": (text_of(learner.sheet(over_2, keep=False)), 12 - 5),
        "one score not scaled, exact": (text_of(exact(one_wrong)), 12 - 1),
        "one score not scaled, rounded": (text_of(learner.sheet(one_wrong, keep=False)), 12 - 1),
        "softmax over columns, exact": (text_of(exact(weights=lambda _: columns)), 12 - 5),
        "no exp, exact": (text_of(exact(weights=lambda row: row / row.sum())), 12 - 5),
        "keys for values": (text_of(exact(output=lambda row: row @ learner.keys)), 12 - 1),  # one column is the same
        "digits exchanged": (text_of(changed(right, weights_it_animal="0.31")), 12 - 1),
        "one decimal throughout": (text_of(exact(decimals=1)), 1),  # 0.2 is as good as 0.20 for 0.2055
        # what is missing or cannot be read costs itself
        "empty": ("", 0),
        "nothing filled in": (text_of(dict.fromkeys(right, "")), 0),
        "half done": (text_of({one: text for one, text in right.items() if one.startswith("scaled")}), 5),
        "two weights swapped": (text_of(swapped), 12 - 2),
        "a typo in an address": (typo, 12 - 1),
        "a word for a number": (text_of(changed(right, weights_it_animal="a lot")), 12 - 1),
        "two answers to one": (text_of(right) + '"weights[it,animal]",0.99\n', 12 - 1),
    }


WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


def as_sum(answers: Answers, values: Row) -> str:
    weights = [text for one, text in answers.items() if one.startswith("weights")]
    products = (f"{weight}*{value:.0f}" for weight, value in zip(weights, values, strict=True))
    return " + ".join(products)


LEARNER = Learner()
CLASS = class_of(LEARNER)
SHEET = ("--blank", LEVEL, "--random", "--seed", "7")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all files of the class, and the sheet."""
    folder = tmp_path_factory.mktemp("class")
    for name, (content, _) in CLASS.items():
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run("print", "animal", *SHEET, "--format", "csv", "-o", folder / "the sheet.csv").status == 0
    return folder


@pytest.fixture(scope="module")
def graded(handed_in: Path) -> dict[str, Any]:
    """Path → what `grade` says of a file."""
    found = run("grade", handed_in / "the sheet.csv", *sorted(handed_in.glob("*.csv")), "--format", "json").json
    return {Path(one["path"]).stem: one for one in found["files"]} | {"": found}


def test_there_are_36_of_them() -> None:
    """The class that this was tried with would have got smaller."""
    assert len(CLASS) == 36


@pytest.mark.slow
@pytest.mark.parametrize("name", CLASS)
def test_the_points_are_those_of_a_fair_teacher(name: str, graded: dict[str, Any]) -> None:
    """A learner would have lost points for a comma, a percent sign, or twice for one mistake."""
    assert graded[name]["valid"], graded[name]["errors"]
    assert graded[name]["points"] == CLASS[name][1]


@pytest.mark.slow
def test_one_alone_gets_the_same_points(handed_in: Path) -> None:
    """A learner who asks how many points there were would have been told another number than the list has."""
    for name, (_, points) in CLASS.items():
        alone = run("check", "animal", "--answers", handed_in / f"{name}.csv", *SHEET, "--format", "json").json
        assert (alone["points"], alone["total"]) == (points, 12), name


@pytest.mark.slow
def test_the_table_has_a_row_a_file_and_a_column_a_step(handed_in: Path, graded: dict[str, Any]) -> None:
    """The teacher's spreadsheet would have had other points than the page."""
    files = [handed_in / f"{name}.csv" for name in CLASS]
    table = list(csv.DictReader(StringIO(run("grade", handed_in / "the sheet.csv", *files, "--format", "csv").output)))
    assert [Path(row["file"]).stem for row in table] == list(CLASS)
    for row, (name, (_, points)) in zip(table, CLASS.items(), strict=True):
        assert (int(row["points"]), int(row["total"])) == (points, 12)
        assert all(int(row[one["id"]]) == one["points"] for one in graded[name]["steps"])
        assert sum(int(row[step]) for step in LEVEL.split(",")) == points
    assert "line 8: weigths[it,animal]" in table[list(CLASS).index("a typo in an address")]["problems"]


@pytest.mark.slow
def test_what_most_got_wrong_is_told_with_the_likeliest_slip(graded: dict[str, Any], handed_in: Path) -> None:
    """The teacher would not have known what to go through again."""
    missed = {one["address"]: one for one in graded[""]["missed"]}
    scaled = missed["scaled[it,The]"]
    lost = [name for name, one in graded.items() if name and one["steps"][0]["points"] < 5]
    assert scaled["lost"] >= len(lost) - 2
    assert {"id": "no-scale", "count": 2} in scaled["slips"]
    counts = [one["lost"] for one in graded[""]["missed"]]
    assert counts == sorted(counts, reverse=True)
    files = [handed_in / f"{name}.csv" for name in CLASS]
    by = f"{scaled['lost']} of 36", f"36 份里有 {scaled['lost']} 份"
    english = run("grade", handed_in / "the sheet.csv", *files)
    assert english.status == 0
    assert f"scaled[it,The]: {by[0]}; could be: the scaling left out (2)" in english.output
    chinese = run("grade", handed_in / "the sheet.csv", *files, "--lang", "zh").output
    assert f"scaled[it,The]：{by[1]}；可能是：漏了缩放（2 份）" in chinese
