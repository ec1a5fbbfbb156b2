"""Files with blocks that are wrong: what is said of them, and where."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from qkvtui.errors import ExampleError
from qkvtui.files.read import parse_example
from qkvtui.report.checking import check_example, check_trace
from qkvtui.trace.attends import contributions, lengths
from qkvtui.trace.told import check_texts
from qkvtui.trace.trace import Trace
from tests.blocks.drawn import drawn, read

WORDS = """format = 1
title = "one"
tokens = ["a", "b"]
query = "b"
[vocabulary]
tokens = ["a", "b"]
E = [[1, 0], [0, 1]]
"""
BLOCK = """[[blocks]]
[blocks.parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
"""
READOUT = """[readout]
tied = true
"""
TASK = """[learn]
sentences = [{ tokens = ["a", "b"], word = "a" }]
"""
CAUSAL = """[blocks.attention]
causal = true
"""


def problems(text: str) -> list[str]:
    """What is said of a file, a line each."""
    with pytest.raises(ExampleError) as caught:
        parse_example(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            WORDS + BLOCK.replace("W_Q = [[1, 0], [0, 1]]", "W_Q = [[1, 0], [0]]"),
            "blocks, entry 0.parameters.W_Q, row 1 (counted from 0): has 1 number; row 0 has 2, "
            "and all rows of a matrix are equally long",
        ),
        (
            WORDS.replace('\ntokens = ["a", "b"]\nE', '\ntokens = ["b", "b"]\nE') + BLOCK + READOUT,
            'vocabulary.tokens: has "b" twice; each word is given once',
        ),
        (
            "vocabulary = 3\n" + WORDS.partition("[vocabulary]")[0] + BLOCK,
            "vocabulary: is the number 3; it is a table: [vocabulary] in TOML, {…} in JSON",
        ),
        (
            WORDS + BLOCK.replace("[[blocks]]", "[blocks]"),
            "blocks: is one table; there can be several: write [[blocks]]; [{…}] in JSON",
        ),
        (
            "blocks = []\n" + WORDS,
            "blocks: is empty; write a block: [[blocks]] with [blocks.parameters]",
        ),
        (
            WORDS + BLOCK.replace("[[blocks]]", "[[blocks]]\ngated = true"),
            'blocks, entry 0.gated: has nothing to do here; it goes with mlp = "relu" or another curve',
        ),
    ],
)
def test_each_mistake_is_said_once_with_its_place_and_its_cure(text: str, expected: str) -> None:
    """A traceback, or what only follows from the mistake."""
    assert problems(text) == [expected]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(12))
def test_numbers_printed_for_a_block_are_checked_to_the_last_step(seed: int) -> None:
    """A traceback, where the words behind the block were read as well."""
    structure = drawn(seed)
    left = Trace(read(structure)).matrix("left").round(2).tolist()
    structure["published"] = {"left": left}
    assert check_trace(Trace(read(structure)), "one").holds
    structure["published"]["left"][0][0] = round(left[0][0] + 40.0, 2)
    wrong = check_trace(Trace(read(structure)), "one").wrong
    assert [(one.step, one.row, one.column) for one in wrong] == [("left", 0, 0)]


@pytest.mark.parametrize(
    "changed",
    [
        ("E = [[1, 0], [0, 1]]", "E = [[9e99, 0], [0, 1]]\npositions = [[9e99, 0], [0, 1]]"),
        ("W_V = [[1, 0], [0, 1]]", "W_V = [[1e60, 0], [0, 1]]\nW_O = [[1e60, 0], [0, 1]]"),
    ],
)
def test_numbers_too_large_for_a_block_are_refused_in_one_sentence(changed: tuple[str, str], tmp_path: Path) -> None:
    """A warning of NumPy stood above the message; or `check` called the file sound."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        example = parse_example((WORDS + BLOCK).replace(*changed))
        with pytest.raises(ExampleError, match="so large"):
            _seen(Trace(example))
    path = tmp_path / "large.toml"
    path.write_text((WORDS + BLOCK).replace(*changed))
    assert "so large" in check_example(path).errors[0]


def _seen(trace: Trace) -> None:
    assert contributions(trace, 1)[1] <= 1.0
    assert lengths(np.array([[3e307, 4e307], [-1.0, 0.0]])) == pytest.approx([5e307, 1.0])
    for step in trace.steps:
        trace.matrix(step.id)


@pytest.mark.parametrize(
    ("says", "blocks", "expected"),
    [
        ('"weights@1.0" = "x"', 1, "says.weights@1.0: names a layer; with several [[blocks]] there are layers"),
        ('"weights@1.2" = "x"', 2, "says.weights@1.2: there is no head 2; the heads are 0 to 0, counted from 0"),
        ('"weights@2" = "x"', 2, "says.weights@2: there is no layer 2; layers are 0 to 1"),
    ],
)
def test_sentences_for_a_layer_or_a_head_that_is_not_there_are_refused(says: str, blocks: int, expected: str) -> None:
    """A traceback, or the sentence was never shown."""
    with pytest.raises(ExampleError) as caught:
        check_texts(Trace(parse_example(f"{WORDS}{BLOCK * blocks}[says]\n{says}\n")))
    assert [str(problem) for problem in caught.value.problems] == [expected]


def test_the_first_head_of_a_layer_may_be_named_too() -> None:
    """The sentence "weights@1.0" was taken, and never shown; {weights@1.0[b]} in it named nothing."""
    trace = Trace(parse_example(f'{WORDS}{BLOCK * 2}[says]\n"weights@1.0" = "x {{weights@1.0[b]}}"\n'))
    check_texts(trace)
    assert list(trace.example.says) == ["weights@1"]


LEARNING = [
    ("", TASK, "learn: reads words, and there is no [readout]; give [readout]"),
    (
        READOUT,
        TASK + 'objective = "label"',
        'learn.objective: "label" does not go with [[blocks]]; it is "word" or "output"',
    ),
    (READOUT, TASK + 'objective = "wrod"', 'learn.objective: is the text "wrod"; did you mean "word"?'),
    (
        READOUT,
        TASK + 'train = ["W_Q@7"]',
        'learn.train, entry 0 (counted from 0): "W_Q@7" is not in this file; there is "W_Q@0" and "W_Q@1"',
    ),
    (
        READOUT,
        TASK + 'train = ["W_Q", "W_Q@1"]',
        'learn.train, entry 1 (counted from 0): "W_Q@1" is there already; each name is there once',
    ),
    (
        READOUT,
        TASK + 'train = ["speed"]',
        'learn.train, entry 0 (counted from 0): "speed" is nothing that can move; there is "E", "W_Q", "W_K" and "W_V"',
    ),
    (READOUT, TASK + "labels = [1, 2]", "learn.labels: does not go with [[blocks]]; leave it out"),
    (READOUT, TASK + "head = 0", "learn.head: does not go with [[blocks]]; leave it out"),
    (
        READOUT,
        TASK + "target = { b = [1, 0] }",
        "learn.target: has nothing to do here; what is wanted are the words of the sentences",
    ),
    (
        READOUT,
        "[learn]\n",
        'learn.sentences: is missing; they are what is learned from: [[learn.sentences]], with word = "…"',
    ),
    (
        READOUT,
        TASK.replace('word = "a"', 'word = "c"'),
        'learn.sentences, entry 0.word: "c" is not in the vocabulary; there is "a" and "b"',
    ),
    (
        READOUT,
        TASK.replace('word = "a"', "word = 3"),
        "learn.sentences, entry 0.word: is the number 3; it is one of the words of the vocabulary",
    ),
    (
        READOUT,
        TASK.replace('word = "a"', 'word = "a", label = "a"'),
        'learn.sentences, entry 0.label: has nothing to do here; with objective = "word" it is word = "…"',
    ),
    (
        READOUT,
        TASK.replace(', word = "a"', ""),
        "learn.sentences, entry 0.word: is missing; without word each token is followed by the next one, which only "
        "causal = true hides from it",
    ),
    (
        READOUT,
        TASK.replace('["a", "b"]', '["b", "b"]'),
        "learn.sentences: do not have the example's own tokens and query among them; the walk shows one of them: its "
        "tokens and its query are those at the top of the file",
    ),
    (
        READOUT,
        '[learn]\nobjective = "output"\ntarget = { b = [1] }',
        "learn.target.b: has 1 number; a row of left needs 2, as many as X has columns",
    ),
    (
        READOUT,
        '[learn]\nobjective = "output"\ntarget = { b = [1, 0] }\nsentences = []',
        'learn.sentences: belongs to another objective; it goes with objective = "word"',
    ),
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("readout", "task", "expected"), LEARNING)
def test_each_mistake_in_a_task_of_layers_is_said_once(readout: str, task: str, expected: str) -> None:
    """A traceback, or a run that learned something else than was meant."""
    assert problems(WORDS + BLOCK + BLOCK + readout + task) == [expected]


def test_sentences_whose_tokens_are_followed_have_two_of_them_and_no_query() -> None:
    """A sentence of one token counted as nothing, silently."""
    task = '[learn]\nsentences = [{ tokens = ["a", "b"] }, { tokens = ["b"] }, { tokens = ["a", "b"], query = 1 }]'
    assert problems(WORDS + BLOCK + CAUSAL + READOUT + task) == [
        "learn.sentences, entry 1.tokens: has one token; there is a next one only where there are two",
        "learn.sentences, entry 2.query: has nothing to do here; without word each token is followed by the next one",
    ]


def test_a_sentence_is_no_longer_than_there_are_places() -> None:
    """A traceback in the middle of a run."""
    places = WORDS.replace("E = [[1, 0], [0, 1]]", "E = [[1, 0], [0, 1]]\npositions = [[1, 0], [0, 1]]")
    task = TASK.replace("]\n", ', { tokens = ["a", "b", "b"], word = "a" }]\n')
    assert problems(places + BLOCK + READOUT + "[learn]\n" + task.partition("\n")[2]) == [
        "learn.sentences, entry 1.tokens: is longer than vocabulary.positions, which has 2; "
        "each of the 3 tokens needs a row"
    ]


def test_a_bias_behind_a_norm_without_a_mean_is_refused() -> None:
    """A traceback when the step was computed."""
    readout = "[readout]\ntied = true\nnorm = true\nb_Un = [1, 0]\n"
    block = BLOCK.replace("[[blocks]]", '[[blocks]]\nkind = "rms"')
    assert problems(WORDS + block + readout) == [
        'readout.b_Un: has nothing to do here; it goes with norm = "before" or "after" and kind = "layer"'
    ]
