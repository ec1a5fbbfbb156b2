"""Twenty families of models in NumPy alone, in float64, from their tensors by name and config.json.

Nothing here comes from qkvtui. What it gives was compared with transformers' eager attention (test_families.py does so
again wherever that is installed).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any


@dataclass(frozen=True)
class Told:
    """What a model makes of a sentence."""

    left: list[Array]
    """(t, m) behind each layer; behind the last one normed where the model does so."""
    weights: list[Array]
    """(h, t, t) of each layer."""
    logits: Array | None


class Model:
    """The tensors of one model, and the sums that all families are made of."""

    def __init__(self, tensors: dict[str, Array], config: dict[str, Any]) -> None:
        self._tensors = {name: np.asarray(array, np.float64) for name, array in tensors.items()}
        self.config = config

    def has(self, name: str) -> bool:
        return any(one == name or one.endswith(f".{name}") for one in self._tensors)

    def __call__(self, name: str) -> Array:
        found = min((one for one in self._tensors if one == name or one.endswith(f".{name}")), key=len)
        return self._tensors[found]

    def linear(self, x: Array, stem: str) -> Array:
        """torch.nn.Linear."""
        found = x @ self(f"{stem}.weight").T
        return found + self(f"{stem}.bias") if self.has(f"{stem}.bias") else found

    def conv(self, x: Array, stem: str) -> Array:
        """GPT-2's Conv1D."""
        return x @ self(f"{stem}.weight") + self(f"{stem}.bias")

    def norm(self, x: Array, stem: str, epsilon: float) -> Array:
        """LayerNorm."""
        apart = x - x.mean(-1, keepdims=True)
        found = apart / np.sqrt((apart * apart).mean(-1, keepdims=True) + epsilon) * self(f"{stem}.weight")
        return found + self(f"{stem}.bias") if self.has(f"{stem}.bias") else found

    def rms(self, x: Array, stem: str, epsilon: float, more: float = 0.0) -> Array:
        """RMSNorm; Gemma's gain is stored less 1."""
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + epsilon) * (self(f"{stem}.weight") + more)


def erf_gelu(x: Array) -> Array:
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def tanh_gelu(x: Array) -> Array:
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


CURVES: dict[str, Callable[[Array], Array]] = {
    "gelu": erf_gelu,
    "gelu_new": tanh_gelu,
    "gelu_pytorch_tanh": tanh_gelu,
    "relu": lambda x: np.maximum(x, 0),
    "silu": lambda x: x / (1 + np.exp(-x)),
}


def split(x: Array, heads: int) -> Array:
    """(t, h·d) → (h, t, d)."""
    return x.reshape(len(x), heads, -1).swapaxes(0, 1)


def joined(x: Array) -> Array:
    """(h, t, d) → (t, h·d)."""
    return x.swapaxes(0, 1).reshape(x.shape[1], -1)


def attend(q: Array, k: Array, v: Array, scale: float, mask: Array, bias: Any = 0.0, cap: Any = None) -> Any:
    """(what is found (t, h·d), weights (h, t, t)); keys and values of fewer heads are shared."""
    k, v = (np.repeat(one, len(q) // len(one), axis=0) for one in (k, v))
    scores = q @ k.swapaxes(1, 2) * scale
    if cap:
        scores = cap * np.tanh(scores / cap)
    scores = scores + bias + np.where(mask, 0, -np.inf)
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    weights = powers / powers.sum(-1, keepdims=True)
    return joined(weights @ v), weights


def seen(count: int, *, causal: bool = True, window: int | None = None) -> Array:
    """(t, t): which keys a query sees."""
    apart = np.arange(count)[:, None] - np.arange(count)
    mask = apart >= 0 if causal else np.ones((count, count), bool)
    return mask if window is None else mask & (np.abs(apart) < window)


def turned(x: Array, theta: float, width: int, *, halves: bool = True, slower: Any = 1.0) -> Array:
    """Rotary positions of (h, t, d)."""
    angles = np.arange(x.shape[1])[:, None] * theta ** (-np.arange(0, width, 2) / width) / slower
    cos, sin = np.cos(angles), np.sin(angles)
    found = x.copy()
    at = np.arange(width // 2)
    one, other = (at, at + width // 2) if halves else (2 * at, 2 * at + 1)
    found[..., one] = x[..., one] * cos - x[..., other] * sin
    found[..., other] = x[..., other] * cos + x[..., one] * sin
    return found


def encoder(model: Model, ids: list[int], names: dict[str, str], sizes: dict[str, Any]) -> Told:
    """BERT and its kind: words + places + types, normed; norms behind each sum."""
    eps, heads = sizes.get("eps", 1e-12), sizes["heads"]
    x = model("embeddings.word_embeddings.weight")[ids]
    first = sizes.get("first", 0)
    x = x + model("embeddings.position_embeddings.weight")[first : first + len(ids)]
    if model.has("embeddings.token_type_embeddings.weight"):
        x = x + model("embeddings.token_type_embeddings.weight")[0]
    x = model.norm(x, "embeddings.LayerNorm", eps)
    if "wide" in names and model.has(f"{names['wide']}.weight"):
        x = model.linear(x, names["wide"])
    told = Told([], [], None)
    for layer in range(sizes["layers"]):
        at = {name: stem.format(i=layer) for name, stem in names.items()}
        q, k, v = (split(model.linear(x, at[one]), heads) for one in "qkv")
        found, weights = attend(q, k, v, q.shape[-1] ** -0.5, seen(len(ids), causal=False), sizes.get("bias", 0.0))
        x = model.norm(x + model.linear(found, at["o"]), at["n1"], eps)
        fed = model.linear(CURVES[sizes["curve"]](model.linear(x, at["up"])), at["down"])
        x = model.norm(x + fed, at["n2"], eps)
        told.left.append(x)
        told.weights.append(weights)
    return told


_BERT = {
    **{
        letter: f"encoder.layer.{{i}}.attention.self.{name}"
        for letter, name in zip("qkv", ("query", "key", "value"), strict=True)
    },
    "o": "encoder.layer.{i}.attention.output.dense",
    "n1": "encoder.layer.{i}.attention.output.LayerNorm",
    "up": "encoder.layer.{i}.intermediate.dense",
    "down": "encoder.layer.{i}.output.dense",
    "n2": "encoder.layer.{i}.output.LayerNorm",
    "wide": "embeddings_project",
}


def bert(model: Model, ids: list[int]) -> Told:
    c = model.config
    first = c["pad_token_id"] + 1 if c["model_type"] in ("roberta", "xlm-roberta", "camembert") else 0
    sizes = {"layers": c["num_hidden_layers"], "heads": c["num_attention_heads"], "curve": c["hidden_act"]}
    return encoder(model, ids, _BERT, {**sizes, "eps": c["layer_norm_eps"], "first": first})


def distilbert(model: Model, ids: list[int]) -> Told:
    c, at = model.config, "transformer.layer.{i}"
    names = {**{one: f"{at}.attention.{one}_lin" for one in "qkv"}, "o": f"{at}.attention.out_lin"}
    names |= {"n1": f"{at}.sa_layer_norm", "up": f"{at}.ffn.lin1", "down": f"{at}.ffn.lin2"}
    sizes = {"layers": c["n_layers"], "heads": c["n_heads"], "curve": c["activation"]}
    return encoder(model, ids, {**names, "n2": f"{at}.output_layer_norm"}, sizes)


def albert(model: Model, ids: list[int]) -> Told:
    c, at = model.config, "encoder.albert_layer_groups.0.albert_layers.0"
    names = {name[0]: f"{at}.attention.{name}" for name in ("query", "key", "value")}
    names |= {"o": f"{at}.attention.dense", "n1": f"{at}.attention.LayerNorm", "up": f"{at}.ffn"}
    names |= {"down": f"{at}.ffn_output", "n2": f"{at}.full_layer_layer_norm"}
    sizes = {"layers": c["num_hidden_layers"], "heads": c["num_attention_heads"], "curve": c["hidden_act"]}
    return encoder(model, ids, {**names, "wide": "encoder.embedding_hidden_mapping_in"}, sizes)


def mpnet(model: Model, ids: list[int]) -> Told:
    c, at = model.config, "encoder.layer.{i}"
    names = {**_BERT, **{one: f"{at}.attention.attn.{one}" for one in "qkvo"}, "n1": f"{at}.attention.LayerNorm"}
    table, count = model("encoder.relative_attention_bias.weight"), len(ids)
    rows = np.zeros((count, count), int)
    for query in range(count):
        for key in range(count):
            far = abs(key - query)
            near = far if far < 8 else min(15, 8 + int(math.log(far / 8) / math.log(128 / 8) * 8))
            rows[query, key] = near + (16 if key > query else 0)
    sizes = {"layers": c["num_hidden_layers"], "heads": c["num_attention_heads"], "curve": c["hidden_act"]}
    bias = table[rows].transpose(2, 0, 1)
    return encoder(model, ids, names, {**sizes, "eps": c["layer_norm_eps"], "first": 2, "bias": bias})


def modernbert(model: Model, ids: list[int]) -> Told:
    c, told = model.config, Told([], [], None)
    eps, heads = c["norm_eps"], c["num_attention_heads"]
    x = model.norm(model("tok_embeddings.weight")[ids], "embeddings.norm", eps)
    for layer, kind in enumerate(c["layer_types"]):
        at, local = f"layers.{layer}", kind != "full_attention"
        n = model.norm(x, f"{at}.attn_norm", eps) if layer else x
        q, k, v = (split(one, heads) for one in np.split(model.linear(n, f"{at}.attn.Wqkv"), 3, axis=1))
        theta = c["rope_parameters"][kind]["rope_theta"]
        q, k = (turned(one, theta, one.shape[-1]) for one in (q, k))
        window = c["local_attention"] // 2 + 1 if local else None
        found, weights = attend(q, k, v, q.shape[-1] ** -0.5, seen(len(ids), causal=False, window=window))
        x = x + model.linear(found, f"{at}.attn.Wo")
        inner, gate = np.split(model.linear(model.norm(x, f"{at}.mlp_norm", eps), f"{at}.mlp.Wi"), 2, axis=1)
        x = x + model.linear(CURVES[c["hidden_activation"]](inner) * gate, f"{at}.mlp.Wo")
        told.left.append(x)
        told.weights.append(weights)
    told.left[-1] = model.norm(x, "final_norm", eps)
    return told


def gpt(model: Model, ids: list[int]) -> Told:
    """GPT-2, GPT-Neo, GPT-J, GPT-NeoX, OPT and BLOOM."""
    c, kind, told = model.config, model.config["model_type"], Told([], [], None)
    heads = next(c[name] for name in ("n_head", "num_heads", "num_attention_heads") if name in c)
    layers = next(c[name] for name in ("n_layer", "num_layers", "num_hidden_layers") if name in c)
    eps = c.get("layer_norm_epsilon", c.get("layer_norm_eps", 1e-5))
    words = {"gpt_neox": "embed_in", "opt": "embed_tokens", "bloom": "word_embeddings"}.get(kind, "wte") + ".weight"
    x = model(words)[ids]
    if kind in ("gpt2", "gpt_neo"):
        x = x + model("wpe.weight")[: len(ids)]
    if kind == "opt":
        x = x + model("embed_positions.weight")[2 : 2 + len(ids)]
    if kind == "bloom":
        x = model.norm(x, "word_embeddings_layernorm", eps)
    curve = CURVES[c.get("activation_function", c.get("hidden_act", "gelu_new"))]
    for layer in range(layers):
        at = _parts(kind, layer)
        n = model.norm(x, at["n1"], eps)
        q, k, v = _queries(model, kind, n, at, heads)
        if kind in ("gptj", "gpt_neox"):
            own = c.get("rope_parameters", {})
            share = own.get("partial_rotary_factor", c.get("rotary_pct", 1.0))
            width = c["rotary_dim"] if kind == "gptj" else int(q.shape[-1] * share)
            q, k = (turned(one, 10000.0, width, halves=kind != "gptj") for one in (q, k))
        scale = 1.0 if kind == "gpt_neo" else q.shape[-1] ** -0.5
        scale /= layer + 1 if c.get("scale_attn_by_inverse_layer_idx") else 1
        local = kind == "gpt_neo" and layer % 2 == 1
        bias = _alibi(heads, len(ids)) if kind == "bloom" else 0.0
        mask = seen(len(ids), window=c["window_size"] if local else None)
        found, weights = attend(q, k, v, scale, mask, bias)
        found = (model.conv if kind == "gpt2" else model.linear)(found, at["o"])
        is_parallel = kind == "gptj" or (kind == "gpt_neox" and c.get("use_parallel_residual", True))
        n = model.norm(x if is_parallel else x + found, at["n2"], eps)
        up = (model.conv if kind == "gpt2" else model.linear)(n, at["up"])
        x = x + found + (model.conv if kind == "gpt2" else model.linear)(curve(up), at["down"])
        told.left.append(x)
        told.weights.append(weights)
    last = {"gpt_neox": "final_layer_norm", "opt": "decoder.final_layer_norm"}.get(kind, "ln_f")
    told.left[-1] = x = model.norm(x, last, eps)
    if kind in ("gptj", "gpt_neox"):
        return Told(told.left, told.weights, model.linear(x, "lm_head" if kind == "gptj" else "embed_out"))
    return Told(told.left, told.weights, x @ model(words).T)


def _parts(kind: str, layer: int) -> dict[str, str]:
    if kind == "opt":
        at = f"layers.{layer}"
        names = {"n1": "self_attn_layer_norm", "n2": "final_layer_norm", "o": "self_attn.out_proj", "up": "fc1"}
        names |= {"down": "fc2", "qkv": "self_attn.{}_proj"}
    elif kind in ("gpt_neox", "bloom"):
        at = f"layers.{layer}" if kind == "gpt_neox" else f"h.{layer}"
        own = "attention" if kind == "gpt_neox" else "self_attention"
        names = {"n1": "input_layernorm", "n2": "post_attention_layernorm", "o": f"{own}.dense"}
        names |= {"up": "mlp.dense_h_to_4h", "down": "mlp.dense_4h_to_h", "qkv": f"{own}.query_key_value"}
    else:
        at = f"h.{layer}"
        o = {"gpt2": "attn.c_proj", "gpt_neo": "attn.attention.out_proj", "gptj": "attn.out_proj"}[kind]
        qkv = {"gpt2": "attn.c_attn", "gpt_neo": "attn.attention.{}_proj", "gptj": "attn.{}_proj"}[kind]
        up, down = ("mlp.fc_in", "mlp.fc_out") if kind == "gptj" else ("mlp.c_fc", "mlp.c_proj")
        names = {"n1": "ln_1", "n2": "ln_1" if kind == "gptj" else "ln_2", "o": o, "qkv": qkv, "up": up, "down": down}
    return {name: f"{at}.{stem}" for name, stem in names.items()}


def _queries(model: Model, kind: str, n: Array, at: dict[str, str], heads: int) -> tuple[Array, ...]:
    if "{}" in at["qkv"]:
        return tuple(split(model.linear(n, at["qkv"].format(one)), heads) for one in "qkv")
    if kind == "gpt2":
        return tuple(split(one, heads) for one in np.split(model.conv(n, at["qkv"]), 3, axis=1))
    mixed = model.linear(n, at["qkv"]).reshape(len(n), heads, 3, -1)
    return tuple(mixed[:, :, one].swapaxes(0, 1) for one in range(3))


def _alibi(heads: int, count: int) -> Array:
    """(h, 1, t): slope times the key's place."""
    power = 1 << (heads.bit_length() - 1)
    slopes = [2.0 ** (-8 * one / power) for one in range(1, power + 1)]
    slopes += [2.0 ** (-4 * one / power) for one in range(1, 2 * (heads - power) + 1, 2)]
    return np.array(slopes)[:, None, None] * np.arange(count)


def llama(model: Model, ids: list[int]) -> Told:
    """Llama, Mistral, Qwen, Phi-3 and Gemma."""
    c, kind, told = model.config, model.config["model_type"], Told([], [], None)
    gemma, heads, groups = "gemma" in kind, c["num_attention_heads"], c["num_key_value_heads"]
    d_k, eps, more = c.get("head_dim", c["hidden_size"] // heads), c["rms_norm_eps"], 1.0 if gemma else 0.0
    words = model("embed_tokens.weight")
    x = words[ids] * (math.sqrt(c["hidden_size"]) if gemma else 1.0)
    curve = CURVES[c.get("hidden_activation") or c["hidden_act"]]
    around = kind in ("gemma2", "gemma3_text")
    for layer in range(c["num_hidden_layers"]):
        at = f"layers.{layer}"
        n = model.rms(x, f"{at}.input_layernorm", eps, more)
        if kind == "phi3":
            sizes = np.cumsum([heads * d_k, groups * d_k])
            q, k, v = np.split(model.linear(n, f"{at}.self_attn.qkv_proj"), sizes, axis=1)
        else:
            q, k, v = (model.linear(n, f"{at}.self_attn.{one}_proj") for one in "qkv")
        q, k, v = split(q, heads), split(k, groups), split(v, groups)
        if kind in ("qwen3", "gemma3_text"):
            q = model.rms(q, f"{at}.self_attn.q_norm", 1e-6, more)
            k = model.rms(k, f"{at}.self_attn.k_norm", 1e-6, more)
        rope = c["rope_parameters"]
        sliding = _slides(c, layer)
        rope = rope["sliding_attention" if sliding else "full_attention"] if "full_attention" in rope else rope
        width = int(d_k * rope.get("partial_rotary_factor", 1.0))
        q, k = (turned(one, rope["rope_theta"], width, slower=_slower(rope, width)) for one in (q, k))
        scale = c["query_pre_attn_scalar"] ** -0.5 if around else d_k**-0.5
        mask = seen(len(ids), window=c["sliding_window"] if sliding else None)
        found, weights = attend(q, k, v, scale, mask, cap=c.get("attn_logit_softcapping"))
        found = model.linear(found, f"{at}.self_attn.o_proj")
        if around:
            found = model.rms(found, f"{at}.post_attention_layernorm", eps, more)
        x = x + found
        n = model.rms(x, f"{at}.{'pre_feedforward' if around else 'post_attention'}_layernorm", eps, more)
        if kind == "phi3":
            gate, up = np.split(model.linear(n, f"{at}.mlp.gate_up_proj"), 2, axis=1)
        else:
            gate, up = (model.linear(n, f"{at}.mlp.{one}_proj") for one in ("gate", "up"))
        fed = model.linear(curve(gate) * up, f"{at}.mlp.down_proj")
        x = x + (model.rms(fed, f"{at}.post_feedforward_layernorm", eps, more) if around else fed)
        told.left.append(x)
        told.weights.append(weights)
    told.left[-1] = x = model.rms(x, "norm", eps, more)
    if model.has("lm_head.weight"):
        return Told(told.left, told.weights, x @ model("lm_head.weight").T)
    if not c.get("tie_word_embeddings", gemma):
        return told
    logits, cap = x @ words.T, c.get("final_logit_softcapping")
    return Told(told.left, told.weights, cap * np.tanh(logits / cap) if cap else logits)


def _slides(c: dict[str, Any], layer: int) -> bool:
    if "layer_types" in c:
        return bool(c["layer_types"][layer] == "sliding_attention")
    return c["model_type"] in ("mistral", "phi3") and c.get("sliding_window") is not None


def _slower(rope: dict[str, Any], width: int) -> Array:
    if rope["rope_type"] != "llama3":
        return 1.0
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    lengths = 2 * np.pi * rope["rope_theta"] ** (np.arange(0, width, 2) / width)
    trained = rope["original_max_position_embeddings"]
    share = np.clip((trained / lengths - low) / (high - low), 0, 1)
    return 1 / ((1 - share) / factor + share)


ORACLES: dict[str, Callable[[Model, list[int]], Told]] = {
    **dict.fromkeys(("bert", "roberta", "xlm-roberta", "camembert", "electra"), bert),
    **{"distilbert": distilbert, "albert": albert, "mpnet": mpnet, "modernbert": modernbert},
    **dict.fromkeys(("gpt2", "gpt_neo", "gpt_neox", "gptj", "opt", "bloom"), gpt),
    **dict.fromkeys(("llama", "mistral", "qwen2", "qwen3", "phi3", "gemma", "gemma2", "gemma3_text"), llama),
}
"""By model_type."""


def told_by(tensors: dict[str, Array], config: dict[str, Any], ids: list[int]) -> Told:
    """What the model of these tensors makes of the tokens."""
    return ORACLES[config["model_type"]](Model(tensors, config), ids)
