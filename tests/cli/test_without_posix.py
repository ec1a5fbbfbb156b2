"""Without what Windows lacks: signals, modules and functions of POSIX are taken away before the program is loaded.

That is not Windows. It holds the program to asking for nothing that is not there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.program import REPOSITORY, environment, run

WITHOUT = """
import asyncio, os, signal, subprocess, sys, tempfile
import textual.app, textual.drivers.headless_driver, textual.drivers.web_driver
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "textual.drivers.linux_driver"):
    sys.modules[name] = None
for name in ("SIGHUP", "SIGALRM", "SIGCONT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGTSTP", "SIGWINCH", "setitimer"):
    delattr(signal, name)
for name in ("O_NONBLOCK", "O_NOFOLLOW", "geteuid", "getuid", "getpgrp", "getsid", "killpg", "fork", "mkfifo"):
    if hasattr(os, name):
        delattr(os, name)
"""
WALKED = """
from textual.app import App

def run(app):
    async def walk():
        async with app.run_test(size=(80, 24)) as pilot:
            seen = []
            for key in ("right", "ctrl+z", "c", "w", "escape", "z", "q"):
                seen.append(app.screen.state.place.step)
                await pilot.press(key)
            print(*seen[:2], app._exit)
    asyncio.run(walk())

App.run = run
App.get_driver_class = lambda app: textual.drivers.headless_driver.HeadlessDriver
import qkvtui.tui.start as start
from qkvtui.cli import main
start.require_terminal = lambda example: None
start._keyboard_on_standard_input = lambda: None
sys.exit(main(["animal"]))
"""


def without_posix(code: str) -> str:
    """What a fresh interpreter writes that has taken all this away and then runs the code."""
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT + code],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=REPOSITORY,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_commands_write_what_they_write_elsewhere(tmp_path: Path) -> None:
    """On Windows not even a page of text came: module 'signal' has no attribute 'SIGHUP'; or `-o` alone failed."""
    page = tmp_path / "page.html"
    lines = [["print", "animal"], ["check", "journey"], ["list"], ["learn", "it-learn"]]
    code = f"""
from qkvtui.cli import main
sys.stdout.reconfigure(encoding="utf-8")
for words in {lines!r}:
    print(main(words), end="\\f")
sys.exit(main(["print", "animal", "-o", {str(page)!r}]))
"""
    assert without_posix(code) == "".join(f"{run(*words).output}0\f" for words in lines)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_application_starts_on_what_textual_draws_with() -> None:
    """The lesson ended in a traceback before its first frame, or at Ctrl+Z, or when it was left."""
    assert without_posix(WALKED) == "0 1 True\n"


def test_every_module_but_the_terminals_can_be_loaded() -> None:
    """A command that nobody tried asked for what is not there."""
    code = """
import importlib, pkgutil
import qkvtui
failed = []
for found in pkgutil.walk_packages(qkvtui.__path__, "qkvtui."):
    if not found.name.endswith("__main__"):
        try:
            importlib.import_module(found.name)
        except ImportError as error:
            if error.name not in ("aiohttp",):
                failed.append(found.name)
print(*failed)
"""
    assert without_posix(code).split() == ["qkvtui.tui.terminal"]
