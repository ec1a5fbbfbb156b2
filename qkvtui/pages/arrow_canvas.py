"""Arrows from one origin in a room of terminal cells: braille dots, or in ASCII a sign for each kind of line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.magnitudes import LARGEST
from ..narration.sentences import Role
from ..records import record
from .dots import BRAILLE_CELL, Dots, braille, strokes
from .graphemes import graphemes
from .lines import Line, Pen, cell_len, shorten
from .room import PageRoom

Kind = Literal["query", "key", "other"]
"""Who asks, the current key, another key."""

_LONGEST_LABEL = 9
_LAYERS: tuple[tuple[str, Role, str, int], ...] = (
    ("shadow", Role.QUERY, "#", 1),
    ("query", Role.QUERY, "*", 1),
    ("key", Role.KEY, "+", 1),
    ("fall", Role.DIM, ":", 2),
    ("other", Role.DIM, ".", 3),
)
"""Kinds of lines, the topmost first: what they are, their sign in ASCII, and of how many dots one is set."""
TIPS: dict[Kind, str] = {"query": "◆", "key": "●", "other": "○"}
"""The sign at the end of an arrow."""
ROLES: dict[Kind, Role] = {"query": Role.QUERY, "key": Role.KEY, "other": Role.LABEL}
"""What an arrow and its label are."""


@record(frozen=True)
class Arrow:
    """An arrow from the origin."""

    label: str
    tip: tuple[float, float]
    """(to the right, up)."""
    kind: Kind


@record(frozen=True)
class _Scale:
    """From places in the plane to dots."""

    least: FloatArray
    """(across, up): what stands at the lower left."""
    by: FloatArray
    """(across, up): dots for one unit."""
    shift: FloatArray
    """(across, up) in dots."""
    dots_down: int

    def dot(self, place: Sequence[float] | FloatArray) -> FloatArray:
        """(down, across) of a place."""
        across, up = (np.asarray(place) - self.least) * self.by + self.shift
        return np.array([self.dots_down - 1 - up, across])


def canvas_lines(arrows: Sequence[Arrow], room: PageRoom) -> list[Line]:
    """The arrows in `room.width` columns and `room.height` rows: the first is the query, the second the current key.

    The shadow of that key on the query is a thick line along it, and what falls there a dotted one.
    """
    rows, columns = room.height or 1, room.width
    down, across = (1, 1) if room.ascii else BRAILLE_CELL
    query, key = arrows[0], arrows[1]
    foot = shadow_end(query.tip, key.tip)
    labels = min(columns // 3, max(min(cell_len(one.label), _LONGEST_LABEL) for one in arrows) + 2)
    places = [(0.0, 0.0), foot, *(one.tip for one in arrows)]
    scale = _scaled(places, (rows * down, (columns - labels) * across), room.ascii)
    origin = scale.dot((0.0, 0.0))
    layers: dict[str, Dots] = {name: np.zeros((rows * down, columns * across), dtype=np.bool_) for name, *_ in _LAYERS}
    every = {name: step for name, _, _, step in _LAYERS}
    for arrow in arrows:
        strokes(layers[arrow.kind], origin, scale.dot(arrow.tip), every[arrow.kind])
    strokes(layers["fall"], scale.dot(key.tip), scale.dot(foot), every["fall"])
    _thick(layers["shadow"], origin, scale.dot(foot), thick=not room.ascii)
    signs, roles = _drawn(layers, room)
    _put(signs, roles, _cell(origin, down, across), room.signs("┼"), Role.DIM)
    tips = [(arrow, _cell(scale.dot(arrow.tip), down, across)) for arrow in arrows]
    for arrow, place in reversed(tips):
        _put(signs, roles, place, room.signs(TIPS[arrow.kind]), ROLES[arrow.kind])
    _write_labels(signs, roles, tips, room)
    return [_line(row, kinds) for row, kinds in zip(signs, roles, strict=True)]


def shadow_end(query: tuple[float, float], key: tuple[float, float]) -> tuple[float, float]:
    """Where the shadow of a key on the query ends: (q·k / |q|²) q; at the origin where the query has no length."""
    length = query[0] ** 2 + query[1] ** 2
    if length < 1 / LARGEST:
        return 0.0, 0.0
    times = (query[0] * key[0] + query[1] * key[1]) / length
    return times * query[0], times * query[1]


def _scaled(places: Sequence[tuple[float, float]], dots: tuple[int, int], is_ascii: bool) -> _Scale:
    """The largest scale at which all places are in sight, the same across and up, and in the middle."""
    points = np.array(places)
    least, most = points.min(axis=0), points.max(axis=0)
    stretch = np.array([2.0, 1.0]) if is_ascii else np.ones(2)  # a terminal cell is twice as high as wide
    room = np.array([dots[1] - 1, dots[0] - 1], dtype=np.float64)
    spans = (most - least) * stretch
    is_seen = spans > 1 / LARGEST
    unit = float(np.where(is_seen, room / np.where(is_seen, spans, 1.0), np.inf).min())
    by = (unit if np.isfinite(unit) else 1.0) * stretch
    return _Scale(least, by, (room - (most - least) * by) / 2, dots[0])


def _thick(dots: Dots, start: FloatArray, end: FloatArray, *, thick: bool) -> None:
    """A line, and where it is to be thick the same a dot beside it."""
    strokes(dots, start, end)
    if thick and np.abs(end - start).max() >= 1:
        beside = np.array([0.0, 1.0]) if abs(end[0] - start[0]) > abs(end[1] - start[1]) else np.array([1.0, 0.0])
        for away in (beside, -beside):
            strokes(dots, start + away, end + away)


def _drawn(layers: dict[str, Dots], room: PageRoom) -> tuple[list[list[str]], list[list[Role]]]:
    """The sign of each cell, and what it is: that of the topmost line through it."""
    together = braille(np.logical_or.reduce(list(layers.values()))) if not room.ascii else None
    down, across = (1, 1) if room.ascii else BRAILLE_CELL
    shape = next(iter(layers.values())).shape
    rows, columns = shape[0] // down, shape[1] // across
    signs = [[" "] * columns for _ in range(rows)] if together is None else together
    roles = [[Role.PLAIN] * columns for _ in range(rows)]
    for name, role, sign, _ in reversed(_LAYERS):
        cells = layers[name].reshape(rows, down, columns, across).any(axis=(1, 3))
        for row, column in np.argwhere(cells).tolist():
            roles[row][column] = role
            if together is None:
                signs[row][column] = sign
    return signs, roles


def _cell(dot: FloatArray, down: int, across: int) -> tuple[int, int]:
    row, column = np.rint(dot).astype(int).tolist()
    return row // down, column // across


def _put(signs: list[list[str]], roles: list[list[Role]], place: tuple[int, int], sign: str, role: Role) -> None:
    row, column = place
    signs[row][column], roles[row][column] = sign, role


def _write_labels(
    signs: list[list[str]], roles: list[list[Role]], places: Sequence[tuple[Arrow, tuple[int, int]]], room: PageRoom
) -> None:
    """Each label beside its tip, where it covers no other label and no tip."""
    taken = {place for _, place in places}
    for arrow, (row, column) in places:
        text = shorten(arrow.label, _LONGEST_LABEL, room.signs("…"))
        width = cell_len(text)
        for start in (column + 2, column - 1 - width):
            cells = {(row, at) for at in range(start - 1, start + width + 1)} - {(row, column)}
            inside = start >= 0 and start + width <= len(signs[row])
            if inside and not cells & taken:
                _write(signs[row], roles[row], start, text, ROLES[arrow.kind])
                taken |= cells
                break


def _write(signs: list[str], roles: list[Role], start: int, text: str, role: Role) -> None:
    at = start
    for grapheme, width in graphemes(text):
        if not width:
            continue
        signs[at], roles[at] = grapheme, role
        for covered in range(at + 1, at + width):
            signs[covered] = ""
        at += width


def _line(signs: Sequence[str], roles: Sequence[Role]) -> Line:
    pen = Pen()
    text, role = "", Role.PLAIN
    for sign, kind in zip(signs, roles, strict=True):
        if kind is not role and text:
            pen.write(text, role)
            text = ""
        text, role = text + sign, kind
    return pen.write(text, role).line
