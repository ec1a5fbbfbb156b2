"""Pictures in place of the step: opened and closed, and how the keyboard moves in each."""

from __future__ import annotations

from dataclasses import replace

from ..graph.layers import look_alike
from ..operations.tensors import Axis
from ..pages.pictures import Picture
from ..trace.walk import cell_of, step_at, to_cell, to_step
from . import moves
from .moves import Move
from .state import LessonState


def show(picture: Picture) -> Move:
    """This picture in place of the step, or the step again."""

    def move(state: LessonState) -> LessonState:
        return replace(state.walked(state.place), instead=None if state.picture == picture else picture)

    return move


def show_heads(state: LessonState) -> LessonState:
    """All heads of all layers, where there are several; or the step again."""
    if state.trace.shape.heads == 1 and state.trace.layers is None:
        return state.saying("one_head_only")
    return show("heads")(state)


def _into_head(state: LessonState) -> LessonState:
    """To the weights of the head that is marked."""
    weights = state.trace.step(state.trace.graph.roles["weights"]).number - 1
    return _leave(state).walked(to_step(state.trace, state.place, weights))


def closing(move: Move) -> Move:
    """A move that belongs to the step: what stands in its place is closed before."""
    return lambda state: move(_leave(state))


def in_pictures(name: str, move: Move) -> Move:
    """The move of this name, which some pictures have another one for."""
    return lambda state: _MOVES.get((state.picture, name), move)(state)


def _leave(state: LessonState) -> LessonState:
    return replace(state, instead=None)


def _open(state: LessonState) -> LessonState:
    return moves.open_cell(_leave(state))


def _in_matrix(down: int, across: int) -> Move:
    """To another cell of the matrix as it is seen, which may be turned over."""

    def move(state: LessonState) -> LessonState:
        trace, place = state.trace, state.place
        cell, (rows, columns) = cell_of(trace, place), step_at(trace, place).shape
        by = (across, down) if state.look.in_columns else (down, across)
        row, column = (
            max(0, min(at + way, count - 1))
            for at, way, count in zip((cell.row, cell.column), by, (rows, columns), strict=True)
        )
        return state.walked(to_cell(trace, place, row, column))

    return move


def _key(by: int) -> Move:
    """Another key becomes the current one, also where the step has no number for each key."""

    def move(state: LessonState) -> LessonState:
        place, count = state.place, state.trace.shape.keys
        from ..pages.arrows import has_arrows  # only here: the first frame of a lesson does not wait for it

        step = step_at(state.trace, place).type
        if step.columns is not Axis.KEY and not has_arrows(state.trace, place):
            return moves.cell(by)(state)
        return state.walked(replace(place, key=max(0, min(place.key + by, count - 1))))

    return move


def _other_key(by: int) -> Move:
    """Another token is looked at."""

    def move(state: LessonState) -> LessonState:
        place, count = state.place, state.trace.shape.keys
        return state.moved(replace(place, key=max(0, min(place.key + by, count - 1))), "no_more_cells")

    return move


def _layer_alike(by: int) -> Move:
    """To the next layer that is in the same map; to the next one there is where that was the last."""

    def move(state: LessonState) -> LessonState:
        layer = state.layer + by
        while state.has_layer(layer) and not look_alike(state.trace.example, state.layer, layer):
            layer += by
        return state.in_layer(layer) if state.has_layer(layer) else moves.layer(by)(state)

    return move


_MOVES: dict[tuple[Picture | None, str], Move] = {
    ("flow", "line_up"): moves.previous_step,
    ("flow", "line_down"): moves.next_step,
    ("flow", "open_cell"): _leave,
    ("matrix", "line_up"): _in_matrix(-1, 0),
    ("matrix", "line_down"): _in_matrix(1, 0),
    ("matrix", "previous_step_left"): _in_matrix(0, -1),
    ("matrix", "next_step_right"): _in_matrix(0, 1),
    ("matrix", "previous_cell"): _in_matrix(0, -1),
    ("matrix", "next_cell"): _in_matrix(0, 1),
    ("matrix", "open_cell"): _open,
    ("arrows", "previous_cell"): _key(-1),
    ("arrows", "next_cell"): _key(1),
    ("arrows", "open_cell"): _open,
    ("heads", "line_up"): _layer_alike(-1),
    ("heads", "line_down"): _layer_alike(1),
    ("heads", "previous_step_left"): moves.head(-1),
    ("heads", "next_step_right"): moves.head(1),
    ("heads", "previous_cell"): _other_key(-1),
    ("heads", "next_cell"): _other_key(1),
    ("heads", "open_cell"): _into_head,
    **{(picture, "close_cell"): _leave for picture in ("flow", "matrix", "arrows", "heads")},
}
"""What a picture and the name of an act do together."""
