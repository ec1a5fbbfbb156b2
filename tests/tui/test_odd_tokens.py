"""Tokens that are markup or emoji, at every place of the application."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.lesson import lesson_of
from qkvtui.tui.prompt import LinePrompt

from .driving import burst, play, screen_text, settle

PLACES: tuple[list[str], ...] = (
    [],
    ["right", "right", "right"],
    ["g"],
    ["e"],
    ["w"],
    ["slash", *"TOKEN", "enter", "slash"],
    ["slash", *"TOKEN", "x", "enter"],
    ["g", *"TOKEN", "enter"],
    ["e", "ctrl+u", *"TOKEN", "enter"],
    ["t", *"TOKEN", "enter"],
    ["end", "t", *"TOKEN", "enter"],
    ["w", "ctrl+u", *"TOKEN", "slash", "enter"],
    ["ctrl+p", *"TOKEN"],
    ["o", *"TOKEN"],
    ["question_mark"],
    ["5", "enter", "down", "."],
    ["c", "down", "up"],
    ["end", "down", "up"],
    ["L"],
    ["L", "r", *"TOKEN", "enter"],
    ["L", "w", "ctrl+u", *"TOKEN", "slash", "enter"],
    ["r"],
)
TOKENS = ("[@click=app.quit]it[/]", "[/red]", "[bold", "❤️", "1️⃣", "👨‍👩‍👧‍👦", "⚙️", "🇨🇳", "\u200d\u200d中", "é", "‮אב")


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_only_text_everywhere(token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file could end the application, press a key in it, or shift what stands beside its tokens."""
    text = token.replace("\\", "\\\\").replace('"', '\\"')
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "odd[red]name.toml"
    path.write_text(
        f"""format = 1
title = "{text}"
about = "{text} 一"
tokens = ["{text}", "b", "{text}2"]
[inputs]
X = [[1, 0], [0, 1], [1, 1]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[learn]
objective = "attention"
target = {{ b = [0.1, 0.8, 0.1] }}
""",
        encoding="utf-8",
    )
    lesson = lesson_of(str(path))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for place in PLACES:
            keys = "\n".join(place).replace("\n".join("TOKEN"), "\n".join(token)).split("\n") if place else []
            for key in keys:
                burst(app, key)
            await settle(pilot)
            assert app.is_running, place
            assert screen_text(app).strip(), place
            for _ in range(3):
                burst(app, "escape", "backspace")
            await settle(pilot)
            if app.screen.query(LinePrompt):
                burst(app, "home")
            await settle(pilot)

    play(scene, lesson=lesson)
