"""The tests' own terminal shows what a real one would, between two writes too."""

from __future__ import annotations

import pytest

from .driver import Terminal


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("中文", "中文"),
        (r"中文\rx", "x 文"),
        (r"中文\r\033[Cx", " x文"),
        (r"中文\r\033[Cé中", " é中"),
        ("e\u0301中", "é中"),
    ],
)
def test_half_a_wide_character_written_over(written: str, seen: str) -> None:
    """The half that is left is a space, as xterm and tmux show it, and the columns stay in place."""
    with Terminal(["printf", written]) as terminal:
        assert terminal.wait_for_end() == 0
        assert terminal.lines[0] == seen
