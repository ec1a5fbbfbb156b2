"""The file of a new example: what the program needs, and, as comments, what else there could be."""

from __future__ import annotations

from ..files.layout import json_text, quoted_name, quoted_text, toml_text
from ..files.settingtables import Structure
from ..files.structure import row_labels, structure_of
from ..files.tokens import token_name
from ..graph.document import Kind
from ..graph.example import Example
from ..narration.language import LanguageTexts, language_texts
from ..trace.trace import Trace

_HINT_COLUMN = 40
"""Where what is said of a hint begins."""


def new_text(example: Example, kind: Kind, language: str, *, hints: bool) -> str:
    """The whole file, with whole numbers written as such; in TOML with `hints` in a language, to be uncommented."""
    structure = _with_whole_numbers(structure_of(example, {}, None))
    if kind == "json":
        return json_text(structure)
    texts = language_texts(language)
    text = toml_text(structure, row_labels(example))
    return f"# {texts.new['head']}\n{_with_hints(text, example, texts) if hints else text}"


def _with_hints(text: str, example: Example, texts: LanguageTexts) -> str:
    """The hints, each where it belongs: sound as they stand, once they are no comments any more."""
    says = texts.new
    about = ", ".join(f"{name} = {quoted_text(language_texts(name).new['about_text'])}" for name in ("en", "zh"))
    named = says["features_names"].split("|")[: example.inputs["X"].shape[1]]
    text = text.replace("\n\ntokens", f"\n{_hint(f'about = {{ {about} }}', says['about'])}\n\ntokens", 1)
    features = f"features = [{', '.join(map(quoted_text, named))}]"
    text = text.replace("\n[inputs]\n", f"\n[inputs]\n{_hint(features, says['features'])}\n", 1)
    settings = [
        "",
        "[attention]",
        _hint("causal = true", says["causal"]),
        _hint("heads = 2", says["heads"]),
        _hint('scale = "none"', says["scale"]),
    ]
    return "".join(f"{line}\n" for line in (*text.splitlines(), *settings, *_published(example, says["published"])))


def _published(example: Example, said: str) -> list[str]:
    """A row of weights as a source could have printed it."""
    row = [f"{weight:.2f}" for weight in Trace(example).row("weights", example.query).tolist()]
    name = quoted_name(token_name(example.query, example.tokens))
    return ["", _hint("[published]", said), f"# weights = {{ {name} = [{', '.join(row)}] }}"]


def _hint(line: str, said: str) -> str:
    return f"# {line}  ".ljust(_HINT_COLUMN) + f"# {said}"


def _with_whole_numbers(value: Structure) -> Structure:
    return {name: _whole(one) for name, one in value.items()}


def _whole(value: object) -> object:
    """The same with 1 for 1.0; numbers that keep their own digits keep them."""
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if type(value) is float and value.is_integer() else value
