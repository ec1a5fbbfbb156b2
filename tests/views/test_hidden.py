"""Hidden numbers: what a page shows does not depend on them, so that nothing on it can give them away."""

from __future__ import annotations

import pytest

from qkvtui.narration.tells import SLOT
from qkvtui.operations.tensors import Address
from qkvtui.trace.blanks import ALL, blanks, computed_steps
from qkvtui.trace.hidden import hidden_cell
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, start, to_step
from qkvtui.views.look import Look
from tests import samples
from tests.trace.altered import Altered
from tests.trace.lessons import neutral_place
from tests.views.drawings import body, compared_body, opened_body, sentence_lines
from tests.views.pages import lines_of

NAMES = (
    "plain",
    "three_heads",
    "one_number",
    "grouped",
    "all_masks",
    "additive_mask",
    "blind_heads",
    "cross",
    "given_heads",
    "quarter_scale",
    "unscaled",
    "awkward_tokens",
    "animal",
    "journey",
    "whole_numbers",
)


def pages(trace: Trace, place: Place, look: Look) -> list[tuple[str, ...]]:
    """Every page of a lesson, and the sentence above it."""
    found = [tuple(line.plain for line in sentence_lines(trace, place, look))]
    for step in range(len(trace.steps)):
        at = to_step(trace, place, step)
        found.append(lines_of(body(trace, at, look), look.width))
    return found


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", samples.each(NAMES, ("all_masks", "blind_heads", "animal")))
def test_no_page_of_a_worksheet_depends_on_what_is_left_to_the_learner(name: str) -> None:
    """A blank would have been told by a bar, an order, a sentence, a sum or a copy of it elsewhere."""
    trace = samples.trace(name)
    place = neutral_place(trace)
    for level in (ALL, *(step.id for step in computed_steps(trace))):
        if not computed_steps(trace):
            continue
        hidden = blanks(trace, place, level, heads=(place.head,)).hidden
        for look in (Look(90, hidden=hidden), Look(60, 20, language="zh", hidden=hidden)):
            shown = pages(trace, place, look)
            altered = pages(Altered(trace, hidden), place, look)
            for number, (one, other) in enumerate(zip(shown, altered, strict=True)):
                assert one == other, (level, number)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["plain", "three_heads", "animal", "all_masks"])
def test_a_single_hidden_number_is_not_on_its_page(name: str) -> None:
    """A learner who is to predict a number would have read it off the page, or off the sentence above."""
    trace = samples.trace(name)
    for step in range(len(trace.steps)):
        place = to_step(trace, start(trace, head=trace.shape.heads - 1), step)
        cell = cell_of(trace, place)
        if cell.name in ("weights", "embeddings"):
            continue
        hidden = hidden_cell(cell)
        for look in (Look(80, 18, hidden=hidden), Look(120, hidden=hidden)):
            shown = lines_of(body(trace, place, look), look.width)
            assert shown == lines_of(body(Altered(trace, hidden), place, look), look.width)
            assert any(f"[{SLOT}]" in line for line in shown), cell


def test_a_hidden_weight_leaves_its_place_in_the_table_the_bars_and_the_sentence_empty() -> None:
    """The bar would have been as long as the number, or the strip would have said it."""
    trace = samples.trace("animal")
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    look = Look(90, hidden=hidden_cell(Address("weights", place.query, 1)))
    shown = lines_of(body(trace, place, look), 90)
    (line,) = (line for line in shown if line.startswith("▸animal"))
    assert line.split() == ["▸animal", "0.60", "0.00", "1.00", f"[{SLOT}]"]
    assert any(line == "weights[it,animal]  ____" for line in shown)
    assert not any("0.26" in line for line in shown if "▸" in line)
    assert sum(SLOT in line.plain for line in sentence_lines(trace, place, look)) == 1
    assert "0.26" not in " ".join(line.plain for line in sentence_lines(trace, place, look))


def test_nothing_is_hidden_where_the_numbers_are_filled_in_after_all() -> None:
    """The key of a worksheet would have had blanks itself."""
    trace = samples.trace("animal")
    place = neutral_place(trace)
    hidden = blanks(trace, place, ALL).hidden
    for page in pages(trace, place, Look(80, hidden=hidden, revealed=True))[:-1]:
        assert not any(SLOT in line for line in page[: page.index("") if "" in page else None])


def test_what_is_opened_or_compared_hides_it_too() -> None:
    """A learner would have opened the number, or put another token beside it, and read it there."""
    trace = samples.trace("animal")
    place = to_step(trace, start(trace), trace.step("weights").number - 1)
    weight = Address("weights", place.query, 1)
    look = Look(90, 20, hidden=hidden_cell(weight))
    opened = " ".join(lines_of(opened_body(trace, place, (weight,), 0, look), 90))
    assert f"{SLOT} " in opened
    assert "0.26" not in opened.split("All queries")[0].replace("0.60", "")
    output = Address("output", place.query, 0)
    at = to_step(trace, place, trace.step("output").number - 1)
    terms = lines_of(opened_body(trace, at, (output,), 0, look), 90)
    assert not any("0.26" in line for line in terms)
    compared = " ".join(lines_of(compared_body(trace, place, (0,), look), 90))
    assert "26%" not in compared
