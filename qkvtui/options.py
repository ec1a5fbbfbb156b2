"""What the values of options may be, each function takes what stands on the command line; and longer help."""

from __future__ import annotations

import argparse

from .files.numerals import plain_signs
from .said import in_lines, say, typed

_LONGEST = 100
"""Digits of a number on the command line; Python refuses to read thousands."""


def digits(text: str) -> int:
    """Decimals that are shown."""
    return _whole_number(text, 0, 15)


def file_name(text: str) -> str:
    """The name of a file."""
    if not text:
        raise argparse.ArgumentTypeError(say("an empty text is not the name of a file"))
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


def heads(text: str) -> int:
    """How many heads are listed."""
    return _whole_number(text, 1, 1_000_000)


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
        raise argparse.ArgumentTypeError(say("{text} is not a number above 0", text=typed(text)))
    return rate


def index_or_all(text: str) -> int | str:
    """A layer or a head, or all of them."""
    return text if text == "all" else index(text)


def index(text: str) -> int:
    """A layer or a head, from 0."""
    return _whole_number(text, 0, 10_000)


def _whole_number(text: str, least: int, most: int) -> int:
    plain = plain_signs(text)
    if not (plain.isdecimal() and plain.isascii() and len(plain) < _LONGEST and least <= int(plain) <= most):
        raise argparse.ArgumentTypeError(
            say("{text} is not a whole number from {least} to {most}", text=typed(text), least=least, most=most)
        )
    return int(plain)


COMMANDS_HELP = say("""\
EXAMPLE is a bundled name (animal), a path, or - for standard input;
EXAMPLE#ADDRESS starts at that number: 'animal#scores[it,animal]'.

exit status: 0 done, 1 check found numbers that do not hold, 2 unusable input
or command line, 130 interrupted. NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS
are honoured; 'qkvtui config' shows what holds. The application remembers which
lessons were seen, and nothing with --no-state or QKVTUI_NO_STATE=1.""")

_CAPTURE = say("""\
MODEL is a Hugging Face folder on this machine (config.json, model.safetensors,
tokenizer.json or vocab.txt), a folder models--... of its cache, or a GGUF file
(F32, F16, BF16, Q8_0, Q4_0, Q4_1), of a BERT-type or GPT-2-type model. Reading
it needs one more package: pip install tokenizers

--from takes an .npz file with Q, K and V of one sentence, (heads, tokens, d_k)
each, from any other model. It may also hold scale, tokens, context, and mask,
(tokens, tokens): true where a query may look, or numbers to add to the scores.
A decoder has a mask: save it too, or give --causal.

With transformers, this saves them for most models; not for those that do more
to their scores, such as Gemma 2 (caps) and gpt-oss (sinks). NAME is a folder
or a name; layers are counted from 0.""")

_SAVES_ARRAYS = """\
  import numpy, torch
  import transformers as hf
  from transformers.integrations.sdpa_attention import sdpa_attention_forward
  from transformers.masking_utils import eager_mask

  layers = []

  def keep(module, q, k, v, mask, **more):
      one = dict(Q=q, K=k, V=v, mask=mask, scale=more.get("scaling"))
      layers.append({name: x for name, x in one.items() if x is not None})
      return sdpa_attention_forward(module, q, k, v, mask, **more)

  hf.AttentionInterface.register("keep", keep)
  hf.AttentionMaskInterface.register("keep", eager_mask)
  tokenizer = hf.AutoTokenizer.from_pretrained(NAME)
  model = hf.AutoModel.from_pretrained(NAME, attn_implementation="keep")
  read = tokenizer("The cat slept because it was tired", return_tensors="pt")
  with torch.no_grad():
      model(**read)
  found = {name: torch.as_tensor(x).float() for name, x in layers[0].items()}
  tokens = tokenizer.batch_decode(read["input_ids"][0][:, None])
  numpy.savez("arrays.npz", tokens=tokens, **found)"""

CAPTURE_HELP = in_lines([_CAPTURE, "", _SAVES_ARRAYS])

_WRITES = say("""\
-o FILE writes the report; a name that ends in .csv or .md chooses its format.
With one that ends in .toml (or in .json, without --format), it is an example
with what was learned: open it with qkvtui FILE.""")
_SENTENCES = say("--sentences: with labels, what is read from each sentence before and after.")
_EVERY = say("""\
--every N: csv has a row for each update without it, json always all losses.
A run whose loss is no longer a number ends there, says so, and is no error.""")

LEARN_HELP = in_lines([_WRITES, "", _SENTENCES, _EVERY])
