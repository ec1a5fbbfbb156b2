"""What is said of steps that a setting took away: a file with it would not be valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..graph.example import NO_SCALE, Example, Settings
from ..graph.masks import has_mask
from ..graph.printed import Published
from ..graph.proposals import Experiment, LessonQuestion, Stop
from ..localized import Localized
from .digits import step_of
from .placeholders import numbers_in

_Named = tuple[str, int]
"""A tensor, and the layer that it is of."""


def without_absent_steps(example: Example) -> Example:
    """The example without published numbers, texts, questions and stops that name a step it no longer has."""
    absent = _absent(example)

    def stays(*told: str | Localized | None) -> bool:
        return all(_names(one, len(example.layers) > 1).isdisjoint(absent) for one in told if one is not None)

    experiment = example.experiment
    says = {step: told for step, told in example.says.items() if stays(step, *told)}
    return replace(
        example,
        about=example.about if stays(example.about) else None,
        errata=example.errata if stays(example.errata) else None,
        says=says,
        experiment=experiment if experiment is None or stays(*_named_by(experiment)) else None,
        questions=tuple(question for question in example.questions if stays(*_named_by(question))),
        learned=example.learned if stays(example.learned) else None,
        stops=tuple(stop for stop in example.stops if stays(*_named_at(stop))),
        published=_printed(example.published, absent, 0),
        printed=tuple(_printed(one, absent, layer) for layer, one in enumerate(example.printed)),
    )


def _absent(example: Example) -> set[_Named]:
    layers = [layer.attention for layer in example.layers] or [example.attention]
    return {(name, layer) for layer, settings in enumerate(layers) for name in _absent_with(settings)}


def _absent_with(settings: Settings) -> set[str]:
    absent: set[str] = set()
    if settings.scale == NO_SCALE:
        absent |= {"scaled", "scale"}
    if not has_mask(settings):
        absent |= {"masked", "mask"}
    return absent | {f"d_{name}" for name in absent}


def _printed(published: Published | None, absent: set[_Named], layer: int) -> Published | None:
    if published is None:
        return None
    rows = {step: numbers for step, numbers in published.rows.items() if (step_of(step), layer) not in absent}
    if len(rows) == len(published.rows):
        return published
    return replace(published, rows=rows) if rows else None


def _named_at(stop: Stop) -> Iterator[str | Localized | None]:
    yield from (stop.address, stop.text)
    yield from stop.blank if isinstance(stop.blank, tuple) else ()
    if stop.question is not None:
        yield from _named_by(stop.question)


def _named_by(proposal: Experiment | LessonQuestion) -> Iterator[str | Localized | None]:
    yield proposal.text
    yield from proposal.change.assignments
    if isinstance(proposal, Experiment):
        yield proposal.step
    else:
        yield from (proposal.watch, proposal.predict, proposal.why, *proposal.choices)


def _names(told: str | Localized, has_layers: bool) -> set[_Named]:
    """The tensors that a text or an address names: `scaled`, of `scaled@1[it,animal]`, and of which layer."""
    addresses = (told,) if isinstance(told, str) else numbers_in(told)
    found = (re.match(r"(\w*)(?:@([0-9]+))?", address) for address in addresses)
    return {(one[1], int(one[2] or 0) if has_layers else 0) for one in found if one is not None}
