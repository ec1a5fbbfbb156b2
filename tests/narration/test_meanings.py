"""Every number that can be opened is said to be something, in both languages."""

from __future__ import annotations

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.narration.meanings import meaning_of, tiny_number
from qkvtui.narration.sentences import text_of
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.terms import opened
from tests import samples

REMEMBERED = {"m", "v", "m_hat", "v_hat", "u", "m_share", "v_share", "total", "others"}


def behind(name: str) -> set[Address]:
    """A number of each step, and all that it is made of, down to the file."""
    trace = samples.trace(name)
    found: set[Address] = set()
    left = [Address(step.id, 0, 0) for step in trace.steps if step.id != "summary"]
    while left:
        cell = left.pop()
        if cell.name not in {one.name for one in found}:
            found.add(cell)
            below = (operand for group in opened(trace, cell).groups for operand in group)
            left.extend(operand for operand in below if operand.layer is None)
    return found


@pytest.mark.sampled(6)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", samples.each(samples.LESSONS))
def test_whatever_is_opened_is_something(name: str, language: str) -> None:
    """An opened number had nothing but addresses around it."""
    trace, texts = samples.trace(name), language_texts(language)
    for cell in behind(name):
        said = text_of(meaning_of(trace, cell, texts))
        assert said.strip() or cell.name.partition("_of")[0] in REMEMBERED or not trace.has(cell.name), cell
        assert "{" not in said


def test_a_number_is_said_with_its_own_tokens() -> None:
    """A score was the fit of two other words."""
    trace = samples.trace("animal")

    def said(address: str) -> str:
        return text_of(meaning_of(trace, parse_address(trace, address), language_texts("en")))

    assert said("scores[it,animal]") == "How well “animal”'s key fits “it”'s query."
    assert said("weights[it,tired]") == "The share of its attention that “it” gives “tired”."
    assert said("keys[street,1]") == "Number 1 of what “street” can be found by: its key."
    assert "W_Q" in said("W_Q[0,1]")


def test_a_tiny_number_is_written_out() -> None:
    """After training 6.8125e-08 stood there, and a reader who knows no exponents saw a 6."""
    said = text_of(tiny_number(6.8125e-08, "6.8125e-08", language_texts("en")))
    assert "0.00000007" in said
    assert text_of(tiny_number(1e-30, "1.00e-30", language_texts("en"))).count("< 0.000000000001") == 1
    assert not tiny_number(0.26, "0.26", language_texts("en"))
    assert not tiny_number(2e7, "2.00e+07", language_texts("en"))
