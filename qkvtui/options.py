"""What the values of options may be, each function takes what stands on the command line; and longer help."""

from __future__ import annotations

import argparse

from .files.numerals import plain_signs

_LONGEST = 100
"""Digits of a number on the command line; Python refuses to read thousands."""


def digits(text: str) -> int:
    """Decimals that are shown."""
    return _whole_number(text, 0, 15)


def file_name(text: str) -> str:
    """The name of a file."""
    if not text:
        raise argparse.ArgumentTypeError("an empty text is not the name of a file")
    return text


def width(text: str) -> int:
    """Columns of a page."""
    return _whole_number(text, 20, 10_000)


def depth(text: str) -> int:
    """Levels that are opened."""
    return _whole_number(text, 0, 1000)


def seed(text: str) -> int:
    """Which random numbers."""
    return _whole_number(text, 0, 999_999_999)


def updates(text: str) -> int:
    """A number of updates."""
    return _whole_number(text, 1, 1_000_000)


def rate(text: str) -> float:
    """How far an update goes."""
    try:
        rate = float(plain_signs(text))
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return rate


def layer(text: str) -> int | str:
    """A layer, or all of them."""
    return text if text == "all" else index(text)


def index(text: str) -> int:
    """A head or a layer, from 0."""
    return _whole_number(text, 0, 10_000)


def _whole_number(text: str, least: int, most: int) -> int:
    plain = plain_signs(text)
    if not (plain.isdecimal() and plain.isascii() and len(plain) < _LONGEST and least <= int(plain) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return int(plain)


CAPTURE_HELP = """\
MODEL_DIR is a Hugging Face folder on this machine (config.json,
model.safetensors, tokenizer.json) of a BERT-type or GPT-2-type model. Reading
it needs two more packages: pip install safetensors tokenizers

Q, K and V of any other model, (heads, tokens, d_k) each; in PyTorch, where
they are at hand (for a batch of one sentence):

  found = {name: x.detach().float().cpu().numpy() for name, x in zip("QKV", (q, k, v))}
  numpy.savez("arrays.npz", **found)

The file may also hold mask, scale, tokens and context."""

LEARN_HELP = """\
-o FILE writes the report; a name that ends in .csv or .md chooses its format.
With one that ends in .toml (or in .json, without --format), it is an example
with what was learned: open it with qkvtui FILE.

--every N: csv has a row for each update without it, json always all losses.
A run whose loss is no longer a number ends there, says so, and is no error."""
