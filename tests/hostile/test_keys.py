"""Random keyboard keys, mouse, pastes, sizes and torn sequences in the application, on lessons and on hostile texts."""

from __future__ import annotations

import json
import random
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.hostile.changes import TEXTS
from tests.terminal.driver import PRISTINE, QKVTUI, ROOT, Terminal, clean_environment

SEEDS, LENGTH = 24, 50
LESSONS = (
    "animal",
    "animal-learn",
    "two-heads",
    "two-layers-learn",
    "next-word",
    "how-tired-gets-in",
    "sentence-learn",
)
KEYS = (
    *(
        "\x1b[C",
        "\x1b[D",
        "\x1b[A",
        "\x1b[B",
        "\x1b[H",
        "\x1b[F",
        "\x1b[5~",
        "\x1b[6~",
        "\r",
        "\x7f",
        "\x1b",
        "\t",
        "\x1b[Z",
    ),
    *"nN.,;:[](){}<>+-=/0123456789abcdefghijklmorstuvwxyzADEFGHLMPQRSTYC?",
    *("\x10", "\x12", "\x15", "\x0b", "\x17", "\x1a"),
)
PROMPTS = "g/etwrds"
TYPED = (
    *("0.5", "1e308", "nan", "1/0", "9**9**9", "scores[it,animal]", "W_Q[0,1]=2", "X[0,0]=9e99", "weights@1[0,0]"),
    *(
        "[/red]",
        "[@click=app.quit]x[/]",
        "它",
        "\u202eabc",
        "e\u0301",
        "😀" * 3,
        "a" * 300,
        "(" * 200,
        "no/x.toml",
        "y",
        "n",
        "",
    ),
)
TORN = (
    *(
        b"\xff",
        b"\xc3",
        b"\xe9",
        b"\xf0\x9f\x98",
        b"\x1b[",
        b"\x1b[<0;",
        b"\x1b[<999999999999;1;1M",
        b"\x1b[200~",
        b"\x1b]0;",
    ),
    *(
        b"\x1b[999999999999999999999u",
        b"\x1b[M !!",
        b"\x1b[8;0;0t",
        b"\x1b[48;0;0;0;0t",
        b"\x1b[1;1;1R",
        b"\x1bP1$r0m\x1b\\",
    ),
)
SIZES = ((2, 2), (1, 1), (20, 5), (39, 11), (40, 12), (60, 20), (80, 24), (116, 30), (300, 90))
_FOREIGN = re.compile(
    rb"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)
"""Controls, and signs that turn a line round: what no page of the application sends."""
Step = bytes | tuple[int, int]


def steps_of(seed: int) -> list[Step]:
    """What is sent, one after the other: bytes, or a size of the terminal."""
    rng = random.Random(f"keys {seed}")
    found: list[Step] = []
    while len(found) < LENGTH:
        match rng.choices(range(5), (60, 14, 6, 8, 6))[0]:
            case 0:
                found += [rng.choice(KEYS).encode() for _ in range(rng.choice((1, 1, 2, 3, 6)))]
            case 1:
                found += [one.encode() for one in (rng.choice(PROMPTS), rng.choice(TYPED), rng.choice("\r\r\r\x1b"))]
            case 2:
                found.append(f"\x1b[200~{rng.choice((*TYPED, *TEXTS))}\x1b[201~".encode())
            case 3:
                found.append(
                    f"\x1b[<{rng.choice((0, 0, 64, 65, 35))};{rng.randrange(1, 90)};{rng.randrange(1, 30)}M".encode()
                )
            case _:
                found.append(rng.choice(SIZES) if rng.random() < 0.7 or seed % 3 else rng.choice(TORN))
    return found


def lesson_of(seed: int, folder: Path) -> str:
    """A bundled lesson, or one with hostile texts."""
    rng = random.Random(f"lesson {seed}")
    if seed % 4:
        return rng.choice(LESSONS)
    usual = [one for one in TEXTS if one.strip() and len(one) <= 2000]
    tokens = rng.sample(usual, 3)
    path = folder / "mine.json"
    matrix = [[1, 0], [0, 1]]
    told = {"title": rng.choice(usual), "about": rng.choice(usual), "tokens": tokens, "gloss": rng.sample(usual, 3)}
    numbers = {"inputs": {"X": [[1, 0], [0, 1], [1, 1]]}, "parameters": dict.fromkeys(("W_Q", "W_K", "W_V"), matrix)}
    path.write_text(json.dumps({"format": 1, **told, **numbers}), encoding="utf-8")
    return str(path)


def failure(lesson: str, steps: Sequence[Step], folder: Path) -> str:
    """What went wrong; empty where nothing did."""
    environment = clean_environment(HOME=str(folder), PYTHONPATH=str(ROOT))
    command = ("sh", "-c", f'cd "$0" && exec {" ".join(QKVTUI)} "$1"', str(folder), lesson)
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for_output(b"\x1b[?1049h")
        terminal.wait_until_quiet()
        for step in steps:
            if terminal.has_ended():
                break
            if isinstance(step, bytes):
                terminal.send(step)
            else:
                terminal.resize(*step)
            terminal.wait_until_quiet(0.01)
        try:
            return _ending(terminal)
        except AssertionError as error:
            return str(error)[:600]


def _ending(terminal: Terminal) -> str:
    """What is wrong with the end, which a signal brings where no key has."""
    by_itself = terminal.has_ended()
    if not by_itself:
        terminal.resize(80, 24)
        terminal.wait(lambda one: any(line.strip() for line in one.lines))
        terminal.signal(signal.SIGTERM)
    status = terminal.wait_for_end()
    if status not in ((0, 130) if by_itself else (0, 130, 143)):
        return f"status {status}"
    if b"Traceback" in terminal.output or b"\x07" in re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", bytes(terminal.output)):
        return "traceback"
    found = _FOREIGN.search(terminal.output)
    if found is not None:
        return f"foreign {bytes(terminal.output[found.start() - 20 : found.start() + 20])!r}"
    return "" if terminal.modes == PRISTINE and terminal.attributes == terminal.attributes_before else "not restored"


def smallest(lesson: str, steps: list[Step], folder: Path) -> list[Step]:
    """The steps without those that the failure does not need; a few dozen tries."""
    size = max(1, len(steps) // 2)
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if failure(lesson, fewer, folder):
                steps = fewer
            else:
                at += size
        size //= 2
    return steps


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_is_pressed_the_application_lives_and_gives_the_terminal_back(seed: int, tmp_path: Path) -> None:
    """A key at the wrong moment: a traceback, a deaf keyboard, a blank screen, a terminal left in raw mode."""
    lesson, steps = lesson_of(seed, tmp_path), steps_of(seed)
    what = failure(lesson, steps, tmp_path)
    if what:
        steps = smallest(lesson, steps, tmp_path)
    assert not what, f"{what}\n{lesson}\n{steps}"
