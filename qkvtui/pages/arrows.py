"""A dot product as a picture: query and keys as arrows, the shadow of one on the other, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from ..engine.arrays import FloatArray
from ..narration.facts import Facts
from ..narration.numbers import NumberFormat, as_decimal, equals, number, percent
from ..narration.sentences import Role, Span, plain
from ..operations.product import Product
from ..records import record
from ..trace.attends import TIE
from ..trace.flow import flow_of
from ..trace.labels import step_labels
from ..trace.trace import Trace
from ..trace.walk import Place
from .arrow_canvas import ROLES, TIPS, Arrow, Kind, canvas_lines
from .cut_names import LONGEST_COLUMN_LABEL
from .headings import heading_of
from .lines import Line, line_of, shorten
from .page import GAP, Page, PageWords, said
from .room import PageRoom
from .row_bars import row_bars
from .scene import Scene
from .tables import EMPTY, Layout, PageTable, TableCell, beside, gap, lines_block, number_cell, table
from .windows import around, whole

_TELLS = 0.6
"""The least share of what is multiplied that two columns must hold, so that a picture of them tells something."""
_LEAST_CANVAS, _WIDEST_CANVAS = 18, 60
_APART = 2
_MOST_ARROWS = 24
_USUAL_HEIGHT = 18
_HEADERS = {
    "length": "arrows_length",
    "cosine": "arrows_cosine",
    "shadow": "arrows_shadow",
    "product": "arrows_product",
}
"""The columns of the table, each with the name of its text."""
_GIVE_WAY = ("shadow", "cosine", "length")
"""Where there is no room for all, the first of these first."""
_BECAUSE = {
    (True, True): "arrows_because_both",
    (True, False): "arrows_because_longest",
    (False, True): "arrows_because_nearest",
    (False, False): "arrows_because_neither",
}
"""Whether the largest product is that of the longest arrow, and of the nearest in direction → the name of its text."""


@record(frozen=True)
class QueryAndKeys:
    """A query with all keys, as they are multiplied; arrays (s,) or (s, d)."""

    query: FloatArray
    """(d,)."""
    keys: FloatArray
    products: FloatArray
    columns: tuple[int, int]
    """The two columns that are drawn; twice the same where there is only one."""
    share: float
    """How much of all that is multiplied these two hold, 0 to 1."""

    @property
    def query_length(self) -> float:
        """|q|."""
        return float(np.linalg.norm(self.query))

    @property
    def lengths(self) -> FloatArray:
        """(s,): |k|."""
        found: FloatArray = np.linalg.norm(self.keys, axis=1)
        return found

    @property
    def shadows(self) -> FloatArray:
        """(s,): how long the shadow of each key on the query is, below 0 where it points away: q·k / |q|."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.products / self.query_length)

    @property
    def cosines(self) -> FloatArray:
        """(s,): q·k / (|q| |k|); no number where one of them has no length."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.shadows / self.lengths)

    @property
    def tells(self) -> bool:
        """Whether a picture of two columns shows what the product is made of."""
        return self.share >= _TELLS


def arrows_page(trace: Trace, place: Place, room: PageRoom) -> Page:
    """Arrows up to the scores that softmax takes; from there on, and where nothing is in a plane, the row as bars."""
    scene = Scene(trace, place, room)
    heading = heading_of(trace, place, room)
    names = _steps_multiplied(trace, place)
    if names is not None and any(scene.touches(name, place.head) for name in names):
        return Page((said("caption", [line_of(room.word("picture_hidden"))], room),), heading)
    if names is None or not (both := _query_and_keys(trace, place, names)).tells:
        return Page(tuple(row_bars(scene, scene.at)), heading)
    told = [said("sentences", [line], room) for line in _told(scene, both, names)]
    below = 1 + sum(part.height for part in told)
    height = _USUAL_HEIGHT if room.height is None else max(3, room.height - below)
    if room.height is not None and room.height - below < 5:
        told, height = [], room.height
    drawn = _drawn(scene.sized(room.width, height), both)
    parts: list[PageWords | Layout] = [drawn, *([GAP, *told] if told else [])]
    return Page(tuple(parts), heading)


def _steps_multiplied(trace: Trace, place: Place) -> tuple[str, str, str] | None:
    """The steps that the step of a place is about: queries, keys and their products; None where there are none such."""
    flow = flow_of(trace)
    here = trace.walk[place.step]
    scores = flow.middle[0]
    before = (*flow.root, *(step for lane in flow.meeting for step in lane.steps), *flow.middle[:-1])
    if here not in before or not isinstance(scores.type.operation, Product):
        return None
    queries, keys = scores.type.operation.sources[:2]
    return queries, keys, scores.id


def has_arrows(trace: Trace, place: Place) -> bool:
    """Whether the picture of a place is one of arrows and not of bars."""
    names = _steps_multiplied(trace, place)
    return names is not None and _query_and_keys(trace, place, names).tells


def _query_and_keys(trace: Trace, place: Place, names: tuple[str, str, str]) -> QueryAndKeys:
    """The current query with all keys, and the two columns in which most of their products is."""
    queries, keys, scores = names
    query = trace.row(queries, place.query, place.head).astype(np.float64)
    all_keys = trace.matrix(keys, place.head).astype(np.float64)
    parts = np.abs(all_keys * query).sum(axis=0)
    largest = np.argsort(-parts, kind="stable")[:2]
    total = float(parts.sum())
    share = 1.0 if len(query) <= 2 or not total else float(parts[largest].sum()) / total
    columns = sorted(int(column) for column in largest)
    products = trace.row(scores, place.query, place.head).astype(np.float64)
    return QueryAndKeys(query, all_keys, products, (columns[0], columns[-1]), share)


def _drawn(scene: Scene, both: QueryAndKeys) -> Layout:
    """The arrows, and beside them the table as far as there is room."""
    room = scene.room
    arrows, height = list(_arrows(scene, both)), room.height or _USUAL_HEIGHT
    for given_way in range(len(_GIVE_WAY) + 1):
        names = [name for name in _HEADERS if name not in _GIVE_WAY[:given_way]]
        numbers = _table(scene, both, names, height)
        left = min(_WIDEST_CANVAS, room.width - numbers.width - _APART)
        if left >= _LEAST_CANVAS:
            return beside(lines_block(canvas_lines(arrows, room.sized(left, height))), gap(_APART), numbers)
    return lines_block(canvas_lines(arrows, room.sized(room.width, height)))


def _arrows(scene: Scene, both: QueryAndKeys) -> Iterator[Arrow]:
    """The query first, then the current key, then the others; of very many those around it."""
    place, example = scene.place, scene.trace.example
    columns = list(both.columns)
    flat = both.columns[0] == both.columns[1]

    def tip(vector: FloatArray) -> tuple[float, float]:
        x, y = vector[columns]
        return float(x), 0.0 if flat else float(y)

    yield Arrow(example.tokens[place.query], tip(both.query), "query")
    yield Arrow(example.keys[place.key], tip(both.keys[place.key]), "key")
    for key in around(place.key, len(example.keys), _MOST_ARROWS).shown:
        if key != place.key:
            yield Arrow(example.keys[key], tip(both.keys[key]), "other")


def _table(scene: Scene, both: QueryAndKeys, names: Sequence[str], height: int) -> PageTable:
    """The query's length above, a line for each key below it, the current one marked."""
    room, place, example = scene.room, scene.place, scene.trace.example
    parts = {
        "shadow": both.shadows,
        "cosine": both.cosines,
        "length": both.lengths,
        "product": both.products,
    }
    written = NumberFormat(room.digits)
    count, most = len(example.keys), max(1, height - 2)
    shown = whole(count) if count <= most else around(place.key, count, max(1, most - 1))
    length = TableCell(room.signs(written.text(both.query_length)), Role.QUERY, " ", " ")
    lines = [
        [EMPTY, *(TableCell(room.word(_HEADERS[name]), Role.HEADER, " ", " ") for name in names)],
        [
            _label(example.tokens[place.query], "query", room),
            *(length if name == "length" else EMPTY for name in names),
        ],
    ]
    for key in shown.shown:
        current = key == place.key
        label = _label(example.keys[key], "key" if current else "other", room)
        line = [replace(label, click=("key", key))]
        for name in names:
            mark = Role.CURRENT if current and name == "product" else Role.PLAIN
            line.append(number_cell(room.signs(written.text(float(parts[name][key]))), mark))
        lines.append(line)
    if not shown.whole:
        lines.append([TableCell(f"+{count - len(shown.shown)}", Role.DIM, " ", left=True), *[EMPTY] * len(names)])
    return table(lines)


def _label(token: str, kind: Kind, room: PageRoom) -> TableCell:
    """A token with the sign at the end of its arrow."""
    name = shorten(token, LONGEST_COLUMN_LABEL, room.signs("…"))
    return TableCell(name, ROLES[kind], f"{room.signs(TIPS[kind])} ", " ", left=True)


def _told(scene: Scene, both: QueryAndKeys, names: tuple[str, str, str]) -> Iterator[Line]:
    """Who has the largest product and why; the shadow times the query's length; what is not drawn."""
    room, place = scene.room, scene.place
    facts = Facts(scene.trace, place, room.texts, room.digits)
    if not both.query_length or not np.isfinite(both.products).all():
        return
    cosines = np.nan_to_num(both.cosines, nan=-np.inf)
    top, longest, nearest = (_largest(values) for values in (both.products, both.lengths, cosines))
    name, decides = _BECAUSE[top[0] in longest, top[0] in nearest], nearest[0]
    if len(top) > 1:
        name = "arrows_because_tie"
    elif top[0] in longest and len(longest) > 1:
        name, decides = "arrows_because_of_longest", top[0]
    yield room.filled_word(
        name,
        top=facts.tokens(top),
        longest=facts.tokens(longest),
        nearest=facts.tokens(nearest),
        length=facts.number(float(both.lengths[longest[0]])),
        cosine=facts.number(float(cosines[decides])),
    )
    shadow, length, product = (
        number(float(value), room.digits)
        for value in (both.shadows[place.key], both.query_length, both.products[place.key])
    )
    yield room.filled_word(
        "arrows_shadow_is",
        key=facts.key_token(place.key),
        query=facts.token(scene.trace.example.tokens[place.query], Role.QUERY),
        shadow=(Span(shadow, Role.NUMBER),),
        sum=plain(f"{shadow} × {length} {equals(product, _product(shadow, length))} "),
        product=(Span(product, Role.RESULT),),
    )
    if len(both.query) > 2:
        _, labels = step_labels(scene.trace, scene.trace.step(names[0]), room.language, place.head)
        one, other = ((Span(labels[column], Role.TOKEN),) for column in both.columns)
        share, count = plain(percent(both.share)), plain(str(len(labels)))
        yield room.filled_word("arrows_columns", one=one, other=other, share=share, count=count)


def _largest(values: FloatArray) -> list[int]:
    """Where the largest number stands, or all that are as large."""
    most = float(values.max())
    found: list[int] = np.flatnonzero(values >= most - TIE * max(1.0, abs(most))).tolist()
    return found


def _product(one: str, other: str) -> Decimal | None:
    """The product of two numbers as they are shown."""
    left, right = as_decimal(one), as_decimal(other)
    return None if left is None or right is None else left * right
