"""A scale as people write it: `1/sqrt(d_k)`, `none`, `0.5`, `1/√3`, `1/sqrt(d_model)`, `d_k**-0.5`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..engine.magnitudes import LARGEST, is_usable
from ..errors import UsageError
from ..graph.example import NO_SCALE, STANDARD_SCALE, Scale
from ..graph.printed import WrittenNumber
from ..said import say
from .expression import LONGEST, evaluate
from .numerals import plain_signs
from .phrases import did_you_mean, listed, quoted

_LENGTHS = ("d_k", "d_model", "d_v", "heads")
_FUNCTIONS = ("sqrt", "exp")
_NAME = re.compile(r"(?<![0-9.\w])[A-Za-z]\w*")
_TRIED = (2, 7, 30, 101)
"""If it is 1/√d_k for so different lengths, it is meant for all."""


def read_scale(text: str, lengths: Mapping[str, int | None]) -> Scale:
    """What the scores are multiplied by; a sum of numbers keeps its text. Raises UsageError.

    `lengths` has what may stand for a number: d_k, d_model, d_v and heads, as far as they are known.
    """
    plain = plain_signs(text[: 2 * LONGEST]).strip()
    if plain == NO_SCALE:
        return NO_SCALE
    names = set(_NAME.findall(plain)).difference(_FUNCTIONS)
    for name in sorted(names.difference(_LENGTHS)):
        raise UsageError(
            say(
                "{text}: {name} is not known; {hint}",
                text=quoted(text),
                name=name,
                hint=did_you_mean(name, _LENGTHS),
            )
        )
    if plain == STANDARD_SCALE or (names == {"d_k"} and all(_is_standard(plain, d_k) for d_k in _TRIED)):
        return STANDARD_SCALE
    unknown = sorted(name for name in names if lengths.get(name) is None)
    if unknown:
        raise UsageError(
            say("{text} needs {names}, which this example does not have", text=quoted(text), names=listed(unknown))
        )
    number = evaluate(_with_lengths(plain, {name: lengths[name] or 0 for name in names}))
    if not is_usable(number):
        raise UsageError(say("{text} is too large to compute with", text=quoted(text)))
    if abs(number) < 1 / LARGEST:
        raise UsageError(say("a scale of 0 would make all scores equal; write none for no scale"))
    return WrittenNumber(number, plain)


def _is_standard(plain: str, d_k: int) -> bool:
    try:
        return math.isclose(evaluate(_with_lengths(plain, {"d_k": d_k})), 1 / math.sqrt(d_k))
    except UsageError:
        return False


def _with_lengths(plain: str, lengths: Mapping[str, int]) -> str:
    return _NAME.sub(lambda found: f"({lengths[found[0]]})" if found[0] in lengths else found[0], plain)
