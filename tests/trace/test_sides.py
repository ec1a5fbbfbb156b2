"""Walking through an encoder and a decoder: each layer has the words that it reads, and those that it looks at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qkvtui.command_line import LessonOptions
from qkvtui.files.patches import misfit
from qkvtui.graph.example import OtherRun
from qkvtui.lesson_asked import lesson_at
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.appending import appended, next_word
from qkvtui.trace.lesson import layers_of
from qkvtui.trace.patch_tables import patch_table
from qkvtui.trace.reordering import swapped
from qkvtui.trace.through import backward, onward
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, keep_place
from qkvtui.trace.watched import watched
from qkvtui.trace.why import why
from tests.translators import ENCODED, FIRST_CROSS, LAST, SOURCE, TARGET, WORDS, translated, translator

OWN, CROSS = (1, 3), (2, 4)


def test_each_layer_has_the_words_that_it_reads_and_those_that_it_looks_at() -> None:
    """The decoder's layers would have asked with the words that were read, or looked at their own only."""
    trace = translated()
    assert trace.example.tokens == trace.example.keys == SOURCE
    for layer in OWN:
        there = trace.at_layer(layer).example
        assert (there.tokens, there.keys, there.context) == (TARGET, TARGET, None)
    for layer in CROSS:
        there = trace.at_layer(layer).example
        assert (there.tokens, there.keys, there.context) == (TARGET, SOURCE, SOURCE)
    assert trace.at_layer(LAST).at_layer(ENCODED).example.tokens == SOURCE


def test_keys_are_made_of_what_the_encoder_leaves_normed() -> None:
    """They would have been made of the layer's own words, or of rows that nobody normed."""
    trace = translated()
    encoded = trace.matrix("normed_left")
    for layer in CROSS:
        there = trace.at_layer(layer)
        keys = encoded @ there.example.parameters["W_K"]
        assert (there.matrix("encoded") == encoded).all()
        assert np.allclose(np.hstack([there.matrix("keys", head) for head in (0, 1)]), keys, rtol=0, atol=1e-12)
        assert there.matrix("weights").shape == (len(TARGET), len(SOURCE))
    told = why(trace, parse_address(trace, f"encoded@{FIRST_CROSS}[cat,1]"), depth=1)
    assert [(one.address, one.value) for one in told.terms] == [(f"normed_left@{ENCODED}[cat,1]", encoded[1, 1])]


def test_a_decoders_word_sees_none_behind_it_and_an_encoders_sees_all() -> None:
    """What is written would have looked at words that are not written yet."""
    trace = translated()
    assert trace.matrix("weights")[0].min() > 0
    for layer in OWN:
        assert trace.at_layer(layer).matrix("weights")[0].tolist() == [1.0, 0.0]


def test_the_walk_leads_from_the_encoder_to_the_decoder_and_back() -> None:
    """→ at the end of a layer led past its last step, or nowhere."""
    trace = translated()
    end = trace.step("normed_left").number - 1
    assert trace.walk[-1].id == "normed_left"
    assert onward(trace, end) == (1, 0)
    assert onward(trace, trace.step("left").number - 1) is None
    assert backward(trace.at_layer(1), 0) == (0, end)
    below = trace.at_layer(1)
    assert onward(below, below.step("left").number - 1) == (2, 0)
    assert backward(trace.at_layer(2), 0) == (1, below.step("left").number - 1)


def test_in_another_layer_one_stands_at_a_word_that_is_there() -> None:
    """A place of the sentence that was read is none of the one that is written: the screen broke down."""
    trace = translated(target=("<s>", "die", "Katze", "saß"))
    place = Place(step=trace.step("weights").number - 1, query=1, key=0, head=1)
    there = keep_place(trace, trace.at_layer(1), place)
    assert (there.query, there.head) == (3, 1)
    cross = trace.at_layer(FIRST_CROSS)
    looked = keep_place(trace.at_layer(1), cross, replace(there, query=2, key=3))
    assert looked.query == 2
    assert looked.key == int(np.argmax(cross.row("weights", 2, 1)))
    assert keep_place(cross, trace, looked).query == len(SOURCE) - 1
    assert keep_place(cross, trace.at_layer(LAST), replace(looked, key=1)).key == 1


def test_the_lesson_at_every_layer_has_a_query_of_that_layer() -> None:
    """print of an encoder-decoder's layers ended in a traceback where the target is shorter than the source."""
    lesson = lesson_at(translated(), "translator", LessonOptions())
    found = [(one.trace.example.layer, one.place.query) for one in layers_of(lesson)]
    assert found == [(0, 2), (1, 1), (2, 1), (3, 1), (4, 1)]


@pytest.mark.parametrize(
    ("query", "to", "layer"),
    [("cat", None, 0), ("die", None, 1), ("cat", "the", 0), ("die", "<s>", 1), ("die", "cat", 2), (None, "die", 1)],
)
def test_the_tokens_that_are_named_tell_the_layer(query: str | None, to: str | None, layer: int) -> None:
    """--query of a word that is written was refused, since the first layer does not read it."""
    options = LessonOptions()
    options.query, options.to = query, to
    lesson = lesson_at(translated(), "translator", options)
    example = lesson.trace.example
    assert example.layer == layer
    assert query is None or example.tokens[lesson.place.query] == query
    assert to is None or example.keys[lesson.place.key] == to


def test_the_next_word_is_appended_to_what_the_decoder_wrote() -> None:
    """It would have been appended to the sentence that is read, and every number would have changed."""
    trace = translated()
    last = trace.at_layer(LAST)
    word = WORDS[int(np.argmax(last.row("probabilities", 1)))]
    assert next_word(trace) == next_word(last) == word
    for layer in (0, 1, FIRST_CROSS, LAST):
        longer = appended(trace.at_layer(layer))
        assert longer.example.layer == layer
        assert longer.at_layer(0).example.tokens == SOURCE
        assert longer.at_layer(LAST).example.tokens == (*TARGET, word)
        assert np.allclose(longer.at_layer(LAST).matrix("left")[:2], last.matrix("left"), rtol=0, atol=1e-12)
    assert appended(appended(trace)).at_layer(1).shape.queries == 4


def test_words_of_one_side_are_swapped_and_those_of_the_other_stay() -> None:
    """Swapping two words that are read mixed up those that are written, or ended in a traceback."""
    trace = translated()
    moved = swapped(trace, 0, 1)
    assert moved.at_layer(0).example.tokens == ("cat", "the", "sat")
    assert moved.at_layer(LAST).example.tokens == TARGET
    assert moved.at_layer(LAST).example.keys == ("cat", "the", "sat")
    assert moved.compared_to is trace
    assert (moved.at_layer(LAST).order, moved.at_layer(LAST).compared_to) == (None, None)
    there = swapped(trace.at_layer(FIRST_CROSS), 0, 1)
    assert there.example.tokens == ("die", "<s>")
    assert there.at_layer(0).example.tokens == SOURCE
    assert np.allclose(there.at_layer(0).matrix("left"), trace.matrix("left"))


def test_the_table_of_patches_has_a_line_for_each_layer_with_its_own_words() -> None:
    """patch of an encoder-decoder asked for rows that the other side does not have."""
    trace, run = translated(), OtherRun(translator(("the", "cat", "saß")), "another")
    table = patch_table(trace, run, watched(trace, run, f"logits@{LAST}[die,sat]"))
    assert [len(one) for one in table.rows] == [3, 2, 2, 2, 2]
    assert table.sides == (range(1), range(1, 5))
    assert table.both_tokens(0) == ("the", "cat", "sat → saß")
    assert table.both_tokens(4) == TARGET
    assert table.rows[0][2] == pytest.approx(table.other)
    assert table.rows[1].tolist() == pytest.approx([table.own] * 2)  # the same is written in both
    assert [table.asks_in(layer) for layer in range(5)] == [None, 1, 1, 1, 1]
    assert [len(one) for one in table.heads] == [2] * 5


def test_a_run_with_another_number_of_written_words_does_not_fit() -> None:
    """Its rows would have been put in, or have been missed, without a word."""
    assert misfit(translator(), translator(target=("<s>",))) == ("tokens", 2, 1)
    assert misfit(translator(), translator(target=("<s>", "Katze"))) is None


def test_the_same_model_with_another_target_is_another_example() -> None:
    """What was written on would have been taken for what was read from the file."""
    from qkvtui.files.same import same_example

    example = Trace(translator()).example
    assert same_example(example, Trace(translator()).example)
    assert not same_example(example, appended(Trace(example)).at_layer(0).example)
