"""`print --format svg`: well-formed, text as text, and nothing from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.operations.tensors import Address
from qkvtui.pages.lines import cell_len
from qkvtui.report.svg_lines import CELL
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from tests import samples
from tests.cli.program import run
from tests.report.formatting import shown_numbers, written

SVG = "{http://www.w3.org/2000/svg}"
EACH = pytest.mark.parametrize("name", samples.each(samples.LESSONS, ("animal", "xiaohong", "awkward_tokens", "cross")))


def texts(root: Element) -> Iterator[Element]:
    return root.iter(f"{SVG}text")


def row_of(trace: Trace, step: str) -> list[str]:
    """The query's row of a step, as it is printed."""
    shown, columns = shown_numbers(trace), trace.step(step).shape[1]
    head = start(trace).head if trace.per_head(step) else 0
    return [shown[Address(step, trace.example.query, column, head)] for column in range(columns)]


@EACH
def test_it_is_well_formed_and_has_the_numbers_of_its_step(name: str) -> None:
    """A figure in a paper had other numbers than the paper."""
    for language in LANGUAGES:
        root = ElementTree.fromstring(written(name, "svg", language, steps=("weights",)))
        assert root.tag == f"{SVG}svg"
        found = [number.strip("[]") for one in texts(root) for number in (one.text or "").split()]
        assert set(row_of(samples.trace(name), "weights")) <= set(found)


@EACH
def test_a_text_is_as_wide_as_its_place_whatever_the_font_is(name: str) -> None:
    """Chinese tokens ran into the numbers beside them."""
    root = ElementTree.fromstring(written(name, "svg", steps=("scores",)))
    width = float(root.get("width", "0"))
    for one in texts(root):
        long = cell_len(one.text or "") * CELL
        assert float(one.get("textLength", "0")) == pytest.approx(long, abs=0.1)
        assert float(one.get("x", "0")) + long <= width


@pytest.mark.parametrize(
    "more", [{"picture": "flow"}, {"picture": "matrix"}, {"picture": "arrows"}, {"steps": ("scores",)}]
)
def test_a_voice_has_something_to_say_and_no_font_is_fetched(more: dict[str, Any]) -> None:
    """A blind reader heard “image”, and a figure on a slide asked a server for its letters."""
    text = written("animal", "svg", **more)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert (root[0].tag, root[1].tag) == (f"{SVG}title", f"{SVG}desc")
    assert root[0].text == "What does 'it' refer to?"
    assert len((root[1].text or "").split()) > 20
    assert not re.search(r"[█▌░│─├\u2800-\u28ff]", root[1].text or "")
    assert not re.search(r"@font-face|url\(|href|<script|<image", text)
    assert root.get("viewBox", "").split()[2:] == [root.get("width"), root.get("height")]


def test_lines_blocks_and_dots_are_drawn() -> None:
    """A box was in pieces where the font's lines do not meet."""
    flow, arrows = (written("animal", "svg", picture=picture) for picture in ("flow", "arrows"))
    assert flow.count("<path") > 20
    assert arrows.count("<circle") > 50
    for drawn in (flow, arrows):
        assert not re.search(r"[│─├┬┴┘┐\u2801-\u28ff]", drawn.partition("</desc>")[2])


def test_tokens_are_text() -> None:
    """A token with a < made a file that no program opens."""
    root = ElementTree.fromstring(written("awkward_tokens", "svg", steps=("weights",)))
    assert {"[/red]", "小红", "שלום", "[bold]"} <= {(one.text or "").strip("▸▾") for one in texts(root)}


def test_a_whole_lesson_is_no_figure() -> None:
    """Eleven steps came as one picture of four metres."""
    ended = run("print", "animal", "--format", "svg", "--lang", "en")
    assert ended.status == 2
    assert "--step scores" in ended.messages
