"""A server for tests, as the program starts it, and visitors who are no browser."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from tests.cli.program import REPOSITORY, command_line, environment

PATIENCE = 60.0


class Screen:
    """What a terminal shows that was told this."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(200, 100)
        self._stream = pyte.ByteStream(self._screen)
        self.told = ""
        """All of it."""

    def feed(self, data: bytes) -> None:
        """Tell it more."""
        self._stream.feed(data)
        self.told += data.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """Line by line."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()


class Visit:
    """A session, and what it shows; it is listened to, and answers, all the time."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.screen = Screen()
        self._changed = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def type(self, text: str) -> None:
        """As the page's terminal sends what is typed."""
        await self.socket.send_json(["stdin", text])

    async def until(self, text: str) -> None:
        """Wait until the screen shows it."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.screen.text:
                assert not self._listening.done(), self.screen.text
                self._changed.clear()
                await self._changed.wait()

    async def until_ended(self) -> int | None:
        """Wait for the end, and with which code it comes."""
        await asyncio.wait_for(self._listening, PATIENCE)
        code: int | None = self.socket.close_code
        return code

    async def _listen(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.BINARY:
                self.screen.feed(message.data)
            self._changed.set()
        self._changed.set()


@dataclass(frozen=True)
class Serving:
    """A server that runs, and whoever visits it."""

    url: str
    told: str
    """What it says to who serves."""
    process: asyncio.subprocess.Process
    client: ClientSession

    async def visit(self, **headers: str) -> Visit:
        """Begin a session."""
        url = f"{self.url}session?width=80&height=24"
        return Visit(await self.client.ws_connect(url, headers=headers, max_msg_size=0))

    async def page(self, **headers: str) -> tuple[int, str]:
        """The page's status and text."""
        async with self.client.get(self.url, headers=headers) as answer:
            return answer.status, await answer.text()

    async def until_status(self, status: int) -> None:
        """Wait until the page has it."""
        async with asyncio.timeout(PATIENCE):
            while (await self.page())[0] != status:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(*arguments: str | Path, cwd: Path = REPOSITORY, lines: int = 1) -> AsyncIterator[Serving]:
    """`qkvtui serve` at any free port, once it has said so in so many lines."""
    process = await asyncio.create_subprocess_exec(
        *command_line("serve", "--port", "0", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(),
        cwd=cwd,
    )
    assert process.stdout is not None
    try:
        async with ClientSession() as client:
            told = "".join(
                [(await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode() for _ in range(lines)]
            )
            assert told.startswith("http://"), told
            port = told.split()[0].strip("/").rpartition(":")[2]
            yield Serving(f"http://127.0.0.1:{port}/", told, process, client)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def sessions_of(server: int) -> list[int]:
    """The processes that a server has started."""
    found = []
    for task in Path(f"/proc/{server}/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text(encoding="ascii").split()]
    return found


def is_running(pid: int) -> bool:
    """Whether there is such a process, other than as an entry in its parent's list."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what has to come."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)


def memory_of(pids: list[int]) -> int:
    """Bytes of memory that processes take, what they share counted once."""
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total << 10


ECHO = """
import os, sys
sys.stdout.buffer.write(b"__GANGLION__\\n")
def draw(data):
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()
draw(f"{os.environ['COLUMNS']} x {os.environ['LINES']}\\r\\n".encode())
while head := sys.stdin.buffer.read(5):
    draw(head[:1] + sys.stdin.buffer.read(int.from_bytes(head[1:], "big")))
"""
"""Instead of the application: tells its size, and then what it hears."""
ECHOING = (sys.executable, "-c", ECHO)
DEAF = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)")
"""Instead of the application: what is stuck."""
DENYING = (sys.executable, "-c", "import sys; sys.exit('qkvtui: no such lesson')")
"""Instead of the application: what cannot begin."""
