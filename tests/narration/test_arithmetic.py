"""One cell in digits: what stands on the page is read back and calculated again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, getcontext

import pytest

from qkvtui.narration.arithmetic import Arithmetic, arithmetic
from qkvtui.narration.formats import cell_format
from qkvtui.narration.sentences import text_of
from qkvtui.operations.operation import Drawing
from qkvtui.operations.tensors import Address
from qkvtui.trace.addresses import parse_address, value_at
from qkvtui.trace.trace import Trace
from tests import samples

NAMES = pytest.mark.parametrize("name", samples.each(samples.LESSONS))
NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?"


def cells(trace: Trace) -> Iterator[Address]:
    """Cells of every step: all of a small one, some of a large one."""
    for step in trace.steps:
        if step.type.kind is Drawing.SUMMARY:
            continue
        rows, columns = step.shape
        every = max(1, rows * columns // 25)
        for head in range(trace.shape.heads if step.type.per_head else 1):
            for index in range(0, rows * columns, every):
                yield Address(step.id, index // columns, index % columns, head)


def calculated(text: str) -> Decimal | None:
    """What a shown formula comes to; None where an infinity, a logarithm, a root or a power of e takes part."""
    shown = re.sub(r" +\((?:sum of the other \d+|the other (?:is|\d+ are) 0|bias)\)", "", text)
    if re.match(r"0(\.0+)? (× ln|÷) ", shown):
        return Decimal(0)
    if "∞" in shown or re.search(r"ln |exp|√", shown):
        return None
    if larger := re.fullmatch(r"max\((\S+), 0\)", shown):
        return max(Decimal(larger[1]), Decimal(0))
    signs = shown.replace("×", "*").replace("÷", "/").replace("²", "**2")
    assert re.fullmatch(rf"(?:{NUMBER}|[-+*/() ])+", signs), text
    if re.search(r"/ 0(\.0+)?(?![\d.])", signs):
        return None
    found = eval(re.sub(r"\d+(?:\.\d+)?(?:e[+-]\d+)?(?<!\*\*2)", r"Decimal('\g<0>')", signs), {"Decimal": Decimal})
    assert isinstance(found, Decimal)
    return found


@pytest.mark.parametrize(("language", "said"), [("en", "(the other is 0)"), ("zh", "（另一项是 0）")])
def test_one_zero_that_is_left_out_is_one(language: str, said: str) -> None:
    """`(the other 1 are 0)`"""
    worked = arithmetic(samples.trace("it-learn"), Address("d_output", 0, 0), 2, language=language)
    assert said in text_of(worked.equation)


_ELSEWHERE = r"= \w+(@[\d.]+)?\[.*\]"
"""The number is another one, which the line names."""


def claims(worked: Arithmetic) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """Each sign of the line with what stands to its left and to its right; None: cannot be read back exactly."""
    getcontext().prec = 60
    line = text_of(worked.equation)
    left = Decimal(worked.value) if "∞" not in worked.value else None
    if match := re.fullmatch(r"([=≈]) (\S+) ÷ √(\d+)   \(√(\d+) ([=≈]) (\S+)\)", line):
        sign, score, under, again, root_sign, root = match.groups()
        assert under == again
        exact = Decimal(root) ** 2 == int(under)
        assert root_sign == ("=" if exact else "≈"), line
        yield sign, left, Decimal(score) / Decimal(root) if exact and "∞" not in score else None
    elif match := re.fullmatch(r"([=≈]) (\S+) ÷ (\S+), (\S+) ([=≈]) exp\((\S+) - \(?([^\s()]+)\)?\)", line):
        sign, raised, total, same, exp_sign, score, largest = match.groups()
        assert raised == same
        yield sign, left, Decimal(raised) / Decimal(total)
        if exp_sign == "=":
            assert score == largest or score == "-∞", line
            assert Decimal(raised) == (0 if score == "-∞" else 1), line
    elif line in ("", "= 0") or re.fullmatch(_ELSEWHERE, line):
        return
    elif match := re.fullmatch(r"= -?\S+ \+ \(?-∞\)?|= -∞ \+ .*", line):
        assert worked.value == "-∞", line
    else:
        sign, _, right = line.partition(" ")
        yield sign, left, calculated(right)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("digits", [0, 2])
@NAMES
def test_the_equals_sign_stands_where_the_shown_decimals_add_up_and_only_there(name: str, digits: int) -> None:
    """A learner added up the numbers on the page and got another sum than the one after the equals sign."""
    trace = samples.trace(name)
    for cell in cells(trace):
        worked = arithmetic(trace, cell, digits)
        if re.fullmatch(_ELSEWHERE, elsewhere := text_of(worked.equation)):
            assert value_at(trace, parse_address(trace, elsewhere.removeprefix("= "))) == value_at(trace, cell)
        for sign, left, right in claims(worked):
            line = f"{cell}: {worked.value} {text_of(worked.equation)}"
            assert sign in "=≈", line
            if right is None:
                assert sign == ("=" if re.search(r"= -?0(\.0+)?(e\+00)? ÷ √", line) and not left else "≈"), line
            else:
                assert sign == ("=" if left == right else "≈"), line


@pytest.mark.sampled(5)
@NAMES
def test_the_value_is_written_as_in_the_table(name: str) -> None:
    """The matrix said 1 and the line below it 1.00, as if they were two numbers."""
    trace = samples.trace(name)
    for cell in cells(trace):
        written = cell_format(trace, cell, 2)
        assert arithmetic(trace, cell, 2).value == written.text(value_at(trace, cell))
        row = trace.graph.rows.get(cell.name)
        if row is None or not row.learns:  # what learns has as many digits as show which way it goes
            assert cell_format(trace, Address(cell.name, 0, 0, cell.head), 2) == written


@pytest.mark.sampled(4)
@NAMES
def test_no_line_of_arithmetic_has_more_terms_than_one_can_read(name: str) -> None:
    """The sum of 60 tokens pushed everything else off the page."""
    trace = samples.trace(name)
    for cell in cells(trace):
        line = text_of(arithmetic(trace, cell, 2).equation)
        assert line.count(" × ") <= 6
        assert "nan" not in line


LINES = [
    ("animal", "scores[it,animal]", "0.85", "= 0.50 × 0.90 + 0.50 × 0.80"),
    ("animal", "scaled[it,animal]", "0.60", "≈ 0.85 ÷ √2   (√2 ≈ 1.41)"),
    ("animal", "weights[it,animal]", "0.26", "≈ 1.00 ÷ 3.90, 1.00 = exp(0.60 - 0.60)"),
    ("animal", "embeddings[it,0]", "0.50", ""),
    ("animal", "W_Q[0,1]", "0", ""),
    ("blind", "weights[1,0]", "0.00", "= 0"),
    ("blind", "masked[1,0]", "-∞", "= {scaled} + (-∞)"),
    ("quarter_scale", "scaled[0,0]", None, "{sign} {scores} × 0.2500"),
    ("three_heads", "heads[1,7]", None, "= output@2[cat,1]"),
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("name", "address", "value", "line"), LINES)
def test_a_cell_is_worked_out_as_one_writes_it(name: str, address: str, value: str | None, line: str) -> None:
    """The line below the matrix left out a factor, a bracket or the sign of a negative number."""
    trace = samples.trace(name)
    cell = parse_address(trace, address)
    worked = arithmetic(trace, cell, 2)
    facts = {
        step: cell_format(trace, Address(step, cell.row, cell.column), 2).text(
            float(trace.row(step, cell.row)[cell.column])
        )
        for step in ("scores", "scaled")
        if trace.has(step) and cell.name in ("masked", "scaled")
    }
    equation = text_of(worked.equation)
    assert equation == line.format(**facts, sign=equation[:1])
    assert value is None or worked.value == value


def test_negative_factors_stand_in_brackets() -> None:
    """The page showed 2 × -3 + -4."""
    trace = samples.trace("three_heads")
    lines = [text_of(arithmetic(trace, cell, 2).equation) for cell in cells(trace) if cell.name == "projected"]
    assert any("(-" in line for line in lines)
    assert not any(re.search(r"[×+÷] -", line) for line in lines), lines


def test_a_long_sum_gives_its_largest_terms_and_counts_the_rest() -> None:
    """Of forty products six were shown as if they were all."""
    trace = samples.trace("forty")
    line = text_of(arithmetic(trace, Address("scores", 0, 0), 2).equation)
    assert line.count(" × ") == 5
    assert line.endswith("(sum of the other 35)")
    shown = [abs(Decimal(a) * Decimal(b)) for a, b in re.findall(rf"\(?({NUMBER})\)? × \(?({NUMBER})", line)]
    queries, keys = trace.row("queries", 0), trace.row("keys", 0)
    largest = sorted(abs(queries * keys).tolist(), reverse=True)[:5]
    assert sorted(map(float, shown), reverse=True) == pytest.approx(largest, abs=0.1)


def test_a_number_from_the_file_says_where_it_stands() -> None:
    """Below a number of the file stood nothing, as if it came from nowhere."""
    trace = samples.trace("animal")
    assert arithmetic(trace, parse_address(trace, "X[it,1]"), 2).place == "inputs.X, row 3, column 1"
    assert arithmetic(trace, parse_address(trace, "scores[it,it]"), 2).place == ""
