"""The settings of a file as tensors with addresses: scale, mask, bias, sink, cap, and what rotary positions turn by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from ..engine.arrays import FloatArray
from ..engine.attention import default_scale
from ..operations.file_places import entry
from ..operations.given import Setting
from ..operations.operation import Operation
from ..operations.rotation import Angles, Pairing
from ..operations.row_norm import RowNormed
from ..operations.tensors import Address, Axis
from ..said import Phrase, say
from .example import NO_SCALE, STANDARD_SCALE, Example, Settings
from .masks import Masks, masks_of
from .mechanisms import Alibi, Pairs, Relative, Rotary, first_position
from .positions import sinusoidal, wave
from .printed import scale_text
from .rows import Draft

QUERY, KEY, ONE = Axis.QUERY, Axis.KEY, Axis.ONE


class NamedSetting(NamedTuple):
    """A setting with its name and axes."""

    name: str
    operation: Operation
    rows: Axis
    columns: Axis
    per_head: bool = False


def settings_of(draft: Draft) -> tuple[NamedSetting, ...]:
    """All there are."""
    found = (
        _scale(draft),
        _softcap(draft),
        _bias(draft),
        _mask(draft),
        _sink(draft),
        *_rotary(draft),
        *_of_block(draft),
    )
    return tuple(one for one in found if one is not None)


def _of_block(draft: Draft) -> Iterator[NamedSetting | None]:
    """ε of the norms, the places that sines and cosines tell, and what logits are multiplied by."""
    example = draft.example
    if example.block is None:
        return
    if any(isinstance(row.operation, RowNormed) for row in draft.rows.values()):
        epsilon = example.block.epsilon
        said = say("{setting}: {value}", setting=f"blocks[{example.layer}].epsilon", value=f"{epsilon:g}")
        yield NamedSetting("epsilon", _single(epsilon, said), ONE, ONE)
    if example.readout is not None and example.readout.temperature != 1.0:
        temperature = example.readout.temperature
        said = say("1 / {setting}: {value}", setting="readout.temperature", value=f"{temperature:g}")
        yield NamedSetting("per_temperature", _single(1.0 / temperature, said), ONE, ONE)
    if example.readout is not None and example.readout.softcap is not None:
        cap = example.readout.softcap
        said = say("{setting}: {value}", setting="readout.softcap", value=f"{cap:g}")
        yield NamedSetting("logits_softcap", _single(cap, said), ONE, ONE)
    words = example.vocabulary if example.is_first else None
    if words is not None and words.scale != 1.0:
        said = say("{setting}: {value}", setting="vocabulary.scale", value=f"{words.scale:g}")
        yield NamedSetting("word_scale", _single(words.scale, said), ONE, ONE)
    if "place_rows" in draft.rows and example.vocabulary is not None and example.vocabulary.sinusoidal:
        width = draft.sizes.leaves["E"][1]
        pairs = example.vocabulary.pairs
        numbers = sinusoidal(draft.sizes.queries, width, pairs)[None]
        yield NamedSetting(
            "positions", Setting(lambda at: numbers, _sine(width, pairs), "word_rows"), Axis.POSITION, Axis.FEATURE
        )


def _sine(width: int, pairs: Pairs) -> Callable[[Address], Phrase]:
    def said(cell: Address) -> Phrase:
        curve, pair = wave(cell.column, width, pairs)
        return say(
            "{curve}({place} / 10000^({pair}/{width}))", curve=Phrase(curve), place=cell.row, pair=pair, width=width
        )

    return said


def scale_of(example: Example, d_k: int) -> float | None:
    """What the scores are multiplied by; None: nothing."""
    return None if example.attention.scale == NO_SCALE else scale_factor(example.attention, d_k)


def scale_factor(settings: Settings, d_k: int) -> float:
    """The same as a number; 1 where there is no scale."""
    scale = settings.scale
    if scale == NO_SCALE:
        return 1.0
    return default_scale(d_k) if scale == STANDARD_SCALE else float(scale)


def places(draft: Draft) -> range:
    """The place of each query among the keys."""
    sizes = draft.sizes
    first = first_position(draft.example.attention.causal, sizes.queries, sizes.keys)
    return range(first, first + sizes.queries)


def pairing_of(draft: Draft, rotary: Rotary) -> Pairing:
    """Which columns are turned together."""
    width = draft.shape(draft.roles["queries"])[1] if rotary.width is None else rotary.width
    return Pairing(width, rotary.pairs == "halves")


def _scale(draft: Draft) -> NamedSetting | None:
    written = draft.example.attention.scale
    d_k = draft.d_k
    scale = scale_of(draft.example, d_k or 1)
    if scale is None:
        return None
    said = f"{written}, d_k = {d_k}" if written == STANDARD_SCALE else scale_text(written)
    return NamedSetting(
        "scale", _single(scale, say("{setting}: {value}", setting="attention.scale", value=said)), ONE, ONE
    )


def _softcap(draft: Draft) -> NamedSetting | None:
    cap = draft.example.attention.softcap
    if cap is None:
        return None
    return NamedSetting(
        "softcap", _single(cap, say("{setting}: {value}", setting="attention.softcap", value=cap)), ONE, ONE
    )


def _single(value: float, said: Phrase) -> Setting:
    number = np.full((1, 1, 1), value)
    return Setting(lambda at: number, lambda cell: said)


def _mask(draft: Draft) -> NamedSetting | None:
    masks = Masks(tuple(masks_of(draft).values()))
    return NamedSetting("mask", masks, QUERY, KEY, masks.per_head) if masks.parts else None


def _sink(draft: Draft) -> NamedSetting | None:
    sink = np.array(draft.example.attention.sink)
    if not len(sink):
        return None

    def said(cell: Address) -> Phrase:
        return say("attention.sink, head {head}", head=cell.head)

    return NamedSetting("sink", Setting(lambda at: sink[:, None, None], said), ONE, ONE, per_head=True)


def _rotary(draft: Draft) -> tuple[NamedSetting, ...]:
    rotary = draft.example.attention.rotary
    if rotary is None or "queries" not in draft.roles:
        return ()
    width, count = pairing_of(draft, rotary).width, max(places(draft).stop, draft.sizes.keys)
    factors = rotary.factors

    def angles(is_cosine: bool) -> Angles:
        return Angles(is_cosine, rotary.theta, width, rotary.first, count, factors)

    return tuple(NamedSetting(name, angles(name == "cos"), Axis.POSITION, Axis.FEATURE) for name in ("cos", "sin"))


def _bias(draft: Draft) -> NamedSetting | None:
    bias, heads = draft.example.attention.bias, draft.sizes.heads
    if bias is None:
        return None
    distances = np.array(places(draft))[:, None] - np.arange(draft.sizes.keys)  # (t, s): how far before the query
    said: Callable[[Address], Phrase]
    if isinstance(bias, Alibi):
        slopes = np.array(bias.slopes)[:, None, None]
        with np.errstate(over="ignore"):
            numbers: FloatArray = -slopes * np.abs(distances)

        def said(cell: Address) -> Phrase:
            away, slope = abs(int(distances[cell.row, cell.column])), f"{bias.slopes[cell.head]:g}"
            return say("attention.bias: −{slope} · {distance}, the distance", slope=slope, distance=away)
    elif isinstance(bias, Relative):
        table = np.array(bias.table)
        most = table.shape[1] // 2
        columns = most - np.clip(distances, -most, most)
        numbers = table[:, columns]

        place = bias.place or partial(entry, "attention.bias.table")

        def said(cell: Address) -> Phrase:
            return place(cell.head, int(columns[cell.row, cell.column]))
    else:
        numbers = bias if bias.ndim == 3 else bias[None]

        def said(cell: Address) -> Phrase:
            return entry("attention.bias", cell.row, cell.column, cell.head if bias.ndim == 3 else None)

    assert len(numbers) in (1, heads)
    per_head = not isinstance(bias, np.ndarray) or bias.ndim == 3
    return NamedSetting("bias", Setting(lambda at: numbers[:, at.slice], said), QUERY, KEY, per_head)
