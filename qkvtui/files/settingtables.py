"""The `[attention]` table as it is written."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.example import STANDARD_SCALE, Settings, arrays_of
from ..graph.mechanisms import Alibi, Relative, Rotary
from .names import TABLES

Structure = dict[str, object]


def settings_structure(settings: Settings, names: Mapping[str, str], *, direct: bool) -> Structure:
    """What differs from the default; the arrays whose places are in `names` lie in a file of their own.

    `direct`: Q, K and V are given, which say how many heads there are.
    """
    given: Structure = {}
    if settings.heads != 1 and not direct:  # Q, K and V themselves say how many heads there are
        given["heads"] = settings.heads
    if settings.kv_heads != settings.heads and not direct:
        given["kv_heads"] = settings.kv_heads
    if settings.scale != STANDARD_SCALE:
        given["scale"] = settings.scale
    if settings.causal:
        given["causal"] = settings.causal
    for name, array in arrays_of(settings).items():
        if array is not None:
            given[name] = names.get(f"attention.{name}") or array.tolist()
    return {**given, **variants(settings)}


def variants(settings: Settings) -> Structure:
    """What is added to plain attention, as it stands in the table; no arrays of tokens."""
    given: Structure = {}
    if settings.rotary is not None:
        plain = Rotary()
        pairs = ((name, getattr(settings.rotary, name)) for name in TABLES["attention.rotary"])
        given["rotary"] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in pairs
            if value != getattr(plain, name)
        }
    if isinstance(settings.bias, Alibi):
        given["bias"] = {"kind": "alibi", "slopes": list(settings.bias.slopes)}
    if isinstance(settings.bias, Relative):
        given["bias"] = {"kind": "relative", "table": [list(row) for row in settings.bias.table]}
    if settings.sink:
        given["sink"] = list(settings.sink)
    plain_settings = Settings()
    for name in ("window", "norm", "softcap", "scoring"):
        value = getattr(settings, name)
        if value != getattr(plain_settings, name):
            given[name] = value
    return given


def present(given: Structure) -> Structure:
    """Only what is there."""
    return {name: value for name, value in given.items() if value is not None}
