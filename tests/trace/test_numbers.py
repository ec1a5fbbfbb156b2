"""Every number of every step against plain Python, and which steps there are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.engine.attention import row_blocks
from qkvtui.errors import ExampleError
from qkvtui.files.find import bundled_folder
from qkvtui.graph.example import Example
from qkvtui.graph.learning import step_ids
from qkvtui.graph.steps import STEPS
from qkvtui.trace import row_blocks as row_blocks_module
from qkvtui.trace.trace import Trace
from tests import samples
from tests.blocks.drawn import drawn, read
from tests.engine.layouts import agree
from tests.examples import recomputed
from tests.translators import FIRST_CROSS, translated
from tests.variants.reference import steps
from tests.variants.sampling import ADDED
from tests.variants.tasks import traces

NAMES = pytest.mark.parametrize("name", samples.HEADS)


def expected_numbers(example: Example, name: str, head: int) -> Mapping[str, Any]:
    """Step id → the matrix of a head: by the reference that knows everything where something was added."""
    path = Path(bundled_folder(), f"{name.removeprefix('bundled ')}.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if name in samples.bundled() else {}
    if ADDED.keys().isdisjoint(tables.get("attention", {}).keys() - {"mask", "causal"}):
        return samples.by_oracle(example).steps(head)
    found = steps(tables, len(example.tokens), len(example.keys))
    return {step: heads[head if len(heads) > 1 else 0] for step, heads in found.items()}


@pytest.mark.sampled(12)
@NAMES
def test_every_number_of_every_step_agrees_with_plain_python(name: str) -> None:
    """A number on some page was not the one that a reader gets who recomputes the file by hand."""
    trace = samples.trace(name)
    for head in range(trace.shape.heads):
        matrices = expected_numbers(trace.example, name, head)
        for step in (one for one in trace.steps if not one.type.learns):
            if step.id == "embeddings":
                np.testing.assert_array_equal(trace.matrix(step.id), trace.example.inputs["X"])
            else:
                wanted = matrices["weights" if step.id == "summary" else step.id]
                found = trace.matrix(step.id, head)
                agree(found, wanted, cancels=step.id not in ("weights", "summary"))


def expected_steps(example: Example) -> list[str]:
    """Section 4 of the contract: which steps are there, in its order."""
    settings = example.attention
    masks = (settings.mask, settings.padding, settings.window)
    there = {
        "embeddings": "X" in example.inputs,
        **dict.fromkeys(("queries", "keys", "values"), "Q" in example.inputs or "W_Q" in example.parameters),
        "rotated_queries": settings.rotary is not None,
        "rotated_keys": settings.rotary is not None,
        "scores": True,
        "scaled": settings.scale != "none",
        "biased": settings.bias is not None,
        "masked": bool(settings.causal) or any(one is not None for one in masks),
        "weights": True,
        "output": True,
        "heads": settings.heads > 1,
        "projected": "W_O" in example.parameters,
        "summary": True,
    }
    return [step for step, is_there in there.items() if is_there]


@pytest.mark.sampled(12)
@NAMES
def test_a_step_is_there_exactly_when_the_example_has_something_to_show_in_it(name: str) -> None:
    """The lesson would have had an empty page (a scaling that scales nothing), or left a step out."""
    trace = samples.trace(name)
    assert [step.id for step in trace.steps if not step.type.learns] == expected_steps(trace.example)
    assert [step.number for step in trace.steps] == list(range(1, len(trace.steps) + 1))
    learned = {step.id for step in trace.steps if step.type.learns}
    assert all(
        trace.has(kind.id) == (kind.id in expected_steps(trace.example)) for kind in STEPS if kind.id not in learned
    )


@pytest.mark.sampled(12)
@NAMES
def test_every_step_has_as_many_labels_as_numbers(name: str) -> None:
    """A row stood beside the wrong token, or a column without a name."""
    trace = samples.trace(name)
    for step in trace.steps:
        assert trace.matrix(step.id).shape == step.shape, step.id


def test_the_samples_have_every_step_there_is() -> None:
    """A step that no sample has would have been tested by nothing."""
    cross = translated().at_layer(FIRST_CROSS)
    every = (*map(samples.trace, samples.SAMPLES), *traces(), *(Trace(read(drawn(seed))) for seed in range(12)), cross)
    assert {step.id for trace in every for step in trace.steps} == set(step_ids())


FORMULAS = [
    ("plain", ["X", "Q = X W_Q", "K = X W_K", "V = X W_V", "S = Q Kᵀ", "S′ = S / √d_k", "A = softmax(S′)", "O = A V"]),
    ("cross_without_heads", ["X, Y", "Q = X W_Q", "K = Y W_K", "V = Y W_V"]),
    ("given", ["Q", "K", "V", "S = Q Kᵀ"]),
    ("all_masks", ["X", "Q = X W_Q", "K = X W_K", "V = X W_V", "S = Q Kᵀ", "S″ = S + M", "A = softmax(S″)"]),
    ("quarter_scale", ["X", "Q = X W_Q", "K = X W_K", "V = X W_V", "S = Q Kᵀ", "S′ = S · 0.25", "A = softmax(S′)"]),
]


@pytest.mark.parametrize(("name", "formulas"), FORMULAS)
def test_the_formula_says_what_this_example_does(name: str, formulas: list[str]) -> None:
    """The heading said X where Y is projected, or + M where there is no mask."""
    assert [step.formula for step in samples.trace(name).steps][: len(formulas)] == formulas


def test_the_formulas_of_heads_and_of_the_last_projection_name_what_they_take() -> None:
    """The heading of the last projection said O where it takes all heads, or left its bias out."""
    formulas = {step.id: step.formula for step in samples.trace("three_heads").steps}
    assert formulas["queries"] == "Q = X W_Q + b_Q"
    assert formulas["heads"] == "H = [O@0 O@1 O@2]"
    assert formulas["projected"] == "P = H W_O + b_O"
    assert samples.trace("grouped").step("heads").formula == "H = [O@0 O@1 O@2 …]"
    assert samples.trace("one_head_with_last_projection").step("projected").formula == "P = O W_O"


@pytest.mark.sampled(16)
@pytest.mark.parametrize(
    ("name", "cells"), [*((name, 40) for name in samples.LESSONS), ("cross", 1), ("causal", 1), ("all_masks", 1)]
)
def test_rows_computed_in_blocks_are_the_rows_computed_at_once(
    name: str, cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From some row on, a long example showed another row's numbers or another row's mask."""
    whole = samples.trace(name)
    monkeypatch.setattr(row_blocks_module, "row_blocks", lambda queries, keys: row_blocks(queries, keys, cells))
    blocks = Trace(whole.example)
    for step in whole.steps:
        for head in range(whole.shape.heads if step.type.per_head else 1):
            np.testing.assert_allclose(
                blocks.matrix(step.id, head), whole.matrix(step.id, head), rtol=1e-12, atol=1e-14, err_msg=step.id
            )
    for row in reversed(range(whole.shape.queries)):
        np.testing.assert_array_equal(blocks.mask_row(row), whole.mask_row(row))
        np.testing.assert_allclose(
            blocks.softmax_row(row).exponentials, whole.softmax_row(row).exponentials, rtol=1e-12, atol=1e-14
        )


@pytest.mark.sampled(12)
@NAMES
def test_the_stages_of_softmax_lead_from_its_scores_to_its_weights(name: str) -> None:
    """The softmax page showed a maximum, a shift or a power that does not belong to the row above it."""
    trace = samples.trace(name)
    logits = next(step for step in ("masked", "biased", "capped", "scaled", "scores") if trace.has(step))
    sinks = trace.example.attention.sink
    for head in range(trace.shape.heads):
        for row in range(min(8, trace.shape.queries)):
            stages = trace.softmax_row(row, head)
            np.testing.assert_array_equal(stages.scores, trace.row(logits, row, head))
            np.testing.assert_array_equal(stages.exponentials, np.exp(stages.shifted))
            np.testing.assert_array_equal(stages.weights, trace.row("weights", row, head))
            shared = np.append(stages.scores, sinks[head]) if sinks else stages.scores
            total = 0.0 if np.isneginf(shared).all() else np.exp(shared - shared.max()).sum()
            np.testing.assert_allclose(stages.weights * total, stages.exponentials, rtol=1e-12)
            assert total == 0 or stages.maximum == shared.max()


def test_a_token_that_may_look_at_nothing_gets_zeros() -> None:
    """The page of a fully masked row showed nan, or equal shares of tokens that may not be looked at."""
    trace = samples.trace("blind")
    assert trace.row("weights", 1).tolist() == [0.0, 0.0, 0.0]
    assert trace.row("output", 1).tolist() == [0.0, 0.0]
    assert trace.row("masked", 1).tolist() == [-np.inf] * 3


@pytest.mark.sampled(12)
@NAMES
def test_the_numbers_of_a_trace_cannot_be_written_to(name: str) -> None:
    """Some page could have changed a number that the next page shows as computed."""
    trace = samples.trace(name)
    for step_id in ("scores", "weights", "output"):
        with pytest.raises(ValueError, match="read-only"):
            trace.row(step_id, 0)[0] = 1.0


def test_float32_stays_float32_and_agrees_to_1e_5() -> None:
    """An example of float32 arrays showed digits that float32 does not have."""
    example = samples.example("three_heads")
    inputs = {name: array.astype(np.float32) for name, array in example.inputs.items()}
    parameters = {name: array.astype(np.float32) for name, array in example.parameters.items()}
    single = replace(example, inputs=inputs, parameters=parameters)
    trace, expected = Trace(single), samples.by_oracle(single)
    for head in range(trace.shape.heads):
        for step_id, wanted in expected.steps(head).items():
            agree(trace.matrix(step_id, head), wanted, np.float32)


@pytest.mark.parametrize("name", samples.MODELS)
def test_the_numbers_of_a_real_model_agree_to_1e_5(name: str) -> None:
    """The heads of a real model were shown with numbers that the model does not give."""
    trace, expected = samples.trace(name), recomputed.steps(samples.example(name))
    for step_id, wanted in expected.items():
        agree(trace.matrix(step_id), wanted, np.float32)


def test_numbers_too_large_to_multiply_are_refused_with_a_reason() -> None:
    """A file of huge numbers gave a page full of nan, or a traceback."""
    example = samples.example("plain")
    huge = replace(example, inputs={"X": example.inputs["X"] * 1e200})
    with pytest.raises(ExampleError, match="so large that their products overflow"):
        Trace(huge).row("weights", 0)
    huger = replace(huge, parameters={name: array * 1e200 for name, array in huge.parameters.items()})
    with pytest.raises(ExampleError, match="so large that their products overflow"):
        Trace(huger)


def test_an_unknown_step_is_no_step() -> None:
    """A misspelt step id in the program would have been answered with some other step."""
    with pytest.raises(KeyError):
        samples.trace("plain").step("masked")
