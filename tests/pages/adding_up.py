"""Finds what a page says that does not add up: reads it as a learner does, with nothing but the characters on it.

Nothing here knows how the program writes its lines; it is a pocket calculator for text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal

NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?"
_LINE = re.compile(rf"(?P<name>\S+\[.*?\]|\S+)  (?:\S+ → )?(?P<value>{NUMBER}) (?P<sign>[=≈]) (?P<right>.+)")
_NOTES = re.compile(r" {3}(?:the source printed|原文).*$| +\((?:sum of the other \d+|the other \d+ are 0|bias)\)")
_ROOT = re.compile(r"√(\d+)(?: {3}\(√\d+ [=≈] \S+\))?")
_PLAIN = re.compile(rf"(?:{NUMBER}|[-+*/() ,]|exp|log|sqrt|tanh|\*\*2)+")


def calculated(text: str) -> float | None:
    """What a written formula comes to; None for what is no formula of plain numbers."""
    signs = _ROOT.sub(r"sqrt(\1)", text).replace("×", "*").replace("÷", "/").replace("²", "**2")
    signs = re.sub(rf"ln ({NUMBER})", r"log(\1)", signs).replace("√(", "sqrt(")
    if "…" in text or not _PLAIN.fullmatch(signs):
        return None
    try:
        return float(eval(signs, {"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "tanh": math.tanh}))
    except (ZeroDivisionError, ValueError):
        return math.inf


def rounds(value: str, exact: float) -> bool:
    """Whether the exact number, rounded to the digits shown, is the one that is shown."""
    exponent = Decimal(value).as_tuple().exponent
    assert isinstance(exponent, int)
    return math.isfinite(exact) and abs(Decimal(exact) - Decimal(value)) <= Decimal(5).scaleb(exponent - 1) * (
        1 + Decimal("1e-9")
    )


def claims(line: str) -> Iterator[tuple[str, float]]:
    """Each number of a line of arithmetic, and what the formula behind its sign comes to."""
    found = _LINE.fullmatch(_NOTES.sub("", line.strip()))
    if found is None:
        return
    parts = re.split(rf", (?={NUMBER} [=≈] exp)", found["right"])
    value = found["value"]
    for index, part in enumerate(parts):
        if index:
            value, _, part = re.split(r" ([=≈]) ", part, maxsplit=1)
        exact = calculated(part)
        if exact is not None:
            yield value, exact


def wrong_lines(lines: list[str]) -> list[str]:
    """The lines of arithmetic whose written formula rounds to another number than the one that is shown."""
    return [line for line in lines if not all(rounds(value, exact) for value, exact in claims(line))]


def wrong_sums(lines: list[str]) -> list[str]:
    """The tables of one query whose columns do not add up to the sum below them, or whose rows to what is behind =."""
    found = []
    rows: list[list[str]] = []
    for line in lines:
        before, _, after = re.sub(r"[\[\]]", " ", line).rpartition(" = ")
        if " × " in before and "÷" not in line:
            left = re.findall(rf"(?<!\S){NUMBER}(?!\S)", before.split(" × ")[0])
            right = re.findall(rf"(?<!\S){NUMBER}(?!\S)", before.split(" × ")[1])
            products = re.findall(rf"(?<!\S){NUMBER}(?!\S)", after)
            if len(left) == 1 and len(right) == len(products):
                rows.append(products)
                found += [
                    line
                    for one, product in zip(right, products, strict=True)
                    if not rounds(product, float(left[0]) * float(one))
                ]
        elif re.match(r" *O ", line) and rows:
            sums = re.findall(rf"(?<!\S){NUMBER}(?!\S)", re.sub(r"[\[\]]", " ", line).split("O ", 1)[1])[
                -len(rows[0]) :
            ]
            columns = zip(*rows, strict=True)
            found += [
                line
                for shown, column in zip(sums, columns, strict=False)
                if not rounds(shown, sum(float(one) for one in column))
            ]
            rows = []
    return found
