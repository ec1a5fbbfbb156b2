"""What the values of options may be: each function takes what stands on the command line."""

from __future__ import annotations

import argparse

from .files.numerals import plain_signs
from .said import say, typed

_LONGEST = 100
"""Digits of a number on the command line; Python refuses to read thousands."""


def digits(text: str) -> int:
    """Decimals that are shown."""
    return _whole_number(text, 0, 15)


def file_name(text: str) -> str:
    """The name of a file."""
    if not text:
        raise argparse.ArgumentTypeError(say("an empty text is not the name of a file"))
    return text


def title(text: str) -> str:
    """What an example is called."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("an empty text is no title"))
    return text


def width(text: str) -> int:
    """Columns of a page."""
    return _whole_number(text, 20, 10_000)


def depth(text: str) -> int:
    """Levels that are opened."""
    return _whole_number(text, 0, 1000)


def seed(text: str) -> int:
    """Which random numbers."""
    return _whole_number(text, 0, 999_999_999)


def heads(text: str) -> int:
    """How many heads are listed."""
    return _whole_number(text, 1, 1_000_000)


def updates(text: str) -> int:
    """A number of updates."""
    return _whole_number(text, 1, 1_000_000)


def port(text: str) -> int:
    """Where a server listens; 0 is any that is free."""
    return _whole_number(text, 0, 65_535)


def visitors(text: str) -> int:
    """How many are served at once."""
    return _whole_number(text, 1, 1000)


def rate(text: str) -> float:
    """How far an update goes."""
    try:
        rate = float(plain_signs(text))
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(say("{text} is not a number above 0", text=typed(text)))
    return rate


def index_or_all(text: str) -> int | str:
    """A layer or a head, or all of them."""
    return text if text == "all" else index(text)


def index(text: str) -> int:
    """A layer or a head, from 0."""
    return _whole_number(text, 0, 10_000)


def _whole_number(text: str, least: int, most: int) -> int:
    plain = plain_signs(text)
    if not (plain.isdecimal() and plain.isascii() and len(plain) < _LONGEST and least <= int(plain) <= most):
        raise argparse.ArgumentTypeError(
            say("{text} is not a whole number from {least} to {most}", text=typed(text), least=least, most=most)
        )
    return int(plain)
