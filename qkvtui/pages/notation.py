"""Notations: which sign stands for a quantity, by the letters of the paper or as another course writes them.

Pages are made with the letters of the paper, those of STEPS and of addresses. A notation says what is read in their
place where they are drawn: in formulas and tables, where a sign is that of one token (`q^i`), and in sentences, where
it is that of the whole matrix (`I`). Addresses, files and JSON never change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from ..records import record

NotationName = Literal["paper", "lee"]


@record(frozen=True)
class Notation:
    """The signs of one notation by those of the paper; what is not in it stays as it is."""

    signs: Mapping[str, str]
    """Of the steps and X: `^i` is a token, `_ij` the token that asks and the one that is looked at."""
    parameters: Mapping[str, str]
    """What makes a query of an input, whichever way the matrices stand: with columns W_Qᵀ, with rows W_Q."""
    whole: Mapping[str, str]
    """Of whole matrices, in sentences."""
    said: str = ""
    """The name of the text that says on the first page which notation it is; empty where that needs no word."""

    def formula(self, text: str, in_columns: bool) -> str:
        """A sign or a formula; one of gradients, which are of whole matrices, without indices."""
        if not self.signs:
            return text
        if re.search(_GRADIENT, text) is None:
            text = re.sub(_SUM, lambda found: f"Σ_j {self.signs['A']} {self.of_key(found[1] or found[2])}", text)
            text = re.sub(_PAIR, self._pair, text)
        return re.sub(_SIGN, lambda found: self._sign(found, in_columns, re.search(_GRADIENT, text) is not None), text)

    def sentence(self, text: str) -> str:
        """A sentence that speaks of matrices."""
        if not self.signs:
            return text
        return re.sub(_IN_SENTENCE, lambda found: {**self.whole, **self.parameters}.get(found[1], found[0]), text)

    def of_key(self, sign: str) -> str:
        """The sign of a token that is looked at: `k^j`."""
        return self.signs.get(sign, sign).replace("^i", "^j")

    def of_token(self, sign: str, token: str) -> str:
        """The sign of one token's row: `q it`, or `q^it`."""
        return self.signs[sign.upper()].replace("^i", f"^{token}") if self.signs else f"{sign} {token}"

    def _pair(self, found: re.Match[str]) -> str:
        one, between, other = found[1] or found[5], found[2] or "·", found[3] or found[4]
        return f"{self.signs[one]} {between} {self.of_key(other)}"

    def _sign(self, found: re.Match[str], in_columns: bool, is_gradient: bool) -> str:
        before, name, turned, head = found.groups(default="")
        if name in self.parameters:
            return f"{before}{self.parameters[name]}{'ᵀ' if bool(turned) is not in_columns else ''}"
        sign = self.signs.get(name, name)
        if is_gradient:
            sign = sign.removesuffix("_ij").removesuffix("^i")
        return f"{before}{sign}{head.replace('@', ',')}{turned}"


# Compiled when first looked for: few pages are in another notation.
_FEATURES = "Q′|K′|Q[nes]?|K[ne]?|V|X|Y"
_AROUND = "X′|T[′₊]?|N[₀₂₃]?|R₂?|F[′″]?|Z[′c]?|[PD]′"
"""What stands around attention."""
_EDGE, _END = r"(?<![\w.^′])", r"(?![\w\[′″₀₂₃₊])"
_SIGN = rf"(?a){_EDGE}(d?)(W_[A-Z]|{_FEATURES}|{_AROUND}|S′|S″|[SABCOHPTGD])(ᵀ?)(@\d)?{_END}"
_GRADIENT = rf"(?a){_EDGE}d(?:[A-Z]|{_FEATURES})"
_PAIR = rf"(?a){_EDGE}(?:({_FEATURES}) (?:(\+) )?({_FEATURES})ᵀ?|({_FEATURES})ᵀ ({_FEATURES})){_END}"
"""Queries with keys: `Q Kᵀ`, `Kᵀ Q`, `Q + K`."""
_SUM = rf"(?a){_EDGE}(?:A ({_FEATURES})|({_FEATURES}) A){_END}"
_IN_SENTENCE = rf"(?a){_EDGE}(W_[A-Z]|X|A(?! [a-z“\"]))(?:(?<=W_[A-Z])ᵀ)?{_END}"
"""`A` before a word is no sign but an article."""

NOTATIONS: Mapping[NotationName, Notation] = {
    "paper": Notation({}, {}, {}),
    # Hung-yi Lee's lectures; he has no signs for scores that are scaled, masked, capped or biased, nor for several
    # heads side by side: these go on from his.
    "lee": Notation(
        {
            "X": "a^i",
            "Y": "y^j",
            "Q": "q^i",
            "K": "k^i",
            "V": "v^i",
            "Qn": "qn^i",
            "Kn": "kn^i",
            "Q′": "q′^i",
            "K′": "k′^i",
            "Qe": "qe^i",
            "Ke": "ke^i",
            "Qs": "qs^i",
            "S": "α_ij",
            "S′": "α^s_ij",
            "C": "α^c_ij",
            "B": "α^b_ij",
            "S″": "α^m_ij",
            "A": "α′_ij",
            "O": "b^i",
            "H": "h^i",
            "P": "p^i",
            "T": "t^i",
            "T′": "t′^i",
            "seg": "seg^i",
            "T₊": "t₊^i",
            "N₀": "n₀^i",
            "P′": "p′^i",
            "D′": "d′^i",
            "Zc": "z^c_i",
            "pos": "pos^i",
            "N": "n^i",
            "R": "r^i",
            "N₂": "n₂^i",
            "F": "f^i",
            "G": "g^i",
            "F′": "f′^i",
            "F″": "f″^i",
            "D": "d^i",
            "R₂": "r₂^i",
            "X′": "a″^i",
            "N₃": "n₃^i",
            "Z": "z^i",
            "Z′": "z′^i",
            "p": "Pr^i",
        },
        {f"W_{letter}": f"W^{letter.lower() if letter in 'QKV' else letter}" for letter in "QKVOSR"},
        {"X": "I", "A": "A′"},
        "notation_lee",
    ),
}
"""Every notation that can be asked for; a page's first step says which it is, unless it is the paper's."""
