"""Every bundled example, walked from start to end in the application at the sizes that terminals have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.strip import Strip

from qkvtui.files.find import bundled_names, lesson_after
from qkvtui.files.read import load
from qkvtui.narration.formats import cell_format, operand_format, step_format
from qkvtui.operations.operation import Drawing as Kind
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import format_address, value_at
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, start, step_at, to_head, to_query, to_step
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.drawing import DrawnWidget
from qkvtui.tui.lesson import LessonScreen
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.trace.behind import BEHIND

from .driving import lesson_screen_of, lines_of, opened, play, settle, with_nothing_asked

SIZES = ((80, 24), (60, 20), (120, 40))
Cell = tuple[str, int, int, int]
CUT = re.compile(r"\d(…|\.\.\.)|(…|\.\.\.)[\d.-]")


@dataclass(frozen=True)
class Shown:
    """A number on the screen: what a click there means, its line, and its text."""

    cell: Cell
    y: int
    text: str


def shown_numbers(strips: Iterable[Strip]) -> Iterator[Shown]:
    """Every number that can be clicked."""
    for y, strip in enumerate(strips):
        for segment in strip:
            meta = {} if segment.style is None else segment.style.meta
            if "cell" in meta:
                yield Shown(meta["cell"], y, segment.text)


def strips_of(app: QkvtuiApp) -> list[Strip]:
    body = app.screen.query_one("#body", DrawnWidget)
    return [body.render_line(y) for y in range(body.size.height)]


def check_page(app: QkvtuiApp, size: tuple[int, int]) -> None:
    """The page one is at: numbers whole and where they belong, the current one worked out below, words to read."""
    screen = lesson_screen_of(app)
    trace, place, look = screen.state.trace, screen.state.place, app.look
    lines, shown = lines_of(app, "body"), list(shown_numbers(strips_of(app)))
    here = (trace.example.name, size, step_at(trace, place).id, place.query, place.head, look.tokens_as, lines)
    if step_at(trace, place).type.kind is Kind.TOLD:
        assert any(lines), here
        assert not any(cell_len(line) > size[0] for line in lines), here
        check_frame(app, size, here)
        return
    assert shown, here
    maps = step_at(trace, place).type.kind is Kind.CONCATENATION  # below the numbers, of all heads, a digit each
    shown = [one for one in shown if not (maps and one.cell[0] == "weights")]
    for one in shown:
        assert one.text.strip(" []") == whole_number(trace, one.cell, look, here[2]) or is_hidden(trace, one, look), (
            one,
            here,
        )
    check_no_hole(shown, here)
    at = cell_of(trace, place)
    worked = [y for y, line in enumerate(lines) if line.startswith(format_address(trace, at, look.language))]
    assert worked, here
    drawing, below = lines[: worked[0]], lines[worked[0] + 1 :]
    marked = f"[{whole_number(trace, (at.name, at.row, at.column, at.head), look, here[2])}]"
    assert sum(marked in line for line in drawing) == 1, here
    assert not any(CUT.search(line) for line in drawing), here
    assert any(below) or any(lines_of(app, "side")), here
    check_frame(app, size, here)


def whole_number(trace: Trace, cell: Cell, look: Look, step_id: str) -> str:
    """The number of a cell, written out as finely as the numbers of the step are."""
    at = Address(*cell)
    fine = step_id in ("d_scaled", "d_scores") and at.name == "weights"
    written = operand_format(trace, at, look.digits, step_id) if fine else cell_format(trace, at, look.digits)
    return look.signs(written.text(value_at(trace, at)))


def is_hidden(trace: Trace, shown: Shown, look: Look) -> bool:
    """A gradient, or a change, too small for its table's decimals is seen when one looks at that very number."""
    at, written = Address(*shown.cell), shown.text.strip()
    if not trace.is_gradient(at.name) or (at.name != "update" and written.strip("-0.")):
        return False
    return written == look.signs(step_format(trace, at.name, at.head, look.digits).text(value_at(trace, at)))


def check_no_hole(shown: list[Shown], here: object) -> None:
    """Every row of a matrix has each of its columns. Beside the listing of one query stands the matrix of all."""
    by_matrix: dict[str, set[Cell]] = defaultdict(set)
    for one in shown:
        by_matrix[one.cell[0]].add(one.cell)
    for name, cells in by_matrix.items():
        rows, columns = ({cell[axis] for cell in cells} for axis in (1, 2))
        if name not in ("weights", *BEHIND):
            assert len(cells) == len(rows) * len(columns), (name, here)


def check_frame(app: QkvtuiApp, size: tuple[int, int], here: object) -> None:
    """Heading, sentence and footer are whole too."""
    screen = lesson_screen_of(app)
    heading = lines_of(app, "heading")
    formula = app.look.formula(step_at(screen.state.trace, screen.state.place))
    assert heading[1].endswith(formula), (here, heading)
    for part in ("heading", "sentence", "body", "footer"):
        assert all(cell_len(line) <= size[0] for line in lines_of(app, part)), (here, part)
    sentence = " ".join(lines_of(app, "sentence"))
    assert sentence.count("▸") + sentence.count(">") >= 1, (here, sentence)
    assert not CUT.search(lines_of(app, "sentence")[1]), (here, sentence)


def places(trace: Trace, *, every: bool) -> Iterator[Place]:
    """Every step of the file's own query; with `every`, also of the first and last token, and of each head."""
    asking = {trace.example.query, 0, trace.shape.queries - 1} if every else {trace.example.query}
    heads = range(trace.shape.heads) if every else (trace.shape.heads - 1,)
    for query in sorted(asking):
        for head in heads:
            begun = to_head(trace, to_query(trace, start(trace, query=query), query), head)
            yield from (to_step(trace, begun, index) for index in range(len(trace.walk)))


def walk(example: str, look: Look, *, every: bool = False) -> None:
    """Walk through an example at each size, past what its stops ask; the terminal is resized between."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(with_nothing_asked(screen.state))
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await settle(pilot)
            for place in places(screen.state.trace, every=every):
                screen.become(screen.state.walked(place))
                check_page(app, size)

    play(scene, lesson=lesson_of(example), size=SIZES[0], look=look)


@pytest.mark.slow
@pytest.mark.parametrize("example", bundled_names())
def test_an_example_can_be_walked_at_every_size(example: str) -> None:
    """At one of the sizes, some step showed half a number, a hole in a table, or no arithmetic below it."""
    walk(example, Look(80))


@pytest.mark.slow
@pytest.mark.parametrize("look", [Look(80, language="zh"), Look(80, ascii=True), Look(80, tokens_as="columns")])
@pytest.mark.parametrize("example", bundled_names())
def test_every_query_and_head_can_be_walked_at_every_size(example: str, look: Look) -> None:
    """Another token that asks, another head, Chinese, ASCII or tokens as columns had a page that was cut."""
    walk(example, look, every=True)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", SIZES)
def test_the_keyboard_walks_to_the_end(size: tuple[int, int]) -> None:
    """The arrow stopped before the last step, or a key on the way drew something else than the step."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen: LessonScreen = lesson_screen_of(app)
        check_page(app, size)
        for step in screen.state.trace.walk[1:]:
            await pilot.press("right")
            assert step_at(screen.state.trace, screen.state.place) == step
            check_page(app, size)
        assert screen.state.at_end
        assert app.look.texts.actions["next_lesson"] in lines_of(app, "footer")[0]
        await pilot.press("right")
        await settle(pilot)
        assert lesson_screen_of(app).state.trace.example.name == lesson_after("two-heads")
        assert [one for one in app.screen_stack if isinstance(one, LessonScreen)] == [app.screen]

    play(scene, lesson=opened("two-heads"), size=size)


def test_the_end_of_the_course_and_of_a_file_of_one_s_own_is_the_end(tmp_path: Path) -> None:
    """The arrow would have led from the last lesson to the first, or from a teacher's file into the course."""
    own = tmp_path / "animal.toml"
    document = load("animal").document
    assert document is not None
    own.write_text(document.text, encoding="utf-8")
    for example in (bundled_names()[-1], str(own)):

        async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
            screen = lesson_screen_of(app)
            await pilot.press("end", "right")
            await settle(pilot)
            assert lesson_screen_of(app) is screen
            assert screen.state.notice == app.look.texts.screen["at_last_step"]

        play(scene, lesson=lesson_of(example))


def test_nothing_is_computed_where_a_lesson_is_only_told() -> None:
    """Enter or `t` at the last step would have opened, or hidden, a number that is not on the screen."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(with_nothing_asked(screen.state))
        for key in ("enter", "t"):
            await pilot.press("end", key)
            assert screen.state.notice == app.look.texts.screen["nothing_computed"]
            assert not screen.state.trail.cells
            assert not screen.state.predictions.hidden

    play(scene)
