"""The numbers on a page add up, or the page says that its digits are rounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.narration.numbers import percents
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, cell_of, move_cell, to_head, to_query, to_step
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.samples import each
from tests.tui.printed import printed
from tests.views.drawings import body

from .adding_up import claims, wrong_lines, wrong_sums

LESSONS = each(bundled_names(), ("animal", "animal-sentence", "journey", "it-learn", "sink"))
WIDE = 1000
NOTE = language_texts("en").words["digits_rounded"]


def places(trace: Trace, begun: Place) -> Iterator[Place]:
    """Every step for every query in every head, with each of the first numbers of its row."""
    for step in trace.steps:
        for head in range(trace.shape.heads if step.type.per_head else 1):
            for query in range(trace.shape.queries):
                place = to_head(trace, to_query(trace, to_step(trace, begun, step.number - 1), query), head)
                place = replace(place, feature=0, moving=0)
                yield place
                moved = move_cell(trace, place, 1)
                if cell_of(trace, moved) != cell_of(trace, place):
                    yield moved


def lines_at(trace: Trace, place: Place, digits: int = 2) -> list[str]:
    """A printed page, with no line broken."""
    return printed(body(trace, place, Look(WIDE, digits=digits)), WIDE)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", LESSONS)
def test_no_written_sum_rounds_to_another_number_than_the_one_shown(name: str) -> None:
    """0.51 ≈ 0.16 × 0.20 + 0.26 × 0.90 + …, which is 0.519: whoever did the sum got 0.52."""
    lesson = lesson_of(name)
    checked = 0
    for place in places(lesson.trace, lesson.place):
        lines = lines_at(lesson.trace, place)
        assert not wrong_lines(lines), (place, wrong_lines(lines))
        checked += sum(len(list(claims(line))) for line in lines)
        if NOTE not in lines:
            assert not wrong_sums(lines), (place, wrong_sums(lines))
    assert checked > len(lesson.trace.steps)


def test_the_finder_finds_what_does_not_add_up() -> None:
    """A finder that reads nothing finds nothing wrong."""
    line = "output[it,0]  0.51 ≈ 0.16 × 0.20 + 0.26 × 0.90 + 0.19 × 0.70 + 0.20 × 0.50 + 0.20 × 0.10"
    assert wrong_lines([line]) == [line]
    assert not wrong_lines([line.replace("0.51", "0.52")])
    for wrong in (
        "weights[it,a]  0.27 ≈ 1.00 ÷ 3.90, 1.00 = exp(0.60 - 0.60)",
        "w[a,b]  0.26 ≈ 1.00 ÷ 3.90, 0.61 ≈ exp(0.11 - 0.50)",
        "scaled[a,b]  0.61 ≈ 0.85 ÷ √2   (√2 ≈ 1.41)",
    ):
        assert wrong_lines([wrong]) == [wrong]
    row, total = "    The   0.16 ×  0.20   0.10 =   0.03    0.02", "   O it                          [0.51]   0.52"
    assert wrong_sums([row, total]) == [total, total]
    assert wrong_sums([row.replace("0.03", "0.04")]) == [row.replace("0.03", "0.04")]


@pytest.mark.parametrize("digits", [3, 4])
def test_the_note_goes_where_more_digits_are_shown_and_all_adds_up(digits: int) -> None:
    """A page said of exact numbers that they are rounded."""
    lesson = lesson_of("xiaohong")
    for step in ("queries", "scores"):
        place = to_step(lesson.trace, lesson.place, lesson.trace.step(step).number - 1)
        assert NOTE not in lines_at(lesson.trace, place, digits)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LESSONS)
def test_the_shares_of_an_output_add_up_to_100(name: str, language: str) -> None:
    """An output was made of 25% + 25% + 20% + 31%."""
    lesson = lesson_of(name)
    trace = lesson.trace
    for query in range(trace.shape.queries):
        place = to_query(trace, to_step(trace, lesson.place, trace.step("output").number - 1), query)
        page = " ".join(printed(body(trace, place, Look(WIDE, language=language)), WIDE))
        shares = re.search(r"(?:The shares: |份额：)(.*?)[.。](?: |$|每)", page)
        if shares is None or "<" in shares[1] or ">" in shares[1]:
            continue
        found = sum(int(one) for one in re.findall(r"(\d+)%", shares[1]))
        whole = round(100 * float(trace.row("weights", query, place.head).sum()))
        assert found == whole, shares[0]


def test_largest_remainders_are_rounded_up() -> None:
    """Three thirds came to 99%, or a share that is nothing to 0%."""
    assert percents([1 / 3, 1 / 3, 1 / 3]) == ["34%", "33%", "33%"]
    assert percents([0.2493, 0.2493, 0.1966, 0.3048]) == ["25%", "25%", "20%", "30%"]
    assert percents([0.998, 0.002]) == [">99%", "<1%"]
    assert percents([1.0, 0.0]) == ["100%", "0%"]
    assert percents([]) == []
