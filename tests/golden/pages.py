"""The pages that are compared byte for byte: file in this folder → command line."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

from tests.cli.program import run

FOLDER = Path(__file__).parent
PAGES: dict[str, tuple[str, ...]] = {
    "animal.txt": ("animal",),
    "animal-zh.txt": ("animal", "--lang", "zh"),
    "animal-sentence-100.txt": ("animal-sentence", "--width", "100"),
    "journey-causal-with-ascii.txt": ("journey-causal", "--query", "with", "--ascii"),
    "animal-lee-columns-zh.txt": ("animal", "--notation", "lee", "--tokens-as", "columns", "--lang", "zh"),
    "by-hand-columns.txt": ("by-hand", "--tokens-as", "columns"),
    "xiaohong-scores-weights.txt": ("xiaohong", "--step", "scores,weights"),
    "please-study-man-stops.txt": ("please-study-man", "--stops"),
    "bank-stops-key-zh-60.txt": ("bank", "--stops", "--key", "--lang", "zh", "--width", "60"),
    "two-heads.txt": ("two-heads.toml", "--head", "all"),
    "animal-worksheet-7-zh.txt": ("animal", "--blank", "all", "--random", "--seed", "7", "--lang", "zh"),
    "mine.html": ("mine.toml", "--format", "html"),
    "mine-weights.svg": ("mine.toml", "--format", "svg", "--step", "weights"),
    "mine.tex": ("mine.toml", "--format", "latex", "--standalone"),
    "animal-learn-back.txt": (
        "animal-learn",
        "--step",
        "loss,d_weights,d_scaled,d_scores,d_queries,d_keys,d_W_Q,d_W_K,update",
    ),
    "it-learn-back-zh.txt": (
        "it-learn",
        "--step",
        "logits,probabilities,loss,d_logits,d_output,d_values,d_weights,d_W_V,d_W_R,d_b_R,update",
        "--lang",
        "zh",
    ),
    "learn-animal-learn.txt": ("learn", "animal-learn"),
    "learn-it-learn-zh-60.txt": ("learn", "it-learn", "--lang", "zh", "--width", "60"),
    "learn-sentence-learn-ascii-every-40.txt": ("learn", "sentence-learn", "--ascii", "--every", "40"),
    "two-heads-1-zh-60.txt": ("two-heads.toml", "--head", "1", "--lang", "zh", "--width", "60"),
}


def page(name: str) -> bytes:
    """What the program prints now."""
    words = PAGES[name]
    with chdir(FOLDER):  # a page may name its file, which stands elsewhere in every checkout
        ended = run(*(words if words[0] == "learn" else ("print", *words)))
    assert (ended.status, ended.messages) == (0, "")
    return ended.output.encode()
