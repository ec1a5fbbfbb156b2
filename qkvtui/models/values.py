"""The settings of a model as its config.json has them, each checked as it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import UsageError
from ..files.phrases import is_kind, kind_of
from ..said import say

_MOST = 1 << 24
_MOST_LAYERS = 1000
_LEAST, _HIGHEST = 1e-6, 1e15


class Values:
    """The settings of a config.json, each checked as it is taken."""

    def __init__(self, given: Mapping[str, object], file: str) -> None:
        self.given = given
        self.file = file

    def refusal(self, problem: str) -> UsageError:
        """The error that says what is wrong with one of them."""
        return UsageError(say("{file}: {problem}", file=self.file, problem=problem))

    def count(self, name: str, default: int | None = None, *, least: int = 1, most: int = _MOST) -> int:
        """A whole number, `default` where it is missing. Raises UsageError."""
        value = self.given.get(name)
        value = default if value is None else value
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        said = is_kind(value) if name in self.given else say("is missing")
        raise self.refusal(
            say(
                "{name} {problem}; it is a whole number from {least} to {most}",
                name=name,
                problem=said,
                least=least,
                most=most,
            )
        )

    def layers(self, name: str) -> int:
        """How many layers there are. Raises UsageError."""
        return self.count(name, most=_MOST_LAYERS)

    def head_width(self, width: int, heads: int) -> int:
        """How many of `width` columns each head has. Raises UsageError where heads cannot share them equally."""
        if width % heads:
            raise self.refusal(say("{heads} heads cannot share {width} columns equally", heads=heads, width=width))
        return width // heads

    def positive(self, name: str, default: float) -> float:
        """A number between 0 and 1. Raises UsageError."""
        value = self.given.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1:
            return float(value)
        raise self.refusal(
            say(
                "{name} is {kind}; it is a small number above 0, such as {default}",
                name=name,
                kind=kind_of(value),
                default=default,
            )
        )

    def number(self, name: str, default: float | None) -> float | None:
        """A finite number above 0, or None where it is missing and `default` is. Raises UsageError."""
        value = self.given.get(name)
        value = default if value is None else value
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and _LEAST <= value <= _HIGHEST:
            return float(value)
        raise self.refusal(
            say(
                "{name} is {kind}; it is a number from {least} to {most}",
                name=name,
                kind=kind_of(value),
                least=f"{_LEAST:g}",
                most=f"{_HIGHEST:g}",
            )
        )

    def table(self, name: str) -> Values:
        """The settings below this one; none where it is missing. Raises UsageError."""
        value = self.given.get(name)
        if value is None:
            return Values({}, self.file)
        if isinstance(value, dict):
            return Values(value, self.file)
        raise self.refusal(say("{name} is {kind}; it is an object", name=name, kind=kind_of(value)))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where it is missing. Raises UsageError."""
        value = self.given.get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise self.refusal(say("{name} is {kind}; it is a list of texts", name=name, kind=kind_of(value)))

    def kinds_of(self, layers: int) -> tuple[str, ...]:
        """What each layer is, none where that is not said. Raises UsageError."""
        found = self.texts("layer_types")
        if found:
            self.require_each("layer_types", len(found), layers)
        return found

    def require_each(self, name: str, count: int, layers: int) -> None:
        """Raises UsageError where there are not as many of something as layers."""
        if count != layers:
            raise self.refusal(
                say("{name} has {count} entries; there are {layers} layers", name=name, count=count, layers=layers)
            )

    def truth(self, name: str, default: bool) -> bool:
        """True or false. Raises UsageError."""
        value = self.given.get(name)
        value = default if value is None else value
        if isinstance(value, bool):
            return value
        raise self.refusal(say("{name} is {kind}; it is true or false", name=name, kind=kind_of(value)))

    def text(self, name: str, default: str) -> str:
        """A text. Raises UsageError."""
        value = self.given.get(name, default)
        if isinstance(value, str):
            return value
        raise self.refusal(say("{name} is {kind}; it is a text", name=name, kind=kind_of(value)))
