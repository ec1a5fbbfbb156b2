"""Names in an address: which steps, inputs and parameters there are, and what is said of one that is none."""

from __future__ import annotations

from ..errors import PartError, UsageError
from ..files.phrases import nearest, with_commas
from ..graph.block import WORDS
from ..graph.closing import CLOSING
from ..said import Phrase, say, typed
from .trace import Trace


class AddressError(UsageError, PartError):
    """An address that names no number, or several."""


def known_steps() -> tuple[str, ...]:
    """The ids of all steps that an example may have."""
    from ..graph.learning import step_ids  # only here: needed for a mistake only

    return (*step_ids(), *CLOSING)


def meant_step(name: str, trace: Trace) -> str | None:
    """The step of the example that was probably meant: one spelt nearly so, or the one with that sign, such as `S`."""
    by_sign = {step.symbol.replace("′", "'"): step.id for step in reversed(trace.steps)}
    return by_sign.get(name) or nearest(name, [step.id for step in trace.walk], 0.65)


def check_name(trace: Trace, name: str) -> None:
    """Raise AddressError where the trace has nothing of that name; it says what was meant, in any layer."""
    if name in trace.graph.rows or trace.is_leaf(name):
        return
    names = _names(trace)
    if name in known_steps():
        raise AddressError(
            say("this example has no step {name}", name=typed(name)), say("it has {names}", names=with_commas(names))
        )
    layers = {one: layer for layer in _ends(trace) for one in _names(trace.at_layer(layer)) if one not in names}
    meant = nearest(name, [*names, *layers])
    problem = say("there is no step, input or parameter {name}", name=typed(name))
    if meant is None:
        raise AddressError(problem, say("there are {names}", names=with_commas([*names, *layers])))
    if meant in layers:
        raise AddressError(
            problem, say("did you mean {meant} (layer {layer})?", meant=typed(meant), layer=layers[meant])
        )
    raise AddressError(problem, say("did you mean {meant}?", meant=typed(meant)))


def _names(trace: Trace) -> list[str]:
    return [step.id for step in trace.steps] + list(trace.example.given) + list(trace.example.parameters)


def _ends(trace: Trace) -> tuple[int, ...]:
    """The layers that may have steps of their own: the last, with the next word, and the first."""
    return () if trace.layers is None else (len(trace.layers) - 1, 0)


def check_head(trace: Trace, name: str, head: str | None, before: str) -> None:
    """Raise AddressError for a head that there is not; `before` stands before it, `@` or `@1.`."""
    if head is None:
        return
    count = trace.shape.heads if trace.per_head(name) else 0
    if count == 0:
        last = before[-1]
        raise AddressError(
            say("{name} has no heads of its own", name=name), say("leave out {head}", head=f"{last}{head}")
        )
    if int(head) >= count:
        what = say("{place}: head {head} is out of range", place=f"{name}{before}{head}", head=head)
        raise AddressError(what, _range(count))


def only_layer_with(trace: Trace, name: str) -> int | None:
    """The layer that has a step of that name where this one has not: the last, with the next word, or the first.

    The table of words, which several may use, is the first one's.
    """
    if trace.layers is None or name in trace.graph.rows or trace.is_leaf(name):
        return None
    if name == WORDS:
        return next((layer for layer in reversed(_ends(trace)) if trace.at_layer(layer).is_leaf(name)), None)
    if name not in known_steps():
        return None
    return next((layer for layer in _ends(trace) if trace.at_layer(layer).has(name)), None)


def _range(count: int) -> Phrase:
    return say("the only index is 0") if count == 1 else say("indices are 0 to {last}", last=count - 1)
