"""Llama and the models that came after it: RMSNorm, rotary positions, shared keys and values, a gated feed-forward."""

from __future__ import annotations

import math
from dataclasses import replace

from ..files.phrases import counted
from ..graph.block import BlockSettings, Norm, Readout
from ..graph.example import Settings
from ..graph.mechanisms import Pairs, Rotary
from ..said import say
from .architecture import Architecture, Family, Fused, ModelSizes
from .curves import curve_of
from .rotaries import plain_rotary, rotary_of
from .scales import named_scale
from .values import Values

_FULL = "full_attention"


def _sizes(values: Values) -> ModelSizes:
    width, heads = values.count("hidden_size"), values.count("num_attention_heads")
    kv_heads = values.count("num_key_value_heads", heads)
    if heads % kv_heads:
        problem = say(
            "{kv_heads} cannot serve {heads} equally",
            kv_heads=counted(kv_heads, "head"),
            heads=counted(heads, "head"),
        )
        raise values.refusal(say("{place}: {problem}", place="num_key_value_heads", problem=problem))
    is_usual = values.given.get("head_dim") is None
    return ModelSizes(
        layers=values.layers("num_hidden_layers"),
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        d_k=values.head_width(width, heads) if is_usual else values.count("head_dim"),
        inner=values.count("intermediate_size"),
        positions=values.count("max_position_embeddings", 2048),
    )


def _rms(
    values: Values,
    sizes: ModelSizes,
    attention: Settings | tuple[Settings, ...],
    *,
    curve: str = "hidden_act",
    usual: str = "silu",
    norm: Norm = "before",
    tied: bool = False,
    scale: float = 1.0,
) -> Architecture:
    block = BlockSettings(
        norm=norm,
        kind="rms",
        epsilon=values.positive("rms_norm_eps", 1e-6),
        mlp=curve_of(values, curve, usual),
        gated=True,
    )
    tied = values.truth("tie_word_embeddings", tied)
    cap = values.number("final_logit_softcapping", None)
    return Architecture(sizes, block, attention, Readout(tied=tied, norm=True, softcap=cap), scale=scale)


def _attention(
    values: Values, sizes: ModelSizes, rotary: Rotary, window: int | None = None, scale: float = 0.0
) -> Settings:
    return Settings(
        heads=sizes.heads,
        kv_heads=sizes.kv_heads,
        scale=named_scale(scale or 1 / math.sqrt(sizes.d_k), sizes.d_k),
        causal=True,
        window=window,
        rotary=rotary,
        softcap=values.number("attn_logit_softcapping", None),
    )


def _rotary(values: Values, sizes: ModelSizes) -> Rotary:
    """A GGUF file says how much of a query is turned, how the pairs lie, and what slows them down."""
    own = values.table("rope_parameters")
    share = own.number("partial_rotary_factor", values.number("partial_rotary_factor", 1.0)) or 1.0
    is_said = values.given.get("rope_dimension_count") is not None
    turned = values.count("rope_dimension_count") if is_said else int(sizes.d_k * share)
    pairs: Pairs = "neighbours" if values.text("rope_pairs", "halves") == "neighbours" else "halves"
    given = values.given.get("rope_factors")
    factors = given if isinstance(given, tuple) else ()  # a config.json has no tuples
    width = None if turned == sizes.d_k else turned
    return rotary_of(own, values, theta=10000.0, width=width, pairs=pairs, factors=factors, head=sizes.d_k)


def _llama(values: Values) -> Architecture:
    sizes = _sizes(values)
    return _rms(values, sizes, _attention(values, sizes, _rotary(values, sizes)))


def _mistral(values: Values) -> Architecture:
    sizes = _sizes(values)
    window = None if values.given.get("sliding_window") is None else values.count("sliding_window")
    return _rms(values, sizes, _attention(values, sizes, _rotary(values, sizes), window))


def _qwen(values: Values) -> Architecture:
    sizes = _sizes(values)
    kinds = values.kinds_of(sizes.layers)
    slides = values.truth("use_sliding_window", False) and values.given.get("sliding_window") is not None
    window = values.count("sliding_window") if slides else None
    from_layer = values.count("max_window_layers", 28, least=0)
    own = _attention(values, sizes, _rotary(values, sizes))

    def of(layer: int) -> Settings:
        is_full = kinds[layer] == _FULL if kinds else layer < from_layer
        return own if is_full else replace(own, window=window)

    return _rms(values, sizes, tuple(map(of, range(sizes.layers))))


def _qwen3(values: Values) -> Architecture:
    found = _qwen(_with_head(values, 128))
    return _with_head_norms(found)


def _with_head(values: Values, usual: int) -> Values:
    """The same settings with another width of a head where they say none."""
    return Values({"head_dim": usual, **values.given}, values.file)


def _with_head_norms(found: Architecture) -> Architecture:
    each = tuple(replace(found.attention_of(layer), norm="rms") for layer in range(found.sizes.layers))
    return replace(found, attention=each)


def _gemma_sizes(values: Values) -> ModelSizes:
    return _sizes(_with_head(values, 256))


def _gemma(values: Values) -> Architecture:
    sizes = _gemma_sizes(values)
    attention = _attention(values, sizes, _rotary(values, sizes))
    usual = "gelu_pytorch_tanh"
    name = "hidden_activation" if values.given.get("hidden_activation") else "hidden_act"
    return _rms(values, sizes, attention, curve=name, usual=usual, tied=True, scale=math.sqrt(sizes.width))


def _gemma2(values: Values) -> Architecture:
    sizes = _gemma_sizes(values)
    kinds = values.kinds_of(sizes.layers)
    window = values.count("sliding_window", 4096)
    scale = (values.number("query_pre_attn_scalar", 256.0) or 256.0) ** -0.5
    caps = {"attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0}
    values = Values({**caps, **values.given}, values.file)
    own = _attention(values, sizes, _rotary(values, sizes), None, scale)

    def of(layer: int) -> Settings:
        is_full = kinds[layer] == _FULL if kinds else bool(layer % 2)
        return own if is_full else replace(own, window=window)

    return _around(values, sizes, tuple(map(of, range(sizes.layers))))


def _around(values: Values, sizes: ModelSizes, attention: tuple[Settings, ...]) -> Architecture:
    return _rms(
        values,
        sizes,
        attention,
        curve="hidden_activation",
        usual="gelu_pytorch_tanh",
        norm="around",
        tied=True,
        scale=math.sqrt(sizes.width),
    )


def _gemma3(values: Values) -> Architecture:
    sizes = _gemma_sizes(values)
    kinds = values.kinds_of(sizes.layers)
    window, every = values.count("sliding_window", 4096), values.count("sliding_window_pattern", 6)
    scale = (values.number("query_pre_attn_scalar", 256.0) or 256.0) ** -0.5
    both = values.table("rope_parameters")

    def of(layer: int) -> Settings:
        is_full = kinds[layer] == _FULL if kinds else (layer + 1) % every == 0
        own = both.table(_FULL if is_full else "sliding_attention")
        if own.given:
            rotary = rotary_of(own, own, head=sizes.d_k)
        elif is_full:
            rotary = rotary_of(both, values, theta=1_000_000.0, head=sizes.d_k)
        else:
            rotary = plain_rotary(values, head=sizes.d_k, theta=values.number("rope_local_base_freq", None) or 10000.0)
        return _attention(values, sizes, rotary, None if is_full else window, scale)

    return _with_head_norms(_around(values, sizes, tuple(map(of, range(sizes.layers)))))


def _phi3(values: Values) -> Architecture:
    if values.truth("attention_bias", False):
        raise values.refusal(say("attention_bias is true; no such model of this family is known"))
    return _mistral(values)


_LINEAR = {
    "Q": "layers.{i}.self_attn.q_proj",
    "K": "layers.{i}.self_attn.k_proj",
    "V": "layers.{i}.self_attn.v_proj",
    "O": "layers.{i}.self_attn.o_proj",
    "1": "layers.{i}.mlp.up_proj",
    "G": "layers.{i}.mlp.gate_proj",
    "2": "layers.{i}.mlp.down_proj",
}
_NORMS = {"1": "layers.{i}.input_layernorm", "2": "layers.{i}.post_attention_layernorm", "U": "norm"}
_HEAD_NORMS = {"Q": "layers.{i}.self_attn.q_norm", "K": "layers.{i}.self_attn.k_norm"}
_FOUR_NORMS = {
    "1": "layers.{i}.input_layernorm",
    "3": "layers.{i}.post_attention_layernorm",
    "2": "layers.{i}.pre_feedforward_layernorm",
    "4": "layers.{i}.post_feedforward_layernorm",
    "U": "norm",
}
_WORDS = "embed_tokens.weight"
LLAMAS: dict[str, Family] = {
    "llama": Family(_llama, _WORDS, _LINEAR, _NORMS),
    "mistral": Family(_mistral, _WORDS, _LINEAR, _NORMS),
    "qwen2": Family(_qwen, _WORDS, _LINEAR, _NORMS),
    "qwen3": Family(_qwen3, _WORDS, _LINEAR, {**_NORMS, **_HEAD_NORMS}),
    "gemma": Family(_gemma, _WORDS, _LINEAR, _NORMS, gain_less=1.0),
    "gemma2": Family(_gemma2, _WORDS, _LINEAR, _FOUR_NORMS, gain_less=1.0),
    "gemma3_text": Family(_gemma3, _WORDS, _LINEAR, {**_FOUR_NORMS, **_HEAD_NORMS}, gain_less=1.0),
    "phi3": Family(
        _phi3,
        _WORDS,
        {"O": _LINEAR["O"], "2": _LINEAR["2"]},
        _NORMS,
        fused=(Fused("layers.{i}.self_attn.qkv_proj", "QKV"), Fused("layers.{i}.mlp.gate_up_proj", "G1")),
    ),
}
"""By `model_type`."""
