"""The server: a page, what it is made of, and a session for each visitor, of which there are so many and no more."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from html import escape
from string import Template
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from ..errors import reason_of
from ..files.clean import clean_line
from ..localized import LANGUAGES
from ..records import record
from ..report.output import remark
from ..said import in_language, say
from ..signals import ENDING
from .listening import Listening
from .places import IDLE, Places, Taken
from .visitor import walk

_HERE = os.path.dirname(__file__)
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d+)?", re.ASCII)
_LONGEST_MESSAGE = 1 << 18
"""Bytes that a page may send at once: what somebody pastes."""
_SECONDS = 10
"""After which a page that waits looks again."""
_PATIENCE = 4.0
"""Seconds that pages and sessions have to end."""
_HEARTBEAT = 15.0
"""Seconds in which a page whose computer is gone is noticed."""


_PAGE = {
    "ended": say("The session has ended."),
    "again": say("Begin again"),
    "no_script": say("This page needs JavaScript."),
}
_WAIT = say(
    "Please wait: this page looks again every {seconds} seconds, and opens the lesson as soon as a place is free.",
    seconds=_SECONDS,
)
_GIVEN_UP = say(
    "Nothing was done here for {minutes} minutes, and somebody else waited for the place.", minutes=round(IDLE / 60)
)
_FOREIGN = say("This server does not go by that name. Whoever runs it can add the name with --name.")
_SAID = "qkvtui: "
"""What stands before all that the program itself says to be wrong."""


@record(frozen=True)
class Served:
    """What visitors get."""

    command: Callable[[str], Sequence[str]]
    """A language → what is started for a visitor who speaks it."""
    environment: Mapping[str, str]
    parts: Mapping[str, str]
    """The files of the page's terminal, by their names."""
    most: int
    """Visitors at once."""
    most_each: int | None
    """Visitors at once from one address; None: any number."""
    names: frozenset[str]
    """The names by which this computer may be asked; empty: any."""
    language: str | None
    """None: the one that the browser asks for."""
    first: str = ""
    """What is said to the page's terminal before all else."""


class Site:
    """A server's pages and sessions."""

    def __init__(self, served: Served, clock: Callable[[], float] = monotonic) -> None:
        self._served = served
        self._places = Places(served.most, served.most_each, clock)
        self._pages: dict[Taken, web.WebSocketResponse] = {}
        """Of the visitors who are there."""
        own = {name: os.path.join(_HERE, name) for name in ("page.css", "page.js")}
        self._parts = {**served.parts, **own}

    def application(self) -> web.Application:
        """For aiohttp."""
        application = web.Application()
        application.router.add_get("/", self._page)
        application.router.add_get("/session", self._session)
        application.router.add_get("/parts/{name}", self._part)
        application.on_response_prepare.append(_with_headers)
        application.on_shutdown.append(self._end_all)
        return application

    async def _page(self, request: web.Request) -> web.Response:
        """The terminal, or, where all places are taken, the advice to wait."""
        language = self._language_for(request)
        refusal = self._places.refusal(request.remote)
        if refusal is None:
            return web.Response(text=_page("page", language, {**_PAGE, "host": request.host}), content_type="text/html")
        return web.Response(
            text=_page("waiting", language, {"full": refusal, "wait": _WAIT, "seconds": str(_SECONDS)}),
            content_type="text/html",
            status=web.HTTPServiceUnavailable.status_code,
            headers={"Retry-After": str(_SECONDS)},
        )

    async def _part(self, request: web.Request) -> web.StreamResponse:
        """A script, a style sheet, or the letters."""
        path = self._parts.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def _session(self, request: web.Request) -> web.StreamResponse:
        """A visitor's session, as long as the page is open."""
        language = self._language_for(request)
        self._require_own_page(request)
        refusal = self._places.refusal(request.remote)
        if refusal is not None:
            raise web.HTTPServiceUnavailable(text=in_language(refusal, language))
        taken, idle = self._places.take(request.remote, language)
        page = web.WebSocketResponse(timeout=_PATIENCE, heartbeat=_HEARTBEAT, max_msg_size=_LONGEST_MESSAGE)
        left = None if idle is None else self._pages.pop(idle, None)
        self._pages[taken] = page
        try:
            if idle is not None and left is not None:
                await _tell_idle(left, idle.language)
            await page.prepare(request)
            if self._served.first:
                await page.send_bytes(self._served.first.encode())
            size = (_number(request.query.get("width", ""), 80), _number(request.query.get("height", ""), 24))
            await _tell(page, await self._walked(page, taken, size))
        finally:
            self._places.free(taken)
            self._pages.pop(taken, None)
        return page

    async def _walked(self, page: web.WebSocketResponse, taken: Taken, size: tuple[int, int]) -> str:
        """What a session has said at its end, once it has come."""
        command = self._served.command(taken.language)
        try:
            return await walk(page, command, self._served.environment, size, lambda: self._places.use(taken))
        except OSError as error:  # no more processes, or no memory for one
            problem = say("cannot begin ({reason})", reason=reason_of(error))
            return _SAID + in_language(problem, taken.language)

    async def _end_all(self, _: web.Application) -> None:
        """Every session ends as if its page was closed."""
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY) for page in tuple(self._pages.values())))

    def _language_for(self, request: web.Request) -> str:
        """The language of a visitor, who has come by a name that is this server's.

        Where this computer alone is served, a page of any other server could else give itself out for ours.
        """
        asked = (part.strip().lower()[:2] for part in request.headers.get("Accept-Language", "").split(","))
        language = self._served.language or next((one for one in asked if one in LANGUAGES), LANGUAGES[0])
        name = _name_in(request.host)
        if name is None or (self._served.names and name not in self._served.names):
            raise web.HTTPForbidden(text=in_language(_FOREIGN, language))
        return language

    def _require_own_page(self, request: web.Request) -> None:
        """A page of another server, which its browser says it is, gets no session."""
        origin = request.headers.get("Origin")
        if origin is not None:
            where = _host_in(origin)
            if where != request.host and _name_in(where) not in self._served.names:
                raise web.HTTPForbidden


async def serve(site: Site, listening: Listening) -> None:
    """Serve until a signal comes: Ctrl+C, `kill`, or a terminal that is gone; then every session is ended."""
    silent = logging.Logger("qkvtui")  # whoever sends no HTTP is answered, and needs no traceback
    silent.addHandler(logging.NullHandler())
    runner = web.AppRunner(site.application(), access_log=None, logger=silent, shutdown_timeout=_PATIENCE)
    await runner.setup()
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, asked.set)
    try:
        for one in listening.sockets:
            await web.SockSite(runner, one).start()
        await asked.wait()
    finally:
        await runner.cleanup()


async def _with_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"


async def _tell(page: web.WebSocketResponse, said: str) -> None:
    """Why a session has ended: what it says itself, to the visitor; and all of it to who serves."""
    for line in said.splitlines():
        remark(line.removeprefix(_SAID))
    told = [clean_line(line) for line in said.splitlines() if line.startswith(_SAID)]
    with suppress(ConnectionError):
        if told:
            await page.send_bytes("".join(["\x1b[2J\x1b[H", *(f"{line}\r\n" for line in told)]).encode())
        await page.close()


async def _tell_idle(page: web.WebSocketResponse, language: str) -> None:
    """Why a session that nobody has used for long is at its end."""
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(_PATIENCE):  # whoever is waiting does not wait for a computer that is gone
            await page.send_bytes(f"\x1b[2J\x1b[H{in_language(_GIVEN_UP, language)}\r\n".encode())
            await page.close(code=WSCloseCode.GOING_AWAY)


def _page(name: str, language: str, told: Mapping[str, str]) -> str:
    """A page of HTML, filled."""
    with open(os.path.join(_HERE, f"{name}.html"), encoding="utf-8") as file:
        page = Template(file.read())
    return page.substitute(
        {slot: escape(in_language(text, language)) for slot, text in told.items()}, language=language
    )


def _host_in(origin: str) -> str:
    """`localhost:8000` of `http://localhost:8000`; empty where it is no address at all."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _name_in(address: str) -> str | None:
    """`localhost` of `localhost:8000`; None where it is no address at all."""
    found = _HOST.fullmatch(address)
    return None if found is None else found[1].lower()


def _number(text: str, usual: int) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else usual
