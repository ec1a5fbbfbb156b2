"""Published numbers of a file with several layers: `"weights@1"` is of layer 1, `"weights@1.2"` of its head 2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..graph.example import Example
from ..graph.layers import of_layer
from ..graph.printed import Published
from ..said import say
from .digits import step_of
from .draft import Draft, Table
from .matrices import ArrayReader
from .names import PRECISION
from .numerals import plain_signs
from .phrases import quoted
from .plan import PublishedPlan
from .published import read_published, refuse_others

_NAMED = re.compile(
    r"(?P<step>[^@\[]*)(?:@(?P<layer>[0-9]{1,6})(?:\.(?P<head>[0-9]{1,6}))?)?(?P<cell>\s*\[.*)?", re.DOTALL
)


class _OfLayer(Table):
    """The numbers of one layer, under the names that they would have alone; mistakes are told of those in the file."""

    def __init__(self, values: Mapping[str, object], names: Mapping[str, str], of: Table, draft: Draft) -> None:
        super().__init__(values, of.place, draft)
        self._names = names

    def place_of(self, name: str) -> str:
        """The path of one of its names, as the file has it."""
        return super().place_of(self._names.get(name, name))


def in_layer(name: str, layer: int) -> str:
    """The name of a step with its head, `weights@2`, as a file with layers has it: `weights@1.2`."""
    step, _, head = name.partition("@")
    return f"{step}@{layer}.{head}" if head else step if layer == 0 else f"{step}@{layer}"


def read_of_layers(
    published: Table, reader: ArrayReader, plans: Sequence[PublishedPlan]
) -> tuple[Published | None, ...]:
    """The published numbers of each layer; None for one that has none."""
    tables = _tables(published, len(plans))
    return tuple(read_published(table, reader, plan) for table, plan in zip(tables, plans, strict=True))


def refuse_others_of_layers(published: Table, example: Example) -> None:
    """Report numbers of steps that a layer turns out not to have."""
    for layer, table in enumerate(_tables(published, len(example.layers))):
        refuse_others(table, of_layer(example, layer))


def _tables(published: Table, count: int) -> list[Table]:
    """What is published of each layer, under the names that it would have alone."""
    values: list[dict[str, object]] = [{} for _ in range(count)]
    names: list[dict[str, str]] = [{} for _ in range(count)]
    for name, value in published.values.items():
        if name in PRECISION:
            continue
        found = _NAMED.fullmatch(plain_signs(name).strip())
        layer = int(found["layer"] or 0) if found is not None else 0
        if layer >= count:
            what, there = say("there is no layer {layer}", layer=layer), say("layers are 0 to {last}", last=count - 1)
            published.report(quoted(name)[1:-1], what, there)
            continue
        alone = name if found is None else _alone(found)
        if alone in values[layer]:
            again = say("is {step} again", step=alone)
            published.report(quoted(name)[1:-1], again, say("without @, layer 0 is meant"))
        values[layer][alone] = value
        names[layer][quoted(alone)[1:-1]] = quoted(name)[1:-1]
    return [
        _OfLayer({**of_layer, **_precision(published, of_layer)}, told, published, published.draft)
        for of_layer, told in zip(values, names, strict=True)
    ]


def _alone(found: re.Match[str]) -> str:
    head = f"@{found['head']}" if found["head"] else ""
    return f"{found['step']}{head}{found['cell'] or ''}"


def _precision(published: Table, values: Mapping[str, object]) -> dict[str, object]:
    """How exactly they were printed, as far as that is about these."""
    if not values:
        return {}
    found = {name: published.values[name] for name in PRECISION if name in published}
    decimals = found.get("decimals")
    if isinstance(decimals, dict):
        steps = set(map(step_of, values))
        found["decimals"] = {step: number for step, number in decimals.items() if step in steps}
    return found
