"""What the extra `web` brings along: the terminal that a browser draws, and where its files lie."""

from __future__ import annotations

import os
from importlib.util import find_spec

from ..errors import UsageError
from ..said import say

TERMINAL_PARTS = {
    "terminal.js": "js/textual.js",
    "terminal.css": "css/xterm.css",
    "terminal.ttf": "fonts/RobotoMono-VariableFont_wght.ttf",
}
"""What a page asks for by these names, inside textual-serve's folder of static files."""


def terminal_parts() -> dict[str, str]:
    """The path of each of TERMINAL_PARTS. Raises UsageError where the extra is not installed."""
    found = find_spec("textual_serve")
    if found is None or not found.submodule_search_locations or find_spec("aiohttp") is None:
        raise UsageError(say("serve needs more packages: pip install 'qkvtui[web]'"))
    folder = os.path.join(next(iter(found.submodule_search_locations)), "static")
    parts = {name: os.path.join(folder, path) for name, path in TERMINAL_PARTS.items()}
    missing = next((path for path in parts.values() if not os.path.isfile(path)), None)
    if missing is not None:
        problem = say("serve does not know this version of textual-serve: {file} is missing", file=missing)
        raise UsageError(say("{problem}; {expected}", problem=problem, expected="pip install 'textual-serve<2'"))
    return parts
