"""What `-o` never replaces: what is read, and without --force anything; and where there is nothing to replace."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from qkvtui.files import find
from tests.cli.program import REPOSITORY, environment, printed, run, spawn
from tests.files.samples import PROJECTED, TOP
from tests.samples import each

LEARN = '[learn]\nobjective = "attention"\ntarget = { one = [0.1, 0.9] }\nrate = 0.1\nsteps = 2\n'
ARRAYS = f'{TOP}arrays = "it.npz"\n{PROJECTED}'.replace("X = [[1, 2], [3, 4]]", 'X = "X"')
COMMANDS = {
    "print": ("print", "it.toml"),
    "why": ("why", "it.toml", "weights[one,two]"),
    "check": ("check", "it.toml"),
    "answers": ("check", "it.toml", "--answers", "answers.csv"),
    "grade": ("grade", "it.toml", "answers.csv"),
    "learn": ("learn", "it.toml"),
    "capture": ("capture", "--from", "model.npz"),
}
"""Every command with -o, by what it is called in this file."""
READ = {
    **dict.fromkeys(("print", "why", "check", "learn"), ("it.toml", "it.npz")),
    **dict.fromkeys(("answers", "grade"), ("it.toml", "it.npz", "answers.csv")),
    "capture": ("model.npz",),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: an example, its arrays, answers to it, and what a framework saved."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it.toml").write_text(ARRAYS + LEARN, encoding="utf-8")
    np.savez(tmp_path / "it.npz", X=np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.savez(tmp_path / "model.npz", Q=np.eye(2), K=np.eye(2), V=np.eye(2))
    (tmp_path / "answers.csv").write_text('"weights[one,two]",0.5\n', encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def in_text(command: str, name: str) -> tuple[str, ...]:
    """What makes the command write into a file of that name, though the name ends otherwise than a page of text."""
    return () if command == "learn" and name.endswith(".toml") else ("--format", "text")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_there_is_replaced_only_by_force(command: str, folder: Path) -> None:
    """Whoever mistyped a name would have lost another file, without a word."""
    line = (*COMMANDS[command], "-o", "out.toml" if command == "capture" else "out.txt")
    (folder / line[-1]).write_bytes(b"precious")
    (folder / "link").symlink_to(line[-1])
    before = contents(folder)
    ended = run(*line)
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages == f"qkvtui: {line[-1]}: there is such a file already; --force replaces it\n"
    if command != "capture":
        assert "link: there is such a file already" in run(*line[:-1], "link").messages
    assert contents(folder) == before
    assert run(*line, "--force").status in (0, 1)
    assert (folder / line[-1]).read_bytes() not in (b"precious", b"")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("alias", ["itself", "link", "hard link", "dots"])
@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "capture"])
def test_what_is_read_is_not_replaced_even_by_force(command: str, alias: str, folder: Path) -> None:
    """`print mine.toml -o mine.toml` turned the example into a page of text and said nothing."""
    for name in READ[command]:
        target = {"itself": name, "link": "other", "hard link": "other", "dots": f"../{folder.name}/./{name}"}[alias]
        if alias == "link":
            os.symlink(name, "other")
        elif alias == "hard link":
            os.link(name, "other")
        before = contents(folder)
        for force in ((), ("--force",)):
            ended = run(*COMMANDS[command], *in_text(command, name), "-o", target, *force)
            assert (ended.status, ended.output) == (2, "")
            told = f"{target}: is read, and what is read is never replaced; name another file"
            assert ended.messages == f"qkvtui: {told}\n"
        assert contents(folder) == before
        if target == "other":
            (folder / "other").unlink()


def test_the_arrays_of_a_framework_are_not_replaced_by_those_of_the_example(folder: Path) -> None:
    """`capture --from model.npz -o model.toml --force` wrote its own arrays over the only copy."""
    before = contents(folder)
    ended = run(*COMMANDS["capture"], "-o", "model.toml", "--force")
    assert (ended.status, "model.npz: is read" in ended.messages) == (2, True)
    assert contents(folder) == before


def test_the_arrays_of_a_task_are_not_replaced_by_what_was_learned(folder: Path) -> None:
    """`learn task.toml -o it.toml --force` wrote over the arrays that task.toml is made of."""
    (folder / "it.toml").rename(folder / "task.toml")
    before = contents(folder)
    ended = run("learn", "task.toml", "-o", "it.toml", "--force")
    assert (ended.status, "it.npz: is read" in ended.messages) == (2, True)
    assert contents(folder) == before


@pytest.mark.parametrize("wrong", ["format = 2\n", "tokens = [\n", "\x00\xff"])
def test_a_file_with_mistakes_is_not_replaced_by_the_list_of_them(wrong: str, folder: Path) -> None:
    """`check mine.toml -o mine.toml --force` left the mistakes and took the example."""
    (folder / "it.toml").write_bytes(wrong.encode("latin-1") + ARRAYS.encode())
    before = contents(folder)
    assert run("check", "it.toml", "--format", "text", "-o", "it.toml", "--force").status == 2
    assert contents(folder) == before


def test_a_file_on_standard_input_is_one_that_is_read(folder: Path) -> None:
    """`qkvtui print - -o it.toml --force < it.toml` took the example away."""
    before = contents(folder)
    with open("it.toml", "rb") as example:
        ended = subprocess.run(
            [sys.executable, "-m", "qkvtui", "print", "-", "--format", "text", "-o", "it.toml", "--force"],
            stdin=example,
            capture_output=True,
            env=environment(PYTHONPATH=str(REPOSITORY)),
        )
    assert (ended.returncode, b"is read" in ended.stderr) == (2, True)
    assert contents(folder) == before


def test_a_bundled_example_is_not_replaced_by_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program itself would have lost an example."""
    path = tmp_path / "animal.toml"
    shutil.copy(REPOSITORY / "examples" / "animal.toml", path)
    monkeypatch.setattr(find, "bundled_folder", lambda: str(tmp_path))
    before = contents(tmp_path)
    assert run("print", "animal", "--format", "text", "-o", path, "--force").status == 2
    assert contents(tmp_path) == before


def test_what_was_read_for_the_command_before_is_no_longer_read(folder: Path) -> None:
    """A program that runs one command after the other could have replaced nothing any more."""
    assert run("print", "it.toml").status == 0
    assert run("print", "animal", "--format", "text", "-o", "it.toml", "--force").status == 0


@pytest.mark.parametrize("command", ["print animal", "check animal", "learn animal-learn", "why animal scores[it,it]"])
def test_force_without_a_file_is_refused(command: str) -> None:
    """A slip such as `--force -` would have passed for a file that is written."""
    for more in ((), ("-o", "-")):
        ended = run(*command.split(), "--force", *more)
        assert (ended.status, ended.output, ended.messages) == (2, "", "qkvtui: --force goes with -o FILE\n")


def shell(line: str, folder: Path) -> None:
    """Run a line of bash in which `qkvtui` is the program; it must go well."""
    program = shlex.join([sys.executable, "-m", "qkvtui"])
    done = subprocess.run(
        ["bash", "-euc", f'qkvtui() {{ {program} "$@"; }}\n{line}'],
        cwd=folder,
        env=environment(PYTHONPATH=str(REPOSITORY)),
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", each(("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "out"), ("/dev/stdout", "out")))
def test_what_stands_in_standard_output_already_is_kept(name: str, tmp_path: Path) -> None:
    """`-o /dev/stdout >> notes.txt` took all that was in notes.txt."""
    page = printed("animal", "--step", "scores")
    (tmp_path / "out").symlink_to("/dev/stdout")
    shell(f"echo kept > f; qkvtui print animal --step scores -o {name} >> f", tmp_path)
    assert (tmp_path / "f").read_text(encoding="utf-8") == f"kept\n{page}"
    shell(f"{{ echo first; qkvtui print animal --step scores -o {name}; echo last; }} > f", tmp_path)
    assert (tmp_path / "f").read_text(encoding="utf-8") == f"first\n{page}last\n"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["/dev/stderr", "/dev/fd/2", "/dev/fd/7"])
def test_what_stands_in_any_other_open_file_is_kept(name: str, tmp_path: Path) -> None:
    """A log that a script keeps open lost its first and its last line."""
    page = printed("animal", "--step", "scores")
    number = {"/dev/stderr": 2, "/dev/fd/2": 2, "/dev/fd/7": 7}[name]
    shell(
        f"{{ echo first >&{number}; qkvtui print animal --step scores -o {name}; echo last >&{number}; }} {number}> f",
        tmp_path,
    )
    assert (tmp_path / "f").read_text(encoding="utf-8") == f"first\n{page}last\n"


def test_the_shell_can_give_another_program_the_page(tmp_path: Path) -> None:
    """`-o >(sort)` was taken for a file that is there already."""
    page = printed("animal", "--step", "scores")
    shell("qkvtui print animal --step scores -o >(cat > f; echo end >> f); wait $!", tmp_path)
    assert (tmp_path / "f").read_text(encoding="utf-8") == f"{page}end\n"


def test_a_pipe_with_a_name_is_written_into(tmp_path: Path) -> None:
    """A reader at the other end would have waited for good, beside a file in the pipe's place."""
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    assert run("print", "animal", "--step", "scores", "-o", pipe).status == 0
    reader.join(10)
    assert read == [printed("animal", "--step", "scores")]
    assert pipe.is_fifo()


def test_an_open_file_that_takes_nothing_is_named(tmp_path: Path) -> None:
    """`-o /dev/stdin < mine.toml` replaced the example."""
    ended = spawn("print", "animal", "-o", "/dev/stdin", stdin=b"")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr == b"qkvtui: -o /dev/stdin: cannot be written (bad file descriptor)\n"
