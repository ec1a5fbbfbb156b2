"""Contrast as WCAG 2 measures it."""

from __future__ import annotations

Rgb = tuple[int, int, int]


def rgb(written: str) -> Rgb:
    """`ff0000`, or `#ff0000`, as three numbers."""
    written = written.removeprefix("#")
    return int(written[:2], 16), int(written[2:4], 16), int(written[4:], 16)


def luminance(color: Rgb) -> float:
    """Relative luminance (WCAG 2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1, the same, to 21, black on white (WCAG 2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
