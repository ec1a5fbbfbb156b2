"""`qkvtui capture`: what its file shows, or whom a token attends to in every head of a model."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from .. import __version__
from ..graph.example import Example
from ..models import texts
from ..models.counts import all_layers_of
from ..models.texts import filled
from ..narration.numbers import number
from ..trace.attends import attends, effective_number
from ..trace.survey import HeadFound, Survey
from ..trace.trace import Trace
from ..views.look import Look
from ..views.page import as_lines
from ..views.wrapping import wrap
from .as_json import json_text, share_object
from .console import plain_lines, report_console

FORMAT = 1
_LONGEST_TOKEN = 24
_FIRST = 20
"""So many heads are shown unless it is said how many."""
_COLUMNS = {
    False: "rrlrlrrl",
    True: "rrrlrrl",
}
"""Whether each column's text stands left or right; by whether a token is asked about."""


def written_as_text(example: Example, language: str) -> str:
    """A line about an example that was written; for Q, K and V without a mask another one that says so."""
    top = attends(Trace(example), example.query).ranked[0]
    query = f"“{example.tokens[example.query]}”"
    heads = example.attention.heads
    text = texts.WRITTEN if heads == 1 else texts.WRITTEN_HEADS
    named = {"path": example.file, "query": query, "top": f"“{top.token}”", "heads": heads}
    lines = [filled(text, weight=number(top.weight, 2), **named)]
    if "Q" in example.inputs and example.attention.mask is None and not example.attention.causal:
        no_mask = texts.NO_MASK if example.context is None else texts.NO_MASK_OF_CONTEXT
        lines.append(filled(no_mask, path=example.file))
    return "".join(f"{line.in_language(language)}\n" for line in lines)


def model_as_text(example: Example, path: str, language: str) -> str:
    """A line about a file that names a model."""
    line = filled(texts.WRITTEN_MODEL, path=path, of=all_layers_of(example))
    return f"{line.in_language(language)}\n"


def survey_as_text(found: Survey, look: Look, top: int | None) -> str:
    """A line a head, below the sentence; the first 20, unless `top` says how many."""
    console = report_console(look, None, False)
    for paragraph in (_opening(found, look), *(" ".join(one) for one in dict.fromkeys((found.keys, found.tokens)))):
        console.print(as_lines(wrap(Text(paragraph), look.width)))
        console.print()
    table = Table(box=box.ASCII2 if look.ascii else box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    headings, sides = _headings(found, look.language), _COLUMNS[found.to is not None]
    for heading, side in zip(headings, sides, strict=True):
        is_text = side == "l"
        table.add_column(
            Text(heading),
            justify="left" if is_text else "right",
            no_wrap=True,
            max_width=_LONGEST_TOKEN if is_text else None,
            overflow="ellipsis",
        )
    shown = found.heads[: _FIRST if top is None else top]
    for one in shown:
        table.add_row(*map(Text, _cells(one, found.to, look)))
    console.print(table)
    if len(shown) < len(found.heads):
        rest = filled(texts.MORE_HEADS, count=len(found.heads) - len(shown), all=len(found.heads))
        console.print(Text(rest.in_language(look.language)))
    return plain_lines(console)


def survey_as_json(found: Survey, top: int | None) -> str:
    """All heads in one object, or the first `top`, in the order of the text."""

    def token(index: int | None, tokens: tuple[str, ...]) -> dict[str, Any] | None:
        return None if index is None else {"index": index, "token": tokens[index]}

    return json_text(
        {
            "format": FORMAT,
            "program": f"qkvtui {__version__}",
            "model": found.model,
            "text": found.text,
            "tokens": list(found.tokens),
            **({} if found.keys == found.tokens else {"context": list(found.keys)}),
            "query": token(found.query, found.tokens),
            "to": token(found.to, found.keys),
            "heads": [
                {
                    "layer": one.layer,
                    "head": one.head,
                    "top": share_object(one.top),
                    "word": None if one.word is None else share_object(one.word),
                    "effective": effective_number(one.weights),
                    "role": one.role or None,
                    "roles": dict(one.roles),
                    "weights": one.weights.tolist(),
                }
                for one in found.heads[:top]
            ],
        }
    )


def _opening(found: Survey, look: Look) -> str:
    def named(index: int, tokens: tuple[str, ...]) -> str:
        return f"“{tokens[index]}” ({index})"

    given = {
        "model": found.model,
        "count": len(found.heads),
        "query": named(found.query, found.tokens),
        "rest": texts.SURVEY_REST,
    }
    template, to = (texts.SURVEY, None) if found.to is None else (texts.SURVEY_TO, named(found.to, found.keys))
    text = filled(template, to=to, **given)
    return look.signs(text.in_language(look.language))


def _headings(found: Survey, language: str) -> list[str]:
    if found.to is None:
        return texts.HEADINGS.in_language(language).split("|")
    to = f"“{found.keys[found.to]}”"
    return texts.HEADINGS_TO.in_language(language).format(to=to).split("|")


def _cells(one: HeadFound, to: int | None, look: Look) -> tuple[str, ...]:
    def weight(share: float) -> str:
        return number(share, look.digits)

    top = (one.top.token, weight(one.top.weight))
    word = ("", "") if one.word is None else (one.word.token, weight(one.word.weight))
    shares = (*top, *word) if to is None else (weight(float(one.weights[to])), *top)
    role = texts.ROLES[one.role].in_language(look.language) if one.role else ""
    return (str(one.layer), str(one.head), *shares, number(effective_number(one.weights), 1), role)
