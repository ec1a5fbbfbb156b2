"""Expressions: the arithmetic is right, and no text is too hostile to be refused at once."""

from __future__ import annotations

import math
from contextlib import suppress
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qkvtui.errors import UsageError
from qkvtui.files.expression import DEEPEST, LONGEST, decimals_of_number, evaluate

Exact = tuple[str, Fraction]
"""A text, and what it comes to."""

NUMBERS: st.SearchStrategy[Exact] = st.one_of(
    st.integers(0, 50).map(lambda whole: (str(whole), Fraction(whole))),
    st.integers(0, 9999).map(lambda parts: (f"{parts / 100:.2f}", Fraction(parts, 100))),
    st.integers(1, 99).map(lambda parts: (f".{parts:02d}", Fraction(parts, 100))),
    st.integers(1, 99).map(lambda parts: (f"{parts}e-1", Fraction(parts, 10))),
)


def larger(inner: st.SearchStrategy[Exact]) -> st.SearchStrategy[Exact]:
    """Expressions made of smaller ones, with brackets wherever the order could matter."""

    def joined(left: Exact, sign: str, right: Exact, gap: str) -> Exact:
        found = {
            "+": left[1] + right[1],
            "-": left[1] - right[1],
            "*": left[1] * right[1],
            "/": left[1] / right[1] if right[1] else Fraction(0),
        }[sign]
        if sign == "/" and not right[1]:
            return left
        return f"({left[0]}){gap}{sign}{gap}({right[0]})", found

    return st.one_of(
        st.builds(joined, inner, st.sampled_from("+-*/"), inner, st.sampled_from(["", " ", "  "])),
        inner.map(lambda one: (f"-({one[0]})", -one[1])),
        st.tuples(inner, st.integers(0, 3)).map(lambda one: (f"({one[0][0]})**{one[1]}", one[0][1] ** one[1])),
    )


@given(st.recursive(NUMBERS, larger, max_leaves=8))
def test_an_expression_comes_to_what_fractions_come_to(expression: Exact) -> None:
    """A learner's right sum would have been marked wrong."""
    text, exact = expression
    if len(text) > LONGEST or abs(exact) > 10**200:
        return
    assert evaluate(text) == pytest.approx(float(exact), rel=1e-9, abs=1e-6)


@given(st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(1, 30)), max_size=12))
def test_products_come_before_sums_and_both_go_from_left_to_right(rest: list[tuple[str, int]]) -> None:
    """`1-2-3` would have been 2, or `1+2*3` 9."""
    text = "7" + "".join(f"{sign}{number}" for sign, number in rest)
    terms, sign = [Fraction(7)], "+"
    for sign, number in rest:
        if sign in "+-":
            terms.append(Fraction(number if sign == "+" else -number))
        else:
            terms[-1] = terms[-1] * number if sign == "*" else terms[-1] / number
    assert evaluate(text) == pytest.approx(float(sum(terms)), rel=1e-9, abs=1e-9)


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5*0.9+0.5*0.8", 0.85),
        ("17/20", 0.85),
        ("-2**2", -4),
        ("2**-1", 0.5),
        ("2**3**2", 512),
        ("2^3", 8),
        ("--2", 2),
        ("+.5", 0.5),
        ("exp(0.60-0.60) / 3.9", 1 / 3.9),
        ("sqrt(2)", math.sqrt(2)),
        ("0.85 ÷ √2", 0.85 / math.sqrt(2)),
        ("√(1+1)×2", 2 * math.sqrt(2)),
        ("−0.5·2", -1),
        ("（１＋２）／４", 0.75),
        ("1.5e+2", 150),
        ("-inf", -math.inf),
        ("-∞", -math.inf),
        ("exp(-inf)", 0),
        ("  3  ", 3),
        ("0,26", 0.26),
        ("，５", 0.5),
        ("1,5*0,5 + ,25", 1),
        ("26%", 0.26),
        ("２６，５％", 0.265),
        ("50% * 0.9", 0.45),
        ("2^100%", 2),
        ("≈ 0.26", 0.26),
        ("~0.26", 0.26),
        ("= 0.26", 0.26),
        ("1.00/3.90 ≈ 0.256", 0.256),
        ("0.5*0.9 + 0.4 = 0.85", 0.85),
    ],
)
def test_what_a_learner_types_or_writes_by_hand_is_understood(text: str, value: float) -> None:
    """A right answer would have been refused for the way it is written."""
    assert evaluate(text) == pytest.approx(value)


@pytest.mark.sampled(14)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a number is missing"),
        ("   ", "a number is missing"),
        ("1 2", "character 3"),
        ("0,", "character 2: ',' is not known here"),
        ("1,234.5", "character 1: a comma stands before the decimals here"),
        ("1.234,5", "character 1: a comma stands before the decimals here"),
        ("1,234,567", "character 1: a comma stands before the decimals here"),
        ("%", "character 1: '%' stands where a number is expected"),
        ("0.26 ≈", "a number is missing"),
        ("1_000", "character 2"),
        ("3²", "character 2"),
        ("(1", "character 3: ')' is missing"),
        ("1)", "character 2"),
        ("1+", "character 3: a number is missing"),
        ("*2", "character 1"),
        ("1/0", "character 2: division by zero"),
        ("1/(2-2)", "character 2: division by zero"),
        ("sqrt(-1)", "character 1: 'sqrt' has no value here"),
        ("(-8)**(1/3)", "has no value here"),
        ("0**-1", "has no value here"),
        ("inf-inf", "has no value here"),
        ("9**9**9", "too large"),
        ("1e999", "too large"),
        ("exp(1000)", "too large"),
        ("1e300*1e300", "too large"),
        ("exp 2", "'(' is missing after exp"),
        ("abs(1)", "'abs' is not known"),
        ("nan", "'nan' is not known"),
        ("__import__('os')", "character 1"),
        ("().__class__", "character 3"),
        ("[1]", "character 1"),
        ("1 if 1 else 2", "character 3"),
        ("lambda: 1", "character 7"),
        ("0x10", "character 2"),
        ("1j", "character 2"),
        ("\x00", "character 1"),
        ("٣", "character 1"),
        ("(" * 200, f"more than {DEEPEST} brackets"),
        ("-" * 200 + "1", f"more than {DEEPEST} brackets"),
        ("2**" * 100 + "2", f"more than {DEEPEST} brackets"),
        ("1+" * LONGEST + "1", f"longer than {LONGEST} characters"),
        ("9" * 400, "too large"),
    ],
)
def test_anything_else_is_refused_with_the_place(text: str, said: str) -> None:
    """A slip of the finger would have ended in a traceback, in a wrong number, or never."""
    before = perf_counter()
    with pytest.raises(UsageError) as refused:
        evaluate(text)
    assert said in str(refused.value)
    assert perf_counter() - before < 0.5


@given(st.one_of(st.text(max_size=60), st.text("0123456789.,%=≈+-*/()e√∞^ expsqrtinf", max_size=120)))
@settings(deadline=1000)
def test_no_text_does_more_than_come_to_a_number_or_be_refused(text: str) -> None:
    """A screen of a class would have hung, or shown a traceback."""
    with suppress(UsageError):
        assert not math.isnan(evaluate(text))
    decimals = decimals_of_number(text, 2)
    assert decimals is None or -300 <= decimals <= 12


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("text", "least", "decimals"),
    [
        ("0.85", 0, 2),
        ("-.5", 0, 1),
        ("3", 0, 0),
        ("3.", 0, 0),
        ("3", 2, 2),
        ("1.23e-3", 0, 5),
        ("1.2e+06", 2, -4),
        ("2.6e-1", 2, 2),
        ("1.25e-3", 2, 5),
        ("０．２６", 2, 2),
        ("−0.15", 2, 2),
        ("17/20", 0, None),
        ("0,26", 2, 2),
        (",265", 2, 3),
        ("26%", 2, 2),
        ("3 %", 0, 2),
        ("26.5%", 2, 3),
        ("≈ 0.257", 2, 3),
        ("1/3.9 = 0.2564", 2, 4),
        ("50%*0.9", 2, None),
        ("0.123456789012345678", 0, 12),
        ("0e9999", 2, -300),
        ("0e99999999999999", 2, None),
        ("inf", 2, None),
    ],
)
def test_the_decimals_of_a_number_are_those_that_were_written(text: str, least: int, decimals: int | None) -> None:
    """An answer would have been judged more strictly, or less, than it was written."""
    assert decimals_of_number(text, least) == decimals
