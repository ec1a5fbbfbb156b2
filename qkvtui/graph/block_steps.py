"""The steps around attention: from words to the rows that come in, and from what was found to the next word."""

from __future__ import annotations

from ..operations.activation import activated, gated
from ..operations.elementwise import Scaled, capped
from ..operations.loss import Probabilities
from ..operations.next_word import NextWord
from ..operations.operation import Drawing, Operation
from ..operations.product import Factor, Product
from ..operations.residual import Summed
from ..operations.tensors import Axis
from .block import MANY_WORDS, BlockSettings, Readout, end_of
from .linked import block_of, last_of, linear_of, norm_of
from .rows import Draft, StepType

QUERY, FEATURE, LABEL = Axis.QUERY, Axis.FEATURE, Axis.LABEL


def entering(draft: Draft) -> str:
    """X, as it is given, or the step that computes it."""
    return "X" if "X" in draft.example.given else "embeddings"


def _normed(draft: Draft) -> Operation | None:
    return norm_of(draft, entering(draft), "1") if block_of(draft).norm in ("before", "around") else None


def _normed_found(draft: Draft) -> Operation | None:
    return norm_of(draft, draft.roles["result"], "3") if block_of(draft).norm == "around" else None


def _added(draft: Draft) -> Operation | None:
    """X + what attention found; without a feed-forward part and a norm that is what the layer leaves."""
    block = draft.example.block
    if block is None or block.parallel or (block.mlp == "none" and block.norm != "after"):
        return None
    return Summed((entering(draft), draft.roles["result"]))


def _normed_added(draft: Draft) -> Operation | None:
    block = block_of(draft)
    if block.parallel:
        return norm_of(draft, entering(draft), "2") if _norms(block) else None
    return norm_of(draft, "added", "1" if block.norm == "after" else "2") if _feeds(block) and _norms(block) else None


def _feeds(block: BlockSettings) -> bool:
    return block.mlp != "none"


def _norms(block: BlockSettings) -> bool:
    return block.norm != "none"


def _into_mlp(draft: Draft) -> str:
    if "normed_added" in draft.rows:
        return "normed_added"
    return "added" if "added" in draft.rows else entering(draft)


def _hidden(draft: Draft) -> Operation | None:
    return linear_of(draft, _into_mlp(draft), "1") if _feeds(block_of(draft)) else None


def _gate(draft: Draft) -> Operation | None:
    block = block_of(draft)
    return linear_of(draft, _into_mlp(draft), "G") if _feeds(block) and block.gated else None


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
    return linear_of(draft, "gated" if "gated" in draft.rows else "activated", "2")


def _fed_added(draft: Draft) -> Operation | None:
    block = block_of(draft)
    return Summed(("normed_added", "fed")) if block.norm == "after" and _feeds(block) else None


def _normed_fed(draft: Draft) -> Operation | None:
    return norm_of(draft, "fed", "4") if "fed" in draft.rows and block_of(draft).norm == "around" else None


def _left(draft: Draft) -> Operation | None:
    if draft.example.block is None:
        return None
    if "fed_added" in draft.rows:
        return norm_of(draft, "fed_added", "2")
    if "fed" in draft.rows:
        fed = "normed_fed" if "normed_fed" in draft.rows else "fed"
        before = ("added",) if "added" in draft.rows else (entering(draft), draft.roles["result"])
        return Summed((*before, fed))
    if "added" in draft.rows:
        return norm_of(draft, "added", "1")
    return Summed((entering(draft), draft.roles["result"]))


def _normed_left(draft: Draft) -> Operation | None:
    return norm_of(draft, "left", "U") if end_of(draft.example.readout) == "normed_left" else None


def _reads(draft: Draft) -> Readout | None:
    """How words are read; None where they are not."""
    readout = draft.example.readout
    return readout if readout is not None and readout.reads else None


def _logits(draft: Draft) -> Operation | None:
    readout = _reads(draft)
    if readout is None:
        return None
    table = Factor("E", turned=True) if readout.tied else Factor("W_U")
    bias = "b_U" if "b_U" in draft.example.parameters else None
    return Product(((Factor(end_of(readout)), table),), bias, drawing=Drawing.PROJECTION)


def _capped_logits(draft: Draft) -> Operation | None:
    readout = _reads(draft)
    if readout is None or readout.softcap is None:
        return None
    return capped("logits", draft.symbol("logits"), readout.softcap, "logits_softcap")


def _tempered(draft: Draft) -> Operation | None:
    readout = _reads(draft)
    if readout is None or readout.temperature == 1.0:
        return None
    source = last_of(draft, "capped_logits", "logits")
    return Scaled(source, "per_temperature", f"/ {readout.temperature:g}", Drawing.ELEMENTWISE)


def _probabilities(draft: Draft) -> Operation | None:
    if _reads(draft) is None:
        return None
    source = last_of(draft, "tempered", "capped_logits", "logits")
    return NextWord(source) if draft.sizes.labels > MANY_WORDS else Probabilities(source)


NORMED = StepType("normed", "N", QUERY, FEATURE, _normed, "asking", per_head=False, width="m", needs="norm_before")
"""Between X and the projections."""

AROUND: tuple[StepType, ...] = (
    StepType(
        "normed_found", "P′", QUERY, FEATURE, _normed_found, "result", per_head=False, width="m", needs="norm_around"
    ),
    StepType("added", "R", QUERY, FEATURE, _added, per_head=False, width="m", needs="blocks"),
    StepType("normed_added", "N₂", QUERY, FEATURE, _normed_added, per_head=False, width="m", needs="mlp_norm"),
    StepType("hidden", "F", QUERY, FEATURE, _hidden, per_head=False, width="hidden", needs="mlp"),
    StepType("gate", "G", QUERY, FEATURE, _gate, per_head=False, width="hidden", needs="gated"),
    StepType("activated", "F′", QUERY, FEATURE, _activated, per_head=False, width="hidden", needs="mlp"),
    StepType("gated", "F″", QUERY, FEATURE, _gated, per_head=False, width="hidden", needs="gated"),
    StepType("fed", "D", QUERY, FEATURE, _fed, per_head=False, width="m", needs="mlp"),
    StepType("normed_fed", "D′", QUERY, FEATURE, _normed_fed, per_head=False, width="m", needs="norm_around"),
    StepType("fed_added", "R₂", QUERY, FEATURE, _fed_added, per_head=False, width="m", needs="norm_after"),
    StepType("left", "X′", QUERY, FEATURE, _left, "result", per_head=False, width="m", needs="blocks"),
    StepType(
        "normed_left",
        "N₃",
        QUERY,
        FEATURE,
        _normed_left,
        per_head=False,
        width="m",
        needs="last_norm",
    ),
    StepType("logits", "Z", QUERY, LABEL, _logits, per_head=False, width="words", needs="readout"),
    StepType(
        "capped_logits",
        "Zc",
        QUERY,
        LABEL,
        _capped_logits,
        per_head=False,
        width="words",
        needs="logits_softcap",
    ),
    StepType(
        "tempered",
        "Z′",
        QUERY,
        LABEL,
        _tempered,
        per_head=False,
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
