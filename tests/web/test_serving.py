"""`qkvtui serve`: sessions of the application for those who come with a browser."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="the extra web is not installed")
pytest.importorskip("textual_serve", reason="the extra web is not installed")

from tests.cli.program import REPOSITORY
from tests.web.serving import is_running, serving, sessions_of, until

RIGHT = "\x1b[C"


def test_a_visitor_sees_the_lesson_and_a_key_steps() -> None:
    """The page stayed black, or deaf; or who wanted to copy a number had ended the lesson."""

    async def walk() -> None:
        async with serving("animal") as server:
            visit = await server.visit()
            await visit.until("step 1 of 11")
            await visit.type(RIGHT)
            await visit.until("step 2 of 11")
            await visit.type("\x03\x1b[200~[[[\x1b[201~\x1b[<35;9999;9999Mz")
            await visit.until("第 2/11 步")
            await visit.socket.send_json(["resize", {"width": 60, "height": 20}])
            await visit.type("q")
            assert await visit.until_ended() == 1000
            await until(lambda: sessions_of(server.process.pid) == [])

    asyncio.run(walk())


@pytest.mark.slow
def test_a_file_is_opened_whatever_it_is_called(tmp_path: Path) -> None:
    """A shell in between took part of the name for a command."""
    name = "-a b;touch c '$(touch c)\".toml"
    folder = tmp_path / "a#b"
    folder.mkdir()
    (folder / name).write_bytes((REPOSITORY / "examples" / "animal.toml").read_bytes())

    async def walk() -> None:
        async with serving("--", f"a#b/{name}", cwd=tmp_path) as server:
            await (await server.visit()).until("step 1 of 11")

    asyncio.run(walk())
    assert [one.name for one in folder.iterdir()] == [name]


@pytest.mark.slow
@pytest.mark.parametrize("key", ["\x1a", "w"])
def test_a_visitor_finds_no_shell_and_writes_nothing(key: str) -> None:
    """Whoever found the page was at home in the account of whoever serves."""

    async def walk() -> None:
        async with serving("animal") as server:
            visit = await server.visit()
            await visit.until("step 1 of 11")
            assert "read-only" not in visit.screen.text
            await visit.type(key)
            await visit.until("nothing is written, and no shell waits behind it")

    asyncio.run(walk())


@pytest.mark.slow
def test_ctrl_c_ends_all_sessions() -> None:
    """Processes of visitors went on without a server, and whoever looked at a page was not told."""

    async def walk() -> None:
        async with serving("animal") as server:
            visits = [await server.visit() for _ in range(2)]
            for visit in visits:
                await visit.until("step 1 of 11")
            sessions = sessions_of(server.process.pid)
            assert len(sessions) == 2
            server.process.send_signal(signal.SIGINT)
            assert [await visit.until_ended() for visit in visits] == [1001, 1001]
            assert await server.process.wait() == 0
            assert not any(map(is_running, sessions))

    asyncio.run(walk())


@pytest.mark.slow
def test_sessions_end_with_a_server_that_was_killed() -> None:
    """They would have stayed until the computer was switched off."""

    async def walk() -> None:
        async with serving("animal") as server:
            await (await server.visit()).until("step 1 of 11")
            sessions = sessions_of(server.process.pid)
            server.process.kill()
            await until(lambda: not any(map(is_running, sessions)))

    asyncio.run(walk())


@pytest.mark.slow
def test_all_go_where_the_teacher_goes(tmp_path: Path) -> None:
    """A class in browsers could not be led."""
    place = tmp_path / "place"
    place.write_text(_place("queries"), encoding="utf-8")

    async def walk() -> None:
        async with serving("--follow", place) as server:
            visit = await server.visit()
            await visit.until("step 2 of 11")
            new = tmp_path / "new"
            new.write_text(_place("weights"), encoding="utf-8")
            new.replace(place)
            await visit.until("step 7 of 11")

    asyncio.run(walk())


def _place(step: str) -> str:
    from qkvtui.files.teacher import TeacherPlace, written_place

    return written_place(TeacherPlace("animal", step, query=3)).decode()


@pytest.mark.slow
def test_a_lesson_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    """A visitor met a black page, and nobody knew why."""
    mine = tmp_path / "mine.toml"
    mine.write_bytes((REPOSITORY / "examples" / "animal.toml").read_bytes())

    async def walk() -> None:
        async with serving(mine) as server:
            mine.unlink()
            visit = await server.visit()
            await visit.until("no file and no bundled example")
            await visit.until_ended()

    asyncio.run(walk())


@pytest.mark.slow
def test_the_network_is_warned_of() -> None:
    """Somebody let the whole building in without knowing."""

    async def walk() -> None:
        async with serving("--host", "0.0.0.0", lines=2) as server:
            assert "no password, and nothing is encrypted" in server.told
            assert str(REPOSITORY / "examples") in server.told

    asyncio.run(walk())


@pytest.mark.slow
def test_a_theme_for_a_light_background_has_one() -> None:
    """Dark blue on black."""

    async def walk() -> None:
        async with serving("animal", "--theme", "light") as server:
            visit = await server.visit()
            await visit.until("step 1 of 11")
            assert "11;#ffffff" in visit.screen.told

    asyncio.run(walk())


@pytest.mark.slow
def test_a_terminal_that_goes_away_ends_it_too() -> None:
    """A server without a terminal held the port until somebody found it."""

    async def walk() -> None:
        async with serving("animal") as server:
            visit = await server.visit()
            await visit.until("step 1 of 11")
            server.process.send_signal(signal.SIGHUP)
            await visit.until_ended()
            assert await server.process.wait() == 0

    asyncio.run(walk())
