"""`--format python`: a script that computes an example, and finds the numbers that JSON has."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from qkvtui.files.find import bundled_names, bundled_with
from qkvtui.files.read import load
from qkvtui.report.request import formatted
from qkvtui.trace.trace import Trace
from tests.blocks.learning import BLOCKS, block_to_learn
from tests.cli.program import run
from tests.report.formatting import request_of
from tests.samples import each
from tests.variants.sampling import KINDS, Sample
from tests.variants.tasks import LEARNABLE, Task

MANY = 12
"""Random configurations of each kind."""


def script(*arguments: str | Path) -> str:
    """What is printed; torch has a part of it."""
    ended = run("print", *arguments, "--format", "python")
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


def executed(source: str) -> dict[str, Any]:
    """The names of a script that has run to its end."""
    names: dict[str, Any] = {}
    exec(compile(source, "script", "exec"), names)
    return names


def same(one: Any, other: Any) -> bool:
    """Whether numbers are JSON's, which has null for −∞."""
    return bool([[None if number == -float("inf") else number for number in row] for row in one] == other)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("example", bundled_names())
def test_the_script_of_every_example_holds_with_the_numbers_of_json(example: str) -> None:
    """A reader would have copied lines that compute something else than the lesson."""
    found = executed(script(example))["printed"]
    printed = run("print", example, "--format", "json").json
    if isinstance(printed, list):  # of several layers the script ends with the last one
        printed = printed[-1]
    steps = {step["id"]: step["values"] for step in printed["steps"]}
    if "layer" in printed:  # what comes back through layers is in no script
        steps = {step: values for step, values in steps.items() if step not in ("loss", "update") and step[:2] != "d_"}
    several = printed["heads"] > 1
    assert {name.partition("@")[0] for name in found} == set(steps)
    for name, numbers in found.items():
        assert same(numbers, steps[name.partition("@")[0]])
        assert ("@" in name) <= several


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_an_example_adds_to_attention_is_computed(kind: str, tmp_path: Path) -> None:
    """A mask, a rotation, a sink or a shared head would have been missing from the lines."""
    path = tmp_path / "sample.json"
    for seed in range(MANY):
        path.write_text(Sample(kind, seed).text, encoding="utf-8")
        several = Sample(kind, seed).heads > 1
        source = script(path, *(("--head", "all") if several else ()))
        try:
            executed(source)
        except Exception as error:
            raise AssertionError(f"{source}\n{Sample(kind, seed).text}") from error


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "options",
    [
        ("--set", "X[it,0]=0.25"),
        ("--scale", "none"),
        ("--scale", "0.3"),
        ("--temperature", "2"),
        ("--causal",),
        ("--softmax", "columns"),
        ("--round-each", "2"),
        ("--step", "weights,output"),
        ("--lang", "zh"),
        ("--ascii",),
    ],
)
def test_what_if_is_computed_too(options: tuple[str, ...]) -> None:
    """The lines would have been those of the file, and not of what was asked."""
    assert executed(script("animal", *options))["printed"]


def test_a_script_whose_numbers_are_not_the_printed_ones_fails() -> None:
    """A check that cannot fail would have said that all numbers hold."""
    source = script("animal")
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        executed(source.replace("[0.9, 0.8]", "[0.9, 0.9]", 1))


def test_the_numpy_part_needs_no_torch_and_says_so() -> None:
    """The script would have ended with an ImportError where PyTorch is not installed."""
    source = script("animal").replace("import torch", "import torch_that_is_not_there as torch")
    assert executed(source)["torch"] is None


def test_several_examples_are_one_script() -> None:
    """The second would have been compared with the numbers of the first."""
    source = script("animal", "two-heads", "journey")
    assert source.count("# with NumPy") == 3
    executed(source)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("level", ["last", "alternate", "all"])
@pytest.mark.parametrize("example", ["animal", "two-heads", "journey-causal"])
def test_a_worksheet_has_dots_to_fill_in_and_tells_no_number(example: str, level: str) -> None:
    """The answers would have stood in the file, or in what it says about a wrong one."""
    source = script(example, "--blank", level)
    assert "..." in source
    key = executed(script(example, "--blank", level, "--key"))["printed"]
    sheet = executed(source)["printed"]
    blank = [
        (name, row, at) for name in sheet for row, one in enumerate(sheet[name]) for at, x in enumerate(one) if x is ...
    ]
    assert blank
    told = run("print", example, "--blank", level, "--format", "json").output  # a first token's output is its value
    for name, row, at in blank:
        answer = repr(key[name][row][at])
        assert len(answer) < 6 or answer not in source or answer in told


def test_a_filled_in_worksheet_says_where_it_is_wrong_but_not_what_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A learner would have been given the answer after the first try."""
    source = script("animal", "--blank", "last")
    assert "numbers are still ..." in (executed(source), capsys.readouterr().out)[1]
    right = re.sub(r"\[\.\.\., \.\.\.\]", "[0.51, 0.52]", source, count=4)
    with pytest.raises(AssertionError) as raised:
        executed(right)
    assert "output[0,0]" in str(raised.value)
    assert "output[3" not in str(raised.value)
    assert not re.search(r"\d\.\d", str(raised.value))


def test_tokens_and_titles_are_data(tmp_path: Path) -> None:
    """A token from somebody's file would have been run."""
    path = tmp_path / "odd.toml"
    path.write_text(
        'format = 1\ntitle = "\'\'\' \\\\ \\"\\"\\" # x"\ntokens = ["\'); raise SystemExit(1) #", "\\"\\"\\""]\n'
        "[inputs]\nX = [[1, 0], [0, 1]]\n",
        encoding="utf-8",
    )
    source = script(path)
    assert executed(source)["tokens"] == ["'); raise SystemExit(1) #", '"""']
    assert ast.parse(source)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", each([*LEARNABLE, "block"], ("plain", "shared", "norm", "scoring", "block")))
def test_the_way_back_is_computed_whatever_an_example_adds(kind: str) -> None:
    """The lines would have ended at the loss, or gone back another way than the lesson does."""
    for seed in range(BLOCKS if kind == "block" else MANY):
        example = block_to_learn(seed) if kind == "block" else Task(kind, seed).sample.example()
        source = formatted(request_of(Trace(example), all_heads=True), "python")
        try:
            found = executed(source)
        except Exception as error:
            raise AssertionError(source) from error
        assert {"loss", "update"} <= {name.partition("@")[0] for name in found["printed"]}


@pytest.mark.parametrize("example", [name for name in bundled_with("learn") if len(load(name).layers) < 2])
def test_a_script_whose_gradient_is_another_one_fails(example: str) -> None:
    """A sign the wrong way round on the way back would have been called right."""
    source = script(example)
    assert executed(source)["printed"]
    (line,) = re.findall(r"^d_scores = .*$", source, re.MULTILINE)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        executed(source.replace(line, line.replace("= ", "= -", 1)))


def test_the_part_for_torch_asks_autograd_for_the_same_numbers() -> None:
    """PyTorch's own gradients would not have been compared with those of the lesson."""
    torch = " ".join(script("animal-learn").partition("if torch is not None:")[2].split())
    assert "loss.sum().backward()" in torch
    assert '"d_W_Q": W_Q.grad' in torch
    assert '"d_scores": scores.grad' in torch


def test_a_step_without_numbers_is_refused_with_those_that_have_some() -> None:
    """A script that checks nothing would have said that all numbers hold."""
    assert executed(script("animal-learn", "--step", "d_weights"))["printed"].keys() == {"d_weights"}
    ended = run("print", "animal", "--step", "summary", "--format", "python")
    assert ended.status == 2
    assert "--format python has the steps with numbers: embeddings, queries" in ended.messages
