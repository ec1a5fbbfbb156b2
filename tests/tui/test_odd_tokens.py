"""Tokens that are markup or emoji, at every place of the application."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of

from .driving import burst, play, screen_text, settle

TYPED = "TOKEN"
"""Where the first token is typed."""
PLACES: tuple[list[str], ...] = (
    [],
    ["right", "right", "right"],
    ["g"],
    ["e"],
    ["w"],
    ["slash", TYPED, "enter", "slash"],
    ["slash", TYPED, "x", "enter"],
    ["g", TYPED, "enter"],
    ["e", "ctrl+u", TYPED, "enter"],
    ["5", "t", TYPED, "enter"],
    ["end", "t", TYPED, "enter"],
    ["w", "ctrl+u", TYPED, "slash", "enter"],
    ["ctrl+p", TYPED],
    ["o", TYPED],
    ["question_mark"],
    ["5", "enter", "down", "."],
    ["c", "down", "up"],
    ["end", "down", "up"],
    ["L"],
    ["L", "r", TYPED, "enter"],
    ["L", "w", "ctrl+u", TYPED, "slash", "enter"],
    ["r"],
)
TOKENS = {
    "markup": ("[@click=app.quit]it[/]", "[/red]", "[bold"),
    "emoji": ("❤️", "1️⃣", "👨‍👩‍👧‍👦"),
    "joiners": ("⚙️", "\u200d\u200d中", "🇨🇳"),
    "directions": ("\u202eאב", "é", "👍🏽"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_only_text_everywhere(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file could end the application, press a key in it, or shift what stands beside its tokens."""
    tokens = TOKENS[kind]
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "odd[red]name.toml"
    path.write_text(
        f"""format = 1
title = "{" ".join(tokens)}"
about = "{" ".join(tokens)} 一"
tokens = {json.dumps(tokens, ensure_ascii=False)}
[inputs]
X = [[1, 0], [0, 1], [1, 1]]
[parameters]
W_Q = [[1, 0], [0, 1]]
W_K = [[1, 0], [0, 1]]
W_V = [[1, 0], [0, 1]]
[learn]
objective = "attention"
target = {{ "{tokens[0]}" = [0.1, 0.8, 0.1] }}
""",
        encoding="utf-8",
    )
    lesson = lesson_of(str(path))

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for place in PLACES:
            burst(app, *(key for part in place for key in (tokens[0] if part == TYPED else (part,))))
            await settle(pilot)
            assert app.is_running, place
            assert screen_text(app).strip(), place
            burst(app, *("escape", "backspace") * 3, "home")
            await pilot.pause()

    play(scene, lesson=lesson)
