"""What a GGUF file calls settings and tensors, by the names that Hugging Face has for them."""

from __future__ import annotations

from collections.abc import Mapping

from ..files.phrases import listed
from ..said import say
from .gguf import GgufFile
from .rotaries import SLOWER
from .weights import gguf_weights

_FOR_LONG = ("rope_factors_long.weight", "rope_factors_short.weight")
"""What angles are divided by in Phi-3 for long texts, which goes with another scale of scores."""
ARCHITECTURE = "general.architecture"

_SETTINGS: dict[str, tuple[str, ...]] = {
    "block_count": ("num_hidden_layers", "n_layer"),
    "embedding_length": ("hidden_size", "n_embd"),
    "context_length": ("max_position_embeddings", "n_positions"),
    "feed_forward_length": ("intermediate_size", "n_inner"),
    "attention.head_count": ("num_attention_heads", "n_head"),
    "attention.head_count_kv": ("num_key_value_heads",),
    "attention.key_length": ("head_dim",),
    "attention.layer_norm_epsilon": ("layer_norm_eps", "layer_norm_epsilon"),
    "attention.layer_norm_rms_epsilon": ("rms_norm_eps",),
    "attention.sliding_window": ("sliding_window",),
    "rope.freq_base": ("rope_theta",),
    "rope.freq_base_swa": ("rope_local_base_freq",),
    "rope.dimension_count": ("rope_dimension_count",),
    "attn_logit_softcapping": ("attn_logit_softcapping",),
    "final_logit_softcapping": ("final_logit_softcapping",),
}
"""Behind the name of the architecture; families of models do not agree how theirs are called."""

_LLAMA = {
    "token_embd": "embed_tokens",
    "output_norm": "norm",
    "output": "lm_head",
    "blk.{i}.attn_norm": "layers.{i}.input_layernorm",
    "blk.{i}.attn_q": "layers.{i}.self_attn.q_proj",
    "blk.{i}.attn_k": "layers.{i}.self_attn.k_proj",
    "blk.{i}.attn_v": "layers.{i}.self_attn.v_proj",
    "blk.{i}.attn_qkv": "layers.{i}.self_attn.qkv_proj",
    "blk.{i}.attn_q_norm": "layers.{i}.self_attn.q_norm",
    "blk.{i}.attn_k_norm": "layers.{i}.self_attn.k_norm",
    "blk.{i}.attn_output": "layers.{i}.self_attn.o_proj",
    "blk.{i}.ffn_norm": "layers.{i}.post_attention_layernorm",
    "blk.{i}.ffn_gate": "layers.{i}.mlp.gate_proj",
    "blk.{i}.ffn_up": "layers.{i}.mlp.up_proj",
    "blk.{i}.ffn_down": "layers.{i}.mlp.down_proj",
}
_GEMMA = {
    **_LLAMA,
    "blk.{i}.post_attention_norm": "layers.{i}.post_attention_layernorm",
    "blk.{i}.ffn_norm": "layers.{i}.pre_feedforward_layernorm",
    "blk.{i}.post_ffw_norm": "layers.{i}.post_feedforward_layernorm",
}
_LAYERS_OF_27B: dict[object, int] = {"gemma2": 46, "gemma3_text": 62}
"""Their scale is 1/√(m/h), that of smaller ones 1/√d_k."""
_NAMED = {"gemma3": "gemma3_text"}
"""Architectures whose name in config.json is another one."""
_TENSORS: dict[str, dict[str, str]] = {
    "bert": {
        "token_embd": "embeddings.word_embeddings",
        "token_types": "embeddings.token_type_embeddings",
        "position_embd": "embeddings.position_embeddings",
        "token_embd_norm": "embeddings.LayerNorm",
        "blk.{i}.attn_q": "encoder.layer.{i}.attention.self.query",
        "blk.{i}.attn_k": "encoder.layer.{i}.attention.self.key",
        "blk.{i}.attn_v": "encoder.layer.{i}.attention.self.value",
        "blk.{i}.attn_output": "encoder.layer.{i}.attention.output.dense",
        "blk.{i}.attn_output_norm": "encoder.layer.{i}.attention.output.LayerNorm",
        "blk.{i}.ffn_up": "encoder.layer.{i}.intermediate.dense",
        "blk.{i}.ffn_down": "encoder.layer.{i}.output.dense",
        "blk.{i}.layer_output_norm": "encoder.layer.{i}.output.LayerNorm",
    },
    **dict.fromkeys(("llama", "mistral", "qwen2", "qwen3", "gemma", "phi3"), _LLAMA),
    **dict.fromkeys(("gemma2", "gemma3_text"), _GEMMA),
    "gpt2": {
        "token_embd": "wte",
        "position_embd": "wpe",
        "blk.{i}.attn_norm": "h.{i}.ln_1",
        "blk.{i}.attn_qkv": "h.{i}.attn.c_attn",
        "blk.{i}.attn_output": "h.{i}.attn.c_proj",
        "blk.{i}.ffn_norm": "h.{i}.ln_2",
        "blk.{i}.ffn_up": "h.{i}.mlp.c_fc",
        "blk.{i}.ffn_down": "h.{i}.mlp.c_proj",
    },
}
"""By architecture, without `.weight` and `.bias`."""

_TURNED = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
"""GPT-2's folder has these as (in, out); a GGUF file has all matrices as (out, in)."""


def settings_of(file: GgufFile) -> dict[str, object]:
    """What a config.json would say of the model."""
    architecture = file.settings.get(ARCHITECTURE)
    found: dict[str, object] = {}
    if isinstance(architecture, str):
        found["model_type"] = _NAMED.get(architecture, architecture)
        found |= _of_rotary(file, architecture)
        found["tie_word_embeddings"] = "output.weight" not in file.tensors
    for name, called in _SETTINGS.items():
        value = file.settings.get(f"{architecture}.{name}")
        if value is not None:
            found |= dict.fromkeys(called, value)
    found |= _of_scale(found)
    if "tokenizer.ggml.token_type_count" in file.settings:
        found["type_vocab_size"] = file.settings["tokenizer.ggml.token_type_count"]
    return found


def _of_rotary(file: GgufFile, architecture: str) -> dict[str, object]:
    """Of "llama" the rows of W_Q and W_K are in another order, so that neighbours are turned together."""
    found: dict[str, object] = {"rope_pairs": "neighbours" if architecture == "llama" else "halves"}
    if SLOWER in file.tensors:
        shape = file.tensors[SLOWER].shape
        found["rope_factors"] = tuple(
            gguf_weights(file, {SLOWER: (SLOWER, False)}).array(SLOWER, shape).ravel().tolist()
        )
    return found | _of_scaling(file, architecture)


def _of_scaling(file: GgufFile, architecture: str) -> dict[str, object]:
    """How turns are slowed for long texts: a factor without a kind is that of all, as older files have it."""
    if not file.tensors.keys().isdisjoint(_FOR_LONG):
        return {"rope_scaling": {"rope_type": "longrope"}}
    said = file.settings
    kind = said.get(f"{architecture}.rope.scaling.type", "linear")
    factor = said.get(f"{architecture}.rope.scaling.factor", said.get(f"{architecture}.rope.scale_linear"))
    is_none = factor is None or (isinstance(factor, int | float) and factor == 0)
    if isinstance(kind, str) and (kind == "none" or (kind == "linear" and is_none)):
        return {}
    return {"rope_scaling": {"rope_type": kind, "factor": factor}}


def _of_scale(found: Mapping[str, object]) -> dict[str, object]:
    """No GGUF file says what Gemma's scores are scaled by; llama.cpp tells by the number of layers, too."""
    kind = found.get("model_type")
    if kind not in _LAYERS_OF_27B:
        return {}
    layers, width, heads = (found.get(name) for name in ("num_hidden_layers", "hidden_size", "num_attention_heads"))
    if not (isinstance(layers, int) and isinstance(width, int) and isinstance(heads, int) and heads):
        return {}  # refused where they are read
    is_largest = layers == _LAYERS_OF_27B[kind]
    return {"query_pre_attn_scalar": width / heads if is_largest else found.get("head_dim")}


def names_of(file: GgufFile, architecture: str) -> dict[str, tuple[str, bool]]:
    """For each tensor that is known: what Hugging Face calls it, and whether it is turned there. Raises UsageError."""
    if architecture not in _TENSORS:
        names = listed(sorted(_TENSORS))
        what = say(
            'its tensors are those of "{family}"; of GGUF files known are {names}', family=architecture, names=names
        )
        raise file.refusal(what)
    known, found = _TENSORS[architecture], {}
    for name in file.tensors:
        stem, _, part = name.rpartition(".")
        block, layer, rest = (*stem.split(".", 2), "", "")[:3]
        is_layer = block == "blk" and rest != ""
        called = known.get(f"blk.{{i}}.{rest}" if is_layer else stem)
        if called is not None:
            called = called.replace("{i}", layer)
            found[name] = (f"{called}.{part}", part == "weight" and called.endswith(_TURNED))
    return found
