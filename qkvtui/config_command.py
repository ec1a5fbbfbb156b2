"""What `qkvtui config` does: what holds and why, where the files are, what is remembered."""

from __future__ import annotations

import os

from .command_line import ConfigOptions
from .environment import MEANT_BY_VARIABLE
from .errors import UsageError, reason_of
from .files.clean import clean_line
from .files.find import bundled_names
from .files.restricted import require_writing
from .memory.config import written_value
from .memory.folders import is_plain, is_there, state_path
from .memory.settings import SETTINGS, Held, held, user_config, without_flag
from .memory.state import NO_STATE, Memory, forget, memory_of
from .narration.language import language_texts
from .report.output import Output
from .said import say

_NAMES, _VALUES = 11, 14
"""Columns of the page."""
_KEYS = {"language": "z", "theme": "T"}
"""What can be chosen in the application, and the keyboard key that does it."""


def run_config(options: ConfigOptions) -> int:
    """`qkvtui config`."""
    texts = language_texts(options.lang).memory
    if options.forget:
        require_writing("--forget")
        Output().write(_forgotten(texts) + "\n")
        return 0
    config, memory = user_config(os.environ), memory_of(os.environ)
    lines, free = [], without_flag(options)
    for setting in SETTINGS:
        lines.append(_line(held(setting, options, os.environ, config), texts))
        chosen = memory.known.choices.get(setting.name)
        if chosen and setting.name in free:
            lines.append(f"{'':{_NAMES}}{chosen:<{_VALUES}}{texts['chosen'].format(key=_KEYS[setting.name])}")
    Output().write("\n".join([*lines, "", _about_config(config.path, texts), _about_state(memory, texts), ""]))
    return 0


def _line(found: Held, texts: dict[str, str]) -> str:
    """One setting: its value as it would stand in the file, and where it comes from."""
    value = MEANT_BY_VARIABLE.get(found.at, written_value(found.value).strip('"'))
    return f"{found.setting.name:<{_NAMES}}{value:<{_VALUES}}{texts[f'from_{found.source}'].format(at=found.at)}"


def _about_config(path: str | None, texts: dict[str, str]) -> str:
    """Where the user's file is, and whether it is there."""
    if path is None:
        return texts["no_home"]
    return f"{texts['config_file']}\n  {clean_line(path)}\n  {texts[_presence(path)]}"


def _about_state(memory: Memory, texts: dict[str, str]) -> str:
    """Where the application's file is, and what it says."""
    path = state_path(os.environ)
    if path is None:
        return texts["nothing_remembered"]
    told = f"{texts['state_file']}\n  {clean_line(path)}\n  {_what_is_remembered(path, memory, texts)}"
    kept = memory.unwritten.count
    return told + (f"\n  {texts['unwritten'].format(count=kept)}" if kept else "")


def _what_is_remembered(path: str, memory: Memory, texts: dict[str, str]) -> str:
    if os.environ.get(NO_STATE):
        return texts["not_used"].format(variable=NO_STATE)
    if memory.is_foreign:
        return texts["state_foreign"]
    if not is_plain(path):
        return texts[_presence(path)]
    known = memory.known
    seen = texts["seen"].format(count=len(known.seen), total=len(bundled_names()))
    return seen + (texts["last"].format(name=known.last) if known.last else "")


def _presence(path: str) -> str:
    """The name of the text that says what is found there."""
    if not is_there(path):
        return "not_there"
    return "there" if is_plain(path) else "no_file"


def _forgotten(texts: dict[str, str]) -> str:
    """Delete what is remembered, and say so. Raises UsageError where that cannot be done."""
    path = state_path(os.environ)
    if path is None:
        return texts["nothing_remembered"]
    try:
        text = "forgotten" if forget(path) else "nothing_to_forget"
    except OSError as error:
        raise UsageError(
            say("{file}: cannot be deleted ({reason})", file=clean_line(path), reason=reason_of(error))
        ) from None
    return texts[text].format(path=clean_line(path))
