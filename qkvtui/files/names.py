"""Every name that an example file can have."""

from __future__ import annotations

TABLES = {
    "": (
        "format",
        "title",
        "about",
        "source",
        "tokens",
        "query",
        "context",
        "arrays",
        "inputs",
        "parameters",
        "attention",
        "published",
        "stops",
        "learn",
    ),
    "inputs": ("X", "Y", "Q", "K", "V"),
    "parameters": ("W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V", "W_O", "b_O", "W_R", "b_R"),
    "attention": ("heads", "kv_heads", "scale", "causal", "mask", "padding"),
    "learn": (
        "objective",
        "target",
        "head",
        "train",
        "start",
        "seed",
        "optimizer",
        "rate",
        "steps",
        "labels",
        "vocabulary",
        "sentences",
        "test",
    ),
    "learn.sentences": ("tokens", "query", "label"),
}
"""The names of each table, in the order of the format; "" is the file itself.

`learn.sentences` are those of each sentence, also of one in `learn.test`.
"""
