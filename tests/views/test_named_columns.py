"""Names of columns in tables: above the numbers, cut in little room, never at the cost of a number."""

from __future__ import annotations

import re
from dataclasses import replace

from qkvtui.operations.tensors import Address
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import body, opened_body
from tests.views.pages import lines_of

NAMED = "animal-sentence"


def shown(trace: Trace, step: str, look: Look) -> list[str]:
    """The lines of a step's page."""
    place = to_step(trace, start(trace), trace.step(step).number - 1)
    return list(lines_of(body(trace, place, look), look.width))


def heading(lines: list[str], symbol: str) -> list[str]:
    """What stands above the columns of the matrix with this symbol."""
    line = next(line for line in lines if re.match(rf"\s*{symbol} +\S", line))
    return re.split(r"\s{2,}| (?=▾)", line.strip().replace("▾", " "))[1:]


def test_headings_are_the_names_in_the_readers_language() -> None:
    """Columns were called 0 to 5, and what they are stood in a comment of the file."""
    trace = samples.trace(NAMED)
    of_x = {
        "en": ["living", "place", "state", "deed", "points b…", "small wo…"],
        "zh": ["生物", "地点", "状态", "动作", "回指", "虚词"],
    }
    for language, names in of_x.items():
        assert heading(shown(trace, "embeddings", Look(120, None, language=language)), "X") == names
    across = shown(trace, "queries", Look(140, None, language="en"))
    assert any(line.split()[:5] == ["W_Q", "▾living", "place", "state", "deed"] for line in across)
    assert any(line.strip().startswith("points back  ") for line in across)
    assert "K living" in shown(trace, "scores", Look(120, None, language="en"))[0]
    assert "V living" in shown(trace, "output", Look(120, None, language="en"))[0]


def test_names_are_cut_before_a_column_is_left_out() -> None:
    """At 60 columns half of a word's numbers were hidden, only because of long names above them."""
    trace = samples.trace(NAMED)
    for width, first in ((80, "living"), (60, "living"), (55, "livi…"), (48, "liv…")):
        names = heading(shown(trace, "embeddings", Look(width, None, language="en")), "X")
        assert (len(names), names[0]) == (6, first), width


def test_names_that_look_alike_when_they_are_cut_are_counted() -> None:
    """Two columns stood under the same heading."""
    lines = shown(samples.trace("named_across"), "values", Look(120, None, language="en"))
    assert not any(line.count("supercal…") > 1 for line in lines)
    assert any(line.split()[-3:] == ["V", "▾0", "1"] for line in lines)


def test_tokens_as_columns_have_the_names_before_their_lines() -> None:
    """For readers of Q = W X, the features went without names."""
    look = replace(Look(120, None, language="en"), tokens_as="columns")
    lines = shown(samples.trace(NAMED), "embeddings", look)
    first = [line.split("  ")[0].strip(" ▸") or line.strip().split("  ")[0] for line in lines[1:7]]
    assert [one.lstrip("▸") for one in first] == ["living", "place", "state", "deed", "points back", "small word"]


def test_an_opened_number_is_named_as_its_table_is() -> None:
    """The terms of a sum were queries[it,0] and keys[animal,0] below a table of names."""
    trace = samples.trace(NAMED)
    place = to_step(trace, start(trace), trace.step("scores").number - 1)
    for language, name in (("en", "living"), ("zh", "生物")):
        drawn = opened_body(trace, place, (Address("scores", 7, 1),), 0, Look(80, 18, language=language))
        lines = "\n".join(lines_of(drawn, 80))
        assert f"queries[it,{name}]" in lines
        assert f"keys[animal,{name}]" in lines
        opened = opened_body(trace, place, (Address("W_Q", 4, 0),), 0, Look(80, 18, language=language))
        assert name in "\n".join(lines_of(opened, 80))
