"""The first mistake and not what it drags along; and the verdicts on the bundled examples."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from qkvtui.engine.arrays import FloatArray
from qkvtui.graph.example import Example
from qkvtui.graph.printed import Published
from qkvtui.operations.tensors import Address
from qkvtui.trace.published import Comparison, comparisons
from qkvtui.trace.slips import Diagnosis, Finding, diagnose
from qkvtui.trace.trace import Trace
from tests import samples
from tests.trace.slipping import commit
from tests.trace.slipping_examples import random_example

Rows = dict[str, dict[int, tuple[float, ...]]]


def printing(example: Example, steps: dict[str, FloatArray], decimals: int = 2) -> Trace:
    """The example with these whole steps of head 0 as published ones."""
    rows: Rows = {
        name: {row: tuple((np.round(values, decimals) + 0.0).tolist()) for row, values in enumerate(matrix)}
        for name, matrix in steps.items()
    }
    return Trace(replace(example, published=Published(rows, decimals)))


def right(example: Example, *names: str) -> dict[str, FloatArray]:
    """The right numbers of some steps, to be spoiled."""
    trace = Trace(example)
    return {name: trace.matrix(name).copy() for name in names}


def cells(found: tuple[Comparison, ...]) -> set[tuple[str, int, int]]:
    return {(one.step, one.row, one.column) for one in found}


def reasons(diagnosis: Diagnosis) -> list[tuple[str, ...]]:
    return [finding.slips for finding in diagnosis.findings]


def softmax(scores: FloatArray) -> FloatArray:
    raised = np.exp(scores - scores.max())
    shares: FloatArray = raised / raised.sum()
    return shares


def test_one_wrong_product_is_named_and_not_what_it_drags_along() -> None:
    """An author would have looked for three mistakes where there is one."""
    example = samples.example("plain")
    steps = right(example, "scores", "scaled", "weights", "output")
    steps["scores"][0, 2] += 1
    steps["scaled"][0, 2] = round(steps["scores"][0, 2], 2) / np.sqrt(2)
    steps["weights"][0] = softmax(np.round(steps["scaled"][0], 2))
    steps["output"][0] = np.round(steps["weights"][0], 2) @ Trace(example).matrix("values")
    diagnosis = diagnose(printing(example, steps))
    assert reasons(diagnosis) == [("arithmetic",)]
    assert cells(diagnosis.findings[0].cells) == {("scores", 0, 2)}
    assert {step for step, _, _ in cells(diagnosis.carried)} >= {"scaled", "weights", "output"}
    assert {row for _, row, _ in cells(diagnosis.carried)} == {0}
    assert not diagnosis.findings[0].misprint


def test_a_later_mistake_is_found_behind_an_earlier_one() -> None:
    """The softmax of wrong scores, itself wrong, was excused by the wrong scores."""
    example = samples.example("plain")
    steps = right(example, "scaled", "weights")
    steps["scaled"][1, 2] += 1
    steps["weights"][1] = softmax(np.round(steps["scaled"][1], 2))
    steps["weights"][1, 0] += 0.06
    diagnosis = diagnose(printing(example, steps))
    assert reasons(diagnosis) == [("arithmetic",), ("arithmetic",)]
    first, second = diagnosis.findings
    assert (cells(first.cells), cells(second.cells)) == ({("scaled", 1, 2)}, {("weights", 1, 0)})
    assert not first.follows
    assert second.follows[0] == pytest.approx(softmax(np.round(steps["scaled"][1], 2))[0])


def test_a_number_that_nothing_after_it_believes_is_a_misprint() -> None:
    """An author was told that the arithmetic is wrong, where only a digit was typed wrongly."""
    example = samples.example("plain")
    steps = right(example, "scores", "scaled", "weights", "output")
    steps["scores"][2, 0] += 2
    (finding,) = diagnose(printing(example, steps)).findings
    assert (finding.slips, finding.misprint) == (("arithmetic",), True)


def test_a_slip_that_changes_a_whole_table_is_not_named_for_one_number() -> None:
    """An author with one wrong number was told that nothing was scaled, beside numbers that are."""
    example = samples.example("plain")
    steps = right(example, "scores", "scaled")
    steps["scaled"][3, 1] = steps["scores"][3, 1]
    (finding,) = diagnose(printing(example, steps)).findings
    assert (finding.slips, cells(finding.cells)) == (("arithmetic",), {("scaled", 3, 1)})


@pytest.mark.parametrize("decimals", [2, 4])
def test_a_scale_by_the_root_of_any_length_is_named_with_its_number(decimals: int) -> None:
    """The vignette of a package divides by the root of a wrong length; it was told that 28 products are wrong."""
    trace = Trace(samples.example("plain"))
    weights = np.array([softmax(row / np.sqrt(5)) for row in trace.matrix("scores")])
    steps = {"weights": weights, "output": weights @ trace.matrix("values")}
    (finding,) = diagnose(printing(trace.example, steps, decimals)).findings
    assert finding.slips == ("other-scale",)
    assert float(finding.explanations[0].parts[0]) == pytest.approx(5**-0.5, rel=1e-3)


def test_one_number_alone_is_not_explained_by_what_is_seldom_done() -> None:
    """One wrong weight was told to come of a dropout of 0.2: some unusual slip gives nearly any number."""
    example = samples.example("plain")
    right_one = Trace(example).value(Address("weights", 1, 1))
    rows: Rows = {"weights": {1: (np.nan, right_one / 0.8, np.nan, np.nan)}}
    (finding,) = diagnose(Trace(replace(example, published=Published(rows, 2)))).findings
    assert finding.slips == ("arithmetic",)


def test_what_w_o_makes_of_a_wrong_number_is_carried_although_the_print_rounds_it() -> None:
    """An author was told of two mistakes: W_O makes the rounding of the printed output larger than the tolerance."""
    example = samples.example("one_head_with_last_projection")
    example = replace(example, parameters={**example.parameters, "W_O": 40 * example.parameters["W_O"]})
    steps = right(example, "output", "projected")
    steps["output"][1, 0] += 0.504  # printed with two decimals; the author goes on with all of them
    steps["projected"][1] = steps["output"][1] @ example.parameters["W_O"]
    diagnosis = diagnose(printing(example, steps))
    assert [cells(finding.cells) for finding in diagnosis.findings] == [{("output", 1, 0)}]
    assert {(step, row) for step, row, _ in cells(diagnosis.carried)} == {("projected", 1)}


def test_a_slip_is_named_although_another_number_has_a_misprint() -> None:
    """One misprint hid that the whole page was computed without the scaling."""
    rng = np.random.default_rng(3)
    example = random_example(rng, suits=["no-scale"])
    example = replace(example, attention=replace(example.attention, causal=False, mask=None, padding=None))
    wrong = commit(example, ["no-scale"], 3, rng)
    steps = {name: wrong[name][0].copy() for name in ("queries", "weights")}
    steps["queries"][0, 0] += 0.7
    diagnosis = diagnose(printing(example, steps, 3))
    assert [finding.first.step for finding in diagnosis.findings] == ["queries", "weights"]
    assert reasons(diagnosis) == [("arithmetic",), ("no-scale",)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["plain", "causal", "padding", "quarter_scale", "all_masks"])
def test_weights_in_another_order_than_their_scores_are_proved_impossible(name: str) -> None:
    """An author went on looking for the scale that gives weights which none gives."""
    example = samples.example(name)
    query = len(example.tokens) - 1
    steps = right(example, "scores", "weights")
    looked_at = np.flatnonzero(np.isfinite(Trace(example).mask_row(query)) & (Trace(example).mask_row(query) == 0))
    logits = steps["scores"][query, looked_at]
    low, high = (int(looked_at[index]) for index in (logits.argmin(), logits.argmax()))
    steps["weights"][query, [low, high]] = steps["weights"][query, [high, low]]
    diagnosis = diagnose(printing(example, steps))
    if not diagnosis.wrong:
        pytest.skip("the two weights are printed alike")
    (finding,) = diagnosis.findings
    if finding.slips == ("impossible-softmax",):
        assert finding.conflict is not None
        assert {finding.conflict.larger, finding.conflict.smaller} == {low, high}
        assert finding.softmaxed == pytest.approx(Trace(example).row("weights", query), abs=0.05)
    else:  # another slip gives these numbers too
        assert "arithmetic" not in finding.slips


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(15), range(15, 60)], ids=str)
def test_one_wrong_number_anywhere_is_the_first_that_is_named(seeds: range) -> None:
    """An author was sent to another number than the one that is wrong."""
    for seed in seeds:
        rng = np.random.default_rng([seed, 7])
        example = random_example(rng)
        found = commit(example, [], 2, rng)
        steps = {name: matrices[0].copy() for name, matrices in found.items()}
        name = str(rng.choice([name for name in steps if name != "masked"]))
        row, column = (int(rng.integers(size)) for size in steps[name].shape)
        steps[name][row, column] += 0.37
        diagnosis = diagnose(printing(example, steps))
        assert cells(diagnosis.wrong) == {(name, row, column)}
        assert diagnosis.carried == ()
        assert (finding := diagnosis.findings[0]).first == diagnosis.first
        assert finding.slips


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", samples.each(samples.SAMPLES))
def test_every_wrong_number_is_either_found_or_carried_whatever_was_printed(name: str) -> None:
    """A wrong number was passed over in silence, or counted twice."""
    trace = samples.trace(name)
    rng = np.random.default_rng(len(name))
    for _ in range(3):
        trace = Trace(replace(trace.example, published=_anything(trace, rng)))
        diagnosis = diagnose(trace)
        told = [one for finding in diagnosis.findings for one in finding.cells] + list(diagnosis.carried)
        assert len(told) == len(set(told)) == len(diagnosis.wrong)
        assert set(told) == set(diagnosis.wrong)
        assert bool(diagnosis.findings) == bool(diagnosis.wrong)
        assert not diagnosis.findings or diagnosis.findings[0].first == diagnosis.first
        assert all(finding.explanations for finding in diagnosis.findings if diagnosis.searched)


def _anything(trace: Trace, rng: np.random.Generator) -> Published:
    """Numbers of which some are wrong, of some heads and rows of some steps."""
    rows: Rows = {}
    for step in trace.steps:
        if step.id == "summary" or step.type.learns or rng.random() < 0.4:
            continue
        head = int(rng.integers(trace.shape.heads)) if step.type.per_head else 0
        chosen: dict[int, tuple[float, ...]] = {}
        for row in range(min(len(step.row_labels), 6)):
            values = np.round(trace.row(step.id, row, head).astype(np.float64), 2)
            wrong = rng.choice([0, 0.01, 1, -3], values.shape) if rng.random() < 0.3 else 0
            chosen[row] = tuple((values + wrong).tolist())
        rows[f"{step.id}@{head}" if head else step.id] = chosen
    return Published(rows or {"output": {0: tuple(np.zeros(trace.shape.d_v).tolist())}}, 2)


# --- what is known about published examples; every verdict was recomputed by hand from the source's own numbers


def finding_at(diagnosis: Diagnosis, step: str, row: int, column: int) -> Finding:
    """The finding that a number belongs to."""
    return next(one for one in diagnosis.findings if (step, row, column) in cells(one.cells))


def test_the_blog_post_s_weights_cannot_come_from_its_scores() -> None:
    """The explainer's own example was called a slip of the pen."""
    diagnosis = diagnose(samples.trace("animal"))
    assert diagnosis.slips == ("impossible-softmax",)
    (finding,) = diagnosis.findings
    assert finding.conflict is not None
    assert (finding.conflict.scores, finding.conflict.weights) == ((1.0, 0.9), (0.4, 0.45))
    assert len(finding.cells) == 10
    assert finding.softmaxed == pytest.approx(softmax(np.array([0.2, 0.9, 0.1, 1.0, 0.3]) / np.sqrt(2)))


def test_the_illustrated_article_rounds_before_it_sums() -> None:
    """A reader of the article was not told why its output is 7.0 and not 6.7."""
    diagnosis = diagnose(samples.trace("illustrated"))
    assert diagnosis.slips == ("early-rounding",)
    (finding,) = diagnosis.findings
    assert (finding.first.step, finding.first.row, finding.first.column) == ("weights", 0, 0)
    assert [one.slips for one in finding.explanations] == [("early-rounding",)]


def test_i_am_studying_has_the_mistakes_that_were_found_by_hand() -> None:
    """Of the notes' mistakes one was overlooked, or a right number was called wrong."""
    diagnosis = diagnose(samples.trace("i-am-studying"))
    assert diagnosis.slips == ("impossible-softmax", "arithmetic")
    own = {
        "scores": {(1, 1), (1, 2), (2, 1)},
        "scaled": {(2, 2)},
        "weights": {(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)},
        "output": {(1, 2), (2, 1), (2, 2)},
    }
    found = {cell for finding in diagnosis.findings for cell in cells(finding.cells)}
    assert found == {(step, *place) for step, places in own.items() for place in places}
    assert finding_at(diagnosis, "weights", 2, 2).slips == ("impossible-softmax",)
    softmaxed = finding_at(diagnosis, "weights", 2, 2).softmaxed
    assert softmaxed == pytest.approx([0.40235204, 0.09628643, 0.50136152], abs=1e-8)
    assert finding_at(diagnosis, "weights", 1, 0).follows == pytest.approx([0.28665243, 0.41499664, 0.29835093])
    assert finding_at(diagnosis, "output", 1, 2).follows == pytest.approx([0.725, 0.15, 0.665])


def test_please_study_man_has_a_wrong_row_and_an_output_that_was_rounded_too_early() -> None:
    """The two mistakes of the notes were taken for one, or the rounded weights for a wrong sum."""
    diagnosis = diagnose(samples.trace("study-notes"))
    row, output = diagnosis.findings
    assert (row.slips, cells(row.cells)) == (("arithmetic",), {("weights", 2, 0), ("weights", 2, 1), ("weights", 2, 2)})
    assert (output.slips, cells(output.cells)) == (("early-rounding",), {("output", 1, 1)})
    assert output.explanations[0].gives == pytest.approx(1.41)
    assert diagnosis.slips == ("early-rounding", "arithmetic")


@pytest.mark.parametrize(("name", "count"), [("alammar", 6), ("journey", 26), ("journey-causal", 44)])
def test_a_correct_source_is_not_accused(name: str, count: int) -> None:
    """A good book was told that it is wrong."""
    diagnosis = diagnose(samples.trace(name))
    assert (len(diagnosis.published), diagnosis.wrong, diagnosis.findings, diagnosis.slips) == (count, (), (), ())


def test_the_numbers_that_were_made_up_for_alammar_give_the_scores_of_the_figure() -> None:
    """The example promises 112 and 96 and would have shown others."""
    trace = samples.trace("alammar")
    assert trace.shape.d_k == 64
    assert trace.row("scores", 0).tolist() == [112, 96]
    assert trace.row("scaled", 0).tolist() == [14, 12]
    assert trace.matrix("output").tolist() == trace.matrix("weights").tolist()
    assert float(softmax(np.array([112.0, 96.0]))[1]) == pytest.approx(1e-7, rel=0.2)


# --- how long it takes


def _large(tokens: int, heads: int) -> Trace:
    """A causal layer that prints its weights and output, with one wrong number that no slip explains."""
    example = samples.projected(
        "large",
        tuple(f"w{index}" for index in range(tokens)),
        m=64,
        k=64 // heads,
        v=64 // heads,
        heads=heads,
        causal=True,
    )
    example = replace(example, parameters={name: array / 8 for name, array in example.parameters.items()})
    trace = Trace(example)
    rows: Rows = {
        name: {row: tuple(np.round(trace.row(name, row), 2).tolist()) for row in range(min(tokens, 64))}
        for name in ("weights", "output")
    }
    spoiled = list(rows["weights"][3])
    spoiled[1] += 0.03
    rows["weights"][3] = tuple(spoiled)
    return Trace(replace(example, published=Published(rows, 2)))


def test_sixty_four_tokens_are_diagnosed_in_less_than_a_second() -> None:
    """A class of thirty waited for `check`."""
    trace = _large(64, 8)
    comparisons(trace)
    start = time.process_time()
    diagnosis = diagnose(trace)
    assert time.process_time() - start < 1
    assert diagnosis.searched
    assert diagnosis.paired
    assert diagnosis.slips == ("arithmetic",)


@pytest.mark.slow
def test_what_is_too_large_is_compared_but_not_searched_and_says_so() -> None:
    """A long example kept the program busy for minutes."""
    diagnosis = diagnose(_large(1024, 1))
    assert (diagnosis.searched, diagnosis.paired, diagnosis.slips) == (False, False, ())
    assert cells(diagnosis.findings[0].cells) == cells(diagnosis.wrong) == {("weights", 3, 1)}
    between = diagnose(_large(257, 1))
    assert (between.searched, between.paired, between.slips) == (True, False, ("arithmetic",))
