"""The page for `man`: everything that the parsers know, in a form that man reads."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.parsers import PARSERS
from tests.cli.program import run

_SIGNS = {"\\e": "\\", "\\-": "-", "\\(aq": "'", "\\(ha": "^", "\\(ti": "~", "\\(ga": "`", "\\&": ""}


def page(language: str) -> str:
    """The page as it is written."""
    ended = run("--print-man", "--lang", language)
    assert (ended.status, ended.messages) == (0, "")
    return ended.output


def read(text: str) -> str:
    """The page as man shows it, but for its layout."""
    return re.sub(r"\\(?:\((?:aq|ha|ti|ga)|[e&-])", lambda found: _SIGNS[found[0]], text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_command_with_its_options_and_examples(language: str) -> None:
    """An option would have been in the help, and nowhere in the manual."""
    text = read(page(language))
    for name, make in PARSERS.items():
        parser = make()
        assert name == "" or f".SH QKVTUI {name.upper()}\n" in text
        for option in parser.options:
            assert re.search(rf"(?m)^\.B .*(?<![\w-]){option}(?![\w-])", text), option
        for command, _ in parser.parts.examples:
            assert f".B {command}\n" in text
    for variable in ("NO_COLOR", "CLICOLOR_FORCE", "QKVTUI_NO_STATE"):
        assert variable in text


def test_the_page_is_the_same_every_time() -> None:
    """Two builds of the same program would have differed, by a date."""
    assert page("en") == page("en")
    assert page("en").startswith('.TH QKVTUI 1 "" "qkvtui ')


def test_no_line_is_taken_for_an_instruction() -> None:
    """A text that begins with a point would have vanished from the page."""
    macros = {".TH", ".SH", ".SS", ".TP", ".B", ".PP", ".br", ".EX", ".EE"}
    for language in LANGUAGES:
        lines = page(language).splitlines()
        assert {line.split()[0] for line in lines if line.startswith((".", "'"))} <= macros


def test_what_is_to_be_typed_can_be_copied_from_the_page() -> None:
    """man would have shown ‐‐step and ’X[it,0]=0.9’, which no shell takes for what they look like."""
    typed = [line for line in page("en").splitlines() if line.startswith(".B ")]
    assert [line for line in typed if re.search(r"(?<!\\)-|['`^~]", line)] == []


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="needs mandoc")
def test_mandoc_has_nothing_to_say_against_it() -> None:
    """A line would have been lost on systems that read manuals with mandoc."""
    ended = subprocess.run(["mandoc", "-Tlint"], input=page("en"), capture_output=True, encoding="utf-8", check=False)
    found = [line for line in ended.stdout.splitlines() if "missing date" not in line]
    assert found == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
@pytest.mark.parametrize("language", LANGUAGES)
def test_groff_reads_it(language: str) -> None:
    """`man qkvtui` would have shown warnings, or half a page."""
    command = ["groff", "-k", "-ww", "-man", "-Tutf8"]
    ended = subprocess.run(command, input=page(language), capture_output=True, encoding="utf-8", check=True)
    assert [
        line for line in ended.stderr.splitlines() if "cannot adjust line" not in line and "can't break" not in line
    ] == []
    assert "qkvtui print animal" in re.sub(r"\x1b\[[0-9;]*m|.\x08", "", ended.stdout)
