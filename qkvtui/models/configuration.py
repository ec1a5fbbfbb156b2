"""What a model's config.json says: which family it is of, and its sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from ..graph.block import Curve
from ..records import record
from ..said import say
from .curves import curve_of
from .refusals import whole_only
from .values import Values

CONFIG = "config.json"
Family = Literal["bert", "gpt2"]

FAMILIES: dict[str, Family] = {
    "bert": "bert",
    "camembert": "bert",
    "roberta": "bert",
    "xlm-roberta": "bert",
    "gpt2": "gpt2",
}
"""By `model_type`. All of family `bert` have BERT's tensors under the same names."""

_COUNTED_FROM_PADDING = ("camembert", "roberta", "xlm-roberta")
"""Their first position is the one after `pad_token_id`."""


@record(frozen=True)
class Configuration:
    """A model's sizes and settings."""

    family: Family
    layers: int
    heads: int
    width: int
    """d_model"""
    inner: int
    """How many numbers the feed-forward network has in its middle."""
    positions: int
    """How many tokens a sentence may have."""
    first_position: int
    """The row of the position table that belongs to the first token."""
    token_types: int
    activation: Curve
    epsilon: float
    """What layer normalisation adds to the variance."""
    causal: bool
    scaled: bool = True
    """Whether the scores are divided by √d_k."""
    scaled_by_layer: bool = False
    """Whether the scores of layer i, counted from 0, are also divided by i + 1."""

    @property
    def d_k(self) -> int:
        """The width of one head."""
        return self.width // self.heads

    def scale(self, layer: int) -> float:
        """What the scores of a layer are multiplied by."""
        scale = 1 / math.sqrt(self.d_k) if self.scaled else 1.0
        return scale / (layer + 1) if self.scaled_by_layer else scale


def read_configuration(settings: Mapping[str, object], file: str) -> Configuration:
    """The configuration in a config.json, which messages call `file`.

    Raises UsageError, for an unknown family with what would work.
    """
    values = Values(settings, file)
    kind = values.text("model_type", "")
    if kind not in FAMILIES:
        raise values.refusal(whole_only(kind, tuple(FAMILIES)))
    return _gpt2(values) if FAMILIES[kind] == "gpt2" else _bert(values, kind)


def _bert(values: Values, kind: str) -> Configuration:
    if values.text("position_embedding_type", "absolute") != "absolute":
        raise values.refusal(say("position_embedding_type is not absolute; capture knows no other positions"))
    rows = values.count("max_position_embeddings")
    first = values.count("pad_token_id", 1, least=0) + 1 if kind in _COUNTED_FROM_PADDING else 0
    if first >= rows:
        raise values.refusal(say("pad_token_id leaves none of the {rows} positions", rows=rows))
    return Configuration(
        family="bert",
        layers=values.layers("num_hidden_layers"),
        heads=values.count("num_attention_heads"),
        width=values.count("hidden_size"),
        inner=values.count("intermediate_size"),
        positions=rows - first,
        first_position=first,
        token_types=values.count("type_vocab_size", 2, least=0),
        activation=curve_of(values, "hidden_act", "gelu"),
        epsilon=values.positive("layer_norm_eps", 1e-12),
        causal=values.truth("is_decoder", False),
    )


def _gpt2(values: Values) -> Configuration:
    width = values.count("n_embd")
    return Configuration(
        family="gpt2",
        layers=values.layers("n_layer"),
        heads=values.count("n_head"),
        width=width,
        inner=4 * width if values.given.get("n_inner") is None else values.count("n_inner"),
        positions=values.count("n_positions"),
        first_position=0,
        token_types=0,
        activation=curve_of(values, "activation_function", "gelu_new"),
        epsilon=values.positive("layer_norm_epsilon", 1e-5),
        causal=True,
        scaled=values.truth("scale_attn_weights", True),
        scaled_by_layer=values.truth("scale_attn_by_inverse_layer_idx", False),
    )
