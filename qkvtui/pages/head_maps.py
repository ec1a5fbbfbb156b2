"""All heads side by side as small maps: one digit for each query and key, tenths of the attention."""

from __future__ import annotations

from dataclasses import replace

from ..narration.numbers import percent
from ..narration.sentences import Role
from ..trace.attends import attends
from .lines import Line, Pen, cell_len, line_of, shorten
from .matrix_map import MatrixMap, TenthsFormat, first_width, forbidden
from .operands import step_matrix
from .scene import Scene
from .tables import Layout, Lines, beside, gap, lines_block
from .windows import Window, around, whole

_LARGEST = 64
"""Tokens; of more, a digit each is no map that one can read."""
_MOST = 128
"""Heads whose maps are drawn, those around the current one; a file may have thousands."""
_LONGEST_LABEL = 8
_GAP = 3
_BESIDE = 4


def head_maps(scene: Scene) -> Lines | None:
    """The maps of the weights of all heads, as many beside each other as there is room for.

    None where there is one head, where a hidden number would be told, or where not even one line of maps fits. Of
    more heads than fit, those around the current one, and the rest counted.
    """
    shape, room = scene.trace.shape, scene.room
    if shape.heads == 1 or max(shape.queries, shape.keys) > _LARGEST:
        return None
    heads = (around(scene.place.head, shape.heads, _MOST) if shape.heads > _MOST else whole(shape.heads)).shown
    if any(scene.touches("weights", head) for head in heads):
        return None
    maps = [_map(scene, head) for head in heads]
    width = max(line.width for one in maps for line in one)
    abreast = max(1, (room.width + _GAP) // (width + _GAP))
    count = -(-len(maps) // abreast)
    shown = _lines_that_fit(count, len(maps[0]), list(heads).index(scene.place.head) // abreast, room.height)
    if shown is None or width > room.width:
        return None
    drawn: list[Line] = []
    for line in shown.shown:
        drawn.extend([Line()] if drawn else [])
        drawn.extend(_abreast(maps[line * abreast : (line + 1) * abreast], width))
    hidden = shape.heads - sum(len(maps[line * abreast : (line + 1) * abreast]) for line in shown.shown)
    if hidden:
        drawn.append(line_of(room.word("more_heads", count=hidden), Role.DIM))
    return lines_block(drawn)


def maps_beside(scene: Scene, drawn: Layout) -> Layout | None:
    """The drawing with the maps to its right, under a line that says what a digit is; None where that does not fit."""
    caption = line_of(scene.room.word("head_maps_short"), Role.DIM)
    beside_it = scene.sized(scene.room.width - drawn.width - _BESIDE, scene.room.height).lower(1)
    maps = head_maps(beside_it)
    if maps is None or max(maps.width, caption.width) > beside_it.room.width:
        return None
    return beside(drawn, gap(_BESIDE), lines_block([caption, *maps.lines]))


def _lines_that_fit(lines: int, height: int, current: int, most: int | None) -> Window | None:
    """Which lines of maps are shown; there is a blank line between two, and one that counts the heads out of sight."""
    if most is None or lines * (height + 1) - 1 <= most:
        return whole(lines)
    room = most // (height + 1)
    return around(current, lines, room) if room else None


def _map(scene: Scene, head: int) -> list[Line]:
    """One head: its number and whom the query looks at, a line of first characters, a line of digits for each row."""
    place, room = scene.place, scene.room
    matrix = replace(step_matrix(scene, "weights", head), marked_row=place.query, marked_column=place.key)
    (down, across), (_, column) = matrix.shape, matrix.shown_at(place.query, place.key)
    label = 2 + max(min(cell_len(one), _LONGEST_LABEL) for one in matrix.labels_down)
    each = 1 + max(map(first_width, matrix.labels_across))
    columns = _columns_around(column, across, (room.width - label) // each, 8 // each)
    drawn = MatrixMap(matrix, whole(down), columns, TenthsFormat(1), label, each, is_small=True)
    shaded = replace(drawn.shaded(by_pairs=True), is_forbidden=forbidden(scene, head))
    return [_title(scene, head), *shaded.lines(room)]


def _columns_around(column: int, count: int, room: int, to_count: int) -> Window:
    """All columns, or those around the current one with room to count the rest."""
    return whole(count) if count <= room else around(column, count, max(1, room - to_count))


def _title(scene: Scene, head: int) -> Line:
    """`head 1 → dogs 87%`."""
    room, seen = scene.room, attends(scene.trace, scene.place.query, head)
    pen = Pen(Role.TITLE)
    pen.write(room.signs("▸") if head == scene.place.head else " ")
    pen.write(f"{room.word('head')} {head}", Role.TITLE)
    pen.write(room.signs(" → "), Role.DIM)
    if seen.blind:
        return pen.write(room.word("nothing")).line
    first = seen.ranked[0]
    pen.write(shorten(first.token, _LONGEST_LABEL, room.signs("…")), Role.KEY)
    return pen.write(f" {percent(first.weight)}", Role.MARKED).line


def _abreast(maps: list[list[Line]], width: int) -> list[Line]:
    """One line of maps, each as wide as the widest."""
    lines = []
    for row in range(len(maps[0])):
        line = Line()
        for index, one in enumerate(maps):
            line += line_of(" " * (index * (width + _GAP) - line.width))
            line += one[row]
        lines.append(line)
    return lines
