"""Every page in every room: nothing is too wide, nothing too high, nothing cut."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from rich.cells import cell_len

from qkvtui.localized import LANGUAGES
from qkvtui.narration.formats import cell_format
from qkvtui.narration.language import language_texts
from qkvtui.narration.numbers import NumberFormat
from qkvtui.pages.lines import CLOSING
from qkvtui.trace.walk import start
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import as_lines, body, flow_lines, heading_lines, sentence_lines, step_heading
from tests.views.pages import FEW_LOOKS, LOOKS, lines_of, pages, place_at, rooms, steps, unbounded, widest

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))
ROOMS = pytest.mark.parametrize(("name", "looks"), rooms())
DECIMAL = re.compile(r"-?\d+(\.\d+)?(e[+-]\d+)?|-?(∞|inf)")
MARK = re.compile(r"^[▸>▾v=+×x]\[?")
CHINESE_MARKS = "，。；：！？、（）《》–"
SHADE = re.compile(r"['%:#█▓▒░]\d(?![\d.])")
"""A tenth on a small map, and before it how dark it is."""
COUNT = re.compile(r"\+\d+|[‹<]\d+|\d+[›>]")


@pytest.mark.sampled(1)
@ROOMS
def test_a_page_stays_in_its_room(name: str, looks: tuple[str, ...]) -> None:
    """Lines were cut at the right, or the explanation was pushed below the end of the screen."""
    for step_id, look, shown in pages(name, looks):
        height = LOOKS[look].height
        assert height is not None
        assert len(shown.lines) <= height, (step_id, look, shown.lines)
        assert shown.width <= LOOKS[look].width, (step_id, look)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "name", samples.each(["cross", "forty", "animal", "illustrated", *samples.MODELS], ("cross", "animal"))
)
def test_a_page_that_fits_is_shown_as_it_is(name: str) -> None:
    """A table that fits was squeezed by a column or two, and a number lost its last digit."""
    for step_id, look, shown in pages(name, FEW_LOOKS):
        exactly = lines_of(body(shown.trace, shown.place, LOOKS[look]), LOOKS[look].width)
        assert exactly == shown.lines, (step_id, look)


@pytest.mark.parametrize("name", samples.each(samples.MODELS, samples.MODELS[:1]))
def test_a_page_of_a_real_model_stays_in_its_room(name: str) -> None:
    """The page of 384 features was cut, or ran over the end of the screen."""
    for step_id, look, shown in pages(name, FEW_LOOKS):
        height = LOOKS[look].height
        assert height is not None
        assert len(shown.lines) <= height, (step_id, look, shown.lines)
        assert shown.width <= LOOKS[look].width, (step_id, look)


@pytest.mark.sampled(2)
@NAMES
def test_a_printed_page_stays_in_its_width(name: str) -> None:
    """`qkvtui print --width 60` wrote lines that the paper cut."""
    for step_id in steps(name):
        drawn = body(samples.trace(name), place_at(name, step_id), Look(50))
        assert widest(lines_of(drawn, 110)) <= 50, step_id


@pytest.mark.sampled(1)
@ROOMS
def test_the_drawing_the_arithmetic_and_the_narration_are_all_there(name: str, looks: tuple[str, ...]) -> None:
    """In a low terminal the page was only a table, and nobody said what it means."""
    for step_id, look, shown in pages(name, looks):
        assert len(shown.drawing) >= 2, (step_id, look)
        assert any(line for line in shown.below[1:]), (step_id, look, shown.lines)


def numbers(words: list[str]) -> list[str]:
    """The words that look like numbers, without the brackets of the current cell."""
    bare = [word.removeprefix("[").removesuffix("]") for word in words]
    return [word for word in bare if any(character.isdigit() for character in word) or "∞" in word]


@cache
def words_of_tokens(name: str) -> tuple[str, ...]:
    """The words that tokens consist of."""
    example = samples.example(name)
    return tuple({word for token in (*example.tokens, *example.keys) for word in token.split()})


@cache
def known_numbers(name: str, step_id: str) -> frozenset[str]:
    """Every number that some page of this step may show: those of the page without bounds, and indices."""
    whole = unbounded(name, step_id)
    trace = whole.trace
    largest = max(*trace.step(step_id).shape, trace.shape.d_k, trace.shape.d_v)
    known = set(numbers(" ".join(whole.lines).split())) | {str(index) for index in range(trace.shape.heads * largest)}
    written = cell_format(trace, whole.at, 2)
    known |= {written.text(float(value)) for value in trace.matrix(whole.at.name, whole.at.head).flat}
    if step_id == "output":  # what each token adds, as a length
        lengths = np.linalg.norm(trace.matrix(trace.graph.roles["values"], whole.at.head), axis=1)
        weights = trace.row("weights", whole.at.row, whole.at.head)
        known |= {NumberFormat(2).text(float(one)) for one in weights * lengths}
    block = samples.example(name).block
    known |= set() if block is None else {f"{block.epsilon:g}"}
    known |= {MARK.sub("", word) for word in known}
    return frozenset(known | set(words_of_tokens(name)))


@pytest.mark.sampled(1)
@ROOMS
def test_no_number_of_a_drawing_is_cut(name: str, looks: tuple[str, ...]) -> None:
    """A narrow terminal showed 12 for 128, or -0. for -0.35."""
    for step_id, look, shown in pages(name, looks):
        known, tokens = known_numbers(name, step_id), words_of_tokens(name)
        for line in shown.drawing:
            first, *rest = SHADE.sub(" ", line).split()
            hidden = re.fullmatch(r"\+\d+", first)
            for word in numbers(rest if hidden else [first, *rest]):
                bare = MARK.sub("", word).replace("inf", "∞")
                if COUNT.fullmatch(word) or word in known or bare in known or re.fullmatch(r"\d+:\d+", bare):
                    continue
                if re.fullmatch(r"[NR][23]|[Wbg]_\w+(\^T)?(@.*)?", bare):  # a sign with a number in it
                    continue
                if ":" in line and re.match(r"[A-Z]?\d+(:|$)", bare):  # a column of a head, by its number or name
                    continue
                if hidden:
                    assert DECIMAL.fullmatch(word), (step_id, look, line)
                else:
                    assert word.startswith(tuple(token[:5] for token in tokens)), (step_id, look, word, line)


@pytest.mark.sampled(1)
@ROOMS
def test_no_page_shows_what_is_no_number(name: str, looks: tuple[str, ...]) -> None:
    """A page showed nan, None, or a bare Python object."""
    for step_id, look, shown in pages(name, looks):
        text = "\n".join(shown.lines)
        assert not re.search(r"\bnan\b|\bNone\b|array\(|<\w+ object", text), (step_id, look)


@pytest.mark.sampled(3)
@ROOMS
def test_the_current_cell_stands_in_brackets_exactly_once(name: str, looks: tuple[str, ...]) -> None:
    """Without colours nobody saw which number is being worked out, or two were marked."""
    for step_id, look, shown in pages(name, looks):
        marked = re.findall(r"(?<!\w)\[(-?[\d.]+(?:e[+-]\d+)?|-?∞|-?inf)\]", "\n".join(shown.drawing))
        assert len(marked) == 1, (step_id, look, shown.drawing)
        first_of_arithmetic = " ".join(shown.below[:2])
        assert marked[0] in first_of_arithmetic, (step_id, look, shown.lines)


@pytest.mark.sampled(4)
@ROOMS
def test_hidden_columns_and_rows_are_counted(name: str, looks: tuple[str, ...]) -> None:
    """A page showed three of forty features as if they were all."""
    for step_id, look, shown in pages(name, looks):
        own = [(row, column) for step, row, column, _ in shown.cells if step == shown.at.name]
        rows, columns = shown.trace.step(step_id).shape
        text = "\n".join(shown.drawing)
        counts = [int(re.sub(r"\D", "", count)) for count in COUNT.findall(text)]
        sums = {*counts, *(a + b for i, a in enumerate(counts) for b in counts[i + 1 :])}
        missing = columns - len({column for _, column in own})
        if own and missing:
            assert missing in sums, (step_id, look, missing, counts)
        seen = {row for row, _ in own}
        if len(seen) > 1 and rows - len(seen):
            assert rows - len(seen) in sums, (step_id, look, counts)


@pytest.mark.sampled(4)
@ROOMS
def test_ascii_pages_are_ascii_apart_from_what_the_file_says(name: str, looks: tuple[str, ...]) -> None:
    """A terminal without Unicode showed question marks for ×, √ or ▸."""
    for step_id, look, shown in pages(name, looks):
        if not LOOKS[look].ascii:
            continue
        example = shown.trace.example
        of_the_file = "".join((*example.tokens, *example.keys))
        if step_id == shown.trace.steps[0].id and example.about is not None:
            of_the_file += example.about.in_language(LOOKS[look].language)
        own = [text for paragraphs in example.says.values() for text in paragraphs]
        own += [] if example.experiment is None else [example.experiment.text]
        of_the_file += "".join(text.in_language(LOOKS[look].language) for text in own)
        of_the_file += "".join(
            one.in_language(LOOKS[look].language) for names in example.features.values() for one in names
        )
        left = {character for line in shown.lines for character in line if not character.isascii()}
        left -= set(of_the_file)
        if LOOKS[look].language == "zh":
            left = {character for character in left if not "\u4e00" <= character <= "\u9fff"} - set(CHINESE_MARKS)
        assert left == set(), (step_id, look)


@pytest.mark.sampled(4)
@ROOMS
def test_no_chinese_line_begins_with_a_closing_mark(name: str, looks: tuple[str, ...]) -> None:
    """A line began with a full stop or a closing quotation mark, which no Chinese text does."""
    for step_id, look, shown in pages(name, looks):
        if LOOKS[look].language != "zh":
            continue
        for line in shown.below:
            assert not line.startswith(tuple(CLOSING)), (step_id, look, line)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", LANGUAGES)
@NAMES
def test_the_heading_is_two_lines_in_every_width(name: str, language: str) -> None:
    """The formula of the step was cut, or the heading took three lines and moved everything below it."""
    trace = samples.trace(name)
    for width, plain in ((40, False), (40, True), (60, False), (80, True)):
        look = Look(width, language=language, ascii=plain)
        for step_id in steps(name):
            place = place_at(name, step_id)
            lines = [line.plain for line in heading_lines(trace, place, look)]
            assert len(lines) == 2
            assert max(map(cell_len, lines)) <= width, lines
            assert lines[1].endswith(look.formula(trace.step(step_id)))
            symbol = "✓" if step_id == "summary" else trace.step(step_id).symbol
            assert width < 60 or f"[{look.signs(symbol)}]" in lines[1], lines
            assert max(map(cell_len, step_heading(trace, place, look).plain.split("\n"))) <= width
            if plain:
                title = trace.example.title.in_language(language)
                words = (look.texts.words[one] for one in ("step", "head_of", "layer_of", "label", "mean", "sink"))
                allowed = set(title + look.texts.step_names[step_id] + "".join(words))
                assert all(character.isascii() or character in allowed for character in "".join(lines)), lines


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("width", "height", "language"), [(40, 2, "en"), (40, 2, "zh"), (60, 4, "zh"), (80, 4, "en"), (120, 6, "zh")]
)
@NAMES
def test_the_sentence_stays_in_its_room_and_keeps_the_query(name: str, width: int, height: int, language: str) -> None:
    """A long sentence flooded the screen, or was cut so that the word that asks was not there."""
    trace = samples.trace(name)
    room = height + (trace.example.context is not None)
    for query in {0, trace.example.query, trace.shape.queries - 1}:
        drawn = sentence_lines(trace, start(trace, query=query), Look(width, room, language=language))
        lines = tuple(line.plain for line in drawn)
        assert len(lines) <= room, lines
        assert widest(lines) <= width, lines
        assert sum(line.count("▸") for line in lines) == 1, lines
        assert lines_of(as_lines(drawn), width) == tuple(line.rstrip() for line in lines)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("language", LANGUAGES)
@NAMES
def test_the_map_stays_narrow_and_marks_one_step(name: str, language: str) -> None:
    """The map beside the lesson was cut, or said "you are here" twice."""
    trace = samples.trace(name)
    for step_id in steps(name):
        lines = tuple(line.plain for line in flow_lines(trace, place_at(name, step_id), Look(120, language=language)))
        *of_steps, gap, here = lines
        assert len(of_steps) == len(trace.walk)
        assert widest(lines) <= 57
        assert [step for step, line in zip(trace.walk, of_steps, strict=True) if line.startswith("▸")] == [
            trace.step(step_id)
        ]
        assert (gap, here) == ("", f"▸ {language_texts(language).words['here']}")
    assert widest(tuple(line.plain for line in flow_lines(trace, None, Look(120, language=language)))) <= 50
