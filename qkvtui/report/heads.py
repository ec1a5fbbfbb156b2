"""`qkvtui capture`: what its file shows, or whom a token attends to in every head of a model."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from .. import __version__
from ..graph.example import Example
from ..models import texts
from ..models.survey import HeadFound, Share, Survey
from ..models.texts import filled
from ..narration.numbers import number
from ..trace.attends import attends, effective_number
from ..trace.trace import Trace
from ..views.look import Look
from ..views.page import as_lines
from ..views.wrapping import wrap
from .as_json import json_text
from .console import plain_lines, report_console

FORMAT = 1
_LONGEST_TOKEN = 24
_TOKENS = (2, 4)
"""The columns that hold tokens."""


def written_as_text(example: Example, language: str) -> str:
    """A line about an example that was written; for Q, K and V without a mask another one that says so."""
    top = attends(Trace(example), example.query).ranked[0]
    query = f"“{example.tokens[example.query]}”"
    said = filled(texts.WRITTEN, path=example.file, query=query, top=f"“{top.token}”", weight=number(top.weight, 2))
    lines = [said]
    if "Q" in example.inputs and example.attention.mask is None and not example.attention.causal:
        no_mask = texts.NO_MASK if example.context is None else texts.NO_MASK_OF_CONTEXT
        lines.append(filled(no_mask, path=example.file))
    return "".join(f"{line.in_language(language)}\n" for line in lines)


def survey_as_text(found: Survey, look: Look) -> str:
    """A line a head, below the sentence."""
    console = report_console(look, None, False)
    for paragraph in (_opening(found, look), " ".join(found.sentence.tokens)):
        console.print(as_lines(wrap(Text(paragraph), look.width)))
        console.print()
    table = Table(box=box.ASCII2 if look.ascii else box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, heading in enumerate(texts.HEADINGS.in_language(look.language).split("|")):
        is_token = index in _TOKENS
        table.add_column(
            Text(heading),
            justify="left" if is_token else "right",
            no_wrap=True,
            max_width=_LONGEST_TOKEN if is_token else None,
            overflow="ellipsis",
        )
    for one in found.heads:
        table.add_row(*map(Text, _cells(one, look.digits)))
    console.print(table)
    return plain_lines(console)


def survey_as_json(found: Survey) -> str:
    """All heads in one object, in the order of the text."""
    sentence = found.sentence
    return json_text(
        {
            "format": FORMAT,
            "program": f"qkvtui {__version__}",
            "model": found.model,
            "text": sentence.text,
            "tokens": list(sentence.tokens),
            "query": {"index": found.query, "token": sentence.tokens[found.query]},
            "heads": [
                {
                    "layer": one.layer,
                    "head": one.head,
                    "top": _share(one.top),
                    "word": None if one.word is None else _share(one.word),
                    "effective": effective_number(one.weights),
                }
                for one in found.heads
            ],
        }
    )


def _opening(found: Survey, look: Look) -> str:
    query = f"“{found.sentence.tokens[found.query]}” ({found.query})"
    text = filled(texts.SURVEY, model=found.model, count=len(found.heads), query=query)
    return look.signs(text.in_language(look.language))


def _cells(one: HeadFound, digits: int) -> tuple[str, ...]:
    top, word = one.top, one.word
    other = ("", "") if word is None else (word.token, number(word.weight, digits))
    return (
        str(one.layer),
        str(one.head),
        top.token,
        number(top.weight, digits),
        *other,
        number(effective_number(one.weights), 1),
    )


def _share(share: Share) -> dict[str, Any]:
    return {"index": share.index, "token": share.token, "weight": share.weight}
