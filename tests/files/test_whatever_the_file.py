"""Whatever a file holds, it is an example or it is refused in words."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qkvtui.errors import ExampleError, UsageError
from qkvtui.files.clean import clean_line
from qkvtui.files.find import locate, split_address
from qkvtui.files.names import TABLES
from qkvtui.files.read import load, parse_example
from qkvtui.files.source import decode
from qkvtui.graph.document import Kind
from qkvtui.graph.steps import PUBLISHED as STEPS

KINDS: tuple[Kind, ...] = ("toml", "json")
NAMES = sorted({name for names in TABLES.values() for name in names} | {*STEPS, "decimals", "tolerance", "weights@1"})
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(), st.floats(), st.just(10**400))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5), st.sampled_from([*NAMES, "one", "none"]))
MATRICES = st.lists(st.lists(st.one_of(st.integers(-3, 3), SCALARS), max_size=3), max_size=3)
VALUES = st.recursive(
    st.one_of(SCALARS, MATRICES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), inner),
    ),
    max_leaves=8,
)


def _table(name: str) -> st.SearchStrategy[dict[str, Any]]:
    names = (*STEPS, "decimals", "tolerance") if name == "published" else TABLES[name]
    return st.dictionaries(st.sampled_from(names), st.one_of(MATRICES, VALUES), max_size=5)


def _sometimes(likely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Something that fits, or anything at all."""
    return st.one_of(likely, likely, likely, VALUES)


WORDS = st.sampled_from(["one", "two", "three"])
ROWS = st.lists(st.one_of(st.floats(0, 1), SCALARS), min_size=1, max_size=3)
SENTENCES = st.lists(
    st.fixed_dictionaries(
        {"tokens": _sometimes(st.lists(WORDS, min_size=1, max_size=3)), "label": _sometimes(WORDS)},
        optional={"query": _sometimes(st.one_of(WORDS, st.integers(0, 2)))},
    ),
    max_size=3,
)
LEARN = st.fixed_dictionaries(
    {"objective": _sometimes(st.sampled_from(["attention", "output", "label"]))},
    optional={
        "target": _sometimes(st.one_of(MATRICES, st.dictionaries(WORDS, ROWS, max_size=2))),
        "train": _sometimes(st.lists(st.sampled_from(["W_Q", "X", "E", "W_R"]), max_size=3)),
        "vocabulary": _sometimes(st.dictionaries(WORDS, ROWS, min_size=2)),
        "sentences": _sometimes(SENTENCES),
        "test": _sometimes(SENTENCES),
        "labels": _sometimes(st.lists(WORDS)),
        **dict.fromkeys(("head", "start", "seed", "optimizer", "rate", "steps"), VALUES),
    },
)


STRUCTURES = st.fixed_dictionaries(
    {"format": st.just(1), "title": st.just("t"), "tokens": st.just(["one", "two"])},
    optional={
        **{name: _table(name) for name in ("inputs", "parameters", "attention", "published")},
        "learn": LEARN,
        "query": VALUES,
        "context": VALUES,
        "arrays": VALUES,
        "about": VALUES,
    },
)


EXCERPT = " " * 4
"""How a line of the file begins that is shown below its message."""


def refusal(text: str, kind: Kind) -> str:
    """The message; empty where the text is an example."""
    try:
        parse_example(text, file="it", folder="/nowhere", kind=kind)
    except ExampleError as error:
        return str(error)
    return ""


def check(text: str, kind: Kind) -> None:
    for line in refusal(text, kind).split("\n"):
        assert line.startswith(("it: ", EXCERPT)) or not line
        assert line == clean_line(line)


@given(st.text(st.characters(exclude_categories=())), st.sampled_from(KINDS))
def test_any_text_is_an_example_or_is_refused(text: str, kind: Kind) -> None:
    """A file of noise would have ended in a traceback."""
    check(text, kind)


@pytest.mark.slow
@given(STRUCTURES)
def test_any_structure_is_an_example_or_is_refused(structure: dict[str, Any]) -> None:
    """A file with something unexpected somewhere would have ended in a traceback."""
    check(
        json.dumps(structure).replace("-Infinity", "null").replace("Infinity", "1e999").replace("NaN", "7"),
        "json",
    )


@given(LEARN, st.booleans(), st.booleans())
def test_any_learning_task_is_one_or_is_refused(learn: dict[str, Any], with_x: bool, read_out: bool) -> None:
    """A task with something unexpected somewhere would have ended in a traceback."""
    parameters = {name: [[1, 0], [0, 1]] for name in ("W_Q", "W_K", "W_V", *(["W_R"] if read_out else []))}
    whole: dict[str, Any] = {"format": 1, "title": "t", "tokens": ["one", "two"], "parameters": parameters}
    whole |= {"inputs": {"X": [[1, 0], [0, 1]]}} if with_x else {}
    text = json.dumps(whole | {"learn": learn})
    check(text.replace("-Infinity", "null").replace("Infinity", "1e999").replace("NaN", "7"), "json")


@given(VALUES)
def test_any_json_is_an_example_or_is_refused(value: Any) -> None:
    """A JSON file of another program would have ended in a traceback."""
    check(json.dumps(value), "json")


@given(st.binary())
def test_any_bytes_are_text_or_are_refused(data: bytes) -> None:
    """A picture given as an example would have ended in a traceback."""
    with contextlib.suppress(ExampleError):
        assert isinstance(decode(data, "it"), str)


@given(st.text(st.characters(exclude_categories=())))
def test_any_name_is_found_or_is_refused(name: str) -> None:
    """Something typed at the prompt would have ended in a traceback."""
    example, address = split_address(name)
    assert name in (example, f"{example}#{address or ''}", f"{example}\x1f{address}")  # \x1f: a model and its sentence
    if example == "-":
        return
    try:
        locate(name)
        load(example)
    except (UsageError, ExampleError) as error:
        str(error).encode("utf-8")


def test_nesting_without_end_is_refused() -> None:
    """A file of nothing but brackets would have ended in a RecursionError, or the interpreter in a crash."""
    for depth in (900, 5_000, 200_000):
        check("[" * depth, "json")
        check('{"format": ' + "[" * depth + "]" * depth + "}", "json")
        check('{"a": ' * depth + "1" + "}" * depth, "json")
    for depth in (400, 900, 5_000):
        check("format = " + "[" * depth + "]" * depth, "toml")
        check("[" + ".".join(["a"] * depth) + "]", "toml")
