"""Walking through a lesson: from step to step, along a row, into a cell and back; by itself too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..pages.comparison import most_different
from ..trace.addresses import format_address, parse_address
from ..trace.trace import Trace
from ..trace.walk import Place, move_cell, to_head, to_query, to_step
from .messages import Left, ReloadAsked, TurnAsked
from .state import LessonState

Move = Callable[[LessonState], LessonState]

_FASTEST, _SLOWEST = 0.5, 32.0
"""Seconds a step."""


def by_steps(name: str, to: Callable[[Trace, Place], Place]) -> Move:
    """The move of this name between steps; between a teacher's stops while they are followed."""

    def move(state: LessonState) -> LessonState:
        tour = state.tour.moved(name)
        if tour is None:
            return state.walked(to(state.trace, state.place))
        return replace(state, tour=tour).walked(tour.place)

    return move


next_step = by_steps("next_step", lambda trace, place: to_step(trace, place, place.step + 1))
previous_step = by_steps("previous_step", lambda trace, place: to_step(trace, place, place.step - 1))
first_step = by_steps("first_step", lambda trace, place: to_step(trace, place, 0))
last_step = by_steps("last_step", lambda trace, place: to_step(trace, place, len(trace.steps)))


def jump(number: int) -> Move:
    """To the step with this number, where there is one."""

    def move(state: LessonState) -> LessonState:
        if number > len(state.trace.steps):
            return state
        return state.walked(to_step(state.trace, state.place, number - 1))

    return move


def head(by: int) -> Move:
    """To another head."""
    return lambda state: state.walked(to_head(state.trace, state.place, state.place.head + by))


def line(by: int) -> Move:
    """Another token asks; in an opened cell, to another line of terms."""

    def move(state: LessonState) -> LessonState:
        if state.trail.cells:
            return state.walked(state.place, state.trail.moved_line(state.trace, by))
        return state.walked(to_query(state.trace, state.place, state.place.query + by))

    return move


def cell(by: int) -> Move:
    """To another cell of the row; in an opened cell, to another operand."""

    def move(state: LessonState) -> LessonState:
        if state.trail.cells:
            return state.walked(state.place, state.trail.moved(state.trace, by))
        return state.walked(move_cell(state.trace, state.place, by))

    return move


def open_cell(state: LessonState) -> LessonState:
    """Into the current cell, or the chosen operand of the one that is opened."""
    if state.trail.cells and state.trail.operand(state.trace) is None:
        return state
    trail, place = state.trail.opened(state.trace, state.place, state.cell)
    return state.walked(place, trail)


def close_cell(state: LessonState) -> LessonState:
    """Back to where the opened cell was opened from; from a moment of a run, back to the run."""
    if state.trail.cells:
        trail, place = state.trail.closed()
        return state.walked(place, trail)
    return state if state.moment is None else state.telling(Left())


def compare(state: LessonState) -> LessonState:
    """Two queries side by side, the one that asks and the one that looks elsewhere most; or one again."""
    if state.pinned is None:
        other = most_different(state.trace, state.place.query, state.place.head)
        return replace(state, pinned=state.place.query).walked(to_query(state.trace, state.place, other))
    return replace(state, pinned=None).walked(to_query(state.trace, state.place, state.pinned))


def go_to(state: LessonState) -> LessonState:
    """Ask for an address."""
    return state.asking(
        "go_to", "", "address_hint", example=format_address(state.trace, state.cell, state.look.language)
    )


def gone_to(state: LessonState, text: str) -> LessonState:
    """At a typed address. Raises UsageError."""
    return state.walked_to(parse_address(state.trace, text))


def toggle_tour(state: LessonState) -> LessonState:
    """Follow the teacher's stops, or leave them."""
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
    return lambda state: replace(state, seconds=max(_FASTEST, min(_SLOWEST, state.seconds * times)))


def played(state: LessonState) -> LessonState:
    """One step on by itself; standing still at the last one."""
    state = next_step(state)
    return replace(state, plays=state.plays and not state.at_end)


def reload(state: LessonState) -> LessonState:
    """Read the file again; a moment of a run is in no file."""
    return state.saying("not_reloaded") if state.moment is not None else state.telling(ReloadAsked())
