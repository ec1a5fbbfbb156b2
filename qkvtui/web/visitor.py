"""A visitor: a process of the application's own, and what goes to and fro between it and the page.

Both speak as textual-serve lets them: the page in JSON and in bytes for its terminal, the process in packets, which
are a letter, four bytes with the length, and what is in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse

MOST_COLUMNS, MOST_LINES = 500, 200
"""Of a page; what says that it is larger would cost the server its memory."""

_DRAWN, _TYPED, _TOLD = b"D", b"D", b"M"
"""The letters of packets."""
_BEGUN = b"__GANGLION__\n"
"""What a process writes before its first packet."""
_PATIENCE = 3.0
"""Seconds in which a process that nobody looks at any more ends by itself."""


async def walk(
    page: WebSocketResponse,
    command: Sequence[str],
    environment: Mapping[str, str],
    size: tuple[int, int],
    used: Callable[[], None],
) -> str:
    """Let the page show what `command` draws, columns × lines, until one of them ends; what the command said then.

    `used` is called whenever something is typed or drawn.
    """
    columns, lines = within(*size)
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={**environment, "COLUMNS": str(columns), "LINES": str(lines)},
        start_new_session=True,  # Ctrl+C is for the server
    )
    tasks = [asyncio.create_task(work(process, page, used)) for work in (_show, _hear)]
    said = asyncio.create_task(_read(process))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await _end(process)
    return await said


def within(columns: int, lines: int) -> tuple[int, int]:
    """A size that can be drawn."""
    return max(1, min(columns, MOST_COLUMNS)), max(1, min(lines, MOST_LINES))


def heard(text: str) -> tuple[bytes, str]:
    """What a page sends: a packet for the process, and an answer for the page; either may be empty."""
    try:
        kind, *rest = json.loads(text)
        match kind, *rest:
            case "stdin", str(typed):
                return _packet(_TYPED, typed.encode("utf-8", "replace")), ""
            case "resize", {"width": int(columns), "height": int(lines)}:
                width, height = within(columns, lines)
                return _told({"type": "resize", "width": width, "height": height}), ""
            case ("focus" | "blur") as change, *_:
                return _told({"type": change}), ""
            case "ping", str(sent):
                return b"", json.dumps(["pong", sent])
    except (ValueError, TypeError, RecursionError):  # no JSON, or not what a page of ours says
        pass
    return b"", ""


def _packet(letter: bytes, data: bytes) -> bytes:
    return letter + len(data).to_bytes(4, "big") + data


def _told(values: dict[str, Any]) -> bytes:
    return _packet(_TOLD, json.dumps(values).encode())


async def _show(process: Process, page: WebSocketResponse, used: Callable[[], None]) -> None:
    """What the process draws, until it ends or the page is closed."""
    output = process.stdout
    assert output is not None
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        await output.readuntil(_BEGUN)
        while True:
            head = await output.readexactly(5)
            data = await output.readexactly(int.from_bytes(head[1:], "big"))
            if head[:1] == _DRAWN:
                used()
                await page.send_bytes(data)


async def _hear(process: Process, page: WebSocketResponse, used: Callable[[], None]) -> None:
    """What the page sends, until it is closed or the process ends."""
    assert process.stdin is not None
    with suppress(ConnectionError):
        async for message in page:
            if message.type is not WSMsgType.TEXT:
                continue
            packet, answer = heard(message.data)
            if answer:
                await page.send_str(answer)
            if packet:
                used()
                process.stdin.write(packet)
                await process.stdin.drain()


async def _read(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode("utf-8", "replace")


async def _end(process: Process) -> None:
    """It ends when nobody types any more; if it does not, it is ended."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except (TimeoutError, asyncio.CancelledError):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
