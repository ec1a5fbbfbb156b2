"""Files made to cost time or memory: refused before either is spent, in words."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.limits import LONGEST_TEXT, LONGEST_TOKEN, MOST_LINES, MOST_TABLES, MOST_TOKENS, MOST_VALUES
from qkvtui.files.read import load, parse_example
from tests.cli.program import environment

HEAD = 'format = 1\ntitle = "t"\n'
PARAMETERS = "[parameters]\nW_Q = [[1, 0], [0, 1]]\nW_K = [[1, 0], [0, 1]]\nW_V = [[1, 0], [0, 1]]\n"
REST = "[inputs]\nX = [[1, 0], [0, 1]]\n" + PARAMETERS
TWO = HEAD + 'tokens = ["a", "b"]\n'


def many_tokens(count: int) -> str:
    tokens = ",".join(f'"t{index}"' for index in range(count))
    return f"{HEAD}tokens = [{tokens}]\n{REST}"


COSTLY: dict[str, tuple[Callable[[], str], str]] = {
    "a row of numbers": (
        lambda: f"{TWO}[inputs]\nX = [[{'1,' * MOST_VALUES}1]]\n",
        "holds more than 200,000 numbers",
    ),
    "numbers in JSON": (
        lambda: json.dumps({"format": 1, "title": "t", "tokens": ["a"], "inputs": {"X": [[0.5] * MOST_VALUES]}}),
        "holds more than 200,000 numbers",
    ),
    "lines": (lambda: TWO + "# x\n" * (MOST_LINES + 1) + REST, "has more than 200,000 lines"),
    "tables": (lambda: TWO + "[[stops]]\n" * (MOST_TABLES + 1), "holds more than 20,000 tables"),
    "a name of many parts": (
        lambda: TWO + ".".join(["a"] * 20_000) + " = 1\n" + REST,
        "line 4, column 2: a name has more than 6 parts",
    ),
    "a name of many parts that are quoted": (
        lambda: TWO + ".".join(['"!"'] * 20_000) + " = 1\n" + REST,
        "a name has more than 6 parts",
    ),
    "characters": (lambda: TWO + "# " + "x" * 8_000_000 + "\n" + REST, "has more than 8,000,000 characters"),
    "a table's name of many parts": (
        lambda: TWO + "[" + " . ".join(['"a"'] * 20_000) + "]\n",
        "a name has more than 6 parts",
    ),
    "a long title": (
        lambda: f'format = 1\ntitle = "{"x" * (LONGEST_TEXT + 1)}"\ntokens = ["a", "b"]\n{REST}',
        "title: is a text of 20,001 characters",
    ),
    "a long paragraph": (
        lambda: TWO + f'about = {{ en = "{"x" * (LONGEST_TEXT + 1)}" }}\n' + REST,
        "about.en: is a text of 20,001 characters",
    ),
    "a token of marks": (
        lambda: f'{HEAD}tokens = ["a{chr(0x301) * LONGEST_TOKEN}", "b"]\n{REST}',
        "tokens, entry 0 (counted from 0): is a text of 2,001 characters",
    ),
    "tokens": (lambda: many_tokens(MOST_TOKENS + 1), "tokens: has 32,769 tokens"),
    "tokens that are numbers": (
        lambda: f"{HEAD}tokens = [{'1,' * 30_000}1]\n{REST}",
        "and 29971 more mistakes",
    ),
    "unknown names": (
        lambda: TWO + "".join(f"name_{index} = 1\n" for index in range(50_000)) + REST,
        "and 49970 more mistakes",
    ),
    "unknown steps": (
        lambda: TWO + REST + "[published]\ndecimals = 2\n" + "".join(f"step_{n} = [[1]]\n" for n in range(20_000)),
        "and 19970 more mistakes",
    ),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("what", COSTLY)
def test_what_would_cost_time_or_memory_is_refused_in_words(what: str) -> None:
    """A file that a student mailed kept the teacher's terminal waiting for half a minute, or took all the memory."""
    make, expected = COSTLY[what]
    text = make()
    with pytest.raises(ExampleError) as refused:
        parse_example(text, kind="json" if text.startswith("{") else "toml")
    assert expected in str(refused.value)


def test_a_sentence_with_many_full_stops_is_no_name() -> None:
    """A note would have been refused for its initials."""
    about = "about = " + json.dumps(" ".join(f"{letter}." for letter in "abcdefghijklmnopqrstuvwxyz")) + "\n"
    assert parse_example(TWO + about + REST).tokens == ("a", "b")


def test_as_many_as_are_allowed_are_read() -> None:
    """A sentence of thousands of tokens, or a token of two thousand characters, would have been refused."""
    tokens = ",".join(f'"t{index}"' for index in range(20_000))
    text = f"{HEAD}tokens = [{tokens}]\n[inputs]\nX = [{'[1,0],' * 20_000}]\n{PARAMETERS}"
    assert len(parse_example(text).tokens) == 20_000
    long = f'{HEAD}tokens = ["{"x" * LONGEST_TOKEN}", "b"]\n{REST}'
    assert len(parse_example(long).tokens[0]) == LONGEST_TOKEN


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["i1", "bool", "f4"])
def test_arrays_count_as_what_they_become(kind: str, tmp_path: Path) -> None:
    """65 kB of a zip became more than a gigabyte of numbers."""
    np.savez_compressed(tmp_path / "a.npz", X=np.zeros((1 << 12, 5 << 12), kind))
    (tmp_path / "e.toml").write_text(f'{TWO}arrays = "a.npz"\n[inputs]\nX = "X"\n{PARAMETERS}')
    with pytest.raises(ExampleError) as refused:
        load(str(tmp_path / "e.toml"))
    assert "is larger than 64 MiB" in str(refused.value)


@pytest.mark.slow
def test_arrays_count_together(tmp_path: Path) -> None:
    """Each array was small enough, and all of them filled the memory."""
    half = np.zeros((1 << 11, 1 << 11))
    np.savez_compressed(tmp_path / "a.npz", W_Q=half, W_K=half, W_V=half)
    (tmp_path / "e.toml").write_text(
        f'{TWO}arrays = "a.npz"\n[inputs]\nX = [[1, 0], [0, 1]]\n[parameters]\nW_Q = "W_Q"\nW_K = "W_K"\nW_V = "W_V"\n'
    )
    with pytest.raises(ExampleError) as refused:
        load(str(tmp_path / "e.toml"))
    assert "are together larger than 64 MiB" in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_file_takes_little_memory(what: str, tmp_path: Path) -> None:
    """A class of thirty in two gigabytes would have been gone with one mailed file."""
    text = COSTLY[what][0]()
    file = tmp_path / ("case.json" if text.startswith("{") else "case.toml")
    file.write_text(text, encoding="utf-8")
    before = 256 << 20
    ended = subprocess.run(
        [sys.executable, "-m", "qkvtui", "check", str(file)],
        capture_output=True,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (2 * before, 2 * before)),
    )
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stdout + ended.stderr
