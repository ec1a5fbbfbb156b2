"""What a config.json may say that no model has: one line tells what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from qkvtui.errors import UsageError
from qkvtui.models import families
from qkvtui.models.architecture import Architecture
from qkvtui.models.families import FAMILIES, family_of
from qkvtui.models.values import Values

WIDTH, HEADS, LAYERS = 64, 4, 2
USUAL: dict[str, Any] = {
    **dict.fromkeys(("hidden_size", "n_embd", "dim", "d_model"), WIDTH),
    **dict.fromkeys(("num_attention_heads", "n_head", "n_heads", "num_heads"), HEADS),
    **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), HEADS),
    **dict.fromkeys(("num_hidden_layers", "n_layer", "n_layers", "num_layers"), LAYERS),
    **dict.fromkeys(("encoder_layers", "decoder_layers", "num_decoder_layers"), LAYERS),
    **dict.fromkeys(("intermediate_size", "n_inner", "hidden_dim", "ffn_dim", "d_ff"), WIDTH),
    **dict.fromkeys(("encoder_ffn_dim", "decoder_ffn_dim"), WIDTH),
    "d_kv": WIDTH // HEADS,
    **dict.fromkeys(("max_position_embeddings", "n_positions"), 128),
    "rotary_dim": 16,
    "head_dim": None,
}
"""The names of all families side by side."""
SHORT = ["full_attention"]
LINES = "layer_types has 1 entries; there are 2 layers"


def architecture(kind: str, **settings: object) -> Architecture:
    return family_of({**USUAL, "model_type": kind, **settings}, "config.json")[1]


def refusal(kind: str, **settings: object) -> str:
    with pytest.raises(UsageError) as refused:
        architecture(kind, **settings)
    return str(refused.value).removeprefix("config.json: ")


def turned(count: int) -> str:
    return f"of the 16 numbers of a query, {count} are to be turned by its position; it is an even number from 2 to 16"


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        *((kind, {"layer_types": SHORT}, LINES) for kind in ("modernbert", "qwen2", "qwen3", "gemma2", "gemma3_text")),
        ("gpt_neo", {"attention_layers": ["global"]}, "attention_layers has 1 entries; there are 2 layers"),
        ("llama", {"num_key_value_heads": 3}, "num_key_value_heads: 3 heads cannot serve 4 heads equally"),
        ("llama", {"rope_dimension_count": 3}, turned(3)),
        ("llama", {"rope_dimension_count": 40}, turned(40)),
        ("llama", {"partial_rotary_factor": 0.01}, turned(0)),
        ("gpt_neox", {"rotary_pct": 0.01}, turned(0)),
        ("gptj", {"rotary_dim": 3}, turned(3)),
        ("gptj", {"rotary_dim": None}, turned(64)),
        ("llama", {"head_dim": 5}, "of the 5 numbers of a query, 5 are to be turned"),
        ("gemma3_text", {"head_dim": 5}, "of the 5 numbers of a query, 5 are to be turned"),
        (
            "llama",
            {"rope_theta": 10**400},
            "rope_theta is a number with more than 20 digits; it is a number from 1e-06",
        ),
        ("llama", {"rope_theta": float("inf")}, "rope_theta is the number inf; it is a number from 1e-06 to 1e+15"),
        ("gemma2", {"query_pre_attn_scalar": 1e-320}, "query_pre_attn_scalar is the number 1e-320; it is a number"),
        ("gpt_neox", {"rotary_pct": float("inf")}, "rotary_pct is the number inf; it is a number from"),
        ("llama", {"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, 'rope_type is "yarn"; known are default'),
        ("mpnet", {"pad_token_id": 1000}, "pad_token_id leaves none of the 128 positions"),
        ("roberta", {"pad_token_id": 127}, "pad_token_id leaves none of the 128 positions"),
        ("t5", {"num_decoder_layers": 1001}, "num_decoder_layers is the number 1001; it is a whole number from 1 to"),
        ("t5", {"feed_forward_proj": "gated-softplus"}, 'feed_forward_proj is "softplus"; known are gelu'),
        (
            "t5",
            {"relative_attention_max_distance": 1 << 24},
            "relative_attention_max_distance is the number 16777216; it is a whole number from 4",
        ),
        ("t5", {"relative_attention_max_distance": 16}, "relative_attention_max_distance is too small"),
        ("marian", {"share_encoder_decoder_embeddings": False}, "share_encoder_decoder_embeddings is false; only"),
        ("bart", {"decoder_start_token_id": "<s>"}, 'decoder_start_token_id is the text "<s>"; it is a whole number'),
    ],
)
def test_settings_that_no_model_has_are_told(kind: str, settings: dict[str, object], said: str) -> None:
    """The program would have ended in a traceback, or have shown the numbers of no model."""
    assert refusal(kind, **settings).startswith(said)


def test_a_scale_that_is_not_finite_is_told() -> None:
    """Llama 3's turns would have ended in a traceback."""
    scaling = {"rope_type": "llama3", "factor": float("inf"), "low_freq_factor": float("inf")}
    assert refusal("llama", rope_scaling=scaling).startswith("factor is the number inf; it is a number from")


@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", FAMILIES)
def test_of_every_family_heads_share_the_columns_and_layers_can_be_counted(kind: str) -> None:
    """More heads than columns ended in a traceback; a hundred thousand layers took all memory before any was read."""
    assert architecture(kind).sizes.d_k == WIDTH // HEADS
    many = {name: 100 for name, value in USUAL.items() if value == HEADS}
    if kind not in ("t5", "mt5"):  # their heads are as wide as they like
        assert refusal(kind, **many) == "100 heads cannot share 64 columns equally"
    deep = {name: 1001 for name, value in USUAL.items() if value == LAYERS}
    assert refusal(kind, **deep).endswith("is the number 1001; it is a whole number from 1 to 1000")


def test_factors_of_turns_are_only_those_of_a_gguf_file() -> None:
    """A list in a config.json, where no program looks for one, changed all numbers or ended in a traceback."""
    for given in (["x"], [1.0, 2.0]):
        attention = architecture("llama", rope_factors=given).attention_of(0)
        assert attention.rotary is not None
        assert attention.rotary.factors == ()


def test_modernberts_turns_are_slowed_too() -> None:
    """A ModernBERT that was stretched would have been opened as if it were not."""
    rotary = architecture("modernbert", rope_scaling={"rope_type": "linear", "factor": 2.0}).attention_of(0).rotary
    assert rotary is not None
    assert rotary.factors == (2.0,) * 8


@pytest.mark.parametrize("error", [ZeroDivisionError, OverflowError, IndexError, KeyError, ValueError, TypeError])
def test_whatever_else_is_wrong_is_one_line(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    """A mistake of ours about settings would have been a traceback about somebody's file."""

    def broken(values: Values) -> Architecture:
        raise error

    monkeypatch.setattr(families, "FAMILIES", {**FAMILIES, "bert": replace(FAMILIES["bert"], read=broken)})
    assert refusal("bert") == "its settings do not go together"
