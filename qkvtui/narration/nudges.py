"""A gradient tried out, in words: `1.00 → 1.01: loss 1.51050 → 1.51006; gradient -0.0439 × 0.01 ≈ -0.00044 ✓`."""

from __future__ import annotations

from decimal import Decimal

from ..trace.nudge import Nudge
from .language import LanguageTexts
from .numbers import as_decimal, decimals_of, equals, number, slope_number
from .sentences import Role, Sentence, Span, filled

_MOST_DECIMALS = 7
"""A loss is shown with no more; of a smaller change only that is shown."""
_DIGITS = 4
"""Decimals that a loss and a gradient have at least."""


def nudge_said(nudge: Nudge, texts: LanguageTexts, digits: int) -> Sentence:
    """The number, the loss, and what the gradient says, with as many digits as show it."""
    fine = max(digits, _DIGITS)
    decimals = _adding_up(nudge, fine) if nudge.outcome == "straight" else None
    name = "fine" if nudge.outcome == "straight" and decimals is None else nudge.outcome
    step = number(nudge.step, decimals_of(nudge.step, 1))
    gradient = slope_number(nudge.gradient, fine)
    change, said = slope_number(nudge.change, fine), slope_number(nudge.said, fine)
    if name == "flat":  # but for what is only rounding
        gradient = said = "0"
    elif name == "fine":
        change, said = _alike(nudge.change, nudge.said, fine)
    elif decimals is not None:
        said = number(nudge.said, decimals)
    shown = {
        **dict(zip(("before", "after"), _numbers(nudge, digits), strict=True)),
        "loss": number(nudge.loss, decimals or fine),
        "loss_after": number(nudge.loss_after, decimals or fine),
        "change": change if change.startswith("-") else f"+{change}",
        "gradient": gradient,
        "step": step,
        "said": f"{equals(said, (as_decimal(gradient) or Decimal(0)) * Decimal(step))} {said}",
    }
    return filled(texts.learning[f"nudge_{name}"], lambda field: (Span(shown[field], Role.NUMBER),))


def _alike(change: float, said: float, digits: int) -> tuple[str, str]:
    """Two numbers that are nearly the same with so many digits that they look the same: two, or three, or one."""
    for significant in (2, 3, 1):
        pair = slope_number(change, digits, significant), slope_number(said, digits, significant)
        if pair[0] == pair[1]:
            return pair
    return slope_number(change, digits), slope_number(said, digits)


def _numbers(nudge: Nudge, digits: int) -> tuple[str, str]:
    """The number before and after, with the decimals of the step at least."""
    decimals = max(digits, decimals_of(nudge.step, 1))
    return number(nudge.before, decimals), number(nudge.after, decimals)


def _adding_up(nudge: Nudge, least: int) -> int | None:
    """With how many decimals the shown losses differ by exactly what the gradient says; None where with too many."""
    first = max(least, decimals_of(nudge.said))
    for decimals in (first, first + 1, max(least, first - 1)):
        losses = [as_decimal(number(loss, decimals)) or Decimal(0) for loss in (nudge.loss, nudge.loss_after)]
        if decimals <= _MOST_DECIMALS and losses[1] - losses[0] == as_decimal(number(nudge.said, decimals)):
            return decimals
    return None
