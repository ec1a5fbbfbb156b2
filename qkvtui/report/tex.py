"""Text and formulas in LaTeX: what a file says stays text, the program's signs become those of mathematics."""

from __future__ import annotations

import re
from functools import cache

from ..narration.tells import SLOT

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\char34{}",
}  # fmt: skip
"""What LaTeX takes for a sign of its own."""
_MATHS = {
    "×": r"\times", "÷": r"\div", "·": r"\cdot", "−": "-", "≈": r"\approx", "±": r"\pm", "√": r"\surd", "²": "^2",
    "⁰": "^0", "∇": r"\nabla", "ᵀ": r"^{\top}", "′": "'", "″": "''", "∞": r"\infty", "Σ": r"\sum", "α": r"\alpha",
    "→": r"\to", "←": r"\leftarrow", "↑": r"\uparrow", "↓": r"\downarrow", "▸": r"\triangleright",
    "◂": r"\triangleleft", "▾": r"\triangledown", "✓": r"\checkmark", "✗": r"\times", "●": r"\bullet", "○": r"\circ",
    "◆": r"\blacklozenge", "■": r"\blacksquare", "⋮": r"\vdots", "‹": r"\langle", "›": r"\rangle", "Δ": r"\Delta",
    "ε": r"\varepsilon", "Φ": r"\Phi", "₂": "_2", "₃": "_3",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "∥": r"\parallel", "│": r"\mid", "█": r"\blacksquare", "─": "-",
}  # fmt: skip
_SIGNS = {**_SPECIAL, **{sign: f"${tex}$" for sign, tex in _MATHS.items()}, "…": r"\ldots{}", "°": r"${}^{\circ}$"}
_LIGATURE = re.compile(r"(?<=[-'`,?!])(?=[-'`,])")
"""Between signs that LaTeX would draw as another one."""
_EDGE = re.compile(r"^ | $|(?<= ) ")
"""Blanks that LaTeX would leave out."""
_ROOT = re.compile(r"√(?P<inner>[A-Za-z]\u0302?(?:_[a-z]+)?|[0-9.]+)")
_NAME = re.compile(r"(?<![A-Za-z])(?P<name>[Wb]_[A-Z]|[Wbg]_[12U]n?|d_[kv])(?![A-Za-z])")
_HAT = re.compile("(?P<letter>[a-z])\u0302")
_ATOM = re.compile(
    "(?P<base>Σ|d?[A-Za-zα](?![A-Za-z])\u0302?|[A-Za-z]+|[\u3400-\u9fff]+)(?P<prime>[′″]*)"
    r"(?:@(?P<head>\d+)|\^(?P<above>[A-Za-z0-9](?:,\d+)?))?(?:_(?P<below>[A-Za-z]+|\d[a-z]?))?(?P<turned>ᵀ?)"
)
_WORDS = {"Σ": r"\sum", "softmax": r"\operatorname{softmax}", "ln": r"\ln", "exp": r"\exp", "max": r"\max"}
_SAFE = re.compile("[\x20-\x7e\n\u00a0-\u017f\u2010-\u2015\u2018-\u201e\u2022\u2026\u20ac]*")
"""What pdfLaTeX has letters for."""


def tex(text: str) -> str:
    """The program's own text: roots and the names of matrices as formulas, a blank as a line to write on."""
    found = text.replace(SLOT, "\x00")
    parts = re.split(f"({_ROOT.pattern}|{_NAME.pattern})".replace("?P<inner>", "?:").replace("?P<name>", "?:"), found)
    written = (f"${formula(part)}$" if index % 2 else _plain(part) for index, part in enumerate(parts))
    return "".join(written).replace("\x00", r"\underline{\hspace{2em}}")


def token(text: str) -> str:
    """A text as it is, whatever it says."""
    return _plain(_EDGE.sub("\x02", text))


def _plain(text: str) -> str:
    kept = _LIGATURE.sub("\x01", text)
    return "".join(map(_sign, _HAT.sub("\x03\\g<letter>\x04", kept)))


def number(text: str) -> str:
    """A number of a table; the hyphen before it is a minus sign."""
    return f"$-${tex(text[1:])}" if text.startswith(("-", "−")) else tex(text)


def formula(text: str) -> str:
    """A formula as it stands between dollar signs."""
    root = _ROOT.fullmatch(text)
    if root is not None:
        return rf"\sqrt{{{formula(root['inner'])}}}"
    parts: list[str] = []
    end = 0
    listed = text.startswith("[") or " = [" in text
    for match in re.finditer(f"{_ROOT.pattern}|{_ATOM.pattern}", text):
        parts += [
            _between(text[end : match.start()], listed=listed),
            formula(match[0]) if match["inner"] else _atom(match),
        ]
        end = match.end()
    return "".join([*parts, _between(text[end:], listed=listed)])


def is_latin(text: str) -> bool:
    """Whether pdfLaTeX can write a document; others need XeLaTeX or LuaLaTeX."""
    return _SAFE.fullmatch(text) is not None


@cache
def _sign(sign: str) -> str:
    return {"\x01": "{}", "\x02": r"\ ", "\x03": r"$\hat{", "\x04": "}$"}.get(sign, _SIGNS.get(sign, sign))


def _atom(match: re.Match[str]) -> str:
    base = match["base"]
    if base in _WORDS:
        written = _WORDS[base]
    elif "\u0302" in base:
        written = rf"\hat{{{base[0]}}}"
    elif len(base) > 2 or (not base.isascii() and base != "α" and base != "dα"):
        written = rf"\text{{{base}}}"
    else:
        written = base.replace("α", r"\alpha ").strip()
    written += "'" * sum(1 if one == "′" else 2 for one in match["prime"])
    above = f"({match['head']})" if match["head"] else match["above"]
    written += f"^{{{above}}}" if above else ""
    written += f"_{{{match['below']}}}" if match["below"] else ""
    if match["turned"]:
        written = rf"{{{written}}}^{{\top}}" if above else rf"{written}^{{\top}}"
    return written


def _between(text: str, *, listed: bool) -> str:
    found = "".join(
        rf"\{sign}" if sign in "{}$&#%_" else f"{_MATHS[sign]} " if sign in _MATHS else sign for sign in text
    )
    found = found.replace("…", r"\ldots ")
    return found.replace(" ", r"\;") if listed and found == " " else found
