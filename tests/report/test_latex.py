"""`print --format latex`: balanced, escaped, with the numbers as they are printed; and it compiles where TeX is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.report.tex import formula, is_latin, tex, token
from tests import samples
from tests.cli.program import run
from tests.report.formatting import shown_numbers, written

QUICK = ("animal", "cross", "awkward_tokens", "three_heads", "learn_reading")
EACH = pytest.mark.parametrize("name", samples.each((*samples.LESSONS, "minilm-tired"), QUICK))
_PLAIN = re.compile(r"\\[\\{}$&#%_]")


def check(text: str) -> None:
    """Braces, dollar signs and environments that close, and rows with as many cells as their table has columns."""
    open_ = []
    bare = _PLAIN.sub(lambda found: "" if found[0] != r"\\" else found[0], text)
    bare = "\n".join(re.sub(r"(?<!\\)%.*", "", line) for line in bare.split("\n"))
    assert bare.count("{") == bare.count("}")
    assert all(line.count("$") % 2 == 0 for line in bare.split("\n"))
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", bare):
        if kind == "begin":
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []
    assert not re.search(r"\\\\\s*[\[*]", bare)  # would be a length behind the end of a row
    for columns, rows in re.findall(r"\\begin\{tabular\}\{([lr]+)\}(.*?)\\end\{tabular\}", bare, re.DOTALL):
        for row in re.findall(r"^(?!\\toprule|\\midrule|\\bottomrule)(.+) \\\\$", rows, re.MULTILINE):
            assert row.count("&") == len(columns) - 1


def numbers(text: str) -> set[str]:
    """The numbers of all tables."""
    cells = (cell for rows in re.findall(r"tabular\}(.*?)\\end", text, re.DOTALL) for cell in re.split(r"&|\\\\", rows))
    plain = (cell.replace("$-$", "-").replace(r"$\infty$", "∞") for cell in cells)
    return {re.sub(r"\\(?:textbf|qkvcell)\{(.*)\}", r"\1", cell.strip()) for cell in plain}


@pytest.mark.sampled(1)
@EACH
def test_all_that_opens_closes(name: str) -> None:
    """LaTeX stopped in the middle of a table."""
    for language in LANGUAGES:
        check(written(name, "latex", language))
        check(written(name, "latex", language, tokens_as="columns", notation="lee"))


FITTING = [name for name in samples.LESSONS if all(step.shape[1] <= 24 for step in samples.trace(name).steps)]
"""Lessons of which all columns fit on paper; of others LaTeX shows a window."""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", samples.each(FITTING, QUICK))
def test_every_number_of_every_step_is_in_it(name: str) -> None:
    """A paper had other numbers than its data."""
    shown = {one.replace("−", "-") for one in shown_numbers(samples.trace(name)).values()}
    assert shown - numbers(written(name, "latex")) == set()


def test_a_formula_is_one() -> None:
    """W_Q came with a dangling sign, and Kᵀ with a letter that the font does not have."""
    assert formula("S = Q Kᵀ") == r"S = Q K^{\top}"
    assert formula("S′ = S / √d_k") == r"S' = S / \sqrt{d_{k}}"
    assert formula("A = softmax(S′, 汇点)") == r"A = \operatorname{softmax}(S', \text{汇点})"
    assert formula("W ← W − 0.05 · m̂/√v̂").replace("  ", " ") == r"W \leftarrow W - 0.05 \cdot \hat{m}/\sqrt{\hat{v}}"
    assert formula("db = W^Rᵀ dZ") == r"db = {W^{R}}^{\top} dZ"
    assert formula("α′_ij = softmax(α^m_ij)") == r"\alpha'_{ij} = \operatorname{softmax}(\alpha^{m}_{ij})"
    assert formula("H = [O@0 O@1 …]") == r"H = [O^{(0)}\;O^{(1)} \ldots ]"


def test_a_token_is_text_whatever_it_says() -> None:
    """A token \\end{document} ended the document, and -- became a dash."""
    assert token(r"\end{x}") == r"\textbackslash{}end\{x\}"
    assert token("50% & #1 $x$ a_b a^b ~") == (r"50\% \& \#1 \$x\$ a\_b a\textasciicircum{}b \textasciitilde{}")
    assert token("--x ``y''") == "-{}-x `{}`y'{}'"
    assert token(" it ") == r"\ it\ "
    assert tex("W_Q ____ √2") == r"$W_{Q}$ \underline{\hspace{2em}} $\sqrt{2}$"


def test_a_fragment_says_what_it_needs_and_a_document_has_it() -> None:
    """The first compile ended at an unknown command."""
    fragment, whole = (written("illustrated", "latex", standalone=alone) for alone in (False, True))
    assert fragment.startswith("% in the preamble: \\usepackage{amsmath,amssymb,booktabs}\n")
    assert r"\documentclass" not in fragment
    assert whole.startswith("% !TeX program = pdflatex\n")
    assert written("xiaohong", "latex", "zh", standalone=True).startswith("% !TeX program = xelatex\n")
    refused = run("print", "animal", "--standalone", "--lang", "en")
    assert refused.status == 2
    assert "--format latex" in refused.messages


@pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param("illustrated", "en", marks=pytest.mark.slow),
        pytest.param("minilm-tired", "en", marks=pytest.mark.slow),
        pytest.param("xiaohong", "zh", marks=pytest.mark.slow),
        pytest.param("awkward_tokens", "en", marks=pytest.mark.slow),
        pytest.param("learn_reading", "en", marks=pytest.mark.slow),
    ],
)
def test_a_whole_document_compiles(name: str, language: str, tmp_path: Path) -> None:
    """An author got an error in a file that nobody wrote by hand."""
    text = written(name, "latex", language, standalone=True)
    engine = "pdflatex" if is_latin(text) else "xelatex"
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine} here")
    (tmp_path / "lesson.tex").write_text(text, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "lesson.tex"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:].decode(errors="replace")
