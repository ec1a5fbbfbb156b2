"""What a word of the command line was probably meant to be, where it is none that there is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from .files.find import looks_like_a_path
from .files.phrases import listed, nearest, with_commas
from .help_page import DASHES, usage_of
from .said import Phrase, say, typed

_MEANT = {
    **dict.fromkeys(("cn", "chinese", "zh_cn", "zh-cn", "zh_tw", "zh-hans", "中文", "汉语"), "zh"),
    **dict.fromkeys(("english", "en_us", "en-us", "en_gb", "英文", "英语"), "en"),
    **dict.fromkeys(("yes", "on", "true", "force", "1"), "always"),
    **dict.fromkeys(("no", "off", "false", "none", "0"), "never"),
    **{"md": "markdown", "tex": "latex", "txt": "text", "plain": "text", "htm": "html", "py": "python", "tsv": "csv"},
    **{"column": "columns", "row": "rows", "cols": "columns", "arrow": "arrows", "graph": "flow", "map": "flow"},
    "hung-yi": "lee",
}
"""What a choice is called elsewhere."""
_COMMANDS = {
    **dict.fromkeys(("help", "usage", "?"), "--help"),
    **{
        "man": "--print-man",
        "version": "--version",
        "completion": "--print-completion bash",
        "completions": "--print-completion bash",
    },
    **dict.fromkeys(("show", "render", "export", "cat", "text"), "print"),
    **dict.fromkeys(("train", "fit"), "learn"),
    **dict.fromkeys(("ls", "examples", "lessons"), "list"),
    **dict.fromkeys(("verify", "validate", "lint", "test"), "check"),
    **dict.fromkeys(("explain", "trace", "open"), "why"),
    **dict.fromkeys(("settings", "configure"), "config"),
}
"""What a command is called elsewhere."""


_ADDRESS = re.compile(r"\w+(?:@\d+)?[\[:].+")
"""What looks like `weights[it,animal]` or `weights:it,animal`."""


def no_choice(value: str, choices: Sequence[str]) -> Phrase:
    """An option was given a value that is none of its choices."""
    meant = _choice(value, choices)
    if meant is not None:
        return say("invalid choice: {value}; did you mean {meant}?", value=typed(value), meant=typed(meant))
    return say("invalid choice: {value} (choose from {names})", value=typed(value), names=with_commas(choices))


def unrecognized(
    parser: argparse.ArgumentParser,
    words: Sequence[str],
    others: Mapping[str, Callable[[], argparse.ArgumentParser]],
) -> Phrase:
    """Words that the command does not know: options of `others`, misspelt ones, and too many names."""
    problem = say("unrecognized arguments: {names}", names=" ".join(words))
    option = next((word for word in words if word.startswith(("-", *DASHES)) and word != "-"), None)
    if option is None:
        expected: Phrase | None = say("write {line}", line=usage_of(parser))
    else:
        expected = _about_option(parser, option.partition("=")[0], others)
    return problem if expected is None else say("{problem}; {expected}", problem=problem, expected=expected)


def no_command(names: Sequence[str], commands: Sequence[str], is_example: bool) -> Phrase:
    """Several names, of which the first is no command; it may be an example."""
    first, *others = names
    problem = say("{word} is no command", word=typed(first))
    if is_example:
        command = others.pop(0) if others[0] in commands else "print"
        if len(others) == 1 and _ADDRESS.fullmatch(others[0]):
            command, others = "why", [_quoted(others[0])]
        meant: str | None = " ".join([command, first, *others])
    else:
        meant = _command(first, commands)
        if meant == "--help" and others[0] in commands:
            meant = f"{others[0]} --help"
    if meant is None:
        expected = say("there are {names}", names=with_commas(commands))
    else:
        expected = say("did you mean {meant}?", meant=_line(meant))
    return say("{problem}; {expected}", problem=problem, expected=expected)


def no_example(name: str, commands: Sequence[str], examples: Sequence[str]) -> Phrase | None:
    """The only name, which is no example; None where it is a path, or rather a misspelt example."""
    if looks_like_a_path(name):
        return None
    likest = name if name in _COMMANDS else nearest(name, [*examples, *commands])
    if likest is None:
        return say("no file, no bundled example and no command is called {word}", word=typed(name))
    if likest in examples:
        return None
    problem, meant = say("{word} is no command", word=typed(name)), _line(_command(likest, commands) or "")
    return say("{problem}; {expected}", problem=problem, expected=say("did you mean {meant}?", meant=meant))


def _command(word: str, commands: Collection[str]) -> str | None:
    """What is to stand behind `qkvtui`: a command, an option such as --help, or None where nothing is like the word."""
    found = nearest(word, [*commands, *_COMMANDS])
    return None if found is None else _COMMANDS.get(found, found)


def _line(rest: str) -> Phrase:
    return typed(f"qkvtui {rest}")


def _quoted(word: str) -> str:
    return f"'{word}'"


def _about_option(
    parser: argparse.ArgumentParser, option: str, others: Mapping[str, Callable[[], argparse.ArgumentParser]]
) -> Phrase | None:
    own = parser._option_string_actions
    bare = option.lstrip("-" + "".join(DASHES))
    choosing = [
        f"{action.option_strings[-1]} {meant}"
        for action in parser._actions
        if action.choices and (meant := _exact_choice(bare, list(map(str, action.choices))))
    ]
    if choosing and len(bare) > 1:
        return _did_you_mean(choosing[:1])
    long = [one for one in own if one.startswith("--")]
    if len(bare) == 1:
        return _did_you_mean([one for one in long if one.startswith(f"--{bare.lower()}")])
    longer = [one for one in long if one.startswith(option) or option == f"{one}s"]
    if longer:
        return _did_you_mean(longer)
    elsewhere = [f"qkvtui {name}".rstrip() for name, make in others.items() if option in make()._option_string_actions]
    if elsewhere:
        return say("{option} is an option of {names}", option=option, names=with_commas(elsewhere))
    found = nearest(option, long) or nearest(f"--{bare}", [one for one in long if one.startswith(f"--{bare[:3]}")])
    return _did_you_mean([found] if found else [])


def _did_you_mean(ones: Sequence[str]) -> Phrase | None:
    if not ones:
        return None
    return say("did you mean {meant}?", meant=listed(list(ones), "or"))


def _choice(value: str, choices: Sequence[str]) -> str | None:
    starting = [one for one in choices if value and one.startswith(value.casefold())]
    return _exact_choice(value, choices) or nearest(value, choices) or (starting[0] if len(starting) == 1 else None)


def _exact_choice(value: str, choices: Sequence[str]) -> str | None:
    """The choice of that name, or of that name elsewhere."""
    folded = value.casefold()
    return next((one for one in (folded, _MEANT.get(folded.split(".")[0])) if one in choices), None)
