"""All heads side by side, a digit for each query and key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from qkvtui.pages.head_maps import _map
from qkvtui.pages.head_maps import head_maps as maps_of
from qkvtui.pages.lines import Line
from qkvtui.pages.scene import Scene
from qkvtui.pages.tables import Lines
from qkvtui.trace.blanks import blanks
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, start, to_step
from qkvtui.views.blocks import as_table, block_of
from qkvtui.views.look import Look
from qkvtui.views.palette import DARK
from tests import samples
from tests.views.drawings import body
from tests.views.pages import lines_of, widest

SEVERAL = [name for name in samples.LESSONS if samples.trace(name).shape.heads > 1]
NAMES = pytest.mark.parametrize("name", samples.each(SEVERAL))
BOTH_WAYS = pytest.mark.parametrize("look", [Look(4000), Look(4000, tokens_as="columns")], ids=["rows", "columns"])


def head_maps(trace: Trace, place: Place, look: Look) -> Lines | None:
    """The maps of all heads."""
    return maps_of(Scene(trace, place, look))


def digits(name: str, look: Look) -> dict[tuple[int, int, int], str]:
    """(head, query, key) → what stands there."""
    trace = samples.trace(name)
    drawn = head_maps(trace, start(trace), look)
    assert drawn is not None
    found = {}
    for line in drawn.lines:
        for piece in line.pieces:
            match piece.click:
                case ("cell", (str(step), int(query), int(key), int(head))):
                    assert step == "weights"
                    assert (head, query, key) not in found
                    found[head, query, key] = piece.text
    return found


@BOTH_WAYS
@NAMES
def test_every_head_has_a_digit_for_every_weight(name: str, look: Look) -> None:
    """A head looked as if it attended to another token, or 96% of the attention was drawn as 0."""
    trace, found = samples.trace(name), digits(name, look)
    shape = trace.shape
    assert len(found) == shape.heads * shape.queries * shape.keys
    for (head, query, key), digit in found.items():
        weight = float(trace.row("weights", query, head)[key])
        if np.isneginf(trace.mask_row(query)[key]):
            assert digit == "·"
        else:
            assert int(digit) == min(9, int(weight * 10 + 1e-9))


@NAMES
def test_each_map_is_numbered_and_says_whom_the_query_looks_at(name: str) -> None:
    """Nobody could have told which of the maps is head 2."""
    trace = samples.trace(name)
    drawn = head_maps(trace, start(trace), Look(4000))
    assert drawn is not None
    top = lines_of(as_table(block_of(drawn, DARK)), 4000)[0]
    assert [f"head {head} →" in top for head in range(trace.shape.heads)] == [True] * trace.shape.heads
    assert top.count("▸") == 1


@pytest.mark.sampled(6)
@pytest.mark.parametrize("tokens_as", ["rows", "columns"])
@pytest.mark.parametrize(("width", "height"), [(40, 6), (60, 9), (80, 14), (120, 30), (80, None)])
@NAMES
def test_maps_stay_in_their_room_and_the_rest_is_counted(
    name: str, width: int, height: int | None, tokens_as: str
) -> None:
    """The maps of twelve heads ran over the end of the screen, or four of them looked like all."""
    trace = samples.trace(name)
    look = Look(width, height, tokens_as="columns" if tokens_as == "columns" else "rows")
    for head in range(trace.shape.heads):
        drawn = head_maps(trace, start(trace, head=head), look)
        if drawn is None:
            assert height is not None
            continue
        lines = lines_of(as_table(block_of(drawn, DARK)), 4000)
        assert widest(lines) <= width
        assert height is None or len(lines) <= height
        titles = sum(line.count(" → ") for line in lines)
        assert any(f"▸head {head} " in line for line in lines)
        assert titles == trace.shape.heads or f"+{trace.shape.heads - titles} heads" in lines[-1]


def heads_page(trace: Trace, look: Look) -> str:
    place = to_step(trace, start(trace), trace.step("heads").number - 1)
    return "\n".join(lines_of(body(trace, place, look), look.width))


def test_the_page_of_the_heads_has_the_maps_where_there_is_room() -> None:
    """`qkvtui print two-heads` told of the heads one after the other only."""
    trace = samples.trace("three_heads")
    assert "All heads at once" in heads_page(trace, Look(80))
    assert "All heads at once" in heads_page(trace, Look(80, 30))
    assert "attention in tenths" in heads_page(trace, Look(120, 20))
    assert "attention in tenths" not in heads_page(trace, Look(80, 12))
    assert "All heads at once" not in heads_page(trace, Look(80, 12))
    assert "Column = who asks" in heads_page(trace, Look(80, tokens_as="columns")).replace("\n", " ")


def test_maps_do_not_tell_what_is_hidden() -> None:
    """A worksheet's blanks could have been read off the maps."""
    trace = samples.trace("three_heads")
    place = start(trace)
    hidden = blanks(trace, place, "weights").hidden
    assert head_maps(trace, place, replace(Look(80), hidden=hidden)) is None


def test_one_head_or_hundreds_of_tokens_have_no_maps() -> None:
    """A map of one head repeats the matrix above it; one of a thousand tokens is a carpet."""
    assert head_maps(samples.trace("plain"), Place(), Look(80)) is None
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=(2, 70, 2)) for name in "QKV"}
    many = samples.of("many", tuple(f"t{index}" for index in range(70)), arrays, {}, heads=2, kv_heads=2)
    assert head_maps(Trace(many), Place(), Look(80)) is None


def test_first_characters_of_any_script_stand_above_their_digits() -> None:
    """Above a Chinese sentence's map, each character stood two columns to the right of its digit."""
    rng = np.random.default_rng(1)
    tokens = ("小红", "it", "🙂", "שלום")
    arrays = {name: rng.normal(size=(2, 4, 2)) for name in "QKV"}
    trace = Trace(samples.of("scripts", tokens, arrays, {}, heads=2, kv_heads=2))
    drawn = head_maps(trace, Place(), Look(80))
    assert drawn is not None
    header, *lines = (line.text for line in drawn.lines[1:6])
    assert header.split() == ["小", "i", "🙂", "ש"] * 2
    assert {cell_len(line) for line in lines} == {cell_len(header)}


def test_of_thousands_of_heads_those_around_the_current_one_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each keyboard key at the weights of a file with 4,000 heads took seconds: all were drawn, and few were seen."""
    trace = samples.trace(SEVERAL[0])
    monkeypatch.setattr("qkvtui.pages.head_maps._MOST", 1)
    drawn: list[int] = []

    def noted(scene: Scene, head: int) -> list[Line]:
        drawn.append(head)
        return _map(scene, head)

    monkeypatch.setattr("qkvtui.pages.head_maps._map", noted)
    last = replace(start(trace), head=trace.shape.heads - 1)
    alone = head_maps(trace, last, Look(4000))
    assert alone is not None
    assert drawn == [last.head]
    assert Look(4000).word("more_heads", count=trace.shape.heads - 1) in alone.lines[-1].text
