"""What a report of a bug should say."""

from __future__ import annotations

import platform
import re
from importlib.metadata import version
from pathlib import Path

from qkvtui import __version__
from tests.cli.program import run


def test_a_report_names_everything_that_could_matter() -> None:
    """Whoever mends the program would have had to ask back for the version of Textual, or the terminal."""
    ended = run("--version", "--verbose", environ={"TERM": "xterm-256color", "LANG": "zh_CN.UTF-8"})
    assert (ended.status, ended.messages) == (0, "")
    lines = dict(line.split(" ", 1) for line in ended.output.splitlines())
    assert lines["qkvtui"].startswith(__version__)
    assert lines["Python"].startswith(platform.python_version())
    for package in ("numpy", "rich", "textual"):
        assert lines[package] == version(package)
    assert re.fullmatch(r"\d\S*|not installed", lines["tokenizers"])
    assert lines["platform"] == platform.platform()
    assert lines["terminal"] == "none"
    assert "TERM=xterm-256color" in lines["variables"]
    assert lines["locale"] == "LANG=zh_CN.UTF-8; output utf-8; language zh"
    assert {"config", "state"} <= set(lines)


def test_a_report_keeps_the_users_name_to_itself(tmp_path: Path) -> None:
    """The name of one's home folder, and the address of one's machine, would have been published with the bug."""
    home = tmp_path / "rosalind"
    home.mkdir()
    unset = {"XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}
    report = run(
        "-V", "--verbose", environ={"HOME": str(home), "SSH_CONNECTION": "192.0.2.7 22 192.0.2.8 22", **unset}
    ).output
    assert "~/.config/qkvtui/config.toml (not there)" in report
    assert "rosalind" not in report
    assert "192.0.2" not in report
    assert "SSH_CONNECTION=..." in report


def test_a_report_cannot_steer_the_terminal() -> None:
    """A variable with an escape code would have cleared the screen of whoever reads the report."""
    assert "\x1b" not in run("--version", "--verbose", environ={"TERM": "\x1b[2J"}).output


def test_the_version_alone_is_one_line_in_whatever_order() -> None:
    """`qkvtui --lang zh -V` would have opened the application."""
    for arguments in (("-V",), ("--version",), ("--lang", "zh", "-V"), ("--version", "--no-state")):
        ended = run(*arguments)
        assert (ended.status, ended.output, ended.messages) == (0, f"qkvtui {__version__}\n", "")
