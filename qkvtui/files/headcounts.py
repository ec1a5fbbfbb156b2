"""How many heads there are, for queries and for keys and values."""

from __future__ import annotations

from typing import NamedTuple

from ..said import say
from .draft import Table
from .phrases import counted, is_kind, listed

MOST_HEADS = 1 << 16


class HeadCounts(NamedTuple):
    """`heads` and `kv_heads`; None = not given, or not usable."""

    heads: int | None
    kv_heads: int | None


def read_counts(attention: Table) -> HeadCounts:
    """The counts that are given."""
    return HeadCounts(read_count(attention, "heads"), read_count(attention, "kv_heads"))


def read_count(attention: Table, name: str) -> int | None:
    """`heads` or `kv_heads`; None where it is not given, or after reporting what is no number of heads."""
    value = attention.values.get(name)
    if name not in attention:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_HEADS:
        return value
    attention.report(
        name,
        is_kind(value),
        say("it is a whole number from 1 to {most}", most=MOST_HEADS),
    )
    return None


def with_defaults(attention: Table, counts: HeadCounts) -> HeadCounts:
    """One head, and as many key/value heads as heads, where nothing is given; checked against each other."""
    heads = counts.heads if "heads" in attention else 1
    kv_heads = counts.kv_heads if "kv_heads" in attention else heads
    return HeadCounts(heads, kv_heads if share_equally(attention, heads, kv_heads) else None)


def share_equally(attention: Table, heads: int | None, kv_heads: int | None, place: str = "kv_heads") -> bool:
    """Whether each key/value head serves equally many heads; reported where not."""
    if heads is None or kv_heads is None or heads % kv_heads == 0:
        return True
    divisors = [str(count) for count in range(1, heads + 1) if heads % count == 0]
    cannot = say(
        "{kv_heads} cannot serve {heads} equally",
        kv_heads=counted(kv_heads, "key/value head"),
        heads=counted(heads, "head"),
    )
    attention.report(place, cannot, say("there can be {divisors}", divisors=listed(divisors, "or")))
    return False


def agree(attention: Table, name: str, given: int | None, found: int, where: str) -> bool:
    """Whether a count that is given is the one that the arrays have; reported where not."""
    if given is None or given == found:
        return True
    expected = say(
        "{where} {heads}, so leave {name} out or make it {found}",
        where=where,
        heads=counted(found, "head"),
        name=name,
        found=found,
    )
    attention.report(name, say("is {kind}", kind=given), expected)
    return False
