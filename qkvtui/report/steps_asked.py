"""The steps that `--step` names: of every layer, or of some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import UsageError
from ..files.phrases import with_commas
from ..said import Phrase, say
from ..trace.address_names import known_steps, meant_step
from ..trace.lesson import Lesson

_OF_LAYERS = re.compile(r"(?P<step>[^@]*)@(?P<first>[0-9]{1,6})(?:-(?P<last>[0-9]{1,6}))?")


def step_ids(text: str | None, lessons: Sequence[Lesson]) -> tuple[str, ...] | None:
    """The steps that `--step` names; None for all of them.

    `left` is the step of every layer, `left@1` that of layer 1, `left@0-2` those of layers 0 to 2, one by one.
    """
    if text is None:
        return None
    asked = [one for part in text.split(",") for one in _one_by_one(part.strip(), lessons)]
    there = [step_id for step_id in known_steps() if any(lesson.trace.has(step_id) for lesson in lessons)]
    ids = [step for step, _ in asked]
    unknown = next((step_id for step_id in ids if step_id not in known_steps()), None)
    if unknown is not None or not set(ids) & set(there):
        raise UsageError(_no_step(text if unknown is None else unknown, unknown is not None, there, lessons))
    return tuple(step if layer is None else f"{step}@{layer}" for step, layer in asked)


def _one_by_one(part: str, lessons: Sequence[Lesson]) -> Iterator[tuple[str, int | None]]:
    """Each step that a part names, with its layer; None: all layers."""
    found = _OF_LAYERS.fullmatch(part)
    if found is None:
        yield part, None
        return
    traces = [lesson.trace for lesson in lessons if lesson.trace.layers is not None]
    if not traces:
        what = say("{name} has no layers", name=lessons[0].trace.example.name)
        number, has_heads = found["first"], any(lesson.trace.shape.heads > 1 for lesson in lessons)
        of_head = say("a head is chosen with --head {head}", head=number)
        expected = of_head if has_heads else say("leave out @{layer}", layer=number)
        raise UsageError(say("--step {step}: {problem}; {expected}", step=part, problem=what, expected=expected))
    first, last = int(found["first"]), int(found["last"] or found["first"])
    for layer in (first, last):
        for trace in traces:
            trace.at_layer(layer)
    yield from ((found["step"], layer) for layer in range(first, last + 1))


def _no_step(name: str, is_misspelt: bool, there: Sequence[str], lessons: Sequence[Lesson]) -> Phrase:
    """What is said of a step that these lessons do not have: the nearest that they have, or all of them."""
    meant = meant_step(name, lessons[0].trace) if is_misspelt else None
    if meant is not None and meant in there:
        what, expected = say("there is no such step"), say("did you mean {meant}?", meant=meant)
    else:
        names = with_commas([*dict.fromkeys(lesson.trace.example.name for lesson in lessons)])
        what = say("there is no such step in {examples}", examples=names)
        expected = say("there are {names}", names=with_commas(there))
    return say("--step {step}: {problem}; {expected}", step=name, problem=what, expected=expected)
