"""`qkvtui serve` in a browser, where there is one."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("aiohttp", reason="the extra web is not installed")
pytest.importorskip("textual_serve", reason="the extra web is not installed")

from tests.web.browser import CHROMIUM, chromium
from tests.web.serving import memory_of, serving, sessions_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]


def test_the_lesson_opens_a_key_steps_and_nobody_else_is_asked() -> None:
    """The page stayed black, or took no key, or told others that it was opened."""

    async def walk() -> None:
        async with serving("animal") as server, chromium() as new_tab:
            tab = await new_tab()
            await tab.go(server.url)
            await tab.until(lambda tab: "step 1 of 11" in tab.shown)
            await tab.until_painted(b"")
            before = await tab.picture()
            await tab.press("ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
            await tab.until(lambda tab: "step 2 of 11" in tab.shown)
            await tab.until_painted(before)
            await tab.press("q", text="q")
            await tab.until_true("getComputedStyle(document.getElementById('ended')).display == 'block'")
            host = server.url.split("//")[1]
            assert {address.split("//")[1].split("/")[0] + "/" for address in tab.asked_for} == {host}
            assert tab.complaints == []

    asyncio.run(walk())


def test_who_comes_too_late_waits_in_their_language_and_is_let_in() -> None:
    """The thirty-first pupil saw a black page, and reloaded it for the rest of the lesson."""

    async def walk() -> None:
        async with serving("animal", "--visitors", "1") as server, chromium("zh-CN") as new_tab:
            visit = await server.visit()
            await visit.until("step 1 of 11")
            tab = await new_tab()
            await tab.go(server.url)
            await tab.until_true("document.body.innerText.includes('请稍等')")
            await visit.socket.close()
            await tab.until(lambda tab: "第 1/11 步" in tab.shown)

    asyncio.run(walk())


def test_who_was_a_moment_too_late_is_told_to_wait_too() -> None:
    """Two opened the page for the last place, and one of them was told that a session had ended."""

    async def walk() -> None:
        async with serving("animal", "--visitors", "1") as server, chromium() as new_tab:
            tab = await new_tab()
            await tab.ask("Fetch.enable", patterns=[{"urlPattern": "*page.js"}])
            await tab.go(server.url)
            await tab.until(lambda tab: bool(tab.held))
            visit = await server.visit()
            await visit.until("step 1 of 11")
            await tab.ask("Fetch.continueRequest", requestId=tab.held[0])
            await tab.until_true("document.body.innerText.includes('one place only')")

    asyncio.run(walk())


def test_thirty_are_served_in_two_gibibytes_and_the_next_is_told_to_wait() -> None:
    """The class's computer ran out of memory, or the thirty-first pupil pushed another one out."""

    async def walk() -> None:
        async with serving("animal", "--visitors", "30") as server, chromium() as new_tab:
            visits = [await server.visit() for _ in range(29)]
            tab = await new_tab()
            await tab.go(server.url)
            await tab.until(lambda tab: "step 1 of 11" in tab.shown)
            await asyncio.gather(*(visit.until("step 1 of 11") for visit in visits))
            await asyncio.gather(*(visit.type("\x1b[C") for visit in visits))
            await asyncio.gather(*(visit.until("step 2 of 11") for visit in visits))
            sessions = sessions_of(server.process.pid)
            assert len(sessions) == 30
            assert memory_of([server.process.pid, *sessions]) < 2 << 30
            late = await new_tab()
            await late.go(server.url)
            await late.until_true("document.body.innerText.includes('30 people are here')")
            await tab.ask("Page.close")
            await late.until(lambda late: "step 1 of 11" in late.shown)
            assert len(sessions_of(server.process.pid)) == 30

    asyncio.run(walk())
