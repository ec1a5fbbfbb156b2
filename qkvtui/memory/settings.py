"""What holds: a flag, else a variable of the environment, else the user's file, else what is usual."""

from __future__ import annotations

from ..environment import MEANT_BY_VARIABLE, THEMES, color_variable, preferred_language
from ..localized import LANGUAGES
from .config import Config
from .folders import config_path

TYPE_CHECKING = False  # for a type checker it is true; `import typing` takes a tenth of the time of `qkvtui list`
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..command_line import PageOptions

FLAG, VARIABLE, FILE, DEFAULT = "flag", "variable", "file", "default"
"""Where a value may come from."""


class UserSetting:
    """One thing that can be set: its name in the file, its option, and what it may be; the first is usual."""

    __slots__ = ("above", "allowed", "below", "flag", "name", "option", "usual")

    name: str
    option: str
    """The name of the option's value."""
    flag: str
    allowed: Sequence[object]
    usual: object
    above: tuple[str, ...]
    """Variables that are set for a purpose, and count for more than the file."""
    below: tuple[str, ...]
    """Variables that every machine sets, and count for less."""

    def __init__(
        self,
        name: str,
        option: str,
        flag: str,
        allowed: Sequence[object],
        usual: object,
        above: tuple[str, ...] = (),
        below: tuple[str, ...] = (),
    ) -> None:
        self.name, self.option, self.flag = name, option, flag
        self.allowed, self.usual, self.above, self.below = allowed, usual, above, below


class Held:
    """A setting's value and where it comes from."""

    __slots__ = ("at", "setting", "source", "value")

    setting: UserSetting
    value: object
    source: str
    """FLAG, VARIABLE, FILE or DEFAULT."""
    at: str
    """Which flag or variable, or which line of the file; empty for what is usual."""

    def __init__(self, setting: UserSetting, value: object, source: str, at: str = "") -> None:
        self.setting, self.value, self.source, self.at = setting, value, source, at


LANGUAGE = UserSetting("language", "lang", "--lang", LANGUAGES, LANGUAGES[0], ("LC_ALL", "LC_MESSAGES"), ("LANG",))
COLOR = UserSetting("color", "color", "--color", ("auto", "always", "never"), "auto", tuple(MEANT_BY_VARIABLE))
SETTINGS = (
    LANGUAGE,
    COLOR,
    UserSetting("theme", "theme", "--theme", THEMES, "auto", below=("COLORFGBG",)),
    UserSetting("digits", "digits", "--digits", range(16), 2),
    UserSetting("ascii", "ascii", "--ascii", (True, False), False),
    UserSetting("tokens_as", "tokens_as", "--tokens-as", ("rows", "columns"), "rows"),
    UserSetting("notation", "notation", "--notation", ("paper", "lee"), "paper"),
)


def user_config(environ: Mapping[str, str]) -> Config:
    """What the user's file sets."""
    return Config(config_path(environ), {setting.name: setting.allowed for setting in SETTINGS})


def settle(options: PageOptions, environ: Mapping[str, str], config: Config) -> None:
    """Give every option that no flag has set the value that holds."""
    for setting in SETTINGS:
        setattr(options, setting.option, held(setting, options, environ, config).value)


def without_flag(options: PageOptions) -> frozenset[str]:
    """The names of the settings that no flag has set: what was chosen in the application counts for these."""
    return frozenset(setting.name for setting in SETTINGS if setting.option not in options.given)


def held(setting: UserSetting, options: PageOptions, environ: Mapping[str, str], config: Config) -> Held:
    """What holds for one setting, and why."""
    if setting.option in options.given:
        return Held(setting, getattr(options, setting.option), FLAG, setting.flag)
    found = _of_variables(setting, setting.above, environ)
    if found is None and setting.name in config.values:
        return Held(setting, config.values[setting.name], FILE, config.lines[setting.name])
    return found or _of_variables(setting, setting.below, environ) or Held(setting, setting.usual, DEFAULT)


def _of_variables(setting: UserSetting, names: tuple[str, ...], environ: Mapping[str, str]) -> Held | None:
    """What the first of these variables says that says anything.

    What colours NO_COLOR and FORCE_COLOR mean depends on the terminal: `auto` looks at them.
    """
    for name in (color_variable(environ),) if setting is COLOR and names else names:
        if environ.get(name):
            value = preferred_language(environ) if setting is LANGUAGE else setting.usual
            return Held(setting, value, VARIABLE, name)
    return None
