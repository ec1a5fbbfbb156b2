"""The table of many words that may come next: where one stands in it, how it is told, and how one comes to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qkvtui.errors import UsageError
from qkvtui.trace.addresses import format_address, parse_address
from qkvtui.trace.terms import opened
from qkvtui.trace.why import why
from qkvtui.tui.actions import acted
from qkvtui.tui.moves import gone_to
from qkvtui.tui.state import LessonState, lesson_of, state_of
from qkvtui.views.look import Look
from tests.cli.program import printed

_COUNT = 90
_WORDS = tuple(f"word{index}" for index in range(_COUNT))
_PARAMETERS = ("W_Q", "W_K", "W_V", "W_O")


def _file(folder: Path, width: int) -> str:
    rng = np.random.default_rng(3)

    def numbers(*shape: int) -> Any:
        return rng.normal(size=shape).round(2).tolist()

    block: Mapping[str, Any] = {"parameters": {name: numbers(width, width) for name in _PARAMETERS}}
    structure = {
        "format": 1,
        "title": "many words",
        "tokens": ["word5", "word7", "word8"],
        "query": 2,
        "vocabulary": {"tokens": _WORDS, "E": numbers(_COUNT, width)},
        "blocks": [{**block, "norm": "none"}, {**block, "norm": "none"}],
        "readout": {"tied": True},
    }
    path = folder / "many.json"
    path.write_text(json.dumps(structure))
    return str(path)


def _opened(folder: Path, language: str = "en", *, width: int = 4) -> LessonState:
    return state_of(lesson_of(_file(folder, width)), Look(80, language=language))


def _top(state: LessonState, step: str = "probabilities") -> int:
    last = state.history.trace.at_layer(1)
    return int(np.argmax(last.row(step, state.place.query)))


@pytest.mark.parametrize("step", ["logits", "probabilities"])
@pytest.mark.parametrize("by", ["g", "end", "arrow"])
def test_one_comes_to_the_top_word(tmp_path: Path, step: str, by: str) -> None:
    """`g logits` stood on the first word of the table, with no probable one in sight."""
    state = _opened(tmp_path)
    if by == "g":
        state = gone_to(state, step)
    else:
        state = state.in_layer(1)
        state = acted(state, "last_step")
        while state.cell.name != step:
            state = acted(state, "previous_step")
    assert (state.layer, state.cell.name, state.cell.column) == (1, step, _top(state, step))


def test_a_word_that_was_chosen_stays(tmp_path: Path) -> None:
    """From step to step, or where another token asks, the chosen word was lost."""
    state = gone_to(_opened(tmp_path), "logits[word8,word1]")
    state = acted(state, "next_step_right")
    assert (state.cell.name, state.cell.column) == ("probabilities", 1)
    assert acted(state, "line_up").cell.column == 1


def test_after_a_word_is_appended_one_stands_on_the_top_word(tmp_path: Path) -> None:
    """One stood on the word that had been looked at before, with a probability of 0.00."""
    state = gone_to(_opened(tmp_path), "probabilities[word8,word1]")
    state = acted(state, "append")
    assert state.place.query == 3
    assert state.cell.column == _top(state)


@pytest.mark.parametrize(("language", "ranked"), [("en", "largest first"), ("zh", "从大到小")])
@pytest.mark.parametrize("step", ["logits", "probabilities"])
def test_that_the_words_are_ranked_is_said(tmp_path: Path, language: str, ranked: str, step: str) -> None:
    """Columns stood by size without a word, and the text listed them by their number."""
    path = _file(tmp_path, 4)
    told = printed(path, "--step", step, "--lang", language)
    assert ranked in told.replace("\n", " ")
    assert _WORDS[_top(_opened(tmp_path), step)] in told


@pytest.mark.parametrize("name", ["logit", "probabilitys"])
def test_a_misspelt_step_of_the_last_layer_is_found_from_another(tmp_path: Path, name: str) -> None:
    """It was said which steps layer 0 has, and that there is a next word at all remained unknown."""
    with pytest.raises(UsageError, match=r"did you mean '(logits|probabilities)' \(layer 1\)"):
        gone_to(_opened(tmp_path), name)


def test_what_there_is_names_the_steps_of_the_last_layer_too(tmp_path: Path) -> None:
    """They were left out."""
    with pytest.raises(UsageError, match=r"there are .*logits, probabilities"):
        gone_to(_opened(tmp_path), "zzzz")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_end_says_how_to_come_to_the_last_layer(tmp_path: Path, language: str) -> None:
    """In layer 0 of 30 it said that this is the last step."""
    state = acted(acted(_opened(tmp_path, language), "last_step"), "last_step")
    assert "g logits" in state.notice
    assert ")" in state.notice
    last = acted(acted(state.in_layer(1), "last_step"), "last_step")
    assert last.notice == last.look.texts.screen["at_last_step"]


@pytest.mark.parametrize("step", ["logits[word8,word1]", "word_sum[word8]", "word_max[word8]"])
def test_a_long_sum_is_opened_at_its_largest_term(tmp_path: Path, step: str) -> None:
    """The equation showed the largest terms, and Enter went on into the first one by its number."""
    state = _opened(tmp_path, width=20).in_layer(1)
    state = state.opened(parse_address(state.trace, step))
    groups = opened(state.trace, state.trail.cells[-1]).groups
    products = groups.products(state.trace)
    chosen, _ = groups.place_of(state.trail.chosen)
    assert products[chosen] == (products.max() if "max" in step else products[np.abs(products).argmax()])
    assert chosen == 0 or not np.isclose(products[chosen], products[0])


def test_a_short_sum_is_opened_at_its_first_term(tmp_path: Path) -> None:
    """In a product of four by four the cursor jumped about, and so did the finger that follows it."""
    state = gone_to(_opened(tmp_path), "logits[word8,word1]")
    assert acted(state, "open_cell").trail.chosen == 0


def test_the_shared_table_has_one_name_in_every_layer(tmp_path: Path) -> None:
    """It was called E@1 where the last layer reads the next word, as if each layer had its own."""
    trace = _opened(tmp_path).history.trace
    for layer in (0, 1):
        there = trace.at_layer(layer)
        cell = parse_address(there, "E[word1,2]")
        assert format_address(there, cell) == "E[word1,2]"
        assert there.value(cell) == trace.at_layer(0).value(parse_address(trace, "E@0[word1,2]"))
    assert "E[word1,2]" in str(why(trace.at_layer(1), parse_address(trace.at_layer(1), "logits[word8,word1]")))
