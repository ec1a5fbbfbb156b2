"""Files that other files name: where there is a pipe in place of one, nobody waits for whoever might write into it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from qkvtui.errors import ExampleError, UsageError
from qkvtui.files.read import load, parse_example
from qkvtui.files.source import NotAFileError, read_file
from qkvtui.files.tensors import mapped
from qkvtui.models.folder import ModelFolder
from qkvtui.models.gguf import GgufFile
from qkvtui.shell.completion import completed
from tests.files import samples

SECONDS = 20
NOTHING = ("", "all\t\n")
"""What is offered behind --query where nothing is known of the example."""


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A pipe that nobody writes into; whoever waits for it fails instead."""

    def waited(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it waits for a pipe")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(SECONDS)
    os.mkfifo(tmp_path / "pipe")
    yield tmp_path / "pipe"
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_the_run_that_a_patch_names_is_no_pipe(pipe: Path) -> None:
    """The program would have waited for ever, deaf to the keyboard where it reads the file again."""
    (pipe.parent / "other.toml").symlink_to("pipe")
    told = '[[patch]]\nfrom = "other.toml"\nwatch = "weights[0,1]"\n'
    with pytest.raises(ExampleError, match="is a pipe or a device, not a file"):
        parse_example(samples.TOP + samples.PROJECTED + told, folder=str(pipe.parent))


@pytest.mark.parametrize("name", ["snapshots/1/README.md", "refs/main", "snapshots/1/model.safetensors"])
def test_the_folder_of_a_model_may_have_pipes(name: str, pipe: Path) -> None:
    """A folder that was downloaded from who knows where kept the program waiting for its licence."""
    folder = pipe.parent / "model"
    (folder / "refs").mkdir(parents=True)
    (folder / "snapshots" / "1").mkdir(parents=True)
    (folder / name).symlink_to(pipe)
    found = ModelFolder(str(folder))
    assert found.licence is None
    assert not found.has("model.safetensors")
    with pytest.raises(NotAFileError):
        mapped(str(folder / name))


def test_a_pipe_is_no_gguf_file(pipe: Path) -> None:
    """`qkvtui model.gguf "A sentence"` would have waited."""
    with pytest.raises(UsageError, match="is a pipe or a device, not a file"):
        GgufFile(str(pipe))


def test_tab_waits_for_no_pipe(pipe: Path) -> None:
    """The shell would have hung at a Tab."""
    assert completed(["3", "print", str(pipe), "--query", ""]) in NOTHING


@pytest.mark.parametrize("told", ["a." * 20_000 + "a = 1", "x = " + "[" * 5_000])
def test_tab_reads_nothing_that_would_keep_it(told: str, tmp_path: Path) -> None:
    """A file of 40 kB took the shell 1.6 GiB at a Tab, or printed a traceback into the line."""
    (tmp_path / "mine.toml").write_text(told, encoding="utf-8")
    assert completed(["3", "print", str(tmp_path / "mine.toml"), "--query", ""]) in NOTHING


def test_a_pipe_on_the_command_line_is_read(pipe: Path) -> None:
    """`qkvtui print <(make-an-example)` would have been refused."""
    if os.fork() == 0:
        try:
            pipe.write_text(samples.TOP + samples.PROJECTED, encoding="utf-8")
        finally:
            os._exit(0)
    assert load(str(pipe)).tokens == ("one", "two")
    with pytest.raises(ExampleError, match="is a pipe or a device"):
        read_file(str(pipe), "pipe", waits=False)
    os.wait()
