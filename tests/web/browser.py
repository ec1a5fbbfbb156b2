"""A headless Chromium for tests, driven through its own protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.web.serving import Screen

CHROMIUM = shutil.which("chromium")
_PATIENCE = 60.0


class Tab:
    """A page: what it asks for, what it complains of, and what its terminal has been told to show."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._count = 0
        self._nothing = b""
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Event()
        self.asked_for: list[str] = []
        """The addresses of all requests."""
        self.complaints: list[str] = []
        """Errors of the console."""
        self.held: list[str] = []
        """The requests that wait for leave, where that was asked for."""
        self._screen = Screen()
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        self._count += 1
        self._answers[self._count] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        return await asyncio.wait_for(self._answers[self._count], _PATIENCE)

    async def go(self, url: str) -> None:
        """Open a page."""
        self._nothing = await self.picture()
        for domain in ("Network", "Page", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")
        await self.ask("Page.navigate", url=url)

    async def press(self, key: str, **more: Any) -> None:
        """A key, as the keyboard sends it."""
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **more)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode((await self.ask("Page.captureScreenshot"))["data"])

    async def until_painted(self, before: bytes) -> None:
        """Wait until something else is seen than `before`, and than nothing."""
        async with asyncio.timeout(_PATIENCE):
            while await self.picture() in (before, self._nothing):
                await asyncio.sleep(0.05)

    async def until_true(self, expression: str) -> None:
        """Wait until JavaScript says so."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                found = await self.ask("Runtime.evaluate", expression=expression)
                if found.get("result", {}).get("value") is True:
                    return
                await asyncio.sleep(0.05)

    @property
    def shown(self) -> str:
        """The terminal's text."""
        return self._screen.text

    async def until(self, holds: Callable[[Tab], bool]) -> None:
        """Wait for what is to come."""
        async with asyncio.timeout(_PATIENCE):
            while not holds(self):
                self._changed.clear()
                await self._changed.wait()

    async def close(self) -> None:
        """Stop listening."""
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        await self._socket.close()

    async def _listen(self) -> None:
        async for message in self._socket:
            self._hear(json.loads(message.data))
            self._changed.set()

    def _hear(self, told: dict[str, Any]) -> None:
        if "id" in told:
            self._answers[told["id"]].set_result(told.get("result", {}))
            return
        said = told["params"]
        match told["method"]:
            case "Network.requestWillBeSent":
                self.asked_for.append(said["request"]["url"])
            case "Network.webSocketCreated":
                self.asked_for.append(said["url"])
            case "Network.webSocketFrameReceived":
                if said["response"]["opcode"] == 2:
                    self._screen.feed(base64.b64decode(said["response"]["payloadData"]))
            case "Log.entryAdded" if said["entry"]["level"] == "error":
                self.complaints.append(f"{said['entry']['text']} {said['entry'].get('url', '')}")
            case "Fetch.requestPaused":
                self.held.append(said["requestId"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(said["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if said["type"] == "error":
                self.complaints.append(json.dumps(said["args"]))


@asynccontextmanager
async def chromium(language: str = "en") -> AsyncIterator[Callable[[], Awaitable[Tab]]]:
    """A browser of somebody who reads this language; what is yielded opens a tab."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
            "--window-size=1000,640",
            f"--accept-lang={language}",
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
        )
        assert process.stderr is not None
        async with ClientSession() as client:
            try:
                async with asyncio.timeout(_PATIENCE):
                    while b"DevTools listening on " not in (line := await process.stderr.readline()):
                        assert line, "Chromium has ended"
                root = f"http://{line.decode().split('//')[1].split('/')[0]}"
                draining = asyncio.create_task(process.stderr.read())
                tabs: list[Tab] = []

                async def opened() -> Tab:
                    async with client.put(f"{root}/json/new?about:blank") as answer:
                        url = (await answer.json(content_type=None))["webSocketDebuggerUrl"]
                    tabs.append(Tab(await client.ws_connect(url, max_msg_size=0)))
                    return tabs[-1]

                yield opened
                for tab in tabs:
                    await tab.close()
            finally:
                process.terminate()
                await process.wait()
                draining.cancel()
