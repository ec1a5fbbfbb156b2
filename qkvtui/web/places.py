"""Who has a place: so many at once, of one address no more than is said, and none for good that nobody uses."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from ..said import Phrase, say

IDLE = 15 * 60.0
"""Seconds without a key and without anything new to see, after which a place is given to who waits for one."""
_NETWORK = 64
"""Bits of an IPv6 address that are the network's: whoever is in it may have any of the others."""


class Taken:
    """A visitor's place."""

    def __init__(self, came_from: str, language: str, now: float) -> None:
        self.came_from = came_from
        """The address that places are counted by; empty where they are not."""
        self.language = language
        self.last_used = now


class Places:
    """All places; `most_each` of them for one address at most, None for any number."""

    def __init__(self, most: int, most_each: int | None, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._most_each, self._clock = most, most_each, clock
        self._taken: list[Taken] = []

    def refusal(self, address: str | None) -> Phrase | None:
        """Why nobody from this address is let in now; None where somebody is."""
        came_from = _counted(address)
        if self._has_enough(came_from) and self._idle(came_from) is None:
            return say(
                "From your address {count} are here already, and no more are let in at once.", count=self._most_each
            )
        if len(self._taken) < self._most or self._idle() is not None:
            return None
        if self._most == 1:
            return say("Somebody is here already, and there is one place only.")
        return say("{count} people are here, and all places are taken.", count=self._most)

    def take(self, address: str | None, language: str) -> tuple[Taken, Taken | None]:
        """Take a place where none is refused, and whose that was, if it was one that nobody had used for long."""
        came_from, idle = _counted(address), None
        if self._has_enough(came_from):
            idle = self._idle(came_from)
        elif len(self._taken) >= self._most:
            idle = self._idle()
        if idle is not None:
            self.free(idle)
        taken = Taken(came_from, language, self._clock())
        self._taken.append(taken)
        return taken, idle

    def use(self, taken: Taken) -> None:
        """Something is done there."""
        taken.last_used = self._clock()

    def free(self, taken: Taken) -> None:
        """Whoever had it has left, or has had to."""
        if taken in self._taken:
            self._taken.remove(taken)

    def _idle(self, came_from: str = "") -> Taken | None:
        """The one that has been used least lately, of this address where one is given, where that is long ago."""
        among = (taken for taken in self._taken if came_from in ("", taken.came_from))
        longest = min(among, key=lambda taken: taken.last_used, default=None)
        return longest if longest is not None and self._clock() - longest.last_used >= IDLE else None

    def _has_enough(self, came_from: str) -> bool:
        if self._most_each is None or not came_from:
            return False
        return sum(taken.came_from == came_from for taken in self._taken) >= self._most_each


def _counted(address: str | None) -> str:
    """What places are counted by; empty for this computer, from which a server in front hands everybody on."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return "" if found.is_loopback else str(ip_network((found, _NETWORK), strict=False))
        found = found.ipv4_mapped
    return "" if found.is_loopback else str(found)
