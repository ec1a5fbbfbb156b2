"""A step that nobody has thought of: one row in STEPS and its texts are all that it takes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot

from qkvtui.files.read import load, parse_example
from qkvtui.graph import learning as graph_learning
from qkvtui.graph import steps as graph_steps
from qkvtui.graph.learning import step_ids
from qkvtui.graph.rows import Draft, StepType
from qkvtui.narration import language
from qkvtui.narration.arithmetic import arithmetic
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sentences import text_of
from qkvtui.narration.text_file import text_file
from qkvtui.operations.elementwise import Added, Scaled
from qkvtui.operations.given import Setting
from qkvtui.operations.operation import Operation
from qkvtui.operations.tensors import Address, Axis
from qkvtui.report.request import Request, formatted
from qkvtui.said import say
from qkvtui.trace.addresses import format_address, parse_address
from qkvtui.trace.lesson import Lesson
from qkvtui.trace.published import comparisons
from qkvtui.trace.shown_at import to_address
from qkvtui.trace.terms import opened
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import cell_of, start, to_step
from qkvtui.trace.why import why
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.predicting import judged
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.graph.test_slopes import slope_along
from tests.trace.printing import explain
from tests.tui.driving import lesson_screen_of, play
from tests.views.drawings import body
from tests.views.pages import lines_of

TEXTS = {"en": ("doubled scores", "Every score is doubled."), "zh": ("加倍的分数", "每个分数都加倍。")}


def doubled(draft: Draft) -> Operation:
    """Twice what was taken for the scores."""
    factor = np.full((1, 1, 1), 2.0)
    draft.add_setting("double", Setting(lambda at: factor, lambda cell: say("always 2")), Axis.ONE, Axis.ONE)
    return Scaled(draft.roles["scores"], "double", "· 2")


def shifted(draft: Draft) -> Operation:
    """What was taken for the scores, and a half for each key that comes before."""
    queries, keys = draft.sizes.queries, draft.sizes.keys
    numbers = np.broadcast_to(0.5 * np.arange(keys), (1, queries, keys))
    shifts = Setting(lambda at: numbers[:, at.slice], lambda cell: say("half of key {key}", key=cell.column))
    draft.add_setting("shift", shifts, Axis.QUERY, Axis.KEY)
    return Added(draft.roles["scores"], "shift", "B")


@pytest.fixture
def with_doubled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The step `doubled` behind `scaled`, and what it says in both languages."""
    yield from _with(monkeypatch, StepType("doubled", "D", Axis.QUERY, Axis.KEY, doubled, "scores"))


@pytest.fixture
def with_shifted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The step `shifted` behind `scaled`; what goes back to it is what goes back to the scaled scores."""
    made = StepType("shifted", "B′", Axis.QUERY, Axis.KEY, shifted, "scores", has_gradient=False)
    yield from _with(monkeypatch, made)


def _with(monkeypatch: pytest.MonkeyPatch, made: StepType) -> Iterator[None]:
    behind = [kind.id for kind in graph_steps.STEPS].index("scaled") + 1
    table = (*graph_steps.STEPS[:behind], made, *graph_steps.STEPS[behind:])
    for module in (graph_steps, graph_learning):
        monkeypatch.setattr(module, "STEPS", table)
    monkeypatch.setitem(graph_steps.PUBLISHED, made.id, made)
    tables = {name: _told(text_file(name), made.id, *texts) for name, texts in TEXTS.items()}
    monkeypatch.setattr(language, "text_file", tables.__getitem__)
    language.language_texts.cache_clear()
    yield
    language.language_texts.cache_clear()


def _told(texts: Mapping[str, Any], step_id: str, name: str, sentence: str) -> dict[str, Any]:
    steps = {**texts["steps"], step_id: name, f"d_{step_id}": f"d {name}"}
    return {**texts, "steps": steps, step_id: [{"text": sentence}], f"d_{step_id}": [{"text": sentence}]}


@pytest.fixture
def trace(with_doubled: None) -> Trace:
    """The first lesson with the step."""
    return Trace(load("animal"))


CELL = Address("doubled", 3, 1)


def test_it_stands_in_its_place_with_its_numbers(trace: Trace) -> None:
    """A teacher's own step would have had other numbers, or the softmax would have passed it by."""
    ids = [step.id for step in trace.steps]
    assert ids[ids.index("scaled") + 1] == "doubled"
    np.testing.assert_array_equal(trace.matrix("doubled"), 2 * trace.matrix("scaled"))
    exponentials = np.exp(trace.matrix("doubled"))
    np.testing.assert_allclose(trace.matrix("weights"), exponentials / exponentials.sum(axis=1, keepdims=True))
    assert trace.step("doubled").formula == "D = S′ · 2"
    assert trace.step("weights").formula == "A = softmax(D)"


def test_it_has_a_page_with_its_table_its_arithmetic_and_its_sentence(trace: Trace) -> None:
    """The page of the step would have been empty, or ended in a traceback."""
    place = to_step(trace, start(trace), trace.step("doubled").number - 1)
    for name, (_, sentence) in TEXTS.items():
        lines = lines_of(body(trace, place, Look(80, 20, language=name)), 80)
        assert any(line.startswith("doubled[it,animal]") for line in lines)
        assert [text_of(one) for one in narrate(trace, place, name, 2)] == [sentence]
    worked = arithmetic(trace, CELL, 2)
    assert worked.value == f"{trace.value(CELL):.2f}"
    assert text_of(worked.equation) == f"= {trace.value(Address('scaled', 3, 1)):.2f} × 2"


def test_its_table_is_of_its_own_numbers(trace: Trace) -> None:
    """The page of the step would have drawn how the scaled scores come about, once more."""
    place = to_step(trace, start(trace), trace.step("doubled").number - 1)
    lines = lines_of(body(trace, place, Look(80, 20)), 80)
    assert any(f"[{trace.value(CELL):.2f}]" in line for line in lines)
    assert {"S′", "double", "D"} <= set(lines[0].split())


def test_every_number_of_it_can_be_addressed_and_asked_for_its_reason(trace: Trace) -> None:
    """`qkvtui why` would not have known the step, or would have left it out of the tree of a weight."""
    assert parse_address(trace, "doubled[it,animal]") == CELL
    assert format_address(trace, CELL) == "doubled[it,animal]"
    tree = why(trace, CELL)
    assert [node.address for node in tree.terms] == ["scaled[it,animal]", "double"]
    assert tree.terms[1].given == (say("always 2"),)
    assert "doubled[it,animal]" in str(why(trace, Address("weights", 3, 1)))
    assert next(opened(trace, Address("exp", 3, 1)).operands) == CELL
    for cell in (CELL, Address("double", 0, 0)):
        assert cell_of(trace, to_address(trace, start(trace), cell)) == CELL


def test_it_is_written_as_json_and_left_blank_on_a_worksheet(trace: Trace) -> None:
    """A script would have missed the step, or a worksheet would have told it."""
    lessons = (Lesson(trace, start(trace), "animal"),)
    steps = {step["id"]: step for step in json.loads(formatted(Request(lessons, Look(80)), "json"))["steps"]}
    np.testing.assert_allclose(steps["doubled"]["values"], trace.matrix("doubled"))
    request = Request(lessons, Look(80), blank="doubled")
    assert formatted(request, "csv").splitlines()[1:] == [f'"doubled[it,{token}]",' for token in trace.example.tokens]
    sheet = formatted(request, "text")
    assert "D = S′ · 2" in sheet
    assert f"{trace.value(CELL):.2f}" not in sheet
    assert "doubled[it,animal]" in formatted(Request(lessons, Look(80), blank="all"), "csv")


def test_it_can_be_predicted(with_doubled: None) -> None:
    """Whoever predicts a number of the step would have ended the application."""
    found: list[bool] = []

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        value = screen.state.trace.value(CELL)
        found.extend(bool(judged(screen.state, CELL, f"{typed:.2f}").right) for typed in (value, value + 1))

    play(scene, lesson=lesson_of("animal"))
    assert found == [True, False]


def test_a_slip_made_before_it_shows_in_it(trace: Trace) -> None:
    """A learner who forgot the scale would have been told nothing at the step after it."""
    (found,) = explain(trace, CELL, 2 * round(trace.value(Address("scores", 3, 1)), 4), 4)
    assert found.slips == ("no-scale",)


def test_the_way_back_goes_through_it(with_doubled: None) -> None:
    """The gradient by the step would have been missing, or those before it would have been wrong by its factor."""
    trace = Trace(load("animal-learn"))
    assert "d_doubled" in step_ids()
    ids = [step.id for step in trace.steps]
    assert ids.index("d_weights") < ids.index("d_doubled") < ids.index("d_scaled")
    np.testing.assert_allclose(trace.matrix("d_scaled"), 2 * trace.matrix("d_doubled"))
    assert trace.matrix("d_doubled").any()
    check_slopes(trace)


def test_what_is_only_added_hands_on_its_gradient(with_shifted: None) -> None:
    """A learned shift by distance would have stopped the way back, or doubled what comes back."""
    trace = Trace(load("animal-learn"))
    half = 0.5 * np.arange(trace.shape.keys)
    np.testing.assert_allclose(trace.matrix("shifted"), trace.matrix("scaled") + half)
    assert not trace.has("d_shifted")
    check_slopes(trace)
    assert [node.address for node in why(trace, Address("shifted", 3, 1)).terms] == [
        "scaled[it,animal]",
        "shift[it,animal]",
    ]


def check_slopes(trace: Trace) -> None:
    """The loss changes along what moves as its gradient says."""
    for name in ("W_Q", "W_K"):
        slope, expected = slope_along(trace, name, np.random.default_rng(2))
        assert not math.isclose(slope, 0, abs_tol=1e-4)
        assert expected == pytest.approx(slope, rel=1e-6, abs=1e-9), name


def test_its_printed_numbers_can_stand_in_a_file(with_doubled: None) -> None:
    """A source that prints the numbers of the step could not have been checked."""
    text = """
        format = 1
        title = "Two words"
        tokens = ["one", "two"]
        inputs.X = [[1, 0], [0, 1]]
        parameters = { W_Q = [[1, 0], [0, 1]], W_K = [[1, 0], [0, 1]], W_V = [[1, 0], [0, 1]] }
        published.doubled = { one = [1.41, 0] }
    """
    example = parse_example(text)
    assert example.published is not None
    assert example.published.rows["doubled"] == {0: (1.41, 0.0)}
    found = comparisons(Trace(example))
    assert [(one.step, one.column, one.agrees) for one in found] == [("doubled", 0, True), ("doubled", 1, True)]
