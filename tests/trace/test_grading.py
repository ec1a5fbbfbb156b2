"""Grading: every right way of filling in a sheet is right, and a wrong one gets its reason."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qkvtui.graph.example import Example
from qkvtui.narration.arithmetic import arithmetic
from qkvtui.narration.sentences import text_of
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.trace.blanks import ALL, blanks, computed_steps
from qkvtui.trace.follow import what_follows
from qkvtui.trace.fresh import with_fresh_numbers
from qkvtui.trace.grading import Grade, Verdict, grade
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from tests import samples
from tests.variants.sampling import KINDS, Sample

NAMES = pytest.mark.parametrize("name", [name for name in samples.SAMPLES if computed_steps(samples.trace(name))])
FRESH = Trace(with_fresh_numbers(samples.example("animal"), 7))


def asked(trace: Trace) -> tuple[Address, ...]:
    return blanks(trace, start(trace), ALL).cells


def graded(trace: Trace, written: dict[Address, str], digits: int = 2) -> Grade:
    return grade(trace, asked(trace), written, digits)


def key(trace: Trace, decimals: int = 2) -> dict[Address, str]:
    return {cell: f"{value_at(trace, cell):.{decimals}f}" for cell in asked(trace)}


def one(text: str, cell: str, trace: Trace = FRESH, digits: int = 2) -> tuple[Verdict, list[str]]:
    """What becomes of one answer among right ones."""
    at = parse_address(trace, cell)
    found = next(answer for answer in graded(trace, key(trace) | {at: text}, digits).answers if answer.cell == at)
    return found.verdict, [slip for explanation in found.explanations for slip in explanation.slips]


@pytest.mark.sampled(10)
@NAMES
@pytest.mark.parametrize("decimals", [2, 3, 15])
def test_the_right_numbers_get_full_marks_at_every_precision(name: str, decimals: int) -> None:
    """A learner who made no mistake would have lost points."""
    trace = samples.trace(name)
    found = graded(trace, key(trace, decimals))
    assert found.full, [answer for answer in found.answers if not answer.verdict.counts]
    assert found.points == len(asked(trace)) == sum(len(part.answers) for _, part in found.steps)


@pytest.mark.sampled(6)
@NAMES
def test_every_step_worked_out_from_rounded_numbers_is_right(name: str) -> None:
    """Whoever works from the two decimals that the sheet prints would have been marked wrong at random."""
    trace = samples.trace(name)
    if name in ("large_numbers", "small_numbers", "far_apart"):  # two decimals do not tell these numbers at all
        return
    own: dict[Address, str] = {}
    for cell in asked(trace):
        known = {at: float(text) for at, text in own.items()}
        value = what_follows(trace, cell, known, 2)[0]
        own[cell] = f"{value:.2f}"
    found = graded(trace, own)
    assert found.full, [answer for answer in found.answers if not answer.verdict.counts]


@pytest.mark.sampled(7)
@pytest.mark.parametrize(
    ("cell", "text", "verdict"),
    [
        ("scores[it,The]", "5", Verdict.RIGHT),
        ("scores[it,The]", "5.0", Verdict.RIGHT),
        ("scores[it,The]", "10/2", Verdict.RIGHT),
        ("scores[it,The]", " 1*1 + 2*2 ", Verdict.RIGHT),
        ("scores[it,The]", "5.01", Verdict.WRONG),
        ("scaled[it,The]", "5/sqrt(2)", Verdict.RIGHT),
        ("scaled[it,The]", "3.54", Verdict.RIGHT),
        ("scaled[it,The]", "3.536", Verdict.RIGHT),
        ("scaled[it,The]", "3.5", Verdict.WRONG),
        ("scaled[it,The]", "5/1.41", Verdict.FOLLOWS),
        ("scaled[it,The]", "3.55", Verdict.FOLLOWS),
        ("scaled[it,The]", "", Verdict.MISSING),
        ("scaled[it,The]", "____", Verdict.MISSING),
        ("scaled[it,The]", "three", Verdict.UNREADABLE),
        ("scaled[it,The]", "9**9**9", Verdict.UNREADABLE),
        ("scaled[it,The]", "inf", Verdict.WRONG),
        ("scaled[it,The]", "1e300", Verdict.WRONG),
        ("scaled[it,The]", "3.5355343", Verdict.RIGHT),
        ("scaled[it,The]", "3.5355372", Verdict.WRONG),
        ("scaled[it,The]", "0e9999", Verdict.RIGHT),
    ],
)
def test_an_answer_is_judged_at_the_precision_it_was_written_with(cell: str, text: str, verdict: Verdict) -> None:
    """A fraction would have been wrong, or 3.5 right where two decimals were asked for."""
    if text == "0e9999":
        assert one(text, cell)[0] in (Verdict.RIGHT, Verdict.WRONG)  # whatever it is, not a traceback
    else:
        assert one(text, cell)[0] is verdict


@pytest.mark.parametrize(
    ("cell", "text", "slip"),
    [
        ("scaled[it,The]", "5", "no-scale"),
        ("scaled[it,The]", "5/2", "scale-by-d_k"),
        ("scaled[it,The]", "2.50", "scale-by-d_k"),
        ("weights[it,The]", "5/14", "no-exp"),
    ],
)
def test_a_wrong_answer_gets_the_slip_that_gives_it(cell: str, text: str, slip: str) -> None:
    """A learner would have been told that the number is wrong, but not why."""
    verdict, slips = one(text, cell)
    assert verdict is Verdict.WRONG
    assert slip in slips


def test_a_mistake_costs_one_point_and_not_those_of_the_numbers_that_follow_from_it() -> None:
    """One forgotten division would have cost all weights and the output as well."""
    written = key(FRESH)
    forgotten = parse_address(FRESH, "scaled[it,The]")
    written[forgotten] = "5"
    exp = {cell: math.exp(float(text)) for cell, text in written.items() if cell.name == "scaled"}
    total = sum(exp.values())
    shares = {cell.column: raised / total for cell, raised in exp.items()}
    for cell in written:
        if cell.name == "weights":
            written[cell] = f"{shares[cell.column]:.4f}"
        if cell.name == "output":
            values = [value_at(FRESH, Address("values", row, cell.column)) for row in shares]
            written[cell] = f"{sum(a * b for a, b in zip(shares.values(), values, strict=True)):.3f}"
    found = graded(FRESH, written)
    lost = [answer for answer in found.answers if not answer.verdict.counts]
    assert [answer.cell for answer in lost] == [forgotten]
    assert {answer.verdict for answer in found.answers if answer.cell.name == "weights"} == {Verdict.FOLLOWS}


def test_a_score_may_be_multiplied_by_the_scale_with_the_digits_that_the_page_prints() -> None:
    """Whoever multiplied by 0.176777, as the page says, would have been marked wrong, or by less of it right."""
    trace = Trace(of_scale(0.17677669))
    cell = Address("scaled", 0, 1)
    score, printed = 5000.0, text_of(arithmetic(trace, cell, 2).equation).rpartition(" × ")[2]
    assert value_at(trace, Address("scores", 0, 1)) == score
    assert printed == "0.176777"
    verdicts = {
        factor: next(a for a in graded(trace, {cell: f"{score * float(factor):.2f}"}).answers if a.cell == cell).verdict
        for factor in ("0.17677669", printed, "0.177")
    }
    assert list(verdicts.values()) == [Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG]


def of_scale(scale: float) -> Example:
    """Whole numbers with large scores, multiplied by a scale of many digits."""
    inputs = {"Q": np.array([[50.0, 0.0], [0.0, 1.0]]), "K": np.array([[1.0, 2.0], [100.0, 3.0]]), "V": np.eye(2)}
    return samples.of("of_scale", ("one", "two"), inputs, {}, scale=scale)


def test_minus_infinity_is_an_answer_where_the_mask_forbids_to_look() -> None:
    """A causal sheet could not have been filled in."""
    trace = samples.trace("causal")
    cell = next(cell for cell in asked(trace) if value_at(trace, cell) == -math.inf)
    for text in ("-inf", "-∞", "−∞"):
        assert next(a for a in graded(trace, {cell: text}).answers if a.cell == cell).verdict is Verdict.RIGHT
    for text in ("0", "0.12345678", "inf"):
        assert next(a for a in graded(trace, {cell: text}).answers if a.cell == cell).verdict is Verdict.WRONG


def test_a_number_the_sheet_prints_with_fewer_digits_may_be_worked_with() -> None:
    """`--digits 1` would have printed operands with which nobody gets the point."""
    trace = samples.trace("plain")
    cell = next(cell for cell in asked(trace) if cell.name == "output")
    (value,) = what_follows(trace, cell, {}, 1)
    assert opened(trace, cell).groups
    answer = f"{value:.4f}"
    assert next(a for a in graded(trace, {cell: answer}, digits=1).answers if a.cell == cell).verdict.counts
    assert not next(a for a in graded(trace, {cell: answer}, digits=6).answers if a.cell == cell).verdict.counts


def no_scale_numbers(trace: Trace) -> dict[Address, float]:
    """The file's query's scaled scores, weights and output of somebody who forgot the scale and rounded nothing."""
    query = trace.example.query
    scores = trace.row("scores", query)
    weights = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    rows = {"scaled": scores, "weights": weights, "output": weights @ trace.matrix("values")}
    return {
        Address(name, query, column): float(number) for name, row in rows.items() for column, number in enumerate(row)
    }


@pytest.mark.sampled(5)
@pytest.mark.parametrize("steps", [("scaled", "weights", "output"), ("scaled", "output"), ("weights", "output")])
@pytest.mark.parametrize("decimals", [2, 4])
@pytest.mark.parametrize("name", ["animal", "journey", "two-heads"])
def test_who_went_on_from_the_exact_numbers_of_a_slip_loses_only_what_is_wrong_by_it(
    name: str, decimals: int, steps: tuple[str, ...]
) -> None:
    """Whoever kept all digits in a calculator lost the output as well: it does not follow from two decimals."""
    trace = samples.trace(name)
    written = {cell: f"{one:.{decimals}f}" for cell, one in no_scale_numbers(trace).items() if cell.name in steps}
    found = grade(trace, tuple(written), written)
    assert {one.cell.name for one in found.answers if not one.verdict.counts} == {steps[0]}
    slips = {one.slips for answer in found.answers for one in answer.explanations}
    assert slips >= {("no-scale",)}


def test_the_order_in_which_answers_are_asked_for_changes_nothing() -> None:
    """The output would have been judged before the weights that it follows from."""
    trace = samples.trace("animal")
    written = {cell: f"{one:.2f}" for cell, one in no_scale_numbers(trace).items()}
    there, back = (grade(trace, cells, written) for cells in (tuple(written), tuple(written)[::-1]))
    assert there.answers == back.answers[::-1]


def test_a_slip_of_a_whole_table_is_not_named_for_one_number_that_others_contradict() -> None:
    """One guessed number was explained by softmax down the columns, beside four that were right."""
    trace = samples.trace("animal")
    cell = parse_address(trace, "weights[it,animal]")
    assert [one.slips for one in grade(trace, (cell,), {cell: "0.20"}).answers[0].explanations] == [
        ("softmax-over-columns",)
    ]
    row = tuple(Address("weights", 3, column) for column in range(5))
    written = {one: f"{value_at(trace, one):.2f}" for one in row} | {cell: "0.20"}
    found = next(one for one in grade(trace, row, written).answers if one.cell == cell)
    assert found.verdict is Verdict.WRONG
    assert ("softmax-over-columns",) not in [one.slips for one in found.explanations]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("cell", "text", "slip"),
    [
        ("scores[it,animal]", "0.45", "product-forgotten"),
        ("scores[it,animal]", "0.5*0.9", "product-forgotten"),
        ("scores[it,animal]", "0.05", "sign-in-the-sum"),
        ("scores[it,animal]", "-0.85", "wrong-sign"),
        ("scaled[it,animal]", "1.20", "multiplied-for-divided"),
        ("scaled[it,animal]", "0.85*sqrt(2)", "multiplied-for-divided"),
        ("scaled[it,animal]", "0.85", "no-scale"),
        ("weights[it,animal]", "1.82", "exp-not-divided"),
        ("weights[it,animal]", "1.00", "exp-not-divided"),
        ("weights[it,animal]", "26", "percent-sign-missing"),
        ("weights[it,animal]", "0.3", "few-decimals"),
        ("weights[it,animal]", "0.25", "last-digit"),
        ("weights[it,animal]", "0.22", "other-cell"),
    ],
)
def test_a_slip_of_the_hand_is_named(cell: str, text: str, slip: str) -> None:
    """The likeliest mistakes of all were told "wrong" and no more."""
    trace = samples.trace("animal")
    at = parse_address(trace, cell)
    (found,) = grade(trace, (at,), {at: text}).answers
    assert found.verdict is Verdict.WRONG
    assert [one.slips for one in found.explanations] == [(slip,)]


@pytest.mark.parametrize("text", ["0,26", "26%", "25,7 %", "≈0.26", "~ 0,26", "1/3.9", "＝０．２６", "1/3,9 ≈ 0,2565"])
def test_every_way_of_writing_a_number_is_worth_the_same(text: str) -> None:
    """A comma, a percent sign or an ≈ cost the point."""
    trace = samples.trace("animal")
    cell = parse_address(trace, "weights[it,animal]")
    assert grade(trace, (cell,), {cell: text}).answers[0].verdict is Verdict.RIGHT


@pytest.mark.sampled(6)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_from_exact_numbers_follow_exact_numbers_whatever_is_added_to_attention(kind: str, seed: int) -> None:
    """Behind a cap, a norm, a bias or a sink nothing followed from an earlier answer: one mistake cost all points."""
    trace = Trace(Sample(kind, seed).example())
    for step in computed_steps(trace):
        for head in range(trace.shape.heads if step.type.per_head else 1):
            for (row, column), value in np.ndenumerate(trace.matrix(step.id, head)):
                followed = what_follows(trace, Address(step.id, row, column, head), {})
                assert len(followed) == 1
                assert followed[0] == pytest.approx(value, rel=1e-9, abs=1e-9), step.id


@pytest.mark.parametrize("kind", ["softcap", "sink", "bias", "norm", "rotary", "scoring"])
def test_a_mistake_is_carried_on_through_whatever_is_added_to_attention(kind: str) -> None:
    """Behind a cap or a sink, one wrong number before softmax would have cost the points of all weights."""
    trace = Trace(Sample(kind, 1).example())
    cells = asked(trace)
    steps = list(dict.fromkeys(cell.name for cell in cells))
    before = next(cell for cell in cells if cell.name == steps[steps.index("weights") - 1])
    own = {before: value_at(trace, before) + 0.7}
    written = {cell: f"{what_follows(trace, cell, own)[0]:.6f}" for cell in cells if cell.name == "weights"}
    written[before] = f"{own[before]}"
    assert {one.cell for one in grade(trace, tuple(written), written).answers if not one.verdict.counts} <= {before}


def test_an_unusual_slip_is_named_where_a_whole_row_speaks_for_it_and_not_for_one_number() -> None:
    """Of forty slips one or the other gives any two decimals: a guess was told as a second softmax."""
    trace = samples.trace("animal")
    row = trace.row("scaled", 3)
    more = np.exp(row) / (1 + np.exp(row).sum())
    written = {Address("weights", 3, column): f"{number:.2f}" for column, number in enumerate(more)}
    for answer in grade(trace, tuple(written), written).answers:
        assert [one.slips for one in answer.explanations] == [("softmax-plus-one",)]
    for cell, text in written.items():
        (alone,) = grade(trace, (cell,), {cell: text}).answers
        assert ("softmax-plus-one",) not in [one.slips for one in alone.explanations]
