"""Which rows or columns are shown where not all fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """The part `start … stop` of `count` rows or columns."""

    start: int
    stop: int
    count: int

    @property
    def shown(self) -> range:
        """The indices in sight."""
        return range(self.start, self.stop)

    @property
    def before(self) -> int:
        """How many are hidden before."""
        return self.start

    @property
    def after(self) -> int:
        """How many are hidden after."""
        return self.count - self.stop

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.stop - self.start == self.count


def whole(count: int) -> Window:
    """All of them."""
    return Window(0, count, count)


def only(index: int, count: int) -> Window:
    """Just this one."""
    return Window(index, index + 1, count)


def around(focus: int, count: int, room: int) -> Window:
    """The page of `room` that holds `focus`: it stays where it is while the focus moves inside it."""
    size = max(1, min(room, count))
    start = min(focus // size * size, count - size)
    return Window(start, start + size, count)
