"""What a lesson with several layers says itself: of which layer its numbers are, and what is kept in its file."""

from __future__ import annotations

import pytest

from qkvtui.files.read import parse_example
from qkvtui.files.write import composed
from qkvtui.narration.own import own_sentence
from qkvtui.trace.addresses import parse_address
from qkvtui.trace.changes import set_causal, set_number
from qkvtui.trace.told import check_texts
from qkvtui.trace.trace import Trace

LESSON = """format = 1
title = "two"
about = "{left[b,0]} {masked@1[b,a]} {probabilities@1[b,a]} {left@0[b]} {left@1[b]}"
tokens = ["a", "b"]
query = "b"
[vocabulary]
tokens = ["a", "b"]
E = [[1, 0], [0, 1]] # words
[[blocks]]
[blocks.parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[[blocks]]
[blocks.parameters]
W_Q = [[3, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[blocks.attention]
causal = true
[readout]
tied = true
[says]
"masked@1" = "{masked@1[b,a]}"
"""


@pytest.mark.parametrize("layer", [0, 1])
def test_numbers_in_a_text_are_the_same_at_every_layer(layer: int) -> None:
    """A traceback, or rows of another layer than the address says."""
    trace = Trace(parse_example(LESSON))
    check_texts(trace)
    about = trace.example.about
    assert about is not None
    said = "".join(span.text for span in own_sentence(about.in_language("en"), trace.at_layer(layer), 2))
    below, above = trace.at_layer(0), trace.at_layer(1)
    numbers = (
        below.row("left", 1)[0],
        above.row("masked", 1)[0],
        above.row("probabilities", 1)[0],
        *below.row("left", 1),
        *above.row("left", 1),
    )
    assert said == "{:.2f} {:.2f} {:.2f} [{:.2f}, {:.2f}] [{:.2f}, {:.2f}]".format(*numbers)


def test_what_is_said_of_a_step_of_one_layer_stays_when_the_file_is_written() -> None:
    """Sentences about the mask of layer 1 were dropped, with all comments, since layer 0 has no mask."""
    example = parse_example(LESSON)
    trace = Trace(example).at_layer(1)
    written = composed(example, set_number(trace, parse_address(trace, "W_Q@1[0,0]"), 5.0).example, "toml", None).text
    assert written == LESSON.replace("[[3, 0]", "[[5.0, 0]")
    without = composed(example, set_causal(trace, causal=False).example, "toml", None).text
    assert list(parse_example(without).says) == []
    check_texts(Trace(parse_example(without)))
