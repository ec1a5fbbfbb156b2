"""Every name that an example file can have."""

from __future__ import annotations

STEPS = (
    "embeddings",
    "queries",
    "keys",
    "values",
    "scores",
    "scaled",
    "masked",
    "weights",
    "output",
    "heads",
    "projected",
)
"""The steps whose numbers a file can publish, in the order of the computation."""

OF_KEYS = ("keys", "values")
"""The steps whose rows are the tokens that are attended to."""

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
    ),
    "inputs": ("X", "Y", "Q", "K", "V"),
    "parameters": ("W_Q", "W_K", "W_V", "b_Q", "b_K", "b_V", "W_O", "b_O"),
    "attention": ("heads", "kv_heads", "scale", "causal", "mask", "padding"),
}
"""The names of each table, in the order of the format; "" is the file itself."""
