"""`record`: a frozen dataclass whose class is made in a third of the time.

A frozen dataclass compiles eight methods of its own. A page needs more than a hundred classes, and making them took
longer than drawing it. Here one method is compiled, `__init__`, and that only where many records are made; the others
are shared. All else is as in `dataclasses`: `field`, `replace`, `fields`, inheritance, `__post_init__`, matching by
position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import _FIELD, MISSING, Field, FrozenInstanceError, field  # type: ignore[attr-defined]
from inspect import get_annotations
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

_NOT_COMPILED = 20
"""Records of a class until its `__init__` is compiled."""

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen, eq=True, kw_only=False):
        """What makes a class a record; `frozen=True` is said for type checkers, and nothing else is possible."""
        if not frozen:
            raise TypeError("a record is frozen")
        return lambda made: _record(made, eq, kw_only)


def _record(made: Any, eq: bool, kw_only: bool) -> type:
    fields: dict[str, Any] = {}
    for base in reversed(made.__mro__[1:]):
        fields.update(getattr(base, "__dataclass_fields__", {}))
    fields.update((one.name, one) for one in _own_fields(made, kw_only))
    shown = tuple(name for name, one in fields.items() if one.repr)
    compared = tuple(name for name, one in fields.items() if one.compare)
    made.__dataclass_fields__ = fields
    made.__match_args__ = tuple(name for name, one in fields.items() if one.init and not one.kw_only)  # type: ignore[misc]
    made.__init__ = _first_init(made, [one for one in fields.values() if one.init])
    made.__setattr__, made.__delattr__ = _refuse_setting, _refuse_deleting
    if "__repr__" not in made.__dict__:
        made.__repr__ = recursive_repr()(lambda self: f"{type(self).__qualname__}({_written(self, shown)})")
    if eq:
        made.__eq__, made.__hash__ = _comparing(_values(compared))
    return made  # type: ignore[no-any-return]


def _own_fields(made: Any, kw_only: bool) -> Iterator[Any]:
    """The fields that the class itself names, each with its default left in the class."""
    for name, kind in get_annotations(made).items():
        if kind.startswith("ClassVar"):
            continue
        default = made.__dict__.get(name, MISSING)
        one: Any = default if isinstance(default, Field) else field(default=default)
        one.name, one.type, one._field_type = name, kind, _FIELD
        if one.kw_only is MISSING:
            one.kw_only = kw_only
        if one is default:
            if one.default is MISSING:
                delattr(made, name)
            else:
                setattr(made, name, one.default)
        yield one


def _first_init(made: Any, fields: list[Any]) -> Callable[..., None]:
    """`__init__` of the first records of a class: of most classes few are made, and compiling takes as long as many.

    What it cannot make it leaves to the compiled one, which says what is wrong.
    """
    by_place = [one.name for one in fields if not one.kw_only]
    left = _NOT_COMPILED

    def first(self: Any, *values: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        given = {**dict(zip(by_place, values, strict=False)), **named}
        if left < 0 or not _filled(self.__dict__, fields, given) or len(given) != len(values) + len(named):
            made.__init__ = _init(made, fields)
            made.__init__(self, *values, **named)
        elif hasattr(self, "__post_init__"):
            self.__post_init__()

    return first


def _filled(record: dict[str, Any], fields: list[Any], given: dict[str, Any]) -> bool:
    """Whether every field has its value now, and nothing else was given."""
    for one in fields:
        if one.name in given:
            record[one.name] = given[one.name]
        elif one.default is not MISSING:
            record[one.name] = one.default
        elif one.default_factory is not MISSING:
            record[one.name] = one.default_factory()
        else:
            return False
    return given.keys() <= record.keys()


def _init(made: Any, fields: list[Any]) -> Callable[..., None]:
    """`__init__`, compiled: it fills the instance's `__dict__`, which freezing does not forbid."""
    known: dict[str, Any] = {"MISSING": MISSING}
    by_place, body = ["self"], ["fields = self.__dict__"]
    by_name: list[str] = []
    for index, one in enumerate(fields):
        written, value = one.name, one.name
        if one.default is not MISSING:
            known[f"default_{index}"] = one.default
            written = f"{one.name}=default_{index}"
        elif one.default_factory is not MISSING:
            known[f"make_{index}"] = one.default_factory
            written, value = f"{one.name}=MISSING", f"make_{index}() if {one.name} is MISSING else {one.name}"
        (by_name if one.kw_only else by_place).append(written)
        body.append(f"fields[{one.name!r}] = {value}")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*by_place, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}):\n    " + "\n    ".join(body), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _comparing(values: Callable[[Any], tuple[Any, ...]]) -> tuple[Callable[..., Any], Callable[[Any], int]]:
    """`__eq__` and `__hash__` by the values of the fields."""

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal, lambda self: hash(values(self))


def _written(self: Any, names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={getattr(self, name)!r}" for name in names)


def _refuse_setting(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
