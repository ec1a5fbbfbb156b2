"""bash, zsh and fish, each as it is installed here: what a Tab does in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from qkvtui.parsers import SHELLS
from tests.cli.program import REPOSITORY, environment, run, spawn
from tests.terminal.driver import Terminal

PROGRAM = Path(shutil.which("qkvtui", path=f"{REPOSITORY}/.venv/bin") or shutil.which("qkvtui") or "")
NEEDS = {
    shell: pytest.mark.skipif(
        shutil.which(shell) is None or not PROGRAM.is_file(), reason=f"needs {shell}, and qkvtui to be installed"
    )
    for shell in SHELLS
}
TYPED = {
    "qkvtui prin": "qkvtui print",
    "qkvtui print --ste": "qkvtui print --step",
    "qkvtui print animal-s": "qkvtui print animal-sentence",
    "qkvtui print animal --step wei": "qkvtui print animal --step weights",
    "qkvtui print animal --step scores,wei": "qkvtui print animal --step scores,weights",
    "qkvtui print animal --query tir": "qkvtui print animal --query tired",
    "qkvtui print animal --format=js": "qkvtui print animal --format=json",
    "qkvtui why animal 'weights[it,ti": "qkvtui why animal 'weights[it,tired]",
    "qkvtui print pyproj": "qkvtui print pyproject.toml",
}
"""What is typed, and what a Tab makes of it: a command, an option, an example, steps, a token, a choice, a file."""


def with_program(**more: str) -> dict[str, str]:
    """The environment of a shell that finds the program."""
    return environment(PATH=f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}", **more)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_lines_for_a_shell_are_written(shell: str) -> None:
    """`eval "$(qkvtui --print-completion bash)"` would have evaluated a message."""
    ended = run("--print-completion", shell)
    assert (ended.status, ended.messages) == (0, "")
    assert "--complete" in ended.output
    assert ended.output.isascii()


@pytest.mark.parametrize("shell", [pytest.param(shell, marks=NEEDS[shell]) for shell in SHELLS])
def test_a_shell_reads_its_lines(shell: str) -> None:
    """Every new terminal would have begun with a syntax error."""
    lines = spawn("--print-completion", shell).stdout
    checked = subprocess.run([shell, "-n"], input=lines, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("typed", TYPED)
@NEEDS["bash"]
def test_bash_completes(typed: str, tmp_path: Path) -> None:
    """A Tab in bash would have done nothing, or offered the files of the folder."""
    startup = tmp_path / "rc"
    lines = ('eval "$(qkvtui --print-completion bash)"', "PS1='ready> '")
    startup.write_text("\n".join(lines), encoding="utf-8")
    at_a_terminal(["bash", "--noprofile", "--rcfile", str(startup), "-i"], typed)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("typed", TYPED)
@NEEDS["zsh"]
def test_zsh_completes(typed: str, tmp_path: Path) -> None:
    """A Tab in zsh would have done nothing, or offered the files of the folder."""
    (tmp_path / ".zshrc").write_text(
        "PS1='ready> '; autoload -Uz compinit && compinit -u -D\neval \"$(qkvtui --print-completion zsh)\"\n",
        encoding="utf-8",
    )
    at_a_terminal(["zsh", "-i"], typed, ZDOTDIR=str(tmp_path))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("typed", TYPED)
@NEEDS["fish"]
def test_fish_completes(typed: str, tmp_path: Path) -> None:
    """A Tab in fish would have done nothing, or offered the files of the folder."""
    ended = subprocess.run(
        ["fish", "-c", "qkvtui --print-completion fish | source; complete -C $argv[1]", typed],
        capture_output=True,
        encoding="utf-8",
        env=with_program(HOME=str(tmp_path)),
        cwd=REPOSITORY,
        timeout=60,
        check=True,
    )
    whole = TYPED[typed].split(" ")[-1].strip("'")
    assert whole in [line.partition("\t")[0] for line in ended.stdout.splitlines()]


@NEEDS["bash"]
def test_a_token_that_is_a_command_is_not_run(tmp_path: Path) -> None:
    """A file from the web would have run its token `$(touch it)` when Enter was pressed."""
    path = tmp_path / "bad.toml"
    tokens = '["$(touch it)", "a b", "it\'s"]'
    path.write_text(f"tokens = {tokens}\n", encoding="utf-8")
    lines = (
        "compopt() { :; }",
        'eval "$(qkvtui --print-completion bash)"',
        f"COMP_WORDS=(qkvtui print '{path}' --query ''); COMP_CWORD=4; _qkvtui qkvtui",
        "printf '%s\\n' \"${COMPREPLY[@]}\"",
    )
    ended = subprocess.run(
        ["bash", "-c", "\n".join(lines)], capture_output=True, encoding="utf-8", env=with_program(), cwd=tmp_path
    )
    assert ended.stdout.splitlines() == [r"\$\(touch\ it\)", r"a\ b", r"it\'s", "all"]


def at_a_terminal(command: list[str], typed: str, **variables: str) -> None:
    """Type something in a shell and press Tab, until the screen has what is wanted; AssertionError if it never has."""
    with Terminal(command, columns=120, environment=with_program(**variables)) as terminal:
        terminal.wait("ready>")
        terminal.press(typed, "\t")
        terminal.wait(TYPED[typed])
