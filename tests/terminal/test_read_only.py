"""A restricted account's session in a real terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .driver import QKVTUI, RIGHT, SUSPEND, Terminal, clean_environment
from .test_suspending import at_the_prompt, shell


@pytest.mark.slow
def test_variables_of_textual_write_no_file_and_run_no_code(tmp_path: Path) -> None:
    """An ssh that lets variables through would have written a log, a picture and the keys into any folder."""
    (tmp_path / "planted.py").write_text(f"open({str(tmp_path / 'planted')!r}, 'w').close()\n", encoding="utf-8")
    environment = clean_environment(
        HOME=str(tmp_path),
        XDG_CONFIG_HOME="",
        XDG_STATE_HOME="",
        TEXTUAL_LOG=str(tmp_path / "log"),
        TEXTUAL_DEBUG="1",
        TEXTUAL_SCREENSHOT="0",
        TEXTUAL_SCREENSHOT_LOCATION=str(tmp_path),
        TEXTUAL_DRIVER="planted:Driver",
        TEXTUAL_FPS="nonsense",
        PYTHONPATH=str(tmp_path),
    )
    before = sorted(tmp_path.iterdir())
    with Terminal((*QKVTUI, "--read-only", "animal"), environment=environment) as terminal:
        terminal.wait("step 1 of")
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("w")
        terminal.wait("read-only")
        terminal.press("z", "q")
        assert terminal.wait_for_end() == 0
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
def test_ctrl_z_leads_to_no_shell() -> None:
    """Behind a session that was all its user should have, there would have been a prompt."""
    with shell() as terminal:
        at_the_prompt(terminal, " ".join((*map(json.dumps, QKVTUI), "animal", "--read-only")), since=0)
        terminal.wait("step 1 of")
        terminal.wait_until_quiet()
        terminal.press(SUSPEND)
        terminal.wait("no shell waits behind it")
        terminal.press(RIGHT)
        terminal.wait("step 2 of")
        terminal.press("q")
