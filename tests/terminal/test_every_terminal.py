"""Whom “it” attends to can be read in every terminal: sixteen colours or none, tmux, screen, small and large."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from .driver import COLOURS, QKVTUI, Terminal, clean_environment

PLACE = "animal#weights[it,animal]"
SIZES = ((40, 12), (60, 20), (80, 24), (120, 40), (300, 100))
TERMINALS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "256 colours": ((), {}),
    "true colours": ((), {"COLORTERM": "truecolor"}),
    "16 colours": ((), {"TERM": "xterm"}),
    "the Linux console": (("--ascii",), {"TERM": "linux"}),
    "monochrome": ((), {"NO_COLOR": "1", "TERM": "vt100"}),
    "ASCII": (("--ascii", "--color", "never"), {}),
    "light": (("--theme", "light"), {}),
    "light, 16 colours": ((), {"TERM": "xterm", "COLORFGBG": "0;15"}),
    "the terminal's own colours": (("--theme", "ansi"), {}),
    "high contrast": (("--theme", "high-contrast"), {}),
    "Chinese": (("--lang", "zh"), {}),
}
"""What it is called → options, and variables of the environment."""
AROUND = ("tmux", "screen")


@contextmanager
def on(
    around: str, options: tuple[str, ...], variables: dict[str, str], size: tuple[int, int], folder: Path
) -> Iterator[Terminal]:
    """The program in a terminal, or inside of one of the programs that share a terminal."""
    program = (*QKVTUI, PLACE, *options)
    if around == "tmux":
        settings = folder / "tmux.conf"
        settings.write_text("set -g status off\n", encoding="utf-8")
        program = ("tmux", "-L", f"qkvtui-{folder.name}", "-f", str(settings), "new-session", *program)
    elif around == "screen":
        settings = folder / "screenrc"
        settings.write_text("startup_message off\ndefutf8 on\n", encoding="utf-8")
        variables = variables | {"SCREENDIR": str(folder)}
        folder.chmod(0o700)
        program = ("screen", "-U", "-c", str(settings), *program)
    environment = clean_environment(**variables)
    with Terminal(program, columns=size[0], rows=size[1], environment=environment) as terminal:
        yield terminal
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def attended(lines: list[str]) -> dict[str, float]:
    """The tokens of the sentence with the weights that stand below them, as a reader sees them."""
    at = next(index for index, line in enumerate(lines) if re.search(r"[▸>]it[◂<]", line))
    words = [(match.start(), match.end(), match[0]) for match in re.finditer(r"\S+", lines[at])]
    below = [(match.start(), match.end(), float(match[0])) for match in re.finditer(r"\d\.\d\d", lines[at + 1])]
    return {
        word.strip("▸◂><"): weight
        for start, end, word in words
        for first, last, weight in below
        if start <= (first + last) / 2 <= end
    }


def check(around: str, name: str, size: tuple[int, int], folder: Path) -> None:
    """“it” gives most to “animal”: the sentence says so, and the number is marked where the cursor is."""
    if around and shutil.which(around) is None:
        pytest.skip(f"{around} is not installed")
    options, variables = TERMINALS[name]
    with on(around, options, variables, size, folder) as terminal:
        terminal.wait("[0.26]")
        terminal.wait_until_quiet()
        weights = attended(terminal.lines)
        assert weights["animal"] == 0.26, terminal.text
        assert max(weights, key=lambda token: weights[token]) == "animal", terminal.text
        assert all(len(line) <= size[0] for line in terminal.lines)
        assert re.search(r"[▸▾>v]animal", terminal.text), terminal.text
        if name == "monochrome" and not around:
            assert COLOURS.findall(bytes(terminal.output)) == []
        if "ASCII" in name:
            assert "\n".join(terminal.lines[:-1]).isascii()  # the footer has the other language's own name
        assert terminal.under_cursor(5) == "0.26]"
        assert terminal.modes.cursor_shown


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("name", "size"), list(product(TERMINALS, SIZES)))
def test_whom_it_attends_to_can_be_read(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    """In one of them the answer to the lesson's question would have been out of sight, or told by a colour only."""
    check("", name, size, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", ["256 colours", "16 colours", "monochrome"])
@pytest.mark.parametrize("size", SIZES)
def test_it_can_be_read_inside_of_what_shares_a_terminal(
    around: str, name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    """tmux and screen have colours, sizes and a cursor of their own."""
    check(around, name, size, tmp_path)
