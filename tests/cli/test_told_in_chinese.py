"""What goes wrong, and the help, for somebody who reads Chinese: sixty and more cases, and no English sentence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from qkvtui.errors import ExampleError
from qkvtui.parsers import PARSERS
from qkvtui.said import in_language
from tests.files.samples import read_example
from tests.files.test_bad_files import FILES

from .program import run

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
_NOT_ENGLISH = re.compile(
    r"“[^”]*”|\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|qkvtui(?: \w+)?(?: --\w+)?|pip install .*|--[\w-]+|\S*[./_=\d]\S*"
)
"""What stands for itself: quotations, values, commands, options, paths, and names with a sign in them."""
_ENGLISH = re.compile(r"[A-Za-z']+(?: [a-z']+){2,}")


def english_in(text: str) -> list[str]:
    """Every run of three English words that is told, and not quoted."""
    return [found[0] for found in _ENGLISH.finditer(_NOT_ENGLISH.sub("·", text))]


def test_a_run_of_english_words_is_seen() -> None:
    """The tests below would have let an English sentence pass."""
    assert english_in("inputs.X：has 3 numbers, and needs two of them")
    assert not english_in("没有叫“the old name”的词元；可用的是 The、animal 和 it")


WRONG = {
    "an unknown option": "print animal --bogus",
    "an option without its value": "print animal --query",
    "a value that is no number": "print animal --digits many",
    "a value out of range": "print animal --width 5",
    "a choice that there is not": "print animal --format pdf",
    "two options that exclude each other": "print animal --scale 1 --temperature 2",
    "an option that takes no value": "print animal --causal=yes",
    "nothing to print": "print",
    "nothing to check": "check",
    "a number to open without its address": "why animal",
    "a misspelt command": "prnt animal more",
    "a word that is no command": "zzz animal more",
    "a misspelt name": "print animl",
    "a name that there is not": "print zzzzz",
    "a missing file": "print nowhere/at/all.toml",
    "a folder": "print .",
    "an unknown token": "print animal --query 它",
    "an index out of range": "print animal --query 99",
    "an unknown step": "print animal --step soup",
    "a step that this example has not": "print animal --step masked",
    "a head that there is not": "print two-heads --head 7",
    "all heads of the application": "animal --head all",
    "a change of what is computed": "print animal --set scores[it,animal]=1",
    "a change without a value": "print animal --set X[it,0]",
    "a change to no number": "print animal --set X[it,0]=much",
    "a sum with an unknown name": "print animal --set X[it,0]=2*ln(3)",
    "a sum without its bracket": "print animal --set X[it,0]=2*(3+1",
    "a division by zero": "print animal --set X[it,0]=1/0",
    "a scale of nothing": "print animal --scale 0",
    "a scale with an unknown length": "print animal --scale 1/d_q",
    "a temperature of nothing": "print animal --temperature 0",
    "an address of nothing": "why animal soup[0,0]",
    "an address that is none": "why animal [it",
    "an address of a row": "why animal weights[it]",
    "an address with an unknown token": "why animal weights[it,dog]",
    "an address with a head of its own": "why animal W_Q@2[0,0]",
    "an address of a head that there is not": "why two-heads weights@9[0,0]",
    "blanks of no step": "print animal --blank soup",
    "blanks of a step without numbers": "print animal --blank embeddings",
    "answers without blanks": "print animal --key",
    "a file of a format that is not written": "print animal -o x.pdf",
    "blanks after a change": "print animal --blank all --before",
    "blanks of all tokens": "print animal --blank all --query all",
    "fresh numbers without a seed": "check animal --answers x.csv --random --blank all",
    "a seed without fresh numbers": "print animal --blank all --seed 3",
    "blanks without answers": "check animal --blank all",
    "force without a file": "print animal --force",
    "output into a folder": "print animal -o .",
    "output into a missing folder": "print animal -o no-such-folder/x.txt",
    "an empty file name": "print animal -o ",
    "learning without a task": "learn animal",
    "learning with a place": "learn it-learn#X[it,0]",
    "a rate below zero": "learn it-learn --rate -1",
    "a rate that is no number": "learn it-learn --rate fast",
    "an optimizer that there is not": "learn it-learn --optimizer newton",
    "too many updates": "learn it-learn --steps 99999999",
    "every so many updates as JSON": "learn it-learn --every 5 --format json",
    "capturing nothing": "capture",
    "capturing a missing folder": "capture no-such-folder sentence --layer 0 --head 0 -o x.toml",
    "capturing a folder without a model": "capture tests sentence --layer 0 --head 0 -o x.toml",
    "capturing without a layer": "capture tests sentence -o x.toml",
    "capturing without a file to write": "capture tests sentence --layer 0 --head 0",
    "capturing with tokens and a model": "capture tests sentence --tokens a -o x.toml",
    "capturing from a missing file": "capture --from nowhere.npz -o x.toml",
    "capturing from what is no archive": "capture --from README.md -o x.toml",
    "missing answers": "check animal --answers nowhere.csv",
    "grading without answers": "grade animal",
    "grading a missing sheet": "grade nowhere.csv answers.csv",
    "an application without a terminal": "animal",
    "a list of examples without a terminal": "",
}


@pytest.mark.sampled(8)
@pytest.mark.parametrize("words", WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_with_a_command_line_is_told_in_chinese(words: str) -> None:
    """A beginner with a Chinese locale was told in English what to mend."""
    arguments = [word for word in words.split(" ") if word] + ([""] if words.endswith(" ") else [])
    ended = run(*arguments, environ=CHINESE)
    assert ended.status == 2
    assert re.search("[\u4e00-\u9fff]", ended.messages)
    assert english_in(ended.messages) == []


@pytest.mark.sampled(12)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_wrong_with_a_file_is_told_in_chinese(path: Path) -> None:
    """A teacher was told in Chinese that the file is no good, and in English why."""
    with pytest.raises(ExampleError) as caught:
        read_example(path)
    told = in_language(str(caught.value), "zh").replace(str(path), path.name)
    messages = [line for line in told.split("\n") if not line.startswith("    ")]  # else a line of the file itself
    assert [line for line in messages if english_in(line) or not re.search("[\u4e00-\u9fff]", line)] == []


BROKEN = {
    "full-width quotation marks": "title = “它”\n",
    "no equals sign": 'title "它"\n',
    "a list that is not closed": "tokens = [1, 2\nquery = 0\n",
    "a text that is not closed": 'title = "它\n',
    "a table given twice": "[inputs]\n[inputs]\n",
    "a calculation": "[inputs]\nX = [[1/3, 2]]\n",
    "Python": "[inputs]\nX = [[None, True]]\n",
    "NumPy": "[inputs]\nX = array([[1, 2], [3, 4]])\n",
    "TeX": "[inputs]\nX = \\begin{pmatrix} 1 & 2 \\end{pmatrix}\n",
    "numbers left out": '[inputs]\nX = """[[1 2 ... 3]]"""\n',
    "an open bracket": '[inputs]\nX = """[[1 2]"""\n',
    "JSON": '{"format": 1,}',
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("text", BROKEN.values(), ids=list(BROKEN))
def test_what_is_wrong_with_how_a_file_is_written_is_told_in_chinese(text: str, tmp_path: Path) -> None:
    """Whoever typed with a Chinese keyboard was told in English which sign is wrong."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    ended = run("print", path, environ=CHINESE)
    assert ended.status == 2
    messages = [line for line in ended.messages.splitlines() if not line.startswith("qkvtui:     ")]
    assert english_in("\n".join(messages).replace(str(path), "")) == []
    assert english_in(run("check", path, environ=CHINESE).output.replace(str(path), "").partition("\n    ")[0]) == []


ANSWERS = {
    "no answer": '"weights[it,animal]"\n',
    "no address": '"wieghts[it,animal]",0.26\n',
    "no number": '"weights[it,animal]",about a quarter\n',
    "two answers": '"weights[it,animal]",0.26\n"weights[it,animal]",0.3\n',
    "an address that is not asked for": '"X[it,0]",0.26\n"weights[it,animal]",0.26\n',
}


@pytest.mark.parametrize("text", ANSWERS.values(), ids=list(ANSWERS))
def test_what_is_wrong_with_answers_is_told_in_chinese(text: str, tmp_path: Path) -> None:
    """A learner was told in Chinese that an answer cannot be read, and in English why."""
    path = tmp_path / "mine.csv"
    path.write_text("address,answer\n" + text, encoding="utf-8")
    ended = run("check", "animal", "--answers", path, environ=CHINESE)
    assert ended.status != 0
    assert english_in((ended.output + ended.messages).replace("about a quarter", "")) == []
    table = run("grade", "animal", "--blank", "weights", path, environ=CHINESE)
    assert english_in((table.output + table.messages).replace("about a quarter", "")) == []


def test_what_is_wrong_with_arrays_is_told_in_chinese(tmp_path: Path) -> None:
    """Whoever saved arrays from PyTorch in another shape was told so in English."""
    path = tmp_path / "arrays.npz"
    np.savez(path, Q=np.zeros((2, 3)), K=np.zeros(3), V=np.zeros((2, 3)))
    ended = run("capture", "--from", path, "--tokens", "a b", "-o", tmp_path / "mine.toml", environ=CHINESE)
    assert ended.status == 2
    assert english_in(ended.messages.replace(str(path), "")) == []


@pytest.mark.sampled(4)
@pytest.mark.parametrize("command", PARSERS)
def test_the_help_is_chinese(command: str) -> None:
    """A beginner asked what there is and got a page of English, or one that is too wide for the terminal."""
    from qkvtui.pages.lines import cell_len

    help_page = run(*command.split(), "--help", environ={**CHINESE, "COLUMNS": "80"}).output
    told = help_page.partition("\n  import numpy")[0]  # below it are lines of Python
    assert english_in(told) == []
    assert not re.search("(?m)^(usage|options|positional arguments)|:$", told)
    assert [line for line in help_page.splitlines() if cell_len(line) > 80] == []


def test_the_language_that_is_asked_for_counts_even_where_something_else_is_wrong() -> None:
    """`--lang zh` was obeyed only on a command line without a mistake."""
    assert "没有叫“animl”的文件" in run("print", "animl", "--lang", "zh").messages
    assert "不认识" in run("print", "animal", "--bogus", "--lang=zh").messages
    assert "no file" in run("print", "animl", "--lang", "en", environ=CHINESE).messages
