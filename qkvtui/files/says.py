"""The `[says]` table: a lesson's own sentences, by step."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.steps import STEPS
from ..localized import Localized
from ..said import say
from .draft import Table
from .phrases import did_you_mean, kind_of, quoted
from .texts import read_paragraphs


def read_says(top: Table) -> Mapping[str, tuple[Localized, ...]]:
    """The paragraphs of each step, after reporting what is wrong with any of them.

    Whether the example has the step, and the head, is seen when it is computed.
    """
    says = top.table("says")
    found: dict[str, tuple[Localized, ...]] = {}
    for name in says.values:
        step, at, head = name.partition("@")
        if not is_step(step, says, name):
            continue
        if at and not (head.isascii() and head.isdecimal()):
            says.report(
                quoted(name)[1:-1],
                say("names no head {head}", head=quoted(head)),
                say("a head is counted from 0, as in weights@1"),
            )
            continue
        key = f"{step}@{int(head)}" if at and int(head) else step
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
