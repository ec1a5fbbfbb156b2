"""Numbers as a Chinese keyboard or a typeset page has them: full-width digits and punctuation, U+2212 for a minus."""

from __future__ import annotations

import re

TYPE_CHECKING = False  # as in headings.py: for a type checker it is true
if TYPE_CHECKING:
    from ..graph.document import Kind

_PLAIN = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)} | str.maketrans("\u3000−【】、。", " -[],.")
"""Full-width ASCII, and what else means the same."""
_IN_FILES = {code: plain for code, plain in _PLAIN.items() if plain not in (0x22, 0x27)}
"""A quotation mark that is another one would make a text of what stands behind it."""
_KEPT = {
    "toml": r'"""(?:[^"\\]+|\\.|"(?!""))*(?:""")?'
    r"|'{3}.*?(?:'{3}|\Z)"
    r'|"(?:[^"\\\n]+|\\.)*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*",
    "json": r'"(?:[^"\\]+|\\.)*"?',
}
"""Texts, closed or not, and comments: nothing in them can fail to match, so nothing is tried twice."""


def plain_signs(text: str) -> str:
    """The text with ASCII in place of the signs that mean the same: `０．２６` is 0.26, `−1` is -1."""
    return text if text.isascii() else text.translate(_PLAIN)


def plain_structure(text: str, kind: Kind) -> str:
    """The same for a file, outside of its texts and comments: `[1，−1]` is [1,-1]; every character keeps its place."""
    if text.isascii():
        return text
    return re.sub(
        rf"(?s)(?P<kept>{_KEPT[kind]})|[^\x00-\x7f]+",
        lambda found: found[0] if found["kept"] is not None else found[0].translate(_IN_FILES),
        text,
    )
