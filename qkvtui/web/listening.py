"""Where the server is found: the addresses that it listens at, opened before anything else is done."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import ExitStack, suppress
from ipaddress import ip_address

from ..errors import UsageError, reason_of
from ..files.clean import clean_line
from ..said import say

_OTHERS = 100
"""Ports behind a taken one that are tried before none is named."""


class Listening:
    """Open sockets, and what to type into a browser to get there."""

    def __init__(self, host: str, sockets: list[socket.socket]) -> None:
        self._host = host
        self.sockets = sockets
        self.port: int = sockets[0].getsockname()[1]

    @property
    def is_private(self) -> bool:
        """Whether this computer alone gets there."""
        return all(ip_address(one.getsockname()[0]).is_loopback for one in self.sockets)

    @property
    def names(self) -> frozenset[str]:
        """What may stand for this computer in an address, where it alone gets there."""
        return frozenset({"localhost", "127.0.0.1", "[::1]", _in_address(self._host).lower()})

    @property
    def url(self) -> str:
        """What to type."""
        is_any = any(ip_address(one.getsockname()[0]).is_unspecified for one in self.sockets)
        return f"http://{socket.gethostname() if is_any else _in_address(self._host)}:{self.port}/"


def listen(host: str, port: int) -> Listening:
    """Listen at all addresses of a host. Raises UsageError where that cannot be, with what could."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        what = say("--host {host}: there is no such address", host=clean_line(host))
        raise UsageError(say("{problem}; {expected}", problem=what, expected=_USUAL)) from None
    addresses = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        for family, address in addresses if port else addresses[:1]:
            try:
                sockets.append(opened.enter_context(_listening(family, address)))
            except OSError as error:
                if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT) and len(addresses) > 1:
                    continue  # such as ::1 where there is no IPv6
                raise _refusal(error, host, port) from None
        if not sockets:
            raise _refusal(OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL)), host, port)
        opened.pop_all()
    return Listening(host, sockets)


_USUAL = say("127.0.0.1 is this computer only, 0.0.0.0 all its addresses")


def _listening(family: int, address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        one.listen(128)
    except OSError:
        one.close()
        raise
    return one


def _refusal(error: OSError, host: str, port: int) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        what = say("port {port} is taken by another program", port=port)
        free = _free_port(host, port)
        return UsageError(what if free is None else say("{problem}; --port {port} is free", problem=what, port=free))
    if error.errno == errno.EADDRNOTAVAIL:
        what = say("--host {host}: is no address of this computer", host=clean_line(host))
        return UsageError(say("{problem}; {expected}", problem=what, expected=_USUAL))
    if isinstance(error, PermissionError):
        return UsageError(say("--port {port}: only the administrator may use it; --port 8000 will do", port=port))
    return UsageError(
        say(
            "cannot listen at {host}, port {port} ({reason})",
            host=clean_line(host),
            port=port,
            reason=reason_of(error),
        )
    )


def _free_port(host: str, port: int) -> int | None:
    """The next port that nobody has taken."""
    for other in range(port + 1, min(port + _OTHERS, 65_536)):
        with suppress(OSError), ExitStack() as opened:
            for family, _, _, _, address in socket.getaddrinfo(host, other, type=socket.SOCK_STREAM):
                opened.enter_context(_listening(family, address))
            return other
    return None


def _in_address(host: str) -> str:
    """As it stands in a URL: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
