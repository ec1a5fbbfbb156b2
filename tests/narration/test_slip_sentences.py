"""Every slip has its sentence in both languages, with the cell and the numbers in it."""

from __future__ import annotations

from string import Formatter

import numpy as np
import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.narration.sentences import text_of
from qkvtui.narration.slips import SLIP_FACTS, Wrong, slip_names, slip_sentence
from qkvtui.operations.tensors import Address
from qkvtui.trace.published import OrderConflict
from qkvtui.trace.slips import SLIP_IDS, Explanation, hand
from qkvtui.trace.trace import Trace
from tests import samples
from tests.trace.slipping_examples import random_example

HAND_SLIPS = (
    hand.FEW_DECIMALS,
    hand.LAST_DIGIT,
    hand.NO_PERCENT,
    hand.WRONG_SIGN,
    hand.PRODUCT_FORGOTTEN,
    hand.PRODUCT_SIGN,
    hand.MULTIPLIED,
    hand.NOT_DIVIDED,
    hand.OTHER_CELL,
)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def wrong(number: float, cell: Address) -> Wrong:
    """A wrong number with everything that a sentence may ask for."""
    return Wrong(cell, number, 2, OrderConflict(1, 0, 1, (1.0, 0.9), (0.4, 0.45)), (0.6, 0.4))


@EACH_LANGUAGE
def test_every_slip_and_remark_has_a_sentence_and_a_name(language: str) -> None:
    """A slip was found and the program ended in a traceback for want of words."""
    texts = language_texts(language)
    assert set(texts.slips) == set(texts.slip_names) == {*SLIP_IDS, *HAND_SLIPS}
    for text in (*texts.slips.values(), *texts.slip_names.values()):
        assert fields(text) <= set(SLIP_FACTS)
    assert all("{cell}" in text for name, text in texts.slips.items() if name != "impossible-softmax")


@pytest.mark.sampled(10)
@EACH_LANGUAGE
@pytest.mark.parametrize("slip", [*SLIP_IDS, *HAND_SLIPS])
def test_a_sentence_names_the_numbers(language: str, slip: str) -> None:
    """A learner was told what went wrong, but neither where nor what it should be."""
    trace = Trace(random_example(np.random.default_rng(1), suits=["bias-forgotten", "mask-forgotten"]))
    explanation = Explanation((slip,), ("b_Q", "1", "0"), gives=0.4321)
    said = text_of(slip_sentence(trace, explanation, wrong(0.43, Address("weights", 1, 0)), language))
    assert "{" not in said
    assert said.strip() == said
    if slip == "impossible-softmax":
        assert all(number in said for number in ("1.00", "0.90", "0.40", "0.45"))
    else:
        assert "weights[q1," in said


def test_a_chinese_sentence_can_stand_behind_could_be() -> None:
    """A guess read 可能是softmax, with no space between."""
    assert all("一" <= text[0] <= "鿿" for text in language_texts("zh").slips.values())


@EACH_LANGUAGE
def test_two_slips_together_are_both_named(language: str) -> None:
    """Of two mistakes only one was told."""
    trace, texts = samples.trace("animal"), language_texts(language)
    explanation = Explanation(("no-scale", "no-exp"), gives=0.3542)
    said = text_of(slip_sentence(trace, explanation, wrong(0.35, Address("weights", 3, 1)), language))
    assert all(part in said for part in (texts.slip_names["no-scale"], texts.slip_names["no-exp"], "0.3542", "0.2565"))


@EACH_LANGUAGE
def test_other_slips_that_fit_are_told_in_a_few_words(language: str) -> None:
    """The reader took the first guess for the only one."""
    trace, texts = samples.trace("animal"), language_texts(language)
    both = [Explanation(("no-scale",)), Explanation(("softmax-over-columns",))]
    said = text_of(slip_names(trace, both, wrong(0.35, Address("weights", 3, 1)), language))
    assert said.startswith(texts.slip_names["no-scale"])
    assert said.endswith(texts.slip_names["softmax-over-columns"])
