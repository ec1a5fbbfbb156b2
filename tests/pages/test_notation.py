"""Notations: every sign has its other one, wherever it is drawn, and nothing else changes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from qkvtui.graph.steps import STEPS
from qkvtui.localized import LANGUAGES
from qkvtui.pages.headings import crumbs, heading_of
from qkvtui.pages.notation import NOTATIONS
from qkvtui.pages.pictures import picture_page
from qkvtui.pages.room import PageRoom
from qkvtui.pages.step_page import step_page
from qkvtui.trace.walk import start, to_step
from qkvtui.views.page import drawn
from qkvtui.views.palette import DARK
from tests import samples
from tests.cli.program import run
from tests.views.pages import lines_of

LEE = NOTATIONS["lee"]
OF_PAPER = re.compile(r"(?<![\w.^′])(?:d?(?:[QKVXSAOHP]|Q[nes]|K[ne])[′″]?ᵀ?|d?W_[QKVOSR]ᵀ?)(?![\w\[′″])", re.ASCII)
"""A sign of the paper, as it stands in a formula or a table."""
LESSONS = ("animal", "two-heads", "rotary", "alibi", "similar", "animal-learn", "it-learn", "shared-keys")
BOTH_WAYS = pytest.mark.parametrize("tokens_as", ["rows", "columns"])

COLUMNS = {
    "embeddings": "a^i",
    "queries": "q^i = W^q a^i",
    "keys": "k^i = W^k a^i",
    "values": "v^i = W^v a^i",
    "scores": "α_ij = q^i · k^j",
    "scaled": "α^s_ij = α_ij / √d_k",
    "weights": "α′_ij = softmax(α^s_ij)",
    "output": "b^i = Σ_j α′_ij v^j",
    "summary": "α′_ij",
}
ROWS = {**COLUMNS, "queries": "q^i = a^i W^q", "keys": "k^i = a^i W^k", "values": "v^i = a^i W^v"}


def formulas(name: str, room: PageRoom) -> dict[str, str]:
    """The formula of each step, as its heading has it."""
    trace = samples.trace(name)
    places = [to_step(trace, start(trace), index) for index in range(len(trace.steps))]
    return {step.id: heading_of(trace, at, room).formula for step, at in zip(trace.steps, places, strict=True)}


def test_every_sign_of_a_step_has_one_of_its_own() -> None:
    """A step would have kept the letter of the paper, which may mean another step in the lectures."""
    assert [kind.symbol for kind in STEPS if kind.symbol not in LEE.signs] == []
    assert len(set(LEE.signs.values())) == len(LEE.signs)


@pytest.mark.parametrize(("tokens_as", "expected"), [("rows", ROWS), ("columns", COLUMNS)])
def test_formulas_are_those_of_the_lectures(tokens_as: str, expected: dict[str, str]) -> None:
    """A learner of that course would have met other letters than in the lecture, or a product the wrong way round."""
    found = formulas("animal", replace(PageRoom(80, notation="lee"), tokens_as=tokens_as))  # type: ignore[arg-type]
    assert {step: found[step] for step in expected} == expected


def test_gradients_are_of_whole_matrices_and_have_no_index() -> None:
    """`dq^i = dα_ij k^j` would have lacked its sum."""
    found = formulas("animal-learn", PageRoom(80, notation="lee", tokens_as="columns"))
    assert (found["d_queries"], found["d_keys"], found["d_W_Q"]) == ("dq = k dα", "dk = q dαᵀ", "dW^q = dq aᵀ")


@pytest.mark.sampled(4)
@BOTH_WAYS
@pytest.mark.parametrize("name", LESSONS)
def test_no_sign_of_the_paper_is_left_in_formulas_and_tables(name: str, tokens_as: str) -> None:
    """The same matrix would have had one letter in the heading, and another in its table, the map or the picture."""
    trace = samples.trace(name)
    room = replace(PageRoom(200, notation="lee"), tokens_as=tokens_as)  # type: ignore[arg-type]
    for index, step in enumerate(trace.steps):
        place = to_step(trace, start(trace), index)
        page = step_page(trace, place, room)
        cells = [
            cell.text
            for part in page.tables
            for line in part.rows
            for cell in line
            if cell.text not in trace.example.keys
        ]
        shown = [crumbs(trace, place, room).text, heading_of(trace, place, room).formula, *cells]
        assert [text for text in shown if OF_PAPER.search(text.replace("K1:", ""))] == [], step.id
    flow = lines_of(drawn(picture_page("flow", trace, start(trace), room), DARK), 300)
    assert [line for line in flow if OF_PAPER.search(line.partition("  ")[0])] == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@BOTH_WAYS
def test_the_first_page_says_which_notation_it_is(language: str, tokens_as: str) -> None:
    """A reader would have taken A for the attention weights, as in the paper."""
    command = ("print", "animal", "--lang", language, "--tokens-as", tokens_as, "--width", "4000")
    told = run(*command, "--notation", "lee").output
    product = "q^i = W^q a^i" if tokens_as == "columns" else "q^i = a^i W^q"
    (note,) = (line for line in told.splitlines() if {"en": "Hung-yi Lee", "zh": "李宏毅"}[language] in line)
    assert product in note
    first, second = {"en": ("step 1 of", "step 2 of"), "zh": ("第 1/", "第 2/")}[language]
    assert told.index(first) < told.index(note) < told.index(second)
    assert run(*command, "--notation", "paper") == run(*command)


def test_addresses_numbers_and_json_stay() -> None:
    """A link to `weights[it,animal]` would have led nowhere, and a script would have lost its columns."""
    command = ("print", "animal", "--format", "json")
    assert run(*command, "--notation", "lee") == run(*command)
    text = run("print", "animal", "--notation", "lee", "--width", "200", "--lang", "en").output
    numbers = re.compile(r"(?<![\w^])-?\d+\.\d\d(?!\d)")
    assert numbers.findall(text) == numbers.findall(run("print", "animal", "--width", "200", "--lang", "en").output)
    assert "inputs.X, row 3" in text
    assert "scores[it,animal]" in text


def test_sentences_speak_of_whole_matrices_and_leave_words_and_addresses_alone() -> None:
    """ "A token" would have become "A′ token", or an address a name that `g` does not know."""
    assert LEE.sentence("A token: its row of X times W_Q.") == "A token: its row of I times W^q."
    assert LEE.sentence("W_Qᵀ 乘以 X 的一列") == "W^q 乘以 I 的一列"
    assert LEE.sentence("W_Q[0,0], X[it,0], inputs.X, d_W_Q") == "W_Q[0,0], X[it,0], inputs.X, d_W_Q"
    assert LEE.sentence("−T ÷ A") == "−T ÷ A′"


def test_ascii_has_a_word_for_the_greek_letter() -> None:
    """`--ascii` would have shown a letter that the terminal lacks."""
    found = formulas("animal", PageRoom(80, notation="lee", ascii=True))
    assert found["weights"] == "alpha'_ij = softmax(alpha^s_ij)"
    assert "".join(found.values()).isascii()
