"""Forty answers, typed in a real terminal and written into files: one judge, one verdict."""

from __future__ import annotations

import pytest

from tests.cli.program import run

from .driver import ENTER, ESCAPE, Terminal, qkvtui

CELL = "weights[it,animal]"
"""0.2565…"""
TYPED = (
    *("0.26", ".26", "0.257", "0.2565", "0.2565046264", "0.260", "26e-2", "2.6e-1", "0,26", "0,2565", "26%", "25.7%"),
    *("25,65 %", "≈0.26", "≈ 0,26", "~0.26", "= 0.26", "０．２６", "２６％", "1/3.9", "1.00/3.90 ≈ 0.256", "+0.26"),
    *("exp(0)/3.9", "0.2*0.2 + 0.2165", "(1 - 0.7435)", "0.255", "0.3", "0.25", "1/4", "0.2", "0.43", "1.82", "26"),
    *("-0.26", "−0.2565", "a quarter", "0.2.6", "1/0", "0,2,6", "____"),
)
SAID = {
    "right": "Right: it is 0.26.",
    "follows": "counts as right",
    "wrong": "is off by",
    "unreadable": "character",
    "missing": "a number is missing",
}


def on_paper(text: str) -> str:
    """The verdict on the answer in a file."""
    found = run("check", "animal", "--answers", "-", "--format", "json", stdin=f'"{CELL}","{text}"\n').json
    (verdict,) = (one["verdict"] for one in found["answers"] if one["address"] == CELL)
    return str(verdict)


def on_screen(terminal: Terminal, text: str) -> str:
    """The verdict on the answer typed behind `t`; a refused one is still there to be mended."""
    terminal.press("t")
    terminal.wait(lambda seen: f"{CELL} = ?" in seen.text and not any(said in seen.text for said in SAID.values()))
    terminal.press(text, ENTER)
    terminal.wait(lambda seen: any(said in seen.text for said in SAID.values()))
    verdict = next(name for name, said in SAID.items() if said in terminal.text)
    if verdict in ("unreadable", "missing"):
        assert text in terminal.lines[-1]
        terminal.press(ESCAPE)
        terminal.wait(lambda seen: SAID[verdict] not in seen.text)
    return verdict


@pytest.mark.slow
def test_forty_typed_answers_get_the_same_verdict_on_the_screen_and_in_a_file() -> None:
    """What is right on paper was wrong on the screen: a percentage, a comma, an ≈; and a refusal was not seen."""
    assert len(TYPED) == 40
    with qkvtui(f"animal#{CELL}") as terminal:
        terminal.wait("step 7 of 11")
        screen = {text: on_screen(terminal, text) for text in TYPED}
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert screen == {text: on_paper(text) for text in TYPED}
    counts = [list(screen.values()).count(verdict) for verdict in SAID]
    assert sum(counts) == 40
    assert all(counts), dict(zip(SAID, counts, strict=True))
