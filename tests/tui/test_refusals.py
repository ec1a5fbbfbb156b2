"""A refused answer: why, where it was typed, with what was typed to go on from."""

from __future__ import annotations

from itertools import product

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from qkvtui.trace.lesson import Lesson
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.prompt import LinePrompt
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.cli.program import run
from tests.samples import each

from .driving import burst, lesson_screen_of, opened, play, screen_text, settle

REFUSED: dict[str, tuple[str, list[str], str, str | dict[str, str]]] = {
    "an address": ("animal", ["g"], "scores[it,dog]", "dog"),
    "a search": ("animal", ["slash"], "xyzzy", "xyzzy"),
    "a new value": ("animal", ["e", "ctrl+u"], "X[it,0]=much", "much"),
    "a value too large to compute with": ("animal", ["e", "ctrl+u"], "X[it,0]=1e308", {"en": "overflow", "zh": "溢出"}),
    "a prediction": ("animal", ["7", "t"], "12&", {"en": "'&' is not known", "zh": "不认识“&”"}),
    "a guess": ("animal", ["9", "t"], "0.3", "0.3"),
    "a file": ("animal", ["w", "ctrl+u"], "no-such-folder/x.toml", "no-such-folder"),
    "a rate": ("animal-learn", ["L", "r"], "-1", "-1"),
    "a seed": ("animal-learn", ["L", "d"], "1.5", "1.5"),
    "a length": ("animal-learn", ["L", "s"], "none", "none"),
}


def lesson(name: str) -> Lesson:
    return lesson_of(name)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "case",
    each(
        product(REFUSED, (("en", (80, 24)), ("zh", (60, 20)))),
        [*product(REFUSED, (("en", (80, 24)),)), ("a file", ("zh", (60, 20))), ("a rate", ("zh", (60, 20)))],
    ),
    ids=str,
)
def test_every_prompt_says_why_and_keeps_the_text(case: tuple[str, tuple[str, tuple[int, int]]]) -> None:
    """The text was gone, and what was wrong with it was said nowhere, or only after the line had been left."""
    what, (language, size) = case
    name, opening, typed, said = REFUSED[what]
    reason = said if isinstance(said, str) else said[language]

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*opening)
        await settle(pilot)
        await pilot.press(*typed, "enter")
        await settle(pilot)
        prompt = app.screen.query_one(LinePrompt)
        assert app.focused is prompt
        assert prompt.value == typed
        lines = screen_text(app).splitlines()
        assert typed in lines[-1]
        assert reason in "".join(lines[:-1]).replace("\n", ""), "\n".join(lines)
        await pilot.press("escape")
        await settle(pilot)
        assert app.focused is None
        assert reason not in screen_text(app) or reason in typed

    play(scene, lesson=lesson(name), size=size, look=Look(size[0], language=language))


def test_the_kept_text_can_be_mended_and_is_then_accepted() -> None:
    """One had to type the whole address again for one wrong letter."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("g", *"scores[it,anima]", "enter")
        await settle(pilot)
        await pilot.press("backspace", "l", "]", "enter")
        await settle(pilot)
        screen = lesson_screen_of(app)
        assert not screen.has_class("-asking")
        assert (screen.state.place.query, screen.state.place.key) == (3, 1)

    play(scene)


def test_what_is_typed_ahead_behind_a_refused_answer_is_for_the_line() -> None:
    """On a slow line the keys for the mended answer walked through the lesson instead."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        before = lesson_screen_of(app).state.place
        burst(app, "g", "x", "enter", "n", "n")
        await settle(pilot)
        assert app.screen.query_one(LinePrompt).value == "xnn"
        assert lesson_screen_of(app).state.place == before
        burst(app, "escape", "n", "g", *"queries", "enter", "n")
        await settle(pilot)
        assert not app.screen.query_one(LinePrompt).display
        assert lesson_screen_of(app).state.place.step == 2

    play(scene)


def test_a_proposal_does_not_hide_what_the_line_is_for() -> None:
    """`e` and `w` showed a text to change, and not that Enter takes it and Esc leaves it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for key, hint in (("e", "edit_hint"), ("w", "write_hint")):
            await pilot.press(key)
            await settle(pilot)
            said = app.look.texts.screen[hint].format(name="X[it,0]", value="0.5")
            assert said in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)

    play(scene)


def test_what_is_pasted_is_cleaned_as_a_file_is() -> None:
    """A pasted U+202E turned the line round, in the list of examples and of commands as well."""
    odd = "a\u202eb\x1b[31m\x9bc\rsecond line"

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        for key in ("g", "o", "ctrl+p"):
            await pilot.press(key)
            await settle(pilot)
            app.post_message(Paste(odd))
            await settle(pilot)
            text = screen_text(app)
            assert "a�b␛[31m�c" in text
            assert "second" not in text
            await pilot.press("escape", "escape")
            await settle(pilot)

    play(scene)


def test_no_answer_shows_what_was_to_be_predicted() -> None:
    """After `t` and Enter the number stayed hidden, and no line was there to type it."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("7", "t")
        await settle(pilot)
        assert lesson_screen_of(app).state.predictions.hidden
        await pilot.press("enter")
        await settle(pilot)
        assert not lesson_screen_of(app).state.predictions.hidden

    play(scene)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("back", [0, 1, 2])
def test_a_mask_that_forbids_the_target_leaves_every_page(back: int) -> None:
    """`m` at the queries of a lesson that learns weights ended in a traceback, and `print --causal` was refused."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press(*["right"] * back, "m")
        assert lesson_screen_of(app).state.trace.example.attention.causal
        for _ in range(8):
            await pilot.press("right", "down", "x")

    play(scene, lesson=opened("animal-learn"))
    assert run("print", "animal-learn", "--causal", "--query", "all").status == 0
