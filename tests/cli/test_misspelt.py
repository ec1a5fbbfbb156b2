"""Command lines with a slip of the finger, or a word from another program: what was meant, or what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qkvtui.misspelt import no_choice
from tests.cli.program import run
from tests.samples import each

STEPS = "embeddings, queries, keys, values, scores, scaled, weights, output, summary, source, end"
WRONG = {
    "prnt": "did you mean 'qkvtui print'?",
    "prnt animal": "did you mean 'qkvtui print'?",
    "Print animal": "did you mean 'qkvtui print'?",
    "prin animal --step scores": "did you mean 'qkvtui print'?",
    "help": "did you mean 'qkvtui --help'?",
    "help print": "did you mean 'qkvtui print --help'?",
    "version": "did you mean 'qkvtui --version'?",
    "completion": "did you mean 'qkvtui --print-completion bash'?",
    "man": "did you mean 'qkvtui --print-man'?",
    "lst": "did you mean 'qkvtui list'?",
    "list animal": "write qkvtui list [OPTIONS]",
    "train it-learn": "did you mean 'qkvtui learn'?",
    "lern it-learn": "did you mean 'qkvtui learn'?",
    "chekc animal": "did you mean 'qkvtui check'?",
    "wyh animal scores[it,it]": "did you mean 'qkvtui why'?",
    "grad sheet.csv a.csv": "did you mean 'qkvtui grade'?",
    "confg": "did you mean 'qkvtui config'?",
    "captur model words": "did you mean 'qkvtui capture'?",
    "animal print": "did you mean 'qkvtui print animal'?",
    "animal journey": "did you mean 'qkvtui print animal journey'?",
    "animal scores[it,animal]": "did you mean \"qkvtui why animal 'scores[it,animal]'\"?",
    "anmial": 'did you mean "animal"?',
    "animals": 'did you mean "animal"?',
    "animal.tml": 'did you mean "animal"?',
    "zzzzz": "no file, no bundled example and no command is called 'zzzzz'",
    "-v animal": "did you mean --version or --verbose?",
    "--hlep": "did you mean --help?",
    "-help": "did you mean --help?",
    "--vresion": "did you mean --version?",
    "print": "for example: qkvtui print animal --step scores,weights",
    "print anmial": 'did you mean "animal"?',
    "print animal.toml": 'did you mean "animal"?',
    "print Animal": 'did you mean "animal"?',
    "print ANIMAL": 'did you mean "animal"?',
    "print animal journy": 'did you mean "journey"?',
    "print animal --stp scores": "did you mean --step?",
    "print animal --steps scores": "did you mean --step?",
    "print animal -step scores": "did you mean --step?",
    "print animal —step scores": "did you mean --step?",
    "print animal --step wieghts": "did you mean weights?",
    "print animal --step Weights": "did you mean weights?",
    "print animal --step weight": "did you mean weights?",
    "print animal --step A": "did you mean weights?",
    "print animal --step masked": "there are " + STEPS,
    "print animal --step soup": "there are " + STEPS,
    "print animal --step scores,wieghts": "did you mean weights?",
    "print animal --query ti": 'there is "The", "animal", "street", "it" and "tired"',
    "print animal --query strete": 'did you mean "street"?',
    "print animal --query 9": "the tokens are counted from 0 to 4",
    "print animal --fromat json": "did you mean --format?",
    "print animal --format jsn": "did you mean 'json'?",
    "print animal --format pdf": "invalid choice: 'pdf' (choose from text, ",
    "print animal --json": "did you mean --format json?",
    "print animal -f json": "did you mean --folder, --format or --force?",
    "print animal --colour always": "did you mean --color?",
    "print animal --color yes": "did you mean 'always'?",
    "print animal --lang cn": "did you mean 'zh'?",
    "print animal --lang chinese": "did you mean 'zh'?",
    "print animal --lang zh_CN": "did you mean 'zh'?",
    "print animal --lang en_US.UTF-8": "did you mean 'en'?",
    "print animal --lang xx": "argument --lang: invalid choice: 'xx' (choose from en, zh)",
    "print animal --language zh": "did you mean --lang?",
    "print animal --picture arrow": "did you mean 'arrows'?",
    "print animal --picture heatmap": "(choose from flow, matrix, arrows, heads)",
    "print animal --softmax cols": "did you mean 'columns'?",
    "print animal --notation li": "argument --notation: invalid choice: 'li' (choose from paper, lee)",
    "print animal --tokens-as column": "did you mean 'columns'?",
    "print animal --tokens columns": "did you mean --tokens-as?",
    "print animal --digit 3": "did you mean --digits?",
    "print animal --width": "argument --width: expected one argument",
    "print animal --format": "argument --format: expected one argument: text, ",
    "print animal --watch": "--watch is an option of qkvtui",
    "print animal --answers x.csv": "--answers is an option of qkvtui check",
    "print animal --blank al": "did you mean all?",
    "print animal --blank wieghts": "did you mean weights?",
    "print animal --set weigths[it,it]=1": "did you mean 'weights'?",
    "print animal#sores[it,it]": "did you mean 'scores'?",
    "print animal --output": "argument -o/--output: expected one argument",
    "print animal -output x.txt": "did you mean --output?",
    "print animal --depth 2": "--depth is an option of qkvtui why",
    "print animal --temprature 2": "did you mean --temperature?",
    "print animal --zh": "did you mean --lang zh?",
    "why animal": "for example: qkvtui why animal 'weights[it,animal]' --depth 2",
    "why animal wieghts[it,animal]": "did you mean 'weights'?",
    "why animal weights[it,anmial]": 'did you mean "animal"?',
    "why animal weights[it]": "write weights[it,COLUMN]",
    "why animal W_q[0,0]": "did you mean 'W_Q'?",
    "why animal scores[it,it] extra": "write qkvtui why [OPTIONS] EXAMPLE ADDRESS",
    "check animal --anwers x.csv": "did you mean --answers?",
    "learn": "for example: qkvtui learn it-learn",
    "learn animal": "of the bundled examples animal-learn, sentence-learn, it-learn, two-layers-learn have one",
    "learn it-learn --optimiser adam": "did you mean --optimizer?",
    "learn it-learn --optimizer adm": "did you mean 'adam'?",
    "learn it-learn --step 3": "did you mean --steps?",
    "serv animal": "did you mean 'qkvtui serve'?",
    "serve anmial": 'did you mean "animal"?',
    "serve -": "name a file",
    "serve --prot 80": "did you mean --port?",
    "serve --port http": "'http' is not a whole number from 0 to 65535",
    "serve --visitors 0": "'0' is not a whole number from 1 to 1000",
    "serve --visitor 3": "did you mean --visitors or --visitors-per-address?",
    "serve --host nowhere.invalid": "127.0.0.1 is this computer only",
    "serve --watch": "--watch is an option of qkvtui",
    "config --forgt": "did you mean --forget?",
    "config --languge zh": "did you mean --lang?",
    "capture --form arrays.npz": "did you mean --format?",
    "--print-completion zhs": "did you mean 'zsh'?",
    "--verbose": "--verbose goes with --version",
    "--no-state print animal": "--no-state is an option of qkvtui",
    "--lang cn print animal": "did you mean 'zh'?",
    "--print-completions bash": "did you mean --print-completion?",
}
"""Command line → what the message has to say."""


def told(line: str, **environ: str) -> str:
    """What is said of a command line that cannot be used."""
    ended = run(*line.split(" "), environ=environ)
    assert (ended.status, ended.output) == (2, "")
    assert len(ended.messages.splitlines()) <= 2
    return ended.messages


@pytest.mark.sampled(10)
@pytest.mark.parametrize("line", WRONG)
def test_a_misspelt_word_is_told_what_was_meant(line: str) -> None:
    """A learner would have searched the manual for the one letter that was wrong."""
    assert WRONG[line] in told(line)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("line", each(tuple(WRONG), tuple(WRONG)[::9]))
def test_it_is_told_in_chinese_too(line: str) -> None:
    """A beginner with a Chinese locale would have got the hint in English."""
    message = told(line, LC_ALL="zh_CN.UTF-8")
    meant = re.search(r"did you mean (.*)\?", WRONG[line])
    assert not re.search("did you mean|there (are|is)|is an option", message)
    if meant is not None:
        assert "是不是想写" in message
        assert re.sub(r"^['\"]|['\"]$", "", meant[1].replace(", ", "、").replace(" or ", " 或 ")) in message


def test_a_message_is_short() -> None:
    """Thirty-eight names of steps, most of them of other examples, would have stood where one was meant."""
    assert all(len(line) <= 200 for wrong in WRONG for line in told(wrong).splitlines())


def test_a_choice_that_is_called_otherwise_elsewhere_is_known() -> None:
    """`--format md` would have been told eight formats, not the one that is meant."""
    formats = ("text", "json", "csv", "markdown", "latex", "html")
    meant = {"md": "markdown", "tex": "latex", "txt": "text", "htm": "html", "TSV": "csv", "JSON": "json"}
    assert {word: re.findall("'(.*?)'", no_choice(word, formats))[-1] for word in meant} == meant


@pytest.mark.parametrize("before", ["--lang zh", "--lang=zh", "--digits 3 --lang zh", "--ascii --no-ascii"])
def test_options_may_stand_before_the_command(before: str) -> None:
    """`qkvtui --lang zh print animal` would have been "unrecognized arguments: animal"."""
    first = run(*before.split(), "print", "animal", "--step", "scores")
    assert (first.status, first.messages) == (0, "")
    assert first == run("print", "animal", "--step", "scores", *before.split())


def test_the_value_of_an_option_is_no_command() -> None:
    """A token called "print" would have been taken for the command."""
    assert run("--step", "print", "print", "animal").messages.startswith("qkvtui: --step print: there is no such step")


def test_a_name_of_the_settings_file_is_told_what_was_meant(tmp_path: Path) -> None:
    """`langauge = "zh"` would have done nothing, for no reason that one is told."""
    path = tmp_path / "qkvtui" / "config.toml"
    path.parent.mkdir()
    path.write_text('langauge = "zh"\n', encoding="utf-8")
    ended = run("list", environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert "did you mean language?" in ended.messages


def test_a_file_is_opened_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file called `help`, or `prnt`, could not have been opened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "help").write_text("format = 1\n", encoding="utf-8")
    assert "is no command" not in run("help").messages
