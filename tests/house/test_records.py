"""A record is a frozen dataclass in everything that is seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

import pytest

from qkvtui.records import record

Maker = Callable[..., Any]


def made(maker: Maker) -> tuple[Any, Any, Any]:
    """A class, one that extends it, and one that is compared by identity, made by `maker`."""

    @maker(frozen=True)
    class One:
        kind: ClassVar[str] = "kind"
        name: str
        size: int = 2
        parts: list[int] = field(default_factory=list)
        hidden: int = field(default=7, compare=False, repr=False)

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError("size")

    @maker(frozen=True, kw_only=True)
    class More(One):
        size: int = 5
        also: str = ""

    @maker(frozen=True, eq=False)
    class Itself:
        name: str

    return One, More, Itself


ALONE, EXTENDED, ITSELF = zip(made(record), made(dataclass), strict=True)


@pytest.mark.parametrize(("ours", "theirs"), [ALONE, EXTENDED], ids=["alone", "extended"])
def test_a_record_is_made_shown_and_changed_as_a_dataclass_is(ours: Any, theirs: Any) -> None:
    """An example could not be changed, or a page forgot one of its parts."""
    assert all(map(is_dataclass, (ours, theirs)))
    assert ours.__match_args__ == theirs.__match_args__
    for arguments in ({"name": "a"}, {"name": "a", "size": 3, "parts": [1], "hidden": 8}):
        one, other = ours(**arguments), theirs(**arguments)
        assert asdict(one) == asdict(other)
        assert repr(one).split("(", 1)[1] == repr(other).split("(", 1)[1]
        assert [each.name for each in fields(one)] == [each.name for each in fields(other)]
        assert asdict(replace(one, size=9)) == asdict(replace(other, size=9))
        assert one == replace(one, hidden=99) != replace(one, name="b")
    assert ours("a").parts is not ours("a").parts
    assert ours("a") != theirs("a")
    for maker in (ours, theirs):
        with pytest.raises(TypeError, match="name"):
            maker()
        with pytest.raises(ValueError, match="size"):
            maker("a", size=-1)


def test_equal_records_are_one_key_and_none_can_be_changed() -> None:
    """What is computed once was computed for every look, or changed behind the page's back."""
    (ours, _), (itself, _) = ALONE, ITSELF
    one = ours("a", 1, ())
    assert len({one, ours("a", 1, ())}) == 1
    assert itself("a") != itself("a")
    assert len({itself("a"), itself("a")}) == 2
    with pytest.raises(FrozenInstanceError, match="name"):
        one.name = "b"
    with pytest.raises(FrozenInstanceError, match="name"):
        del one.name
    with pytest.raises(FrozenInstanceError):
        one.other = 1
    match one:
        case ours(name, size):
            assert (name, size) == ("a", 1)
