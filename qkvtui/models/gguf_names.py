"""What a GGUF file calls settings and tensors, by the names that Hugging Face has for them."""

from __future__ import annotations

from .gguf import GgufFile

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
}
"""Behind the name of the architecture; families of models do not agree how theirs are called."""

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
    found: dict[str, object] = {} if architecture is None else {"model_type": architecture}
    for name, called in _SETTINGS.items():
        value = file.settings.get(f"{architecture}.{name}")
        if value is not None:
            found |= dict.fromkeys(called, value)
    if "tokenizer.ggml.token_type_count" in file.settings:
        found["type_vocab_size"] = file.settings["tokenizer.ggml.token_type_count"]
    return found


def names_of(file: GgufFile, architecture: str) -> dict[str, tuple[str, bool]]:
    """For each tensor that is known: what Hugging Face calls it, and whether it is turned there."""
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
