"""The steps before the first layer: the rows of the words, those of their places and types, added up and normed."""

from __future__ import annotations

from collections.abc import Callable

from ..operations.elementwise import Scaled
from ..operations.look_up import LookedUp
from ..operations.operation import Drawing, Operation
from ..operations.residual import Below, Encoded, Summed
from ..operations.tensors import Axis
from .block import end_of
from .block_steps import AROUND
from .linked import last_of, linear_of, norm_of
from .rows import Draft, StepType
from .sides import side_of

QUERY, FEATURE = Axis.QUERY, Axis.FEATURE


def incoming(draft: Draft) -> Operation | None:
    """X where it is not given: what the layer before left, or the last of what is made of the words' rows."""
    example = draft.example
    if not example.is_first:
        return Below(example.layer - 1, "left", "X′", example.inputs["X"])
    made = list(_of_words(draft).values())
    return made[-1](draft) if made else None


def encoded(draft: Draft) -> Operation | None:
    """Y where keys and values are made of what the encoder's last layer left."""
    example = draft.example
    if example.context_layer is None:
        return None
    side = side_of(example.sides, example.context_layer)
    end = end_of(None if side is None else side.readout)
    symbol = next(step.symbol for step in AROUND if step.id == end)
    return Encoded(example.context_layer, end, symbol, example.inputs["Y"])


def _of_words(draft: Draft) -> dict[str, Callable[[Draft], Operation]]:
    """What is done with the rows of the words, step by step; the last step is X."""
    example, there = draft.example, draft.example.parameters
    words = example.vocabulary if example.is_first else None
    if words is None:
        return {}
    beside = {
        "place_rows": (_place_rows, words.sinusoidal or "positions" in there),
        "type_rows": (_type_rows, "types" in there),
    }
    steps: dict[str, tuple[Callable[[Draft], Operation], bool]] = {
        "word_rows": (_word_rows, True),
        "scaled_rows": (_scaled_rows, words.scale != 1.0),
        **beside,
        "placed": (_placed, any(is_there for _, is_there in beside.values())),
        "normed_rows": (_normed_rows, words.norm),
        "widened_rows": (_widened_rows, "W_E" in there),
    }
    return {name: make for name, (make, is_there) in steps.items() if is_there}


def _step_of_words(name: str) -> Callable[[Draft], Operation | None]:
    def made(draft: Draft) -> Operation | None:
        steps = _of_words(draft)
        return steps[name](draft) if name in list(steps)[:-1] else None

    return made


def _word_rows(draft: Draft) -> Operation:
    return LookedUp("E", draft.example.word_rows, "E[token]")


def _scaled_rows(draft: Draft) -> Operation:
    vocabulary = draft.example.vocabulary
    assert vocabulary is not None
    return Scaled("word_rows", "word_scale", f"· {vocabulary.scale:.4g}", Drawing.ELEMENTWISE)


def _place_rows(draft: Draft) -> Operation:
    vocabulary = draft.example.vocabulary
    assert vocabulary is not None
    first = vocabulary.first
    return LookedUp("positions", tuple(range(first, first + draft.sizes.queries)), "positions[place]")


def _type_rows(draft: Draft) -> Operation:
    types = draft.example.types or (0,) * draft.sizes.queries
    return LookedUp("types", types, "types[part]")


def _placed(draft: Draft) -> Operation:
    words = "scaled_rows" if "scaled_rows" in draft.rows else "word_rows"
    return Summed((words, *(name for name in ("place_rows", "type_rows") if name in draft.rows)))


def _normed_rows(draft: Draft) -> Operation:
    return norm_of(draft, last_of(draft, "placed", "scaled_rows", "word_rows"), "E")


def _widened_rows(draft: Draft) -> Operation:
    return linear_of(draft, last_of(draft, "normed_rows", "placed", "scaled_rows", "word_rows"), "E")


def _word_step(name: str, symbol: str) -> StepType:
    return StepType(name, symbol, QUERY, FEATURE, _step_of_words(name), per_head=False, width="m", needs="vocabulary")


WORD_STEPS: tuple[StepType, ...] = (
    _word_step("word_rows", "T"),
    _word_step("scaled_rows", "T′"),
    _word_step("place_rows", "pos"),
    _word_step("type_rows", "seg"),
    _word_step("placed", "T₊"),
    _word_step("normed_rows", "N₀"),
)
"""Before X."""
