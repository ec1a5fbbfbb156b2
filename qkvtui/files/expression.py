"""Sums as a learner types them, `0.5*0.9 + 0.5*0.8`, `17/20`, `exp(0.6-0.6)/3.9`, worked out without `eval`."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from ..errors import UsageError
from ..said import say, typed
from .numerals import plain_signs

NOTHING_WRITTEN = say("a number is missing; write one, or a sum such as 0.5*0.9 + 0.5*0.8")
LONGEST = 500
"""Characters of an expression."""
DEEPEST = 40
"""Brackets, signs and powers inside each other."""
MOST_DECIMALS = 12
"""Of a computed number, more are noise."""
_MOST_SHOWN = 60
_LARGEST_POWER = 300

# Compiled when first looked for: few files have sums.
_TOKEN = (
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*|,[0-9]+)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z]+)"
    r"|(?P<sign>\*\*|[-+*/^()√∞%]))"
)
_PLAIN = (
    r"[+-]?(?:[0-9]+(?:\.(?P<point>[0-9]*)|,(?P<comma>[0-9]+))?|[.,](?P<alone>[0-9]+))"
    r"(?:[eE](?P<power>[+-]?[0-9]+))?(?P<percent>\s*%)?"
)
_COMES_TO = "[=≈~≃≅∼≐]"
"""Between a sum and what it comes to, or alone before a number."""
_PERCENT_DECIMALS = 2
_SAME_SIGN = str.maketrans(dict(zip("–×·⋅∙÷∕", "-****//", strict=True)))
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
    "^": math.pow,
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"exp": math.exp, "sqrt": math.sqrt}


def evaluate(text: str) -> float:
    """The number that an expression comes to: + - * / ** % and brackets, a sign, exp, sqrt, e notation, inf.

    Also as one writes by hand: × · ÷ − √2 ^ ∞, full-width characters, a comma before the decimals, and `≈ 0.26` or
    `1/3.9 = 0.26`, of which what stands last counts. Raises UsageError, which says at which character what is wrong;
    never takes long, whatever the text.
    """
    expression = _clean(text)
    if len(expression) > LONGEST:
        raise UsageError(say("the expression is longer than {count} characters", count=LONGEST))
    return _Reader(expression).value()


def decimals_of_number(text: str, least: int = 0) -> int | None:
    """The decimals of a number as it was written, 2 for `0.85`, `0,85` and `85%`, 5 for `1.23e-3`; None for a sum.

    A number with fewer than `least` counts as one with so many: 0.9 as 0.90, and 1.2e+06 as 1.20e+06, but 2.6e-1 has
    two of its own. More than MOST_DECIMALS tell nothing more.
    """
    match = re.fullmatch(_PLAIN, _clean(text))
    if match is None or len(match["power"] or "") > 4:
        return None
    power = int(match["power"] or 0)
    written = len(match["point"] or match["comma"] or match["alone"] or "") - power
    written += _PERCENT_DECIMALS if match["percent"] else 0
    decimals = max(written, least - max(0, power))
    return max(-_LARGEST_POWER, min(decimals, MOST_DECIMALS))


def _clean(text: str) -> str:
    return re.split(_COMES_TO, plain_signs(text[: 2 * LONGEST]).translate(_SAME_SIGN))[-1].strip()


class _Token(NamedTuple):
    kind: str
    """`number`, `name`, `sign`, or `end`."""
    text: str
    position: int
    """Of its first character, from 1."""


class _Reader:
    """Reads a sum of products of signed powers, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._token = self._next()

    def value(self) -> float:
        """The whole expression."""
        if self._token.kind == "end":
            raise UsageError(NOTHING_WRITTEN)
        found = self._sum()
        if self._token.kind != "end":
            self._fail(say("{text} does not belong here", text=typed(self._token.text)))
        return found

    def _sum(self) -> float:
        found = self._product()
        while self._token.text in ("+", "-"):
            sign = self._take()
            found = self._checked(sign, _OPERATIONS[sign.text], found, self._product())
        return found

    def _product(self) -> float:
        found = self._signed()
        while self._token.text in ("*", "/"):
            sign = self._take()
            found = self._checked(sign, _OPERATIONS[sign.text], found, self._signed())
        return found

    def _signed(self) -> float:
        if self._token.text not in ("+", "-"):
            return self._power()
        sign = self._take()
        with_sign = self._deeper(self._signed)
        return -with_sign if sign.text == "-" else with_sign

    def _power(self) -> float:
        base = self._share()
        if self._token.text not in ("**", "^"):
            return base
        sign = self._take()
        return self._checked(sign, _OPERATIONS[sign.text], base, self._deeper(self._signed))

    def _share(self) -> float:
        """A number, or so many hundredths."""
        found = self._atom()
        while self._token.text == "%":
            found = self._checked(self._take(), operator.truediv, found, 100.0)
        return found

    def _atom(self) -> float:
        token = self._take()
        if token.kind == "number":
            after = self._token
            if after.kind == "number" and after.text[0] in ".," and "," in token.text + after.text:
                self._fail(say("a comma stands before the decimals here; leave out the one between thousands"), token)
            return self._checked(token, float, token.text.replace(",", "."))
        if token.text in ("∞", "inf"):
            return math.inf
        if token.text == "√":
            return self._checked(token, math.sqrt, self._deeper(self._atom))
        if token.text == "(":
            return self._closed()
        if token.text not in _FUNCTIONS:
            self._refuse(token)
        if self._token.text != "(":
            self._fail(say("'(' is missing after {text}", text=token.text))
        self._take()
        return self._checked(token, _FUNCTIONS[token.text], self._closed())

    def _refuse(self, token: _Token) -> NoReturn:
        """Something else stands where a number should."""
        if token.kind == "end":
            self._fail(say("a number is missing"), token)
        if token.kind == "name":
            self._fail(say("{text} is not known; there are exp, sqrt and inf", text=typed(token.text[:20])), token)
        self._fail(say("{text} stands where a number is expected", text=typed(token.text)), token)

    def _closed(self) -> float:
        found = self._deeper(self._sum)
        if self._token.text != ")":
            self._fail(say("')' is missing"))
        self._take()
        return found

    def _deeper(self, read: Callable[[], float]) -> float:
        if self._depth == DEEPEST:
            self._fail(say("more than {count} brackets, signs or powers inside each other", count=DEEPEST))
        self._depth += 1
        found = read()
        self._depth -= 1
        return found

    def _checked(self, token: _Token, work: Callable[..., float], *operands: float | str) -> float:
        """The result of one operation, or what is wrong with it."""
        try:
            found = float(work(*operands))
        except ZeroDivisionError:
            self._fail(say("division by zero"), token)
        except OverflowError:
            self._fail(say("the number is too large"), token)
        except ValueError:
            self._fail(say("{text} has no value here", text=typed(token.text)), token)
        endless = any(isinstance(one, float) and math.isinf(one) for one in operands)
        if math.isnan(found):
            self._fail(say("{text} has no value here", text=typed(token.text)), token)
        if math.isinf(found) and not endless:
            self._fail(say("the number is too large"), token)
        return found

    def _take(self) -> _Token:
        token, self._token = self._token, self._next()
        return token

    def _next(self) -> _Token:
        match = re.compile(_TOKEN).match(self._text, self._at)
        if match is None:
            rest = self._text[self._at :]
            start = self._at + len(rest) - len(rest.lstrip())
            if rest.strip():
                self._fail(say("{text} is not known here", text=typed(rest.strip()[0])), _Token("", "", start + 1))
            return _Token("end", "", len(self._text) + 1)
        self._at = match.end()
        kind = match.lastgroup or ""
        return _Token(kind, match[kind], match.start(kind) + 1)

    def _fail(self, problem: str, token: _Token | None = None) -> NoReturn:
        position = (self._token if token is None else token).position
        shown = self._text if len(self._text) <= _MOST_SHOWN else f"{self._text[:_MOST_SHOWN]}…"
        raise UsageError(
            say("{text}, character {position}: {problem}", text=typed(shown), position=position, problem=problem)
        )
