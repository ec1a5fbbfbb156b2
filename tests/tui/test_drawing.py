"""A drawing repaints what differs and nothing else; what it sends gives the screen that Textual's own way gives."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from qkvtui.tui import lean as lean_module
from qkvtui.tui.drawing import DrawnWidget, changed_spans, character_start
from qkvtui.tui.lean import lean

from .driving import driven

WIDTH = 24
STYLES = [
    Style(),
    Style(bold=True),
    Style(color="red"),
    Style(reverse=True),
    Style(bold=True, meta={"cell": 1}),
    Style(meta={"cell": 2}),
]


class Page(App[None]):
    """Shows one drawing of lines that a test changes; notes what is repainted."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.lines = [Text(line) for line in lines]
        self.repainted: list[Region] = []

    def compose(self) -> ComposeResult:
        yield DrawnWidget(self._draw)

    def _draw(self, width: int, height: int) -> RenderableType:
        return Text("\n").join(self.lines)

    def changed(self, *lines: str | Text) -> list[tuple[int, int, int]]:
        """Change the lines; (line, first column, column after the last) of every part that is painted again."""
        drawing, regions = self.query_one(DrawnWidget), list[Region]()
        refresh = drawing.refresh
        self.lines = [Text(line) if isinstance(line, str) else line for line in lines]

        def noted(*painted: Region, **how: Any) -> DrawnWidget:
            regions.extend(painted or [drawing.size.region])
            refresh(*painted, **how)
            return drawing

        drawing.refresh = noted  # type: ignore[method-assign]
        drawing.redraw()
        drawing.refresh = refresh  # type: ignore[method-assign]
        return [(region.y, region.x, region.right) for region in regions]


def repainted(before: list[str], after: list[str | Text]) -> list[tuple[int, int, int]]:
    """What is repainted when a page changes."""

    async def run() -> list[tuple[int, int, int]]:
        page = Page(*before)
        async with driven(page, (WIDTH, len(before))) as pilot:
            page.query_one(DrawnWidget).styles.height = len(before)
            await pilot.pause()
            return page.changed(*after)

    return asyncio.run(run())


def test_an_equal_page_is_not_repainted() -> None:
    """A key that changes nothing would cost as much as one that changes all."""
    assert repainted(["one", "two"], ["one", "two"]) == []


def test_only_the_changed_part_of_a_changed_line_is_repainted() -> None:
    """One digit is one cell."""
    assert repainted(["one 1", "two 2", "three 3"], ["one 1", "two 7", "three 3"]) == [(1, 4, 5)]


def test_parts_far_apart_are_repainted_apart() -> None:
    """Two digits at both ends of a line are not the line; two that are close together are one part."""
    assert repainted(["1" + " " * 20 + "1"], ["2" + " " * 20 + "2"]) == [(0, 0, 1), (0, 21, 22)]
    assert repainted(["1   1"], ["2   2"]) == [(0, 0, 5)]


def test_another_style_is_a_change() -> None:
    """The current cell moves without a character changing."""
    after = Text("one")
    after.stylize(Style(bold=True), 1, 2)
    assert repainted(["one"], [after]) == [(0, 1, 2)]


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("a漢b", "a字b", [(1, 3)]),  # a wide character for another
        ("a漢b", "axyb", [(1, 3)]),  # two narrow ones for a wide one
        ("axyb", "a漢b", [(1, 3)]),  # and the other way round
        ("漢字", "漢x ", [(2, 4)]),
        ("x漢", "漢x", [(0, 3)]),  # the halves change places
        ("e\u0301a", "ea", [(0, 1)]),  # an accent that goes
        ("same", "same", []),
        ("", "漢", [(0, 2)]),
    ],
)
def test_wide_characters_are_never_halved(before: str, after: str, spans: list[tuple[int, int]]) -> None:
    """Half a Chinese character painted alone leaves a hole or shifts the rest of the line."""
    assert changed_spans(_strip(before), _strip(after)) == spans


def test_a_mark_that_changes_behind_others_of_other_looks_repaints_its_character() -> None:
    """A token of marks alone stood beside the last letter that they were once drawn on."""
    plain, bold = Style(), Style(bold=True)
    before, after = (
        Strip([Segment("e", plain), Segment("\u0301", bold), Segment(mark, plain), Segment("a", bold)], 2)
        for mark in ("\u0302", "\u0302\u0303")
    )
    assert changed_spans(before, after) == [(0, 1)]


def test_what_changed_out_of_sight_is_drawn_when_it_is_shown() -> None:
    """A notice that comes while a line is typed in the footer's place would never be seen."""

    async def run() -> None:
        page = Page("one")
        async with driven(page, (WIDTH, 1)) as pilot:
            drawing = page.query_one(DrawnWidget)
            drawing.styles.height = 1
            await pilot.pause()
            drawing.display = False
            await pilot.pause()
            page.changed("two")
            drawing.display = True
            await pilot.pause()
            assert drawing.render_line(0).text.startswith("two")

    asyncio.run(run())


def _strip(text: str, width: int = 8) -> Strip:
    return Strip([Segment(text, Style())]).adjust_cell_length(width, Style())


EMOJI = ("❤️", "1️⃣", "👨‍👩‍👧‍👦", "⚙️", "🇨🇳", "👍🏽", "é", "中", "a")


@given(st.lists(st.sampled_from(EMOJI), max_size=4), st.lists(st.sampled_from(EMOJI), max_size=4))
def test_lines_of_emoji_are_compared_grapheme_by_grapheme(old: list[str], new: list[str]) -> None:
    """The application ended in a traceback at the first move past a heart or a family."""
    before, after = _strip("".join(old), 16), _strip("".join(new), 16)
    spans = changed_spans(before, after)
    assert bool(spans) == (before != after)
    assert all(0 <= start < stop <= 16 for start, stop in spans)
    edges = [cell for span in spans for cell in span]
    assert all(character_start(after, edge) == edge for edge in edges)


pieces = st.tuples(st.text(alphabet="ab1 漢字é", min_size=1, max_size=6), st.sampled_from(STYLES))
lines = st.lists(pieces, max_size=6).map(
    lambda parts: Strip(Segment(text, style) for text, style in parts).adjust_cell_length(WIDTH, Style())
)


@given(st.lists(st.tuples(lines, lines), min_size=1, max_size=3), st.integers(0, WIDTH - 1))
def test_a_lean_update_gives_the_same_screen(pairs: list[tuple[Strip, Strip]], cut: int) -> None:
    """Whatever changes, in one widget or in two side by side: the screen is the new page, cell for cell."""
    spans = [
        (y, start, stop) for y, (before, after) in enumerate(pairs) for start, stop in changed_spans(before, after)
    ]
    if not spans:
        return
    cuts = sorted({0, _boundary([after for _, after in pairs], cut), WIDTH})
    chops = [
        dict(zip(cuts, after.divide(cuts[1:]), strict=False)) for _, after in pairs
    ]  # as the compositor cuts lines at the edges of widgets
    update = lean(ChopsUpdate(chops, spans, [cuts[1:] for _ in pairs]))
    assert isinstance(update, CompositorUpdate)
    console = Console(file=io.StringIO(), color_system="256", force_terminal=True, width=WIDTH)
    painted = _screen([before for before, _ in pairs], console)
    painted.feed(update.render_segments(console))
    expected = _screen([after for _, after in pairs], console)
    assert _cells(painted) == _cells(expected)


@given(lines, st.integers(0, WIDTH - 1))
@example(Strip([Segment("a中b", Style())], 4), 2)
def test_a_part_that_begins_in_the_middle_of_a_wide_character_begins_with_the_whole_of_it(
    line: Strip, start: int
) -> None:
    """Half a Chinese character was written over a whole one: a hole, and the rest of the line moved by a column."""
    update = lean(ChopsUpdate([{0: line}], [(0, start, WIDTH)], [[WIDTH]]))
    assert isinstance(update, CompositorUpdate)
    console = Console(file=io.StringIO(), color_system="256", force_terminal=True, width=WIDTH)
    painted = _screen([line], console)
    painted.feed(update.render_segments(console))
    assert _cells(painted) == _cells(_screen([line], console))


def _boundary(strips: list[Strip], cut: int) -> int:
    """A column near `cut` at which no wide character is cut in any of the strips; 0 where there is none."""
    while cut > 0 and not all(cut in _starts(strip) for strip in strips):
        cut -= 1
    return cut


def _starts(strip: Strip) -> set[int]:
    starts, at = {0}, 0
    for character in strip.text:
        at += cell_len(character)
        starts.add(at)
    return starts


class _Screen(pyte.Stream):
    def __init__(self, rows: int) -> None:
        self.screen = pyte.Screen(WIDTH, rows)
        self.screen.reset_mode(7, private=True)
        super().__init__(self.screen)


def _screen(strips: list[Strip], console: Console) -> _Screen:
    screen = _Screen(len(strips))
    for y, strip in enumerate(strips):
        screen.feed(f"\x1b[{y + 1};1H{strip.render(console)}")
    return screen


def _cells(screen: _Screen) -> list[list[Any]]:
    return [[screen.screen.buffer[y][x] for x in range(WIDTH)] for y in range(screen.screen.lines)]


def test_neighbours_that_look_the_same_are_sent_as_one() -> None:
    """Cells that differ only in what a click on them means would each carry their own escape codes."""
    marked = [Style(bold=True, meta={"cell": index}) for index in range(4)]
    strip = Strip([Segment("0.5 ", style) for style in marked], 16)
    update = lean(ChopsUpdate([{0: strip}], [(0, 0, 16)], [[16]]))
    assert isinstance(update, CompositorUpdate)
    console = Console(file=io.StringIO(), color_system="256", force_terminal=True)
    assert update.render_segments(console) == "\x1b[1;1H\x1b[1m0.5 0.5 0.5 0.5 \x1b[0m"


class Other(CompositorUpdate):
    """An update of a Textual whose inside is another one."""

    def __init__(self, **parts: object) -> None:
        vars(self).update(parts)

    def __rich__(self) -> str:
        return ""

    def render_segments(self, console: Console) -> str:
        """What Textual itself would write."""
        return "as ever"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"chops": [], "spans": []},
        {"chops": [], "spans": [(0, 0)], "chop_ends": []},
        {"chops": [], "spans": [(0, 0, 1)], "chop_ends": []},
        {"chops": [None], "spans": [(0, 0, 1)], "chop_ends": [[1]]},
        {"chops": [{0: "text"}], "spans": [(0, 0, 4)], "chop_ends": [[4]]},
    ],
)
def test_an_update_of_another_textual_is_drawn_the_ordinary_way(parts: dict[str, object]) -> None:
    """A Textual that had renamed a part would have ended the program before the first frame, or at the first key."""
    update = lean(Other(**parts))
    assert isinstance(update, CompositorUpdate)
    assert update.render_segments(Console(file=io.StringIO())) == "as ever"


def test_the_application_imports_nothing_of_textuals_compositor() -> None:
    """An import of what another Textual has not is a traceback instead of a lesson."""
    named = [file.name for file in Path(lean_module.__file__).parent.glob("*.py") if "_compositor" in file.read_text()]
    assert named == []
