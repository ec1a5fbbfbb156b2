"""What `check` says about numbers that do not hold: where, why, what was only dragged along."""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.localized import LANGUAGES
from tests.cli.program import run
from tests.examples.recomputed import NAMES


def said(*arguments: str | Path, language: str = "C.UTF-8") -> str:
    """The output of `check` with its lines joined again, so that a sentence can be looked for."""
    return " ".join(line.strip() for line in run("check", *arguments, environ={"LANG": language}).output.splitlines())


def test_impossible_weights_are_proved_with_their_own_numbers() -> None:
    """The author of the article could have said that another scale would do."""
    text = said("animal")
    assert "impossible-softmax: No softmax turns the printed scores into the printed weights" in text
    assert "“it” scores more than “animal” (1.00 against 0.90) and yet weighs less (0.40 against 0.45)" in text
    assert "the weights of “it” would be 0.16 0.26 0.15 0.27 0.17" in text
    assert "Nor are the printed scores what queries and keys give" in text


def test_early_rounding_says_what_became_of_the_number_and_where_it_hurts_most() -> None:
    """A reader would have known that something was rounded, but not that the output suffers from it."""
    text = said("illustrated")
    assert "early-rounding: Rounded too early" in text
    assert "0.0 for weights[Input 1,Input 1]" in text
    assert "Furthest off: output[Input 1,1], 7.0 instead of 6.683." in text
    assert "each row adds up to 1" in text


def test_a_wrong_product_is_worked_out_again() -> None:
    """An author was told that a number is wrong and had to find out alone what is right."""
    text = said("i-am-studying")
    assert "arithmetic: Worked out again: scores[am,am] is 2.17 = 0.30 × 0.30 + 1.20 × 1.20 + 0.80 × 0.80." in text
    assert "Dragged along, right for the wrong numbers printed before: scaled[am,am]," in text
    assert "weights[am,I]: published 0.25, computed 0.2653, from print 0.2867 arithmetic: A new mistake" in text
    assert "Only the last digit is off." in text
    lines = run("check", "i-am-studying").output.splitlines()
    assert lines[1].startswith("  scores[am,am]: published 1.70, computed 2.17")


def test_the_same_is_said_in_chinese() -> None:
    """A Chinese reader was told in English what is wrong with a Chinese article."""
    text = said("animal", "--lang", "zh")
    assert "animal：文件没有问题；原文的 10 个数中有 10 个不符" in text
    assert "用原文的分数做softmax，无论如何也得不到原文的权重" in text.replace(" ", "")
    assert "scores[it,animal]：原文 0.90，算得 0.8500" in text
    assert text.count("No ") == 0
    assert said("animal", language="zh_CN.UTF-8") == text


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_bundled_example_can_be_checked_and_said(name: str, language: str) -> None:
    """`check` of a bundled example ended in a traceback, or in a line with a hole in it."""
    ended = run("check", name, "--lang", language)
    assert ended.status in (0, 1)
    assert ended.messages == ""
    assert "{" not in ended.output
    found = run("check", name, "--format", "json").json["files"][0]
    assert bool(found["slips"]) == bool(found["disagree"])
    label = {"en": "{}: ", "zh": "（{}）"}[language]
    assert all(label.format(slip) in ended.output or len(found["slips"]) > 1 for slip in found["slips"])


def test_the_slips_stand_in_the_json_most_specific_first() -> None:
    """A script that looks at the first slip would have got the vaguest one."""
    files = run("check", "i-am-studying", "study-notes", "journey", "--format", "json").json["files"]
    assert [one["slips"] for one in files] == [
        ["impossible-softmax", "arithmetic"],
        ["early-rounding", "arithmetic"],
        [],
    ]
    assert files[0]["first_wrong"] == {"step": "scores", "row": 1, "column": 1, "published": 1.7, "computed": 2.17}


def test_several_files_end_with_a_summary_and_the_worst_status() -> None:
    """A teacher who checks a folder would have had to count."""
    ended = run("check", "journey", "animal", "alammar")
    assert ended.status == 1
    assert ended.output.splitlines()[-1] == "3 examples: 0 unusable, 1 with published numbers that do not hold"


def test_a_terminal_without_unicode_is_given_signs_it_has() -> None:
    """A reader at an old terminal saw \\u2248 in the middle of a sentence."""
    ended = run("check", "animal", "illustrated", "i-am-studying", encoding="ascii")
    assert "\\u" not in ended.output
    assert '"it" scores more than "animal"' in " ".join(line.strip() for line in ended.output.splitlines())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [40, 80, 132])
def test_sentences_keep_to_the_width_of_the_page(width: int) -> None:
    """Sentences were broken in the middle of words by the terminal."""
    for language in LANGUAGES:
        lines = run("check", "animal", "--lang", language, environ={"COLUMNS": str(width)}).output.splitlines()
        for line in lines:
            wide = sum(2 if "\u2e80" < character < "\uffef" else 1 for character in line)
            assert wide <= width or line.lstrip().startswith(("scores[", "weights[", "animal")), line
            assert line.rstrip() == line


def unscaled_file(folder: Path, *, spoil: bool = False) -> Path:
    """Two words whose weights were computed without the scaling."""
    weights = "[[0.88, 0.12], [0.50, 0.50]]" if not spoil else "[[0.88, 0.12], [0.05, 0.90]]"
    path = folder / "unscaled.toml"
    path.write_text(
        f"""format = 1
title = "Two words"
tokens = ["good", "morning"]

[inputs]
X = [[1, 1], [0, 2]]

[parameters]
W_Q = [[2, 0], [1, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]

[published]
decimals = 2
weights = {weights}
""",
        encoding="utf-8",
    )
    return path


def test_a_missing_scale_is_named_with_the_numbers_of_the_first_cell(tmp_path: Path) -> None:
    """An author who left out the scaling was given two numbers and no reason."""
    path = unscaled_file(tmp_path)
    text = said(path)
    found = run("check", path, "--format", "json").json["files"][0]
    assert "no-scale" in found["slips"], found
    assert "no-scale: The scaling was left out: without it weights[good,good] is" in text
    assert "times 1/√2 ≈ 0.7071" in text
