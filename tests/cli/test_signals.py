"""Signals that end the program: what they wait for, and that nothing is said when they come early."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from types import FrameType

import pytest

from qkvtui.signals import ENDING, held, put_right_first
from tests.cli.program import REPOSITORY, environment

AS_IT_IMPORTS = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from qkvtui.__main__ import main
sys.exit(main())
"""


@pytest.fixture
def obeyed() -> Iterator[list[int]]:
    """The signals that this process would have ended by, one after the other."""
    came: list[int] = []

    def obey(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, obey) for number in ENDING}
    yield came
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_waits_until_what_is_half_done_is_done(number: int, obeyed: list[int]) -> None:
    """`kill` would have left half of two files that belong together."""
    with held():
        signal.raise_signal(number)
        signal.raise_signal(signal.SIGTERM)
        assert obeyed == []
    assert obeyed == [number]
    signal.raise_signal(number)
    assert obeyed == [number, number]


def test_a_block_that_fails_obeys_a_signal_too(obeyed: list[int]) -> None:
    """Where the disk was full as well, `kill` would have had no effect."""

    @held()
    def fail() -> None:
        signal.raise_signal(signal.SIGTERM)
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert obeyed == [signal.SIGTERM]


@pytest.mark.parametrize("number", ENDING)
def test_what_has_to_be_put_right_is_put_right_first(number: int, obeyed: list[int]) -> None:
    """The cursor would have stayed hidden."""
    undone: list[int] = []
    with put_right_first(lambda: undone.append(len(obeyed))):
        signal.raise_signal(number)
        assert obeyed == [number]
    assert undone == [0]
    signal.raise_signal(number)
    assert undone == [0]


def test_a_signal_that_is_ignored_stays_ignored(obeyed: list[int]) -> None:
    """`nohup qkvtui learn` would have ended with the connection after all."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with held(), put_right_first(lambda: obeyed.append(0)):
        signal.raise_signal(signal.SIGHUP)
    assert obeyed == []


@pytest.mark.sampled(4)
@pytest.mark.parametrize("arguments", [("print", "animal"), ("learn", "animal-learn"), ("--help",)])
@pytest.mark.parametrize("module", ["qkvtui.cli", "argparse", "numpy", "numpy._core._multiarray_umath", "rich.console"])
def test_ctrl_c_while_it_starts_is_quiet(module: str, arguments: tuple[str, ...]) -> None:
    """Who changes his mind at once would have met a traceback of Python's or of NumPy's."""
    code = AS_IT_IMPORTS.format(module=module)
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, env=environment(), cwd=REPOSITORY, check=False
    )
    if arguments == ("--help",) and module.startswith(("numpy", "rich")):
        assert ended.returncode == 0  # it needs neither
    else:
        assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")
