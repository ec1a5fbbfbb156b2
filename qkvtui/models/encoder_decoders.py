"""T5, BART and Marian: an encoder reads one text, and a decoder that looks at it writes another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from ..graph.block import BlockSettings, Norm, Readout
from ..graph.example import NO_SCALE, Settings
from ..said import say
from .architecture import Architecture, Distances, Family, LayerNames, ModelSizes
from .curves import curve_of
from .values import Values

_PARTS = 2
"""A decoder's layer is two of ours: it looks at its own words, then at the encoder's, and is fed forward there."""
_HIGHEST_ID = 1 << 24
_FARTHEST = 1 << 14
"""Words apart up to which a bias is told by rule: there is a row for each distance."""
_DISTANCES = (("num_buckets", 32), ("max_distance", 128))


def _alternating(
    sizes: ModelSizes, block: BlockSettings, attention: Settings
) -> tuple[ModelSizes, tuple[BlockSettings, ...], tuple[Settings, ...]]:
    """The sizes, blocks and attention of a decoder of so many layers: each looks at its own words, then at others'."""
    own = replace(block, mlp="none", gated=False)
    return (
        replace(sizes, layers=_PARTS * sizes.layers),
        (own, block) * sizes.layers,
        (replace(attention, causal=True), attention) * sizes.layers,
    )


def _start(values: Values, usual: str, default: int) -> tuple[int]:
    """The token that the decoder begins with."""
    other = values.count(usual, default, least=0, most=_HIGHEST_ID)
    return (values.count("decoder_start_token_id", other, least=0, most=_HIGHEST_ID),)


def _t5(values: Values, *, scales: bool = True) -> Architecture:
    width, heads, layers = values.count("d_model"), values.count("num_heads"), values.layers("num_layers")
    sizes = ModelSizes(
        layers, width, heads, heads, values.count("d_kv"), values.count("d_ff"), values.count("n_positions", 512)
    )
    gated, _, curve = values.text("feed_forward_proj", "relu").rpartition("-")
    curve = "gelu_new" if (gated, curve) == ("gated", "gelu") else curve
    block = BlockSettings(
        norm="before",
        kind="rms",
        epsilon=values.positive("layer_norm_epsilon", 1e-6),
        mlp=curve_of(Values({"feed_forward_proj": curve}, values.file), "feed_forward_proj", curve),
        gated=bool(gated),
    )
    attention = Settings(heads=heads, kv_heads=heads, scale=NO_SCALE)
    rows, most = (
        values.count(f"relative_attention_{name}", usual, least=4, most=_FARTHEST) for name, usual in _DISTANCES
    )
    distances = Distances(rows, most)
    if distances.most <= distances.rows // 2:
        raise values.refusal(say("relative_attention_max_distance is too small for so many buckets"))
    names = {"inner": "wi_1" if gated else "wi"}
    tied = values.truth("tie_word_embeddings", True)
    is_scaled = scales and values.truth("scale_decoder_outputs", tied)
    readout = Readout(tied=True, norm=True, temperature=math.sqrt(width) if is_scaled else 1.0)
    has_own = values.given.get("num_decoder_layers") is not None
    behind = replace(sizes, layers=values.layers("num_decoder_layers") if has_own else layers)
    decoder = Architecture(
        *_alternating(behind, block, attention),
        readout=readout,
        bias=replace(distances, one_way=True),
        parts=_PARTS,
        start=_start(values, "pad_token_id", 0),
        names=names,
    )
    encoder = Readout(norm=True, reads=False)
    return Architecture(sizes, block, attention, readout=encoder, bias=distances, names=names, decoder=decoder)


def _mt5(values: Values) -> Architecture:
    return _t5(values, scales=False)


def _bart(values: Values) -> Architecture:
    found = _of_bart(values, "after", is_normed=True)
    first = values.count("bos_token_id", 0, least=0, most=_HIGHEST_ID)
    assert found.decoder is not None
    return replace(found, decoder=replace(found.decoder, before_text=(first,)))


def _mbart(values: Values) -> Architecture:
    return _of_bart(values, "before", is_normed=True)


def _marian(values: Values) -> Architecture:
    if not values.truth("share_encoder_decoder_embeddings", True):
        raise values.refusal(
            say("share_encoder_decoder_embeddings is false; only models with one table of words for both are known")
        )
    return _of_bart(values, "after", is_normed=False)


def _of_bart(values: Values, norm: Norm, *, is_normed: bool) -> Architecture:
    """`is_normed`: whether what goes into the first layers is normed, as where places have a table, behind 2 rows."""
    width, positions = values.count("d_model"), values.count("max_position_embeddings", 1024)

    def side(name: str) -> tuple[ModelSizes, BlockSettings, Settings]:
        heads = values.count(f"{name}_attention_heads")
        layers, inner = values.layers(f"{name}_layers"), values.count(f"{name}_ffn_dim")
        sizes = ModelSizes(layers, width, heads, heads, values.head_width(width, heads), inner, positions)
        block = BlockSettings(norm=norm, epsilon=1e-5, mlp=curve_of(values, "activation_function", "gelu"))
        return sizes, block, Settings(heads=heads, kv_heads=heads)

    is_before = norm == "before"
    words = Architecture(
        *side("encoder"),
        readout=Readout(norm=True, reads=False) if is_before else None,
        scale=math.sqrt(width) if values.truth("scale_embedding", False) else 1.0,
        norm=is_normed,
        first=2 if is_normed else 0,
        sinusoidal=not is_normed,
    )
    sizes, blocks, attention = _alternating(*side("decoder"))
    decoder = replace(
        words,
        sizes=sizes,
        block=blocks,
        attention=attention,
        readout=Readout(tied=True, norm=is_before),
        parts=_PARTS,
        start=_start(values, "pad_token_id" if not is_normed else "eos_token_id", 2 if is_normed else 58100),
    )
    return replace(words, decoder=decoder)


def _t5_attention(at: str) -> dict[str, str]:
    return {letter: f"{at}.{letter.lower()}" for letter in "QKVO"}


def _t5_fed(at: str) -> dict[str, str]:
    return {"G": f"{at}.wi_0", "1": f"{at}.{{inner}}", "2": f"{at}.wo"}


def _bart_attention(at: str) -> dict[str, str]:
    return {**{letter: f"{at}.{letter.lower()}_proj" for letter in "QKV"}, "O": f"{at}.out_proj"}


_T5_ENCODER, _T5_DECODER = "encoder.block.{i}.layer", "decoder.block.{i}.layer"
_T5_BIAS = "{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
_T5 = Family(
    _t5,
    "shared.weight",
    {**_t5_attention(f"{_T5_ENCODER}.0.SelfAttention"), **_t5_fed(f"{_T5_ENCODER}.1.DenseReluDense")},
    {"1": f"{_T5_ENCODER}.0.layer_norm", "2": f"{_T5_ENCODER}.1.layer_norm", "U": "encoder.final_layer_norm"},
    bias=_T5_BIAS.format(side="encoder"),
    decoder=Family(
        _t5,
        "shared.weight",
        _t5_attention(f"{_T5_DECODER}.0.SelfAttention"),
        {"1": f"{_T5_DECODER}.0.layer_norm", "U": "decoder.final_layer_norm"},
        prefers_outside=True,
        bias=_T5_BIAS.format(side="decoder"),
        more=(
            LayerNames(
                {**_t5_attention(f"{_T5_DECODER}.1.EncDecAttention"), **_t5_fed(f"{_T5_DECODER}.2.DenseReluDense")},
                {"1": f"{_T5_DECODER}.1.layer_norm", "2": f"{_T5_DECODER}.2.layer_norm"},
            ),
        ),
    ),
)


def _of_barts(read: Callable[[Values], Architecture]) -> Family:
    """BART, mBART and Marian call everything alike; what a model does not have is not in its file."""
    encoder, decoder = "encoder.layers.{i}", "decoder.layers.{i}"
    return Family(
        read,
        "shared.weight",
        {**_bart_attention(f"{encoder}.self_attn"), "1": f"{encoder}.fc1", "2": f"{encoder}.fc2"},
        {
            "E": "encoder.layernorm_embedding",
            "1": f"{encoder}.self_attn_layer_norm",
            "2": f"{encoder}.final_layer_norm",
            "U": "encoder.layer_norm",
        },
        tables={"positions": "encoder.embed_positions.weight"},
        decoder=Family(
            read,
            "shared.weight",
            _bart_attention(f"{decoder}.self_attn"),
            {
                "E": "decoder.layernorm_embedding",
                "1": f"{decoder}.self_attn_layer_norm",
                "U": "decoder.layer_norm",
            },
            tables={"positions": "decoder.embed_positions.weight"},
            prefers_outside=True,
            word_bias="final_logits_bias",
            more=(
                LayerNames(
                    {**_bart_attention(f"{decoder}.encoder_attn"), "1": f"{decoder}.fc1", "2": f"{decoder}.fc2"},
                    {"1": f"{decoder}.encoder_attn_layer_norm", "2": f"{decoder}.final_layer_norm"},
                ),
            ),
        ),
    )


ENCODER_DECODERS: dict[str, Family] = {
    "t5": _T5,
    "mt5": replace(_T5, read=_mt5),
    "bart": _of_barts(_bart),
    "mbart": _of_barts(_mbart),
    "marian": _of_barts(_marian),
}
"""By `model_type`."""
