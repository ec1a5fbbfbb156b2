"""GPT-2 and the models before Llama: no token sees those behind it, and norms stand before each part."""

from __future__ import annotations

import math

from ..graph.block import BlockSettings, Curve, Readout
from ..graph.example import Settings
from ..graph.mechanisms import Alibi, Rotary
from ..said import say
from .architecture import HEADS, Architecture, Family, Fused, ModelSizes
from .curves import curve_of
from .rotaries import plain_rotary, rotary_of
from .scales import named_scale
from .values import Values


def _before(
    sizes: ModelSizes,
    curve: Curve,
    epsilon: float,
    attention: Settings | tuple[Settings, ...],
    *,
    tied: bool = True,
    parallel: bool = False,
    norm: bool = False,
) -> Architecture:
    block = BlockSettings(norm="before", epsilon=epsilon, mlp=curve, parallel=parallel)
    return Architecture(sizes, block, attention, Readout(tied=tied, norm=True), norm=norm)


def _causal(
    sizes: ModelSizes,
    scale: float = 0.0,
    window: int | None = None,
    *,
    rotary: Rotary | None = None,
    bias: Alibi | None = None,
) -> Settings:
    named = named_scale(scale or 1 / math.sqrt(sizes.d_k), sizes.d_k)
    return Settings(
        heads=sizes.heads,
        kv_heads=sizes.kv_heads,
        scale=named,
        causal=True,
        window=window,
        rotary=rotary,
        bias=bias,
    )


def _sizes(values: Values, layers: int, width: int, heads: int, inner: int, positions: int) -> ModelSizes:
    return ModelSizes(layers, width, heads, heads, values.head_width(width, heads), inner, positions)


def _gpt2(values: Values) -> Architecture:
    width = values.count("n_embd")
    inner, heads = values.count("n_inner", 4 * width), values.count("n_head")
    sizes = _sizes(values, values.layers("n_layer"), width, heads, inner, values.count("n_positions"))
    scale = 1 / math.sqrt(sizes.d_k) if values.truth("scale_attn_weights", True) else 1.0
    by_layer = values.truth("scale_attn_by_inverse_layer_idx", False)
    attention = tuple(_causal(sizes, scale / (layer + 1 if by_layer else 1)) for layer in range(sizes.layers))
    curve, epsilon = curve_of(values, "activation_function", "gelu_new"), values.positive("layer_norm_epsilon", 1e-5)
    return _before(sizes, curve, epsilon, attention)


def _gpt_neo(values: Values) -> Architecture:
    width, heads, layers = values.count("hidden_size"), values.count("num_heads"), values.layers("num_layers")
    sizes = _sizes(
        values,
        layers,
        width,
        heads,
        values.count("intermediate_size", 4 * width),
        values.count("max_position_embeddings"),
    )
    kinds = values.texts("attention_layers") or _kinds(values, layers)
    values.require_each("attention_layers", len(kinds), layers)
    window = values.count("window_size", 256)
    attention = tuple(_causal(sizes, 1.0, window if kind == "local" else None) for kind in kinds)
    curve = curve_of(values, "activation_function", "gelu_new")
    return _before(sizes, curve, values.positive("layer_norm_epsilon", 1e-5), attention)


def _kinds(values: Values, layers: int) -> tuple[str, ...]:
    """`[[["global", "local"], 6]]`: these in turn, so many times."""
    found: list[str] = []
    given = values.given.get("attention_types")
    for one in given if isinstance(given, list) else []:
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], list) and isinstance(one[1], int):
            found += [str(kind) for kind in one[0]] * min(one[1], layers)
    return tuple(found) or ("global", "local") * (layers // 2) + ("global",) * (layers % 2)


def _gpt_neox(values: Values) -> Architecture:
    width, heads = values.count("hidden_size"), values.count("num_attention_heads")
    inner, positions = values.count("intermediate_size"), values.count("max_position_embeddings")
    sizes = _sizes(values, values.layers("num_hidden_layers"), width, heads, inner, positions)
    own = values.table("rope_parameters")
    share = own.number("partial_rotary_factor", values.number("rotary_pct", 0.25)) or 1.0
    theta = values.number("rotary_emb_base", 10000.0) or 10000.0
    rotary = rotary_of(own, values, theta=theta, width=int(sizes.d_k * share), head=sizes.d_k)
    return _before(
        sizes,
        curve_of(values, "hidden_act", "gelu"),
        values.positive("layer_norm_eps", 1e-5),
        _causal(sizes, rotary=rotary),
        tied=values.truth("tie_word_embeddings", False),
        parallel=values.truth("use_parallel_residual", True),
    )


def _gptj(values: Values) -> Architecture:
    width = values.count("n_embd")
    inner, heads = values.count("n_inner", 4 * width), values.count("n_head")
    sizes = _sizes(values, values.layers("n_layer"), width, heads, inner, values.count("n_positions"))
    rotary = plain_rotary(values, head=sizes.d_k, width=values.count("rotary_dim", 64), pairs="neighbours")
    curve, epsilon = curve_of(values, "activation_function", "gelu_new"), values.positive("layer_norm_epsilon", 1e-5)
    tied = values.truth("tie_word_embeddings", False)
    return _before(sizes, curve, epsilon, _causal(sizes, rotary=rotary), tied=tied, parallel=True)


def _opt(values: Values) -> Architecture:
    width, heads = values.count("hidden_size"), values.count("num_attention_heads")
    if values.count("word_embed_proj_dim", width) != width:
        raise values.refusal(say("word_embed_proj_dim is not hidden_size; no other model of this family is known"))
    sizes = _sizes(
        values,
        values.layers("num_hidden_layers"),
        width,
        heads,
        values.count("ffn_dim"),
        values.count("max_position_embeddings"),
    )
    curve = curve_of(values, "activation_function", "relu")
    is_before = values.truth("do_layer_norm_before", True)
    block = BlockSettings(norm="before" if is_before else "after", epsilon=1e-5, mlp=curve)
    is_normed = is_before and not values.truth("_remove_final_layer_norm", False)
    return Architecture(sizes, block, _causal(sizes), Readout(tied=True, norm=is_normed), first=2)


def _bloom(values: Values) -> Architecture:
    if values.truth("apply_residual_connection_post_layernorm", False):
        raise values.refusal(say("apply_residual_connection_post_layernorm is true; such a layer is not known"))
    width = values.count("hidden_size" if "hidden_size" in values.given else "n_embed")
    heads = values.count("n_head" if "n_head" in values.given else "num_attention_heads")
    layers = values.layers("n_layer" if "n_layer" in values.given else "num_hidden_layers")
    sizes = _sizes(values, layers, width, heads, 4 * width, values.count("seq_length", 2048))
    epsilon = values.positive("layer_norm_epsilon", 1e-5)
    return _before(sizes, "gelu_tanh", epsilon, _causal(sizes, bias=Alibi(_slopes(heads))), norm=True)


def _slopes(heads: int) -> tuple[float, ...]:
    """Powers of 2^(−8/n), n the power of 2 below; for more heads every other one of 2n (Press et al. 2022)."""
    whole = 1 << (heads.bit_length() - 1)
    base = 2.0 ** (-8.0 / whole)
    found = [base**power for power in range(1, whole + 1)]
    between = 2.0 ** (-4.0 / whole)
    found += [between**power for power in range(1, 2 * (heads - whole) + 1, 2)]
    return tuple(found)


_GPT_NORMS = {"1": "h.{i}.ln_1", "2": "h.{i}.ln_2", "U": "ln_f"}
DECODERS: dict[str, Family] = {
    "gpt2": Family(
        _gpt2,
        "wte.weight",
        {"O": "h.{i}.attn.c_proj", "1": "h.{i}.mlp.c_fc", "2": "h.{i}.mlp.c_proj"},
        _GPT_NORMS,
        fused=(Fused("h.{i}.attn.c_attn", "QKV"),),
        tables={"positions": "wpe.weight"},
        in_out=("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"),
    ),
    "gpt_neo": Family(
        _gpt_neo,
        "wte.weight",
        {
            "Q": "h.{i}.attn.attention.q_proj",
            "K": "h.{i}.attn.attention.k_proj",
            "V": "h.{i}.attn.attention.v_proj",
            "O": "h.{i}.attn.attention.out_proj",
            "1": "h.{i}.mlp.c_fc",
            "2": "h.{i}.mlp.c_proj",
        },
        _GPT_NORMS,
        tables={"positions": "wpe.weight"},
    ),
    "gpt_neox": Family(
        _gpt_neox,
        "embed_in.weight",
        {
            "O": "layers.{i}.attention.dense",
            "1": "layers.{i}.mlp.dense_h_to_4h",
            "2": "layers.{i}.mlp.dense_4h_to_h",
        },
        {
            "1": "layers.{i}.input_layernorm",
            "2": "layers.{i}.post_attention_layernorm",
            "U": "final_layer_norm",
        },
        fused=(Fused("layers.{i}.attention.query_key_value", "QKV", HEADS),),
        outside="embed_out",
    ),
    "gptj": Family(
        _gptj,
        "wte.weight",
        {
            "Q": "h.{i}.attn.q_proj",
            "K": "h.{i}.attn.k_proj",
            "V": "h.{i}.attn.v_proj",
            "O": "h.{i}.attn.out_proj",
            "1": "h.{i}.mlp.fc_in",
            "2": "h.{i}.mlp.fc_out",
        },
        {"1": "h.{i}.ln_1", "2": "h.{i}.ln_1", "U": "ln_f"},
    ),
    "opt": Family(
        _opt,
        "embed_tokens.weight",
        {
            "Q": "layers.{i}.self_attn.q_proj",
            "K": "layers.{i}.self_attn.k_proj",
            "V": "layers.{i}.self_attn.v_proj",
            "O": "layers.{i}.self_attn.out_proj",
            "1": "layers.{i}.fc1",
            "2": "layers.{i}.fc2",
        },
        {
            "1": "layers.{i}.self_attn_layer_norm",
            "2": "layers.{i}.final_layer_norm",
            "U": "final_layer_norm",
        },
        tables={"positions": "embed_positions.weight"},
    ),
    "bloom": Family(
        _bloom,
        "word_embeddings.weight",
        {
            "O": "h.{i}.self_attention.dense",
            "1": "h.{i}.mlp.dense_h_to_4h",
            "2": "h.{i}.mlp.dense_4h_to_h",
        },
        {
            "E": "word_embeddings_layernorm",
            "1": "h.{i}.input_layernorm",
            "2": "h.{i}.post_attention_layernorm",
            "U": "ln_f",
        },
        fused=(Fused("h.{i}.self_attention.query_key_value", "QKV", HEADS),),
    ),
}
"""By `model_type`."""
