"""How dark a share of the attention is in HTML and SVG, on light and on dark paper; the number always stands in it."""

from __future__ import annotations

LIGHT = (
    ("#ffffff", "#111111"),
    ("#e3f1fb", "#111111"),
    ("#c6e2f6", "#111111"),
    ("#9fcdf0", "#111111"),
    ("#6fb3e6", "#111111"),
    ("#3f95d6", "#000000"),
    ("#1b66ab", "#ffffff"),
    ("#0b3f78", "#ffffff"),
)
"""(background, text) from no attention to all of it."""
DARK = (
    ("#121417", "#eeeeee"),
    ("#14263a", "#eeeeee"),
    ("#163453", "#ffffff"),
    ("#18446f", "#ffffff"),
    ("#1a558d", "#ffffff"),
    ("#3f95d6", "#000000"),
    ("#7cc0f0", "#000000"),
    ("#c3e4fb", "#000000"),
)


def level(share: float) -> int:
    """Which of the shades a share between 0 and 1 has."""
    return max(0, min(len(LIGHT) - 1, round(share * (len(LIGHT) - 1))))


def heat_rules(of: tuple[tuple[str, str], ...], paint: str) -> str:
    """The rules of a style sheet; `paint` has places for {level}, {back} and {front}."""
    return "".join(
        paint.format(level=number, back=back, front=front) for number, (back, front) in enumerate(of) if number
    )
