"""Which rows or columns are shown where not all fit."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import record


@record(frozen=True)
class Window:
    """The part `start … stop` of `count` rows or columns."""

    start: int
    stop: int
    count: int
    is_steady: bool = True
    """Whether its width is that of all, so that nothing moves when others come into sight."""

    @property
    def shown(self) -> Sequence[int]:
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


@record(frozen=True)
class Picked(Window):
    """Some of the rows or columns, wherever they stand; the hidden ones are counted behind them."""

    indices: tuple[int, ...] = ()

    @property
    def shown(self) -> Sequence[int]:
        """The indices in sight."""
        return self.indices


def picked(indices: Sequence[int], count: int) -> Window:
    """These of `count`, in order."""
    if len(indices) == count:
        return whole(count)
    return Picked(0, len(indices), count, indices=tuple(indices))


_FEW = 64


def steady(window: Window, *, moves: bool) -> Sequence[int]:
    """What is measured for the width of a window: all of it, where that is not much.

    Then nothing moves when others come into sight. On paper nothing `moves`: there what is shown is measured.
    """
    return range(window.count) if moves and window.is_steady and window.count <= _FEW else window.shown
