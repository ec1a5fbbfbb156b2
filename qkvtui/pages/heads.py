"""All heads of all layers as one map: what each gives to one token when the current one asks.

Of an encoder-decoder only the layers in which the same words look at the same words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..graph.layers import look_alike
from ..narration.numbers import NumberFormat, percent
from ..narration.sentences import Role, Span, plain, quoted
from ..trace.attends import attends
from ..trace.roles import role_of_head
from ..trace.trace import Trace
from ..trace.walk import Place
from .fitted_map import map_that_fits
from .lines import Line, line_of
from .matrices import Matrix
from .page import GAP, Page, said
from .room import PageRoom
from .scene import ShownNumbers
from .tables import lines_block

_FEW_LINES = 10
_ROLES = {
    "itself": "head_role_itself",
    "previous": "head_role_previous",
    "next": "head_role_next",
    "first": "head_role_first",
    "last": "head_role_last",
    "duplicate": "head_role_duplicate",
    "induction": "head_role_induction",
}
"""What a head does with most of its attention → the name of its text."""


def heads_page(trace: Trace, place: Place, room: PageRoom) -> Page:
    """A line a layer, a column a head; the head one is in stands in brackets, and below is what it does."""
    above = said("caption", [_about(trace, place, room)], room)
    below = said("sentences", [_told(trace, place, room), *_role(trace, place, room)], room)
    legend = said("caption", [line_of(room.signs(room.word("heads_map_shades")), Role.DIM)], room)
    is_roomy = room.height is None or room.height >= _FEW_LINES
    around = above.height + below.height + (legend.height + 2 if is_roomy else 0)
    left = None if room.height is None else max(2, room.height - around)
    drawn = map_that_fits(_matrix(trace, place, room), room.sized(room.width, left)).shaded(by_pairs=True)
    table = lines_block(drawn.lines(room))
    return Page((above, GAP, table, legend, GAP, below) if is_roomy else (above, table, below))


def _matrix(trace: Trace, place: Place, room: PageRoom) -> Matrix:
    layers = [layer for layer in range(1 if trace.layers is None else len(trace.layers)) if _fits(trace, layer)]
    most = max(trace.at_layer(layer).shape.heads for layer in layers)

    def row(line: int) -> ShownNumbers:
        there = trace.at_layer(layers[line])
        shares = np.full(most, -np.inf)
        hidden = np.zeros(most, dtype=np.bool_)
        for head in range(there.shape.heads):
            shares[head] = there.row("weights", place.query, head)[place.key]
            hidden[head] = room.withholds("weights", head)
        return ShownNumbers(shares).veiled(hidden if hidden.any() else None)

    return Matrix(
        symbol="A",
        row_labels=[room.word("layer", layer=layer) for layer in layers],
        column_labels=[str(head) for head in range(most)],
        row=row,
        written=NumberFormat(room.digits),
        marked_row=layers.index(trace.example.layer),
        marked_column=place.head,
        shaded=True,
        costly=True,
    )


def _fits(trace: Trace, layer: int) -> bool:
    """Whether in this layer the token that asks is there, and the one that is looked at."""
    return look_alike(trace.example, trace.example.layer, layer)


def _about(trace: Trace, place: Place, room: PageRoom) -> Line:
    """Who asks, and who is looked at."""
    tokens, keys, marks = trace.example.tokens, trace.example.keys, room.texts.quotes
    return room.filled_word(
        "heads_map",
        query=quoted(tokens[place.query], marks, Role.QUERY),
        key=quoted(keys[place.key], marks, Role.KEY),
    )


def _role(trace: Trace, place: Place, room: PageRoom) -> Iterator[Line]:
    """What the head one is in does with most of its attention, whoever asks."""
    if room.withholds("weights", place.head):
        return
    name, share = role_of_head(trace, place.head)
    if name:
        role = plain(room.word(_ROLES[name]))
        yield room.filled_word("heads_map_role", role=role, share=(Span(percent(share), Role.NUMBER),))


def _told(trace: Trace, place: Place, room: PageRoom) -> Line:
    """What the head one is in gives to the token that is asked about, and whom it looks at most."""
    if room.withholds("weights", place.head):
        return line_of(room.word("withheld"), Role.DIM)
    found = attends(trace, place.query, place.head)
    first, asked = found.ranked[0], float(trace.row("weights", place.query, place.head)[place.key])
    values = {
        "layer": plain(str(trace.example.layer)),
        "head": plain(str(place.head)),
        "query": quoted(trace.example.tokens[place.query], room.texts.quotes, Role.QUERY),
        "first": quoted(trace.example.keys[first.index], room.texts.quotes, Role.KEY),
        "key": quoted(trace.example.keys[place.key], room.texts.quotes, Role.KEY),
        "share": (Span(percent(first.weight), Role.NUMBER),),
        "asked": (Span(percent(asked), Role.NUMBER),),
    }
    if found.blind:
        return room.filled_word("heads_map_blind", **values)
    if trace.layers is None:
        name = "heads_map_here_alone_most" if first.index == place.key else "heads_map_here_alone"
    else:
        name = "heads_map_here_most" if first.index == place.key else "heads_map_here"
    return room.filled_word(name, **values)
