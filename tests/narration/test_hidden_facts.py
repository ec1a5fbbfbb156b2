"""Facts that tell a hidden number are known as such."""

from __future__ import annotations

import pytest

from qkvtui.graph.learning import step_ids
from qkvtui.localized import LANGUAGES
from qkvtui.narration.conditions import CONDITIONS
from qkvtui.narration.narrate import narrate
from qkvtui.narration.sayings import SAYINGS
from qkvtui.narration.sentences import text_of
from qkvtui.narration.tells import CAN_BE_BLANK, SLOT, TELLS
from qkvtui.trace.hidden import Hidden, Part
from qkvtui.trace.walk import start, to_step
from tests import samples
from tests.trace.altered import Altered
from tests.trace.lessons import in_general


def test_only_facts_that_there_are_tell_of_steps_that_there_are() -> None:
    """A fact that was renamed would have told the number on a worksheet again."""
    assert set(TELLS) <= set(SAYINGS) | set(CONDITIONS)
    assert set(SAYINGS) & set(TELLS) >= CAN_BE_BLANK
    assert {step for steps in TELLS.values() for step in steps} <= set(step_ids())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_says_how_stays_with_a_blank_and_one_that_says_what_is_left_out(language: str) -> None:
    """A worksheet would have told the number, or would no longer have said how to find it."""
    trace = in_general(samples.trace("animal"))
    for step, blank, left_out in (("scores", True, 1), ("output", True, 0), ("weights", False, 1)):
        place = to_step(trace, start(trace), trace.step(step).number - 1)
        whole = [text_of(one) for one in narrate(trace, place, language, 2)]
        shown = [text_of(one) for one in narrate(trace, place, language, 2, frozenset((step,)))]
        filled = [text_of(one) for one in narrate(trace, place, language, 2, frozenset((step,)), revealed=True)]
        assert any(SLOT in one for one in shown) is blank
        assert len(whole) - len(shown) >= left_out
        assert [one in whole for one in filled] == [True] * len(shown)
        assert not any(SLOT in one for one in filled)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "name",
    [
        "animal",
        "named_heads",
        "animal-sentence",
        "three_heads",
        "all_masks",
        "blind_heads",
        "learn_weights",
        "learn_output",
        "learn_label",
    ],
)
def test_no_sentence_depends_on_a_number_that_is_hidden(name: str) -> None:
    """A blank would have been told in the sentence below it, or could have been worked out from a sentence."""
    trace = samples.trace(name)
    head = trace.shape.heads - 1
    for step in (step for step in trace.steps if step.id not in ("embeddings", "summary")):
        hidden = Hidden((Part(step.id, head if step.type.per_head else 0),))
        altered, names = Altered(trace, hidden), hidden.names(head)
        for index, told in enumerate(trace.steps):
            place = to_step(trace, start(trace, head=head), index)
            for language in LANGUAGES:
                shown = [text_of(one) for one in narrate(trace, place, language, 2, names)]
                assert shown == [text_of(one) for one in narrate(altered, place, language, 2, names)], (step, told.id)
