"""BERT and its relatives: all tokens see each other, and norms follow what each part has added."""

from __future__ import annotations

from dataclasses import replace

from ..graph.block import BlockSettings, Curve, Readout
from ..graph.example import Settings
from ..graph.mechanisms import Rotary
from ..said import say
from .architecture import Architecture, Distances, Family, Fused, ModelSizes
from .curves import curve_of
from .rotaries import rotary_of
from .values import Values

_BERT_LINEAR = {
    "Q": "encoder.layer.{i}.attention.self.query",
    "K": "encoder.layer.{i}.attention.self.key",
    "V": "encoder.layer.{i}.attention.self.value",
    "O": "encoder.layer.{i}.attention.output.dense",
    "1": "encoder.layer.{i}.intermediate.dense",
    "2": "encoder.layer.{i}.output.dense",
}
_BERT_NORMS = {
    "E": "embeddings.LayerNorm",
    "1": "encoder.layer.{i}.attention.output.LayerNorm",
    "2": "encoder.layer.{i}.output.LayerNorm",
}
_BERT_TABLES = {
    "positions": "embeddings.position_embeddings.weight",
    "types": "embeddings.token_type_embeddings.weight",
}
_BERT_WORDS = "embeddings.word_embeddings.weight"


def _bert(values: Values, *, from_padding: bool = False) -> Architecture:
    if values.text("position_embedding_type", "absolute") != "absolute":
        raise values.refusal(say("position_embedding_type is not absolute; capture knows no other positions"))
    sizes = _sizes(values)
    first = _behind_padding(values, sizes) if from_padding else 0
    return _after(
        replace(sizes, positions=sizes.positions - first),
        curve_of(values, "hidden_act", "gelu"),
        values.positive("layer_norm_eps", 1e-12),
        first=first,
        causal=values.truth("is_decoder", False),
        embedded=values.count("embedding_size", sizes.width),
    )


def _behind_padding(values: Values, sizes: ModelSizes) -> int:
    """The first position, which is the one after `pad_token_id`."""
    first = values.count("pad_token_id", 1, least=0) + 1
    if first >= sizes.positions:
        raise values.refusal(say("pad_token_id leaves none of the {rows} positions", rows=sizes.positions))
    return first


def _sizes(values: Values) -> ModelSizes:
    width, heads = values.count("hidden_size"), values.count("num_attention_heads")
    return ModelSizes(
        layers=values.layers("num_hidden_layers"),
        width=width,
        heads=heads,
        kv_heads=heads,
        d_k=values.head_width(width, heads),
        inner=values.count("intermediate_size"),
        positions=values.count("max_position_embeddings", 512),
    )


def _after(
    sizes: ModelSizes,
    curve: Curve,
    epsilon: float,
    *,
    first: int = 0,
    causal: bool = False,
    embedded: int = 0,
    groups: int = 0,
    bias: Distances | None = None,
) -> Architecture:
    return Architecture(
        sizes,
        BlockSettings(norm="after", epsilon=epsilon, mlp=curve),
        Settings(heads=sizes.heads, kv_heads=sizes.kv_heads, causal=causal),
        embedded=embedded,
        norm=True,
        first=first,
        groups=groups,
        bias=bias,
    )


def _roberta(values: Values) -> Architecture:
    return _bert(values, from_padding=True)


def _distilbert(values: Values) -> Architecture:
    width, heads = values.count("dim"), values.count("n_heads")
    positions = values.count("max_position_embeddings", 512)
    inner = values.count("hidden_dim")
    d_k = values.head_width(width, heads)
    sizes = ModelSizes(values.layers("n_layers"), width, heads, heads, d_k, inner, positions)
    return _after(sizes, curve_of(values, "activation", "gelu"), 1e-12)


def _albert(values: Values) -> Architecture:
    if values.count("inner_group_num", 1) != 1:
        raise values.refusal(say("inner_group_num is not 1; no other model of this family is known"))
    sizes, groups = _sizes(values), values.count("num_hidden_groups", 1)
    curve, epsilon = curve_of(values, "hidden_act", "gelu_new"), values.positive("layer_norm_eps", 1e-12)
    return _after(sizes, curve, epsilon, embedded=values.count("embedding_size", 128), groups=groups)


def _mpnet(values: Values) -> Architecture:
    sizes = _sizes(values)
    first = _behind_padding(values, sizes)
    sizes = replace(sizes, positions=sizes.positions - first)
    epsilon = values.positive("layer_norm_eps", 1e-12)
    return _after(sizes, curve_of(values, "hidden_act", "gelu"), epsilon, first=first, bias=Distances())


def _modernbert(values: Values) -> Architecture:
    sizes = _sizes(values)
    curve, epsilon = curve_of(values, "hidden_activation", "gelu"), values.positive("norm_eps", 1e-5)
    kinds = values.kinds_of(sizes.layers)
    every = values.count("global_attn_every_n_layers", 3)
    local = values.count("local_attention", 128) // 2 + 1
    first = BlockSettings(norm="mlp", epsilon=epsilon, mlp=curve, gated=True)
    other = BlockSettings(norm="before", epsilon=epsilon, mlp=curve, gated=True)
    attention = []
    for layer in range(sizes.layers):
        is_global = kinds[layer] == "full_attention" if kinds else layer % every == 0
        rotary = _modern_rotary(values, sizes, is_global)
        attention.append(
            Settings(heads=sizes.heads, kv_heads=sizes.heads, window=None if is_global else local, rotary=rotary)
        )
    return Architecture(
        sizes,
        (first, *(other,) * (sizes.layers - 1)),
        tuple(attention),
        readout=Readout(norm=True, reads=False),
        norm=True,
    )


def _modern_rotary(values: Values, sizes: ModelSizes, is_global: bool) -> Rotary:
    kind, name, usual = (
        ("full_attention", "global_rope_theta", 160000.0)
        if is_global
        else ("sliding_attention", "local_rope_theta", 10000.0)
    )
    own = values.table("rope_parameters").table(kind)
    theta = values.number(name, usual) or usual
    return rotary_of(own if own.given else values, values, theta=theta, head=sizes.d_k)


_BERT = Family(_bert, _BERT_WORDS, {**_BERT_LINEAR, "E": "embeddings_project"}, _BERT_NORMS, tables=_BERT_TABLES)
_ROBERTA = Family(_roberta, _BERT_WORDS, _BERT_LINEAR, _BERT_NORMS, tables=_BERT_TABLES)
ENCODERS: dict[str, Family] = {
    "bert": _BERT,
    "electra": _BERT,
    **dict.fromkeys(("roberta", "xlm-roberta", "camembert"), _ROBERTA),
    "distilbert": Family(
        _distilbert,
        _BERT_WORDS,
        {
            "Q": "transformer.layer.{i}.attention.q_lin",
            "K": "transformer.layer.{i}.attention.k_lin",
            "V": "transformer.layer.{i}.attention.v_lin",
            "O": "transformer.layer.{i}.attention.out_lin",
            "1": "transformer.layer.{i}.ffn.lin1",
            "2": "transformer.layer.{i}.ffn.lin2",
        },
        {
            "E": "embeddings.LayerNorm",
            "1": "transformer.layer.{i}.sa_layer_norm",
            "2": "transformer.layer.{i}.output_layer_norm",
        },
        tables={"positions": "embeddings.position_embeddings.weight"},
    ),
    "albert": Family(
        _albert,
        _BERT_WORDS,
        {
            "E": "encoder.embedding_hidden_mapping_in",
            "Q": "encoder.albert_layer_groups.{g}.albert_layers.0.attention.query",
            "K": "encoder.albert_layer_groups.{g}.albert_layers.0.attention.key",
            "V": "encoder.albert_layer_groups.{g}.albert_layers.0.attention.value",
            "O": "encoder.albert_layer_groups.{g}.albert_layers.0.attention.dense",
            "1": "encoder.albert_layer_groups.{g}.albert_layers.0.ffn",
            "2": "encoder.albert_layer_groups.{g}.albert_layers.0.ffn_output",
        },
        {
            "E": "embeddings.LayerNorm",
            "1": "encoder.albert_layer_groups.{g}.albert_layers.0.attention.LayerNorm",
            "2": "encoder.albert_layer_groups.{g}.albert_layers.0.full_layer_layer_norm",
        },
        tables=_BERT_TABLES,
    ),
    "mpnet": Family(
        _mpnet,
        _BERT_WORDS,
        {
            "Q": "encoder.layer.{i}.attention.attn.q",
            "K": "encoder.layer.{i}.attention.attn.k",
            "V": "encoder.layer.{i}.attention.attn.v",
            "O": "encoder.layer.{i}.attention.attn.o",
            "1": "encoder.layer.{i}.intermediate.dense",
            "2": "encoder.layer.{i}.output.dense",
        },
        {**_BERT_NORMS, "1": "encoder.layer.{i}.attention.LayerNorm"},
        tables={"positions": "embeddings.position_embeddings.weight"},
        bias="encoder.relative_attention_bias.weight",
    ),
    "modernbert": Family(
        _modernbert,
        "embeddings.tok_embeddings.weight",
        {"O": "layers.{i}.attn.Wo", "2": "layers.{i}.mlp.Wo"},
        {"E": "embeddings.norm", "1": "layers.{i}.attn_norm", "2": "layers.{i}.mlp_norm", "U": "final_norm"},
        fused=(Fused("layers.{i}.attn.Wqkv", "QKV"), Fused("layers.{i}.mlp.Wi", "G1")),
    ),
}
"""By `model_type`."""
