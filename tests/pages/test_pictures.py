"""The three pictures: everything can be drawn in every room, and what is drawn is what is computed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from qkvtui.files.find import bundled_names
from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from qkvtui.narration.sentences import Role
from qkvtui.pages.arrow_canvas import Arrow, canvas_lines, shadow_end
from qkvtui.pages.front import map_lines
from qkvtui.pages.page import Page
from qkvtui.pages.pictures import Picture, picture_page
from qkvtui.pages.room import PageRoom
from qkvtui.pages.tables import Beside, PageTable
from qkvtui.trace.flow import flow_of
from qkvtui.trace.hidden import Hidden, Part, hidden_cell
from qkvtui.trace.labels import step_labels
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, start, to_step
from qkvtui.views.look import Look
from qkvtui.views.page import drawn
from qkvtui.views.palette import DARK
from tests import samples
from tests.thousands import write_thousands
from tests.views.pages import lines_of

PICTURES: tuple[Picture, ...] = ("flow", "matrix", "arrows")
ROOMS = ((80, 18), (60, 12), (120, 34), (38, 5))
SOME = ("animal", "it-learn", "shared-keys", "translation", "rotary", "alammar", "minilm-tired")
NAMES = pytest.mark.parametrize("name", samples.each(sorted({*samples.LESSONS, *bundled_names()}), SOME))
EVERYWHERE = pytest.mark.parametrize("picture", PICTURES)


def at(trace: Trace, step: str) -> Place:
    return to_step(trace, start(trace), trace.step(step).number - 1)


def texts(page: Page) -> list[str]:
    """What the page shows, line by line."""
    return list(lines_of(drawn(page, DARK), 300))


def page_of(picture: Picture, name: str, step: str, **room: object) -> Page:
    trace = samples.trace(name)
    return picture_page(picture, trace, at(trace, step), replace(PageRoom(80, 18), **room))  # type: ignore[arg-type]


@pytest.mark.sampled(1)
@EVERYWHERE
@NAMES
def test_every_step_can_be_drawn_in_every_room(name: str, picture: Picture) -> None:
    """A picture ended in a traceback, ran over the edge of the terminal, or hid the line below it."""
    trace = samples.trace(name)
    for step in trace.steps:
        for width, height in ROOMS:
            for language in LANGUAGES:
                look = Look(width, height, language=language, ascii=width == 60, tokens_as="rows")
                for shown in (look, replace(look, tokens_as="columns")):
                    page = picture_page(picture, trace, to_step(trace, start(trace), step.number - 1), shown)
                    assert max(map(cell_len, texts(page))) <= width, (step.id, width, language)
                    if height >= 12:
                        assert sum(part.height for part in page.parts) <= height, (step.id, width, language)


@NAMES
def test_every_step_is_in_the_flow_once(name: str) -> None:
    """A norm of the queries, or the way back, was nowhere in the picture of the whole."""
    trace = samples.trace(name)
    flow = flow_of(trace)
    placed = [*flow.root, *(step for lane in flow.lanes for step in lane.steps), *flow.middle, *flow.after]
    assert sorted(step.number for step in (*placed, *flow.learning)) == [step.number for step in trace.steps]


@pytest.mark.sampled(1)
@NAMES
def test_the_flow_marks_where_one_is_without_colour(name: str) -> None:
    """In a terminal of one colour nobody could have told where they were."""
    trace = samples.trace(name)
    for step in trace.steps:
        for width, height in ROOMS[:3]:
            place = to_step(trace, start(trace), step.number - 1)
            shown = "\n".join(texts(picture_page("flow", trace, place, PageRoom(width, height))))
            assert f"you are here: step {step.number} of {len(trace.walk)}" in shown, (step.id, width)
            assert shown.count("▸") >= 2 or "[" in shown, (step.id, width)


def test_queries_and_keys_meet_in_the_scores_and_the_values_join_later() -> None:
    """The line `Q › K › V › S` says that queries lead to keys; the picture has to say what really meets."""
    lines = texts(page_of("flow", "animal", "scores"))
    fork = next(line for line in lines if "┬" in line)
    stems = [fork.index(sign) for sign in "├┬┐"]
    meeting, joining = (line for line in lines if "┘" in line)
    scores, output = (next(at for at, line in enumerate(lines) if sign in line) for sign in ("Q Kᵀ", "O = A V"))
    assert [at for at, sign in enumerate(meeting) if sign in "├┘│"] == stems
    assert meeting.index("┘") == stems[1]
    assert joining.index("┘") == stems[2]
    assert lines.index(meeting) == scores - 1
    assert lines.index(joining) == output - 1


@pytest.mark.parametrize(
    ("language", "roles"),
    [
        ("en", ("whom do I look at?", "who am I?", "what can I offer?")),
        ("zh", ("我要看谁", "我是谁", "我能提供什么")),
    ],
)
def test_the_flow_has_roles_and_this_examples_sizes(language: str, roles: tuple[str, ...]) -> None:
    """The question of the beginner, what Q, K and V are for, had no answer in the picture."""
    for width, height in ROOMS[:3]:
        trace = samples.trace("journey")
        room = PageRoom(width, height, language=language)
        shown = "\n".join(texts(picture_page("flow", trace, at(trace, "queries"), room)))
        assert [role for role in roles if role not in shown] == [], (width, height)
        assert [size for size in ("X 6×3", "W_Q 3×2", "[Q] 6×2", "6×6") if size not in shown] == [], (width, height)


def test_keys_and_values_of_another_sentence_begin_with_it() -> None:
    """In a translation the picture would have made keys of the sentence that asks."""
    lines = texts(page_of("flow", "translation", "scores"))
    first, fork = lines[0], lines[1]
    assert first.index("Y 4×4") == fork.index("├")
    assert fork[first.index("X 4×4")] == "│"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["it-learn", "shared-keys", "animal"])
def test_the_map_has_its_names_below_each_other_and_says_where_one_is(name: str, language: str) -> None:
    """Behind a long formula a name stood two columns further right, and "you are here" was at some steps only."""
    trace, room = samples.trace(name), PageRoom(42, 60, language=language)
    for step in range(len(trace.steps)):
        lines = [line.text for line in map_lines(trace, to_step(trace, start(trace), step), room)]
        starts = {
            cell_len(line[: line.rindex(room.texts.step_names[one.id].replace("gradient: ", "∇ "))])
            for line, one in zip(lines, trace.steps, strict=False)
        }
        assert len(starts) == 1
        assert room.texts.words["here"] in lines[-1]
        assert [line[0] == "▸" for line in lines[: len(trace.walk)]].index(True) == step


def clicks(page: Page, step: str) -> dict[tuple[int, int], str]:
    """(row, column) → what a matrix shows there."""
    found = {}
    for part in page.parts:
        for line in getattr(part.parts[0] if isinstance(part, Beside) else part, "lines", ()):
            for piece in line.pieces:
                match piece.click:
                    case ("cell", (str(name), int(row), int(column), int())) if name == step:
                        found[row, column] = piece.text
    return found


@NAMES
def test_the_matrix_shows_the_numbers_of_the_step(name: str) -> None:
    """A matrix to look at showed other numbers than the step, or a number that may not be looked at."""
    trace = samples.trace(name)
    if trace.shape.heads > 1:
        return  # the small maps beside it have numbers of the same step
    for step in ("scores", "weights", "output"):
        shown = clicks(picture_page("matrix", trace, at(trace, step), PageRoom(2000, 100)), step)
        assert len(shown) == trace.step(step).shape[0] * trace.step(step).shape[1]
        for (row, column), text in shown.items():
            value = float(trace.row(step, row)[column])
            if step == "weights" and math.isinf(trace.mask_row(row)[column]):
                assert text == "·"
            else:
                assert math.isclose(float(text), value, abs_tol=0.006, rel_tol=0.01), (step, row, column)


def test_the_triangle_of_a_mask_is_seen() -> None:
    """A causal mask was −inf here and there; its triangle was nowhere."""
    trace = samples.trace("causal")
    for step in ("masked", "weights"):
        lines = texts(picture_page("matrix", trace, at(trace, step), PageRoom(80, 18)))[1:5]
        assert [line.count("·") for line in lines] == [3, 2, 1, 0], step


def test_sixteen_tokens_of_a_real_model_have_room_in_80_columns() -> None:
    """The matrix of a real head was a window of a few columns."""
    page = page_of("matrix", "minilm-tired", "weights")
    trace = samples.trace("minilm-tired")
    shown = clicks(page, "weights")
    assert {column for _, column in shown} == set(range(16))
    for (row, column), text in shown.items():
        assert abs(float(text) - float(trace.row("weights", row)[column])) < 0.0501 if text == "1.0" else True
        assert text == "1.0" or abs(float(text) - float(trace.row("weights", row)[column])) < 0.00501


def test_of_thousands_of_tokens_a_window_is_shown_and_few_rows_are_computed(tmp_path: Path) -> None:
    """To look at the matrix of 4,096 tokens took a gigabyte, or nothing told that there is more."""
    trace = Trace(load(str(write_thousands(tmp_path, 1000))))
    place = at(trace, "weights")
    asked = []
    plain_row = trace.row

    def counted(name: str, row: int, head: int = 0) -> object:
        asked.append((name, row))
        return plain_row(name, row, head)

    trace.row = counted  # type: ignore[assignment,method-assign]
    lines = texts(picture_page("matrix", trace, place, PageRoom(80, 18)))
    assert len({row for name, row in asked if name == "weights"}) < 40
    assert lines[0].startswith("+986")
    assert "t500" in "".join(lines)


@pytest.mark.sampled(4)
@NAMES
def test_the_current_cell_of_a_matrix_is_marked_without_colour(name: str) -> None:
    """Without colours nobody saw which number the arrows move."""
    trace = samples.trace(name)
    for step in trace.steps:
        if step.type.learns or trace.shape.heads > 1:
            continue
        lines = texts(picture_page("matrix", trace, at(trace, step.id), PageRoom(120, 34)))
        marked = [line for line in lines if line.startswith("▸")]
        assert len(marked) == 1, step.id
        assert "[" in marked[0][1:], step.id


def pair(trace: Trace, query: int, key: int) -> tuple[list[float], list[float]]:
    asks, answers = trace.graph.rows["scores"].operation.sources[:2]
    return trace.row(asks, query).tolist(), trace.row(answers, key).tolist()


def table_of(page: Page) -> PageTable:
    (found,) = page.tables
    return found


@pytest.mark.parametrize("name", ["animal", "causal", "ties", "rotary", "animal-learn", "order-with-positions"])
def test_lengths_cosines_shadows_and_products_are_those_of_plain_python(name: str) -> None:
    """The shadow was not the dot product divided by the length of the query."""
    trace = samples.trace(name)
    for query in range(trace.shape.queries):
        place = replace(at(trace, "scores"), query=query)
        page = picture_page("arrows", trace, place, PageRoom(100, 40, digits=6))
        rows = table_of(page).rows[2:]
        assert len(rows) == trace.shape.keys
        for key, row in enumerate(rows):
            q, k = pair(trace, query, key)
            product = math.fsum(a * b for a, b in zip(q, k, strict=True))
            length, own = math.hypot(*k), math.hypot(*q)
            cosine, shadow = (
                (product / length / own if length and own else math.nan),
                product / own if own else math.nan,
            )
            expected = (length, cosine, shadow, product)
            for cell, value in zip(row[1:], expected, strict=True):
                assert (cell.text == "-") if math.isnan(value) else abs(float(cell.text) - value) < 1e-5, (query, key)


@pytest.mark.parametrize(
    ("query", "key", "end"),
    [((2.0, 0.0), (3.0, 4.0), (3.0, 0.0)), ((0.0, -1.0), (3.0, 4.0), (0.0, 4.0)), ((0.0, 0.0), (3.0, 4.0), (0.0, 0.0))],
)
def test_the_shadow_ends_where_a_right_angle_is(
    query: tuple[float, float], key: tuple[float, float], end: tuple[float, float]
) -> None:
    """The shadow pointed somewhere else than along the query."""
    assert shadow_end(query, key) == pytest.approx(end)


@pytest.mark.parametrize("plain", [False, True])
def test_the_longest_arrow_of_animal_is_seen_to_be_that(plain: bool) -> None:
    """That "animal" wins because it is long was nowhere to be seen."""
    page = page_of("arrows", "animal", "scores", ascii=plain)
    lines = texts(page)
    sign = "O" if plain else "●"
    assert sign in lines[0] + lines[1]
    words = " ".join(lines)
    assert "because it is the longest arrow (1.20)" in words
    rows = {row[0].text: row[1].text for row in table_of(page).rows[2:]}
    assert max(rows, key=lambda name: float(rows[name])) == "animal"


@pytest.mark.parametrize("plain", [False, True])
def test_arrows_point_where_their_numbers_say(plain: bool) -> None:
    """An arrow to the upper right was drawn to the lower left, or the plane was squeezed."""
    arrows = [Arrow("q", (4.0, 0.0), "query"), Arrow("k", (0.0, 4.0), "key"), Arrow("x", (-4.0, -4.0), "other")]
    lines = [line.text for line in canvas_lines(arrows, PageRoom(61, 21, ascii=plain))]
    places = {
        sign: (row, line.index(sign))
        for row, line in enumerate(lines)
        for sign in ("@Oo" if plain else "◆●○")
        if sign in line
    }
    query, key, other = (places[sign] for sign in ("@Oo" if plain else "◆●○"))
    origin = query[0], key[1]
    assert key[0] < origin[0] < other[0]
    assert other[1] < origin[1] < query[1]
    assert abs((query[1] - origin[1]) - 2 * (origin[0] - key[0])) <= 2  # a cell is twice as high as wide


def test_of_more_than_two_columns_those_that_matter_are_named() -> None:
    """An arrow of four numbers was drawn by its first two, which may both be 0."""
    page = page_of("arrows", "animal-sentence", "scores")
    words = " ".join(texts(page))
    trace = samples.trace("animal-sentence")
    query = trace.example.query
    parts = [
        math.fsum(
            abs(q * k)
            for q, k in (
                (pair(trace, query, key)[0][at], pair(trace, query, key)[1][at]) for key in range(trace.shape.keys)
            )
        )
        for at in range(4)
    ]
    one, other = sorted(sorted(range(4), key=lambda at: -parts[at])[:2])
    share = round(100 * (parts[one] + parts[other]) / math.fsum(parts))
    _, labels = step_labels(trace, trace.step("queries"), "en")
    assert f"the columns {labels[one]} and {labels[other]}, {share}% of" in words


def test_where_no_two_columns_tell_a_row_stands_as_bars() -> None:
    """Of a real head with 32 columns an arrow shows nothing."""
    page = page_of("arrows", "minilm-tired", "scores")
    trace = samples.trace("minilm-tired")
    row = trace.row("scores", trace.example.query)
    shown = clicks(page, "scores")
    assert shown
    for (_, column), text in shown.items():
        assert float(text.strip("[]")) == pytest.approx(float(row[column]), abs=0.006)
    assert any("█│" in line for line in texts(page))
    assert any("│█" in line for line in texts(page))


def test_bars_are_as_long_as_their_numbers() -> None:
    """The bars of the weights did not show who gets most."""
    lines = texts(page_of("arrows", "animal", "weights"))[:5]
    weights = samples.trace("animal").row("weights", 3).tolist()
    lengths = [line.count("█") for line in lines]
    for length, weight in zip(lengths, weights, strict=True):
        assert abs(length - 40 * weight / max(weights)) <= 1


@pytest.mark.parametrize("name", ["animal", "two-heads", "causal"])
def test_what_is_to_be_predicted_is_in_no_picture(name: str) -> None:
    """`t` hides a number, and a picture told it: in digits, as a bar, or as the length of a shadow."""
    trace = samples.trace(name)
    for step in trace.steps[:-1]:
        place = to_step(trace, start(trace), step.number - 1)
        if step.type.columns.value != "key":
            continue
        cell = start(trace)
        hidden = hidden_cell(cell_of(trace, place))
        room = PageRoom(90, 30, hidden=hidden)
        bars = clicks(picture_page("arrows", trace, place, room), step.id)
        matrix = clicks(picture_page("matrix", trace, place, room), step.id)
        assert matrix[cell.query, cell.key].strip("_") == ""
        assert bars.get((cell.query, cell.key), "").strip("[_]") == ""
        if step.id == "scores":
            assert room.word("picture_hidden") in " ".join(texts(picture_page("arrows", trace, place, room)))
        assert " = ____" in "\n".join(texts(picture_page("matrix", trace, place, room)))


def test_a_hidden_row_of_queries_is_no_arrow() -> None:
    """A worksheet left the queries to the learner, and the picture drew them."""
    trace = samples.trace("animal")
    room = PageRoom(80, 18, hidden=Hidden((Part("queries", 0),)))
    for step in ("queries", "scores", "scaled"):
        page = picture_page("arrows", trace, at(trace, step), room)
        assert list(texts(page)) == [room.word("picture_hidden")]
        assert page.tables == ()


def test_tokens_are_never_taken_for_signs_of_the_program() -> None:
    """In ASCII, an arrow's label “→” was written as another token."""
    assert Role.QUERY.is_token
    arrows = [Arrow("→", (4.0, 0.0), "query"), Arrow("…", (0.0, 4.0), "key")]
    shown = "".join(line.text for line in canvas_lines(arrows, PageRoom(40, 12, ascii=True)))
    assert "→" in shown
    assert "…" in shown


def test_of_several_longest_arrows_direction_decides() -> None:
    """An arrow won for being the longest, beside another that was as long and had a product below 0."""
    trace = samples.trace("xiaohong")
    place = to_step(trace, start(trace, query=trace.example.tokens.index("她")), trace.step("scores").number - 1)
    shown = " ".join(texts(picture_page("arrows", trace, place, PageRoom(200, 40))))
    assert "of the longest arrows, “小明” and “小红” (2.83), it is nearest in direction, cosine 0.95" in shown
    shown = " ".join(texts(page_of("arrows", "rotary", "scores", width=200, height=40)))
    assert "of the longest arrows, “the” (0) and “the” (3) (2.00)" in shown


def test_pictures_name_a_cell_as_the_step_does() -> None:
    """The step said output[bank,water], its matrix and its bars output[bank,0]."""
    for picture in ("matrix", "arrows"):
        assert "output[bank,water] = 1.95" in "\n".join(texts(page_of(picture, "bank", "output")))


@pytest.mark.parametrize("name", ["similar", "animal", "two-heads", "causal"])
def test_columns_of_a_matrix_have_whole_labels_where_there_is_room(name: str) -> None:
    """Three columns stood in 80 with their labels cut: “▾rive”."""
    trace = samples.trace(name)
    header = next(line for line in texts(page_of("matrix", name, "weights")) if "▾" in line)
    assert [key for key in trace.example.keys if key not in header.replace("▾", " ").split()] == []


@pytest.mark.parametrize(
    ("name", "above", "below"), [("two-heads", " O = A V", " H = [O@0"), ("shared-keys", " O = A V", " H = [O@0")]
)
def test_what_each_head_does_ends_where_they_meet(name: str, above: str, below: str) -> None:
    """“All this in each of 12 heads” stood below the norms and the network, of which there is one for all heads."""
    lines = texts(page_of("flow", name, "output", width=100, height=40))
    at_line = next(index for index, line in enumerate(lines) if "in each of" in line)
    assert lines[at_line - 1].replace("▸[O]", " O").startswith(above)
    assert lines[at_line + 1].startswith(below)
