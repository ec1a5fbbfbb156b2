"""A lesson's own texts in its trace: where its sentences hold, and which numbers they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

from ..errors import ExampleError, Problem, UsageError
from ..files.phrases import with_commas
from ..files.placeholders import Placeholder, text_parts
from ..graph.example import Example
from ..graph.proposals import NO_CHANGE, Experiment, LessonQuestion, WhatIf
from ..localized import Localized
from ..operations.file_places import inside, item_place
from ..operations.rules import Rule
from ..operations.tensors import Address
from ..records import record
from ..said import say, typed
from .addresses import at_layer_of, find_row, parse_address
from .changes import apply_change
from .terms import opened
from .trace import Trace
from .walk import Place, step_at

_ROW = re.compile(r"(?P<name>\w+(?:@[0-9]+(?:\.[0-9]+)?)?)\[(?P<row>.*)\]", re.DOTALL)


@record(frozen=True)
class Mention:
    """What a placeholder names: one number, or the whole row that it stands in."""

    address: Address
    is_row: bool = False


def mentioned(trace: Trace, placeholder: Placeholder) -> Mention:
    """The number or the row that a placeholder names. Raises UsageError, which says what can be said instead."""
    try:
        return Mention(parse_address(trace, placeholder.address))
    except UsageError:
        row = None if placeholder.percent else _ROW.fullmatch(placeholder.address)
        if row is not None:
            first = parse_address(trace, row["name"])
            with suppress(UsageError):  # the mistake is told better where a row and a column are looked for
                index = find_row(trace, first, row["row"])
                if index is not None:
                    return Mention(replace(first, row=index, column=0), is_row=True)
        raise


def own_paragraphs(trace: Trace, place: Place) -> tuple[Localized, ...]:
    """What the lesson itself says at a step; nothing where it does not, or where its numbers are not the file's.

    It speaks of the file's own query, and of the head that is named with the step, or the first.
    """
    step = step_at(trace, place)
    own = trace.example.says
    if not own or place.query != trace.example.query or trace.as_written is not trace:
        return ()
    head = place.head if step.type.per_head else 0
    if trace.layers is not None:
        layer = trace.example.layer
        return own.get(f"{step.id}@{layer}.{head}" if head else f"{step.id}@{layer}" if layer else step.id, ())
    return own.get(f"{step.id}@{head}" if head else step.id, ())


def after(trace: Trace, change: WhatIf) -> Trace:
    """The file's own trace after a change that the lesson proposes; itself where there is none.

    What the change says without a layer it says of the first.
    """
    first = trace.as_written.at_layer(0)
    return first.once(("after", change), lambda: apply_change(first, change)).at_layer(trace.example.layer)


def check_texts(trace: Trace) -> None:
    """Raise ExampleError with every address in the lesson's texts that names nothing, and every step it lacks."""
    trace = trace.as_written.at_layer(0)
    problems = [*_steps(trace), *_refused(trace)]
    then = cache(lambda change: _after_or_none(trace, change))
    for place, text, change in _texts(trace.example):
        problems.extend(_wrong(trace, place, text, change, then))
    if problems:
        raise ExampleError(trace.example.file, problems)


def _steps(trace: Trace) -> Iterator[Problem]:
    for name in trace.example.says:
        step, _, head = name.partition("@")
        there = trace
        if trace.layers is not None:
            layer, _, head = (head or "0").partition(".")
            if int(layer) >= len(trace.layers):
                expected = say("layers are 0 to {last}", last=len(trace.layers) - 1)
                yield Problem(f"says.{name}", say("there is no layer {layer}", layer=layer), expected)
                continue
            there = trace.at_layer(int(layer))
        if not there.has(step):
            yield Problem(f"says.{name}", say("is no step of this example"), _there(there))
        elif head and not trace.per_head(step):
            yield Problem(f"says.{name}", say("names a head"), say("{step} belongs to all heads together", step=step))
        elif head and int(head) >= trace.shape.heads:
            yield Problem(
                f"says.{name}",
                say("there is no head {head}", head=head),
                say("the heads are 0 to {last}, counted from 0", last=trace.shape.heads - 1),
            )


def _texts(example: Example) -> Iterator[tuple[str, Localized, WhatIf]]:
    """Every text in which numbers may stand, with its place and the change that it is about."""
    notes = {"about": example.about, "errata": example.errata, "end.learned": example.learned}
    yield from ((place, text, NO_CHANGE) for place, text in notes.items() if text is not None)
    for name, paragraphs in example.says.items():
        where = f"says.{name}"
        for index, text in enumerate(paragraphs):
            yield (
                (where if len(paragraphs) == 1 else item_place(where, index)),
                text,
                NO_CHANGE,
            )
    for index, stop in enumerate(example.stops):
        if stop.text is not None:
            change = NO_CHANGE if stop.question is None else stop.question.change
            yield inside(item_place("stops", index), "text"), stop.text, change
    for place, proposal in _proposals(example):
        if proposal.text is not None:
            yield inside(place, "text"), proposal.text, proposal.change
        for index, choice in enumerate(proposal.choices if isinstance(proposal, LessonQuestion) else ()):
            yield item_place(inside(place, "choose"), index), choice, proposal.change
        if isinstance(proposal, LessonQuestion) and proposal.why is not None:
            yield inside(place, "why"), proposal.why, proposal.change


def _proposals(example: Example) -> Iterator[tuple[str, Experiment | LessonQuestion]]:
    if example.experiment is not None:
        yield "experiment", example.experiment
    for index, question in enumerate(example.questions):
        yield item_place("questions", index), question
    for index, stop in enumerate(example.stops):
        if stop.question is not None:
            yield item_place("stops", index), stop.question


def _refused(trace: Trace) -> Iterator[Problem]:
    """What a proposal asks for that this example does not allow."""
    for place, proposal in _proposals(trace.example):
        if isinstance(proposal, Experiment) and not trace.has(proposal.step):
            yield Problem(
                inside(place, "step"), say("there is no step {step}", step=typed(proposal.step)), _there(trace)
            )
        try:
            then = after(trace, proposal.change)
            addresses = () if isinstance(proposal, Experiment) else (proposal.watch, proposal.predict)
            for address in filter(None, addresses):
                parse_address(trace, address)
                parse_address(then, address)
            if isinstance(proposal, LessonQuestion) and proposal.predict:
                yield from _not_to_predict(then, inside(place, "predict"), proposal.predict)
        except (UsageError, ExampleError) as error:
            yield Problem(place, str(error))


def _not_to_predict(trace: Trace, place: str, address: str) -> Iterator[Problem]:
    cell = parse_address(trace, address)
    if not is_to_predict(trace, cell):
        yield Problem(place, say("{address}: nothing is computed there", address=typed(address)))


def is_to_predict(trace: Trace, cell: Address) -> bool:
    """Whether a number is computed at a step: one that is given or copied is in sight elsewhere."""
    trace, cell = at_layer_of(trace, cell)
    return trace.has(cell.name) and opened(trace, cell).rule not in (Rule.GIVEN, Rule.COPY)


def _there(trace: Trace) -> str:
    return say("it has {names}", names=with_commas([one.id for one in trace.steps]))


def _wrong(
    trace: Trace, place: str, text: Localized, change: WhatIf, then: Callable[[WhatIf], Trace | None]
) -> Iterator[Problem]:
    """What the numbers in a text lack; `then` gives the trace after a change, if it is one."""
    for language, words in text.texts.items():
        where = inside(place, language) if language else place
        for part in text_parts(words):
            if isinstance(part, str):
                continue
            if part.then and not change:
                yield Problem(where, say("has {text}", text=f"{{{part.address} then}}"), say("nothing is changed here"))
                continue
            try:
                mentioned((then(change) if part.then else None) or trace, part)
            except UsageError as error:
                yield Problem(where, say("{text}: {problem}", text=f"{{{part.address}}}", problem=str(error)))


def _after_or_none(trace: Trace, change: WhatIf) -> Trace | None:
    """After the change; None for one that is refused, which is told at its own place."""
    try:
        return after(trace, change)
    except (UsageError, ExampleError):
        return None
