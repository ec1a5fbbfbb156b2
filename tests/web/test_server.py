"""The server alone: who gets in, who waits, and whom nobody can talk into anything."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="the extra web is not installed")
pytest.importorskip("textual_serve", reason="the extra web is not installed")

import html5lib
from aiohttp import ClientSession, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from qkvtui.files.restricted import restrict
from qkvtui.web import parts, visitor
from qkvtui.web.places import IDLE
from qkvtui.web.server import Served, Site
from qkvtui.web.visitor import MOST_COLUMNS, MOST_LINES, heard
from tests.cli.program import environment, run
from tests.web.serving import DEAF, DENYING, ECHOING, Serving, Visit


@pytest.fixture(autouse=True)
def _free_again() -> Any:
    """What a command line was restricted to holds for the process."""
    yield
    restrict(())


def visited(
    use: Callable[[Serving], Awaitable[None]],
    command: Sequence[str] = ECHOING,
    *,
    most: int = 2,
    names: Sequence[str] = (),
    language: str | None = None,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Let `use` visit a server that starts this command for each visitor."""

    async def served() -> None:
        told = Served(lambda _: command, environment(), parts.terminal_parts(), most, 1, frozenset(names), language)
        site = Site(told, clock)
        async with TestServer(site.application()) as server, ClientSession() as client:
            await use(Serving(str(server.make_url("/")), "", None, client))  # type: ignore[arg-type]

    asyncio.run(served())


async def begun(server: Serving, **headers: str) -> Visit:
    visit = await server.visit(**headers)
    await visit.until("80 x 24")
    return visit


def test_who_comes_too_late_is_told_to_wait_and_let_in_when_a_tab_is_closed() -> None:
    """A pupil reloaded a page that never came, or nobody got in any more when all had left."""

    async def use(server: Serving) -> None:
        first, second = await begun(server), await begun(server)
        status, text = await server.page()
        assert (status, "2 people are here" in text, 'http-equiv="refresh"' in text) == (503, True, True)
        status, text = await server.page(**{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
        assert (status, "2 个位置都有人了" in text, "请稍等" in text) == (503, True, True)
        with pytest.raises(WSServerHandshakeError) as refused:
            await server.visit()
        assert refused.value.status == 503
        await first.socket.close()
        await server.until_status(200)
        third = await begun(server)
        for visit in (second, third):
            await visit.type("x")
            await visit.until("x")

    visited(use)


def test_a_place_that_nobody_uses_is_given_to_who_waits() -> None:
    """Whoever left tabs open kept all others out for the day; or somebody was thrown out who had just typed."""
    now = [0.0]

    async def use(server: Serving) -> None:
        idle, busy = await begun(server), await begun(server)
        now[0] = IDLE - 1
        await busy.type("x")
        await busy.until("x")
        assert (await server.page())[0] == 503
        now[0] = IDLE
        assert (await server.page())[0] == 200
        await idle.type("y")
        await idle.until("y")
        assert (await server.page())[0] == 503, "who types keeps the place"
        now[0] = 3 * IDLE
        await idle.type("w")
        await idle.until("w")
        third = await begun(server)
        assert await busy.until_ended() == 1001
        assert "Nothing was done here for 15 minutes, and somebody else waited" in busy.screen.text
        for visit in (idle, third):
            await visit.type("z")
            await visit.until("z")
        assert (await server.page())[0] == 503

    visited(use, clock=lambda: now[0])


def test_nobody_is_sent_away_while_there_is_room() -> None:
    """A pupil who listened to the teacher for a quarter of an hour was thrown out for nothing."""
    now = [0.0]

    async def use(server: Serving) -> None:
        first = await begun(server)
        now[0] = 10 * IDLE
        await begun(server)
        await first.type("x")
        await first.until("x")

    visited(use, clock=lambda: now[0])


def test_one_place_is_told_in_words_of_its_own() -> None:
    """“1 people are here.”"""

    async def use(server: Serving) -> None:
        await begun(server)
        assert "one place only" in (await server.page())[1]

    visited(use, most=1)


def test_a_session_that_is_stuck_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty closed tabs later nobody got in."""
    monkeypatch.setattr(visitor, "_PATIENCE", 0.2)

    async def use(server: Serving) -> None:
        visit = await server.visit()
        assert (await server.page())[0] == 503
        await visit.socket.close()
        await server.until_status(200)

    visited(use, DEAF, most=1)


def test_why_a_session_cannot_begin_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The visitor met a black page; and whoever serves, nothing."""

    async def use(server: Serving) -> None:
        visit = await server.visit()
        await visit.until_ended()
        assert visit.screen.text == "qkvtui: no such lesson"

    visited(use, DENYING)
    assert capsys.readouterr().err == "qkvtui: no such lesson\n"


def test_a_session_that_nothing_can_start_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    """The computer had no memory for one more, and nobody learned of it."""

    async def use(server: Serving) -> None:
        visit = await server.visit()
        await visit.until_ended()
        assert visit.screen.text == "qkvtui: cannot begin (no such file or directory)"
        await server.until_status(200)

    visited(use, ("/nowhere/python",), most=1)
    assert "cannot begin" in capsys.readouterr().err


def test_what_a_page_sends_by_mistake_ends_nothing() -> None:
    """One message that is none, and the lesson was gone; or a size that ate the server's memory."""

    async def use(server: Serving) -> None:
        visit = await begun(server)
        for text in ("", "{", "[]", "null", '["stdin"]', '["stdin", 5]', '["resize", []]', '["quit"]', "[" * 100_000):
            await visit.socket.send_str(text)
        await visit.socket.send_bytes(b"stdin")
        await visit.socket.send_str('["stdin", "\\ud800 still here"]')
        await visit.until("D? still here")

    visited(use)


def test_a_size_is_one_that_can_be_drawn() -> None:
    """A page that says it is a million columns wide ended the session, or the server."""
    assert heard('["resize", {"width": 1000000, "height": -5}]')[0].endswith(
        f'{{"type": "resize", "width": {MOST_COLUMNS}, "height": 1}}'.encode()
    )

    async def use(server: Serving) -> None:
        whole = f"{MOST_COLUMNS} x {MOST_LINES}"
        for asked, size in (("9999", whole), ("0", "1 x 1"), ("-5", "80 x 24"), ("9" * 50, "80 x 24")):
            url = f"{server.url}session?width={asked}&height={asked}"
            await Visit(await server.client.ws_connect(url)).until(size)

    visited(use, most=4)


def test_no_page_of_another_server_gets_a_session() -> None:
    """A page somewhere on the web read the lessons on this computer through the browser that showed it."""

    async def use(server: Serving) -> None:
        for headers in (
            {"Host": "evil.example"},
            {"Host": "127.0.0.1:1 evil"},
            {"Origin": "http://evil.example"},
            {"Origin": "http://["},
        ):
            with pytest.raises(WSServerHandshakeError) as refused:
                await server.visit(**headers)
            assert refused.value.status == 403
        for name in ("evil.example", '"><script>'):
            status, text = await server.page(Host=name)
            assert (status, "--name" in text, name in text) == (403, True, False)
        await begun(server, Origin=server.url.rstrip("/"))
        await begun(server, Origin="https://class.example.org")

    visited(use, names=("127.0.0.1", "localhost", "class.example.org"))


def test_pages_ask_no_other_server_for_anything() -> None:
    """Behind a firewall the page waited for its letters; elsewhere it told a company who was there."""

    async def use(server: Serving) -> None:
        pages = [(await server.page())[1]]
        await begun(server)
        pages.append((await server.page())[1])
        for text in pages:
            root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
            asked = [one.get(name) for one in root.iter() for name in ("src", "href") if one.get(name)]
            assert all(re.fullmatch(r"parts/[\w.]+|data:,", address) for address in asked), asked
            for address in asked:
                if address.startswith("parts/"):
                    async with server.client.get(server.url + address) as answer:
                        assert answer.status == 200
                        found = await answer.text() if address.endswith(".css") else ""
                    assert "//" not in " ".join(re.findall(r"url\((.*?)\)|@import.*", found))
        async with server.client.get(f"{server.url}parts/..%2Fserver.py") as answer:
            assert answer.status == 404

    visited(use, most=1)


def test_the_language_that_is_asked_for_counts_for_more_than_the_browsers() -> None:
    """A teacher who asked for Chinese got what the school's computers are set to."""

    async def use(server: Serving) -> None:
        assert 'lang="zh"' in (await server.page(**{"Accept-Language": "en"}))[1]

    visited(use, language="zh")


def told(*arguments: str | Path, **environ: str) -> str:
    """What is said of a server that cannot be."""
    ended = run("serve", *arguments, environ=environ)
    assert (ended.status, ended.output) == (2, "")
    return ended.messages


def test_a_port_that_is_taken_is_told_with_one_that_is_free() -> None:
    """A traceback; and which port to take was for the user to find."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        found = re.fullmatch(
            rf"qkvtui: port {port} is taken by another program; --port (\d+) is free\n", told("--port", str(port))
        )
        assert found is not None
        with socket.create_server(("127.0.0.1", int(found[1]))):
            pass


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (("--host", "nowhere.invalid"), {}, "--host nowhere.invalid: there is no such address"),
        (("--host", "192.0.2.1"), {}, "--host 192.0.2.1: is no address of this computer"),
        (("anmial",), {}, 'did you mean "animal"?'),
        (("-",), {}, "standard input can be read once only"),
        (("animal", "--follow", "nowhere"), {}, "nowhere: this session is read-only, and opens only what is in"),
        (("--follow", "nowhere"), {}, "nowhere: no place of a teacher"),
        (("animal",), {"QKVTUI_READ_ONLY": "1"}, "QKVTUI_READ_ONLY is set"),
        (("animal", "--folder", "nowhere"), {}, "there is no such folder"),
    ],
    ids=["no host", "host of others", "no lesson", "standard input", "beyond", "no teacher", "read-only", "no folder"],
)
def test_what_cannot_be_served_is_told_before_anybody_comes(
    arguments: tuple[str, ...], environ: dict[str, str], said: str
) -> None:
    """The server ran, and each visitor met an error; or a student's account opened a port."""
    assert said in told(*arguments, **environ)


def test_a_missing_extra_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """ModuleNotFoundError: No module named 'aiohttp'."""
    monkeypatch.setattr(parts, "find_spec", lambda name: None)
    assert told("animal") == "qkvtui: serve needs more packages: pip install 'qkvtui[web]'\n"


def test_another_textual_serve_is_told_to_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without a terminal, because its script has moved."""
    monkeypatch.setitem(parts.TERMINAL_PARTS, "terminal.js", "js/moved.js")
    assert "does not know this version of textual-serve" in told("animal")
