"""The steps around attention: from words to the rows that come in, and from what was found to the next word."""

from __future__ import annotations

from ..operations.activation import activated, gated
from ..operations.elementwise import Scaled
from ..operations.look_up import LookedUp
from ..operations.loss import Probabilities
from ..operations.operation import Drawing, Operation
from ..operations.product import Factor, Product
from ..operations.residual import Below, Summed
from ..operations.row_norm import row_normed
from ..operations.tensors import Axis
from .block import BlockSettings
from .rows import Draft, StepType

QUERY, FEATURE, LABEL = Axis.QUERY, Axis.FEATURE, Axis.LABEL


def incoming(draft: Draft) -> Operation | None:
    """X where it is not given: the rows of the words, with those of their places."""
    example = draft.example
    if example.layer:
        return Below(example.layer - 1, example.inputs["X"])
    if example.vocabulary is None:
        return None
    if "word_rows" in draft.rows:
        return Summed(("word_rows", "place_rows"))
    return _word_rows(draft)


def _words(draft: Draft) -> Operation | None:
    vocabulary = None if draft.example.layer else draft.example.vocabulary
    has_places = vocabulary is not None and (vocabulary.sinusoidal or "positions" in draft.example.parameters)
    return _word_rows(draft) if has_places else None


def entering(draft: Draft) -> str:
    """X, as it is given, or the step that computes it."""
    return "X" if "X" in draft.example.given else "embeddings"


def _word_rows(draft: Draft) -> Operation:
    vocabulary = draft.example.vocabulary
    assert vocabulary is not None
    rows = {word: row for row, word in enumerate(vocabulary.words)}
    return LookedUp("E", tuple(rows[token] for token in draft.example.tokens), "E[token]")


def _places(draft: Draft) -> Operation | None:
    if "word_rows" not in draft.rows:
        return None
    return LookedUp("positions", tuple(range(draft.sizes.queries)), "positions[place]")


def _norm(draft: Draft, source: str, letter: str) -> Operation:
    block = block_of(draft)
    gain, bias = (name if name in draft.example.parameters else None for name in (f"g_{letter}", f"b_{letter}n"))
    return row_normed(source, draft.symbol(source), letter, kind=block.kind, gain=gain, bias=bias)


def block_of(draft: Draft) -> BlockSettings:
    """The block that the draft is of; one that adds nothing where there is none."""
    return draft.example.block or BlockSettings()


def _normed(draft: Draft) -> Operation | None:
    return _norm(draft, entering(draft), "1") if block_of(draft).norm == "before" else None


def _added(draft: Draft) -> Operation | None:
    """X + what attention found; without a feed-forward part and a norm that is what the layer leaves."""
    block = draft.example.block
    if block is None or (block.mlp == "none" and block.norm != "after"):
        return None
    return Summed((entering(draft), draft.roles["result"]))


def _normed_added(draft: Draft) -> Operation | None:
    block = block_of(draft)
    return _norm(draft, "added", "1" if block.norm == "after" else "2") if _feeds(block) and _norms(block) else None


def _feeds(block: BlockSettings) -> bool:
    return block.mlp != "none"


def _norms(block: BlockSettings) -> bool:
    return block.norm != "none"


def _into_mlp(draft: Draft) -> str:
    return "normed_added" if "normed_added" in draft.rows else "added"


def _hidden(draft: Draft) -> Operation | None:
    return _linear(draft, _into_mlp(draft), "1") if _feeds(block_of(draft)) else None


def _gate(draft: Draft) -> Operation | None:
    block = block_of(draft)
    return _linear(draft, _into_mlp(draft), "G") if _feeds(block) and block.gated else None


def _linear(draft: Draft, source: str, letter: str) -> Operation:
    bias = f"b_{letter}" if f"b_{letter}" in draft.example.parameters else None
    return Product(((Factor(source), Factor(f"W_{letter}")),), bias, drawing=Drawing.PROJECTION)


def _activated(draft: Draft) -> Operation | None:
    block = block_of(draft)
    if not _feeds(block):
        return None
    source = "gate" if block.gated else "hidden"
    return activated(source, draft.symbol(source), block.mlp)


def _gated(draft: Draft) -> Operation | None:
    block = block_of(draft)
    if not _feeds(block) or not block.gated:
        return None
    return gated("activated", "hidden", f"{draft.symbol('activated')} · {draft.symbol('hidden')}")


def _fed(draft: Draft) -> Operation | None:
    if not _feeds(block_of(draft)):
        return None
    return _linear(draft, "gated" if "gated" in draft.rows else "activated", "2")


def _fed_added(draft: Draft) -> Operation | None:
    block = block_of(draft)
    return Summed(("normed_added", "fed")) if block.norm == "after" and _feeds(block) else None


def _left(draft: Draft) -> Operation | None:
    if draft.example.block is None:
        return None
    if "fed_added" in draft.rows:
        return _norm(draft, "fed_added", "2")
    if "fed" in draft.rows:
        return Summed(("added", "fed"))
    if "added" in draft.rows:
        return _norm(draft, "added", "1")
    return Summed((entering(draft), draft.roles["result"]))


def _normed_left(draft: Draft) -> Operation | None:
    readout = draft.example.readout
    return _norm(draft, "left", "U") if readout is not None and readout.norm else None


def _logits(draft: Draft) -> Operation | None:
    readout = draft.example.readout
    if readout is None:
        return None
    source = "normed_left" if "normed_left" in draft.rows else "left"
    table = Factor("E", turned=True) if readout.tied else Factor("W_U")
    bias = "b_U" if "b_U" in draft.example.parameters else None
    return Product(((Factor(source), table),), bias, drawing=Drawing.PROJECTION)


def _tempered(draft: Draft) -> Operation | None:
    readout = draft.example.readout
    if readout is None or readout.temperature == 1.0:
        return None
    return Scaled("logits", "per_temperature", f"/ {readout.temperature:g}", Drawing.ELEMENTWISE)


def _probabilities(draft: Draft) -> Operation | None:
    if draft.example.readout is None:
        return None
    return Probabilities("tempered" if "tempered" in draft.rows else "logits")


WORD_STEPS: tuple[StepType, ...] = (
    StepType("word_rows", "T", QUERY, FEATURE, _words, per_head=False, width="m", needs="vocabulary"),
    StepType("place_rows", "pos", QUERY, FEATURE, _places, per_head=False, width="m", needs="vocabulary"),
)
"""Before X."""

NORMED = StepType("normed", "N", QUERY, FEATURE, _normed, "asking", per_head=False, width="m", needs="norm_before")
"""Between X and the projections."""

AROUND: tuple[StepType, ...] = (
    StepType("added", "R", QUERY, FEATURE, _added, per_head=False, width="m", needs="blocks"),
    StepType("normed_added", "N₂", QUERY, FEATURE, _normed_added, per_head=False, width="m", needs="mlp_norm"),
    StepType("hidden", "F", QUERY, FEATURE, _hidden, per_head=False, width="hidden", needs="mlp"),
    StepType("gate", "G", QUERY, FEATURE, _gate, per_head=False, width="hidden", needs="gated"),
    StepType("activated", "F′", QUERY, FEATURE, _activated, per_head=False, width="hidden", needs="mlp"),
    StepType("gated", "F″", QUERY, FEATURE, _gated, per_head=False, width="hidden", needs="gated"),
    StepType("fed", "D", QUERY, FEATURE, _fed, per_head=False, width="m", needs="mlp"),
    StepType("fed_added", "R₂", QUERY, FEATURE, _fed_added, per_head=False, width="m", needs="norm_after"),
    StepType("left", "X′", QUERY, FEATURE, _left, "result", per_head=False, width="m", needs="blocks"),
    StepType(
        "normed_left",
        "N₃",
        QUERY,
        FEATURE,
        _normed_left,
        per_head=False,
        has_gradient=False,
        width="m",
        needs="last_norm",
    ),
    StepType("logits", "Z", QUERY, LABEL, _logits, per_head=False, width="words", needs="readout"),
    StepType(
        "tempered",
        "Z′",
        QUERY,
        LABEL,
        _tempered,
        per_head=False,
        has_gradient=False,
        width="words",
        needs="temperature",
    ),
    StepType(
        "probabilities",
        "p",
        QUERY,
        LABEL,
        _probabilities,
        per_head=False,
        has_gradient=False,
        width="words",
        needs="readout",
    ),
)
"""Behind attention: what it found is added, fed forward, added again, and read."""
