"""The map of all heads of all layers: what each gives to one token, and the way into one of them."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from qkvtui.engine.arrays import FloatArray
from qkvtui.files.read import load, parse_example
from qkvtui.pages.heads import heads_page
from qkvtui.pages.room import PageRoom
from qkvtui.trace.hidden import Hidden, Part
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start
from qkvtui.tui.app import QkvtuiApp
from qkvtui.views.look import Look
from tests.cli.program import run

from .driving import lesson_screen_of, lines_of, opened, play


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12), (20, 5)])
def test_arrows_lead_to_another_head_and_enter_into_it(language: str, size: tuple[int, int]) -> None:
    """H did nothing, the arrows left the map, or Enter led to another head."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        await pilot.press("H")
        if size[0] >= 60:
            assert "[0.71]" in "\n".join(lines_of(app, "body"))
        await pilot.press("right")
        assert (screen.state.layer, screen.state.place.head) == (0, 1)
        await pilot.press("comma")
        assert screen.state.place.key == 2
        await pilot.press("down", "enter")
        assert screen.state.layer == 1
        assert screen.state.picture is None
        assert screen.state.cell.name == "weights"

    play(scene, lesson=opened("how-tired-gets-in"), size=size, look=Look(80, language=language))


def test_where_there_is_one_head_the_key_says_so() -> None:
    """A map of one number was shown, or nothing happened."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        await pilot.press("H")
        assert lesson_screen_of(app).state.picture is None
        assert "M" in lines_of(app, "footer")[0]

    play(scene)


def test_print_tells_what_each_head_gives_to_the_token_that_is_named() -> None:
    """The numbers were those of another token, or printed once for each layer."""
    printed = run("print", "how-tired-gets-in", "--picture", "heads", "--to", "tired").output
    assert printed.count("A line a layer") == 1
    assert "layer 0 [0.71]█0.99" in printed
    assert "layer 1  0.01     ·" in printed


@pytest.mark.parametrize(
    ("language", "said", "scale"),
    [
        ("en", "gives “animal” 10%, and most to “tired”, 71%", "the darkest is the largest of this map"),
        ("zh", "“it”给“animal” 10%，看得最多的是“tired”，71%", "最深的是这张图里最大的数"),
    ],
)
def test_the_number_that_was_asked_for_is_in_the_answer(language: str, said: str, scale: str) -> None:
    """The map asked what each head gives to one token, and the line below named another one alone."""
    asked = ("print", "how-tired-gets-in", "--picture", "heads", "--lang", language, "--width", "200")
    printed = run(*asked, "--to", "animal").output
    assert said in printed
    assert scale in printed
    assert run(*asked, "--to", "tired").output.rsplit(scale, 1)[1].count("71%") == 1


def test_below_the_map_stands_what_the_head_mostly_does_and_not_while_its_numbers_are_hidden() -> None:
    """A head that only looks one token back was taken for one that found something; or an exercise told its answer."""
    asked = ("print", "two-heads", "--picture", "heads")
    said = "Whoever asks, this head mostly looks at the token before: 86% of its attention."
    assert said in run(*asked).output
    assert "不论谁提问，这个头主要看前一个词元：占注意力的 86%。" in run(*asked, "--lang", "zh").output
    assert "Whoever asks" not in run(*asked, "--head", "1").output
    trace = Trace(load("two-heads"))
    hidden = PageRoom(90, hidden=Hidden((Part("weights"),)))
    for room, is_told in ((PageRoom(90), True), (hidden, False)):
        assert ("Whoever asks" in repr(heads_page(trace, start(trace), room))) == is_told


def test_layers_that_are_out_of_sight_are_not_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    """H of a model of thirty layers worked all of them for the dozen that the screen had room for."""
    block = '[[blocks]]\nnorm = "before"\n[blocks.parameters]\n' + "".join(
        f"{name} = [[1, 0], [0.5, 1]]\n" for name in ("W_Q", "W_K", "W_V", "W_O")
    )
    top = 'format = 1\ntitle = "Deep"\ntokens = ["a", "b"]\n[inputs]\nX = [[1, 2], [2, 0]]\n'
    trace = Trace(parse_example(top + 20 * block))
    worked: set[int] = set()
    of_any = Trace.row

    def row(self: Trace, name: str, row: int, head: int = 0) -> FloatArray:
        worked.add(self.example.layer)
        return of_any(self, name, row, head)

    monkeypatch.setattr(Trace, "row", row)
    heads_page(trace, start(trace), PageRoom(80, 12))
    assert 0 in worked
    assert len(worked) < 12


@pytest.mark.sampled(2)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_what_the_lesson_of_a_writing_model_speaks_of_is_on_its_screen(size: tuple[int, int], language: str) -> None:
    """It was about head 8 and opened at head 0, at “The”; and no -∞ was in sight where “tired” is said to be -∞."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        state = lesson_screen_of(app).state
        assert (state.place.head, state.trace.example.keys[state.place.key]) == (8, "animal")
        await pilot.press("8")
        rows = [line for line in lines_of(app, "body") if " = " in line]
        assert any(line.split()[0] in ("was", "too", "tired") and line.rstrip().endswith("-∞") for line in rows)
        assert any("▸animal" in line for line in rows)
        if size[0] == 80:
            assert "[ ]" in lines_of(app, "footer")[0]

    play(scene, lesson=opened("smollm-tired"), size=size, look=Look(80, language=language))
