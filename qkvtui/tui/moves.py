"""Walking through a lesson: from step to step, along a row, into a cell and back; by itself too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..operations.operation import Drawing
from ..pages.comparison import most_different
from ..trace.addresses import format_address, parse_address
from ..trace.through import backward, onward
from ..trace.trace import Trace
from ..trace.walk import Place, cell_of, move_cell, step_at, to_head, to_query, to_step, walked_into
from .messages import Left, LessonAsked, ReloadAsked, TurnAsked
from .pending import as_drawn, pending
from .state import LessonState
from .trail import Trail

Move = Callable[[LessonState], LessonState]

_FASTEST, _SLOWEST = 0.5, 32.0
"""Seconds a step."""


_BEYOND = {"next_step": onward, "previous_step": backward}
"""Moves that lead from layer to layer, as the computation goes: up to the loss, and down from it."""


def _into_layer(state: LessonState, layer: int, step: int) -> LessonState:
    """At a step of another layer."""
    before, after = state.trace, state.trace.at_layer(layer)
    return replace(state, layer=layer).walked(walked_into(before, after, step, state.place))


def layer(by: int) -> Move:
    """To another layer, at the same step."""

    def move(state: LessonState) -> LessonState:
        if state.trace.layers is None:
            return state.saying("one_layer")
        there = state.layer + by
        return state.in_layer(there) if state.has_layer(there) else state.saying("no_more_layers")

    return move


def by_steps(name: str, to: Callable[[Trace, Place], Place], silent: str) -> Move:
    """The move of this name between steps; between a teacher's stops while they are followed, and on behind the last.

    `silent` names what is said where there is no such step.
    """

    def move(state: LessonState) -> LessonState:
        tour = state.tour.moved(name)
        if tour is None:
            there = to(state.trace, state.place)
            beyond = _BEYOND[name](state.trace, state.place.step) if name in _BEYOND else None
            if beyond is not None:
                return _into_layer(state, *beyond)
            met = state.tour.met(name, state.place, there)
            return state.moved(there, silent) if met is None else replace(state, tour=met).walked(met.place)
        if tour == state.tour and state.place == tour.place:
            if name == "next_step" and not state.at_end:
                return replace(move(replace(state, tour=tour.toggled())), notice=state.look.texts.screen["stops_over"])
            return state.walked(tour.place).saying("no_more_stops")
        return replace(state, tour=tour).walked(tour.place)

    return move


step_on = by_steps("next_step", lambda trace, place: to_step(trace, place, place.step + 1), "at_last_step")
previous_step = by_steps("previous_step", lambda trace, place: to_step(trace, place, place.step - 1), "at_first_step")
first_step = by_steps("first_step", lambda trace, place: to_step(trace, place, 0), "at_first_step")
_to_last = by_steps("last_step", lambda trace, place: to_step(trace, place, len(trace.walk)), "at_last_step")


def last_step(state: LessonState) -> LessonState:
    """The last step or stop; at that of a layer below the last one it is said how to come to that."""
    there, example = _to_last(state), state.trace.example
    if not state.has_layer(state.layer + 1) or there.place != state.place or state.tour.followed or state.trail.cells:
        return there
    reads = example.last_readout is not None and example.last_readout.reads
    address = "logits" if reads else f"weights@{len(example.layers) - 1}"
    return there.saying("at_last_step_of_layer", layer=str(state.layer), address=address)


def next_step(state: LessonState) -> LessonState:
    """The next step or stop; behind the last one the next lesson of the course."""
    following = state.next_lesson
    return step_on(state) if following is None else state.telling(LessonAsked(following))


def jump(number: int) -> Move:
    """To the step with this number, where there is one."""

    def move(state: LessonState) -> LessonState:
        count = len(state.trace.walk)
        if number > count:
            return state.saying("no_such_step", number=str(number), count=str(count))
        place = to_step(state.trace, state.place, number - 1)
        return state.moved(place, "at_this_step", number=str(number))

    return move


def head(by: int) -> Move:
    """To another head."""

    def move(state: LessonState) -> LessonState:
        silent = "one_head" if state.trace.shape.heads == 1 else "no_more_heads"
        return state.moved(to_head(state.trace, state.place, state.place.head + by), silent)

    return move


def line(by: int) -> Move:
    """Another token asks; in an opened cell, to another line of terms.

    In a comparison, where the other one asks from now on, this one stands beside it.
    """

    def move(state: LessonState) -> LessonState:
        if state.trail.cells:
            return _among_terms(state, state.trail.moved_line(state.trace, by))
        asks = state.place.query
        moved = state.moved(to_query(state.trace, state.place, asks + by), "no_more_queries")
        return replace(moved, pinned=asks) if moved.place.query == state.pinned else moved

    return move


def cell(by: int) -> Move:
    """To another cell of the row; in an opened cell, to another operand."""

    def move(state: LessonState) -> LessonState:
        if state.trail.cells:
            return _among_terms(state, state.trail.moved(state.trace, by))
        return state.moved(move_cell(state.trace, state.place, by), "no_more_cells")

    return move


def _among_terms(state: LessonState, trail: Trail) -> LessonState:
    """At another number that the opened one is made of."""
    moved = state.walked(state.place, trail)
    return moved.saying("no_more_terms") if trail == state.trail else moved


def open_cell(state: LessonState) -> LessonState:
    """Into the current cell, or the chosen operand of the one that is opened."""
    if not state.trail.cells and step_at(state.trace, state.place).type.kind is Drawing.TOLD:
        return state.saying("nothing_computed")
    if state.trail.cells and state.trail.operand(state.trace) is None:
        return state.saying("nothing_behind")
    state = as_drawn(state)
    return state.opened(state.cell)


def close_cell(state: LessonState) -> LessonState:
    """Back to where the opened cell was opened from; from a moment of a run, back to the run."""
    if state.trail.cells:
        trail, place = state.trail.closed()
        return replace(state, layer=state.trail.layers[-1]).walked(place, trail)
    return state.saying("nothing_opened") if state.moment is None else state.telling(Left())


def compare(state: LessonState) -> LessonState:
    """Beside the query that asks, the one that looks elsewhere most; or one again. Who asks stays who asks."""
    if state.pinned is not None:
        return replace(state, pinned=None).walked(state.place).saying("compared_no_more")
    if state.trace.shape.queries == 1:
        return state.saying("nothing_to_compare")
    other = most_different(state.trace, state.place.query, state.place.head)
    tokens = state.trace.example.tokens
    names = {"query": tokens[state.place.query], "other": tokens[other]}
    return replace(state, pinned=other).walked(state.place).saying("compared", **names)


def go_to(state: LessonState) -> LessonState:
    """Ask for an address; proposed is where an earlier session left the lesson."""
    example = format_address(state.trace, state.cell, state.look.language)
    return state.asking("go_to", _left_at(state), "address_hint", example=example)


def gone_to(state: LessonState, text: str) -> LessonState:
    """At a typed address. Raises UsageError."""
    if state.left_at is not None and text.strip() == _left_at(state):
        return replace(state, left_at=None).walked(state.left_at)
    return state.walked_to(parse_address(state.trace, text))


def _left_at(state: LessonState) -> str:
    """The address where an earlier session left the lesson; empty where there is none."""
    if state.left_at is None:
        return ""
    return format_address(state.trace, cell_of(state.trace, state.left_at), state.look.language)


def toggle_tour(state: LessonState) -> LessonState:
    """Follow the teacher's stops, or leave them."""
    if not state.tour.stops:
        return state.saying("no_stops")
    tour = state.tour.toggled()
    return replace(state, tour=tour).walked(tour.place if tour.followed else state.place)


def read(by: int) -> Move:
    """On or back in a long narration."""
    return lambda state: state.telling(TurnAsked(by))


def play(state: LessonState) -> LessonState:
    """Walk by itself, from the first step where the walk is at its end; or stand still."""
    if state.plays:
        return replace(state, plays=False)
    return replace(first_step(state) if state.at_end else state, plays=True)


def tempo(times: float) -> Move:
    """Wait so many times as long between steps from now on."""

    def move(state: LessonState) -> LessonState:
        seconds = max(_FASTEST, min(_SLOWEST, state.seconds * times))
        if seconds == state.seconds:
            return state.saying("no_other_pace", seconds=f"{seconds:g}")
        paced = replace(state, seconds=seconds)
        return paced if state.plays else paced.saying("pace", seconds=f"{seconds:g}")

    return move


def played(state: LessonState) -> LessonState:
    """One step on by itself; standing still at the last one, and where something is asked."""
    state = step_on(state)
    return replace(state, plays=state.plays and not state.at_end and pending(state) is None)


def reload(state: LessonState) -> LessonState:
    """Read the file again; a moment of a run is in no file."""
    return state.saying("not_reloaded") if state.moment is not None else state.telling(ReloadAsked())
