"""Walking by itself."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from qkvtui.tui.app import QkvtuiApp

from .driving import lesson_screen_of, lines_of, play


class Clock:
    """Stands in for Textual's timer: ticks when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.tick: Callable[[], object] = lambda: None
        self.runs = False

    def start(self, seconds: float, tick: Callable[[], object]) -> Clock:
        self.seconds, self.tick, self.runs = seconds, tick, True
        return self

    def stop(self) -> None:
        self.runs = False


def test_playing_steps_on_by_itself() -> None:
    """`a` makes a step at every tick until the last one, `+` and `-` change the tempo, `a` again stops."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen, clock = lesson_screen_of(app), Clock()
        screen.set_interval = clock.start  # type: ignore[method-assign, assignment]
        await pilot.press("a")
        assert clock.runs
        slow = clock.seconds
        assert f"{slow:g}" in lines_of(app, "footer")[0]
        await pilot.press("plus")
        assert (clock.runs, clock.seconds) == (True, slow / 2)
        await pilot.press("minus", "minus")
        assert (clock.runs, clock.seconds) == (True, slow * 2)
        clock.tick()
        assert screen.state.place.step == 1
        await pilot.press("a")
        assert not clock.runs
        assert lines_of(app, "footer")[0].startswith("→")
        await pilot.press("a")
        for _ in range(len(screen.state.trace.walk) - 2):
            assert clock.runs
            clock.tick()
        assert screen.state.place.step == len(screen.state.trace.walk) - 1
        assert not clock.runs
        await pilot.press("a")
        assert (clock.runs, screen.state.place.step) == (True, 0)

    play(scene)


def test_the_tempo_has_bounds() -> None:
    """However often one presses, a step takes neither no time nor for ever."""

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen, clock = lesson_screen_of(app), Clock()
        screen.set_interval = clock.start  # type: ignore[method-assign, assignment]
        await pilot.press("a")
        for name, bound in (("faster", 0.5), ("slower", 32)):
            for _ in range(20):
                await screen.run_action(f"act('{name}')")
            assert clock.seconds == bound

    play(scene)
