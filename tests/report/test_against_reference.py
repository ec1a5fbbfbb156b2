"""`print FILE --format json` beside extended precision, for real files of every kind and of up to 512 tokens.

What agreement means. A number agrees if it is off by no more than 1e-10 of itself (1e-5 in float32), and by what
cannot be helped:

- where a sum cancels, a few units in the last place of what was added up: of 262,144 scores the one nearest to 0 is
  smaller than its terms by a factor of about a million, and has as many digits less, however it is computed;
- a weight is e to the power of a score, so that what the score is off by is what the weight is off by in proportion: a
  score of 10,000 is known to a thousandth in float32. Weights are therefore compared with the softmax of the scores
  that the same JSON gives, which is exactly what the step promises, and once more with the reference from the file on,
  there allowed what the scores are off by.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.program import run, spawn
from tests.extended import Array, Sized, softmax
from tests.oracle import reference
from tests.report.configurations import BY_HAND, LARGE, QUICK, RANDOM, Configuration
from tests.samples import each

RELATIVE = {"float64": 1e-10, "float32": 1e-5}
UNITS = 8
"""Units in the last place of the sizes of the terms that a sum may be off by."""
OF_ALL_HEADS = ("embeddings", "heads", "projected")


def printed(configuration: Configuration, folder: Path) -> Any:
    """The JSON that the program prints for the file, all heads where there are several."""
    more = ("--head", "all") if configuration.heads > 1 else ()
    path = configuration.save(folder)
    if configuration.command:
        ended = spawn("print", path, "--format", "json", *more)
        assert (ended.returncode, ended.stderr) == (0, b"")
        return json.loads(ended.stdout)
    told = run("print", path, "--format", "json", *more)
    assert (told.status, told.messages) == (0, "")
    return told.json


def tables(found: Any, head: int) -> dict[str, Array]:
    """Step id → the numbers of one head, −∞ for null."""
    steps = [*found["steps"], *(found["heads_detail"][head]["steps"] if "heads_detail" in found else ())]
    return {
        step["id"]: np.array(
            [[-np.inf if value is None else value for value in row] for row in step["values"]], dtype=np.longdouble
        )
        for step in steps
    }


def of_head(expected: dict[str, Sized], step: str, head: int) -> Sized:
    one = expected[step]
    return one if step in OF_ALL_HEADS else Sized(one.values[head], one.sizes[head])


def assert_agree(found: Array, expected: Array, allowed: Array, what: str) -> None:
    assert found.shape == expected.shape, what
    infinite = np.isneginf(expected)
    assert (np.isneginf(found) == infinite).all(), what
    off = np.abs(np.where(infinite, 0, found) - np.where(infinite, 0, expected))
    worst = np.unravel_index(int((off - allowed).argmax()), off.shape)
    assert (off <= allowed).all(), (what, worst, found[worst], expected[worst], float(off[worst]))


def check(configuration: Configuration, folder: Path) -> None:
    """Every number of every step and head."""
    found, expected = printed(configuration, folder), configuration.expected
    relative, unit = np.longdouble(RELATIVE[configuration.dtype]), np.longdouble(np.finfo(configuration.dtype).eps)
    smallest = np.longdouble(np.finfo(configuration.dtype).tiny)
    for head in range(configuration.heads):
        numbers = tables(found, head)
        if "X" in configuration.arrays[0]:
            assert (numbers.pop("embeddings") == configuration.arrays[0]["X"]).all()
        assert numbers.keys() == expected.keys()
        logits = next(step for step in ("masked", "scaled", "scores") if step in expected)
        reach = of_head(expected, logits, head).sizes.max(axis=-1, keepdims=True)
        in_exponent = UNITS * unit * reach  # (t, 1): what a row's scores may be off by
        for step, values in numbers.items():
            one = of_head(expected, step, head)
            allowed = relative * np.abs(np.where(np.isfinite(one.values), one.values, 0))
            allowed = allowed + UNITS * unit * one.sizes + smallest
            if step in ("weights", "output"):
                allowed = allowed + in_exponent * one.sizes
            elif step in ("heads", "projected"):
                allowed = allowed + _of_any_head(expected, logits, unit) * one.sizes
            assert_agree(values, one.values, allowed, f"{step}@{head}")
        shares = softmax(numbers[logits])
        assert_agree(numbers["weights"], shares, relative * shares + smallest, f"softmax@{head}")
        totals = np.where(np.isneginf(numbers[logits]).all(axis=-1), 0, 1)
        assert (np.abs(numbers["weights"].sum(axis=-1) - totals) <= relative).all()


def _of_any_head(expected: dict[str, Sized], logits: str, unit: np.longdouble) -> Array:
    reach: Array = expected[logits].sizes.max(axis=(0, 2))[:, None]
    return UNITS * unit * reach


@pytest.mark.sampled(2)
@pytest.mark.parametrize("configuration", each(QUICK, (*BY_HAND, *RANDOM[::12])), ids=lambda one: one.name)
def test_json_agrees_with_extended_precision(configuration: Configuration, tmp_path: Path) -> None:
    """A script would have computed on with numbers that are right in five digits, or wrong in one layout of many."""
    check(configuration, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("configuration", LARGE, ids=lambda one: one.name)
def test_json_of_hundreds_of_tokens_agrees_with_extended_precision(
    configuration: Configuration, tmp_path: Path
) -> None:
    """From some length on, where rows are computed block by block, a row would have been another one's."""
    check(configuration, tmp_path)


def test_the_files_cover_what_is_promised() -> None:
    """A layout that no file has would have been compared with nothing."""
    every = (*QUICK, *LARGE)
    assert len(QUICK) >= 60
    assert len({one.name for one in every}) == len(every)
    for name, least in {
        "biases": 10,
        "given": 10,
        "causal": 10,
        "padded": 10,
        "last": 10,
        "kv_heads": 8,
        "s": 10,
    }.items():
        assert sum(bool(getattr(one, name)) for one in every) >= least, name
    for name, values in {
        "mask": ("yes-no", "additive", "blind"),
        "dtype": ("float64", "float32"),
        "kind": ("toml", "json", "npz"),
        "scale": ("none", 0.25),
        "largest_score": (1e4,),
        "k": (1,),
        "t": (1, 2, 511, 512),
    }.items():
        for value in values:
            assert any(getattr(one, name) == value for one in every), (name, value)
    assert any(one.t == one.m == one.k == one.v == one.heads == 1 for one in BY_HAND)
    assert sum(one.k != one.v for one in RANDOM) > 30
    assert {one.dtype for one in every if one.largest_score == 1e4} == {"float32", "float64"}
    assert sum(one.command for one in every) >= 5


@pytest.mark.sampled(12)
@pytest.mark.parametrize("configuration", [one for one in QUICK if one.t <= 8], ids=lambda one: one.name)
def test_the_two_references_agree(configuration: Configuration) -> None:
    """The reference itself would have been wrong, and the program with it."""
    inputs, parameters = configuration.arrays
    settings = {
        name: [[None if value == -np.inf else value for value in row] for row in array.tolist()]
        if name == "mask"
        else array.tolist()
        if name == "padding"
        else array
        for name, array in ({"kv_heads": configuration.heads} | configuration.settings).items()
    }
    given, matrices = ({name: one.tolist() for name, one in table.items()} for table in (inputs, parameters))
    plain = reference(given, matrices, settings)
    for head in range(configuration.heads):
        steps = plain.steps(head)
        assert steps.keys() == configuration.expected.keys()
        for step, matrix in steps.items():
            one = of_head(configuration.expected, step, head)
            near = one.sizes.max(initial=0) * 1e-13 + 1e-11 * (step in ("weights", "output", "heads", "projected"))
            np.testing.assert_allclose(
                np.array(matrix), one.values.astype(float), rtol=1e-10, atol=float(near) + 1e-300
            )
