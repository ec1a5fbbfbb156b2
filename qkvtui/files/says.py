"""The `[says]` table: a lesson's own sentences, by step."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..graph.steps import STEPS
from ..localized import Localized
from ..said import say
from .draft import Table
from .phrases import did_you_mean, kind_of, quoted
from .texts import read_paragraphs

_WHERE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
"""A head; of an example with several layers the layer, and maybe a head of it."""


def read_says(top: Table) -> Mapping[str, tuple[Localized, ...]]:
    """The paragraphs of each step, after reporting what is wrong with any of them.

    Whether the example has the step, and the head, is seen when it is computed.
    """
    says = top.table("says")
    blocks = top.values.get("blocks")
    has_layers = isinstance(blocks, list) and len(blocks) > 1
    found: dict[str, tuple[Localized, ...]] = {}
    for name in says.values:
        step, at, where = name.partition("@")
        if not is_step(step, says, name):
            continue
        if at and not _WHERE.fullmatch(where):
            says.report(
                quoted(name)[1:-1],
                say("names no head {head}", head=quoted(where)),
                say("a head is counted from 0, as in weights@1"),
            )
            continue
        if "." in where and not has_layers:
            says.report(quoted(name)[1:-1], say("names a layer"), say("with several [[blocks]] there are layers"))
            continue
        counted = ".".join(str(int(one)) for one in where.split(".")).removesuffix(".0") if at else "0"
        key = step if counted == "0" else f"{step}@{counted}"
        if key in found:
            says.report(quoted(name)[1:-1], say("is {step} again", step=key), say("without @, head 0 is meant"))
        found[key] = read_paragraphs(says, name)
    return found


def is_step(step: str, table: Table, name: str) -> bool:
    """Whether an example may have a step of this id; reported at `name` where none may."""
    if any(kind.id == step for kind in STEPS):
        return True
    from ..graph.learning import step_ids  # only here: most sentences are about the way forward

    if step in step_ids():
        return True
    problem = say("is no step") if name.startswith(step) else say("is {kind}, which is no step", kind=kind_of(step))
    table.report(quoted(name)[1:-1], problem, did_you_mean(step, step_ids()))
    return False
